"""Proxies: small copies of a video in which every place is found at once."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from framewright.errors import MediaError
from framewright.media.forms import MP4, PictureCodec
from framewright.media.render import Film, render, whole_sound
from framewright.media.shape import even
from framewright.media.source import examine, sound_rate_of, steady_pictures
from framewright.protocols import Tell, silent

if TYPE_CHECKING:
    from pathlib import Path

_DRAFT = PictureCodec(
    "libx264",
    {
        **(MP4.picture.options if MP4.picture else {}),
        "preset": "ultrafast",
        "crf": "26",
        # A frame that waits for none after it is decoded at once.
        "tune": "fastdecode",
        "bf": "0",
    },
    keyframe_seconds=Fraction(1, 4),
)
_FORM = replace(MP4, picture=_DRAFT)
_SOUND_BITS = 96_000


def make_proxy(video: Path, target: Path, *, height: int = 360, tell: Tell = silent) -> None:
    """Write a small MP4 of the video for looking through: four keyframes a second, its own rate.

    It has as many frames as the video and never more rows. Raises `MediaError` below 64 rows.
    """
    if not 64 <= height <= 2160:
        message = f"A proxy cannot be {height} pixels high."
        raise MediaError(message, action="Use 64 to 2160, usually 360.")
    tell(0.0)
    source = examine(video)
    rows = min(height, source.height)
    size = (even(round(source.width * rows / source.height)), even(rows))
    count = source.count(source.rate)
    film = Film(
        *size, source.rate, count, sound_rate_of([source]), form=_FORM, sound_bits=_SOUND_BITS
    )
    pictures = steady_pictures(source, size, source.rate, count)
    render(film, target, pictures, whole_sound(source, film), tell)
