"""A process that speaks one text with espeak-ng and ends; run by path, it imports nothing of ours.

Arguments: library, data folder, voice file, words a minute, pitch. Standard input: the text in
UTF-8. Standard output: 16-bit samples, 22,050 Hz mono, as they come. The library's C interface
is described in `speak_lib.h` of espeak-ng 1.51.
"""

from __future__ import annotations

import ctypes
import sys

RATE = 22_050
_SYNCHRONOUS = 2
_BUFFER_MS = 60
_UTF8 = 1
"""Plain text: neither SSML nor `[[phonemes]]` mean anything."""
_WORDS_A_MINUTE, _PITCH = 1, 3
_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
WRONG_VOICE, NO_LIBRARY = 3, 4


def main(library_path: str, data: str, voice: str, words_a_minute: int, pitch: int) -> int:
    """Speak standard input and return the exit code."""
    text = sys.stdin.buffer.read().replace(b"\0", b" ")
    out = sys.stdout.buffer

    def take(samples: int | None, count: int, events: int | None) -> int:
        del events
        if samples and count > 0:
            out.write(ctypes.string_at(samples, 2 * count))
            out.flush()
        return 0

    callback = _CALLBACK(take)
    library = ctypes.CDLL(library_path)
    if library.espeak_Initialize(_SYNCHRONOUS, _BUFFER_MS, data.encode(), 0) != RATE:
        return NO_LIBRARY
    library.espeak_SetSynthCallback(callback)
    if library.espeak_SetVoiceByName(voice.encode()) != 0:
        return WRONG_VOICE
    library.espeak_SetParameter(_WORDS_A_MINUTE, words_a_minute, 0)
    library.espeak_SetParameter(_PITCH, pitch, 0)
    size, nothing = ctypes.c_size_t(len(text) + 1), ctypes.c_void_p()
    library.espeak_Synth(text, size, 0, 1, 0, _UTF8, nothing, nothing)
    library.espeak_Synchronize()
    return 0


if __name__ == "__main__":
    _, _library, _data, _voice, _speed, _pitch = sys.argv
    sys.exit(main(_library, _data, _voice, int(_speed), int(_pitch)))
