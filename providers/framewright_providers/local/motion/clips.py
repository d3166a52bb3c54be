"""Clip jobs: a camera over a picture that was given, and over a scene of a prompt."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from framewright.media.colours import on_white
from framewright.media.images import open_image
from framewright.media.write import VideoWriter
from framewright.protocols import Tell, silent
from framewright_providers.local.motion.ahead import made_ahead
from framewright_providers.local.motion.choose import choose_move
from framewright_providers.local.motion.compose import Stage, frame
from framewright_providers.local.motion.elements import (
    elements_of,
    named_elements,
    weather_elements,
)
from framewright_providers.local.motion.stage import picture_stage, scene_stage
from framewright_providers.local.motion.view import View, view_at
from framewright_providers.local.progress import within
from framewright_providers.local.scene.note import note_of
from framewright_providers.local.scene.still import SIZES, compose
from framewright_providers.local.scene.weather import falling
from framewright_providers.local.scene.words import read

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from framewright.media.picture import Planes

MOST_PIXELS_LONG = 1920
"""Longest side of a rendered video."""
_SET, _PAINTED = 0.4, 0.35
"""The share of a clip's work that its stage is, and of the stage's that its layers are."""
_SAME = 1.5
"""A picture that differs more from its layers, in levels of 255, is no longer ours."""


def camera(inputs: dict[str, Any], seed: int, folder: Path, tell: Tell) -> Path:
    """Move a camera over a still; one of ours is taken apart into its layers again."""
    move, prompt = _move(inputs, seed), str(inputs["prompt"] or "")
    path = inputs["first_frame"].path
    picture = np.asarray(even(on_white(open_image(path))))
    names = _elements(inputs, prompt)
    setting = within(tell, 0.0, _SET)
    stage = _own_stage(path, picture, move, setting)
    if stage is None:
        stage = picture_stage(picture, focus=move == "rack-focus")
    if stage.elements:
        # What falls by the weather falls once.
        names = tuple(name for name in names if name not in {"rain", "snow"})
    random = np.random.Generator(np.random.PCG64([seed, 3]))
    moving = elements_of(names, stage.height, stage.width, random)
    stage = replace(stage, elements=(*stage.elements, *moving))
    return _written(stage, move, inputs, seed, folder, tell)


def _own_stage(path: Path, picture: NDArray[np.uint8], move: str, tell: Tell) -> Stage | None:
    """Return the layers of a previz still; None for any other picture, and a changed one."""
    note = note_of(path)
    if note is None or note.sheet or read(note.prompt).framing.dutch:
        return None
    if SIZES.get(note.aspect_ratio) != (picture.shape[1], picture.shape[0]):
        return None
    stage = staged(note.prompt, note.aspect_ratio, move, note.seed, sheets=note.cast, tell=tell)
    begun, given = (frame(each, View(), 0.0) for each in (stage, picture_stage(picture)))
    unlike = np.abs(begun.astype(np.int16) - given).mean()
    return stage if unlike < _SAME else None


def scene(inputs: dict[str, Any], seed: int, folder: Path, tell: Tell) -> Path:
    """Render a scene that moves."""
    move, prompt = _move(inputs, seed), str(inputs["prompt"])
    names, setting = _elements(inputs, prompt), within(tell, 0.0, _SET)
    stage = staged(prompt, inputs["aspect_ratio"], move, seed, names, tell=setting)
    return _written(stage, move, inputs, seed, folder, tell)


def staged(
    prompt: str,
    aspect_ratio: str,
    move: str,
    seed: int,
    names: tuple[str, ...] = (),
    sheets: tuple[str, ...] = (),
    tell: Tell = silent,
) -> Stage:
    """Return the stage of a prompt's scene with what moves in it, ready for a move."""
    width, height = SIZES[aspect_ratio]
    random = np.random.Generator(np.random.PCG64(seed))
    painting = within(tell, 0.0, _PAINTED)
    words, layers = compose(prompt, height, width, random, painting, looks=3, sheets=sheets)
    drops = falling(words, height, width, random)
    placing = within(tell, _PAINTED, 1.0)
    stage = scene_stage(words, layers, random, focus=move == "rack-focus", tell=placing)
    # What falls by the weather falls once; indoors and in space it does not fall at all.
    others = tuple(name for name in names if name not in {"rain", "snow"})
    moving = (*weather_elements(drops), *elements_of(others, height, width, random))
    return replace(stage, elements=moving)


def moving_frames(stage: Stage, move: str, *, frames: int, fps: int, seed: int) -> Iterator[Planes]:
    """Yield the frames of a move over a stage, in order."""

    def make(number: int) -> Planes:
        seconds = number / fps
        view = view_at(move, number / max(1, frames - 1), seconds, seed)
        return frame(stage, view, seconds)

    return made_ahead(frames, make)


def frame_count(inputs: dict[str, Any]) -> int:
    """Return how many frames the asked length takes, at least one."""
    return max(1, round(float(inputs["duration"]) * int(inputs["fps"])))


def _move(inputs: dict[str, Any], seed: int) -> str:
    if inputs["camera"] != "auto":
        return str(inputs["camera"])
    return choose_move(str(inputs["prompt"] or ""), seed)


def _elements(inputs: dict[str, Any], prompt: str) -> tuple[str, ...]:
    if inputs["elements"] is not None:
        return tuple(map(str, inputs["elements"]))
    return named_elements(prompt)


def even(image: Image.Image) -> Image.Image:
    """Return the picture with even sides, no longer than what is rendered."""
    scale = min(1.0, MOST_PIXELS_LONG / max(image.size))
    width, height = (max(2, round(side * scale / 2) * 2) for side in image.size)
    if (width, height) == image.size:
        return image
    return image.resize((width, height), Image.Resampling.LANCZOS)


def _written(
    stage: Stage, move: str, inputs: dict[str, Any], seed: int, folder: Path, tell: Tell
) -> Path:
    frames, fps = frame_count(inputs), int(inputs["fps"])
    target = folder / "clip.mp4"
    with VideoWriter(target, stage.width, stage.height, Fraction(fps)) as writer:
        moving = moving_frames(stage, move, frames=frames, fps=fps, seed=seed)
        for done, planes in enumerate(moving, 1):
            writer.planes(planes)
            tell(_SET + (1 - _SET) * done / frames)
    return target
