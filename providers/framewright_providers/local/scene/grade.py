"""Grades and relights a finished picture: for photographs, which can not be drawn anew."""

# ruff: noqa: E501 - patterns: one meaning a line

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageFilter

from framewright_providers.local.scene.finish import styled
from framewright_providers.local.scene.light import TIMES
from framewright_providers.local.scene.raster import blurred, fractal, grid, mix, ramp, smooth
from framewright_providers.local.scene.weather import falling, under
from framewright_providers.local.scene.words import listed

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from framewright_providers.local.scene.raster import Pixels
    from framewright_providers.local.scene.words import SceneWords

_LUMA = np.asarray((0.2126, 0.7152, 0.0722), np.float32)


def graded(
    picture: NDArray[np.uint8], instruction: str, words: SceneWords, seed: int
) -> tuple[NDArray[np.uint8], bool]:
    """Return a picture changed as an instruction wants, and whether it said anything we can do.

    `words` is the instruction read as a scene: its time of day, weather and styles count.
    """
    random = np.random.Generator(np.random.PCG64(seed))
    image: Pixels = picture.astype(np.float32) / 255
    text = instruction.lower()
    known = False
    if any(
        re.search(rf"\b{re.escape(word)}\b", text)
        for each in listed("time").values()
        for word in each
    ):
        image, known = relit(image, words.time), True
    if "fog" in words.weather:
        image, known = _fogged(image, random), True
    for pattern, touch in _TOUCHES:
        if re.search(rf"\b(?:{pattern})\b", text):
            image, known = touch(image), True
    if words.styles:
        image, known = styled(np.clip(image, 0, 1), words.styles, random), True
    made = (np.clip(image, 0, 1) * 255 + 0.5).astype(np.uint8)
    height, width, _ = made.shape
    if words.weather & {"rain", "snow"}:
        known = True
        made = under(made, falling(words, height, width, random), 0)
    return made, known


def sky_of(image: Pixels) -> Pixels:
    """Return how surely each pixel is sky: smooth, bright or blue, and joined to the top edge."""
    height = image.shape[0]
    light: Pixels = (image @ _LUMA).astype(np.float32)
    rough = np.abs(light - blurred(light, max(1.0, height * 0.006)))
    calm = smooth(0.045, 0.012, blurred(rough * 4, max(1.0, height * 0.008)) / 4)
    blue = smooth(-0.06, 0.10, image[..., 2] - image[..., 0])
    bright = smooth(0.38, 0.62, light)
    likely = calm * np.clip(np.maximum(blue, bright), 0, 1)
    # Sky goes down to where most columns have met something; behind that line it shows again
    # beside whatever stands before it.
    joined = np.minimum.accumulate(blurred(likely, 2.0), axis=0)
    rows = np.flatnonzero((joined > 0.5).mean(axis=1) > 0.30)
    foot = int(rows[-1]) + 1 if rows.size else 0
    y = np.arange(height, dtype=np.float32)[:, None]
    # Beside what stands before it the sky has the colour it has elsewhere at that height.
    share = joined / np.maximum(joined.sum(axis=1, keepdims=True), 1e-3)
    usual = (image * share[..., None]).sum(axis=1, keepdims=True)
    alike = smooth(0.30, 0.14, np.abs(image - usual).max(axis=-1))
    likely = np.maximum(joined, alike * (calm > 0.3)) * smooth(foot + 2.0, foot - height * 0.02, y)
    sky: Pixels = blurred(likely, max(1.0, height * 0.003))
    return sky


def relit(image: Pixels, time: str) -> Pixels:
    """Return a picture in the light of another time of day, its sky painted over where there is one."""
    height, width, _ = image.shape
    light, day = TIMES[time], TIMES["day"]
    sky = sky_of(image)
    luma = (image @ _LUMA)[..., None]
    foot = float(np.clip(sky.mean(axis=1).cumsum()[-1] / height * 1.15, 0.15, 0.9))
    painted = ramp(
        [
            (0.0, light.zenith),
            (foot * 0.6, light.middle),
            (foot, light.horizon),
            (1.0, light.horizon),
        ],
        height,
        width,
    )
    above = painted * (0.62 + 0.62 * luma)
    tint = light.falling / day.falling
    below = image ** (1.0 + 0.25 * (1 - min(1.0, float(tint.mean())))) * tint
    y, x = grid(height, width)
    sun = np.asarray(light.sun, np.float32)
    if light.sun_y > 0.3:
        far = np.hypot((x - light.sun_x) * width / height, y - foot * 0.9).astype(np.float32)
        pool = np.exp(-far / 0.45) * 0.34 * light.strength
        below = below * (1 + pool[..., None] * sun)
        above = above + (pool * 0.8)[..., None] * sun
    mixed = mix(below.astype(np.float32), above.astype(np.float32), sky)
    if light.stars > 0.5:
        # Windows and lamps stay lit.
        lamps = smooth(0.80, 0.97, luma[..., 0]) * (1 - sky)
        mixed = mix(mixed, np.asarray((1.0, 0.82, 0.52), np.float32) * luma, lamps * 0.7)
    return mixed


def _fogged(image: Pixels, random: np.random.Generator) -> Pixels:
    height, width, _ = image.shape
    y, _ = grid(height, width)
    drift = fractal(height, width, random, height * 0.35, 3.0)
    veil = np.clip(0.78 - 0.55 * y + 0.35 * (drift - 0.5), 0.05, 0.85)
    return mix(image, (0.78, 0.80, 0.82), veil.astype(np.float32))


def _stretched(image: Pixels, by: float) -> Pixels:
    made: Pixels = np.clip((image - 0.5) * by + 0.5, 0, 1)
    return made


def _coloured(image: Pixels, by: float) -> Pixels:
    grey = (image @ _LUMA)[..., None]
    return np.clip(grey + (image - grey) * by, 0, 1)


def _tinted(image: Pixels, tint: tuple[float, float, float]) -> Pixels:
    return np.clip(image * np.asarray(tint, np.float32), 0, 1)


def _edged(image: Pixels) -> Pixels:
    y, x = grid(*image.shape[:2])
    away = ((x - 0.5) ** 2 + (y - 0.5) ** 2) * 1.5
    darker: Pixels = image * (1 - np.clip(away, 0, 0.75))[..., None]
    return darker


def _through(image: Pixels, kind: ImageFilter.Filter) -> Pixels:
    made = Image.fromarray((np.clip(image, 0, 1) * 255 + 0.5).astype(np.uint8)).filter(kind)
    return np.asarray(made, np.float32) / 255


def _soft(image: Pixels) -> Pixels:
    return _through(image, ImageFilter.GaussianBlur(image.shape[0] * 0.008))


def _sharp(image: Pixels) -> Pixels:
    return _through(image, ImageFilter.UnsharpMask(image.shape[0] * 0.002, 90, 2))


_TOUCHES: tuple[tuple[str, Callable[[Pixels], Pixels]], ...] = (
    (r"brighter|brighten|lighter|lighten|brighten up|overexposed?", lambda image: image**0.72),
    (r"darker|darken|dimmer|moodier|moody|underexposed?", lambda image: image**1.45),
    (r"(?:more|higher|high|increase(?: the)?|add) contrast|punchier|contrasty", lambda image: _stretched(image, 1.3)),
    (r"(?:less|lower|low|reduce(?: the)?|softer) contrast|flatter|faded|matte", lambda image: _stretched(image, 0.72)),
    (r"(?:more|higher|increase(?: the)?) saturation|more saturated|more colou?rful|vivid|vibrant|saturate", lambda image: _coloured(image, 1.45)),
    (r"(?:less|lower|reduce(?: the)?) saturation|desaturated?|muted|less colou?rful", lambda image: _coloured(image, 0.5)),
    (r"warmer|warm it up", lambda image: _tinted(image, (1.10, 1.0, 0.84))),
    (r"colder|cooler|cool it down", lambda image: _tinted(image, (0.86, 0.98, 1.12))),
    (r"sharpen|sharper|crisper", _sharp),
    (r"blur(?:red)?|soft focus|out of focus|softer", _soft),
    (r"vignette", _edged),
)  # fmt: skip
