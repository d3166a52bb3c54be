"""Gives silhouettes their form: how light, sky and ground fall on each part of a thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from framewright_providers.local.scene.raster import blurred, fractal, mix, smooth
from framewright_providers.local.scene.shapes import Pen

if TYPE_CHECKING:
    from framewright_providers.local.scene.colour import Colour
    from framewright_providers.local.scene.light import Light
    from framewright_providers.local.scene.raster import Pixels
    from framewright_providers.local.scene.shapes import Part, Thing


def painted(
    thing: Thing,
    tint: Colour | None,
    light: Light,
    size: tuple[int, int],
    random: np.random.Generator,
) -> tuple[Pixels, Pixels]:
    """Return a thing's colour and cover in its own box of (rows, columns)."""
    rows, columns = size
    colour = np.zeros((rows, columns, 3), np.float32)
    whole = np.zeros((rows, columns), np.float32)
    for number, part in enumerate(thing.parts):
        pen = Pen(rows, columns)
        part.draw(pen)
        mask = pen.mask()
        own = tint if tint is not None and number in thing.tinted else part.colour
        lit = _lit(part, own, mask, light, random)
        # Where one part stands before another it takes a little of its light.
        contact = blurred(mask, max(1.0, rows * 0.016)) * whole * (1 - mask) * 0.40
        colour = mix(colour * (1 - contact)[..., None], lit, mask)
        whole = np.maximum(whole, mask)
    colour *= _closed_in(rows)[:, None, None]
    colour += _edge(whole, light)
    # Under the soft edge stands the colour beside it, so that no dark line appears.
    inner = blurred(whole, 1.6)
    spread = np.stack([blurred(colour[..., part] * whole, 1.6) for part in range(3)], axis=-1)
    filled = spread / np.maximum(inner, 1e-3)[..., None]
    colour = mix(filled, colour, smooth(0.6, 0.98, whole))
    return np.clip(colour, 0, 4), whole


def _closed_in(rows: int) -> Pixels:
    """Return how much light each row gets: less close to the ground."""
    y = np.linspace(0, 1, rows, dtype=np.float32)
    return 1 - 0.26 * smooth(0.80, 1.0, y)


def _edge(mask: Pixels, light: Light) -> Pixels:
    """Return the bright rim that a light behind a thing draws along its side."""
    rows, columns = mask.shape
    towards = light.direction
    back = float(np.clip(0.55 - towards[2], 0, 1))
    reach = max(1.0, rows * 0.007)
    shift_x, shift_y = (int(np.sign(towards[0]) * reach * 1.6), int(towards[1] * reach * 2.2))
    padded = np.pad(mask, max(abs(shift_x), abs(shift_y), 1))
    pad = max(abs(shift_x), abs(shift_y), 1)
    moved = padded[pad + shift_y : pad + shift_y + rows, pad + shift_x : pad + shift_x + columns]
    rim = blurred(np.clip(mask - moved, 0, 1), reach * 0.7) * mask
    strength = rim * (0.25 + 0.95 * back) * light.strength
    return strength[..., None].astype(np.float32) * np.asarray(light.sun, np.float32)


def _lit(
    part: Part, colour: Colour, mask: Pixels, light: Light, random: np.random.Generator
) -> Pixels:
    """Return a part's colour under sun, sky and ground, with its gloss."""
    normal = _normals(part, mask)
    towards = light.direction.astype(np.float32)
    # Air and sky wrap the light round: no hard line between light and shade.
    facing = np.clip((normal @ towards + 0.38) / 1.38, 0, 1) ** 1.4
    sun, shade = np.asarray(light.sun, np.float32), np.asarray(light.ambient, np.float32)
    body = np.asarray(colour, np.float32)
    up = np.clip(-normal[..., 1], -1, 1)[..., None]
    glow = np.asarray(light.horizon, np.float32) * 0.55 + np.asarray(light.middle) * 0.25
    side = np.clip(0.5 + 0.5 * normal[..., 0] * np.sign(towards[0]), 0, 1)[..., None]
    sky = shade * (0.86 + 0.34 * np.clip(up, 0, 1)) + glow.astype(np.float32) * 0.30 * side
    bounce = light.falling * np.asarray((1.0, 0.9, 0.78), np.float32) * 0.26 * np.clip(-up, 0, 1)
    grain = 1 + 0.10 * (
        fractal(mask.shape[0], mask.shape[1], random, max(4.0, mask.shape[0] * 0.04)) - 0.5
    )
    falls = sky + bounce + 0.98 * light.strength * sun * facing[..., None]
    lit = body * falls * grain[..., None] + _gloss(part, normal, towards, light)
    if part.glow:
        lit = lit * (1 - part.glow) + body * part.glow * 1.5
    shown: Pixels = np.clip(lit, 0, 4).astype(np.float32)
    return shown


def _gloss(part: Part, normal: Pixels, towards: Pixels, light: Light) -> Pixels:
    """Return what a part mirrors: the sun as a soft streak, the bright sky along its sides."""
    half = towards + np.asarray((0, 0, 1), np.float32)
    half[1] *= 0.25 if part.form == "round" else 1.0
    half /= np.linalg.norm(half)
    sharp = np.clip(normal @ half, 0, 1) ** (14 + 60 * part.shine**2)
    grazing = (1 - np.clip(normal[..., 2], 0, 1)) ** 3
    sun = np.asarray(light.sun, np.float32) * (0.5 * light.strength + 0.2)
    sky = np.asarray(light.horizon, np.float32)
    shine: Pixels = (
        part.shine * (0.42 * sharp[..., None] * sun + 0.16 * grazing[..., None] * sky)
    ).astype(np.float32)
    return shine


def _normals(part: Part, mask: Pixels) -> Pixels:
    """Return unit normals (x right, y down, z to the viewer) that give a silhouette its form."""
    height, width = mask.shape
    if part.form == "flat":
        tilted = np.zeros((height, width, 3), np.float32)
        tilted[..., 1], tilted[..., 2] = -0.5, 0.866
        return tilted
    if part.form == "round":
        inside = mask > 0.5
        columns = np.arange(width, dtype=np.float32)[None, :]
        left = np.where(inside.any(1), inside.argmax(1), 0)[:, None]
        right = np.where(inside.any(1), width - 1 - inside[:, ::-1].argmax(1), width)[:, None]
        across = np.clip((columns - (left + right) / 2) / np.maximum(1, (right - left) / 2), -1, 1)
        x = across * 0.985
        z = np.sqrt(np.clip(1 - x * x, 0.02, 1))
        return np.stack([x, np.full_like(x, -0.10), z], axis=-1).astype(np.float32)
    swollen = np.zeros_like(mask)
    for reach, share in ((0.010, 0.15), (0.035, 0.35), (0.09, 0.5)):
        swollen += share * blurred(mask, max(1.0, height * reach)) * mask
    down, across = np.gradient(swollen)
    slope = height * 0.042
    normal = np.stack([-across * slope, -down * slope, np.full_like(mask, 0.62)], axis=-1)
    unit: Pixels = (normal / np.linalg.norm(normal, axis=-1, keepdims=True)).astype(np.float32)
    return unit
