"""Turnaround sheets: one person from four sides, two faces, their colours and their name."""

# ruff: noqa: E501 - patterns: one meaning a line

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw

from framewright.media.fonts import typeface
from framewright.protocols import Tell, silent
from framewright_providers.local.scene.cast import Member, cast_of
from framewright_providers.local.scene.figure.view import View
from framewright_providers.local.scene.light import Light
from framewright_providers.local.scene.people import Spot, drawn
from framewright_providers.local.scene.raster import blurred, grid, mix, toned
from framewright_providers.local.scene.words import not_names, palette

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framewright_providers.local.scene.looks import Look
    from framewright_providers.local.scene.raster import Pixels

SIZE = (1600, 900)
_SIDES = (("front", 0.0), ("three-quarter", 38.0), ("side", 90.0), ("back", 180.0))
_FACES = (("", 230), ("smile", 580))
"""The mood of each, and the row of its middle."""
_LIGHT = Light((0.9, 0.9, 0.9), (0.85, 0.86, 0.88), (0.86, 0.86, 0.86), (1.0, 0.98, 0.95), (0.50, 0.51, 0.54), 0.30, 0.05, 0.2, 0.85)  # fmt: skip
_GROUND = 752
_PAPER = (0.835, 0.835, 0.825)


def described(prompt: str) -> Look:
    """Return the look of the first person a description names; any text gives one."""
    members = cast_of(prompt, palette(), not_names()) or cast_of(
        f"a person, {prompt}", palette(), not_names()
    )
    return members[0].look


def render_turnaround(prompt: str, tell: Tell = silent) -> NDArray[np.uint8]:
    """Return the sheet, (900, 1600, 3); a description always gives the same one."""
    person = described(prompt)
    width, height = SIZE
    y, x = grid(height, width)
    shade = 1 - 0.16 * ((x - 0.4) ** 2 + (y - 0.45) ** 2)
    sheet = np.asarray(_PAPER, np.float32) * shade[..., None]
    scale = 640 / max(0.62, person.build.height + 0.06)
    member = Member(replace(person, mood=""), "standing")
    drawings = len(_SIDES) + len(_FACES)
    for number, (_, yaw) in enumerate(_SIDES):
        tell(number / drawings)
        middle = 150 + number * 268
        _on_paper(sheet, middle, scale * 0.15)
        _laid(sheet, Spot(member, middle, _GROUND, scale, View(yaw, 3), 0.8))
    for number, (mood, row) in enumerate(_FACES, len(_SIDES)):
        tell(number / drawings)
        face = Member(replace(person, mood=mood), "standing")
        large = 196 / (person.build.head * 1.55)
        crown = person.build.height
        spot = Spot(face, 1385, row - 120 + crown * large, large, View(-20, 2), 0.8)
        _laid(sheet, spot, window=(1225, row - 185, 1545, row + 128))
    picture = (np.clip(sheet, 0, 1) * 255 + 0.5).astype(np.uint8)
    return _lettered(picture, person)


def _on_paper(sheet: Pixels, middle: float, half: float) -> None:
    """Draw the soft shadow under somebody's feet."""
    height, width, _ = sheet.shape
    y = np.arange(height, dtype=np.float32)[:, None]
    x = np.arange(width, dtype=np.float32)[None, :]
    away = ((x - middle) / half) ** 2 + ((y - _GROUND + 4) / (half * 0.22)) ** 2
    sheet *= (1 - 0.42 * np.exp(-away * 1.3))[..., None]


def _laid(sheet: Pixels, spot: Spot, window: tuple[int, int, int, int] | None = None) -> None:
    height, width, _ = sheet.shape
    colour, mask, (top, left) = drawn(spot, _LIGHT, (height, width))
    rows, columns = mask.shape
    place = (slice(top, top + rows), slice(left, left + columns))
    cover = mask
    if window is not None:
        y = np.arange(top, top + rows, dtype=np.float32)[:, None]
        x = np.arange(left, left + columns, dtype=np.float32)[None, :]
        inside = (x > window[0]) & (x < window[2]) & (y > window[1]) & (y < window[3])
        cover = mask * blurred(inside.astype(np.float32), 1.0)
    sheet[place] = mix(sheet[place], toned(colour), cover)


def _lettered(picture: NDArray[np.uint8], person: Look) -> NDArray[np.uint8]:
    image = Image.fromarray(picture)
    draw = ImageDraw.Draw(image)
    dark = (46, 46, 50)
    name = person.name[:40].strip().title() or "Character"
    at = 40.0
    for font, run in typeface(name, 46, bold=True).runs(name):
        draw.text((at, 24), run, fill=dark, font=font)
        at += font.getlength(run)
    small = 20
    for number, (side, _) in enumerate(_SIDES):
        _word(draw, side, 150 + number * 268, 784, small, dark)
    _word(draw, "neutral", 1385, 366, small, dark)
    _word(draw, "smile", 1385, 716, small, dark)
    for number, colour in enumerate(person.palette):
        red, green, blue = (round(part * 255) for part in colour)
        x = 40 + number * 96
        draw.rounded_rectangle((x, 824, x + 80, 868), 8, fill=(red, green, blue), outline=dark)
    _word(draw, "previz character sheet", 1440, 856, 18, (110, 110, 112))
    made: NDArray[np.uint8] = np.asarray(image)
    return made


def _word(
    draw: ImageDraw.ImageDraw,
    text: str,
    middle: float,
    top: float,
    size: int,
    colour: tuple[int, int, int],
) -> None:
    face = typeface(text, size, bold=False)
    at = middle - face.getlength(text) / 2
    for font, run in face.runs(text):
        draw.text((at, top), run, fill=colour, font=font)
        at += font.getlength(run)
