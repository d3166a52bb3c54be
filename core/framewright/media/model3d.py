"""3D models: what a binary glTF file holds, and whether it can be shown.

Khronos, "glTF 2.0 Specification", 3.6 (binary data), 3.7 (geometry) and 4.4 (GLB). Only files
that hold everything themselves are taken: a model that names other files is refused.
"""

from __future__ import annotations

import json
import math
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from framewright.domain.media import MediaInfo, MediaKind
from framewright.errors import MediaError

if TYPE_CHECKING:
    from pathlib import Path

SIGNATURE = b"glTF"
MOST_BYTES = 512_000_000
"""Largest model that is read."""
_MOST_JSON = 64_000_000
_HEAD, _CHUNK = struct.Struct("<4sII"), struct.Struct("<I4s")
_PARTS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}
_TYPES = {5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}


@dataclass(frozen=True, slots=True)
class Model:
    """What a model is made of."""

    triangles: int
    vertices: int
    size: tuple[float, float, float]
    """How wide, high and deep its points lie apart."""
    materials: int
    pictures: int


def probe_model(path: Path) -> MediaInfo:
    """Return what a model is; raises `MediaError` as `examine_model` does."""
    examine_model(path)
    return MediaInfo(
        kind=MediaKind.MODEL3D,
        mime="model/gltf-binary",
        container="glb",
        bytes=path.stat().st_size,
    )


def examine_model(path: Path) -> Model:
    """Return what a binary glTF 2.0 file holds.

    Raises `MediaError` for a damaged, oversized or empty one, and for one that names other files.
    """
    if path.stat().st_size > MOST_BYTES:
        message = f"{path.name} is larger than the {MOST_BYTES // 10**6} MB that are read."
        raise MediaError(message, action="Make the model smaller and try again.")
    try:
        document, blob = _chunks(path.read_bytes())
        return _Reader(document, blob).model()
    except _RefusedError as error:
        message = f"{path.name} can not be shown as a 3D model: {error}."
        raise MediaError(message) from error
    except (
        ArithmeticError,
        AttributeError,
        LookupError,
        RecursionError,
        TypeError,
        ValueError,
        struct.error,
    ) as error:
        message = f"{path.name} is damaged, or not a 3D model that can be read."
        raise MediaError(message) from error


class _RefusedError(Exception):
    """Says in a clause what is wrong with a model."""


def _chunks(whole: bytes) -> tuple[dict[str, Any], bytes]:
    signature, version, length = _HEAD.unpack_from(whole)
    if signature != SIGNATURE or version != 2:
        raise _RefusedError("it is not binary glTF 2.0")
    if length != len(whole):
        raise _RefusedError(f"it breaks off after {len(whole):,} of {length:,} bytes")
    size, kind = _CHUNK.unpack_from(whole, _HEAD.size)
    begin = _HEAD.size + _CHUNK.size
    if kind != b"JSON" or size > min(_MOST_JSON, len(whole) - begin):
        raise _RefusedError("it does not begin with its description")
    document = json.loads(whole[begin : begin + size])
    at = begin + size
    blob = b""
    if at + _CHUNK.size <= len(whole):
        size, kind = _CHUNK.unpack_from(whole, at)
        at += _CHUNK.size
        if kind == b"BIN\0":
            if size > len(whole) - at:
                raise _RefusedError("its data break off")
            blob = whole[at : at + size]
    if not isinstance(document, dict):
        raise _RefusedError("its description is no object")
    return document, blob


class _Reader:
    """Reads one document with its data."""

    def __init__(self, document: dict[str, Any], blob: bytes) -> None:
        self._document = document
        self._blob = blob

    def model(self) -> Model:
        """Return what it is, with every triangle looked at."""
        if not str(self._document["asset"]["version"]).startswith("2."):
            raise _RefusedError("it is not of version 2")
        self._check_files()
        triangles = vertices = 0
        lows, highs = [], []
        for mesh in self._document.get("meshes", ()):
            for primitive in mesh["primitives"]:
                points = self._values(primitive["attributes"]["POSITION"])
                if points.shape[1] != 3 or not np.isfinite(points).all():
                    raise _RefusedError("its points are no places")
                vertices += len(points)
                triangles += self._triangles(primitive, len(points))
                lows.append(points.min(axis=0))
                highs.append(points.max(axis=0))
        if not triangles:
            raise _RefusedError("there is nothing in it to be seen")
        size = np.max(highs, axis=0) - np.min(lows, axis=0)
        if not float(size.max()) > 0:
            raise _RefusedError("all its points lie in one place")
        return Model(
            triangles,
            vertices,
            (float(size[0]), float(size[1]), float(size[2])),
            len(self._document.get("materials", ())),
            len(self._document.get("images", ())),
        )

    def _check_files(self) -> None:
        for buffer in self._document.get("buffers", ()):
            if "uri" in buffer or buffer["byteLength"] > len(self._blob):
                raise _RefusedError("its data lie in another file")
        for image in self._document.get("images", ()):
            if not str(image.get("uri", "data:")).startswith("data:"):
                raise _RefusedError("its pictures lie in other files")

    def _triangles(self, primitive: dict[str, Any], points: int) -> int:
        mode = primitive.get("mode", 4)
        corners = points
        if "indices" in primitive:
            indices = self._values(primitive["indices"])
            if indices.size and int(indices.max()) >= points:
                raise _RefusedError("a triangle has a corner that is not there")
            corners = indices.size
        return {4: corners // 3, 5: max(0, corners - 2), 6: max(0, corners - 2)}.get(mode, 0)

    def _values(self, number: int) -> np.ndarray:
        described = self._document["accessors"][_index(number)]
        parts, kind = _PARTS[described["type"]], np.dtype(_TYPES[described["componentType"]])
        count = _index(described["count"])
        if not count or "bufferView" not in described:
            raise _RefusedError("a part of it is empty")
        view = self._document["bufferViews"][_index(described["bufferView"])]
        step = _index(view.get("byteStride", 0)) or parts * kind.itemsize
        first = _index(view.get("byteOffset", 0)) + _index(described.get("byteOffset", 0))
        last = first + step * (count - 1) + parts * kind.itemsize
        if last > len(self._blob) or step < parts * kind.itemsize:
            raise _RefusedError("a part of it lies outside its data")
        shape, strides = (count, parts), (step, kind.itemsize)
        return np.ndarray(shape, kind, self._blob, first, strides)


def _index(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _RefusedError("a number in it is none")
    if value < 0 or value != int(value):
        raise _RefusedError("a number in it is out of place")
    return int(value)
