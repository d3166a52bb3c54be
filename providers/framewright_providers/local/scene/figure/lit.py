"""Light on what is seen of solids: sun, sky, bounce, the shadows a body throws on itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from framewright_providers.local.scene.raster import blurred

if TYPE_CHECKING:
    from framewright_providers.local.scene.figure.view import Seen
    from framewright_providers.local.scene.light import Light
    from framewright_providers.local.scene.raster import Pixels


def lit(seen: Seen, light: Light, scale: float, *, close: bool = False) -> Pixels:
    """Return the colour of each pixel; `scale` is pixels a unit of the body.

    Close to a face, a fill light stands beside the camera, as on any set.
    """
    towards = light.direction.astype(np.float32)
    if close:
        towards = towards + np.asarray((0, -0.05, 0.45), np.float32)
        towards /= np.float32(np.linalg.norm(towards))
    normal = seen.normal
    mask = seen.mask
    open_to_sky = _closed_in(seen.depth, mask, scale)
    shaded = _own_shadow(seen.depth, mask, towards, scale)
    facing = np.clip((normal @ towards + 0.30) / 1.30, 0, 1) ** 1.35
    sun = np.asarray(light.sun, np.float32)
    ambient = np.asarray(light.ambient, np.float32)
    up = np.clip(-normal[..., 1], -1, 1)[..., None]
    side = np.clip(0.5 + 0.5 * normal[..., 0] * np.sign(towards[0]), 0, 1)[..., None]
    glow = (
        np.asarray(light.horizon, np.float32) * 0.55 + np.asarray(light.middle, np.float32) * 0.25
    )
    sky = ambient * (0.86 + 0.40 * np.clip(up, 0, 1)) + glow * 0.30 * side
    bounce = light.falling * 0.26 * np.clip(-up, 0, 1)
    key = 0.98 * light.strength * sun * (facing * shaded)[..., None]
    rim = (1 - np.clip(normal[..., 2], 0, 1)) ** 3
    behind = float(np.clip(0.6 - light.direction[2], 0, 1))
    edge = rim * np.clip(normal @ (light.direction.astype(np.float32) * (1, 1, 0)) + 0.2, 0, 1)
    body = seen.colour
    falls = (sky + bounce) * open_to_sky[..., None] + key
    # Light goes a little into skin and cloth and comes out redder at the edge of the shade.
    shown = body * falls * (0.96 + 0.06 * body)
    half = towards + np.asarray((0, 0, 1), np.float32)
    half /= np.float32(np.linalg.norm(half))
    power = (12 + 50 * seen.shine**2)[..., None]
    sharp = np.clip(normal @ half, 0, 1)[..., None] ** power
    shown += seen.shine[..., None] * (
        0.45 * sharp * sun * (0.5 * light.strength + 0.2) * shaded[..., None]
        + 0.14 * rim[..., None] * np.asarray(light.horizon, np.float32)
    )
    shown += (
        (edge * (0.12 + 1.10 * behind) * light.strength)[..., None] * sun * (0.35 + 0.65 * body)
    )
    glowing = seen.glow[..., None]
    shown = shown * (1 - glowing) + body * glowing * 1.5
    held: Pixels = np.clip(shown, 0, 4).astype(np.float32)
    return held


def _closed_in(depth: Pixels, mask: Pixels, scale: float) -> Pixels:
    """Return how much sky each pixel sees: little where what is near stands before it."""
    known = np.where(mask > 0, depth, 0)
    low = float(known.min()) - 0.02
    span = max(1e-3, float(known.max()) - low)
    level = np.where(mask > 0, (depth - low) / span, 0).astype(np.float32)
    opened = np.ones_like(level)
    for reach, strength in ((0.016, 7.0), (0.060, 2.4)):
        radius = max(1.0, reach * scale)
        cover = np.maximum(blurred(mask, radius), 1e-3)
        around = blurred(level, radius) / cover
        opened -= np.clip((around - level) * span * strength, 0, 0.42)
    kept: Pixels = np.clip(opened, 0.25, 1).astype(np.float32)
    return kept


def _own_shadow(depth: Pixels, mask: Pixels, towards: Pixels, scale: float) -> Pixels:
    """Return 0 where a nearer part stands in the light's way: a chin, an arm, the brim of a hat."""
    flat = float(np.hypot(towards[0], towards[1]))
    if flat < 0.05 or towards[2] < 0.02:
        return np.ones_like(mask)
    rows, columns = mask.shape
    across, down = float(towards[0]) / flat, float(towards[1]) / flat
    rise = float(towards[2]) / flat
    known = np.where(mask > 0, depth, -9).astype(np.float32)
    blocked = np.zeros_like(mask)
    for step in (0.012, 0.020, 0.032, 0.048, 0.070, 0.100, 0.140):
        dx, dy = round(across * step * scale), round(down * step * scale)
        moved = np.full_like(known, -9)
        to_y, from_y = _overlap(dy, rows)
        to_x, from_x = _overlap(dx, columns)
        moved[to_y, to_x] = known[from_y, from_x]
        over = moved - known - rise * step
        blocked = np.maximum(blocked, np.clip((over - 0.004) / 0.012, 0, 1) * (over < 0.16))
    soft = blurred(blocked, max(1.0, 0.006 * scale))
    kept: Pixels = (1 - 0.80 * soft).astype(np.float32)
    return kept


def _overlap(shift: int, size: int) -> tuple[slice, slice]:
    """Return where a picture moved against its axis by `shift` lands, and what of it."""
    if abs(shift) >= size:
        return slice(0, 0), slice(0, 0)
    if shift >= 0:
        return slice(0, size - shift), slice(shift, size)
    return slice(-shift, size), slice(0, size + shift)
