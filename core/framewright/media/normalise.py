"""Bringing sound to a loudness: measured first, then turned up or down as a whole (EBU R 128)."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from framewright.errors import MediaError
from framewright.media.levels import amplitude
from framewright.media.limiter import tamed
from framewright.media.loudness import Loudness, loudness
from framewright.media.progress import Heard, Tries, rising
from framewright.media.render import Film, Piece, assembled, render
from framewright.media.sound import MIX_RATE, write_wav_blocks
from framewright.media.sound_stream import Samples, sound_blocks, told_samples
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
_MEASURING, _TRYING = 0.15, 0.4
"""Of the progress that is left: listening once, and making it once to listen to that."""
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
    total = told_samples(sound, MIX_RATE)
    tries = Tries(tell)
    made, found = _levelled(
        lambda: sound_blocks(sound, MIX_RATE, 2), total, sound.name, lufs, peak_dbtp, tries
    )
    write_wav_blocks(target, made(tries.next(1.0)), MIX_RATE, 2)
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
    tries = Tries(tell)
    made, found = _levelled(
        lambda: assembled([piece], MIX_RATE), total, video.name, lufs, peak_dbtp, tries
    )
    told = rising(tries.next(1.0))
    # It is the picture that says how far it is; the sound only asks whether to go on.
    heard = made(lambda _: told(0.0))
    if can_copy(video):
        copy_with_sound([(source, Fraction(0))], target, Score(heard, MIX_RATE, total), told)
    else:
        pictures = steady_pictures(source, source.even_size, film.fps, count)
        render(film, target, pictures, heard, told)
    return found


def _levelled(
    blocks: Callable[[], Iterator[Samples]],
    total: int,
    name: str,
    lufs: float,
    peak_dbtp: float,
    tries: Tries,
) -> tuple[Callable[[Tell], Iterator[Samples]], Loudness]:
    """Return what makes the sound anew at the loudness, and what that was measured to be."""
    _check(lufs, peak_dbtp)
    before = loudness(Heard(tries.next(_MEASURING), total).through(blocks()), MIX_RATE)
    if before.lufs is None:
        message = f"{name} is silent: it has no loudness that could be changed."
        raise MediaError(message, action="Give a sound that can be heard.")
    gain, ceiling = min(_MOST_GAIN_DB, lufs - before.lufs), peak_dbtp
    for _ in range(_TRIES):
        made = _limited(blocks, total, amplitude(gain), ceiling)
        after = loudness(made(tries.next(_TRYING)), MIX_RATE)
        # The limiter goes by samples, between which the wave may rise above them; and what it
        # takes from the peaks is missing in the whole.
        over = (after.true_peak_dbtp or peak_dbtp) - peak_dbtp
        short = lufs - (after.lufs or lufs)
        if over <= _NEAR and short <= _NEAR:
            return made, after
        ceiling -= max(0.0, over)
        gain = min(_MOST_GAIN_DB, gain + max(0.0, short))
    # Never above the peak, whatever was reached of the loudness.
    made = _limited(blocks, total, amplitude(gain), ceiling)
    return made, loudness(made(tries.next(_TRYING)), MIX_RATE)


def _limited(
    blocks: Callable[[], Iterator[Samples]], total: int, gain: float, ceiling_db: float
) -> Callable[[Tell], Iterator[Samples]]:
    def made(tell: Tell) -> Iterator[Samples]:
        passes = Heard(tell, 2 * total)
        return tamed(
            lambda: (block * np.float32(gain) for block in passes.through(blocks())),
            amplitude(ceiling_db),
        )

    return made


def _check(lufs: float, peak_dbtp: float) -> None:
    if not QUIETEST <= lufs <= LOUDEST:
        message = f"A loudness of {lufs:g} LUFS is not possible."
        action = f"Use {QUIETEST:g} to {LOUDEST:g}: -23 for broadcasting, -16 or -14 for the web."
        raise MediaError(message, action=action)
    if not -20 <= peak_dbtp <= 0:
        message = f"A true peak of {peak_dbtp:g} dBTP is not possible."
        raise MediaError(message, action="Use -20 to 0, usually -1.")
