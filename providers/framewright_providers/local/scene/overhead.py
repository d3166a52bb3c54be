"""Places seen straight from above: ground, roads, crowns, roofs, and the shadows they throw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from framewright_providers.local.scene.raster import (
    Layer,
    blurred,
    fractal,
    grained,
    grid,
    mix,
    smooth,
    solid,
)

if TYPE_CHECKING:
    from framewright_providers.local.scene.colour import Colour
    from framewright_providers.local.scene.light import Light
    from framewright_providers.local.scene.raster import Pixels
    from framewright_providers.local.scene.words import SceneWords

_GROUNDS: dict[str, tuple[Colour, Colour]] = {
    "beach": ((0.90, 0.78, 0.58), (0.80, 0.66, 0.46)),
    "desert": ((0.88, 0.64, 0.40), (0.74, 0.48, 0.28)),
    "snow": ((0.93, 0.95, 1.0), (0.80, 0.86, 0.95)),
    "forest": ((0.20, 0.27, 0.13), (0.13, 0.17, 0.09)),
    "street": ((0.34, 0.34, 0.36), (0.28, 0.28, 0.30)),
    "city": ((0.40, 0.40, 0.41), (0.33, 0.33, 0.35)),
    "room": ((0.52, 0.36, 0.23), (0.44, 0.30, 0.19)),
    "ocean": ((0.04, 0.30, 0.42), (0.02, 0.16, 0.30)),
    "lake": ((0.06, 0.28, 0.34), (0.03, 0.16, 0.24)),
    "studio": ((0.80, 0.79, 0.77), (0.72, 0.71, 0.70)),
}
_MEADOW: tuple[Colour, Colour] = ((0.40, 0.50, 0.20), (0.28, 0.38, 0.14))


def paint_overhead(
    words: SceneWords, height: int, width: int, light: Light, random: np.random.Generator
) -> tuple[Layer, ...]:
    """Return a place from above; the middle stays free for whoever is there."""
    setting = {"alley": "street"}.get(words.setting, words.setting)
    one, other = _GROUNDS.get(setting, _MEADOW)
    y, x = grid(height, width)
    wide = width / height
    large = fractal(height, width, random, height * 0.4, 1.2)
    fine = grained(height, width, random, 7.0)
    fall = light.falling
    colour = mix(one, other, smooth(0.35, 0.65, large)) * (0.80 + 0.42 * fine)[..., None] * fall
    if setting in {"ocean", "lake", "beach"}:
        colour = _water(colour, setting, height, width, light, random)
    if setting in {"street", "city"}:
        colour = _streets(colour, height, width, fall)
    elif setting in {"meadow", "forest", "mountains", "desert", "snow"} and (
        "meadow" in words.also or "street" in words.also or setting == "forest"
    ):
        bend = 0.5 + 0.10 * np.sin(y * 4.2 + 1.0) + 0.0 * x
        road = smooth(0.085, 0.078, np.abs(x - bend) * wide)
        colour = mix(
            colour,
            np.asarray((0.33, 0.33, 0.35), np.float32) * fall * (0.9 + 0.2 * fine[..., None]),
            road,
        )
        line = smooth(0.006, 0.003, np.abs(x - bend) * wide) * ((y * 14) % 1.0 < 0.5)
        colour = mix(
            colour, np.asarray((0.85, 0.82, 0.70), np.float32) * fall, line.astype(np.float32)
        )
    if setting == "room":
        planks = smooth(0.0, 0.004, np.abs(((y * 9) % 1.0) - 0.02))
        colour = colour * (0.75 + 0.25 * planks)[..., None]
    shade: Any = np.zeros((height, width), np.float32)
    raised, cover, high = _raised(setting, height, width, fall, light, random)
    lean = 1.0 if light.sun_x < 0.5 else -1.0
    for step in (0.25, 0.5, 0.75, 1.0):
        moved = np.roll(
            high, (round(0.05 * step * height), round(lean * 0.06 * step * height)), (0, 1)
        )
        shade = np.maximum(shade, (moved >= step * 0.8).astype(np.float32))
    dim = 1 - 0.52 * light.strength * blurred(shade, 2.0) * (1 - cover)
    colour = (colour * dim[..., None]).astype(np.float32)
    return (solid(height, width, 0.1, colour.astype(np.float32)), Layer(raised, cover, 0.4))


def _water(
    colour: Pixels, setting: str, height: int, width: int, light: Light, random: np.random.Generator
) -> Pixels:
    y, x = grid(height, width)
    waves = grained(height, width, random, 26.0, 2.6)
    deep = np.asarray((0.03, 0.28, 0.40), np.float32) * light.falling
    shallow = np.asarray((0.22, 0.62, 0.64), np.float32) * light.falling
    if setting != "beach":
        crest = smooth(0.60, 0.75, waves)
        return mix(
            colour * (0.75 + 0.5 * waves)[..., None],
            np.asarray((0.85, 0.92, 0.95), np.float32) * light.falling,
            crest * 0.35,
        )
    shore = (
        0.34
        + 0.05 * np.sin(x * 7 + 1)
        + 0.03 * (fractal(height, width, random, height * 0.2) - 0.5)
    )
    out = np.clip((shore - y) / 0.34, 0, 1)
    sea = (
        mix(np.broadcast_to(shallow, (height, width, 3)), deep, smooth(0.0, 0.8, out))
        * (0.82 + 0.36 * waves)[..., None]
    )
    wet = smooth(0.06, 0.0, y - shore)
    colour = colour * (1 - 0.35 * wet)[..., None]
    colour = mix(colour, sea, smooth(0.006, -0.006, y - shore))
    foam = np.zeros_like(waves)
    for at, thick in ((0.0, 0.014), (0.06, 0.009), (0.13, 0.007)):
        foam = np.maximum(
            foam,
            smooth(thick, thick * 0.3, np.abs(y - shore + at + 0.03 * (waves - 0.5)))
            * smooth(0.42, 0.56, waves + 0.12),
        )
    return mix(colour, np.asarray((0.95, 0.97, 0.98), np.float32) * light.falling, foam)


def _streets(colour: Pixels, height: int, width: int, fall: Pixels) -> Pixels:
    y, x = grid(height, width)
    wide = width / height
    walk = np.asarray((0.56, 0.55, 0.53), np.float32) * fall
    off = np.abs(x - 0.5) * wide
    side = smooth(0.24, 0.25, off)
    joints = smooth(0.0, 0.06, np.abs(((y * 12) % 1) - 0.03)) * smooth(
        0.0, 0.06, np.abs(((x * wide * 12) % 1) - 0.03)
    )
    colour = mix(colour, walk * (0.82 + 0.18 * joints)[..., None], side * np.ones_like(y))
    paint = np.asarray((0.86, 0.85, 0.80), np.float32) * fall
    dashes = smooth(0.008, 0.004, off) * ((y * 7) % 1.0 < 0.55)
    zebra = (
        (((x * wide + 0.02) * 13) % 1.0 < 0.5)
        * (off < 0.22)
        * smooth(0.09, 0.085, np.abs(y - 0.80))
    )
    return mix(colour, paint, np.clip(dashes + zebra, 0, 1).astype(np.float32) * 0.8)


def _raised(
    setting: str, height: int, width: int, fall: Pixels, light: Light, random: np.random.Generator
) -> tuple[Pixels, Pixels, Pixels]:
    """Return what stands up from the ground: crowns, rocks or roofs; colour, cover and height."""
    y, x = grid(height, width)
    wide = width / height
    colour = np.zeros((height, width, 3), np.float32)
    cover = np.zeros((height, width), np.float32)
    side = 1.0 if light.sun_x > 0.5 else -1.0
    fine = grained(height, width, random, 9.0)
    if setting in {"street", "city"}:
        for left, right in ((-0.1, 0.20), (0.80, 1.1)):
            at = -0.05
            while at < 1.0:
                deep = float(random.uniform(0.22, 0.45))
                tone = np.asarray(
                    ((0.48, 0.34, 0.28), (0.52, 0.50, 0.47), (0.38, 0.38, 0.42))[
                        int(random.integers(3))
                    ],
                    np.float32,
                )
                roof = ((x > left) & (x < right) & (y > at) & (y < at + deep - 0.015)).astype(
                    np.float32
                )
                rim = roof * (1 - blurred(roof, 3.0)) * 2
                colour = mix(colour, tone * fall * (0.9 + 0.25 * fine[..., None]), roof)
                colour = mix(colour, tone * fall * 1.3, np.clip(rim, 0, 1))
                cover = np.maximum(cover, roof)
                at += deep
        return colour.astype(np.float32), cover, cover
    many = {"forest": 70, "meadow": 14, "mountains": 26, "snow": 12, "desert": 9, "beach": 5}.get(
        setting, 0
    )
    shade: Colour = {"snow": (0.50, 0.56, 0.60), "desert": (0.36, 0.28, 0.18)}.get(
        setting, (0.13, 0.25, 0.08)
    )
    bright: Colour = {"snow": (0.96, 0.98, 1.0), "desert": (0.62, 0.44, 0.28)}.get(
        setting, (0.42, 0.54, 0.18)
    )
    for _ in range(many):
        cx, cy = float(random.random()), float(random.random())
        radius = float(random.uniform(0.045, 0.105)) * (
            0.6 if setting in {"desert", "snow"} else 1.0
        )
        if abs(cx - 0.5 - 0.10 * np.sin(cy * 4.2 + 1.0) * (setting == "forest")) * wide < 0.26:
            continue
        if setting == "beach" and cy < 0.55:
            continue
        rows = slice(max(0, int((cy - 1.5 * radius) * height)), int((cy + 1.5 * radius) * height))
        reach = 1.5 * radius / wide
        columns = slice(max(0, int((cx - reach) * width)), max(0, int((cx + reach) * width)))
        box = (rows, columns)
        u, v = (x[:, columns] - cx) * wide / radius, (y[rows] - cy) / radius
        if not u.size or not v.size:
            continue
        ball = u * u + v * v
        body = smooth(0.16, -0.16, ball - 1 + (fine[box] - 0.5) * 1.3)
        lit = 0.55 + 0.32 * (u * side - v) + (fine[box] - 0.5) * 0.9 - 0.2 * ball
        leaf = mix(shade, bright, np.clip(lit, 0, 1)) * fall
        colour[box] = mix(colour[box], leaf, body)
        cover[box] = np.maximum(cover[box], body)
    return colour.astype(np.float32), cover.astype(np.float32), cover
