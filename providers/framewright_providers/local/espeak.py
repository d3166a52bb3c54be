"""espeak-ng in a process of its own: text to samples, 22,050 Hz mono.

The library keeps state from one text to the next that no call resets, so in one process the
same words sound a little different each time. A fresh process gives the same bytes always, can
be stopped at any moment, and keeps a crash of the library away from us.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from dataclasses import dataclass, replace
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from framewright.errors import ProviderError
from framewright_providers.local import espeak_process
from framewright_providers.local.espeak_process import HEAD, RATE
from framewright_providers.local.marks import Mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framewright.protocols import Tell
    from framewright_providers.local.voices import Voice

_NORMAL_SPEED = 165
_SPEEDS = (80, 450)
"""Words a minute between which the library speaks as it is told."""
_USUAL_CHARACTERS_A_SECOND = 14


@dataclass(frozen=True, slots=True)
class Spoken:
    """A spoken text."""

    samples: np.ndarray[Any, Any]
    """int16, 22,050 Hz mono; empty when nothing in the text can be spoken."""
    marks: tuple[Mark, ...]
    """When each sound and word begins, in order."""


def synthesise(text: str, *, voice: Voice, speed: float, pitch: int, tell: Tell) -> Spoken:
    """Return the spoken text.

    `speed` is a factor, `pitch` 0 to 99; the voice bends both. What `tell` raises ends the
    speech. Raises `ProviderError` when the library or the voice is missing.
    """
    import espeakng_loader

    arguments = (
        espeakng_loader.get_library_path(),
        espeakng_loader.get_data_path(),
        voice.file,
        # What is moved up afterwards gets shorter by that, so it is spoken slower before.
        round(min(_SPEEDS[1], max(_SPEEDS[0], _NORMAL_SPEED * speed * voice.speed / voice.shift))),
        min(99, max(0, pitch + voice.pitch)),
    )
    command = [sys.executable, "-I", espeak_process.__file__, *map(str, arguments)]
    expected = max(1.0, len(text) / _USUAL_CHARACTERS_A_SECOND) * RATE * 2
    with subprocess.Popen(  # noqa: S603 - our own script; the text travels by pipe
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        # Written from beside: a long text and long speech would otherwise wait for each other.
        writer = threading.Thread(
            target=_write, args=(process, text.encode()), name="framewright-espeak"
        )
        writer.start()
        spoken = bytearray()
        marks: list[Mark] = []
        try:
            while block := _block(process.stdout):
                if block[0] == b"M":
                    at, kind, said = json.loads(block[1])
                    marks.append(Mark(at / 1000, kind, said))
                    continue
                spoken += block[1]
                tell(min(0.95, len(spoken) / expected))
        except BaseException:
            process.kill()
            raise
        finally:
            writer.join()
    _check(process.returncode, voice.file)
    samples = np.frombuffer(bytes(spoken[: len(spoken) // 2 * 2]), np.int16)
    return Spoken(samples, tuple(marks)) if voice.shift == 1 else shifted(samples, marks, voice)


def shifted(samples: np.ndarray[Any, Any], marks: Sequence[Mark], voice: Voice) -> Spoken:
    """Return speech with pitch and formants moved together: played faster, exactly resampled."""
    if not samples.size:
        return Spoken(samples, ())
    size = max(1, round(samples.size / voice.shift))
    spectrum = np.fft.rfft(samples.astype(np.float64))
    kept = np.zeros(size // 2 + 1, complex)
    both = min(kept.size, spectrum.size)
    kept[:both] = spectrum[:both]
    moved = np.fft.irfft(kept, size) * size / samples.size
    earlier = tuple(replace(mark, seconds=mark.seconds / voice.shift) for mark in marks)
    return Spoken(np.clip(np.round(moved), -32_768, 32_767).astype(np.int16), earlier)


def _block(stream: IO[bytes]) -> tuple[bytes, bytes] | None:
    """Return the next block's letter and what is in it; None at the end."""
    head = stream.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    letter, size = HEAD.unpack(head)
    return letter, stream.read(size)


def _write(process: subprocess.Popen[bytes], text: bytes) -> None:
    assert process.stdin is not None
    try:
        process.stdin.write(text)
        process.stdin.close()
    except BrokenPipeError:
        pass


def _check(code: int, voice: str) -> None:
    if code == espeak_process.WRONG_VOICE:
        raise ProviderError(f"The voice {voice} is not installed.")
    if code != 0:
        message = f"The speech library failed (exit {code})."
        raise ProviderError(message, action="`framewright doctor` says what is missing.")
