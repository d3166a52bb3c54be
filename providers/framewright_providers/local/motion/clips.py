"""Clip jobs: a camera over a picture that was given, and over a scene of a prompt."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from framewright.media.images import open_image
from framewright.media.write import VideoWriter
from framewright_providers.local.motion.ahead import made_ahead
from framewright_providers.local.motion.choose import choose_move
from framewright_providers.local.motion.compose import Stage, frame
from framewright_providers.local.motion.elements import (
    elements_of,
    named_elements,
    weather_elements,
)
from framewright_providers.local.motion.stage import picture_stage, scene_stage
from framewright_providers.local.motion.view import view_at
from framewright_providers.local.scene.still import SIZES, compose
from framewright_providers.local.scene.weather import falling

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from framewright.media.picture import Planes
    from framewright.protocols import Tell

MOST_PIXELS_LONG = 1920
"""Longest side of a rendered video."""


def camera(inputs: dict[str, Any], seed: int, folder: Path, tell: Tell) -> Path:
    """Move a camera over a still."""
    move, prompt = _move(inputs, seed), str(inputs["prompt"] or "")
    picture = np.asarray(even(open_image(inputs["first_frame"].path).convert("RGB")))
    stage = picture_stage(picture, focus=move == "rack-focus")
    random = np.random.Generator(np.random.PCG64([seed, 3]))
    names = _elements(inputs, prompt)
    moving = elements_of(names, stage.height, stage.width, random)
    return _written(replace(stage, elements=moving), move, inputs, seed, folder, tell)


def scene(inputs: dict[str, Any], seed: int, folder: Path, tell: Tell) -> Path:
    """Render a scene that moves."""
    move, prompt = _move(inputs, seed), str(inputs["prompt"])
    stage = staged(prompt, inputs["aspect_ratio"], move, seed, _elements(inputs, prompt))
    return _written(stage, move, inputs, seed, folder, tell)


def staged(
    prompt: str, aspect_ratio: str, move: str, seed: int, names: tuple[str, ...] = ()
) -> Stage:
    """Return the stage of a prompt's scene with what moves in it, ready for a move."""
    width, height = SIZES[aspect_ratio]
    random = np.random.Generator(np.random.PCG64(seed))
    words, layers = compose(prompt, height, width, random, looks=3)
    sheets = falling(words, height, width, random)
    stage = scene_stage(words, layers, random, focus=move == "rack-focus")
    # What falls by the weather falls once; indoors and in space it does not fall at all.
    others = tuple(name for name in names if name not in {"rain", "snow"})
    moving = (*weather_elements(sheets), *elements_of(others, height, width, random))
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
            tell(done / frames)
    return target
