"""Picture jobs: stills, camera moves over a still, and scenes that move."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from framewright.media.images import open_image
from framewright.media.write import VideoWriter
from framewright_providers.local.scene.camera import choose_move, move_frames
from framewright_providers.local.scene.clip import scene_frames
from framewright_providers.local.scene.note import Note, note_of, write_noted
from framewright_providers.local.scene.still import render_still

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from framewright.protocols import Tell

MOST_PIXELS_LONG = 1920
"""Longest side of a rendered video."""


def still(inputs: dict[str, Any], seed: int, folder: Path, tell: Tell) -> Path:
    """Render a still."""
    sheets = tuple(
        held.prompt
        for given in inputs.get("characters") or ()
        if (held := note_of(given.path)) is not None and held.sheet
    )
    note = Note(str(inputs["prompt"]), seed, inputs["aspect_ratio"], sheets)
    picture = render_still(
        note.prompt, aspect_ratio=note.aspect_ratio, seed=seed, sheets=sheets, tell=tell
    )
    target = folder / "still.png"
    write_noted(Image.fromarray(picture), note, target)
    return target


def camera(inputs: dict[str, Any], seed: int, folder: Path, tell: Tell) -> Path:
    """Move a camera over a still."""
    image = _even(open_image(inputs["first_frame"].path).convert("RGB"))
    frames = frame_count(inputs)
    move = _move(inputs, seed)
    moving = move_frames(np.asarray(image), move, frames=frames, seed=seed)
    return _encode(moving, image.size, frames, inputs["fps"], folder, tell)


def scene(inputs: dict[str, Any], seed: int, folder: Path, tell: Tell) -> Path:
    """Render a scene that moves."""
    frames = frame_count(inputs)
    moving = scene_frames(
        inputs["prompt"],
        aspect_ratio=inputs["aspect_ratio"],
        move=_move(inputs, seed),
        frames=frames,
        seed=seed,
    )
    return _encode(moving, None, frames, inputs["fps"], folder, tell)


def frame_count(inputs: dict[str, Any]) -> int:
    """Return how many frames the asked length takes, at least one."""
    return max(1, round(float(inputs["duration"]) * int(inputs["fps"])))


def _move(inputs: dict[str, Any], seed: int) -> str:
    if inputs["camera"] != "auto":
        return str(inputs["camera"])
    return choose_move(str(inputs["prompt"] or ""), seed)


def _even(image: Image.Image) -> Image.Image:
    """Return the picture with even sides, no longer than what is rendered."""
    scale = min(1.0, MOST_PIXELS_LONG / max(image.size))
    width, height = (max(2, round(side * scale / 2) * 2) for side in image.size)
    if (width, height) == image.size:
        return image
    return image.resize((width, height), Image.Resampling.LANCZOS)


def _encode(
    moving: Iterator[np.ndarray[Any, Any]],
    size: tuple[int, int] | None,
    frames: int,
    fps: int,
    folder: Path,
    tell: Tell,
) -> Path:
    target = folder / "clip.mp4"
    first = next(moving)
    width, height = size or (first.shape[1], first.shape[0])
    with VideoWriter(target, width, height, Fraction(fps)) as writer:
        writer.frame(first)
        for done, picture in enumerate(moving, 2):
            writer.frame(picture)
            tell(done / frames)
    return target
