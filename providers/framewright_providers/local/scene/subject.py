"""Puts things into a scene: shaped by the light, with their shadows and reflections."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from framewright_providers.local.scene.creatures import CREATURES
from framewright_providers.local.scene.raster import Layer, blurred, fractal, smooth
from framewright_providers.local.scene.shading import painted
from framewright_providers.local.scene.shapes import Part, Pen, Thing
from framewright_providers.local.scene.things import THINGS

if TYPE_CHECKING:
    from framewright_providers.local.scene.grounds import Place
    from framewright_providers.local.scene.light import Light
    from framewright_providers.local.scene.raster import Pixels
    from framewright_providers.local.scene.words import SceneWords

_ALL = {**THINGS, **CREATURES}
_IN_THE_AIR = frozenset({"balloon", "kite", "bird", "dragon"})


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a thing is in the frame, in pixels."""

    left: int
    top: int
    width: int
    height: int
    ground: int
    """The row its feet or its shadow touch."""


def subject_layers(
    words: SceneWords,
    place: Place,
    light: Light,
    height: int,
    width: int,
    random: np.random.Generator,
) -> tuple[Layer, ...]:
    """Return shadow, reflection and the things themselves; nothing where no thing is named."""
    if words.subject:
        names = [words.subject, words.companion] if words.companion else [words.subject]
        things = [_ALL[name]() for name in names if name]
    elif words.thing:
        things, names = [_sculpture(words.thing)], [""]
    else:
        return ()
    centre = 0.5 + float(random.uniform(-0.04, 0.04))
    if not words.near:
        centre = float(random.choice((0.34, 0.40, 0.60, 0.66))) + float(random.uniform(-0.03, 0.03))
    if len(things) > 1 and words.near:
        centre -= 0.10
    layers: list[Layer] = []
    for number in reversed(range(len(things))):
        thing, name = things[number], names[number] or ""
        stand = _stand(words, name, thing, place, height, width, centre)
        if number:
            stand = _beside(stand, thing, things[0], centre, width, height, words)
        layers += _one(words, thing, stand, place, light, (height, width), random, number)
    return tuple(layers)


def _one(
    words: SceneWords,
    thing: Thing,
    stand: Stand,
    place: Place,
    light: Light,
    frame: tuple[int, int],
    random: np.random.Generator,
    number: int,
) -> list[Layer]:
    colour, mask = painted(
        thing, words.colour if number == 0 else None, light, (stand.height, stand.width), random
    )
    full_colour = np.zeros((*frame, 3), np.float32)
    full_mask = np.zeros(frame, np.float32)
    stand = _on_its_feet(stand, mask)
    _place(full_colour, colour, stand.left, stand.top)
    _place(full_mask, mask, stand.left, stand.top)
    near = (0.85 if words.near else 0.72) - 0.02 * number
    cover = place.cover if not words.near or place.cover == "grass" else ""
    shown = full_mask * _uncovered(stand, cover, frame, random)
    layers = [Layer(_aired(full_colour, light, words.near), shown, near)]
    stands = stand.ground < frame[0] and not place.floats
    if stands and stand.top + stand.height >= stand.ground - 2:
        layers.insert(0, _shadow(full_mask, stand, thing, light, near))
        if place.mirror:
            layers.insert(0, _reflection(full_colour, full_mask, stand, thing, place.mirror, near))
    return layers


def _aired(colour: Pixels, light: Light, near: bool) -> Pixels:
    """Return a thing through the air before it: some of the horizon's light, more in a haze."""
    share = 0.0 if near else 0.02 + 0.22 * max(0.0, light.haze - 0.35)
    return colour * (1 - share) + np.asarray(light.horizon, np.float32) * share


def _stand(
    words: SceneWords,
    name: str,
    thing: Thing,
    place: Place,
    height: int,
    width: int,
    centre: float,
) -> Stand:
    tall = thing.tall * (1.75 if words.near else 1.15)
    tall = min(tall, 0.74, (0.62 if words.near else 0.8) * width / height / max(0.2, thing.aspect))
    rows = max(16, round(tall * height))
    columns = max(16, round(rows * thing.aspect))
    ground = round((place.stand + (0.05 if words.near else 0.0)) * height)
    bottom = ground
    if place.floats:
        bottom = round(0.48 * height + rows * 0.5)
    elif name in _IN_THE_AIR:
        bottom = round(max(0.10 * height + rows, place.horizon * height * 0.80))
    return Stand(round(centre * width - columns / 2), bottom - rows, columns, rows, ground)


def _beside(
    stand: Stand,
    thing: Thing,
    main: Thing,
    centre: float,
    width: int,
    height: int,
    words: SceneWords,
) -> Stand:
    """Return where a second thing stands: towards the emptier side, a little farther away."""
    side = 1 if centre < 0.5 else -1
    scale = 1.75 if words.near else 1.15
    reach = (main.tall * main.aspect + thing.tall * thing.aspect) * scale * height / 2
    middle = centre * width + side * (reach * 0.94 + 0.02 * width)
    middle = min(max(middle, 0.12 * width), 0.88 * width)
    back = round(0.014 * height)
    return replace(
        stand,
        left=round(middle - stand.width / 2),
        top=stand.top - back,
        ground=stand.ground - back,
    )


def _on_its_feet(stand: Stand, mask: Pixels) -> Stand:
    """Return the stand lowered so that the lowest pixel of the thing touches the ground."""
    rows = np.flatnonzero((mask > 0.5).any(axis=1))
    gap = mask.shape[0] - 1 - int(rows[-1]) if rows.size else 0
    return replace(stand, top=stand.top + gap)


def _uncovered(
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


def _shadow(mask: Pixels, stand: Stand, thing: Thing, light: Light, near: float) -> Layer:
    """Return the shadow on the ground: the silhouette laid down, away from the light."""
    height, width = mask.shape
    foot = stand.ground - round(thing.foot * stand.height)
    low = float(np.clip((light.sun_y - 0.20) / 0.25, 0, 1))
    flat = 0.20 + 0.42 * low
    middle = (stand.left + stand.width / 2) / width
    lean = float(np.clip((middle - light.sun_x) * 2.2, -1.3, 1.3))
    rows = np.arange(height)
    back = (rows - foot) / flat
    source = np.clip(foot + thing.foot * stand.height - back, 0, height - 1).astype(int)
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
    reach = max(thing.foot, 0.035) * stand.height
    oval = ((x - half[0]) / (half[1] * 1.16)) ** 2 + (
        (y - (stand.ground - thing.foot * stand.height)) / (reach * 1.35)
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


def _reflection(
    colour: Pixels, mask: Pixels, stand: Stand, thing: Thing, clear: float, near: float
) -> Layer:
    height, width = mask.shape
    line = stand.ground - round(thing.foot * stand.height * 0.5)
    rows = np.arange(height)
    wave = np.sin(rows * 0.9) * np.clip(rows - line, 0, None) * 0.012 + np.sin(rows * 0.31) * 1.5
    source = np.clip(2 * line - rows - 1, 0, height - 1)
    columns = np.clip(np.arange(width)[None, :] + wave[:, None].astype(int), 0, width - 1)
    below = (rows >= line - 1).astype(np.float32)
    fade = below * np.exp(-np.clip(rows - line, 0, None) / (stand.height * 0.45))
    alpha = blurred((mask[source[:, None], columns] * fade[:, None] * clear), height * 0.004)
    return Layer(colour[source[:, None], columns] * 0.75, alpha, near)


_STUFFS = (
    (0.52, 0.38, 0.24),
    (0.62, 0.40, 0.30),
    (0.44, 0.50, 0.44),
    (0.40, 0.44, 0.50),
    (0.78, 0.72, 0.62),
    (0.50, 0.42, 0.48),
)
"""Bronze, terracotta, sage, slate, ivory, mauve."""


def _sculpture(name: str) -> Thing:
    """Return a turned form of its own for a thing we have no drawing of, seeded by its name."""
    random = np.random.Generator(np.random.PCG64(int.from_bytes(name.encode()[:8], "big")))
    levels = np.linspace(0.04, 0.965, 7)
    swing = np.sin(np.linspace(0, np.pi * random.uniform(1.2, 2.4), 7) + random.uniform(0, 2))
    half = 0.22 + 0.11 * swing + 0.05 * random.random(7)
    half[0] *= 0.45
    half[-1] = max(half[-1], 0.20)
    right = [(0.5 + float(w), float(y)) for y, w in zip(levels, half, strict=True)]
    left = [(0.5 - float(w), float(y)) for y, w in zip(levels, half, strict=True)][::-1]
    pierced = bool(random.random() < 0.5)

    def draw(pen: Pen) -> None:
        pen.curve((0.5, 0.0), *right, (0.5, 0.985), *left)
        if pierced:
            pen.ellipse(0.5, 0.36, 0.085, 0.10, cut=True)

    stuff = _STUFFS[int(random.integers(len(_STUFFS)))]
    return Thing((Part(draw, stuff, "soft", 0.5),), aspect=0.62, tall=0.38, foot=0.03)


def _place(target: Pixels, piece: Pixels, left: int, top: int) -> None:
    """Copy a piece into a frame; what reaches over its edges is left out."""
    height, width = target.shape[:2]
    y0, x0 = max(0, top), max(0, left)
    y1, x1 = min(height, top + piece.shape[0]), min(width, left + piece.shape[1])
    if y1 > y0 and x1 > x0:
        target[y0:y1, x0:x1] = piece[y0 - top : y1 - top, x0 - left : x1 - left]
