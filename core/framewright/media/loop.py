"""Repeating a video until it has a length."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from framewright.errors import MediaError
from framewright.media.render import RAMP_SECONDS, Film, Piece, assembled, render
from framewright.media.sound_stream import SoundReader
from framewright.media.source import Source, examine, nearest, sound_rate_of, steady_pictures
from framewright.protocols import Tell, silent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from av.video.frame import VideoFrame

    from framewright.media.sound_stream import Samples

LONGEST_SECONDS = 60 * 60
_ROOM_BYTES = 128 * 1024 * 1024
_ROOM_SECONDS = 60
"""How much of a turn is held, pictures and sound; longer ones are read again each time."""


def loop(video: Path, target: Path, *, seconds: float, tell: Tell = silent) -> None:
    """Write the video again and again up to a length, at which the last turn is cut.

    A length below the video's own cuts it. Raises `MediaError` beyond an hour.
    """
    if not 0 < seconds <= LONGEST_SECONDS:
        message = f"A video cannot be repeated for {seconds:g} seconds."
        raise MediaError(message, action=f"Give a length of at most {LONGEST_SECONDS} seconds.")
    tell(0.0)
    source = examine(video)
    once = source.count(source.rate)
    frames = max(1, nearest(Fraction(seconds) * source.rate))
    film = Film(*source.even_size, source.rate, frames, sound_rate_of([source]))
    render(film, target, _again(source, film, once), _sound(source, film, once), tell)


def _again(source: Source, film: Film, once: int) -> Iterator[VideoFrame]:
    held: list[VideoFrame] = []
    small = once * film.width * film.height * 3 // 2 <= _ROOM_BYTES
    for at in range(0, film.frames, once):
        count = min(once, film.frames - at)
        if held:
            yield from held[:count]
            continue
        for picture in steady_pictures(source, (film.width, film.height), film.fps, count):
            if small:
                held.append(picture)
            yield picture


def _sound(source: Source, film: Film, once: int) -> Iterator[Samples] | None:
    if not film.sound_rate:
        return None
    pieces = _pieces(source, film, once)
    if film.samples(once) > film.sound_rate * _ROOM_SECONDS:
        return assembled(pieces, film.sound_rate)
    # The first turn may be one sample shorter than others.
    reader = SoundReader(source.path, film.sound_rate, 2, source.span.start)
    held = reader.take(film.samples(once) + 1)
    return (
        held[:, : piece.end - piece.begin] * piece.gain(piece.begin, piece.end) for piece in pieces
    )


def _pieces(source: Source, film: Film, once: int) -> list[Piece]:
    ramp = round((film.sound_rate or 0) * RAMP_SECONDS)
    return [
        Piece(
            source.path,
            source.span.start,
            film.samples(at),
            film.samples(min(at + once, film.frames)),
            fade_in=ramp if at else 0,
            fade_out=ramp if at + once != film.frames else 0,
        )
        for at in range(0, film.frames, once)
    ]
