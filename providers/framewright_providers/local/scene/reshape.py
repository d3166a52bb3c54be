"""Crops, mirrors, extends and enlarges pictures."""

# ruff: noqa: E501 - patterns: one meaning a line

from __future__ import annotations

import re
from math import ceil

from PIL import Image, ImageFilter

from framewright.errors import MediaError
from framewright.media.guards import MAX_PIXELS

_RATIOS = (
    (r"square|1:1", (1, 1)),
    (r"9:16|vertical|portrait format|phone format|story format|tall", (9, 16)),
    (r"16:9|widescreen|landscape format|horizontal", (16, 9)),
    (r"21:9|cinemascope|ultra-?wide|anamorphic|letterbox", (21, 9)),
    (r"4:3", (4, 3)),
    (r"3:4", (3, 4)),
)
_CROP = re.compile(r"\b(?:crop|cut|trim|reframe|zoom in|tighter|punch in)\b", re.IGNORECASE)
_EXTEND = re.compile(
    r"\b(?:extend|outpaint|expand|uncrop|zoom out|widen|add space|more room)\b", re.IGNORECASE
)
_FLIP = re.compile(r"\b(?:flip|mirror)(?:ped|ed)?\b", re.IGNORECASE)
_SIDES = {"left": (1, 0, 0, 0), "right": (0, 1, 0, 0), "top": (0, 0, 1, 0), "up": (0, 0, 1, 0), "above": (0, 0, 1, 0), "bottom": (0, 0, 0, 1), "down": (0, 0, 0, 1), "below": (0, 0, 0, 1)}  # fmt: skip
_MORE = 0.25
"""How much of the picture's side is added where no shape is named."""


def asks_for_shape(instruction: str) -> bool:
    """Tell whether an instruction crops, extends or mirrors."""
    return any(pattern.search(instruction) for pattern in (_CROP, _EXTEND, _FLIP))


def extends(instruction: str) -> bool:
    """Tell whether an instruction wants more than the picture shows."""
    return _EXTEND.search(instruction) is not None


def ratio_in(instruction: str) -> tuple[int, int] | None:
    """Return the shape an instruction names, as width over height."""
    for pattern, ratio in _RATIOS:
        if re.search(rf"(?<![\w:])(?:{pattern})(?![\w:])", instruction, re.IGNORECASE):
            return ratio
    return None


def reshaped(image: Image.Image, instruction: str) -> Image.Image:
    """Return the picture cropped, extended or mirrored; unchanged where nothing of it is said."""
    if _FLIP.search(instruction):
        upside = re.search(r"\b(?:vertical(?:ly)?|upside)\b", instruction, re.IGNORECASE)
        how = Image.Transpose.FLIP_TOP_BOTTOM if upside else Image.Transpose.FLIP_LEFT_RIGHT
        image = image.transpose(how)
    if _EXTEND.search(instruction):
        return _extended(image, instruction)
    if _CROP.search(instruction):
        return _cropped(image, instruction)
    return image


def _cropped(image: Image.Image, instruction: str) -> Image.Image:
    width, height = image.size
    ratio = ratio_in(instruction)
    if ratio is None:
        wide, high = round(width * 0.72), round(height * 0.72)
    else:
        wide = min(width, round(height * ratio[0] / ratio[1]))
        high = min(height, round(width * ratio[1] / ratio[0]))
    wide, high = max(2, wide // 2 * 2), max(2, high // 2 * 2)
    across, down = 0.5, 0.5
    for word, (left, right, top, bottom) in _SIDES.items():
        if re.search(rf"\b{word}\b", instruction, re.IGNORECASE):
            across += 0.5 * (right - left)
            down += 0.5 * (bottom - top)
    x = round(min(1.0, max(0.0, across)) * (width - wide))
    y = round(min(1.0, max(0.0, down)) * (height - high))
    return image.crop((x, y, x + wide, y + high))


def _extended(image: Image.Image, instruction: str) -> Image.Image:
    """Return the picture with more around it: its edges mirrored, softer the farther out.

    Raises `MediaError` where that would be more pixels than are opened.
    """
    width, height = image.size
    ratio = ratio_in(instruction)
    sides = [
        side
        for word, side in _SIDES.items()
        if re.search(rf"\b{word}\b", instruction, re.IGNORECASE)
    ]
    left, right, top, bottom = (
        max(side[number] for side in sides) if sides else 1 for number in range(4)
    )
    if ratio is not None:
        wide = max(width, round(height * ratio[0] / ratio[1]))
        high = max(height, round(width * ratio[1] / ratio[0]))
        x, y = wide - width, high - height
        pads = [x * left // max(1, left + right), 0, y * top // max(1, top + bottom), 0]
        pads[1], pads[3] = x - pads[0], y - pads[2]
    else:
        pads = [round(width * _MORE) * left, round(width * _MORE) * right]
        pads += [round(height * _MORE) * top, round(height * _MORE) * bottom]
    wide = max(2, (width + pads[0] + pads[1]) // 2 * 2)
    high = max(2, (height + pads[2] + pads[3]) // 2 * 2)
    if wide * high > MAX_PIXELS:
        message = f"{width}x{height} extended to {wide}x{high} has too many pixels."
        most = MAX_PIXELS // 10**6
        raise MediaError(
            message, action=f"Stay below {most} million pixels: make the picture smaller first."
        )
    canvas = _mirrored(image, (wide, high), (pads[0], pads[2]))
    soft = canvas.filter(ImageFilter.GaussianBlur(max(2, min(width, height) * 0.03)))
    feather = max(2, round(min(width, height) * 0.02))
    # The picture goes over into what is added, but never at an edge that stays the edge.
    left, top = (pad + (pad > 0) * (feather // 2) for pad in (pads[0], pads[2]))
    right, bottom = (
        end if end >= room else end - feather // 2
        for end, room in ((pads[0] + width, wide), (pads[2] + height, high))
    )
    keep = Image.new("L", (wide, high), 0)
    if left < right and top < bottom:
        keep.paste(255, (left, top, right, bottom))
    return Image.composite(canvas, soft, keep.filter(ImageFilter.GaussianBlur(feather / 2)))


def _mirrored(image: Image.Image, size: tuple[int, int], place: tuple[int, int]) -> Image.Image:
    """Return a canvas with the picture at a place, mirrored on and on to all the edges."""
    canvas = Image.new("RGB", size)
    copies = {
        (0, 0): image,
        (1, 0): image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        (0, 1): image.transpose(Image.Transpose.FLIP_TOP_BOTTOM),
        (1, 1): image.transpose(Image.Transpose.ROTATE_180),
    }
    columns, rows = (
        range(-ceil(begin / side), ceil((room - begin) / side))
        for begin, side, room in zip(place, image.size, size, strict=True)
    )
    for column in columns:
        for row in rows:
            at = (place[0] + column * image.width, place[1] + row * image.height)
            canvas.paste(copies[column % 2, row % 2], at)
    return canvas


def enlarged(image: Image.Image, scale: float) -> Image.Image:
    """Return the picture so many times larger: Lanczos, then a little sharpening; no detail is made up.

    What is transparent stays so.
    """
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    sharper = ImageFilter.UnsharpMask(radius=0.6 * scale, percent=70, threshold=2)
    if image.mode == "RGBA":
        # Colours are weighed by alpha, else the edges take on the colours hidden beside them.
        weighed = image.convert("RGBa").resize(size, Image.Resampling.LANCZOS)
        return weighed.filter(sharper).convert("RGBA")
    return image.resize(size, Image.Resampling.LANCZOS).filter(sharper)
