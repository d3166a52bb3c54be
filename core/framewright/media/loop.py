"""Repeating a video until it has a length."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from framewright.errors import MediaError
from framewright.media.render import RAMP_SECONDS, Film, Piece, assembled, render
from framewright.media.source import Source, examine, nearest, sound_rate_of, steady_pictures
from framewright.protocols import Tell, silent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from av.video.frame import VideoFrame

LONGEST_SECONDS = 60 * 60


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
    sound = assembled(_pieces(source, film, once), film.sound_rate) if film.sound_rate else None
    render(film, target, _again(source, film, once), sound, tell)


def _again(source: Source, film: Film, once: int) -> Iterator[VideoFrame]:
    for at in range(0, film.frames, once):
        count = min(once, film.frames - at)
        yield from steady_pictures(source, (film.width, film.height), film.fps, count)


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
