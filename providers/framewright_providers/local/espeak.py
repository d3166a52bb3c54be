"""espeak-ng in a process of its own: text to samples, 22,050 Hz mono.

The library keeps state from one text to the next that no call resets, so in one process the
same words sound a little different each time. A fresh process gives the same bytes always, can
be stopped at any moment, and keeps a crash of the library away from us.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

import numpy as np

from framewright.errors import ProviderError
from framewright_providers.local import espeak_process
from framewright_providers.local.espeak_process import RATE

if TYPE_CHECKING:
    from framewright.protocols import Tell

VOICES = {
    "en-us": "gmw/en-US",
    "en-gb": "gmw/en",
    "de": "gmw/de",
    "fr": "roa/fr",
    "es": "roa/es",
    "it": "roa/it",
    "pt": "roa/pt",
    "nl": "gmw/nl",
    "pl": "zlw/pl",
    "sv": "gmq/sv",
}
"""The voice file of each voice in the catalog."""
_NORMAL_SPEED = 165
_CHUNK = RATE // 4 * 2
_USUAL_CHARACTERS_A_SECOND = 14


def synthesise(
    text: str, *, voice: str, speed: float, pitch: int, tell: Tell
) -> np.ndarray[Any, Any]:
    """Return the spoken text as int16 samples; empty when nothing in it can be spoken.

    `speed` is a factor, `pitch` 0 to 99. What `tell` raises ends the speech. Raises
    `ProviderError` when the library or the voice is missing.
    """
    import espeakng_loader

    arguments = (
        espeakng_loader.get_library_path(),
        espeakng_loader.get_data_path(),
        VOICES.get(voice, voice),
        round(_NORMAL_SPEED * speed),
        pitch,
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
        try:
            while piece := process.stdout.read(_CHUNK):
                spoken += piece
                tell(min(0.95, len(spoken) / expected))
        except BaseException:
            process.kill()
            raise
        finally:
            writer.join()
    _check(process.returncode, voice)
    return np.frombuffer(bytes(spoken[: len(spoken) // 2 * 2]), np.int16)


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
