"""3D models whose geometry is compressed or sparse: Draco, meshopt, and values told apart."""

from __future__ import annotations

import json
import struct
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from framewright.errors import MediaError
from framewright.media.model3d import examine_model

if TYPE_CHECKING:
    from pathlib import Path

BOX = {"min": [0, 0, -1], "max": [1, 2, 0.5]}
POINTS = struct.pack("<9f", 0, 0, -1, 1, 0, 0, 0, 2, 0)
FACES = struct.pack("<3H", 0, 1, 2)


def draco() -> dict[str, Any]:
    extension = {"bufferView": 0, "attributes": {"POSITION": 0}}
    return {
        "asset": {"version": "2.0"},
        "extensionsRequired": ["KHR_draco_mesh_compression"],
        "meshes": [
            {
                "primitives": [
                    {
                        "attributes": {"POSITION": 0},
                        "indices": 1,
                        "extensions": {"KHR_draco_mesh_compression": extension},
                    }
                ]
            }
        ],
        "accessors": [
            {"componentType": 5126, "count": 24, "type": "VEC3", **BOX},
            {"componentType": 5125, "count": 36, "type": "SCALAR"},
        ],
        "bufferViews": [{"buffer": 0, "byteLength": 8}],
        "buffers": [{"byteLength": 8}],
    }


def meshopt(name: str = "EXT_meshopt_compression") -> dict[str, Any]:
    def view(offset: int, step: int, count: int) -> dict[str, Any]:
        packed = {"buffer": 0, "byteOffset": offset, "byteLength": 4, "mode": "ATTRIBUTES"}
        packed |= {"byteStride": step, "count": count}
        return {"buffer": 1, "byteLength": step * count, "extensions": {name: packed}}

    return {
        "asset": {"version": "2.0"},
        "extensionsRequired": [name],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1}]}],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": 24, "type": "VEC3", **BOX},
            {"bufferView": 1, "componentType": 5123, "count": 36, "type": "SCALAR"},
        ],
        "bufferViews": [view(0, 12, 24), view(4, 2, 36)],
        "buffers": [
            {"byteLength": 8},
            {"byteLength": 360, "extensions": {name: {"fallback": True}}},
        ],
    }


def sparse(*, based: bool, at: tuple[int, ...] = (1, 2)) -> tuple[dict[str, Any], bytes]:
    """A triangle of which two corners are told apart, over others or over zeros."""
    values = struct.pack("<6f", 3, 0, 0, 0, 4, 0)
    blob = POINTS + FACES + b"\0\0" + struct.pack("<2H", *at) + values
    points: dict[str, Any] = {"componentType": 5126, "count": 3, "type": "VEC3"}
    points["sparse"] = {
        "count": 2,
        "indices": {"bufferView": 2, "componentType": 5123},
        "values": {"bufferView": 3},
    }
    if based:
        points["bufferView"] = 0
    described = {
        "asset": {"version": "2.0"},
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1}]}],
        "accessors": [
            points,
            {"bufferView": 1, "componentType": 5123, "count": 3, "type": "SCALAR"},
        ],
        "bufferViews": [
            {"buffer": 0, "byteLength": 36},
            {"buffer": 0, "byteOffset": 36, "byteLength": 6},
            {"buffer": 0, "byteOffset": 44, "byteLength": 4},
            {"buffer": 0, "byteOffset": 48, "byteLength": 24},
        ],
        "buffers": [{"byteLength": 72}],
    }
    return described, blob


def stored(folder: Path, described: dict[str, Any], blob: bytes = b"packed!!") -> Path:
    head = json.dumps(described).encode()
    head += b" " * (-len(head) % 4)
    whole = struct.pack("<I4s", len(head), b"JSON") + head
    whole += struct.pack("<I4s", len(blob), b"BIN\0") + blob
    path = folder / "model.glb"
    path.write_bytes(struct.pack("<4sII", b"glTF", 2, 12 + len(whole)) + whole)
    return path


@pytest.mark.parametrize("described", [draco(), meshopt(), meshopt("KHR_meshopt_compression")])
def test_compressed_geometry_is_what_the_model_says(tmp_path, described):
    model = examine_model(stored(tmp_path, described))
    assert (model.triangles, model.vertices, model.size) == (12, 24, (1.0, 2.0, 1.5))


@pytest.mark.parametrize("based", [True, False])
def test_sparse_values_take_the_place_of_others_or_of_zeros(tmp_path, based):
    model = examine_model(stored(tmp_path, *sparse(based=based)))
    assert (model.triangles, model.vertices) == (1, 3)
    assert model.size == (3.0, 4.0, 1.0 if based else 0.0)


def changed(described: dict[str, Any], way: str, value: Any) -> dict[str, Any]:
    *steps, last = (int(step) if step.isdigit() else step for step in way.split("."))
    inner: Any = described
    for step in steps:
        inner = inner[step]
    if value is None:
        del inner[last]
    else:
        inner[last] = value
    return described


PRIMITIVE = "meshes.0.primitives.0"


@pytest.mark.parametrize(
    ("described", "way", "value", "message"),
    [
        (draco(), f"{PRIMITIVE}.extensions", None, "empty"),
        (draco(), "bufferViews.0.byteLength", 9, "outside"),
        (draco(), "bufferViews.0.byteLength", 0, "outside"),
        (draco(), "accessors.0.min", None, "damaged"),
        (draco(), "accessors.0.max", [1, 2, float("inf")], "no places"),
        (draco(), "accessors.0.max", [1, 2, -2], "no places"),
        (draco(), "accessors.0.count", 0, "empty"),
        (draco(), "accessors.1.count", 2, "nothing in it"),
        (meshopt(), "buffers.1.extensions", None, "another file"),
        (meshopt(), "bufferViews.0.extensions", None, "another file"),
        (meshopt(), "bufferViews.1.extensions.EXT_meshopt_compression.byteLength", 5, "outside"),
        (meshopt(), "accessors.0.max", BOX["min"], "one place"),
        (sparse(based=True)[0], "accessors.0.sparse.values.bufferView", 9, "damaged"),
        (sparse(based=True)[0], "accessors.0.sparse.count", 9, "outside"),
        (sparse(based=False)[0], "accessors.0.sparse", None, "empty"),
        (sparse(based=False)[0], "accessors.0.count", 10**9, "too large"),
        (sparse(based=False)[0], "accessors.0.count", 2, "out of place"),
    ],
)
def test_what_is_not_there_is_refused(tmp_path, described, way, value, message):
    blob = sparse(based=True)[1] if "sparse" in json.dumps(described) else b"packed!!"
    with pytest.raises(MediaError, match=message):
        examine_model(stored(tmp_path, changed(described, way, value), blob))


def test_places_of_sparse_values_rise(tmp_path):
    for wrong in ((2, 1), (1, 1)):
        with pytest.raises(MediaError, match="out of place"):
            examine_model(stored(tmp_path, *sparse(based=True, at=wrong)))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from([0, 1, 2]), st.integers(0, 1_500), st.binary(min_size=1, max_size=12))
def test_no_damage_is_worse_than_an_error(tmp_path, which, at, noise):
    described, blob = [(draco(), b"packed!!"), (meshopt(), b"packed!!"), sparse(based=False)][which]
    path = stored(tmp_path, described, blob)
    whole = bytearray(path.read_bytes())
    whole[at % len(whole) : at % len(whole) + len(noise)] = noise
    path.write_bytes(bytes(whole))
    with suppress(MediaError):
        examine_model(path)
