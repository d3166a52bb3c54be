"""Stills: a scene composed, lit and finished."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from framewright.protocols import Tell, silent
from framewright_providers.local.progress import within
from framewright_providers.local.scene.finish import finished
from framewright_providers.local.scene.grounds import paint_place
from framewright_providers.local.scene.light import light_of
from framewright_providers.local.scene.people import people_layers
from framewright_providers.local.scene.raster import (
    defocused,
    joined,
    laid_over,
    solid,
    tilted,
    toned,
)
from framewright_providers.local.scene.subject import subject_layers
from framewright_providers.local.scene.weather import falling, under
from framewright_providers.local.scene.words import read, recast

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framewright_providers.local.scene.raster import Layer, Lips, Pixels
    from framewright_providers.local.scene.words import SceneWords

SIZES = {
    "16:9": (1280, 720),
    "9:16": (720, 1280),
    "1:1": (1024, 1024),
    "4:3": (1088, 816),
    "3:4": (816, 1088),
    "21:9": (1280, 548),
}
"""Width and height of each shape of picture."""
_COMPOSED = 0.7
"""The share of a still's work that its layers are."""


@dataclass(frozen=True, slots=True)
class Still:
    """A drawn picture."""

    pixels: NDArray[np.uint8]
    """(height, width, 3)."""
    mouth: Lips | None
    """Where its largest face shows the lips; None where none does."""


def render_still(
    prompt: str,
    *,
    aspect_ratio: str = "16:9",
    seed: int,
    sheets: tuple[str, ...] = (),
    tell: Tell = silent,
) -> NDArray[np.uint8]:
    """Return the pixels of a still; see `draw_still`."""
    still = draw_still(prompt, aspect_ratio=aspect_ratio, seed=seed, sheets=sheets, tell=tell)
    return still.pixels


def draw_still(
    prompt: str,
    *,
    aspect_ratio: str = "16:9",
    seed: int,
    sheets: tuple[str, ...] = (),
    tell: Tell = silent,
) -> Still:
    """Return a picture of the prompt; the same seed gives the same bytes.

    `sheets` are the descriptions of turnaround sheets, whose people then play in it.
    """
    width, height = SIZES[aspect_ratio]
    random = np.random.Generator(np.random.PCG64(seed))
    words, layers = compose(
        prompt, height, width, random, within(tell, 0.0, _COMPOSED), sheets=sheets
    )
    picture = np.asarray(layers[0].colour, np.float32)
    for layer in layers[1:]:
        picture = laid_over(picture, layer)
    if words.framing.dutch:
        picture = tilted(solid(height, width, 0.0, picture)).colour
    drops = falling(words, height, width, random)
    done = under(finished(picture, words, random, within(tell, _COMPOSED, 1.0)), drops, 0)
    tell(1.0)
    mouths = [] if words.framing.dutch else [each.mouth for each in layers if each.mouth]
    return Still(done, max(mouths, key=lambda mouth: mouth[2], default=None))


def compose(
    prompt: str,
    height: int,
    width: int,
    random: np.random.Generator,
    tell: Tell = silent,
    *,
    looks: int = 1,
    sheets: tuple[str, ...] = (),
) -> tuple[SceneWords, tuple[Layer, ...]]:
    """Return what the prompt says and the layers of its scene, from far to near.

    Water has so many `looks` to shimmer through; the first is the same however many there are.
    `tell` hears from 0 to 1 of it.
    """
    tell(0.0)
    words = recast(read(prompt), sheets)
    # Each stage has its own chance: stars in the sky do not move who stands below them.
    for_light, for_place, for_things, for_people = random.spawn(4)
    light = light_of(words, for_light)
    place = paint_place(words, light, height, width, for_place, looks)
    tell(0.4)
    subject = subject_layers(words, place, light, height, width, for_things)
    if words.cast:
        beside = _middle(subject[-1]) if subject else None
        part = within(tell, 0.45, 0.85)
        folk = people_layers(
            words, place, light, height, width, for_people, beside=beside, tell=part
        )
        subject = (*subject, *folk)
    tell(0.85)
    behind = place.layers
    if words.near and subject:
        # Close to a thing, what lies behind it is out of focus; the longer the lens, the more.
        blur = height * {"close": 0.024, "eyes": 0.040, "chest": 0.018}.get(
            words.framing.size, 0.013
        )
        if looks == 1:
            # A still needs no parallax: what lies far and what lies nearer go soft as one each.
            behind = _flattened(behind)
        soft = []
        for number, layer in enumerate(behind):
            tell(0.85 + 0.1 * number / len(behind))
            soft.append(defocused(layer, blur * max(0.0, 0.95 - layer.near)))
        behind = tuple(soft)
    tell(0.95)
    layers = tuple(_shown(layer) for layer in (*behind, *subject, *place.front))
    if words.framing.dutch and looks > 1:
        # A still is tilted as a whole, which is quicker.
        layers = tuple(tilted(layer) for layer in layers)
    return words, layers


def _flattened(layers: tuple[Layer, ...]) -> tuple[Layer, ...]:
    """Return layers as two: the solid far ones, and on them those from a third of the way on."""
    split = next((at for at, layer in enumerate(layers) if layer.near > 0.33), len(layers))
    made: list[Layer] = []
    for group in (layers[: max(1, split)], layers[max(1, split) :]):
        if not group:
            continue
        merged = group[0]
        for layer in group[1:]:
            merged = joined(merged, layer)
        made.append(merged)
    return tuple(made)


def _middle(layer: Layer) -> float:
    """Return where the middle of what a layer shows lies, as a part of the width."""
    columns = layer.alpha.sum(axis=0)
    total = float(columns.sum())
    if total <= 0:
        return 0.5
    return float((columns * np.linspace(0, 1, columns.size)).sum() / total)


def _shown(layer: Layer) -> Layer:
    """Return a layer with its light brought into 0 to 1 wherever it covers anything."""
    rows = np.flatnonzero(layer.alpha.any(axis=1))
    columns = np.flatnonzero(layer.alpha.any(axis=0))
    if not rows.size:
        return layer
    box = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
    looks = []
    for look in (layer.colour, *layer.others):
        toned_look = np.zeros(look.shape, np.float32)
        toned_look[box] = toned(look[box])
        looks.append(toned_look)
    return replace(layer, colour=looks[0], others=tuple(looks[1:]))


def as_pixels(picture: Pixels) -> NDArray[np.uint8]:
    """Return a picture of 0 to 1 as 8-bit."""
    pixels: NDArray[np.uint8] = (np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8)
    return pixels
