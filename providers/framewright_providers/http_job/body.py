"""What requests and answers hold, byte by byte: JSON built in parts, answers unpacked in parts.

An answer may unpack to a thousand times what came, and a body of some MB holds the interpreter
while it is built: neither is ever done at once, and what takes long is done on a thread.
"""

from __future__ import annotations

import asyncio
import json
import zlib
from typing import TYPE_CHECKING, Any

from framewright.errors import ProviderError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator

    import httpx

UNPACKED = {"Accept-Encoding": "identity"}
"""Asks for answers as they are: media hardly shrink, and what is packed may be a bomb."""
_BLOCK = 1 << 18
_PART = 1 << 18
"""Characters of a long text that are written at once."""
_PACKED = {"gzip": 31, "x-gzip": 31, "deflate": zlib.MAX_WBITS}
"""Packings of an answer that are read, and the `wbits` of each."""


class PackedError(ProviderError):
    """An answer is packed in a way that is not read."""

    code = "answer-packed"


def packing(answer: httpx.Response) -> str:
    """Return what an answer is packed with, in small letters; empty for one as it is."""
    named = answer.headers.get("content-encoding", "").lower().split(",")
    return ",".join(each.strip() for each in named if each.strip() not in {"", "identity"})


async def raw(answer: httpx.Response) -> AsyncGenerator[bytes]:
    """Yield an answer as it came, in pieces of at least 256 KiB, but for the last."""
    import httpx

    stream = answer.stream
    assert isinstance(stream, httpx.AsyncByteStream)
    held = bytearray()
    async for piece in stream:
        held += piece
        if len(held) >= _BLOCK:
            yield bytes(held)
            held.clear()
    if held:
        yield bytes(held)


async def unpacked(answer: httpx.Response) -> AsyncGenerator[bytes]:
    """Yield an answer piece by piece, out of one gzip or deflate at most.

    Raises `PackedError` for other packings, for broken ones, and where something follows.
    """
    packed = packing(answer)
    if not packed:
        async for piece in raw(answer):
            yield piece
        return
    if packed not in _PACKED:
        raise PackedError("It is packed in a way that nobody asked for.")
    out = None
    async for piece in raw(answer):
        out = out or zlib.decompressobj(_wbits(packed, piece))
        async for block in _out_of(out, piece):
            yield block
    if out is not None and not out.eof:
        raise PackedError("What is packed ends too early.")


async def _out_of(out: zlib._Decompress, piece: bytes) -> AsyncGenerator[bytes]:
    block = b""
    while piece or len(block) == _BLOCK:
        if out.eof and piece:
            raise PackedError("Something follows what is packed.")
        try:
            # Bounded: whoever reads the pieces counts them, and stops where it is too much.
            block = await asyncio.to_thread(out.decompress, piece, _BLOCK)
        except zlib.error:
            raise PackedError("What is packed is broken.") from None
        piece = out.unconsumed_tail or out.unused_data
        if block:
            yield block


def _wbits(packed: str, begin: bytes) -> int:
    # Some servers leave out the head that a deflate has by RFC 9110, section 8.4.1.2.
    headless = packed == "deflate" and begin[0] & 0x0F != 8
    return -zlib.MAX_WBITS if headless else _PACKED[packed]


def json_bytes(value: Any) -> bytes:
    """Return JSON as httpx writes it, without holding the interpreter for long; on a thread."""
    return b"".join(_parts(value))


def _parts(value: Any) -> Iterator[bytes]:
    if isinstance(value, str) and len(value) > _PART:
        yield b'"'
        for start in range(0, len(value), _PART):
            yield _dumped(value[start : start + _PART])[1:-1]
        yield b'"'
    elif isinstance(value, dict) and all(isinstance(name, str) for name in value):
        yield b"{"
        for number, (name, each) in enumerate(value.items()):
            yield (b"," if number else b"") + _dumped(name) + b":"
            yield from _parts(each)
        yield b"}"
    elif isinstance(value, list | tuple):
        yield b"["
        for number, each in enumerate(value):
            if number:
                yield b","
            yield from _parts(each)
        yield b"]"
    else:
        yield _dumped(value)


def _dumped(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode()
