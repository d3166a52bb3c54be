"""Long texts of an answer go to files, and what is left is the same JSON."""

from __future__ import annotations

import base64
import json
import tracemalloc
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framewright_providers.http_job import lifting
from framewright_providers.http_job.lifting import LONG, AnswerTooLargeError, Lifted, Lifter

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

TEXTS = st.text() | st.sampled_from(['"', "\\", '\\"', "a\\\\", "é\n\0", "x" * LONG, '"' * LONG])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


def lifted(folder: Path, blocks: Iterable[bytes], **limits: int) -> Lifted:
    lifter = Lifter(folder, **limits)
    try:
        for block in blocks:
            lifter.feed(block)
    finally:
        lifter.close()
    return lifter.finish()


def cut(body: bytes, size: int) -> list[bytes]:
    return [body[at : at + size] for at in range(0, len(body), size)]


def back(found: Lifted, value: Any) -> Any:
    """The value with each long text read back from its file."""
    if isinstance(value, str):
        if not value.startswith("\0lifted "):
            return value
        path = found._texts[int(value.removeprefix("\0lifted "))]
        return json.loads(b'"' + path.read_bytes() + b'"')
    if isinstance(value, list):
        return [back(found, each) for each in value]
    if isinstance(value, dict):
        return {back(found, name): back(found, each) for name, each in value.items()}
    return value


@given(VALUES, st.integers(1, 40) | st.just(10_000), st.booleans())
def test_whatever_the_pieces_nothing_is_changed(
    tmp_path_factory: pytest.TempPathFactory, value: Any, size: int, escaped: bool
) -> None:
    folder = tmp_path_factory.mktemp("lifted")
    body = json.dumps(value, ensure_ascii=escaped).encode("utf-8", "surrogatepass")
    found = lifted(folder, cut(body, size))
    assert back(found, found.told) == json.loads(body)
    found.drop()
    assert not list(folder.iterdir())


@given(st.binary(min_size=1, max_size=9_000), st.sampled_from([1, 3, 4_095, 4_096, 100_000]),
       st.sampled_from(["plain", "uri", "lines", "slashes", "unpadded", "addresses"]))  # fmt: skip
def test_base64_is_decoded_however_it_is_written(
    tmp_path_factory: pytest.TempPathFactory, whole: bytes, size: int, manner: str
) -> None:
    folder = tmp_path_factory.mktemp("decoded")
    text = base64.b64encode(whole).decode()
    if manner == "uri":
        text = f"data:image/png;base64,{text}"
    elif manner == "unpadded":
        text = text.rstrip("=")
    elif manner == "addresses":
        text = base64.urlsafe_b64encode(whole).decode()
    elif manner == "lines":
        text = "\n".join(text[at : at + 76] for at in range(0, len(text), 76))
    body = json.dumps({"b64_json": text})
    if manner == "slashes":
        body = body.replace("/", "\\/")
    found = lifted(folder, cut(body.encode(), size))
    assert found.decode(found.fields["b64_json"], folder / "out.png")
    assert (folder / "out.png").read_bytes() == whole


@pytest.mark.parametrize("text", ["", "no base64 at all!", "é" * LONG, "AAAA" * LONG + "!", "A"])
def test_what_is_no_file_leaves_none(tmp_path: Path, text: str) -> None:
    found = lifted(tmp_path, [json.dumps({"b64_json": text}).encode()])
    assert not found.decode(found.fields["b64_json"], tmp_path / "out.png")
    assert not found.decode(None, tmp_path / "out.png")
    assert not (tmp_path / "out.png").exists()


def test_a_long_text_can_be_read(tmp_path: Path) -> None:
    found = lifted(tmp_path, [json.dumps(["w" * 10_000, "short", 3]).encode()])
    assert [found.text(each) for each in found.told] == ["w" * 4_000, "short", ""]


@pytest.mark.parametrize("body", [b"<html>", b"", b'{"a": "', b"[" * 100_000])
def test_what_is_no_json_is_none(tmp_path: Path, body: bytes) -> None:
    assert lifted(tmp_path, [body]).told is None


def test_an_answer_has_its_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AnswerTooLargeError):
        lifted(tmp_path, cut(b'"' + b"A" * 10_000 + b'"', 100), most_bytes=9_000)
    monkeypatch.setattr(lifting, "MOST_PLAIN", 1_000)
    with pytest.raises(AnswerTooLargeError):
        lifted(tmp_path, cut(b"[" + b"1," * 2_000, 100))


def test_a_large_picture_needs_little_memory(tmp_path: Path) -> None:
    line = base64.b64encode(bytes(range(256)) * 3 * 256)
    tracemalloc.start()
    try:
        lifter = Lifter(tmp_path)
        lifter.feed(b'{"data": [{"b64_json": "')
        for _ in range(200):
            lifter.feed(line)
        lifter.feed(b'"}]}')
        found = lifter.finish()
        assert found.decode(found.fields["data"][0]["b64_json"], tmp_path / "out.png")
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    size = (tmp_path / "out.png").stat().st_size
    assert size == 200 * 256 * 3 * 256
    assert most < size / 4
