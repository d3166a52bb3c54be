"""3D models: what is whole is described, what is broken or names other files is refused."""

from __future__ import annotations

import json
import struct
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from framewright.domain.media import MediaKind
from framewright.errors import MediaError
from framewright.media.model3d import examine_model
from framewright.media.probe import probe
from framewright.quality.technical import Expectation, review

if TYPE_CHECKING:
    from pathlib import Path

POINTS = struct.pack("<9f", 0, 0, 0, 1, 0, 0, 0, 2, 0)
FACES = struct.pack("<3H", 0, 1, 2)


def document(**changes: Any) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "asset": {"version": "2.0"},
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1}]}],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3"},
            {"bufferView": 1, "componentType": 5123, "count": 3, "type": "SCALAR"},
        ],
        "bufferViews": [
            {"buffer": 0, "byteOffset": 0, "byteLength": 36},
            {"buffer": 0, "byteOffset": 36, "byteLength": 6},
        ],
        "buffers": [{"byteLength": 42}],
    }
    return whole | changes


def glb(described: Any, blob: bytes = POINTS + FACES) -> bytes:
    head = json.dumps(described).encode()
    head += b" " * (-len(head) % 4)
    blob += b"\0" * (-len(blob) % 4)
    whole = struct.pack("<I4s", len(head), b"JSON") + head
    whole += struct.pack("<I4s", len(blob), b"BIN\0") + blob
    return struct.pack("<4sII", b"glTF", 2, 12 + len(whole)) + whole


def stored(folder: Path, content: bytes) -> Path:
    path = folder / "model.bin"
    path.write_bytes(content)
    return path


def test_a_triangle_is_a_model(tmp_path: Path) -> None:
    path = stored(tmp_path, glb(document()))
    model = examine_model(path)
    assert (model.triangles, model.vertices, model.size) == (1, 3, (1.0, 2.0, 0.0))
    info = probe(path)
    assert (info.kind, info.container) == (MediaKind.MODEL3D, "glb")


@pytest.mark.parametrize(
    ("changes", "blob", "message"),
    [
        ({"meshes": []}, POINTS + FACES, "nothing in it"),
        ({"asset": {"version": "1.0"}}, POINTS + FACES, "version"),
        ({"buffers": [{"byteLength": 42, "uri": "x.bin"}]}, POINTS + FACES, "another file"),
        ({"buffers": [{"byteLength": 999}]}, POINTS + FACES, "another file"),
        ({"images": [{"uri": "../../secret.png"}]}, POINTS + FACES, "other files"),
        ({}, POINTS + struct.pack("<3H", 0, 1, 7), "not there"),
        ({}, struct.pack("<9f", *[1.0] * 9) + FACES, "one place"),
        ({}, struct.pack("<9f", *[float("nan")] * 9) + FACES, "no places"),
        ({"bufferViews": []}, POINTS + FACES, "damaged"),
        ({"accessors": [{"count": -3}]}, POINTS + FACES, "damaged"),
    ],
)
def test_what_can_not_be_shown_is_refused(
    tmp_path: Path, changes: dict[str, Any], blob: bytes, message: str
) -> None:
    with pytest.raises(MediaError, match=message):
        probe(stored(tmp_path, glb(document(**changes), blob)))


def test_a_part_beyond_the_data_is_refused(tmp_path: Path) -> None:
    far = document()
    far["accessors"][0]["count"] = 10**9
    with pytest.raises(MediaError, match="outside"):
        examine_model(stored(tmp_path, glb(far)))


@pytest.mark.parametrize("length", [3, 11, 19, 40, 200])
def test_a_model_that_breaks_off_is_refused(tmp_path: Path, length: int) -> None:
    with pytest.raises(MediaError):
        examine_model(stored(tmp_path, glb(document())[:length]))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 600), st.binary(min_size=1, max_size=12))
def test_no_damage_is_worse_than_an_error(tmp_path: Path, at: int, noise: bytes) -> None:
    whole = bytearray(glb(document()))
    whole[at % len(whole) : at % len(whole) + len(noise)] = noise
    with suppress(MediaError):
        examine_model(stored(tmp_path, bytes(whole)))


def test_the_gate_looks_into_models(tmp_path: Path) -> None:
    whole = stored(tmp_path, glb(document()))
    assert review(whole, Expectation(MediaKind.MODEL3D)).findings == ()
    (wrong,) = review(whole, Expectation(MediaKind.IMAGE)).findings
    assert wrong.code == "result_wrong_kind"
    broken = stored(tmp_path, glb(document())[:80])
    (unreadable,) = review(broken, Expectation(MediaKind.MODEL3D)).findings
    assert unreadable.code == "result_unreadable"
