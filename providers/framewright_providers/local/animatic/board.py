"""The shots of an animatic, read from a job's inputs."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from framewright.errors import InputError
from framewright.media.probe import probe
from framewright.media.source import nearest

if TYPE_CHECKING:
    from pathlib import Path

    Inputs = dict[str, Any]

USUAL_SECONDS = 4
"""How long a shot is of which nobody says it."""
AFTER_A_VOICE = Fraction(1, 2)
"""How long a shot goes on after what is said in it, where nobody says how long it is."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One shot and when it is."""

    path: Path
    clip: bool
    """Whether it moves by itself."""
    name: str
    action: str
    camera: str
    first: int
    """The film's frame it begins at."""
    frames: int


@dataclass(frozen=True, slots=True)
class Said:
    """What is said, and when in the film it begins."""

    path: Path
    start: Fraction


@dataclass(frozen=True, slots=True)
class Board:
    """The whole film."""

    shots: tuple[Shot, ...]
    said: tuple[Said, ...]
    frames: int


def board_of(inputs: Inputs, fps: int) -> Board:
    """Return the shots of an animatic in order; raises `InputError` where they do not add up."""
    files = _in_order(inputs)
    count = len(files)
    voices = [each.path for each in inputs["voices"] or ()]
    spoken = _voice_shots(inputs, len(voices), count)
    lengths = [_seconds(path) for path in voices]
    begins: list[int] = []
    shots: list[Shot] = []
    at = 0
    for number, (path, clip) in enumerate(files):
        asked = _told(inputs, "lengths", number)
        here = sum((lengths[v] for v, shot in enumerate(spoken) if shot == number), Fraction(0))
        seconds = _length(path, clip, asked, here)
        frames = max(1, nearest(seconds * fps))
        begins.append(at)
        shots.append(
            Shot(
                path,
                clip,
                str(_told(inputs, "names", number) or f"{number + 1}/{count}"),
                str(_told(inputs, "actions", number) or ""),
                str(_told(inputs, "cameras", number) or "auto"),
                at,
                frames,
            )
        )
        at += frames
    said = []
    ends: dict[int, Fraction] = {}
    for voice, shot in enumerate(spoken):
        start = ends.get(shot, Fraction(begins[shot], fps))
        said.append(Said(voices[voice], start))
        ends[shot] = start + lengths[voice]
    return Board(tuple(shots), tuple(said), at)


def _in_order(inputs: Inputs) -> list[tuple[Path, bool]]:
    """Return each shot's file and whether it is a clip: clips where they belong, images between."""
    images = [each.path for each in inputs["images"] or ()]
    clips = [each.path for each in inputs["clips"] or ()]
    count = len(images) + len(clips)
    if not count:
        message = "There is no shot in this animatic."
        raise InputError(message, action="Give images or clips.")
    places = [int(place) for place in inputs["clip_shots"] or ()]
    if not places and clips:
        places = list(range(len(images) + 1, count + 1))
    good = len(places) == len(clips) == len(set(places)) and set(places) <= set(range(1, count + 1))
    if not good:
        message = f"The places {places} do not fit {len(clips)} clips among {count} shots."
        raise InputError(message, action="Give in `clip_shots` one shot number for each clip.")
    by_place = dict(zip(places, clips, strict=True))
    rest = iter(images)
    return [
        (by_place[number], True) if number in by_place else (next(rest), False)
        for number in range(1, count + 1)
    ]


def _voice_shots(inputs: Inputs, voices: int, shots: int) -> list[int]:
    """Return for each voice the shot it begins with, from 0."""
    told = inputs["voice_shots"]
    given = list(range(1, voices + 1)) if told is None else [int(place) for place in told]
    if len(given) != voices or not set(given) <= set(range(1, shots + 1)):
        message = f"The shots {given} do not fit {voices} voices among {shots} shots."
        raise InputError(message, action="Give in `voice_shots` one shot number for each voice.")
    return [place - 1 for place in given]


def _told(inputs: Inputs, field: str, number: int) -> Any:
    values = inputs[field] or ()
    return values[number] if number < len(values) else None


def _length(path: Path, clip: bool, asked: Any, voice: Fraction) -> Fraction:
    if asked is not None:
        return Fraction(asked).limit_denominator(100_000)
    usual = _seconds(path) if clip else Fraction(USUAL_SECONDS)
    return max(usual, voice + AFTER_A_VOICE) if voice else usual


def _seconds(path: Path) -> Fraction:
    length = probe(path).duration
    return Fraction(length.value, length.rate) if length is not None else Fraction(USUAL_SECONDS)
