"""Forms with a file, however they are cut into blocks, and what only looks like one."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as some

from framewright.server.multipart import MOST_BEFORE, FilePart
from framewright.server.problems import RefusedError
from framewright.studio.uploads import plain_name

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable

EDGE = b"edge"


async def _blocks(parts: Iterable[bytes]) -> AsyncGenerator[bytes]:
    for part in parts:
        yield part


def read(parts: Iterable[bytes], boundary: bytes = EDGE) -> tuple[str, bytes]:
    async def work() -> tuple[str, bytes]:
        part = FilePart(_blocks(parts), boundary)
        name = await part.name()
        return name, b"".join([block async for block in part.contents()])

    return asyncio.run(work())


def form(contents: bytes, disposition: str = 'form-data; name="file"; filename="a.png"') -> bytes:
    head = f"Content-Disposition: {disposition}\r\nContent-Type: image/png\r\n\r\n".encode()
    before = b'--edge\r\nContent-Disposition: form-data; name="note"\r\n\r\nhello\r\n'
    after = b'\r\n--edge\r\nContent-Disposition: form-data; name="f"; filename="z"\r\n\r\nZZ'
    return before + b"--edge\r\n" + head + contents + after + b"\r\n--edge--\r\n"


@given(some.binary(max_size=300), some.lists(some.integers(0, 700), max_size=12))
def test_the_first_file_comes_whole_wherever_it_is_cut(contents: bytes, cuts: list[int]) -> None:
    if b"--edge" in contents:
        return
    whole = form(contents)
    ends = sorted({min(cut, len(whole)) for cut in cuts} | {0, len(whole)})
    blocks = [whole[a:b] for a, b in pairwise(ends)]
    assert read(blocks) == ("a.png", contents)


@given(some.binary(max_size=400), some.binary(min_size=1, max_size=70))
def test_anything_else_is_refused_or_read_but_never_crashes(body: bytes, edge: bytes) -> None:
    for blocks in ([body], [b"--" + edge + b"\r\n" + body], [body, body]):
        try:
            told = read(blocks, edge)
        except RefusedError as error:
            told = error.status
        assert told == 400 or isinstance(told, tuple)


@pytest.mark.parametrize("size", [0, 1, len(form(b"x")) // 2])
def test_a_form_that_breaks_off_is_refused(size: int) -> None:
    with pytest.raises(RefusedError):
        read([form(b"x" * 100)[:size]])


def test_a_file_that_never_comes_is_not_waited_for() -> None:
    taken = 0

    async def endless() -> AsyncGenerator[bytes]:
        nonlocal taken
        yield b'--edge\r\nContent-Disposition: form-data; name="a"\r\n\r\n'
        while True:
            taken += 1_000
            yield b"x" * 1_000

    async def work() -> None:
        with pytest.raises(RefusedError):
            await FilePart(endless(), EDGE).name()

    asyncio.run(work())
    assert taken < MOST_BEFORE + 3_000


@given(some.text(max_size=300))
def test_a_name_is_safe_for_a_file(name: str) -> None:
    plain = plain_name(name)
    assert plain
    assert plain not in {".", ".."}
    assert not set(plain) & set("/\\\0\n\r:*?\"'<>|$;&`")
    assert len(plain.encode("utf-8", "surrogatepass")) <= 255


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\y.png", "y.png"),
        ("..", "upload"),
        ("", "upload"),
        (".bashrc", "bashrc"),
        ("a\r\nb.png", "ab.png"),
        ("Mein Bild (1).jpg", "Mein Bild (1).jpg"),
        ("x" * 300 + ".mp4", "x" * 56 + ".mp4"),
    ],
)
def test_names(name: str, plain: str) -> None:
    assert plain_name(name) == plain
