"""A process that speaks one text with espeak-ng and ends; run by path, it imports nothing of ours.

Arguments: library, data folder, voice file, words a minute, pitch. Standard input: the text in
UTF-8. Standard output: blocks as they come, each a letter, its length as four bytes, and what is
in it: `S` 16-bit samples, 22,050 Hz mono; `M` a mark in JSON, `[milliseconds, kind, text]` with the
kinds `phoneme` (IPA; empty is a pause), `word` and `end`. The library's C interface is described
in `speak_lib.h` of espeak-ng 1.51.
"""

from __future__ import annotations

import ctypes
import json
import struct
import sys

RATE = 22_050
HEAD = struct.Struct("<cI")
"""What stands before each block: its letter and its length."""
_SYNCHRONOUS = 2
_BUFFER_MS = 60
_UTF8 = 1
"""Plain text: neither SSML nor `[[phonemes]]` mean anything."""
_WORDS_A_MINUTE, _PITCH = 1, 3
_PHONEMES_IN_IPA = 1 | 2
_WORD, _PHONEME, _END = 1, 7, 6
_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
WRONG_VOICE, NO_LIBRARY = 3, 4


class _Id(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8))


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Id),
    )


def main(library_path: str, data: str, voice: str, words_a_minute: int, pitch: int) -> int:
    """Speak standard input and return the exit code."""
    text = sys.stdin.buffer.read().replace(b"\0", b" ")
    words = text.decode("utf-8", "replace")
    out = sys.stdout.buffer

    def give(letter: bytes, block: bytes) -> None:
        out.write(HEAD.pack(letter, len(block)) + block)

    def take(samples: int | None, count: int, events: int | None) -> int:
        if samples and count > 0:
            give(b"S", ctypes.string_at(samples, 2 * count))
        for mark in _marks(events, words):
            give(b"M", json.dumps(mark).encode())
        out.flush()
        return 0

    callback = _CALLBACK(take)
    library = ctypes.CDLL(library_path)
    begun = library.espeak_Initialize(_SYNCHRONOUS, _BUFFER_MS, data.encode(), _PHONEMES_IN_IPA)
    if begun != RATE:
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


def _marks(events: int | None, words: str) -> list[tuple[int, str, str]]:
    """Return the marks of a list of events, which ends with one of type 0."""
    found: list[tuple[int, str, str]] = []
    if not events:
        return found
    size = ctypes.sizeof(_Event)
    while (event := _Event.from_address(events + size * len(found))).type:
        kind, at = event.type, event.audio_position
        if kind == _PHONEME:
            sign = bytes(event.id.string).split(b"\0")[0].decode("utf-8", "replace")
            found.append((at, "phoneme", sign.strip("_:ˈˌ ")))
        elif kind == _WORD:
            first = max(0, event.text_position - 1)
            found.append((at, "word", words[first : first + event.length]))
        else:
            found.append((at, "end" if kind == _END else "", ""))
    return [mark for mark in found if mark[1]]


if __name__ == "__main__":
    _, _library, _data, _voice, _speed, _pitch = sys.argv
    sys.exit(main(_library, _data, _voice, int(_speed), int(_pitch)))
