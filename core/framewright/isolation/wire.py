"""Messages over pipes: a kind, a length, and so many bytes. Nothing in them is ever run.

What comes from a worker may come from somebody who has taken it over: a message of unknown kind
or too great a length is the end of that worker, and what is in it is JSON for one known type.
"""

from __future__ import annotations

import os
import struct
from typing import Final

REQUEST, STOP = b"r", b"s"
"""To a worker: an errand; leave it."""
HELLO, TOLD, ANSWER, ERROR, ENDED = b"h", b"p", b"a", b"x", b"e"
"""From a worker: ready; how far it is; what came of it; what went wrong; its process is over."""
FROM_WORKER: Final = frozenset({HELLO, TOLD, ANSWER, ERROR, ENDED})
FROM_ERRAND: Final = frozenset({TOLD, ANSWER, ERROR})
MOST_BYTES = 16 * 2**20
"""Longest message."""
_HEAD = struct.Struct(">cI")


class WireError(Exception):
    """What came is no message, or its sender is gone in the middle of one."""


def send(handle: int, kind: bytes, body: bytes = b"") -> None:
    """Write one message to a file descriptor; raises `OSError` where nobody reads it."""
    left = memoryview(_HEAD.pack(kind, len(body)) + body)
    while left:
        left = left[os.write(handle, left) :]


def receive(handle: int, kinds: frozenset[bytes]) -> tuple[bytes, bytes] | None:
    """Return the kind and body of the next message, or None where its sender has ended.

    Raises `WireError` for what is no message of these kinds.
    """
    head = _read(handle, _HEAD.size)
    if not head:
        return None
    if len(head) < _HEAD.size:
        raise WireError("It broke off.")
    kind, size = _HEAD.unpack(head)
    if kind not in kinds or size > MOST_BYTES:
        raise WireError("That is no message.")
    body = _read(handle, size)
    if len(body) < size:
        raise WireError("It broke off.")
    return kind, body


def _read(handle: int, size: int) -> bytes:
    parts: list[bytes] = []
    while size:
        part = os.read(handle, min(size, 2**20))
        if not part:
            break
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
