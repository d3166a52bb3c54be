"""3D models: what a binary glTF file holds, and whether it can be shown.

Khronos, "glTF 2.0 Specification", 3.6 (binary data), 3.7 (geometry) and 4.4 (GLB), with the
extensions that compress geometry. Only files that hold everything themselves are taken: a model
that names other files is refused. What is compressed is not unpacked: of it is known what the
model says itself, and that its data are there.
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
_DRACO = "KHR_draco_mesh_compression"
_MESHOPT = ("EXT_meshopt_compression", "KHR_meshopt_compression")
_MOST_ZEROS = 64_000_000
"""Bytes of values that are not in the file, as those of sparse accessors may be."""
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
                packed = self._packed(primitive)
                count, low, high = self._places(primitive["attributes"]["POSITION"], packed=packed)
                vertices += count
                triangles += self._triangles(primitive, count, packed=packed)
                lows.append(low)
                highs.append(high)
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
        for number, buffer in enumerate(self._document.get("buffers", ())):
            if number and _extension(buffer, *_MESHOPT).get("fallback") is True:
                # Room for what is unpacked, nothing in the file.
                continue
            if "uri" in buffer or buffer["byteLength"] > len(self._blob):
                raise _RefusedError("its data lie in another file")
        for image in self._document.get("images", ()):
            if not str(image.get("uri", "data:")).startswith("data:"):
                raise _RefusedError("its pictures lie in other files")

    def _packed(self, primitive: dict[str, Any]) -> bool:
        """Whether a primitive is compressed as a whole; its data are there then."""
        draco = _extension(primitive, _DRACO)
        if draco:
            self._check_inside(self._document["bufferViews"][_index(draco["bufferView"])])
        return bool(draco)

    def _places(self, number: int, *, packed: bool) -> tuple[int, np.ndarray, np.ndarray]:
        """Return how many points there are, and the corners of the box that they lie in."""
        points = self._values(number, packed=packed)
        if points is None:
            described = self._document["accessors"][_index(number)]
            box = np.array([described["min"], described["max"]], np.float64)
            count = _index(described["count"])
        else:
            count, box = len(points), np.stack([points.min(axis=0), points.max(axis=0)])
        # Where one value is no number, neither are the least and the greatest.
        if box.shape != (2, 3) or not np.isfinite(box).all() or (box[0] > box[1]).any():
            raise _RefusedError("its points are no places")
        return count, box[0], box[1]

    def _triangles(self, primitive: dict[str, Any], points: int, *, packed: bool) -> int:
        mode = primitive.get("mode", 4)
        corners = points
        if "indices" in primitive:
            number = primitive["indices"]
            indices = self._values(number, packed=packed)
            if indices is None:
                corners = _index(self._document["accessors"][_index(number)]["count"])
            else:
                corners = indices.size
                if corners and int(indices.max()) >= points:
                    raise _RefusedError("a triangle has a corner that is not there")
        return {4: corners // 3, 5: max(0, corners - 2), 6: max(0, corners - 2)}.get(mode, 0)

    def _values(self, number: int, *, packed: bool) -> np.ndarray | None:
        """Return what an accessor holds, of shape (count, parts); None where it is compressed."""
        described = self._document["accessors"][_index(number)]
        parts, kind = _PARTS[described["type"]], np.dtype(_TYPES[described["componentType"]])
        count = _index(described["count"])
        sparse = described.get("sparse")
        if not count or ("bufferView" not in described and sparse is None and not packed):
            raise _RefusedError("a part of it is empty")
        if "bufferView" in described:
            found = self._viewed(described, kind, count, parts)
        elif packed:
            return None
        elif count * parts * kind.itemsize > _MOST_ZEROS:
            raise _RefusedError("a part of it is too large")
        else:
            found = np.zeros((count, parts), kind)
        return found if sparse is None or found is None else self._changed(found, sparse)

    def _changed(self, found: np.ndarray, sparse: dict[str, Any]) -> np.ndarray | None:
        """Return the values with those in their places that a sparse accessor tells apart."""
        count = _index(sparse["count"])
        where = np.dtype(_TYPES[sparse["indices"]["componentType"]])
        if not count or where.kind != "u":
            raise _RefusedError("a part of it is empty")
        at = self._viewed(sparse["indices"], where, count, 1)
        values = self._viewed(sparse["values"], found.dtype, count, found.shape[1])
        if at is None or values is None:
            return None
        places = at[:, 0].astype(np.int64)
        if places[-1] >= len(found) or (np.diff(places) <= 0).any():
            raise _RefusedError("a part of it is out of place")
        made = found.copy()
        made[places] = values
        return made

    def _viewed(
        self, described: dict[str, Any], kind: np.dtype[Any], count: int, parts: int
    ) -> np.ndarray | None:
        """Return values from the file's data; None where they are compressed there."""
        view = self._document["bufferViews"][_index(described["bufferView"])]
        packed = _extension(view, *_MESHOPT)
        if packed:
            self._check_inside(packed)
            return None
        if _index(view.get("buffer", 0)):
            raise _RefusedError("its data lie in another file")
        step = _index(view.get("byteStride", 0)) or parts * kind.itemsize
        first = _index(view.get("byteOffset", 0)) + _index(described.get("byteOffset", 0))
        last = first + step * (count - 1) + parts * kind.itemsize
        if last > len(self._blob) or step < parts * kind.itemsize:
            raise _RefusedError("a part of it lies outside its data")
        shape, strides = (count, parts), (step, kind.itemsize)
        return np.ndarray(shape, kind, self._blob, first, strides)

    def _check_inside(self, view: dict[str, Any]) -> None:
        """Refuse compressed data that are not in the file."""
        length = _index(view["byteLength"])
        end = _index(view.get("byteOffset", 0)) + length
        if _index(view.get("buffer", 0)) or not length or end > len(self._blob):
            raise _RefusedError("a part of it lies outside its data")


def _extension(described: dict[str, Any], *names: str) -> dict[str, Any]:
    """Return what the first of these extensions says that is there; empty without any."""
    extensions = described.get("extensions") or {}
    found: dict[str, Any] = next((extensions[name] for name in names if name in extensions), {})
    return found


def _index(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _RefusedError("a number in it is none")
    if value < 0 or value != int(value):
        raise _RefusedError("a number in it is out of place")
    return int(value)
