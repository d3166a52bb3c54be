"""Scenes that move: the layers of a still, each shifted by how near it is, and what drifts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from framewright_providers.local.scene.camera import ZOOM, seen, view_at
from framewright_providers.local.scene.finish import finished
from framewright_providers.local.scene.raster import laid_over
from framewright_providers.local.scene.still import SIZES, as_pixels, compose
from framewright_providers.local.scene.weather import Sheet, falling, under

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from framewright_providers.local.scene.raster import Layer, Pixels

_DEPTH = 0.9
"""How much more than the far the near moves."""
_DRIFT = 0.00012
"""How far the clouds drift in a frame of film, as a part of the width."""
_MARGIN = 0.05
"""How much wider than the frame the sky is kept, for the clouds to drift in."""
_PHASES = 72
"""Frames of film in which water goes once through its three looks."""


@dataclass(frozen=True, slots=True)
class Sprite:
    """A layer cut to what it covers."""

    image: Image.Image
    """The whole frame when it has no alpha."""
    top: int
    """The frame's row of its first row."""
    near: float
    others: tuple[Image.Image, ...] = ()
    """Further looks of what shimmers, of the same size."""


def scene_frames(
    prompt: str, *, aspect_ratio: str, move: str, frames: int, seed: int
) -> Iterator[NDArray[np.uint8]]:
    """Yield the frames of a scene of the prompt, in the size of that shape of picture."""
    width, height = SIZES[aspect_ratio]
    random = np.random.Generator(np.random.PCG64(seed))
    words, layers = compose(prompt, height, width, random, looks=3)
    flat = np.zeros((height, width, 3), np.float32)
    for layer in layers:
        flat = laid_over(flat, layer)
    # Style and grain are worked out once, as what they change in the flat picture.
    sheets = falling(words, height, width, random)
    change = finished(flat, words, random).astype(np.int16) - as_pixels(flat)
    stack = [_sprite(layer) for layer in _merged(layers)]
    for number in range(frames):
        share = number / max(1, frames - 1)
        yield _frame(stack, change, sheets, move, share, number)


def _frame(
    stack: list[Sprite],
    change: NDArray[np.int16],
    sheets: tuple[Sheet, ...],
    move: str,
    share: float,
    number: int,
) -> NDArray[np.uint8]:
    height, width, _ = change.shape
    x, y, scale = view_at(move, share)
    shown = Image.new("RGB", (width, height))
    for at, sprite in enumerate(stack):
        depth = 1 + _DEPTH * (sprite.near - 0.4)
        part = max(1 - 2.2 * ZOOM, min(1.0, 1 - (1 - scale) * depth))
        apart = [0.5 + (x - 0.5) * depth, 0.5 + (y - 0.5) * depth]
        if at == 0:
            part *= 1 - _MARGIN
            apart[0] += min(_MARGIN / 2, _DRIFT * number) - _MARGIN / 4
        _laid(shown, sprite, seen((width, height), apart[0], apart[1], part), number)
    pixels = np.asarray(shown).astype(np.int16)
    pixels += change
    made: NDArray[np.uint8] = np.clip(pixels, 0, 255).astype(np.uint8)
    return under(made, sheets, number) if sheets else made


def _laid(
    shown: Image.Image, sprite: Sprite, box: tuple[float, float, float, float], number: int
) -> None:
    """Put what a view sees of a sprite onto the picture."""
    width, height = shown.size
    image = _shimmering(sprite, number)
    left, top, right, bottom = box
    scale = height / (bottom - top)
    if sprite.image.mode == "RGB":
        shown.paste(image.resize((width, height), Image.Resampling.BILINEAR, box=box))
        return
    # Only rows that lie wholly inside the sprite are drawn: its first and last are clear anyway.
    first = max(0, int(np.ceil((sprite.top - top) * scale)))
    last = min(height, int(np.floor((sprite.top + image.height - top) * scale + 1e-6)))
    if last <= first:
        return
    high, low = (max(0.0, top + row / scale - sprite.top) for row in (first, last))
    kept = (left, high, right, min(low, float(image.height)))
    moved = image.resize((width, last - first), Image.Resampling.BILINEAR, box=kept)
    shown.paste(moved, (0, first), moved.getchannel("A"))


def _shimmering(sprite: Sprite, number: int) -> Image.Image:
    """Return a sprite's look at a frame of film: water passes from one look to the next."""
    if not sprite.others:
        return sprite.image
    looks = (sprite.image, *sprite.others)
    at = number / _PHASES * len(looks)
    one, share = int(at), at - int(at)
    now, then = looks[one % len(looks)], looks[(one + 1) % len(looks)]
    return Image.blend(now, then, share * share * (3 - 2 * share))


def _merged(layers: tuple[Layer, ...]) -> list[Layer]:
    """Return at most about four layers: neighbours of one distance become one, which is quicker."""
    kept: list[Layer] = []
    for layer in layers:
        joins = kept and not layer.others and not kept[-1].others
        if joins and (abs(kept[-1].near - layer.near) < 0.17 or len(kept) >= 4):
            kept[-1] = _joined(kept[-1], layer)
        else:
            kept.append(layer)
    return kept


def _joined(below: Layer, above: Layer) -> Layer:
    cover = above.alpha + below.alpha * (1 - above.alpha)
    share = np.divide(above.alpha, cover, out=np.zeros_like(cover), where=cover > 1e-4)
    colour: Pixels = below.colour + (above.colour - below.colour) * share[..., None]
    return type(below)(colour.astype(np.float32), cover.astype(np.float32), below.near)


def _sprite(layer: Layer) -> Sprite:
    if float(layer.alpha.min()) > 0.999:
        return Sprite(Image.fromarray(as_pixels(layer.colour)), 0, layer.near)
    alpha = as_pixels(layer.alpha)
    rows = np.flatnonzero(alpha.any(axis=1))
    # One clear row on either side keeps the edge soft; the frame's own edge needs none.
    first = max(0, int(rows[0]) - 2) if rows.size else 0
    last = min(alpha.shape[0], int(rows[-1]) + 3) if rows.size else 4
    looks = [
        Image.fromarray(np.dstack([as_pixels(colour), alpha])[first:last])
        for colour in (layer.colour, *layer.others)
    ]
    return Sprite(looks[0], first, layer.near, tuple(looks[1:]))
