"""Manners of rendering beyond a grade: noir, clay, pixels, blueprint, storyboard, flat shapes, cut paper."""

# ruff: noqa: E501

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageFilter

from framewright_providers.local.scene.raster import blurred, fractal, grid, mix, smooth

if TYPE_CHECKING:
    from collections.abc import Callable

    from framewright_providers.local.scene.raster import Pixels

_LUMA = np.asarray((0.2126, 0.7152, 0.0722), np.float32)


def _eight(image: Pixels) -> Image.Image:
    return Image.fromarray((np.clip(image, 0, 1) * 255 + 0.5).astype(np.uint8))


def _floats(image: Image.Image) -> Pixels:
    return np.asarray(image, np.float32) / 255


def _held(image: Any) -> Pixels:
    held: Pixels = np.clip(image, 0, 1).astype(np.float32)
    return held


def _flat(image: Pixels, size: int) -> Pixels:
    """Return the picture in areas without detail, worked out at half the size."""
    made = _eight(image)
    half = made.resize((made.width // 2, made.height // 2), Image.Resampling.BOX)
    calm = half.filter(ImageFilter.MedianFilter(size)).filter(ImageFilter.MedianFilter(size))
    return _floats(calm.resize(made.size, Image.Resampling.BICUBIC))


def _edges(image: Pixels, low: float, high: float) -> Pixels:
    """Return lines where colours meet."""
    height = image.shape[0]
    total = np.zeros(image.shape[:2], np.float32)
    for part in range(3):
        down, across = np.gradient(blurred(image[..., part], max(0.8, height / 720)))
        total = np.maximum(total, np.hypot(down, across))
    return smooth(low, high, total * height / 720)


def _noir(image: Pixels, random: np.random.Generator) -> Pixels:
    """Black and white with hard light: deep shade, bright edges, bars of a blind across it."""
    height, width, _ = image.shape
    grey = (image @ _LUMA).astype(np.float32)
    # Light is given back to a dark picture before its contrast is raised.
    level = max(0.05, float(np.quantile(grey, 0.90)))
    lifted = np.clip(grey * min(2.2, 0.80 / level), 0, 1)
    y, x = grid(height, width)
    slant = float(random.uniform(0.25, 0.45))
    blind = smooth(0.30, 0.42, np.abs((((y + slant * x) * 11) % 1.0) - 0.5) * 2)
    beam = smooth(0.30, 0.05, np.abs(x - 0.34 - 0.3 * y)) * (1 - blind)
    lit = lifted * (0.82 + 0.85 * beam)
    contrast = smooth(0.03, 0.86, lit) * 0.80 + lit * 0.20
    return np.repeat(np.clip(contrast, 0, 1)[..., None], 3, axis=-1).astype(np.float32)


def _clay(image: Pixels, random: np.random.Generator) -> Pixels:
    """Rounded areas with soft edges, finger marks, warm light from above: modelled clay."""
    height, width, _ = image.shape
    areas = _flat(image, 5)
    grey = (areas @ _LUMA).astype(np.float32)
    form = blurred(grey, height * 0.010)
    down, across = np.gradient(form)
    thumbs = fractal(height, width, random, height * 0.035, 1.3)
    t_down, t_across = np.gradient(thumbs)
    relief = np.clip((-down - 0.5 * across) * height * 0.016, -0.22, 0.22)
    marks = np.clip((t_down + 0.5 * t_across) * height * 0.005, -0.05, 0.05)
    vivid = grey[..., None] + (areas - grey[..., None]) * 1.25
    seam = blurred(_edges(areas, 0.03, 0.10), height * 0.004)
    lit = vivid * (1 + relief + marks)[..., None] * (1 - 0.35 * seam)[..., None]
    return _held(lit * np.asarray((1.04, 1.0, 0.95), np.float32) + 0.02)


def _pixel(image: Pixels, random: np.random.Generator) -> Pixels:
    """Large square pixels in few colours, dithered."""
    del random
    made = _eight(image)
    scale = max(2, round(made.height / 120))
    size = (max(1, made.width // scale), max(1, made.height // scale))
    small = made.resize(size, Image.Resampling.BOX)
    values = np.asarray(small, np.float32)
    bayer = (
        np.asarray(((0, 8, 2, 10), (12, 4, 14, 6), (3, 11, 1, 9), (15, 7, 13, 5)), np.float32) / 16
        - 0.47
    )
    tiled = np.tile(bayer, (size[1] // 4 + 1, size[0] // 4 + 1))[: size[1], : size[0]]
    grey = values @ _LUMA
    vivid = grey[..., None] + (values - grey[..., None]) * 1.3
    stepped = np.clip(np.round((vivid + tiled[..., None] * 30) / 36) * 36, 0, 255).astype(np.uint8)
    return _floats(Image.fromarray(stepped).resize(made.size, Image.Resampling.NEAREST))


def _blueprint(image: Pixels, random: np.random.Generator) -> Pixels:
    """White lines on blue paper with a grid."""
    height, width, _ = image.shape
    line = np.maximum(_edges(_flat(image, 5), 0.012, 0.045), 0.45 * _edges(image, 0.03, 0.10))
    y, x = np.mgrid[0:height, 0:width]
    step = max(8, height // 24)
    small = ((y % step == 0) | (x % step == 0)) * 0.10 + (
        (y % (step * 4) == 0) | (x % (step * 4) == 0)
    ) * 0.12
    paper = 0.94 + 0.10 * (fractal(height, width, random, height * 0.3) - 0.5)
    blue = np.asarray((0.06, 0.20, 0.46), np.float32) * paper[..., None]
    tone = (image @ _LUMA)[..., None] * np.asarray((0.04, 0.08, 0.12), np.float32)
    return mix(
        (blue + tone).astype(np.float32),
        (0.90, 0.95, 1.0),
        np.clip(line * 0.92 + small, 0, 1).astype(np.float32),
    )


def _storyboard(image: Pixels, random: np.random.Generator) -> Pixels:
    """Pencil lines and two tones of marker on paper, with a frame."""
    height, width, _ = image.shape
    calm = _flat(image, 7)
    grey = (calm @ _LUMA).astype(np.float32)
    low, high = (float(np.quantile(grey, at)) for at in (0.04, 0.96))
    grey = np.clip((grey - low) / max(0.05, high - low), 0, 1)
    line = np.maximum(_edges(calm, 0.014, 0.05), 0.6 * _edges(image, 0.03, 0.12))
    y, x = grid(height, width)
    rough = fractal(height, width, random, 3.0, 3.0)
    stroke = np.sin((x * width + y * height * 0.8) * (0.55 * 720 / height)) * 0.5 + 0.5
    marker = 1 - 0.20 * smooth(0.60, 0.52, grey) - 0.24 * smooth(0.30, 0.22, grey)
    hatch = 1 - 0.22 * smooth(0.42, 0.12, grey) * smooth(0.35, 0.65, stroke + 0.4 * (rough - 0.5))
    ink = 1 - np.clip(line * (0.55 + 0.6 * rough), 0, 0.92)
    paper = 0.965 + 0.03 * (fractal(height, width, random, 5.0) - 0.5)
    drawn = marker * hatch * ink * paper
    edge = np.minimum(
        np.minimum(x * width, (1 - x) * width), np.minimum(y * height, (1 - y) * height)
    )
    margin, thick = height * 0.028, max(1.5, height * 0.0035)
    drawn = np.where(edge < margin, paper, drawn)
    drawn = drawn * (1 - 0.85 * smooth(thick, thick * 0.5, np.abs(edge - margin)))
    return _held(drawn[..., None] * np.asarray((1.0, 0.985, 0.955), np.float32))


def _shapes(image: Pixels, random: np.random.Generator) -> Pixels:
    """Flat design: few clear tones in clean areas."""
    del random
    calm = _flat(image, 13)
    steps = np.round(calm * 5.0) / 5.0
    soft = _floats(_eight(steps).filter(ImageFilter.ModeFilter(7)))
    grey = (soft @ _LUMA)[..., None]
    return np.clip((grey + (soft - grey) * 1.35) * 0.92 + 0.06, 0, 1).astype(np.float32)


def _paper(image: Pixels, random: np.random.Generator) -> Pixels:
    """Layers of cut paper, each with a thin shadow."""
    height, width, _ = image.shape
    flat = _shapes(image, random)
    grey = (flat @ _LUMA).astype(np.float32)
    shift = max(2, round(height * 0.006))
    above = np.roll(grey, (shift, shift // 2), (0, 1))
    shadow = blurred(smooth(0.04, 0.16, np.abs(above - grey)), shift * 0.8)
    fibre = fractal(height, width, random, 3.0, 2.0) - 0.5
    return _held(flat * (1 - 0.38 * shadow)[..., None] * (1 + 0.12 * fibre)[..., None])


def _cyberpunk(image: Pixels, random: np.random.Generator) -> Pixels:
    """Magenta lights and cyan shade, glowing, with faint lines of a screen."""
    del random
    height, width, _ = image.shape
    grey = (image @ _LUMA)[..., None]
    vivid = np.clip(grey + (image - grey) * 1.45, 0, 1)
    shade, light = (
        np.asarray((0.72, 0.95, 1.22), np.float32),
        np.asarray((1.18, 0.86, 1.10), np.float32),
    )
    graded = vivid * (shade + (light - shade) * smooth(0.15, 0.75, grey))
    y, x = grid(height, width)
    wash = np.exp(-(((x - 0.05) / 0.30) ** 2))[..., None] * np.asarray(
        (0.20, 0.0, 0.16), np.float32
    ) + np.exp(-(((x - 0.95) / 0.30) ** 2))[..., None] * np.asarray((0.0, 0.12, 0.20), np.float32)
    glow = np.stack(
        [blurred(np.clip(graded[..., part] - 0.55, 0, 1), height * 0.022) for part in range(3)], -1
    )
    lines = 1 - 0.04 * (np.arange(height)[:, None, None] % 3 == 0)
    lit = (graded + wash * (0.4 + 0.6 * (1 - y))[..., None] + glow * 0.9) * lines
    return _held(lit)


MANNERS: dict[str, Callable[[Pixels, np.random.Generator], Pixels]] = {
    "noir": _noir,
    "clay": _clay,
    "pixel": _pixel,
    "blueprint": _blueprint,
    "storyboard": _storyboard,
    "flat": _shapes,
    "paper": _paper,
    "cyberpunk": _cyberpunk,
}
