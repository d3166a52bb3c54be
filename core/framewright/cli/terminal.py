"""A terminal that shows foreign text as text: nothing in a title or a file name steers it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.console import Console
from rich.segment import Segment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import ConsoleOptions, RenderableType

_STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters but tab and line feed, and those that turn the direction of writing."""


class SafeConsole(Console):
    """A console in which control characters of what it shows become a visible sign."""

    def render(  # type: ignore[explicit-override]  # typing.override comes with 3.12
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """Render as rich does, with foreign control characters replaced."""
        for segment in super().render(renderable, options):
            if segment.control or not _STEERING.search(segment.text):
                yield segment
            else:
                yield Segment(
                    _STEERING.sub("\N{REPLACEMENT CHARACTER}", segment.text), segment.style
                )
