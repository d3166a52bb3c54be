"""The first file of a form, as it comes: nothing of it is held but a block."""

from __future__ import annotations

import re
from collections import deque
from typing import TYPE_CHECKING

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser

from framewright.server.problems import RefusedError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

MOST_BEFORE = 65_536
"""Bytes of a form that may come before its file."""
_FILE_NAME = re.compile(r'filename="((?:[^"\\]|\\.)*)"|filename=([^\s;"]+)', re.IGNORECASE)


class FilePart:
    """The first part of a form that is a file; read once, its name before its contents."""

    def __init__(self, blocks: AsyncIterator[bytes], boundary: bytes) -> None:
        self._blocks = blocks
        self._field, self._value = bytearray(), bytearray()
        self._name: str | None = None
        self._in_file = self._over = False
        self._file: deque[bytes] = deque()
        try:
            self._parser = MultipartParser(boundary, {
                "on_part_begin": self._part_begins,
                "on_header_field": lambda data, at, end: self._field.extend(data[at:end]),
                "on_header_value": lambda data, at, end: self._value.extend(data[at:end]),
                "on_header_end": self._header_ends,
                "on_headers_finished": self._headers_end,
                "on_part_data": self._data,
                "on_part_end": self._part_ends,
            })  # fmt: skip
        except FormParserError:
            raise _no_form() from None

    async def name(self) -> str:
        """Read up to the file, and return what it is called; raises `RefusedError` for none."""
        size = 0
        while not self._is_at_file():
            size += await self._next()
            if size > MOST_BEFORE and not self._is_at_file():
                raise _no_form()
        return self._name or "upload"

    def _is_at_file(self) -> bool:
        return self._in_file or self._over

    async def contents(self) -> AsyncGenerator[bytes]:
        """Yield the file block by block, and leave what follows it unread."""
        while not self._over:
            while self._file:
                yield self._file.popleft()
            await self._next()
        while self._file:
            yield self._file.popleft()

    async def _next(self) -> int:
        try:
            block = await anext(self._blocks)
            self._parser.write(block)
        except (StopAsyncIteration, FormParserError):
            raise _no_form() from None
        return len(block)

    def _part_begins(self) -> None:
        self._field.clear()
        self._value.clear()
        self._name = None if not self._over else self._name

    def _header_ends(self) -> None:
        if bytes(self._field).lower() == b"content-disposition" and not self._over:
            found = _FILE_NAME.search(self._value.decode("utf-8", "replace"))
            if found is not None:
                self._name = re.sub(r"\\(.)", r"\1", found[1] or found[2] or "")
        self._field.clear()
        self._value.clear()

    def _headers_end(self) -> None:
        self._in_file = self._name is not None and not self._over

    def _data(self, data: bytes, at: int, end: int) -> None:
        if self._in_file:
            self._file.append(data[at:end])

    def _part_ends(self) -> None:
        if self._in_file:
            self._in_file, self._over = False, True


def _no_form() -> RefusedError:
    message = "The body is no form with a file."
    return RefusedError(400, "multipart", message, "Send multipart/form-data with one file.")
