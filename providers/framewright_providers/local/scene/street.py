"""Streets and alleys seen along their length: house fronts, shops, lamps, signs, wet asphalt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from framewright_providers.local.scene.perspective import FOCAL, Bore, Met, bars, meets
from framewright_providers.local.scene.raster import (
    Layer,
    blurred,
    grained,
    mix,
    receding,
    smooth,
)
from framewright_providers.local.scene.sky import paint_sky

if TYPE_CHECKING:
    from framewright_providers.local.scene.light import Light
    from framewright_providers.local.scene.raster import Pixels
    from framewright_providers.local.scene.words import SceneWords

_NEON = (
    (1.0, 0.16, 0.52),
    (0.12, 0.82, 1.0),
    (1.0, 0.58, 0.14),
    (0.60, 0.28, 1.0),
    (0.2, 1.0, 0.6),
)
_FRONTS = (
    (0.55, 0.38, 0.31),
    (0.62, 0.56, 0.48),
    (0.47, 0.45, 0.44),
    (0.66, 0.60, 0.50),
    (0.42, 0.33, 0.30),
    (0.52, 0.55, 0.58),
)
_STOREY = 3.3


def paint_street(
    height: int,
    width: int,
    horizon: float,
    light: Light,
    words: SceneWords,
    random: np.random.Generator,
) -> tuple[Layer, ...]:
    """Return the sky, the fronts on both sides, and the ground of a street or an alley."""
    narrow = words.setting == "alley"
    dark = words.time in {"night", "blue", "storm"} or "neon" in words.styles
    neon = "neon" in words.styles
    wet = bool(words.weather & {"rain", "snow"}) or neon or (dark and narrow)
    bore = Bore(
        2.1 if narrow else 7.0,
        1.6,
        horizon,
        end=240.0,
        middle=0.5 + float(random.uniform(-0.06, 0.06)),
    )
    met = meets(bore, height, width)
    sky = paint_sky(height, width, horizon, light, random)
    fronts, cover = _fronts(met, light, random, narrow=narrow, dark=dark, neon=neon)
    haze = _air(met.away, light)
    air = np.asarray(light.horizon, np.float32) * 0.9
    fronts = mix(fronts, air, haze)
    if dark:
        _signs(fronts, bore, width / height, random, many=11 if neon else 4, narrow=narrow)
    if not narrow:
        _lamps(fronts, cover, bore, width / height, light, dark=dark)
    above = mix(sky.colour, fronts, cover)
    ground = _ground(met, above, horizon, light, random, wet=wet, narrow=narrow)
    ground = mix(ground, air, haze * 0.9)
    snowy = "snow" in words.weather | words.also
    if snowy:
        lying = smooth(0.35, 0.6, receding(height, width, horizon, random, grain=80.0, scale=30.0))
        white = np.asarray((0.90, 0.93, 1.0), np.float32) * light.falling
        ground = mix(ground, white, lying * 0.85)
    return (sky, Layer(fronts, cover, 0.42), Layer(ground, met.floor, 0.62))


def _air(away: Pixels, light: Light) -> Pixels:
    thick = 0.0035 + 0.030 * max(0.0, light.haze - 0.25)
    share: Pixels = (1 - np.exp(-away * thick)).astype(np.float32)
    return np.clip(share, 0, 0.95)


def _fronts(
    met: Met, light: Light, random: np.random.Generator, *, narrow: bool, dark: bool, neon: bool
) -> tuple[Pixels, Pixels]:
    """Return the colour of the fronts and where they stand before the sky."""
    height, width = met.away.shape
    rough = grained(height, width, random, height * 0.03) - 0.5
    # Only where there is a wall is anything worked out.
    walls = (met.floor == 0) & (met.up < 26)
    painted = np.zeros((height, width, 3), np.float32)
    covered = np.zeros((height, width), np.float32)
    rough = rough[walls]
    met = met.at(walls)
    edges = np.cumsum(random.uniform(6.0, 13.0, 24))
    plot = np.searchsorted(edges, met.away).clip(0, 23)
    side = (met.x > 0).astype(int)
    low, high = (7.0, 11.0) if narrow else (9.0, 24.0)
    roofs = random.uniform(low, high, (2, 24)).astype(np.float32)
    roof = roofs[side, plot]
    base = np.asarray(_FRONTS, np.float32)[random.integers(0, len(_FRONTS), (2, 24))][side, plot]
    span = (met.away**2 / (FOCAL * (2.1 if narrow else 7.0)) / height).astype(np.float32)
    tall = (met.away / FOCAL / height).astype(np.float32)
    sun_side = (met.x > 0) == (light.sun_x < 0.5)
    lit = np.asarray(light.ambient, np.float32) * 1.2 + np.asarray(light.sun, np.float32) * (
        light.strength * np.where(sun_side, 0.88, 0.20)
    )[..., None].astype(np.float32)
    colour = base * lit * (1 + 0.25 * rough)[..., None]
    if narrow:
        course = bars(met.up, 0.16, 0.0, 0.88, tall) * bars(
            met.away + 0.5 * (np.floor(met.up / 0.16) % 2) * 0.5, 0.5, 0.0, 0.94, span
        )
        colour = (
            colour * (0.62 + 0.38 * course)[..., None] * np.asarray((0.92, 0.72, 0.62), np.float32)
        )
    pitch = 2.1
    across = bars(met.away, pitch, 0.24, 0.76, span)
    down = bars(met.up - 0.4, _STOREY, 0.28, 0.80, tall)
    upper = smooth(3.6, 3.9, met.up) * (met.up < roof - 0.9)
    panes = across * down * upper * (0.35 if narrow else 1.0)
    table = random.random((2, 24, 12, 12)).astype(np.float32)
    floor = (met.up / _STOREY).astype(int).clip(0, 11)
    column = (met.away / pitch).astype(int) % 12
    chance = table[side, plot, floor, column]
    on = (chance < (0.42 if dark else 0.04)).astype(np.float32)
    glass = np.asarray(light.middle, np.float32) * (0.18 if dark else 0.42) + 0.03
    colour = mix(colour, glass, panes * 0.85)
    warm = np.asarray((1.20, 0.80, 0.42), np.float32)
    if neon:
        warm = np.asarray((0.85, 0.70, 0.95), np.float32)
    colour = mix(colour, warm, panes * on * (0.45 + 0.5 * chance / 0.42 if dark else 0.6))
    if not narrow:
        colour = _shops(
            colour, met, table[side, plot, 0, 0], side, plot, span, tall, light, dark=dark
        )
    # A ledge at each roof, and darker joints between the houses.
    ledge = smooth(0.9, 0.7, roof - met.up)
    colour = colour * (1 - 0.25 * ledge)[..., None]
    close = np.abs(met.away[:, None] - edges[None, :6].astype(np.float32)).min(axis=-1)
    colour = colour * (1 - 0.45 * smooth(0.35, 0.05, close))[..., None]
    foot = smooth(1.6, 0.0, met.up)
    colour = colour * (1 - 0.35 * foot)[..., None]
    soft = np.maximum(0.02, tall * 1.5)
    cover = met.wall * np.clip((roof - met.up) / soft + 0.5, 0, 1)
    end = met.end * (met.up < 16) * (met.up > 0)
    painted[walls] = colour
    covered[walls] = np.clip(cover + end * 0.6, 0, 1)
    return painted, covered


def _shops(
    colour: Pixels,
    met: Met,
    chance: Pixels,
    side: Pixels,
    plot: Pixels,
    span: Pixels,
    tall: Pixels,
    light: Light,
    *,
    dark: bool,
) -> Pixels:
    """Return the fronts with shop windows and awnings along the ground floor."""
    window = (
        bars(met.away, 3.2, 0.10, 0.90, span) * smooth(0.5, 0.6, met.up) * smooth(2.9, 2.8, met.up)
    )
    glow = np.asarray((1.15, 0.84, 0.50), np.float32) * (0.95 if dark else 0.45)
    inside = (
        glow * (0.6 + 0.5 * chance)[..., None]
        if dark
        else np.asarray(light.middle, np.float32) * 0.30 + 0.10
    )
    colour = mix(colour, inside, window * 0.9)
    tints = np.asarray(
        (
            (0.60, 0.15, 0.14),
            (0.14, 0.32, 0.28),
            (0.16, 0.22, 0.42),
            (0.66, 0.48, 0.20),
            (0.30, 0.30, 0.32),
        ),
        np.float32,
    )
    tint = tints[(plot * 3 + side * 2) % 5] * light.falling * 0.95
    stripes = bars(met.away, 0.5, 0.0, 0.5, span)
    awning = smooth(2.75, 2.80, met.up) * smooth(3.55, 3.50, met.up) * ((plot + side) % 3 != 0)
    cloth = (
        tint
        + (np.asarray((0.8, 0.78, 0.74), np.float32) * light.falling - tint)
        * (0.6 * stripes * ((plot + side) % 2))[..., None]
    )
    del tall
    mixed: Pixels = mix(colour, np.clip(cloth, 0, 2), awning.astype(np.float32) * 0.95)
    return mixed


def _window(
    frame: tuple[int, int], left: float, right: float, top: float, bottom: float
) -> tuple[tuple[slice, slice], Pixels, Pixels]:
    """Return a part of the frame, given as parts of it, and its rows and columns from 0 to 1."""
    height, width = frame
    rows = slice(max(0, int(top * height)), max(0, min(height, int(bottom * height) + 2)))
    columns = slice(max(0, int(left * width)), max(0, min(width, int(right * width) + 2)))
    y = np.arange(rows.start, max(rows.start, rows.stop), dtype=np.float32)[:, None] / height
    x = np.arange(columns.start, max(columns.start, columns.stop), dtype=np.float32)[None] / width
    return (rows, columns), y, x


def _lamps(
    colour: Pixels, cover: Pixels, bore: Bore, wide: float, light: Light, *, dark: bool
) -> None:
    """Set street lamps along both pavements into the fronts; at night they shine."""
    height, width, _ = colour.shape
    metal = np.asarray((0.10, 0.10, 0.11), np.float32) * light.falling
    warm = np.asarray((1.0, 0.72, 0.38), np.float32)
    shine = (1.9, 1.45, 0.85) if dark else (0.8, 0.8, 0.78)
    for away in (46.0, 30.0, 19.0, 12.0, 7.5):
        for side in (-1, 1):
            at, top = bore.project(side * 4.6, 4.6, away, wide)
            _, foot = bore.project(side * 4.6, 0.0, away, wide)
            thick = 0.055 * FOCAL / away / wide
            reach = 6.0 / away if dark else 0.5 / away
            box, y, x = _window(
                (height, width), at - reach / wide, at + reach / wide, top - reach, foot
            )
            if not x.size or not y.size:
                continue
            pole = smooth(thick, thick * 0.6, np.abs(x - at)) * (y > top)
            far = np.hypot((x - at) * wide, y - top)
            head = smooth(0.36 * FOCAL / away, 0.22 * FOCAL / away, far)
            cover[box] = np.maximum(cover[box], np.maximum(pole, head))
            colour[box] = mix(mix(colour[box], metal, pole), shine, head)
            if dark:
                glow = np.exp(-far / (1.5 / away)) * smooth(reach, reach * 0.6, far) * 0.55
                colour[box] += (glow * cover[box])[..., None] * warm


def _signs(
    colour: Pixels, bore: Bore, wide: float, random: np.random.Generator, *, many: int, narrow: bool
) -> None:
    """Hang glowing signs out from the fronts, from far to near."""
    height, width, _ = colour.shape
    reach, glows = (1.2 if narrow else 5.6), 0.20
    for away in sorted(random.uniform(6.0, 40.0, many), reverse=True):
        side = -1 if random.random() < 0.5 else 1
        tall, low = float(random.uniform(1.2, 4.2)), float(random.uniform(2.8, 5.0))
        thin = float(random.uniform(0.5, 1.1)) * (0.6 if narrow else 1.0)
        tone = np.asarray(_NEON[int(random.integers(len(_NEON)))], np.float32)
        left, top = bore.project(side * reach - thin / 2, low + tall, away, wide)
        right, bottom = bore.project(side * reach + thin / 2, low, away, wide)
        box, y, x = _window(
            (height, width),
            left - glows / wide,
            right + glows / wide,
            top - glows,
            bottom + glows,
        )
        if not x.size or not y.size:
            continue
        gap_x = np.maximum(np.maximum(left - x, x - right), 0) * wide
        gap_y = np.maximum(np.maximum(top - y, y - bottom), 0)
        gap = np.hypot(gap_x, gap_y)
        inside = (gap <= 0).astype(np.float32)
        rim = np.minimum(np.minimum(x - left, right - x) * wide, np.minimum(y - top, bottom - y))
        frame = inside * (1 - smooth(0.0, 0.012, rim))
        down = (y - top) / max(1e-4, bottom - top)
        marks = inside * ((down * max(2, round(tall / 0.8))) % 1.0 > 0.35)
        marks = marks * smooth(0.5, 0.3, np.abs((x - left) / max(1e-4, right - left) - 0.5))
        colour[box] = mix(colour[box], tone * 0.16, inside)
        colour[box] += np.clip(frame + marks, 0, 1)[..., None] * tone * 1.5
        glow = np.exp(-gap / 0.045) * smooth(glows, 0.1, gap) * 0.42 * (1 - inside)
        colour[box] += glow[..., None].astype(np.float32) * tone


def _ground(
    met: Met,
    above: Pixels,
    horizon: float,
    light: Light,
    random: np.random.Generator,
    *,
    wet: bool,
    narrow: bool,
) -> Pixels:
    height, width = met.away.shape
    rough = receding(height, width, horizon, random, grain=190.0, scale=26.0)
    shade = np.asarray((0.36, 0.36, 0.38), np.float32) * light.falling
    colour = shade * (0.86 + 0.5 * (rough - 0.5))[..., None]
    span = (met.away / FOCAL / height).astype(np.float32)
    deep = (met.away**2 / (FOCAL * 1.6) / height).astype(np.float32)
    if not narrow:
        side = np.abs(met.x)
        pavement = smooth(4.0, 4.0 + 0.05, side - span)
        slabs = bars(met.away, 1.2, 0.0, 0.96, deep) * bars(met.x, 1.0, 0.0, 0.96, span)
        stone = np.asarray((0.46, 0.45, 0.43), np.float32) * light.falling
        colour = mix(colour, stone * (0.80 + 0.2 * slabs)[..., None], pavement)
        kerb = smooth(0.14, 0.08, np.abs(side - 4.05))
        colour = mix(colour, stone * 1.15, kerb * 0.8)
        paint = np.asarray((0.80, 0.79, 0.74), np.float32) * light.falling
        dashes = smooth(0.10, 0.07, side - span) * bars(met.away, 4.0, 0.0, 0.5, deep)
        crossing = (
            bars(met.x + 0.25, 1.0, 0.0, 0.5, span)
            * (side < 3.6)
            * smooth(4.6, 4.7, met.away)
            * smooth(7.3, 7.2, met.away)
        )
        worn = 0.55 + 0.6 * (rough - 0.5)
        colour = mix(
            colour, paint, np.clip(np.maximum(dashes, crossing) * worn, 0, 0.9).astype(np.float32)
        )
    line = int(horizon * height)
    rows = np.clip(2 * line - np.arange(height), 0, height - 1)
    mirror = above[rows]
    waved = mirror * 0.4 + np.roll(mirror, 4, 1) * 0.3 + np.roll(mirror, -4, 1) * 0.3
    pools = smooth(0.44, 0.60, blurred(rough, 1.2))
    share = pools * (0.72 if wet else 0.0) + (0.20 if wet else 0.03)
    return mix(colour.astype(np.float32), waved, np.clip(share, 0, 0.9).astype(np.float32))
