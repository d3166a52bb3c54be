"""Sizes and turns: how large a picture is shown, and how one fits into another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from framewright.errors import MediaError
from framewright.media.codecs import SideData

if TYPE_CHECKING:
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

Fit = Literal["contain", "cover", "blur"]
"""Show all of it with bars, fill the frame and cut off what stands over, or show all of it before
itself, filling the frame blurred."""

_SQUARE = Fraction(2, 100)
"""Pixels this close to square are rounding errors of an encoder."""

FITS: tuple[Fit, ...] = get_args(Fit)


def checked_fit(name: str) -> Fit:
    """Return the way of fitting in of a name; raises `MediaError` for none."""
    found: Fit | None = next((each for each in FITS if each == name), None)
    if found is None:
        message = f"There is no way of fitting in called {name!r}."
        raise MediaError(message, action=f"Use one of {', '.join(FITS)}.")
    return found


@dataclass(frozen=True, slots=True)
class Turn:
    """How a stored picture is turned before it is shown."""

    quarters: int = 0
    """Clockwise quarter turns, 0 to 3."""
    mirrored: bool = False
    """Whether left and right are exchanged, before turning."""


def turn_of(frame: VideoFrame) -> Turn:
    """Return how a decoded frame wants to be turned; from the display matrix of its container."""
    matrix = frame.side_data.get("DISPLAYMATRIX")
    if not isinstance(matrix, SideData):
        return Turn()
    across_x, across_y, _, down_x, down_y = np.frombuffer(bytes(matrix), dtype="<i4")[:5].tolist()
    mirrored = across_x * down_y - across_y * down_x < 0
    if mirrored:
        across_x, across_y = -across_x, -across_y
    # Where the picture's left-to-right direction points on the screen, y growing downwards.
    if abs(across_x) >= abs(across_y):
        return Turn(0 if across_x >= 0 else 2, mirrored)
    return Turn(1 if across_y > 0 else 3, mirrored)


def turned(plane: np.ndarray, turn: Turn) -> np.ndarray:
    """Return one plane of pixels (height, width, ...) turned upright."""
    plane = plane[:, ::-1] if turn.mirrored else plane
    return np.rot90(plane, -turn.quarters)


@dataclass(frozen=True, slots=True)
class View:
    """How a player shows the stored pictures of a stream."""

    pixel: Fraction = Fraction(1)
    """How much wider than high a stored pixel is shown: 1 for nearly all files."""
    turn: Turn = Turn()

    def size(self, width: int, height: int) -> tuple[int, int]:
        """Return the size on a screen of square pixels, upright, of a stored picture."""
        if self.pixel > 1:
            width = round(width * self.pixel)
        else:
            height = round(height / self.pixel)
        return (height, width) if self.turn.quarters % 2 else (width, height)


def view_of(stream: VideoStream, first: VideoFrame) -> View:
    """Return how a stream is shown, from its first frame.

    Ask once a stream: looking at a frame's side data ties the frame into a reference cycle, and
    a film's worth of frames would wait for the garbage collector.
    """
    ratio = stream.sample_aspect_ratio
    if not ratio or not Fraction(1, 8) <= ratio <= 8 or abs(ratio - 1) <= _SQUARE:
        return View(Fraction(1), turn_of(first))
    return View(Fraction(ratio), turn_of(first))


def inner_size(
    source: tuple[int, int], frame: tuple[int, int], how: Fit, step: int = 1
) -> tuple[int, int]:
    """Return the size at which a source fits a frame without being stretched.

    `step` is what both sides are multiples of. Sides that miss the frame by less than two
    steps are drawn to it, because a bar of one pixel looks like a fault.
    """
    pick = max if how == "cover" else min
    scale = pick(Fraction(frame[0], source[0]), Fraction(frame[1], source[1]))
    sides = []
    for side, room in zip(source, frame, strict=True):
        scaled = max(step, round(side * scale / step) * step)
        sides.append(room if abs(scaled - room) < 2 * step else scaled)
    return sides[0], sides[1]


def parse_ratio(text: str) -> Fraction:
    """Return an aspect ratio such as `16:9` as a fraction; raises `MediaError`."""
    found = re.fullmatch(r"\s*(\d{1,5})\s*[:/x]\s*(\d{1,5})\s*", text)
    if found is None or not int(found[1]) or not int(found[2]):
        message = f"{text!r} is not an aspect ratio."
        raise MediaError(message, action="Write it as two numbers, for example 16:9.")
    return Fraction(int(found[1]), int(found[2]))


def target_size(
    source: tuple[int, int],
    *,
    width: int | None,
    height: int | None,
    aspect_ratio: str | None,
    how: Fit,
) -> tuple[int, int]:
    """Return the size a picture is to be fitted into.

    With one side, the other follows the aspect ratio, or the source's own where none is given.
    With only an aspect ratio, `contain` grows the frame around the source and `cover` cuts the
    largest such frame out of it. Raises `MediaError` where nothing or a side below 1 is given.
    """
    for name, side in (("width", width), ("height", height)):
        if side is not None and side < 1:
            message = f"A {name} of {side} pixels is not possible."
            raise MediaError(message, action="Give a whole number of at least 16.")
    ratio = parse_ratio(aspect_ratio) if aspect_ratio else Fraction(*source)
    if width and height:
        return width, height
    if width:
        return width, max(1, round(width / ratio))
    if height:
        return max(1, round(height * ratio)), height
    if not aspect_ratio:
        message = "Neither a size nor an aspect ratio is given to resize to."
        raise MediaError(message, action="Give width, height or aspect_ratio.")
    wide = max(1, round(source[1] * ratio))
    high = max(1, round(source[0] / ratio))
    fits = (wide >= source[0]) == (how != "cover")
    return (wide, source[1]) if fits else (source[0], high)


def even(side: int) -> int:
    """Return a side that video can have: the next even number below, at least 2."""
    return max(2, side - side % 2)
