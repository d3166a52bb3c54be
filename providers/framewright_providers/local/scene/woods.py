"""Trees and grass: rows of conifers in the mist, trunks that frame the picture, blades."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw

from framewright_providers.local.scene.land import hazed
from framewright_providers.local.scene.raster import Layer, blurred, fractal, grid, mix, smooth

if TYPE_CHECKING:
    from framewright_providers.local.scene.light import Light
    from framewright_providers.local.scene.raster import Pixels

_SCALE = 2


def paint_conifers(
    height: int,
    width: int,
    horizon: float,
    light: Light,
    random: np.random.Generator,
    near: float,
    *,
    sparse: bool = False,
    white: bool = False,
) -> Layer:
    """Return a row of conifers, nearer ones larger and darker; `white` ones carry snow."""
    image = Image.new("L", (width * _SCALE, height * _SCALE), 0)
    draw = ImageDraw.Draw(image)
    size = 0.06 + 0.86 * near**1.25
    foot = horizon + 0.02 + 0.16 * near**1.5
    at = -0.03
    while at < 1.03:
        tall = size * float(random.uniform(0.45, 1.0))
        place = foot + float(random.uniform(-0.008, 0.012))
        _conifer(draw, at * width, place * height, tall * height, random)
        at += size * float(random.uniform(0.10, 0.34))
        if sparse and random.random() < 0.30:
            at += float(random.uniform(0.05, 0.22))
    small = image.resize((width, height), Image.Resampling.BOX)
    alpha = np.asarray(small, np.float32) / 255
    y, x = grid(height, width)
    dark = hazed((0.10, 0.15, 0.11), light, near)
    lit = hazed((0.30, 0.36, 0.20) if not white else (0.92, 0.95, 1.0), light, near + 0.1)
    side = 3 if light.sun_x < 0.5 else -3
    edge = np.clip(alpha - np.roll(alpha, side, 1), 0, 1) * 0.35
    tops = np.clip(alpha - np.roll(alpha, 3, 0), 0, 1) * (2.0 if white else 0.25)
    ragged = fractal(height, width, random, 7.0)
    bright = np.clip((edge + tops) * (0.3 + 1.4 * ragged), 0, 1)
    mist = np.clip((y - foot + size * 0.55) / (size * 0.7), 0, 1) ** 1.6 * (0.95 - 0.9 * near)
    colour = mix(np.broadcast_to(dark, (height, width, 3)), lit, bright.astype(np.float32))
    air = hazed((0.5, 0.52, 0.5), light, 0.0)
    colour = mix(colour, air, np.clip(mist, 0, 0.85) * np.ones_like(x))
    return Layer(colour, alpha, near)


def _conifer(
    draw: ImageDraw.ImageDraw, x: float, foot: float, tall: float, random: np.random.Generator
) -> None:
    """Draw one conifer: tiers of drooping branches, each with its own reach."""
    tiers = max(5, min(15, int(tall / 11)))
    half = tall * float(random.uniform(0.15, 0.21))
    points = [(x, foot - tall)]
    right: list[tuple[float, float]] = []
    left: list[tuple[float, float]] = []
    for tier in range(1, tiers + 1):
        part = tier / tiers
        level = foot - tall * (1 - part * 0.94)
        for branch, sign in ((right, 1), (left, -1)):
            reach = half * part**0.85 * float(random.uniform(0.72, 1.12))
            branch.append((x + sign * reach, level + tall * 0.012))
            branch.append((x + sign * reach * 0.42, level - tall * 0.006))
    points += [*right, (x + tall * 0.012, foot), (x - tall * 0.012, foot), *left[::-1]]
    draw.polygon([(px * _SCALE, py * _SCALE) for px, py in points], fill=255)


def paint_trunks(height: int, width: int, light: Light, random: np.random.Generator) -> Layer:
    """Return dark trunks and twigs close to the camera at the sides, out of focus."""
    image = Image.new("L", (width, height), 0)
    draw = ImageDraw.Draw(image)
    for side in (0.0, 1.0):
        for _ in range(int(random.integers(0, 3))):
            x = abs(side - float(random.uniform(0.0, 0.085))) * width
            thick = float(random.uniform(0.018, 0.050)) * height
            lean = float(random.uniform(-0.05, 0.05)) * height
            shape = [(x - thick, height), (x - thick * 0.7 + lean, 0)]
            shape += [(x + thick * 0.7 + lean, 0), (x + thick, height)]
            draw.polygon(shape, fill=255)
    field = np.asarray(image, np.float32) / 255
    alpha = np.clip(blurred(field, height * 0.006), 0, 1)
    colour = np.ones((height, width, 3), np.float32) * hazed((0.07, 0.07, 0.06), light, 0.90)
    return Layer(colour, alpha, 0.95)


def paint_grass(height: int, width: int, light: Light, random: np.random.Generator) -> Layer:
    """Return blades of grass along the lower edge, out of focus, some with seeds."""
    image = Image.new("L", (width, height), 0)
    draw = ImageDraw.Draw(image)
    for _ in range(width // 4):
        side = float(random.random())
        # Fewer in the middle, where the eye goes through.
        tall = (0.04 + 0.17 * abs(side - 0.5) ** 1.5 * 2) * float(random.uniform(0.4, 1.2))
        x, bend = side * width, float(random.uniform(-0.35, 0.35)) * tall * height
        top = height - tall * height
        half = float(random.uniform(1.5, 3.5)) * height / 720
        middle = (x + bend * 0.3, (height + top) / 2)
        draw.polygon(
            [
                (x - half, height + 2),
                (middle[0] - half * 0.7, middle[1]),
                (x + bend, top),
                (middle[0] + half * 0.7, middle[1]),
                (x + half, height + 2),
            ],
            fill=255,
        )
    alpha = blurred(np.asarray(image, np.float32) / 255, height * 0.0035)
    return Layer(_blades(height, width, light, random), alpha * 0.95, 0.92)


def _blades(height: int, width: int, light: Light, random: np.random.Generator) -> Pixels:
    y, x = grid(height, width)
    tone = fractal(height, width, random, 12.0, 0.4)
    colour = np.ones((height, width, 3), np.float32) * hazed((0.14, 0.20, 0.08), light, 0.98)
    tips = smooth(0.99, 0.80, y) * tone * np.exp(-(((x - light.sun_x) / 0.45) ** 2))
    warm = hazed((0.62, 0.60, 0.26), light, 0.98)
    return mix(colour, warm, np.clip(tips * light.strength, 0, 0.8).astype(np.float32))
