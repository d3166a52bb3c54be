"""Putting a sound track on a video."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from framewright.errors import MediaError
from framewright.media.levels import amplitude
from framewright.media.limiter import tamed
from framewright.media.progress import rising
from framewright.media.render import RAMP_SECONDS, Film, Piece, assembled, render
from framewright.media.sound_stream import Samples, sound_blocks
from framewright.media.source import Source, examine, steady_pictures
from framewright.media.stream_copy import Score, can_copy, copy_with_sound
from framewright.protocols import Tell, silent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_RATE = 48_000
_CEILING_DBFS = -1.0
_CUT_SECONDS = 0.2
"""How long a sound is faded that goes on beyond the picture's end."""


def mux(
    video: Path,
    audio: Path,
    target: Path,
    *,
    mode: Literal["replace", "mix"] = "replace",
    length: Literal["longest", "picture"] = "longest",
    tell: Tell = silent,
) -> None:
    """Write the video with this sound instead of its own, or with both together.

    Where the sound is longer, `longest` holds the last picture until it ends and `picture` fades
    it out at the picture's end; shorter sound is followed by silence. The picture is copied as
    it is unless it has to be held or lies in a form that MP4 cannot carry.
    """
    for name, value, known in (
        ("mode", mode, ("replace", "mix")),
        ("length", length, ("longest", "picture")),
    ):
        if value not in known:
            message = f"There is no {name} called {value!r}."
            raise MediaError(message, action=f"Use {known[0]} or {known[1]}.")
    tell = rising(tell)
    tell(0.0)
    source = examine(video)
    samples = _count(audio, tell)
    picture = source.count(source.rate)
    frames = picture
    if length == "longest":
        # Less than half a frame more is the padding of a codec and not worth a new picture.
        frames = max(picture, (Fraction(samples, _RATE) * source.rate + Fraction(1, 2)).__floor__())
    film = Film(*source.even_size, source.rate, frames, _RATE)
    total = film.samples(frames)
    pieces = [_new(audio, samples, total)]
    if mode == "mix" and source.sound_rate:
        pieces.append(_own(source, film.samples(picture), total))
    sound = _sound(pieces, tell)
    if frames == picture and can_copy(video):
        copy_with_sound([(source, Fraction(0))], target, Score(sound, _RATE, total), tell)
        return
    pictures = steady_pictures(source, source.even_size, film.fps, film.frames)
    render(film, target, pictures, sound, tell)


def _new(audio: Path, samples: int, total: int) -> Piece:
    cut = round(_RATE * _CUT_SECONDS) if samples > total else 0
    return Piece(audio, None, 0, min(samples, total), fade_out=min(cut, total))


def _own(source: Source, samples: int, total: int) -> Piece:
    ramp = round(_RATE * RAMP_SECONDS) if total > samples else 0
    return Piece(source.path, source.span.start, 0, min(samples, total), fade_out=ramp)


def _sound(pieces: list[Piece], tell: Tell) -> Iterator[Samples]:
    if len(pieces) == 1:
        return assembled(pieces, _RATE)
    return tamed(lambda: assembled(pieces, _RATE), amplitude(_CEILING_DBFS), tell)


def _count(audio: Path, tell: Tell) -> int:
    count = 0
    for block in sound_blocks(audio, _RATE, 2):
        count += block.shape[1]
        tell(0.0)
    if not count:
        message = f"{audio.name} holds no sound that can be decoded."
        raise MediaError(message, action="Give a file with a sound track.")
    return count
