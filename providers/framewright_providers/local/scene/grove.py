"""Inside a wood: trunks from the mist to the camera, a roof of leaves, shafts of light; leafy trees."""

# ruff: noqa: E501

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw

from framewright_providers.local.scene.land import hazed
from framewright_providers.local.scene.raster import (
    Layer,
    blurred,
    fractal,
    grained,
    grid,
    mix,
    smooth,
)

if TYPE_CHECKING:
    from framewright_providers.local.scene.colour import Colour
    from framewright_providers.local.scene.light import Light

LEAVES: dict[str, tuple[Colour, Colour]] = {
    "summer": ((0.16, 0.27, 0.10), (0.42, 0.52, 0.18)),
    "autumn": ((0.46, 0.20, 0.06), (0.92, 0.56, 0.14)),
    "spring": ((0.30, 0.40, 0.16), (0.80, 0.62, 0.66)),
    "pine": ((0.07, 0.13, 0.09), (0.21, 0.31, 0.17)),
    "jungle": ((0.06, 0.22, 0.10), (0.26, 0.50, 0.16)),
}
"""Shade and light of leaves by season."""


def paint_grove(
    height: int,
    width: int,
    horizon: float,
    light: Light,
    random: np.random.Generator,
    near: float,
    *,
    season: str,
    white: bool,
) -> Layer:
    """Return a rank of trunks with the leaves above them, nearer ones thicker and darker."""
    image = Image.new("L", (width, height), 0)
    draw = ImageDraw.Draw(image)
    foot = (horizon + 0.015 + 0.26 * near**1.8) * height
    thick = (0.006 + 0.060 * near**1.5) * height
    at = float(random.uniform(-0.05, 0.05))
    while at < 1.05:
        # The middle stays open, for the eye and for whoever stands there.
        open_middle = near > 0.4 and abs(at - 0.5) < 0.20
        stem, lean = at * width, float(random.uniform(-0.03, 0.03)) * height
        half = thick * float(random.uniform(0.6, 1.2)) / 2
        low = foot + float(random.uniform(-0.012, 0.012)) * height
        if not open_middle:
            draw.polygon(
                [
                    (stem - half * 1.5, low),
                    (stem - half, low - thick),
                    (stem - half * 0.6 + lean, -4),
                    (stem + half * 0.6 + lean, -4),
                    (stem + half, low - thick),
                    (stem + half * 1.5, low),
                ],
                fill=255,
            )
            for _ in range(2 if near > 0.25 else 1):
                up = float(random.uniform(0.10, 0.55)) * low
                way = float(random.choice((-1, 1))) * thick * float(random.uniform(1.2, 3.0))
                draw.line(
                    [(stem + lean * 0.5, up), (stem + way, up - abs(way) * 0.7)],
                    fill=255,
                    width=max(1, int(half * 0.45)),
                )
        at += (0.030 + 0.20 * near) * float(random.uniform(0.5, 1.5))
    trunks = np.asarray(image, np.float32) / 255
    y, x = grid(height, width)
    side = 1 if light.sun_x > 0.5 else -1
    reach = max(1, round(thick * 0.22))
    towards = np.clip(trunks - np.roll(trunks, -side * reach, 1), 0, 1)
    bark = grained(height, width, random, max(4.0, height * 0.02), 0.18)
    body = hazed((0.20, 0.15, 0.11), light, near)
    lit = hazed((0.52, 0.42, 0.30), light, min(1.0, near + 0.15)) * (0.5 + 0.6 * light.strength)
    colour = body * (0.70 + 0.55 * bark)[..., None]
    colour = mix(colour.astype(np.float32), lit, towards * 0.75)
    shade, bright = LEAVES[season]
    if white:
        shade, bright = (0.55, 0.60, 0.66), (0.94, 0.96, 1.0)
    clumps = fractal(height, width, random, height * (0.05 + 0.07 * near), 1.3)
    line = horizon - 0.26 + 0.10 * (1 - near) - 0.16 * near
    roof = smooth(
        0.46,
        0.53,
        clumps
        + 0.9 * (line - y)
        - 0.30 * np.exp(-(((x - light.sun_x) / 0.16) ** 2)) * (near < 0.5),
    )
    fine = grained(height, width, random, height * 0.014)
    sunny = np.clip((fine - 0.42) * 3.0, 0, 1) * (0.30 + 0.70 * light.strength)
    leaves = mix(
        np.broadcast_to(hazed(shade, light, near), (height, width, 3)),
        hazed(bright, light, min(1.0, near + 0.1)),
        sunny.astype(np.float32),
    )
    colour = mix(colour, leaves, roof)
    alpha = np.clip(np.maximum(trunks, roof * smooth(0.30, 0.42, fine + 0.25 * roof)), 0, 1)
    mist = smooth(foot / height - 0.30, foot / height, y) * (0.75 - 0.75 * near)
    colour = mix(
        colour, hazed((0.5, 0.52, 0.48), light, 0.0), (mist * np.ones_like(x)).astype(np.float32)
    )
    if near > 0.8:
        alpha = np.clip(blurred(alpha, height * 0.004), 0, 1)
    return Layer(colour.astype(np.float32), alpha.astype(np.float32), near)


def paint_shafts(
    height: int, width: int, horizon: float, light: Light, random: np.random.Generator
) -> Layer:
    """Return the shafts in which light falls through the leaves."""
    y, x = grid(height, width)
    wide = width / height
    angle = np.arctan2((x - light.sun_x) * wide, y + 0.25)
    total = np.zeros((height, width), np.float32)
    for _ in range(8):
        at, thin = float(random.uniform(-0.7, 0.7)), float(random.uniform(0.012, 0.045))
        total += np.exp(-(((angle - at) / thin) ** 2)).astype(np.float32) * float(
            random.uniform(0.4, 1.0)
        )
    share = np.clip(total, 0, 1) * smooth(horizon + 0.22, 0.05, y) * 0.26 * light.strength
    colour = np.ones((height, width, 3), np.float32) * np.asarray(light.sun, np.float32) * 1.1
    return Layer(colour, share.astype(np.float32), 0.5)


def paint_leafy(
    height: int,
    width: int,
    horizon: float,
    light: Light,
    random: np.random.Generator,
    *,
    season: str,
    near: float = 0.3,
) -> Layer:
    """Return a row of broad trees with round crowns, lit from one side."""
    y, x = grid(height, width)
    wide = width / height
    shade, bright = LEAVES[season]
    colour = np.zeros((height, width, 3), np.float32)
    alpha = np.zeros((height, width), np.float32)
    fine = grained(height, width, random, height * 0.022)
    grain = grained(height, width, random, height * 0.007)
    side = 1.0 if light.sun_x > 0.5 else -1.0
    at = float(random.uniform(-0.04, 0.08))
    dark, lit = hazed(shade, light, near + 0.15), hazed(bright, light, near + 0.25)
    while at < 1.06:
        tall = float(random.uniform(0.16, 0.30)) * (0.55 + 1.1 * near)
        foot = horizon + 0.02 + 0.05 * near + float(random.uniform(-0.01, 0.01))
        trunk = (
            smooth(0.014 * tall * 4, 0.008 * tall * 4, np.abs(x - at) * wide)
            * (y < foot)
            * (y > foot - tall * 0.6)
        )
        alpha = np.maximum(alpha, trunk)
        colour = mix(colour, hazed((0.20, 0.14, 0.10), light, near + 0.2), trunk.astype(np.float32))
        for _ in range(6):
            cx = at + float(random.uniform(-0.32, 0.32)) * tall / wide
            cy = foot - tall * float(random.uniform(0.55, 0.98))
            radius = tall * float(random.uniform(0.20, 0.34))
            # Only where the crown can be is anything worked out.
            rows = slice(
                max(0, int((cy - 1.5 * radius) * height)), int((cy + 1.5 * radius) * height)
            )
            reach = 1.5 * radius / wide
            columns = slice(max(0, int((cx - reach) * width)), max(0, int((cx + reach) * width)))
            box = (rows, columns)
            u, v = (x[:, columns] - cx) * wide / radius, (y[rows] - cy) / radius
            if not u.size or not v.size:
                continue
            body = smooth(0.10, -0.04, u * u + v * v - 1 + (fine[box] - 0.5) * 1.7)
            form = np.clip(0.46 + 0.62 * (u * side * 0.7 - v) + (grain[box] - 0.5) * 0.9, 0, 1)
            leaf = mix(dark, lit, form * (0.35 + 0.65 * light.strength))
            colour[box] = mix(colour[box], leaf, body)
            alpha[box] = np.maximum(alpha[box], body)
        at += tall / wide * float(random.uniform(0.7, 1.9))
    return Layer(colour.astype(np.float32), alpha.astype(np.float32), near)
