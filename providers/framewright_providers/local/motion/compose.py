"""Frames of film: the plates of a scene as a camera sees them, laid over each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from framewright.protocols import Tell, silent
from framewright_providers.local.motion.plate import BLURS, Look, Plate, softened
from framewright_providers.local.motion.project import is_straight, plate_map

if TYPE_CHECKING:
    from framewright.media.picture import Planes
    from framewright_providers.local.motion.elements import Element
    from framewright_providers.local.motion.lay import Canvas
    from framewright_providers.local.motion.project import Map
    from framewright_providers.local.motion.view import View

_DRIFT = 0.0029
"""How far clouds drift in a second, as a part of the frame's width."""
_SHIMMER_SECONDS = 3.0
"""How long water takes to go once through all its looks."""
_DEEP = 0.6
"""A difference of nearness that is wholly out of focus."""
_LYING = 0.5
"""The nearness by which the ground as a whole is in focus or not."""
_SHARP, _SOFT = Image.Resampling.BICUBIC, Image.Resampling.BILINEAR
"""For brightness, and for colours and covers, where nobody sees the difference."""

_PERSPECTIVE = Image.Transform.PERSPECTIVE


@dataclass(frozen=True, slots=True)
class Stage:
    """What stands before the camera; any thread may take frames of it."""

    width: int
    height: int
    plates: tuple[Plate, ...]
    """From far to near; the first covers the frame."""
    horizon: float = 0.5
    flat: bool = False
    """Whether it is one given picture."""
    elements: tuple[Element, ...] = ()
    levels: dict[int, tuple[Plate, ...]] = field(default_factory=dict)
    """For each plate, its steps out of focus; empty where focus never moves."""


def with_focus(
    plates: tuple[Plate, ...], height: int, tell: Tell = silent
) -> dict[int, tuple[Plate, ...]]:
    """Return each plate in all steps out of focus."""
    levels = {}
    for number, plate in enumerate(plates):
        tell(number / len(plates))
        levels[number] = tuple(softened(plate, blur * height) for blur in BLURS)
    return levels


def frame(stage: Stage, view: View, seconds: float) -> Planes:
    """Return what a camera sees at a time after the beginning."""
    size = (stage.width, stage.height)
    half = (size[0] // 2, size[1] // 2)
    canvas: Canvas = [Image.new("L", size), Image.new("L", half), Image.new("L", half)]
    for number, plate in enumerate(stage.plates):
        seen = plate_map(plate, view, stage.horizon, flat=stage.flat)
        if plate.wider:
            seen[0, 2] += min(plate.wider, _DRIFT * seconds) * seen[2, 2]
        images = _images(plate, stage.levels.get(number, ()), view, seconds)
        if is_straight(seen):
            _straight(canvas, plate, images, seen)
        else:
            _slanted(canvas, plate, images, seen)
    for element in stage.elements:
        element.over(canvas, seconds)
    return joined(canvas)


def canvas_of(parts: list[np.ndarray]) -> Canvas:
    """Return a frame's brightness and colours as a canvas of its own."""
    return [Image.fromarray(np.ascontiguousarray(part)) for part in parts]


def joined(canvas: Canvas) -> Planes:
    """Return a canvas in the form that is written."""
    width, height = canvas[0].size
    planes = np.empty((height * 3 // 2, width), np.uint8)
    planes[:height] = np.asarray(canvas[0])
    colours = planes[height:].reshape(2, height // 2, width // 2)
    colours[0], colours[1] = np.asarray(canvas[1]), np.asarray(canvas[2])
    return planes


Images = tuple[Look, Image.Image | None, Image.Image | None]
"""A look with its cover, and its cover at half the size."""


def _images(plate: Plate, levels: tuple[Plate, ...], view: View, seconds: float) -> Images:
    if levels and view.focus is not None:
        near = _LYING if plate.ground else plate.near
        place = min(1.0, abs(near - view.focus) / _DEEP) * (len(levels) - 1)
        first = min(int(place), len(levels) - 2)
        one, other = (_all(levels[at], 0) for at in (first, first + 1))
        return _blended(one, other, place - first)
    if len(plate.looks) == 1:
        return _all(plate, 0)
    place = seconds / _SHIMMER_SECONDS * len(plate.looks)
    first = int(place)
    share = place - first
    one, other = (_all(plate, at % len(plate.looks)) for at in (first, first + 1))
    return _blended(one, other, share * share * (3 - 2 * share))


def _all(plate: Plate, look: int) -> Images:
    return plate.looks[look], plate.cover, plate.half_cover


def _part(images: Images, number: int) -> tuple[Image.Image, Image.Image | None]:
    """Return brightness (0) or one of the colours (1, 2), with the cover of its size."""
    return images[0].parts[number], images[2] if number else images[1]


def _blended(one: Images, other: Images, share: float) -> Images:
    weight = round(share * 255)

    def between(first: Image.Image, second: Image.Image) -> Image.Image:
        # Pillow's own blend rounds down, so that brightness would jump at the ends.
        mask = Image.new("L", first.size, weight)
        return first if first is second else Image.composite(second, first, mask)

    def cover(first: Image.Image | None, second: Image.Image | None) -> Image.Image | None:
        return None if first is None or second is None else between(first, second)

    look = Look(*(between(*both) for both in zip(one[0].parts, other[0].parts, strict=True)))
    return look, cover(one[1], other[1]), cover(one[2], other[2])


def _straight(canvas: Canvas, plate: Plate, images: Images, seen: Map) -> None:
    """Lay a plate that is only moved and scaled: resampled exactly, at any fraction of a pixel."""
    width, height = canvas[0].size
    scale_x, scale_y = seen[0, 0] / seen[2, 2], seen[1, 1] / seen[2, 2]
    at_x, at_y = seen[0, 2] / seen[2, 2] * width, seen[1, 2] / seen[2, 2] * height
    columns = _span(at_x - plate.left, scale_x, images[0].y.width, width, plate.cover is None)
    rows = _span(at_y - plate.top, scale_y, images[0].y.height, height, plate.cover is None)
    if columns is None or rows is None:
        return
    for number, target in enumerate(canvas):
        step = 1 if number == 0 else 2
        picture, cover = _part(images, number)
        size = ((columns[1] - columns[0]) // step, (rows[1] - rows[0]) // step)
        box = (columns[2] / step, rows[2] / step, columns[3] / step, rows[3] / step)
        moved = picture.resize(size, _SOFT if number else _SHARP, box=box)
        if cover is None:
            canvas[number] = moved
            continue
        mask = cover.resize(size, _SOFT, box=box)
        target.paste(moved, (columns[0] // step, rows[0] // step), mask)


def _span(
    at: float, scale: float, have: int, room: int, whole: bool
) -> tuple[int, int, float, float] | None:
    """Return first and last pixel of the screen, both even, and what of the plate they show.

    `at` is the plate's place at the screen's beginning, `have` how long the plate is.
    """
    if whole:
        begin = min(max(0.0, at), max(0.0, have - scale * room))
        return 0, room, begin, min(float(have), begin + scale * room)
    first = max(0, -int(at / scale // 2) * 2)
    while at + first * scale < 0:
        first += 2
    last = min(room, int((have - at) / scale) // 2 * 2)
    if last <= first:
        return None
    return first, last, max(0.0, at + first * scale), min(float(have), at + last * scale)


def _slanted(canvas: Canvas, plate: Plate, images: Images, seen: Map) -> None:
    """Lay a plate that is seen at an angle."""
    width, height = canvas[0].size
    first, last = _rows(plate, seen, height, images[0].y.height)
    if last <= first:
        return
    for number, target in enumerate(canvas):
        step = 1 if number == 0 else 2
        picture, cover = _part(images, number)
        room = (width / step, height / step)
        into = np.diag([1 / room[0], 1 / room[1], 1.0])
        into[1, 2] = first / height
        out = np.diag([room[0], room[1], 1.0])
        out[0, 2], out[1, 2] = -plate.left / step, -plate.top / step
        whole = out @ seen @ into
        data = tuple((whole / whole[2, 2]).ravel()[:8])
        size = (width // step, (last - first) // step)

        turned = picture.transform(size, _PERSPECTIVE, data, _SOFT if number else _SHARP)
        mask = None if cover is None else cover.transform(size, _PERSPECTIVE, data, _SOFT)
        target.paste(turned, (0, first // step), mask)


def _rows(plate: Plate, seen: Map, height: int, have: int) -> tuple[int, int]:
    """Return the rows of the screen that a plate may touch, even."""
    if plate.cover is None:
        return 0, height
    back = np.linalg.inv(seen)
    ends = []
    for row in (plate.top, plate.top + have):
        place = back @ np.array([0.5, row / height, 1.0])
        ends.append(place[1] / place[2] * height)
    first, last = max(0, int(min(ends)) - 2), min(height, int(max(ends)) + 4)
    return first // 2 * 2, last // 2 * 2 + (2 if last % 2 and last < height else 0)
