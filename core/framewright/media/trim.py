"""Cutting a video to a time range, exact to the frame."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from framewright.errors import MediaError
from framewright.media.render import RAMP_SECONDS, Film, Piece, assembled, render
from framewright.media.source import examine, nearest, sound_rate_of, steady_pictures
from framewright.protocols import Tell, silent

if TYPE_CHECKING:
    from pathlib import Path


def trim(
    video: Path,
    target: Path,
    *,
    start_seconds: float,
    end_seconds: float,
    tell: Tell = silent,
) -> None:
    """Write the part between two times, both moved to the nearest frame, with its sound.

    An end beyond the video's end means its end. Raises `MediaError` where nothing is left.
    """
    if not 0 <= start_seconds < end_seconds < float("inf"):
        message = f"There is nothing between {start_seconds:g} and {end_seconds:g} seconds."
        raise MediaError(message, action="Give a start of 0 or more and an end after it.")
    tell(0.0)
    source = examine(video)
    fps = source.rate
    length = source.count(fps)
    first = nearest(Fraction(start_seconds) * fps)
    last = min(length, max(first + 1, nearest(Fraction(end_seconds) * fps)))
    if first >= length:
        seconds = float(length / fps)
        message = (
            f"{video.name} is {seconds:.2f} seconds long and has nothing at {start_seconds:g} s."
        )
        raise MediaError(message, action=f"Start before {seconds:.2f} seconds.")
    film = Film(*source.even_size, fps, last - first, sound_rate_of([source]))
    sound = None
    if film.sound_rate:
        ramp = round(film.sound_rate * RAMP_SECONDS)
        piece = Piece(
            video,
            source.span.start + first / fps,
            0,
            film.samples(film.frames),
            fade_in=ramp if first else 0,
            fade_out=ramp if last < length else 0,
        )
        sound = assembled([piece], film.sound_rate)
    pictures = steady_pictures(source, source.even_size, fps, film.frames, first=first)
    render(film, target, pictures, sound, tell)
