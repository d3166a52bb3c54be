"""Cities: rows of houses with lit windows over a street that may be wet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from framewright_providers.local.scene.raster import (
    Layer,
    grid,
    mix,
    receding,
    smooth,
)
from framewright_providers.local.scene.sky import paint_sky

if TYPE_CHECKING:
    from framewright_providers.local.scene.light import Light
    from framewright_providers.local.scene.raster import Pixels
    from framewright_providers.local.scene.words import SceneWords

_HORIZON = 0.70
_NEON = ((1.0, 0.20, 0.55), (0.15, 0.85, 1.0), (1.0, 0.62, 0.18), (0.62, 0.30, 1.0))


def paint_city(
    height: int, width: int, light: Light, words: SceneWords, random: np.random.Generator
) -> tuple[Layer, ...]:
    """Return sky, three rows of houses and the street."""
    sky = paint_sky(height, width, _HORIZON, light, random)
    dark = words.time in {"night", "blue", "storm"} or "neon" in words.styles
    rows = tuple(
        _row(height, width, light, near, dark, "neon" in words.styles, random)
        for near in (0.12, 0.28, 0.48)
    )
    painted = sky.colour
    for row in rows:
        painted = mix(painted, row.colour, row.alpha)
    wet = dark or bool(words.weather & {"rain", "snow"})
    return (sky, *rows, _street(height, width, light, painted, wet, random))


def _row(
    height: int,
    width: int,
    light: Light,
    near: float,
    dark: bool,
    neon: bool,
    random: np.random.Generator,
) -> Layer:
    y, x = grid(height, width)
    haze = (1 - near) * (0.35 + 0.5 * light.haze)
    stone = np.asarray((0.34, 0.35, 0.40), np.float32) * (
        np.asarray(light.ambient, np.float32)
        + np.asarray(light.sun, np.float32) * 0.6 * light.strength
    )
    body = stone * (1 - haze) + np.asarray(light.horizon, np.float32) * haze * 0.9
    colour = np.ones((height, width, 3), np.float32) * body
    alpha = np.zeros((height, width), np.float32)
    at = -int(0.02 * width)
    while at < width:
        wide = max(8, int(width * float(random.uniform(0.04, 0.10)) * (0.6 + near)))
        edge = abs((at + wide / 2) / width - 0.5) * 2
        tall = float(random.uniform(0.18, 0.42)) * (0.75 + 0.55 * near * edge + 0.25 * edge)
        top = int((_HORIZON - tall) * height)
        left, right = max(0, at), min(width, at + wide)
        if right > left:
            alpha[top:, left:right] = 1
            lit_side = 1.10 if (light.sun_x > 0.5) == (random.random() < 0.6) else 0.86
            colour[top:, left:right] *= lit_side
            _windows(colour[top:, left:right], near, dark, neon, light, random)
        at += wide + int(width * float(random.uniform(-0.004, 0.012)))
    foot = smooth(_HORIZON - 0.22, _HORIZON + 0.02, y) * haze * 0.55 * np.ones_like(x)
    colour = mix(colour, np.asarray(light.horizon, np.float32), foot.astype(np.float32))
    return Layer(np.clip(colour, 0, 1), alpha, near)


def _windows(
    wall: Pixels, near: float, dark: bool, neon: bool, light: Light, random: np.random.Generator
) -> None:
    """Draw the panes of a house in its piece of the picture; floors are lit or dark together."""
    height, width, _ = wall.shape
    across, down = int(5 + 9 * near), int(7 + 13 * near)
    rows, columns = height // down, width // across
    if not rows or not columns:
        return
    pane = np.zeros((down, across), np.float32)
    pane[down // 4 : down // 4 + down // 2, across // 4 : across - across // 4] = 1
    panes = np.tile(pane, (rows, columns))
    floors = random.uniform(0.25, 1.0, (rows, 1)) * (0.62 if dark else 0.10)
    on = (random.random((rows, columns)) < floors) * random.uniform(0.35, 1.0, (rows, columns))
    lit = np.kron(on.astype(np.float32), np.ones((down, across), np.float32)) * panes
    warm = np.asarray((1.15, 0.80, 0.44), np.float32)
    if neon:
        warm = 0.4 * warm + 0.6 * np.asarray(_NEON[int(random.integers(4))], np.float32)
    piece = wall[: rows * down, : columns * across]
    glass = np.asarray(light.middle, np.float32) * (0.10 if dark else 0.35)
    piece[...] = mix(piece, piece * 0.55 + glass * 0.5, panes * (0.5 if dark else 0.45))
    piece[...] = mix(piece, warm, lit * (0.55 + 0.40 * near))
    if neon and width > 26 and height > 80:
        _sign(wall, random)


def _sign(wall: Pixels, random: np.random.Generator) -> None:
    """Hang a glowing upright sign on a house."""
    height, width, _ = wall.shape
    tone = np.asarray(_NEON[int(random.integers(4))], np.float32)
    at, tall = int(random.uniform(0.15, 0.5) * height), int(random.uniform(0.10, 0.24) * height)
    left = int(random.uniform(0.1, 0.7) * width)
    y = np.arange(height, dtype=np.float32)[:, None] - at - tall / 2
    x = np.arange(width, dtype=np.float32)[None, :] - left - 4
    away = np.hypot(np.maximum(np.abs(y) - tall / 2, 0), np.maximum(np.abs(x) - 4, 0))
    wall += (np.exp(-away / 7) * 0.55)[..., None].astype(np.float32) * tone
    wall[at : at + tall, max(0, left) : left + 8] = tone * 1.5 + 0.15


def _street(
    height: int, width: int, light: Light, above: Pixels, wet: bool, random: np.random.Generator
) -> Layer:
    y, x = grid(height, width)
    asphalt = np.asarray((0.30, 0.30, 0.33), np.float32) * (
        np.asarray(light.ambient, np.float32)
        + np.asarray(light.sun, np.float32) * 0.6 * light.strength
    )
    rough = receding(height, width, _HORIZON, random, grain=160.0, scale=30.0)
    colour = asphalt * (0.8 + 0.5 * (rough - 0.5))[..., None]
    line = int(_HORIZON * height)
    turned = above[np.clip(2 * line - np.arange(height), 0, line)]
    streaked = turned * 0.5 + np.roll(turned, 5, 1) * 0.25 + np.roll(turned, -5, 1) * 0.25
    share = smooth(0.40, 0.62, rough) * (0.75 if wet else 0.12) + (0.16 if wet else 0.0)
    colour = mix(colour.astype(np.float32), streaked, np.clip(share, 0, 0.9).astype(np.float32))
    away = np.clip((y - _HORIZON) / (1 - _HORIZON), 1e-3, 1)
    lane = smooth(0.010, 0.006, np.abs(x - 0.5) / (0.15 + away)) * ((away**0.5 * 9) % 1.0 < 0.5)
    colour = mix(colour, (0.78, 0.76, 0.66), (0.45 * lane).astype(np.float32))
    return Layer(np.clip(colour, 0, 1), smooth(0.0, 0.003, y - _HORIZON) * np.ones_like(x), 0.6)
