"""The last passes over a picture: air, style, colour, vignette, grain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageFilter

from framewright.protocols import Tell, silent
from framewright_providers.local.progress import within
from framewright_providers.local.scene.manners import MANNERS
from framewright_providers.local.scene.raster import blurred, fractal, grid, mix, smooth

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framewright_providers.local.scene.raster import Pixels
    from framewright_providers.local.scene.words import SceneWords

_LUMA = np.asarray((0.2126, 0.7152, 0.0722), np.float32)


def finished(
    picture: Pixels, words: SceneWords, random: np.random.Generator, tell: Tell = silent
) -> NDArray[np.uint8]:
    """Return the picture with weather, manner and grain, as 8-bit RGB."""
    tell(0.0)
    image = np.clip(picture, 0, 1)
    image = _weather(image, words, random)
    image = _bloom(image)
    image = styled(image, words.styles, random, within(tell, 0.2, 0.8))
    tell(0.8)
    image = _vignette(image)
    coarse = random.standard_normal(image.shape[:2]).astype(np.float32)
    amount = 0.016 if {"comic", "watercolour"} & set(words.styles) else 0.009
    image = image + (amount * coarse * (1.15 - image @ _LUMA))[..., None]
    pixels: NDArray[np.uint8] = (np.clip(image, 0, 1) * 255 + 0.5).astype(np.uint8)
    return pixels


def styled(
    image: Pixels, styles: tuple[str, ...], random: np.random.Generator, tell: Tell = silent
) -> Pixels:
    """Return a picture of 0 to 1 in the manner of each style in turn."""
    for number, style in enumerate(styles):
        tell(number / len(styles))
        image = _STYLES[style](image, random)
    return image


def _weather(image: Pixels, words: SceneWords, random: np.random.Generator) -> Pixels:
    height, width, _ = image.shape
    if "fog" in words.weather:
        y, _ = grid(height, width)
        drift = fractal(height, width, random, height * 0.3, 3.0)
        veil = smooth(0.30, 0.75, drift) * 0.5 * np.exp(-(((y - 0.62) / 0.24) ** 2))
        pale = image.mean(axis=(0, 1)) * 0.5 + 0.42
        image = mix(image, pale, veil.astype(np.float32))
    return image


def _bloom(image: Pixels) -> Pixels:
    bright = np.clip((image @ _LUMA) - 0.80, 0, 1) * 2.2
    glow = blurred(bright.astype(np.float32), image.shape[0] * 0.022)
    passed: Pixels = np.clip(image + 0.22 * glow[..., None] * image, 0, 1)
    return passed


def _vignette(image: Pixels) -> Pixels:
    y, x = grid(*image.shape[:2])
    away = ((x - 0.5) * 1.05) ** 2 + ((y - 0.5) * 0.95) ** 2
    return image * (1 - 0.55 * np.clip(away - 0.10, 0, 1))[..., None]


def _mono(image: Pixels, random: np.random.Generator) -> Pixels:
    del random
    grey = image @ _LUMA
    contrast = smooth(0.02, 0.92, grey) * 0.85 + grey * 0.15
    return np.repeat(contrast[..., None], 3, axis=-1).astype(np.float32)


def _sepia(image: Pixels, random: np.random.Generator) -> Pixels:
    grey = _mono(image, random) * 0.92 + 0.05
    return grey * np.asarray((1.0, 0.87, 0.68), np.float32)


def _pastel(image: Pixels, random: np.random.Generator) -> Pixels:
    del random
    return 0.60 * image + 0.36 * np.asarray((1.0, 0.97, 0.96), np.float32)


def _neon(image: Pixels, random: np.random.Generator) -> Pixels:
    del random
    grey = (image @ _LUMA)[..., None]
    vivid = grey + (image - grey) * 1.55
    passed: Pixels = np.clip(vivid * np.asarray((1.04, 0.92, 1.10), np.float32), 0, 1)
    return passed


def _warm(image: Pixels, random: np.random.Generator) -> Pixels:
    del random
    passed: Pixels = np.clip(image * np.asarray((1.08, 1.0, 0.88), np.float32), 0, 1)
    return passed


def _cold(image: Pixels, random: np.random.Generator) -> Pixels:
    del random
    passed: Pixels = np.clip(image * np.asarray((0.90, 0.99, 1.10), np.float32), 0, 1)
    return passed


def _cinematic(image: Pixels, random: np.random.Generator) -> Pixels:
    del random
    grey = (image @ _LUMA)[..., None]
    shade = np.asarray((0.90, 1.02, 1.07), np.float32)
    light = np.asarray((1.06, 1.0, 0.93), np.float32)
    graded = image * (shade + (light - shade) * grey)
    passed: Pixels = np.clip((graded - 0.5) * 1.08 + 0.49, 0, 1)
    return passed


def _filtered(image: Pixels, *filters: ImageFilter.Filter) -> Pixels:
    made = Image.fromarray((np.clip(image, 0, 1) * 255).astype(np.uint8))
    for each in filters:
        made = made.filter(each)
    return np.asarray(made, np.float32) / 255


def _watercolour(image: Pixels, random: np.random.Generator) -> Pixels:
    height, width, _ = image.shape
    washed = _filtered(image, ImageFilter.ModeFilter(9), ImageFilter.GaussianBlur(1.2))
    edges = np.clip(np.abs(washed - _filtered(washed, ImageFilter.GaussianBlur(6))).sum(-1), 0, 1)
    paper = fractal(height, width, random, 9.0)
    pools = fractal(height, width, random, height * 0.16)
    pale = washed * 0.74 + 0.26
    pale = pale * (1 - 0.40 * edges)[..., None] * (0.90 + 0.20 * pools)[..., None]
    passed: Pixels = np.clip(pale * (0.95 + 0.10 * paper)[..., None], 0, 1)
    return passed


def _oil(image: Pixels, random: np.random.Generator) -> Pixels:
    height, width, _ = image.shape
    daubed = _filtered(image, ImageFilter.ModeFilter(11), ImageFilter.MedianFilter(5))
    strokes = fractal(height, width, random, 14.0, 2.6)
    relief = np.gradient(strokes, axis=0) * 0.9
    passed: Pixels = np.clip(
        (daubed + (daubed - daubed.mean()) * 0.12) * (1 + relief)[..., None], 0, 1
    )
    return passed


def _pencil(image: Pixels, random: np.random.Generator) -> Pixels:
    height, width, _ = image.shape
    grey = (image @ _LUMA).astype(np.float32)
    soft = blurred(1 - grey, 7.0)
    dodge = np.clip(grey / np.clip(1.02 - soft, 0.05, None), 0, 1)
    hatch = np.sin((np.arange(width)[None, :] + np.arange(height)[:, None]) * 0.9) * 0.5 + 0.5
    shade = 1 - np.clip(0.62 - grey, 0, 1) * (0.45 + 0.55 * hatch)
    paper = 0.94 + 0.06 * fractal(height, width, random, 6.0)
    drawn = np.clip(dodge * 0.55 + 0.45, 0, 1) * shade * paper
    toned: Pixels = drawn[..., None] * np.asarray((1.0, 0.985, 0.95), np.float32)
    return toned


def _comic(image: Pixels, random: np.random.Generator) -> Pixels:
    del random
    flat = _filtered(image, ImageFilter.MedianFilter(7), ImageFilter.MedianFilter(5))
    light = (flat @ _LUMA)[..., None]
    steps = flat * ((np.round(light * 6) / 6 + 0.03) / (light + 0.03))
    grey = (flat @ _LUMA).astype(np.float32)
    down, across = np.gradient(blurred(grey, 1.2))
    ink = smooth(0.035, 0.085, np.hypot(down, across).astype(np.float32))
    vivid = steps + (steps - steps.mean(-1, keepdims=True)) * 0.35
    passed: Pixels = np.clip(vivid * (1 - 0.85 * ink)[..., None], 0, 1)
    return passed


def _anime(image: Pixels, random: np.random.Generator) -> Pixels:
    """Flat, clear, bright: painted areas with thin dark outlines where things end."""
    del random
    flat = _filtered(image, ImageFilter.MedianFilter(5), ImageFilter.MedianFilter(5))
    grey = (flat @ _LUMA)[..., None]
    steps = np.round(grey * 9) / 9
    held = flat * (0.55 + 0.45 * (steps + 0.02) / (grey + 0.02))
    vivid = grey + (held - grey) * 1.35
    down, across = np.gradient(blurred(grey[..., 0], 1.0))
    ink = smooth(0.05, 0.11, np.hypot(down, across).astype(np.float32))
    passed: Pixels = np.clip((vivid * 0.96 + 0.06) * (1 - 0.6 * ink)[..., None], 0, 1)
    return passed


def _minimal(image: Pixels, random: np.random.Generator) -> Pixels:
    """Quiet: fine detail and colour held back, shadows lifted."""
    del random
    calm = _filtered(image, ImageFilter.MedianFilter(7), ImageFilter.GaussianBlur(0.8))
    grey = (calm @ _LUMA)[..., None]
    passed: Pixels = np.clip((grey + (calm - grey) * 0.70) * 0.84 + 0.13, 0, 1)
    return passed


_STYLES = {
    "mono": _mono,
    "sepia": _sepia,
    "watercolour": _watercolour,
    "oil": _oil,
    "pencil": _pencil,
    "comic": _comic,
    "anime": _anime,
    "minimal": _minimal,
    "pastel": _pastel,
    "neon": _neon,
    "warm": _warm,
    "cold": _cold,
    "cinematic": _cinematic,
    **MANNERS,
}
