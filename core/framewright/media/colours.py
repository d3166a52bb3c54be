"""Bringing an image of any mode, colour profile and orientation to upright sRGB."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageCms, ImageOps


def as_seen(image: Image.Image) -> Image.Image:
    """Return a loaded image as a person sees it: upright, sRGB, mode RGB or RGBA, no metadata."""
    upright = ImageOps.exif_transpose(image)
    deep = _eight_bit(upright)
    seen = _in_srgb(deep, upright.info.get("icc_profile"))
    return without_metadata(seen)


def smaller(image: Image.Image, side: int) -> Image.Image:
    """Return an opened image with neither side longer than `side`; its profile stays with it."""
    if max(image.size) <= side:
        return image
    if image.mode in {"P", "PA", "RGBA", "LA"} or "transparency" in image.info:
        # Pillow weighs colours by alpha only in this mode, else edges turn dark.
        small = to_rgb(image)
        small = small.convert("RGBa") if small.mode == "RGBA" else small
        small.thumbnail((side, side), Image.Resampling.BICUBIC, reducing_gap=2.0)
        plain = small.convert("RGBA") if small.mode == "RGBa" else small
        plain.info = dict(image.info)
        plain.info.pop("transparency", None)
        return plain
    # Reads a JPEG at the least of its eighths that is twice as large, then shrinks that well.
    image.thumbnail((side, side), Image.Resampling.BICUBIC, reducing_gap=2.0)
    return image


def without_metadata(image: Image.Image) -> Image.Image:
    """Return the same pixels with nothing else attached."""
    clean = image.copy()
    clean.info = {}
    return clean


def has_alpha(image: Image.Image) -> bool:
    """Whether some of the image may be transparent."""
    return "A" in image.getbands() or "a" in image.getbands() or "transparency" in image.info


def to_rgb(image: Image.Image) -> Image.Image:
    """Return the image in RGB, or in RGBA where it may be transparent."""
    mode = "RGBA" if has_alpha(image) else "RGB"
    return image if image.mode == mode else image.convert(mode)


def on_white(image: Image.Image) -> Image.Image:
    """Return the image in RGB, white where it is transparent: never the colours hidden there."""
    if not has_alpha(image):
        return image.convert("RGB")
    white = Image.new("RGBA", image.size, "white")
    white.alpha_composite(image.convert("RGBA"))
    return white.convert("RGB")


def _eight_bit(image: Image.Image) -> Image.Image:
    # Pillow clips deep greys instead of scaling them.
    if image.mode.startswith("I"):
        levels = np.asarray(image).astype(np.float64) / 257
    elif image.mode == "F":
        levels = np.nan_to_num(np.asarray(image).astype(np.float64))
        levels = levels * 255 if levels.max(initial=0) <= 1 else levels
    else:
        return image
    return Image.fromarray(np.clip(np.rint(levels), 0, 255).astype(np.uint8))


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if not profile:
        return to_rgb(image)
    # A palette's entries are in the profile's colours too.
    shown = image if image.mode in {"RGB", "CMYK", "L"} else to_rgb(image)
    alpha = shown.getchannel("A") if shown.mode == "RGBA" else None
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        grey = source.profile.xcolor_space.strip() == "GRAY"
        plain = shown.convert("L" if grey else "RGB") if grey or alpha else shown
        target = ImageCms.createProfile("sRGB")
        changed = ImageCms.profileToProfile(plain, source, target, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        # A profile that cannot be read or is for another mode says nothing about the colours.
        return to_rgb(shown)
    if changed is None:
        return to_rgb(shown)
    if alpha is not None:
        changed.putalpha(alpha)
    return changed
