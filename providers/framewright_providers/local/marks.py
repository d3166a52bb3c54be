"""Timing marks of speech: when which sound and which word begins, kept in the sound file itself.

In a WAV they are cue points with labels, which every sound editor shows (Microsoft, "Multimedia
Programming Interface and Data Specifications 1.0", 3-11): `p:` and a phoneme in IPA, `w:` and a
word, `e:` where the speech ends.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

PHONEME, WORD, END = "phoneme", "word", "end"
_LETTERS = {PHONEME: "p", WORD: "w", END: "e"}
_KINDS = {letter: kind for kind, letter in _LETTERS.items()}
_MOST = 200_000
"""Most marks that are read from one file."""
_MOST_BYTES = 16_000_000
_HEAD = struct.Struct("<4sI")
_CUE = struct.Struct("<II4sIII")


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment of speech."""

    seconds: float
    kind: str
    text: str


def write_marks(path: Path, marks: Sequence[Mark], rate: int) -> None:
    """Add marks to a WAV file that has none; samples and length stay as they are."""
    cues, labels = [], []
    for number, mark in enumerate(marks[:_MOST], 1):
        at = max(0, round(mark.seconds * rate))
        cues.append(_CUE.pack(number, at, b"data", 0, 0, at))
        told = f"{_LETTERS[mark.kind]}:{mark.text}".encode() + b"\0"
        labels.append(_chunk(b"labl", struct.pack("<I", number) + told))
    added = _chunk(b"cue ", struct.pack("<I", len(cues)) + b"".join(cues))
    added += _chunk(b"LIST", b"adtl" + b"".join(labels))
    with path.open("r+b") as file:
        file.seek(0, 2)
        if file.tell() % 2:
            file.write(b"\0")
        file.write(added)
        whole = file.tell()
        file.seek(4)
        file.write(struct.pack("<I", whole - 8))


def read_marks(path: Path) -> tuple[Mark, ...]:
    """Return the marks of a WAV file in order; empty for any file without ours."""
    try:
        return _read(path)
    except (OSError, struct.error, UnicodeDecodeError, ValueError):
        return ()


def _read(path: Path) -> tuple[Mark, ...]:
    rate = 0
    places: dict[int, int] = {}
    told: dict[int, str] = {}
    with path.open("rb") as file:
        kind, size, form = struct.unpack("<4sI4s", file.read(12))
        if kind != b"RIFF" or form != b"WAVE":
            return ()
        while len(head := file.read(_HEAD.size)) == _HEAD.size:
            name, size = _HEAD.unpack(head)
            after = file.tell() + size + size % 2
            if name == b"fmt ":
                rate = struct.unpack("<4xI", file.read(8))[0]
            elif name in {b"cue ", b"LIST"} and size <= _MOST_BYTES:
                block = file.read(size)
                if name == b"cue ":
                    places = {found[0]: found[5] for found in _CUE.iter_unpack(_whole(block[4:]))}
                elif block[:4] == b"adtl":
                    told |= dict(_labels(block[4:]))
            file.seek(after)
    if not rate:
        return ()
    marks = [
        Mark(places[number] / rate, _KINDS[text[0]], text[2:])
        for number, text in list(told.items())[:_MOST]
        if number in places and text[:1] in _KINDS and text[1:2] == ":"
    ]
    return tuple(sorted(marks, key=lambda mark: mark.seconds))


def _whole(block: bytes) -> bytes:
    return block[: len(block) // _CUE.size * _CUE.size]


def _labels(block: bytes) -> Iterator[tuple[int, str]]:
    at = 0
    while at + _HEAD.size <= len(block):
        name, size = _HEAD.unpack_from(block, at)
        at += _HEAD.size
        if name == b"labl" and 4 < size <= len(block) - at:
            number = struct.unpack_from("<I", block, at)[0]
            yield number, block[at + 4 : at + size].split(b"\0")[0].decode()
        at += size + size % 2


def _chunk(name: bytes, block: bytes) -> bytes:
    return _HEAD.pack(name, len(block)) + block + b"\0" * (len(block) % 2)
