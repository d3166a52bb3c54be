"""Looking into results of others in another process, and what is said where that goes wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from framewright.domain.difference import Difference
from framewright.domain.finding import Finding, Severity
from framewright.domain.measures import Measures
from framewright.domain.media import MediaInfo
from framewright.errors import MediaError
from framewright.isolation.errand import Errand, Limits, Place
from framewright.quality.review import Expectation, Review

if TYPE_CHECKING:
    from pathlib import Path

    from framewright.isolation import Isolation
    from framewright.protocols import Tell


class ReviewFile(Errand[Review]):
    """Look into a result, all of it, as `technical.review` does."""

    answer: ClassVar[Any] = Review
    needs: ClassVar[tuple[str, ...]] = (
        "framewright.quality.technical",
        "framewright.media.pillow_plugins",
    )
    limits: ClassVar[Limits] = Limits(seconds=300, seconds_per_megabyte=30)
    path: Place
    expected: Expectation

    @override
    def reads(self) -> tuple[Path, ...]:
        """Return the result."""
        return (self.path,)

    @override
    def do(self, tell: Tell) -> Review:
        """Return what it is, and what is wrong with it."""
        from framewright.quality.technical import review

        del tell
        return review(self.path, self.expected)


class CompareFiles(Errand[Difference]):
    """Measure two media files against each other, as `comparison.compare` does."""

    answer: ClassVar[Any] = Difference
    needs: ClassVar[tuple[str, ...]] = (
        "framewright.quality.comparison",
        "framewright.media.pillow_plugins",
    )
    limits: ClassVar[Limits] = Limits(seconds=300, seconds_per_megabyte=30)
    first: Place
    second: Place

    @override
    def reads(self) -> tuple[Path, ...]:
        """Return both."""
        return (self.first, self.second)

    @override
    def do(self, tell: Tell) -> Difference:
        """Return how far apart they are; raises `MediaError` for one that can not be read."""
        from framewright.quality.comparison import compare

        del tell
        return compare(self.first, self.second)


def reviewed(path: Path, expected: Expectation, isolation: Isolation) -> Review:
    """Look into a result of somebody else, in another process; blocks.

    Where that ends the other process, or takes too much, it is a finding like any other.
    """
    try:
        return isolation.run(ReviewFile(path=path, expected=expected))
    except MediaError as error:
        size = path.stat().st_size if path.is_file() else 0
        unknown = MediaInfo(
            kind=expected.kind, mime="application/octet-stream", container="unknown", bytes=size
        )
        bad = Finding(code="result_unreadable", severity=Severity.ERROR, message=error.message)
        return Review(unknown, Measures(), (bad,))
