"""Which size and how many frames are made, so that what was asked can be cut out of it. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

_SLIMMEST = 4.0
"""No video is made slimmer than that, whatever its picture is; what stands over is cut off."""


@dataclass(frozen=True, slots=True)
class Size:
    """A size in pixels."""

    width: int
    height: int

    def up_to(self, step: int) -> Size:
        """Return the least size that holds this one and has sides that are multiples of a step."""
        return Size(-(-self.width // step) * step, -(-self.height // step) * step)


@dataclass(frozen=True, slots=True)
class Length:
    """A video's length in frames."""

    shown: int
    made: int
    """At least as many, in a number that the model makes."""
    fps: int


def asked_size(limits: dict[str, Any], inputs: dict[str, Any], image: Size | None) -> Size:
    """Return the size that is asked for, in words or by the picture that is set in motion.

    `limits` are those of the card: `width` and `height` that the model was made for, and `sides`.
    """
    native = Size(limits["width"], limits["height"])
    width, height = inputs.get("width"), inputs.get("height")
    if width is not None and height is not None:
        return Size(width, height)
    ratio = _ratio(inputs.get("aspect_ratio"))
    if ratio is None and image is not None:
        ratio = min(max(image.width / image.height, 1 / _SLIMMEST), _SLIMMEST)
    if width is not None:
        return Size(width, _even(width / (ratio or native.width / native.height)))
    if height is not None:
        return Size(_even(height * (ratio or native.width / native.height)), height)
    return native if ratio is None else _of_area(native, ratio, limits["sides"])


def asked_length(limits: dict[str, Any], inputs: dict[str, Any]) -> Length:
    """Return how many frames are asked for, and made."""
    fps = int(inputs.get("fps") or limits["fps"])
    most = int(limits["most_frames"])
    seconds = inputs.get("duration")
    shown = most if seconds is None else max(1, round(float(seconds) * fps))
    step = int(limits["frames"])
    return Length(shown, -(-(shown - 1) // step) * step + 1, fps)


def _of_area(native: Size, ratio: float, sides: int) -> Size:
    """Return a size of a shape with about as many pixels; its sides are multiples of a step."""
    width = math.sqrt(native.width * native.height * ratio)
    return Size(*(max(sides, round(side / sides) * sides) for side in (width, width / ratio)))


def _ratio(words: str | None) -> float | None:
    if words is None:
        return None
    across, _, down = words.partition(":")
    return float(across) / float(down)


def _even(side: float) -> int:
    return max(2, round(side / 2) * 2)
