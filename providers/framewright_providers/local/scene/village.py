"""Villages and small towns: houses with gables, lit windows, smoke, a church between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw

from framewright_providers.local.scene.land import hazed
from framewright_providers.local.scene.raster import (
    Layer,
    blurred,
    grained,
    grid,
    mix,
    smooth,
)

if TYPE_CHECKING:
    from framewright_providers.local.scene.colour import Colour
    from framewright_providers.local.scene.light import Light
    from framewright_providers.local.scene.raster import Pixels

_WALLS: tuple[Colour, ...] = (
    (0.78, 0.72, 0.62),
    (0.66, 0.50, 0.40),
    (0.56, 0.44, 0.34),
    (0.82, 0.80, 0.76),
    (0.60, 0.36, 0.30),
)
_ROOFS: tuple[Colour, ...] = ((0.46, 0.22, 0.16), (0.34, 0.26, 0.22), (0.30, 0.30, 0.34))
_SCALE = 2


def paint_village(
    height: int,
    width: int,
    horizon: float,
    light: Light,
    random: np.random.Generator,
    *,
    dark: bool,
    white: bool,
) -> tuple[Layer, ...]:
    """Return two rows of houses; `dark` lights their windows, `white` puts snow on their roofs."""
    return tuple(
        _row(height, width, horizon, light, random, near, dark=dark, white=white)
        for near in (0.30, 0.52)
    )


def _row(
    height: int,
    width: int,
    horizon: float,
    light: Light,
    random: np.random.Generator,
    near: float,
    *,
    dark: bool,
    white: bool,
) -> Layer:
    size = (width * _SCALE, height * _SCALE)
    picture, cover, glow = Image.new("RGB", size), Image.new("L", size, 0), Image.new("L", size, 0)
    pens = ImageDraw.Draw(picture), ImageDraw.Draw(cover), ImageDraw.Draw(glow)
    foot = horizon + 0.02 + 0.24 * (near - 0.2)
    unit = (0.07 + 0.26 * (near - 0.2)) * height * _SCALE
    at = float(random.uniform(-0.06, 0.02)) * size[0]
    church = int(random.integers(2, 5)) if near < 0.4 else -1
    number = 0
    while at < size[0]:
        wide, tall = (
            unit * float(random.uniform(1.0, 1.6)),
            unit * float(random.uniform(0.62, 0.95)),
        )
        ground = (foot + float(random.uniform(-0.012, 0.012))) * height * _SCALE
        open_middle = near > 0.4 and abs((at + wide / 2) / size[0] - 0.5) < 0.20
        if not open_middle:
            wall = _WALLS[int(random.integers(len(_WALLS)))]
            roof = (0.90, 0.93, 1.0) if white else _ROOFS[int(random.integers(len(_ROOFS)))]
            _house(
                pens,
                at,
                ground,
                wide,
                tall,
                hazed(wall, light, near + 0.2),
                hazed(roof, light, near + 0.25),
                dark=dark,
                spire=number == church,
            )
        at += wide * float(random.uniform(1.04, 1.5 if near < 0.4 else 1.9))
        number += 1
    small = (width, height)
    alpha: Pixels = np.asarray(cover.resize(small, Image.Resampling.BOX), np.float32) / 255
    colour: Pixels = np.asarray(picture.resize(small, Image.Resampling.BOX), np.float32) / 255
    colour = colour / np.maximum(alpha, 0.05)[..., None]
    rough = grained(height, width, random, 5.0, 2.0) - 0.5
    colour = colour * (1 + 0.18 * rough)[..., None]
    lamps = np.asarray(glow.resize(small, Image.Resampling.BOX), np.float32) / 255
    warm = np.asarray((1.5, 0.98, 0.46), np.float32)
    if dark:
        halo = blurred(lamps, height * 0.020)
        colour = mix(colour, warm, lamps) + (halo * 1.1)[..., None] * warm * 0.6
        alpha = np.maximum(alpha, np.clip(halo * 0.9, 0, 0.5))
    else:
        colour = mix(colour, np.asarray(light.middle, np.float32) * 0.25 + 0.04, lamps)
    y, x = grid(height, width)
    mist = smooth(foot - 0.10, foot + 0.02, y) * (0.45 - 0.6 * (near - 0.2))
    colour = mix(
        colour.astype(np.float32),
        hazed((0.5, 0.5, 0.5), light, 0.1),
        np.clip(mist, 0, 1) * np.ones_like(x),
    )
    return Layer(colour.astype(np.float32), alpha.astype(np.float32), near)


def _house(
    pens: tuple[ImageDraw.ImageDraw, ImageDraw.ImageDraw, ImageDraw.ImageDraw],
    x: float,
    ground: float,
    wide: float,
    tall: float,
    wall: Pixels,
    roof: Pixels,
    *,
    dark: bool,
    spire: bool,
) -> None:
    """Draw one house: the gable towards us, the roof's long side beside it."""
    draw, mask, glow = pens

    def tone(colour: Pixels, share: float) -> tuple[int, int, int]:
        red, green, blue = (int(min(1.0, float(part) * share) * 255) for part in colour)
        return red, green, blue

    def fill(points: list[tuple[float, float]], colour: tuple[int, int, int]) -> None:
        draw.polygon(points, fill=colour)
        mask.polygon(points, fill=255)

    gable, peak = wide * 0.42, tall * 0.62
    eaves, ridge = ground - tall, ground - tall - peak
    chimney = x + wide * 0.72
    fill(
        [
            (chimney, ridge - peak * 0.30),
            (chimney + wide * 0.07, ridge - peak * 0.30),
            (chimney + wide * 0.07, eaves),
            (chimney, eaves),
        ],
        tone(wall, 0.55),
    )
    fill(
        [(x + gable, eaves), (x + wide, eaves), (x + wide, ground), (x + gable, ground)],
        tone(wall, 0.72),
    )
    fill(
        [(x, ground), (x, eaves), (x + gable / 2, ridge), (x + gable, eaves), (x + gable, ground)],
        tone(wall, 1.0),
    )
    over = wide * 0.035
    fill(
        [
            (x + gable / 2, ridge - over * 0.6),
            (x + wide - gable / 2 + over, ridge - over * 0.6),
            (x + wide + over, eaves + over),
            (x + gable + over, eaves + over),
        ],
        tone(roof, 0.92),
    )
    fill(
        [
            (x - over, eaves + over),
            (x + gable / 2, ridge - over),
            (x + gable / 2, ridge + over * 0.8),
            (x - over * 0.2, eaves + over * 1.6),
        ],
        tone(roof, 1.05),
    )
    fill(
        [
            (x + gable / 2, ridge - over),
            (x + gable + over, eaves + over),
            (x + gable + over * 0.2, eaves + over * 1.6),
            (x + gable / 2, ridge + over * 0.8),
        ],
        tone(roof, 1.05),
    )
    if spire:
        left, right = x + gable * 0.1, x + gable * 0.9
        fill(
            [
                (left, ground),
                (left, eaves - tall * 0.9),
                (right, eaves - tall * 0.9),
                (right, ground),
            ],
            tone(wall, 0.95),
        )
        fill(
            [
                (left - over, eaves - tall * 0.9),
                ((left + right) / 2, eaves - tall * 2.3),
                (right + over, eaves - tall * 0.9),
            ],
            tone(roof, 0.8),
        )
    panes = [
        (x + gable * 0.30, 0.28),
        (x + gable * 0.62, 0.28),
        (x + gable + (wide - gable) * 0.25, 0.30),
        (x + gable + (wide - gable) * 0.65, 0.30),
    ]
    for number, (left, down) in enumerate(panes):
        if dark and (number + int(x)) % 4 == 3:
            continue
        top = eaves + tall * down
        glow.rectangle([left, top, left + wide * 0.085, top + tall * 0.26], fill=255)
    glow.rectangle(
        [x + gable * 0.42, ridge + peak * 0.45, x + gable * 0.58, ridge + peak * 0.72], fill=150
    )
