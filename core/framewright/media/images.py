"""Still images: reading, fitting, and writing them the same way every time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image

from framewright.errors import MediaError
from framewright.media.colours import has_alpha, to_rgb, without_metadata
from framewright.media.guards import MAX_PIXELS, open_image_file
from framewright.media.replacing import replacing
from framewright.media.shape import Fit, inner_size, target_size

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_SHEET_CELL = (320, 240)
_SHEET_GAP = 6


def open_image(path: Path) -> Image.Image:
    """Return an image upright in sRGB, mode RGB or RGBA; raises as `open_image_file` does."""
    return open_image_file(path)


def write_png(image: Image.Image, path: Path) -> None:
    """Write an image as PNG without metadata: the same pixels give the same bytes."""
    with replacing(path) as draft:
        without_metadata(to_rgb(image)).save(draft, format="PNG", compress_level=6)


def fit(image: Image.Image, width: int, height: int, how: Fit) -> Image.Image:
    """Return the image fitted into a frame without stretching it.

    `contain` adds black bars, transparent ones where the image has transparency; `cover` cuts
    off what stands over, evenly on both sides.
    """
    source = to_rgb(image)
    inner = inner_size(source.size, (width, height), how)
    scaled = _scaled(source, inner)
    if inner == (width, height):
        return scaled
    canvas = Image.new(source.mode, (width, height))
    canvas.paste(scaled, ((width - inner[0]) // 2, (height - inner[1]) // 2))
    return canvas


def resize_image(
    source: Path,
    target: Path,
    *,
    width: int | None = None,
    height: int | None = None,
    aspect_ratio: str | None = None,
    how: Fit = "contain",
) -> None:
    """Write a PNG of the image in another size or shape; see `shape.target_size`."""
    image = open_image(source)
    size = target_size(image.size, width=width, height=height, aspect_ratio=aspect_ratio, how=how)
    if size[0] * size[1] > MAX_PIXELS:
        message = f"{source.name} at {size[0]}x{size[1]} would have too many pixels."
        raise MediaError(message, action=f"Stay below {MAX_PIXELS // 10**6} million pixels.")
    write_png(fit(image, *size, how), target)


def contact_sheet(images: Sequence[Image.Image], columns: int) -> Image.Image:
    """Return small versions of the images in rows on grey, for a person to look over."""
    if not images or columns < 1:
        message = "A contact sheet needs at least one image and one column."
        raise MediaError(message)
    wide, high = _SHEET_CELL
    columns = min(columns, len(images))
    rows = -(-len(images) // columns)
    gap = _SHEET_GAP
    size = (columns * (wide + gap) + gap, rows * (high + gap) + gap)
    sheet = Image.new("RGB", size, (64, 64, 64))
    for number, image in enumerate(images):
        row, column = divmod(number, columns)
        inner = inner_size(image.size, _SHEET_CELL, "contain")
        small = _scaled(to_rgb(image), inner)
        left = gap + column * (wide + gap) + (wide - inner[0]) // 2
        top = gap + row * (high + gap) + (high - inner[1]) // 2
        sheet.paste(small, (left, top), small if has_alpha(small) else None)
    return sheet


def _scaled(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    if image.size == size:
        return image.copy()
    # Pillow weighs colours by alpha only in this mode, else edges turn dark.
    if image.mode == "RGBA":
        return image.convert("RGBa").resize(size, Image.Resampling.LANCZOS).convert("RGBA")
    return image.resize(size, Image.Resampling.LANCZOS)
