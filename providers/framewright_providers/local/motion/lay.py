"""Laying one colour over a frame of brightness and colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from framewright_providers.local.scene.colour import Colour

Canvas = list[Image.Image]
"""Brightness, and the two colours at half the size: what a frame is while it is made."""


def yuv(colour: Colour) -> tuple[int, int, int]:
    """Return a colour of 0 to 1 as 8-bit BT.709 in limited range (ITU-R BT.709-6, 3)."""
    red, green, blue = colour
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    u, v = (blue - y) / 1.8556, (red - y) / 1.5748
    return round(16 + 219 * y), round(128 + 224 * u), round(128 + 224 * v)


def laid(canvas: Canvas, cover: Image.Image, colour: Colour) -> None:
    """Lay one colour over a frame where its cover, of the frame's size, says."""
    half = cover.reduce(2)
    for target, part, mask in zip(canvas, yuv(colour), (cover, half, half), strict=True):
        target.paste(part, (0, 0, *target.size), mask)
