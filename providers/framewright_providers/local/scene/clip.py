"""Scenes that move: the layers of a still, each shifted by how near it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from framewright_providers.local.scene.camera import ZOOM, seen, view_at
from framewright_providers.local.scene.finish import finished
from framewright_providers.local.scene.raster import laid_over
from framewright_providers.local.scene.still import SIZES, as_pixels, compose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from framewright_providers.local.scene.raster import Layer, Pixels

_DEPTH = 0.9
"""How much more than the far the near moves."""
_SWAY = 0.0016
"""How far things near the camera sway by themselves, as a part of the frame."""


def scene_frames(
    prompt: str, *, aspect_ratio: str, move: str, frames: int, seed: int
) -> Iterator[NDArray[np.uint8]]:
    """Yield the frames of a scene of the prompt, in the size of that shape of picture."""
    width, height = SIZES[aspect_ratio]
    random = np.random.Generator(np.random.PCG64(seed))
    words, layers = compose(prompt, height, width, random)
    flat = np.zeros((height, width, 3), np.float32)
    for layer in layers:
        flat = laid_over(flat, layer)
    # Style and grain are worked out once, as what they change in the flat picture.
    change = finished(flat, words, random).astype(np.int16) - as_pixels(flat).astype(np.int16)
    stack = [_as_image(layer) for layer in _merged(layers)]
    for number in range(frames):
        share = number / max(1, frames - 1)
        yield _frame(stack, change, move, share, frames)


def _frame(
    stack: list[tuple[Image.Image, float]],
    change: NDArray[np.int16],
    move: str,
    share: float,
    frames: int,
) -> NDArray[np.uint8]:
    size = stack[0][0].size
    x, y, scale = view_at(move, share)
    sway = _SWAY * np.sin(2 * np.pi * share * max(1.0, frames / 96))
    shown = Image.new("RGB", size)
    for image, near in stack:
        depth = 1 + _DEPTH * (near - 0.4)
        apart = (0.5 + (x - 0.5) * depth + sway * near, 0.5 + (y - 0.5) * depth)
        part = min(1.0, 1 - (1 - scale) * depth)
        box = seen(size, *apart, max(1 - 2.2 * ZOOM, part))
        moved = image.resize(size, Image.Resampling.BILINEAR, box=box)
        if image.mode == "RGBA":
            shown.paste(moved, (0, 0), moved.getchannel("A"))
        else:
            shown = moved
    pixels = np.asarray(shown).astype(np.int16) + change
    shown_pixels: NDArray[np.uint8] = np.clip(pixels, 0, 255).astype(np.uint8)
    return shown_pixels


def _merged(layers: tuple[Layer, ...]) -> list[Layer]:
    """Return at most five layers: neighbours of one distance become one, which is quicker."""
    kept: list[Layer] = []
    for layer in layers:
        if kept and (abs(kept[-1].near - layer.near) < 0.12 or len(kept) == 5):
            kept[-1] = _joined(kept[-1], layer)
        else:
            kept.append(layer)
    return kept


def _joined(below: Layer, above: Layer) -> Layer:
    cover = above.alpha + below.alpha * (1 - above.alpha)
    share = np.divide(above.alpha, cover, out=np.zeros_like(cover), where=cover > 1e-4)
    colour: Pixels = below.colour + (above.colour - below.colour) * share[..., None]
    return type(below)(colour.astype(np.float32), cover.astype(np.float32), below.near)


def _as_image(layer: Layer) -> tuple[Image.Image, float]:
    colour = as_pixels(layer.colour)
    if float(layer.alpha.min()) > 0.999:
        return Image.fromarray(colour), layer.near
    alpha = (np.clip(layer.alpha, 0, 1) * 255 + 0.5).astype(np.uint8)
    return Image.fromarray(np.dstack([colour, alpha])), layer.near
