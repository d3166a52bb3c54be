"""The animatic job: shots in order at their lengths, burnt-in notes, voices and music."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from framewright.media.colours import on_white
from framewright.media.images import fit, open_image
from framewright.media.picture import planes_in
from framewright.media.render import Film, render
from framewright.media.sound import MIX_RATE, mix
from framewright.media.sound_stream import SoundReader
from framewright.media.source import examine, steady_pictures
from framewright_providers.local.animatic.board import Board, Shot, board_of
from framewright_providers.local.animatic.burn_in import BurnIn, burn_in
from framewright_providers.local.motion.clips import moving_frames
from framewright_providers.local.motion.compose import canvas_of, joined
from framewright_providers.local.motion.stage import picture_stage
from framewright_providers.local.motion.view import MOVES
from framewright_providers.local.progress import within
from framewright_providers.local.scene.still import SIZES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from framewright.media.picture import Planes
    from framewright.media.sound_stream import Samples
    from framewright.protocols import Tell

_GUIDES = {
    "none": None,
    "2.39:1": 2.39,
    "1.85:1": 1.85,
    "16:9": 16 / 9,
    "4:3": 4 / 3,
    "9:16": 9 / 16,
}
_GENTLE = ("push-in", "truck-right", "pull-out", "truck-left")
"""What the camera does in shots of which nobody says it, in turns."""
_MUSIC_DB = -6.0
_BLOCK = MIX_RATE // 2
_END_SECONDS = 1.5
"""How long sound fades that goes on beyond the last shot."""
_SOUND = 0.06
"""The share of the work that joining the sound is."""


def animatic(inputs: dict[str, Any], seed: int, folder: Path, tell: Tell) -> Path:
    """Make an animatic."""
    fps = int(inputs["fps"])
    board = board_of(inputs, fps)
    size = SIZES[inputs["aspect_ratio"]]
    rate = MIX_RATE if board.said or inputs["music"] is not None else None
    film = Film(*size, Fraction(fps), board.frames, rate)
    sound = _sound(board, inputs, film, folder, tell) if rate else None
    target = folder / "animatic.mp4"
    pictures = _pictures(board, inputs, size, fps, seed)
    render(film, target, pictures, sound, within(tell, _SOUND, 1.0))
    return target


def _pictures(
    board: Board, inputs: dict[str, Any], size: tuple[int, int], fps: int, seed: int
) -> Iterator[Planes]:
    guide = _GUIDES[inputs["guide"]]
    for number, shot in enumerate(board.shots):
        notes = burn_in(
            size,
            inputs["burn_in"],
            name=shot.name,
            action=shot.action,
            guide=guide,
            first=shot.first,
            fps=fps,
        )
        if shot.clip:
            yield from _clip_frames(shot, notes, size, fps)
            continue
        picture = np.asarray(fit(on_white(open_image(shot.path)), *size, "cover"))
        move = shot.camera if shot.camera in MOVES else _GENTLE[(number + seed) % len(_GENTLE)]
        stage = picture_stage(picture, focus=move == "rack-focus")
        staged = replace(stage, elements=(notes,))
        yield from moving_frames(staged, move, frames=shot.frames, fps=fps, seed=seed + number)


def _clip_frames(shot: Shot, notes: BurnIn, size: tuple[int, int], fps: int) -> Iterator[Planes]:
    source = examine(shot.path)
    moving = steady_pictures(source, size, Fraction(fps), shot.frames)
    for number, picture in enumerate(moving):
        canvas = canvas_of(planes_in(picture))
        notes.over(canvas, number / fps)
        yield joined(canvas)


def _sound(
    board: Board, inputs: dict[str, Any], film: Film, folder: Path, tell: Tell
) -> Iterator[Samples]:
    """Join voices and music into one track and return it, exactly as long as the film."""
    voices, whole = folder / "voices.wav", folder / "sound.wav"
    tracks = []
    said = _SOUND / 2 if inputs["music"] is not None else _SOUND
    if board.said:
        starts = [float(each.start) for each in board.said]
        part = within(tell, 0.0, said)
        mix([each.path for each in board.said], voices, starts_seconds=starts, tell=part)
        tracks.append(voices)
    if inputs["music"] is not None:
        tracks.append(inputs["music"].path)
    if len(tracks) == 1:
        return _cut_to(tracks[0], film.samples(film.frames))
    part = within(tell, said, _SOUND)
    mix(tracks, whole, gains_db=[0.0, _MUSIC_DB], duck=True, tell=part)
    return _cut_to(whole, film.samples(film.frames))


def _cut_to(path: Path, total: int) -> Iterator[Samples]:
    """Yield a file's sound up to a length; the end is faded where there is more."""
    reader = SoundReader(path, MIX_RATE)
    fade = min(total, round(_END_SECONDS * MIX_RATE))
    for at in range(0, total, _BLOCK):
        block = reader.take(min(_BLOCK, total - at))
        left = total - at - np.arange(block.shape[1])
        yield (block * np.clip(left / fade, 0, 1)).astype(np.float32)
