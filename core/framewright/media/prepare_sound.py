"""Sounds made to fit what somebody takes: format, and size in bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from framewright.errors import MediaError
from framewright.media.forms import SOUNDS
from framewright.media.probe import probe
from framewright.media.progress import Heard, Tries
from framewright.media.read_back import read_back
from framewright.media.replacing import replacing
from framewright.media.sound import write_wav_blocks
from framewright.media.sound_stream import sound_blocks
from framewright.media.write import write_sound
from framewright.protocols import Tell, silent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from framewright.domain.media import AudioStream, MediaInfo
    from framewright.media.sound_stream import Samples

WRITABLE = ("wav", *SOUNDS)
"""Formats sound is written in."""
LEAST_BITS = 32_000
"""Bits per second below which speech and music fall apart."""
_LEAST_RATE = 16_000
_KEEP_ALL = ("wav", "flac")
"""Formats that lose nothing; they shrink by samples per second alone."""
_WAV_HEAD = 44
_LADDER = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192)
"""Thousands of bits per second that every encoder takes as they are."""
_RATES = (48_000, 44_100, 32_000, 24_000, 22_050, 16_000)
_TRIES = 4
_SHARE = 0.7
"""Of the progress that is left, for a try that may not be the last."""


@dataclass(frozen=True, slots=True)
class _Try:
    """One way to write the sound."""

    rate: int
    bits: int | None = None


def prepare_sound(
    source: Path,
    target: Path,
    *,
    formats: Sequence[str] = (),
    max_bytes: int | None = None,
    tell: Tell = silent,
) -> tuple[str, MediaInfo]:
    """Write the sound so that it keeps to the limits; return its format and what was written.

    Its length stays, and one or two channels stay as many; more become two. The bit rate falls
    to at least 32 kbit/s, samples per second only where a format has no bit rate. Raises
    `MediaError` where no writable format is taken or the limits leave too little; the target is
    then as it was.
    """
    before = probe(source)
    if before.audio is None or before.duration is None:
        message = "It holds no sound that can be decoded."
        raise MediaError(message)
    seconds = max(before.duration.seconds, 0.001)
    chosen = _format(before, before.audio, formats, max_bytes)
    tries = Tries(tell)
    with replacing(target) as draft:
        for each in _tries(chosen, before.audio, seconds, max_bytes):
            told = tries.next(_SHARE if max_bytes is not None else 1.0)
            blocks = Heard(told, each.rate * seconds).through(_blocks(source, each, before.audio))
            _write(draft, chosen, blocks, each, _channels(before.audio))
            if max_bytes is None or draft.stat().st_size <= max_bytes:
                made = chosen, read_back(draft, before)
                break
        else:
            message = (
                f"It can not be made {chosen} of at most {max_bytes:,} bytes without falling apart."
            )
            raise MediaError(message, action="Give a shorter sound.")
        tell(1.0)
    return made


def _format(
    info: MediaInfo, audio: AudioStream, formats: Sequence[str], max_bytes: int | None
) -> str:
    """Return the format that keeps most of the sound among those that are taken."""
    able = [each for each in formats or WRITABLE if each in WRITABLE]
    if not able:
        message = f"It would have to be {' or '.join(formats)}, which is not written here."
        raise MediaError(message, action=f"Convert it, or use a model that takes {WRITABLE[0]}.")
    lossless = audio.codec.startswith(("pcm_", "flac", "alac"))
    whole = [each for each in able if each in _KEEP_ALL]
    if whole and (lossless or len(whole) == len(able)):
        plain = _wav_bytes(audio, audio.sample_rate, info.duration.seconds if info.duration else 0)
        if max_bytes is None or plain <= max_bytes or len(whole) == len(able):
            return whole[0]
    lossy = [each for each in able if each not in _KEEP_ALL]
    own = "m4a" if info.container in {"mp4", "mov"} else info.container
    return own if own in lossy else lossy[0]


def _tries(
    chosen: str, audio: AudioStream, seconds: float, max_bytes: int | None
) -> Iterator[_Try]:
    """Yield ways to write it, each smaller than the one before."""
    codec = SOUNDS[chosen].sound if chosen in SOUNDS else None
    if codec is None or codec.bits is None:
        yield from _rates(chosen, audio, audio.sample_rate, seconds, max_bytes)
        return
    best = _rate(min(audio.sample_rate, _RATES[0]), codec.rates)
    top = codec.bits // 1_000
    ladder = [each for each in _LADDER if each <= top]
    if max_bytes is not None:
        room = max_bytes * 8 / seconds / 1_000
        ladder = [each for each in ladder if each <= room]
    for kilobits in ladder[: -_TRIES - 1 : -1]:
        yield _Try(best, kilobits * 1_000)


def _rates(
    chosen: str, audio: AudioStream, best: int, seconds: float, max_bytes: int | None
) -> Iterator[_Try]:
    for rate in (best, *(each for each in _RATES if each < best)):
        small = max_bytes is None or _wav_bytes(audio, rate, seconds) <= max_bytes
        # How much FLAC saves shows only when it is written.
        if small or chosen != "wav":
            yield _Try(rate)
        if max_bytes is None:
            return


def _rate(wanted: int, able: Sequence[int]) -> int:
    """Return the least number of samples per second that keeps all of the sound, else the most."""
    return min((each for each in able if each >= wanted), default=max(able, default=wanted))


def _wav_bytes(audio: AudioStream, rate: int, seconds: float) -> int:
    return _WAV_HEAD + round(seconds * rate) * _channels(audio) * 2


def _channels(audio: AudioStream) -> int:
    return min(2, audio.channels)


def _blocks(source: Path, each: _Try, audio: AudioStream) -> Iterator[Samples]:
    return sound_blocks(source, each.rate, _channels(audio))


def _write(target: Path, chosen: str, blocks: Iterator[Samples], each: _Try, channels: int) -> None:
    if chosen == "wav":
        write_wav_blocks(target, blocks, each.rate, channels)
    else:
        write_sound(target, blocks, each.rate, channels, SOUNDS[chosen], each.bits)
