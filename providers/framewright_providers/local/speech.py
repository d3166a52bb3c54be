"""Speech jobs: a scratch voice, clear and robotic."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from framewright.errors import InputError
from framewright.media.sound import write_wav
from framewright_providers.local.espeak import synthesise
from framewright_providers.local.espeak_process import RATE
from framewright_providers.local.marks import write_marks
from framewright_providers.local.voices import voice_for

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from framewright.protocols import Tell

_LEVEL = 10 ** (-19 / 20)
"""Loudness of the spoken parts as root mean square of full scale."""
_PEAK = 10 ** (-1.5 / 20)
_MARGIN = round(0.12 * RATE)
_FADE = round(0.008 * RATE)
_QUIET = 10 ** (-46 / 20)


def speech(inputs: dict[str, Any], seed: int, folder: Path, tell: Tell) -> Path:
    """Speak a text to the letter; the file holds timing marks of its sounds and words."""
    del seed
    spoken = synthesise(
        str(inputs["text"]),
        voice=voice_for(str(inputs.get("speaker") or ""), str(inputs["voice"])),
        speed=inputs["speed"],
        pitch=inputs["pitch"],
        tell=tell,
    )
    samples = (spoken.samples / 32_768).astype(np.float32)
    if not samples.size or np.abs(samples).max() < _QUIET:
        message = "There is nothing in this text that can be spoken."
        raise InputError(message, action="Write words, not only signs.")
    target = folder / "voice.wav"
    write_wav(target, polish(samples)[np.newaxis], RATE)
    cut = spoken_part(samples)[0] / RATE
    kept = [replace(mark, seconds=max(0.0, mark.seconds - cut)) for mark in spoken.marks]
    write_marks(target, kept, RATE)
    return target


def polish(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return speech with short natural margins, without rumble, at an even level."""
    begin, end = spoken_part(samples)
    kept = _without_rumble(samples[begin:end])
    ramp = np.linspace(0, 1, min(_FADE, kept.size // 2), dtype=np.float32)
    kept[: ramp.size] *= ramp
    kept[kept.size - ramp.size :] *= ramp[::-1]
    voiced = kept[np.abs(kept) > _QUIET]
    level = float(np.sqrt(np.mean(voiced.astype(np.float64) ** 2))) if voiced.size else 1.0
    gain = min(_LEVEL / level, _PEAK / float(np.abs(kept).max()))
    return (kept * np.float32(gain)).astype(np.float32)


def spoken_part(samples: NDArray[np.float32]) -> tuple[int, int]:
    """Return first and last sample of what is kept: the spoken part with short margins."""
    loud = np.flatnonzero(np.abs(samples) > _QUIET)
    return max(0, int(loud[0]) - _MARGIN // 2), min(samples.size, int(loud[-1]) + _MARGIN)


def _without_rumble(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Take out what is below about 80 Hz: the signal less its moving average."""
    width = RATE // 160 * 2 + 1
    padded = np.pad(samples.astype(np.float64), (width // 2 + 1, width // 2), mode="edge")
    total = np.cumsum(padded)
    mean = (total[width:] - total[:-width]) / width
    return (samples - mean[: samples.size]).astype(np.float32)
