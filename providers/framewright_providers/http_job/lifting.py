"""Reads JSON piece by piece, and puts its long texts into files: pictures in base64 need no memory.

An answer may hold some pictures of 30 MB each. What is left of it without them is small.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LONG = 4_096
"""Texts from so many bytes on are put into files."""
MOST_PLAIN = 16_000_000
"""Most bytes of an answer beside its long texts."""
MOST_BYTES = 2_000_000_000
"""Most bytes of a whole answer."""
_STOP = re.compile(rb'["\\]')
_QUOTE = ord('"')
_MARK = "\0lifted "
_PIECE = 1 << 20
_HEAD = re.compile(rb"data:[^,]{0,200},")
_STANDARD = bytes.maketrans(b"-_", b"+/")


class AnswerTooLargeError(ValueError):
    """An answer is larger than anybody takes."""


@dataclass(frozen=True, slots=True)
class Lifted:
    """An answer whose long texts are in files."""

    told: Any
    """The JSON, with a mark where a long text stood; None where it was none."""
    _texts: tuple[Path, ...]

    @property
    def fields(self) -> dict[str, Any]:
        """The answer as a JSON object, an empty one where it is none."""
        return self.told if isinstance(self.told, dict) else {}

    def text(self, value: object, most: int = 4_000) -> str:
        """Return a text of the answer, or the beginning of a long one; empty for what is none."""
        if not isinstance(value, str):
            return ""
        if (path := self._path(value)) is None:
            return value
        with path.open("rb") as file:
            return file.read(most).decode("utf-8", "replace")

    def decode(self, value: object, target: Path) -> bool:
        """Write what a text is in base64, or as a data URI, into a file; touches the disk.

        False, and no file, where it is neither, or nothing.
        """
        if not isinstance(value, str):
            return False
        try:
            with target.open("wb") as out:
                for piece in _whole_quads(self._pieces(value)):
                    out.write(base64.b64decode(piece, validate=True))
            written = target.stat().st_size
        except (binascii.Error, ValueError):
            written = 0
        if not written:
            target.unlink(missing_ok=True)
        return bool(written)

    def drop(self) -> None:
        """Remove the files of the long texts."""
        for path in self._texts:
            path.unlink(missing_ok=True)

    def _path(self, value: str) -> Path | None:
        if not value.startswith(_MARK):
            return None
        number = value.removeprefix(_MARK)
        return self._texts[int(number)] if number.isdecimal() else None

    def _pieces(self, value: str) -> Iterator[bytes]:
        if (path := self._path(value)) is None:
            yield value.encode()
            return
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                # A backslash belongs to what follows it.
                while piece.endswith(b"\\") and (more := file.read(1)):
                    piece += more
                yield piece


class Lifter:
    """Takes an answer piece by piece; its methods touch the disk, and belong on a thread."""

    def __init__(self, folder: Path, most_bytes: int = MOST_BYTES) -> None:
        """Put long texts into a folder."""
        self._folder, self._most = folder, most_bytes
        self._plain, self._text = bytearray(), bytearray()
        self._paths: list[Path] = []
        self._file: BinaryIO | None = None
        self._within = self._escaped = False
        self._seen = 0

    def feed(self, block: bytes) -> None:
        """Take the next piece; raises `AnswerTooLargeError`."""
        self._seen += len(block)
        if self._seen > self._most or len(self._plain) > MOST_PLAIN:
            raise AnswerTooLargeError(f"An answer has over {self._seen} bytes.")
        at = 0
        while at < len(block):
            end = self._end_of_text(block, at) if self._within else block.find(b'"', at)
            end = len(block) if end < 0 else end
            if self._within:
                self._take(block[at:end])
            else:
                self._plain += block[at:end]
            if end < len(block):
                self._turn()
            at = end + 1

    def finish(self) -> Lifted:
        """Return the whole answer."""
        self.close()
        try:
            told = json.loads(bytes(self._plain))
        except (ValueError, RecursionError):
            told = None
        return Lifted(told, tuple(self._paths))

    def close(self) -> None:
        """Let go of the file that is being written."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _end_of_text(self, block: bytes, at: int) -> int:
        """Return where the quote is that ends a text; -1 where it is not in this block."""
        at += self._escaped
        self._escaped = False
        while (found := _STOP.search(block, at)) is not None:
            if block[found.start()] == _QUOTE:
                return found.start()
            at = found.end() + 1
            self._escaped = at > len(block)
        return -1

    def _take(self, part: bytes) -> None:
        if self._file is None:
            self._text += part
            if len(self._text) < LONG:
                return
            path = self._folder / f"long{len(self._paths)}.text"
            self._paths.append(path)
            self._file, part = path.open("wb"), bytes(self._text)
        self._file.write(part)

    def _turn(self) -> None:
        """Go over a quote: into a text, or out of one."""
        self._within = not self._within
        if not self._within:
            lifted = self._file is not None
            mark = f"{_MARK}{len(self._paths) - 1}".replace("\0", "\\u0000").encode()
            self._plain += mark if lifted else self._text
            self.close()
            self._text.clear()
        self._plain += b'"'


def _whole_quads(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield base64 in pieces that can be decoded each by itself."""
    left, first = b"", True
    for piece in pieces:
        left += piece if not first else _HEAD.sub(b"", piece, count=1)
        first = False
        # Some servers escape slashes and break lines; others use the alphabet of addresses.
        left = left.replace(b"\\/", b"/").replace(b"\\n", b"").replace(b"\\r", b"")
        left = left.translate(_STANDARD, b"\r\n ")
        whole = len(left) - len(left) % 4
        yield left[:whole]
        left = left[whole:]
    if left:
        yield left + b"=" * (-len(left) % 4)
