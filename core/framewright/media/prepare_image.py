"""Still images made to fit what somebody takes: format, size in pixels, size in bytes."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING

from PIL import Image

from framewright.errors import MediaError
from framewright.media.colours import has_alpha, on_white, to_rgb, without_metadata
from framewright.media.images import open_image
from framewright.media.replacing import replacing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

WRITABLE = ("jpeg", "png", "webp", "avif")
"""Formats images are written in, the most widely taken first."""
_BEST, _LEAST = 92, 40
"""Encoder qualities between which a size in bytes is searched for."""
_SHRINK = 0.85
"""How much smaller each side gets where quality alone does not help."""
_LEAST_SIDE = 64


def prepare_image(
    source: Path,
    target: Path,
    *,
    formats: Sequence[str] = (),
    max_bytes: int | None = None,
    max_pixels: int | None = None,
    max_side: int | None = None,
    min_side: int | None = None,
) -> tuple[str, tuple[int, int]]:
    """Write the image so that it keeps to the limits; return its format and size.

    Transparency is kept where a format takes it, else laid on white. Quality falls before size
    does. Raises `MediaError` where no writable format is taken or the limits leave no picture.
    """
    image = to_rgb(open_image(source))
    image = _sized(image, max_pixels, max_side, min_side, source.name)
    chosen = _format(image, formats, max_bytes, source.name)
    while True:
        data = _encoded(image, chosen, max_bytes)
        if max_bytes is None or len(data) <= max_bytes:
            break
        width, height = (round(side * _SHRINK) for side in image.size)
        if min(width, height) < max(_LEAST_SIDE, min_side or 0):
            message = f"{source.name} can not be made smaller than {max_bytes:,} bytes."
            raise MediaError(message, action="Use another picture.")
        image = image.resize((width, height), Image.Resampling.LANCZOS)
    with replacing(target) as draft:
        draft.write_bytes(data)
    return chosen, image.size


def _sized(
    image: Image.Image,
    max_pixels: int | None,
    max_side: int | None,
    min_side: int | None,
    name: str,
) -> Image.Image:
    scale = 1.0
    if max_side is not None:
        scale = min(scale, max_side / max(image.size))
    if max_pixels is not None:
        scale = min(scale, math.sqrt(max_pixels / (image.width * image.height)))
    if scale == 1.0 and min_side is not None:
        scale = max(1.0, min_side / min(image.size))
    if scale == 1.0:
        return image
    rounding = math.floor if scale < 1 else math.ceil
    size = (max(1, rounding(image.width * scale)), max(1, rounding(image.height * scale)))
    too_large = max_side is not None and max(size) > max_side
    too_many = max_pixels is not None and size[0] * size[1] > max_pixels
    if too_large or too_many or (min_side is not None and min(size) < min_side):
        message = f"{name} is too long and thin for what its model takes."
        raise MediaError(message, action=f"Crop it to at least {min_side} pixels on each side.")
    return image.resize(size, Image.Resampling.LANCZOS)


def _format(image: Image.Image, formats: Sequence[str], max_bytes: int | None, name: str) -> str:
    """Return the format that keeps most of the picture among those that are taken."""
    able = [each for each in WRITABLE if not formats or each in formats]
    if not able:
        message = f"{name} would have to be {' or '.join(formats)}, which is not written here."
        raise MediaError(message, action=f"Convert it, or use a model that takes {WRITABLE[0]}.")
    if has_alpha(image):
        keeps = [each for each in ("png", "avif", "webp") if each in able]
        if keeps:
            return keeps[-1] if max_bytes is not None else keeps[0]
    return able[0] if max_bytes is not None or "png" not in able else "png"


def _encoded(image: Image.Image, form: str, max_bytes: int | None) -> bytes:
    """Return the file's bytes, at the best quality that keeps to the size, else at the least."""
    plain = without_metadata(image if form != "jpeg" else on_white(image))
    if form == "png":
        return _written(plain, form, None)
    best = _written(plain, form, _BEST)
    if max_bytes is None or len(best) <= max_bytes:
        return best
    low, high, kept = _LEAST, _BEST, _written(plain, form, _LEAST)
    while high - low > 1:
        middle = (low + high) // 2
        data = _written(plain, form, middle)
        if len(data) <= max_bytes:
            low, kept = middle, data
        else:
            high = middle
    return kept


def _written(image: Image.Image, form: str, quality: int | None) -> bytes:
    out = io.BytesIO()
    more = {} if quality is None else {"quality": quality}
    image.save(out, format=form.upper(), **more)
    return out.getvalue()
