"""Playing a video backwards, in little memory however long it is."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from framewright.media.render import Film, render
from framewright.media.sound_stream import Samples, SoundReader
from framewright.media.source import Source, examine, sound_rate_of, steady_pictures
from framewright.protocols import Tell, silent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from av.video.frame import VideoFrame

_ROOM_BYTES = 128 * 1024 * 1024
"""How much the frames of one stretch may take."""
_LONGEST_STRETCH = 240
_SOUND_SECONDS = 8


def reverse(video: Path, target: Path, *, tell: Tell = silent) -> None:
    """Write the video from its last frame to its first, and its sound from its end.

    It is decoded in stretches, the last one first, of which one is held at a time.
    """
    tell(0.0)
    source = examine(video)
    fps = source.rate
    count = source.count(fps)
    film = Film(*source.even_size, fps, count, sound_rate_of([source]))
    sound = _sound_backwards(source, film) if film.sound_rate else None
    render(film, target, _backwards(source, film), sound, tell)


def _backwards(source: Source, film: Film) -> Iterator[VideoFrame]:
    size = (film.width, film.height)
    stretch = max(2, min(_LONGEST_STRETCH, _ROOM_BYTES * 2 // (3 * film.width * film.height)))
    for end in range(film.frames, 0, -stretch):
        first = max(0, end - stretch)
        held = list(steady_pictures(source, size, film.fps, end - first, first=first))
        while held:
            yield held.pop()


def _sound_backwards(source: Source, film: Film) -> Iterator[Samples]:
    rate = film.sound_rate or 0
    total, stretch = film.samples(film.frames), rate * _SOUND_SECONDS
    for end in range(total, 0, -stretch):
        first = max(0, end - stretch)
        start = source.span.start + Fraction(first, rate)
        held = SoundReader(source.path, rate, 2, start).take(end - first)
        yield held[:, ::-1]
