"""Writing a title or caption on a video."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from framewright.errors import MediaError
from framewright.media.lettering import STYLES, Position, lettering
from framewright.media.picture import Planes, planes_of, split
from framewright.media.render import Film, render, whole_sound
from framewright.media.source import examine, nearest, sound_rate_of, steady_pictures
from framewright.protocols import Tell, silent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from av.video.frame import VideoFrame
    from PIL import Image

_FADE_SECONDS = Fraction(1, 5)
LONGEST_TEXT = 500


def caption(
    video: Path,
    target: Path,
    *,
    text: str,
    position: Position = "center",
    start_seconds: float = 0.0,
    end_seconds: float | None = None,
    tell: Tell = silent,
) -> None:
    """Write the video with a text on it from one time to another, or to its end.

    The text is set exactly as it is given, wrapped where a line is too long. It fades in and out
    in 0.2 s, but is whole on the video's first and last frame where it reaches them.
    """
    _check(text, position, start_seconds, end_seconds)
    tell(0.0)
    source = examine(video)
    fps = source.rate
    count = source.count(fps)
    first = nearest(Fraction(start_seconds) * fps)
    last = count if end_seconds is None else min(count, nearest(Fraction(end_seconds) * fps))
    if first >= count:
        length = float(count / fps)
        message = f"{video.name} is {length:.2f} seconds long: no caption at {start_seconds:g} s."
        raise MediaError(message, action=f"Start before {length:.2f} seconds.")
    last = max(last, first + 1)
    film = Film(*source.even_size, fps, count, sound_rate_of([source]))
    stamp = Stamp.of(lettering(text, film.width, film.height, position))
    pictures = steady_pictures(source, source.even_size, fps, count)
    shares = _shares(first, last, count, nearest(_FADE_SECONDS * fps))
    render(film, target, _stamped(pictures, stamp, shares), whole_sound(source, film), tell)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A transparent picture in the form of frames, cut to the rectangle that has ink."""

    rows: tuple[int, int]
    columns: tuple[int, int]
    planes: tuple[np.ndarray, ...]
    """Brightness and two colours."""
    ink: tuple[np.ndarray, ...]
    """How much each of their pixels covers, 0 to 256."""

    @classmethod
    def of(cls, image: Image.Image) -> Stamp:
        """Return the stamp of an RGBA image with even sides."""
        alpha = np.asarray(image.getchannel("A")).astype(np.uint16)
        cover = (alpha * 256 + 127) // 255
        small = (cover[::2, ::2] + cover[1::2, ::2] + cover[::2, 1::2] + cover[1::2, 1::2] + 2) // 4
        left, top, right, bottom = image.getchannel("A").getbbox() or (0, 0, 2, 2)
        rows = (top // 2 * 2, -(-bottom // 2) * 2)
        columns = (left // 2 * 2, -(-right // 2) * 2)
        planes = split(planes_of(np.asarray(image.convert("RGB"))))
        areas = (_area(rows, columns, 1), *[_area(rows, columns, 2)] * 2)
        return cls(
            rows,
            columns,
            tuple(p[a].astype(np.uint16) for p, a in zip(planes, areas, strict=True)),
            tuple(c[a] for c, a in zip((cover, small, small), areas, strict=True)),
        )

    def on(self, planes: Planes, share: float) -> Planes:
        """Return a copy of the frame with the stamp on it, as opaque as `share` says."""
        marked = planes.copy()
        parts = zip(split(marked), self.planes, self.ink, (1, 2, 2), strict=True)
        for under, over, ink, step in parts:
            area = _area(self.rows, self.columns, step)
            weight = (ink * share).astype(np.uint16)
            mixed = under[area].astype(np.uint16) * (256 - weight) + over * weight + 128
            under[area] = np.right_shift(mixed, 8).astype(np.uint8)
        return marked


def _area(rows: tuple[int, int], columns: tuple[int, int], step: int) -> tuple[slice, slice]:
    return (
        slice(rows[0] // step, rows[1] // step),
        slice(columns[0] // step, columns[1] // step),
    )


def _shares(first: int, last: int, count: int, fade: int) -> Iterator[float]:
    """Yield for each frame how much of the caption is there."""
    fade = min(fade, (last - first) // 3)
    for number in range(count):
        if not first <= number < last:
            yield 0.0
            continue
        rising = 1.0 if first == 0 or not fade else (number - first + 1) / (fade + 1)
        falling = 1.0 if last == count or not fade else (last - number) / (fade + 1)
        yield min(1.0, rising, falling)


def _stamped(
    pictures: Iterator[VideoFrame], stamp: Stamp, shares: Iterator[float]
) -> Iterator[VideoFrame | Planes]:
    for frame, share in zip(pictures, shares, strict=True):
        yield stamp.on(frame.to_ndarray(), share) if share else frame


def _check(text: str, position: str, start: float, end: float | None) -> None:
    if not text.strip():
        message = "The caption has no text."
        raise MediaError(message, action="Give a text.")
    if len(text) > LONGEST_TEXT:
        message = f"The caption has {len(text)} characters, more than the {LONGEST_TEXT} allowed."
        raise MediaError(message, action="Shorten it, or use several captions.")
    if position not in STYLES:
        message = f"There is no caption position called {position!r}."
        raise MediaError(message, action=f"Use one of {', '.join(STYLES)}.")
    if not 0 <= start < float("inf") or (end is not None and not end > start):
        message = "The caption would end before it starts."
        raise MediaError(message, action="Give a start of 0 or more and an end after it.")
