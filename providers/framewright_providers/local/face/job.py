"""The lip-sync job: a portrait that says what is heard."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from framewright.errors import InputError
from framewright.media.colours import on_white
from framewright.media.frames import first_frame
from framewright.media.images import open_image
from framewright.media.render import Film, render
from framewright.media.sound import MIX_RATE
from framewright.media.sound_stream import SoundReader, sound_blocks
from framewright_providers.local.face.finding import Place, find_mouth
from framewright_providers.local.face.hearing import heard
from framewright_providers.local.face.mouth import Track
from framewright_providers.local.face.speaking import Speaker
from framewright_providers.local.face.words import marks_in
from framewright_providers.local.motion.ahead import made_ahead
from framewright_providers.local.motion.clips import even
from framewright_providers.local.motion.compose import Stage, frame
from framewright_providers.local.motion.plate import Plate, look_of
from framewright_providers.local.motion.view import View, view_at
from framewright_providers.local.progress import within
from framewright_providers.local.scene.note import note_of
from framewright_providers.local.scene.still import draw_still

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from framewright.media.picture import Planes
    from framewright.media.sound_stream import Samples
    from framewright.protocols import Tell

_TRIES = 6
"""How many portraits are drawn at most until one shows its mouth clearly."""
_DRAWN = 0.15
"""The share of the work that the portrait is."""
_CALM = 0.35
"""How much of a held hand's unrest a speaker's head has."""


def lip_sync(inputs: dict[str, Any], seed: int, folder: Path, tell: Tell) -> Path:
    """Make a portrait speak."""
    fps = int(inputs["fps"])
    audio = inputs["audio"].path
    speaker = _speaker(inputs, seed, within(tell, 0.0, _DRAWN))
    samples = sum(block.shape[1] for block in sound_blocks(audio, MIX_RATE, 2))
    frames = max(1, math.ceil(Fraction(samples * fps, MIX_RATE)))
    height, width, _ = speaker.picture.shape
    film = Film(width, height, Fraction(fps), frames, MIX_RATE)
    track = Track(heard(audio, marks_in(inputs)))
    target = folder / "speaking.mp4"
    pictures = speaking_frames(speaker, track, frames=frames, fps=fps, seed=seed)
    sound = _sound(audio, film.samples(frames))
    render(film, target, pictures, sound, within(tell, _DRAWN, 1.0))
    return target


def speaking_frames(
    speaker: Speaker, track: Track, *, frames: int, fps: int, seed: int
) -> Iterator[Planes]:
    """Yield the frames of a portrait that speaks, in order."""
    height, width, _ = speaker.picture.shape

    def make(number: int) -> Planes:
        seconds = number / fps
        shown = speaker.saying(track.at(seconds, 1 / fps))
        hand = view_at("handheld", 0.0, seconds, seed)
        # A head is never quite still.
        x, y = (0.5 + _CALM * (at - 0.5) for at in (hand.x, hand.y))
        stage = Stage(width, height, (Plate((look_of(shown),), 0.0),), flat=True)
        return frame(stage, View(x=x, y=y, size=0.985), seconds)

    return made_ahead(frames, make)


def _speaker(inputs: dict[str, Any], seed: int, tell: Tell) -> Speaker:
    """Return the portrait that was given, or one drawn of the prompt; raises `InputError`."""
    told = inputs["mouth"]
    if inputs["image"] is None and inputs["video"] is None:
        return _drawn(inputs, seed, tell)
    if inputs["image"] is not None:
        path = inputs["image"].path
        picture = even(on_white(open_image(path)))
        # A picture of ours knows where it drew the lips.
        note = None if told is not None else note_of(path)
        told = told if note is None else note.mouth
    else:
        picture = even(first_frame(inputs["video"].path).convert("RGB"))
    if told is not None:
        return Speaker(np.asarray(picture), _at(told, picture.width, picture.height))
    found = find_mouth(picture)
    if found is None:
        message = "No mouth was found in this picture."
        action = (
            "Give a portrait from the front with the lips closed, or say where they are: "
            "`mouth` takes [x, y, width] as parts of the picture."
        )
        raise InputError(message, action=action)
    return Speaker(np.asarray(picture), found)


def _at(told: Sequence[float], width: int, height: int) -> Place:
    """Return where a mouth is that was told as parts of the picture."""
    x, y, wide = (float(part) for part in told)
    return Place(x * width, y * height, max(2.0, wide * width / 2))


def _drawn(inputs: dict[str, Any], seed: int, tell: Tell) -> Speaker:
    who = str(inputs["prompt"] or "a person").strip() or "a person"
    prompt = f"close-up portrait of {who}, facing the camera"
    for number in range(_TRIES):
        part = within(tell, number / _TRIES, (number + 1) / _TRIES)
        shape = inputs["aspect_ratio"]
        still = draw_still(prompt, aspect_ratio=shape, seed=seed + number, tell=part)
        if still.mouth is not None:
            return Speaker(still.pixels, _at(still.mouth, *still.pixels.shape[1::-1]))
    message = f"Previz can draw no face that shows its mouth for “{who[:80]}”."
    raise InputError(message, action="Name a person without a beard or a mask, or give a portrait.")


def _sound(audio: Path, total: int) -> Iterator[Samples]:
    reader = SoundReader(audio, MIX_RATE)
    block = MIX_RATE // 2
    for at in range(0, total, block):
        yield reader.take(min(block, total - at))
