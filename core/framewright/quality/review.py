"""What a result is held against, and what came of that: plain values, without any codec."""

from __future__ import annotations

from dataclasses import dataclass

from framewright.domain.finding import Finding  # noqa: TC001 - pydantic looks for the fields' types
from framewright.domain.measures import Measures  # noqa: TC001 - as above
from framewright.domain.media import MediaInfo, MediaKind  # noqa: TC001 - as above


@dataclass(frozen=True)
class Expectation:
    """What was asked for; None is what was left open."""

    kind: MediaKind
    width: int | None = None
    height: int | None = None
    aspect_ratio: str | None = None
    """Two numbers, for example `16:9`."""
    duration_seconds: float | None = None
    fps: float | None = None
    must_move: bool = False
    """Whether a picture that stands still is no good."""
    may_be_flat: bool = False
    """Whether one flat colour is a good picture: where it is made of a picture that was given."""


@dataclass(frozen=True)
class Review:
    """What a result is, and what is wrong with it, the worst first."""

    info: MediaInfo
    measures: Measures
    findings: tuple[Finding, ...]
