"""Puts things into a scene: shaped by the light, with their shadows and reflections."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from framewright_providers.local.scene.creatures import CREATURES
from framewright_providers.local.scene.from_above import SEEN_FROM_ABOVE, from_above
from framewright_providers.local.scene.raster import Layer
from framewright_providers.local.scene.shading import painted
from framewright_providers.local.scene.shapes import Part, Pen, Thing
from framewright_providers.local.scene.standing import (
    Stand,
    aired,
    on_its_feet,
    put,
    reflection,
    shadow,
    uncovered,
)
from framewright_providers.local.scene.things import THINGS

if TYPE_CHECKING:
    from framewright_providers.local.scene.grounds import Place
    from framewright_providers.local.scene.light import Light
    from framewright_providers.local.scene.words import SceneWords

_ALL = {**THINGS, **CREATURES}
_IN_THE_AIR = frozenset({"balloon", "kite", "bird", "dragon"})


_LARGER = {"extreme-wide": 0.40, "wide": 0.72, "full": 1.25, "close": 1.15, "eyes": 1.9}
"""How much larger than usual things are in each size of shot."""


def subject_layers(
    words: SceneWords,
    place: Place,
    light: Light,
    height: int,
    width: int,
    random: np.random.Generator,
) -> tuple[Layer, ...]:
    """Return shadow, reflection and the things themselves; nothing where no thing is named."""
    if words.framing.angle == "overhead" and place.horizon <= 0:
        return _overhead(words, light, height, width, random)
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


def _overhead(
    words: SceneWords, light: Light, height: int, width: int, random: np.random.Generator
) -> tuple[Layer, ...]:
    """Return the things that have a drawing from above; the others are left out."""
    names = [name for name in (words.subject, words.companion) if name in SEEN_FROM_ABOVE]
    layers: list[Layer] = []
    turn = float(random.uniform(150, 210))
    for number, name in enumerate(names):
        middle = (0.5 + 0.16 * number, 0.50 + 0.10 * number)
        tint = words.colour if number == 0 else None
        layers += from_above(name or "", tint, light, (height, width), middle, turn)
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
    stand = on_its_feet(stand, mask)
    put(full_colour, colour, stand.left, stand.top)
    put(full_mask, mask, stand.left, stand.top)
    near = (0.85 if words.near else 0.72) - 0.02 * number
    cover = place.cover if not words.near or place.cover == "grass" else ""
    shown = full_mask * uncovered(stand, cover, frame, random)
    layers = [Layer(aired(full_colour, light, words.near), shown, near)]
    stands = stand.ground < frame[0] and not place.floats
    if stands and stand.top + stand.height >= stand.ground - 2:
        layers.insert(0, shadow(full_mask, stand, thing.foot, light, near))
        if place.mirror:
            layers.insert(
                0, reflection(full_colour, full_mask, stand, thing.foot, place.mirror, near)
            )
    return layers


def _stand(
    words: SceneWords,
    name: str,
    thing: Thing,
    place: Place,
    height: int,
    width: int,
    centre: float,
) -> Stand:
    tall = thing.tall * (1.75 if words.near else 1.15) * _LARGER.get(words.framing.size, 1.0)
    tall = min(
        tall,
        0.86 if words.framing.size == "eyes" else 0.74,
        (0.62 if words.near else 0.8) * width / height / max(0.2, thing.aspect),
    )
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
