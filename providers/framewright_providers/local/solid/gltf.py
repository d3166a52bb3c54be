"""Writes models as binary glTF 2.0, with their picture inside (Khronos, "glTF 2.0", 4.4)."""

from __future__ import annotations

import io
import json
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from framewright.media.replacing import replacing

if TYPE_CHECKING:
    from pathlib import Path

    from PIL import Image

    from framewright_providers.local.solid.mesh import Mesh

_FLOAT, _UNSIGNED = 5126, 5125
_POINTS, _FACES = 34962, 34963


@dataclass(frozen=True, slots=True)
class Stuff:
    """What a part is made of."""

    name: str
    picture: Image.Image
    metal: float = 0.0
    rough: float = 0.6
    glow: float = 0.0


def write_glb(path: Path, name: str, parts: list[tuple[Mesh, Stuff]]) -> None:
    """Write a model of parts, each with what it is made of: the same parts give the same bytes."""
    blob = bytearray()
    views: list[dict[str, Any]] = []
    accessors: list[dict[str, Any]] = []

    def view(block: bytes, target: int | None = None) -> int:
        blob.extend(b"\0" * (-len(blob) % 4))
        described: dict[str, Any] = {"buffer": 0, "byteOffset": len(blob), "byteLength": len(block)}
        if target is not None:
            described["target"] = target
        views.append(described)
        blob.extend(block)
        return len(views) - 1

    def accessor(values: np.ndarray, kind: str, *, faces: bool = False) -> int:
        stored = values.astype("<u4" if faces else "<f4")
        described: dict[str, Any] = {
            "bufferView": view(stored.tobytes(), _FACES if faces else _POINTS),
            "componentType": _UNSIGNED if faces else _FLOAT,
            "count": len(stored),
            "type": kind,
        }
        if kind == "VEC3":
            described["min"] = [float(value) for value in stored.min(axis=0)]
            described["max"] = [float(value) for value in stored.max(axis=0)]
        accessors.append(described)
        return len(accessors) - 1

    primitives: list[dict[str, Any]] = []
    materials: list[dict[str, Any]] = []
    images: list[dict[str, Any]] = []
    textures: list[dict[str, Any]] = []
    for mesh, stuff in parts:
        lengths = np.linalg.norm(mesh.normals, axis=1, keepdims=True)
        primitives.append(
            {
                "attributes": {
                    "POSITION": accessor(mesh.points, "VEC3"),
                    "NORMAL": accessor(mesh.normals / lengths, "VEC3"),
                    "TEXCOORD_0": accessor(mesh.places, "VEC2"),
                },
                "indices": accessor(mesh.faces.ravel(), "SCALAR", faces=True),
                "material": len(materials),
            }
        )
        images.append({"bufferView": view(_png(stuff.picture)), "mimeType": "image/png"})
        textures.append({"sampler": 0, "source": len(images) - 1})
        materials.append(_material(stuff, len(textures) - 1))
    document = {
        "asset": {"version": "2.0", "generator": "Framewright previz"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "name": name}],
        "meshes": [{"primitives": primitives, "name": name}],
        "materials": materials,
        "textures": textures,
        "images": images,
        "samplers": [{"magFilter": 9729, "minFilter": 9987, "wrapS": 10497, "wrapT": 10497}],
        "accessors": accessors,
        "bufferViews": views,
        "buffers": [{"byteLength": len(blob) + -len(blob) % 4}],
    }
    head = json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()
    head += b" " * (-len(head) % 4)
    blob.extend(b"\0" * (-len(blob) % 4))
    whole = 12 + 8 + len(head) + 8 + len(blob)
    with replacing(path) as draft:
        draft.write_bytes(
            struct.pack("<4sII", b"glTF", 2, whole)
            + struct.pack("<I4s", len(head), b"JSON")
            + head
            + struct.pack("<I4s", len(blob), b"BIN\0")
            + blob
        )


def _material(stuff: Stuff, texture: int) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": stuff.name,
        "pbrMetallicRoughness": {
            "baseColorTexture": {"index": texture},
            "metallicFactor": stuff.metal,
            "roughnessFactor": stuff.rough,
        },
        "doubleSided": True,
    }
    if stuff.glow:
        described["emissiveTexture"] = {"index": texture}
        described["emissiveFactor"] = [stuff.glow] * 3
    return described


def _png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.convert("RGB").save(file, "PNG", compress_level=6)
    return file.getvalue()
