"""How things stand in a scene: shadow and reflection on the ground, grass before their feet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from framewright_providers.local.scene.raster import Layer, blurred, fractal, smooth

if TYPE_CHECKING:
    from framewright_providers.local.scene.light import Light
    from framewright_providers.local.scene.raster import Pixels


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a thing is in the frame, in pixels."""

    left: int
    top: int
    width: int
    height: int
    ground: int
    """The row its feet or its shadow touch."""


def aired(colour: Pixels, light: Light, near: bool) -> Pixels:
    """Return a thing through the air before it: some of the horizon's light, more in a haze."""
    share = 0.0 if near else 0.02 + 0.22 * max(0.0, light.haze - 0.35)
    return colour * (1 - share) + np.asarray(light.horizon, np.float32) * share


def on_its_feet(stand: Stand, mask: Pixels) -> Stand:
    """Return the stand lowered so that the lowest pixel of the thing touches the ground."""
    rows = np.flatnonzero((mask > 0.5).any(axis=1))
    gap = mask.shape[0] - 1 - int(rows[-1]) if rows.size else 0
    return replace(stand, top=stand.top + gap)


def uncovered(
    stand: Stand, cover: str, frame: tuple[int, int], random: np.random.Generator
) -> Pixels:
    """Return 1 where a thing shows and 0 where grass or sand hides its feet."""
    if not cover:
        return np.ones(frame, np.float32)
    height, width = frame
    deep = {"grass": 0.030, "sand": 0.012}[cover] * height
    fine = {"grass": 2.5, "sand": 26.0}[cover]
    edge = fractal(8, width, random, fine, 1.0)[4] * deep
    rows = np.arange(height, dtype=np.float32)[:, None]
    return smooth(1.5, -1.5, rows - (stand.ground - edge)[None, :])


def shadow(mask: Pixels, stand: Stand, depth: float, light: Light, near: float) -> Layer:
    """Return the shadow on the ground: the silhouette laid down, away from the light.

    `depth` is how far the base reaches back on the ground, as a part of its height.
    """
    height, width = mask.shape
    foot = stand.ground - round(depth * stand.height)
    low = float(np.clip((light.sun_y - 0.20) / 0.25, 0, 1))
    flat = 0.20 + 0.42 * low
    middle = (stand.left + stand.width / 2) / width
    lean = float(np.clip((middle - light.sun_x) * 2.2, -1.3, 1.3))
    rows = np.arange(height)
    back = (rows - foot) / flat
    source = np.clip(foot + depth * stand.height - back, 0, height - 1).astype(int)
    shift = ((rows - foot) * lean / flat * (0.45 + 0.3 * low)).astype(int)
    columns = np.arange(width)[None, :] - shift[:, None]
    inside = (columns >= 0) & (columns < width)
    laid = mask[source[:, None], np.clip(columns, 0, width - 1)] * inside
    laid = laid * ((rows >= foot) & (back < stand.height))[:, None]
    fade = np.exp(-np.clip(back, 0, None) / (stand.height * 0.75))[:, None]
    cast = (laid * fade).astype(np.float32)
    # A shadow is sharp at the foot and softens with its length.
    sharp, soft = blurred(cast, height * 0.004), blurred(cast, height * 0.016)
    far = smooth(0.0, 0.5, (back / max(1, stand.height)).astype(np.float32))[:, None]
    dark = (sharp * (1 - far) + soft * far) * (0.30 + 0.42 * light.strength)
    # Right under the thing no light comes at all.
    y = np.arange(height, dtype=np.float32)[:, None]
    x = np.arange(width, dtype=np.float32)[None, :]
    half = _half_at_foot(mask, stand)
    reach = max(depth, 0.035) * stand.height
    oval = ((x - half[0]) / (half[1] * 1.16)) ** 2 + (
        (y - (stand.ground - depth * stand.height)) / (reach * 1.35)
    ) ** 2
    contact = smooth(1.38, 0.55, np.sqrt(oval))
    dark = 1 - (1 - dark) * (1 - 0.66 * contact)
    colour = np.ones((height, width, 3), np.float32) * np.asarray(light.ambient, np.float32) * 0.22
    return Layer(colour, np.clip(dark, 0, 0.9).astype(np.float32), near)


def _half_at_foot(mask: Pixels, stand: Stand) -> tuple[float, float]:
    """Return the middle and half the width of what touches the ground."""
    low = max(0, min(mask.shape[0] - 1, stand.ground - 2))
    high = max(0, low - max(2, round(stand.height * 0.10)))
    columns = np.flatnonzero((mask[high : low + 1] > 0.5).any(axis=0))
    if not columns.size:
        return stand.left + stand.width / 2, max(4.0, stand.width * 0.4)
    return float(columns[0] + columns[-1]) / 2, max(4.0, float(columns[-1] - columns[0]) / 2)


def reflection(
    colour: Pixels, mask: Pixels, stand: Stand, depth: float, clear: float, near: float
) -> Layer:
    """Return the reflection on wet or polished ground: upside down, waving, soon fading."""
    height, width = mask.shape
    line = stand.ground - round(depth * stand.height * 0.5)
    rows = np.arange(height)
    wave = np.sin(rows * 0.9) * np.clip(rows - line, 0, None) * 0.012 + np.sin(rows * 0.31) * 1.5
    source = np.clip(2 * line - rows - 1, 0, height - 1)
    columns = np.clip(np.arange(width)[None, :] + wave[:, None].astype(int), 0, width - 1)
    below = (rows >= line - 1).astype(np.float32)
    fade = below * np.exp(-np.clip(rows - line, 0, None) / (stand.height * 0.45))
    alpha = blurred((mask[source[:, None], columns] * fade[:, None] * clear), height * 0.004)
    return Layer(colour[source[:, None], columns] * 0.75, alpha, near)


def put(target: Pixels, piece: Pixels, left: int, top: int) -> None:
    """Copy a piece into a frame; what reaches over its edges is left out."""
    height, width = target.shape[:2]
    y0, x0 = max(0, top), max(0, left)
    y1, x1 = min(height, top + piece.shape[0]), min(width, left + piece.shape[1])
    if y1 > y0 and x1 > x0:
        target[y0:y1, x0:x1] = piece[y0 - top : y1 - top, x0 - left : x1 - left]
