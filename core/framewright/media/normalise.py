"""Bringing sound to a loudness: measured first, then turned up or down as a whole (EBU R 128)."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from framewright.errors import MediaError
from framewright.media.levels import amplitude
from framewright.media.limiter import tamed
from framewright.media.loudness import Loudness, loudness
from framewright.media.render import Film, Piece, assembled, render
from framewright.media.sound import MIX_RATE, write_wav_blocks
from framewright.media.sound_stream import Samples, sound_blocks
from framewright.media.source import examine, steady_pictures
from framewright.media.stream_copy import Score, can_copy, copy_with_sound
from framewright.protocols import Tell, silent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

QUIETEST, LOUDEST = -40.0, -5.0
"""Loudness that may be asked for, in LUFS."""
_MOST_GAIN_DB = 40.0
"""Beyond this, what is turned up is noise."""
_TRIES = 3
_NEAR = 0.1
"""Decibels that nobody hears."""


def normalise_sound(
    sound: Path,
    target: Path,
    *,
    lufs: float = -16.0,
    peak_dbtp: float = -1.0,
    tell: Tell = silent,
) -> Loudness:
    """Write a WAV, 48 kHz stereo, of this integrated loudness, and return what it has now.

    One gain for all of it keeps its dynamics; only moments whose true peak would then lie above
    `peak_dbtp` are limited. Raises `MediaError` for silence.
    """

    def blocks() -> Iterator[Samples]:
        return sound_blocks(sound, MIX_RATE, 2)

    made, found = _levelled(blocks, sound.name, lufs, peak_dbtp, tell)
    write_wav_blocks(target, made(), MIX_RATE, 2)
    tell(1.0)
    return found


def normalise_video(
    video: Path,
    target: Path,
    *,
    lufs: float = -16.0,
    peak_dbtp: float = -1.0,
    tell: Tell = silent,
) -> Loudness:
    """Write the video with its sound brought to a loudness; see `normalise_sound`.

    The picture is copied as it is where an MP4 can carry it.
    """
    source = examine(video)
    if not source.sound_rate:
        message = f"{video.name} holds no sound."
        raise MediaError(message, action="Give a video with a sound track.")
    count = source.count(source.rate)
    film = Film(*source.even_size, source.rate, count, MIX_RATE)
    total = film.samples(count)
    piece = Piece(video, source.span.start, 0, total)
    made, found = _levelled(lambda: assembled([piece], MIX_RATE), video.name, lufs, peak_dbtp, tell)
    if can_copy(video):
        score = Score(made(), MIX_RATE, total)
        copy_with_sound([(source, Fraction(0))], target, score, tell)
    else:
        pictures = steady_pictures(source, source.even_size, film.fps, count)
        render(film, target, pictures, made(), tell)
    return found


def _levelled(
    blocks: Callable[[], Iterator[Samples]],
    name: str,
    lufs: float,
    peak_dbtp: float,
    tell: Tell,
) -> tuple[Callable[[], Iterator[Samples]], Loudness]:
    """Return what makes the sound anew at the loudness, and what that was measured to be."""
    _check(lufs, peak_dbtp)
    before = loudness(_told(blocks(), tell), MIX_RATE)
    if before.lufs is None:
        message = f"{name} is silent: it has no loudness that could be changed."
        raise MediaError(message, action="Give a sound that can be heard.")
    gain, ceiling = min(_MOST_GAIN_DB, lufs - before.lufs), peak_dbtp
    for _ in range(_TRIES):
        made = _limited(blocks, amplitude(gain), ceiling)
        after = loudness(_told(made(), tell), MIX_RATE)
        # The limiter goes by samples, between which the wave may rise above them; and what it
        # takes from the peaks is missing in the whole.
        over = (after.true_peak_dbtp or peak_dbtp) - peak_dbtp
        short = lufs - (after.lufs or lufs)
        if over <= _NEAR and short <= _NEAR:
            break
        ceiling -= max(0.0, over)
        gain = min(_MOST_GAIN_DB, gain + max(0.0, short))
    # Never above the peak, whatever was reached of the loudness.
    made = _limited(blocks, amplitude(gain), ceiling)
    return made, loudness(_told(made(), tell), MIX_RATE)


def _limited(
    blocks: Callable[[], Iterator[Samples]], gain: float, ceiling_db: float
) -> Callable[[], Iterator[Samples]]:
    def louder() -> Iterator[Samples]:
        for block in blocks():
            yield block * np.float32(gain)

    return lambda: tamed(louder, amplitude(ceiling_db))


def _told(blocks: Iterator[Samples], tell: Tell) -> Iterator[Samples]:
    for block in blocks:
        tell(0.0)
        yield block


def _check(lufs: float, peak_dbtp: float) -> None:
    if not QUIETEST <= lufs <= LOUDEST:
        message = f"A loudness of {lufs:g} LUFS is not possible."
        action = f"Use {QUIETEST:g} to {LOUDEST:g}: -23 for broadcasting, -16 or -14 for the web."
        raise MediaError(message, action=action)
    if not -20 <= peak_dbtp <= 0:
        message = f"A true peak of {peak_dbtp:g} dBTP is not possible."
        raise MediaError(message, action="Use -20 to 0, usually -1.")
