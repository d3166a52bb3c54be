"""Sets up what a camera moves over: a given picture, or the layers of a scene."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from framewright.protocols import Tell, silent
from framewright_providers.local.motion.compose import Stage, with_focus
from framewright_providers.local.motion.plate import (
    Ground,
    Plate,
    halved,
    look_of,
    spread,
)
from framewright_providers.local.progress import within
from framewright_providers.local.scene.finish import finished
from framewright_providers.local.scene.raster import blurred, joined, laid_over
from framewright_providers.local.scene.still import as_pixels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framewright_providers.local.scene.raster import Layer, Pixels
    from framewright_providers.local.scene.words import SceneWords

FLAT = 0.6
"""The nearness of a given picture: where a subject stands."""
_FAR = 0.10
"""The nearness of the ground at its horizon."""
_BACKDROP = 0.30
"""What lies behind the ground is farther than its layer says: its foot is out of sight."""
_SAME = 0.09
"""Things that differ less in nearness move as one."""
_CLEAR = 6
"""Clear pixels around a cut-out, so that its edge stays soft."""
_SHADE = 0.03
"""How far the shade of a thing reaches on what is behind it, as a part of the height."""
_MANNER, _PLATES = 0.15, 0.85
"""How much of a stage's work is done with its manner, and with its plates."""
_REPAINTING = frozenset(
    {
        "anime",
        "blueprint",
        "clay",
        "comic",
        "flat",
        "minimal",
        "noir",
        "oil",
        "paper",
        "pencil",
        "pixel",
        "storyboard",
        "watercolour",
    }
)
"""Manners that draw the picture anew, with strokes and outlines, and do not only grade it."""
_STANDS = 0.5
"""The nearness from which on a thing stands in its place, where there is no ground."""
_OUTLINE, _OUTLINED = 0.006, 4.0
"""How far outlines reach beside a thing, as a part of the height, and how surely."""
_WIDER = 0.06
"""How much wider the sky is kept, for clouds to drift in."""


def picture_stage(picture: NDArray[np.uint8], *, focus: bool = False) -> Stage:
    """Return the stage of one picture, (height, width, 3) with even sides.

    For a move of focus its middle is taken for what stands before the rest.
    """
    height, width, _ = picture.shape
    look = look_of(picture)
    if not focus:
        return Stage(width, height, (Plate((look,), FLAT),), flat=True)
    middle = Image.new("L", (width, height), 0)
    away = (width * 0.28, height * 0.10, width * 0.72, height * 1.02)
    ImageDraw.Draw(middle).ellipse(away, fill=255)
    soft = middle.filter(ImageFilter.GaussianBlur(min(width, height) * 0.06))
    plates = (Plate((look,), 0.05), Plate((look,), 0.65, soft, halved(soft)))
    return Stage(width, height, plates, flat=True, levels=with_focus(plates, height))


def scene_stage(
    words: SceneWords,
    layers: tuple[Layer, ...],
    random: np.random.Generator,
    *,
    focus: bool = False,
    tell: Tell = silent,
) -> Stage:
    """Return the stage of a composed scene; the manner of its picture travels with its layers."""
    height, width = layers[0].alpha.shape
    ground = _ground_of(layers)
    behind = _behind(layers, ground)
    same = copy.deepcopy(random)
    change = _change(layers, words, random, within(tell, 0.0, _MANNER / 2))
    bare = change
    if behind < len(layers) and _REPAINTING & set(words.styles):
        # Their strokes follow what stands there: behind it they are others.
        bare = _change(layers[:behind], words, same, within(tell, _MANNER / 2, _MANNER))
    horizon = 0.5 if ground is None else _top(layers[ground].alpha)
    lies = Ground(horizon, _FAR)
    placed = _merged(_placed(layers, ground, lies))
    pad = round(height * 0.06) if focus else _CLEAR
    plates = []
    free: Pixels = np.ones((height, width), np.float32)
    for number, each in enumerate(reversed(placed)):
        tell(_MANNER + (_PLATES - _MANNER) * number / len(placed))
        seen = (each.layer.alpha * free).astype(np.float32)
        far = bare is not change and each.last < behind
        manner = _uncovered(change, bare, free) if far else spread(change, seen)
        styled = _styled(each.layer, manner, seen)
        free = free * (1 - each.layer.alpha)
        plates.append(_plate(styled, each.near, pad, lies if each.lies else None))
    stacked = tuple(reversed(plates))
    if words.setting not in {"studio", "room", "space", "underwater"}:
        stacked = (_widened(stacked[0]), *stacked[1:])
    levels = with_focus(stacked, height, within(tell, _PLATES, 1.0)) if focus else {}
    return Stage(width, height, stacked, horizon, levels=levels)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A layer and how near it is."""

    layer: Layer
    near: float
    lies: bool = False
    """Whether it is the ground."""
    last: int = 0
    """The number of the layer, or of the nearest of those it is made of."""


def _change(
    layers: tuple[Layer, ...], words: SceneWords, random: np.random.Generator, tell: Tell
) -> Pixels:
    """Return what the manner of the picture adds to its layers, one over the other."""
    flat = np.zeros((*layers[0].alpha.shape, 3), np.float32)
    for layer in layers:
        flat = laid_over(flat, layer)
    made: Pixels = finished(flat, words, random, tell).astype(np.float32) / 255 - flat
    return made


def _behind(layers: tuple[Layer, ...], ground: int | None) -> int:
    """Return how many layers are the place, from the farthest: what stands in it follows."""
    if ground is not None:
        return ground + 1
    near = (number for number, layer in enumerate(layers) if number and layer.near >= _STANDS)
    return next(near, len(layers))


def _uncovered(change: Pixels, bare: Pixels, free: Pixels) -> Pixels:
    """Return the manner of the place: its own, and away from what stands there that of the whole.

    Beside what stands there are its outlines, which go with it.
    """
    height = free.shape[0]
    apart = np.clip(1 - _OUTLINED * blurred(1 - free, _OUTLINE * height), 0, 1)
    weight = np.minimum(apart, free)[..., None]
    mixed: Pixels = (bare + (change - bare) * weight).astype(np.float32)
    return mixed


def _placed(layers: tuple[Layer, ...], ground: int | None, lies: Ground) -> list[_Placed]:
    return [
        _Placed(layer, 1.0, lies=True, last=number)
        if number == ground
        else _Placed(
            layer, _nearness(layer, None if ground is None else number - ground, lies), last=number
        )
        for number, layer in enumerate(layers)
    ]


def _merged(placed: list[_Placed]) -> list[_Placed]:
    """Return fewer layers: neighbours of about one distance become one, which is quicker."""
    kept: list[_Placed] = []
    for each in placed:
        last = kept[-1] if kept else each
        joins = (
            len(kept) > 1
            and not (each.layer.others or last.layer.others or each.lies or last.lies)
            and abs(last.near - each.near) < _SAME
        )
        if not joins:
            kept.append(each)
            continue
        heavier = each if each.layer.alpha.sum() > last.layer.alpha.sum() else last
        kept[-1] = _Placed(joined(last.layer, each.layer), heavier.near, last=each.last)
    return kept


def _is_low(layer: Layer) -> bool:
    """Tell whether a layer fills the lower edge of the frame and leaves the upper one free."""
    rows = max(2, layer.alpha.shape[0] // 60)
    return float(layer.alpha[-rows:].mean()) > 0.93 and float(layer.alpha[:rows].mean()) < 0.5


def _ground_of(layers: tuple[Layer, ...]) -> int | None:
    """Return which layer is the ground: the nearest that fills the lower edge, but for grass."""
    found = [
        number
        for number, layer in enumerate(layers)
        if number and layer.near < 0.7 and _is_low(layer) and layer.alpha.mean() > 0.15
    ]
    return found[-1] if found else None


def _top(alpha: Pixels) -> float:
    """Return where a cover becomes whole, from above, as a part of the height."""
    rows = np.flatnonzero((alpha > 0.9).mean(axis=1) > 0.97)
    return float(rows[0]) / alpha.shape[0] if rows.size else 0.5


def _nearness(layer: Layer, after_ground: int | None, lies: Ground) -> float:
    """Return how near a thing is: by where it stands on the ground, else by its layer."""
    whole = float(layer.alpha.min()) > 0.999
    if after_ground is None:
        return layer.near * _BACKDROP if whole else layer.near
    rows = np.flatnonzero((layer.alpha > 0.5).any(axis=1))
    foot = (int(rows[-1]) + 1) / layer.alpha.shape[0] if rows.size else 0.0
    if not whole and not _is_low(layer) and foot > lies.horizon + 0.01:
        return min(1.0, lies.nearness(foot))
    return layer.near * _BACKDROP if after_ground < 0 else min(1.0, layer.near)


def _styled(layer: Layer, manner: Pixels, seen: Pixels) -> Layer:
    """Return a layer in its manner, also where something hides it."""
    # Right beside what hides it a layer was painted with that one's shade: there it is continued
    # from what is seen, and farther in it is what was painted.
    hidden = np.clip(layer.alpha - seen, 0, 1)
    edge = np.clip(2.4 * blurred(seen, _SHADE * seen.shape[0]), 0, 1) * hidden
    looks = []
    for look in (layer.colour, *layer.others):
        whole = spread(look, layer.alpha.astype(np.float32))
        if float(edge.max()) > 0.02:
            whole = whole + (spread(look, seen) - whole) * edge[..., None]
        looks.append(np.clip(whole + manner, 0, 1))
    return type(layer)(looks[0], layer.alpha, layer.near, tuple(looks[1:]))


def _plate(layer: Layer, near: float, pad: int, lies: Ground | None = None) -> Plate:
    pixels = [as_pixels(look) for look in (layer.colour, *layer.others)]
    if float(layer.alpha.min()) > 0.999:
        return Plate(tuple(look_of(each) for each in pixels), near)
    alpha = as_pixels(layer.alpha)
    height, width = alpha.shape
    rows, columns = (np.flatnonzero(alpha.any(axis=axis)) for axis in (1, 0))
    if not rows.size:
        rows, columns = np.array([0]), np.array([0])
    top, bottom = _even_span(int(rows[0]), int(rows[-1]) + 1, pad, height)
    left, right = _even_span(int(columns[0]), int(columns[-1]) + 1, pad, width)
    if lies is not None:
        left, right = 0, width
    cover = Image.fromarray(np.ascontiguousarray(alpha[top:bottom, left:right]))
    looks = tuple(look_of(each[top:bottom, left:right]) for each in pixels)
    return Plate(looks, near, cover, halved(cover), left, top, ground=lies)


def _even_span(first: int, last: int, pad: int, room: int) -> tuple[int, int]:
    return max(0, first - pad) // 2 * 2, min(room, -(-(last + pad) // 2) * 2)


def _widened(plate: Plate) -> Plate:
    """Return a sky that goes on beyond the right edge, mirrored."""
    if plate.cover is not None:
        return plate
    width = plate.looks[0].y.width
    more = round(width * _WIDER) // 2 * 2

    def wide(image: Image.Image, extra: int) -> Image.Image:
        pixels = np.asarray(image)
        return Image.fromarray(np.concatenate([pixels, pixels[:, -1 : -1 - extra : -1]], axis=1))

    looks = tuple(
        type(look)(wide(look.y, more), wide(look.u, more // 2), wide(look.v, more // 2))
        for look in plate.looks
    )
    return Plate(looks, plate.near, wider=more / width)
