"""Whole sounds: reading, writing WAV, and mixing tracks."""

from __future__ import annotations

import wave
import zlib
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from framewright.errors import MediaError
from framewright.media.ducking import DuckCurve, duck_curve, sounding_hops
from framewright.media.levels import amplitude
from framewright.media.limiter import tamed
from framewright.media.progress import Heard, part_of
from framewright.media.replacing import replacing
from framewright.media.sound_stream import Samples, SoundReader, sound_blocks
from framewright.protocols import Tell, silent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

MIX_RATE = 48_000
"""Samples per second of everything that is mixed here."""
LONGEST_SECONDS = 2 * 60 * 60
"""Longest sound that is read into memory or mixed."""

_CEILING_DBFS = -1.0
_BLOCK = MIX_RATE // 4
_READ_FRAMES = 1 << 16
_MOST_WAV_BYTES = 2**32 - 4_096
"""A WAV counts its bytes in 32 bits."""
_COUNTING = 0.2
"""Share of the work that finding the lengths is."""


def read_sound(path: Path, rate: int = MIX_RATE, channels: int = 2) -> Samples:
    """Return all of a file's sound; raises `MediaError` without any, or beyond two hours."""
    blocks: list[Samples] = []
    count = 0
    for block in sound_blocks(path, rate, channels):
        blocks.append(block)
        count += block.shape[1]
        _check_length(path.name, count * MIX_RATE // rate)
    if not count:
        message = f"{path.name} holds no sound that can be decoded."
        raise MediaError(message)
    return np.concatenate(blocks, axis=1)


def write_wav(path: Path, samples: Samples, rate: int) -> None:
    """Write samples, float of shape (channels, n) and full scale 1, as 16-bit PCM."""
    if samples.ndim != 2 or not samples.shape[0]:
        message = f"Samples of shape {samples.shape} cannot be written as sound."
        raise MediaError(message)
    write_wav_blocks(path, iter([samples]), rate, samples.shape[0])


def write_wav_blocks(path: Path, blocks: Iterator[Samples], rate: int, channels: int) -> None:
    """Write blocks of samples one after the other as 16-bit PCM, and read them back.

    Raises `MediaError` for more than a WAV can hold, and where the disk gives back something
    else than was written; then the file stays as it was.
    """
    with replacing(path) as draft:
        written = _pour(draft, blocks, rate, channels)
        if _written(draft) != written:
            message = "The disk does not give back the sound that was written to it."
            raise MediaError(message, action="Look after the disk, then try again.")


_Wav = tuple[int, int, int, int]
"""Rate, channels, bytes of samples and their CRC-32."""


def _pour(path: Path, blocks: Iterator[Samples], rate: int, channels: int) -> _Wav:
    count = digest = 0
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        for block in blocks:
            levels = np.rint(np.clip(np.nan_to_num(block), -1, 1) * 32767)
            body = levels.T.astype("<i2").tobytes()
            count, digest = count + len(body), zlib.crc32(body, digest)
            if count > _MOST_WAV_BYTES:
                hours = count / (rate * channels * 7_200)
                message = f"{hours:.1f} hours are too long for a WAV."
                raise MediaError(message, action="Make it in shorter parts.")
            file.writeframes(body)
    return rate, channels, count, digest


def _written(path: Path) -> _Wav:
    count = digest = 0
    with wave.open(str(path), "rb") as file:
        while body := file.readframes(_READ_FRAMES):
            count, digest = count + len(body), zlib.crc32(body, digest)
        return file.getframerate(), file.getnchannels(), count, digest


def mix(
    tracks: Sequence[Path],
    target: Path,
    *,
    gains_db: Sequence[float] = (),
    starts_seconds: Sequence[float] = (),
    duck: bool = False,
    in_turn: bool = False,
    tell: Tell = silent,
) -> None:
    """Write a WAV, 48 kHz stereo, of all tracks together, as long as the longest of them.

    Missing gains are 0 dB and missing starts 0 seconds. `in_turn`: each track begins when the one
    before it is over, and its start is the pause before it. With `duck`, all tracks after the first
    step back by 12 dB while the first one sounds. Peaks above -1 dBFS are limited.
    """
    _check_mix(tracks, gains_db, starts_seconds)
    parts = [
        _Part(
            path,
            round(Fraction(starts_seconds[number]) * MIX_RATE)
            if number < len(starts_seconds)
            else 0,
            amplitude(gains_db[number]) if number < len(gains_db) else 1.0,
        )
        for number, path in enumerate(tracks)
    ]
    total = 0
    for number, part in enumerate(parts):
        tell(_COUNTING * number / len(parts))
        begin = part.start + (total if in_turn else 0)
        parts[number] = replace(part, start=begin)
        total = max(total, begin + _count(part.path, tell, _COUNTING * number / len(parts)))
    _check_length(target.name, total)
    curve = duck_curve(sounding_hops(parts[0].blocks(total))) if duck else None
    told = Heard(part_of(tell, _COUNTING, 1.0), 2 * total)
    together = tamed(lambda: told.through(_together(parts, curve, total)), amplitude(_CEILING_DBFS))
    write_wav_blocks(target, together, MIX_RATE, 2)
    tell(1.0)


@dataclass(frozen=True, slots=True)
class _Part:
    """One track of a mix."""

    path: Path
    start: int
    gain: float

    def blocks(self, total: int) -> Iterator[Samples]:
        """Yield the track in its place, in blocks that are the same for all tracks."""
        reader = SoundReader(self.path, MIX_RATE)
        for at in range(0, total, _BLOCK):
            piece = np.zeros((2, min(_BLOCK, total - at)), dtype=np.float32)
            lead = min(piece.shape[1], max(0, self.start - at))
            piece[:, lead:] = reader.take(piece.shape[1] - lead) * np.float32(self.gain)
            yield piece


def _together(parts: Sequence[_Part], curve: DuckCurve | None, total: int) -> Iterator[Samples]:
    at = 0
    for first, *others in zip(*(part.blocks(total) for part in parts), strict=True):
        rest = sum(others, np.zeros_like(first))
        if curve is not None:
            rest = rest * curve.over(at, first.shape[1])
        at += first.shape[1]
        yield first + rest


def _count(path: Path, tell: Tell, fraction: float) -> int:
    count = 0
    for block in sound_blocks(path, MIX_RATE, 2):
        count += block.shape[1]
        _check_length(path.name, count)
        tell(fraction)
    if not count:
        message = f"{path.name} holds no sound that can be decoded."
        raise MediaError(message)
    return count


def _check_length(name: str, count: int) -> None:
    if count > LONGEST_SECONDS * MIX_RATE:
        message = f"{name} is longer than the {LONGEST_SECONDS // 3600} hours that are handled."
        raise MediaError(message, action="Cut it into shorter pieces first.")


def _check_mix(
    tracks: Sequence[Path], gains_db: Sequence[float], starts_seconds: Sequence[float]
) -> None:
    if not tracks:
        message = "There is no track to mix."
        raise MediaError(message, action="Give at least one.")
    for name, values in (("gains", gains_db), ("starts", starts_seconds)):
        if len(values) > len(tracks):
            message = f"There are {len(values)} {name} for {len(tracks)} tracks."
            raise MediaError(message, action="Give at most one for each track.")
    if not all(-120 <= gain <= 40 for gain in gains_db):
        message = "A gain is outside the range from -120 to 40 dB."
        raise MediaError(message, action="Give gains from -60 to 12 dB.")
    if not all(0 <= start <= LONGEST_SECONDS for start in starts_seconds):
        message = "A track starts before the beginning or beyond two hours."
        raise MediaError(message, action="Give starts of 0 or more seconds.")
