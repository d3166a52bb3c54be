"""Which fields of a vendor's schema take or give media, and of which kind.

The schema's own mark comes first (`format: uri` and `binary`, `x-media`), then the field's name,
then what is written about it: vendors mark most files, and write some as plain text.
"""

from __future__ import annotations

import re
from typing import Any

from framewright.catalog.vendor.media_limits import written_limits
from framewright.domain.media import MediaKind

_MARKS = frozenset({"uri", "binary", "data-url"})
_KINDS = (
    (MediaKind.MODEL3D, r"meshe?s?|glb|obj|gltf|3d"),
    (MediaKind.AUDIO, r"audios?|voices?|songs?|speech|sounds?|music|speakers?|wav|mp3|melody"),
    (MediaKind.VIDEO, r"videos?|clips?|movies?|mp4"),
    (
        MediaKind.IMAGE,
        r"images?|imgs?|photos?|pictures?|masks?|frames?|faces?|poses?|garm|human|png|jpe?g",
    ),
)
_BY_NAME = tuple((kind, re.compile(rf"(?:^|_)(?:{words})(?:_|$)")) for kind, words in _KINDS)
_BY_TEXT = tuple((kind, re.compile(rf"\b(?:{words})\b")) for kind, words in _KINDS)
_ADDRESS = re.compile(r"_(?:url|uri|file|path)s?$")
_OTHER_FILES = re.compile(
    r"(?:^|_)(?:webhook|callback|loras?|weights?|checkpoints?|embeddings?|zip|tar|pdf|document|doc"
    r"|csv|json|yaml|subtitles?|srt|font|repo)(?:_|$)"
)
_ABOUT_OTHER_FILES = re.compile(
    r"webhook|callback|\blora\b|\bweights\b|checkpoint|embedding|\bzip\b|\.npz\b|\btar\b|\bpdf\b"
    r"|safetensors"
)
_ARCHIVE = re.compile(r"\.(?:zip|npz|tar|safetensors)\b")
_SEVERAL_IN_ONE = re.compile(r"comma|separated|newline|\blist of\b|json")
_KEPT = frozenset({"description", "minItems", "maxItems"})
_OUTPUTS = (
    MediaKind.MODEL3D, MediaKind.VIDEO, MediaKind.AUDIO, MediaKind.IMAGE, MediaKind.TEXT
)  # fmt: skip
"""What counts of an answer with several: a video comes with its thumbnail, not the reverse."""


def as_port(name: str, schema: dict[str, Any]) -> dict[str, Any] | None:
    """Return an input field as our media port, with the limits its vendor writes; or None."""
    for choice in schema.get("anyOf", ()):
        # A file or something else: what the wiring can give is the file.
        told = schema.get("description") or choice.get("description")
        about = {"description": told} if told else {}
        if (port := as_port(name, {**choice, **about})) is not None:
            return port
    many = schema.get("type") == "array"
    items = schema.get("items", {}) if many else schema
    told = f"{schema.get('description', '')} {items.get('description', '')}".strip().lower()
    marked = _is_marked(schema) or _is_marked(items)
    if not _takes_media(name.lower(), items, told, marked=marked):
        return None
    if not marked and not many and _SEVERAL_IN_ONE.search(told):
        return None
    kind = _marked_kind(items) or _kind(name.lower(), told) or MediaKind.IMAGE
    port = {"type": "string", "format": "media-ref", "x-media": kind.value}
    port |= written_limits(kind, told)
    kept = {key: value for key, value in schema.items() if key in _KEPT}
    return {"type": "array", "items": port, **kept} if many else {**port, **kept}


def made_by(gives: dict[str, Any]) -> MediaKind | None:
    """Return what a vendor's answer brings; None where its schema does not tell."""
    fields = gives.get("properties")
    if isinstance(fields, dict):
        found = {_output_kind(name.lower(), each) for name, each in fields.items()}
        return next((kind for kind in _OUTPUTS if kind in found), None)
    inner = gives.get("items", gives)
    plain = inner.get("type") == "string" and "format" not in inner and not _is_marked(inner)
    return _marked_kind(inner) or (MediaKind.TEXT if plain else None)


def _output_kind(name: str, schema: dict[str, Any]) -> MediaKind | None:
    if "thumbnail" in name or "preview" in name:
        return None
    return next((kind for kind, words in _BY_NAME if words.search(name)), None) or (
        MediaKind.TEXT if schema.get("type") == "string" and not _is_marked(schema) else None
    )


def _takes_media(name: str, schema: dict[str, Any], told: str, *, marked: bool) -> bool:
    if _OTHER_FILES.search(name) or "enum" in schema or schema.get("type", "string") != "string":
        return False
    by_name = _kind(name, "") is not None
    if marked:
        archive = _ARCHIVE.search(told) is not None and " or " not in told
        return by_name and not archive if _ABOUT_OTHER_FILES.search(told) else True
    address = _ADDRESS.search(name) is not None and schema.get("type") == "string"
    return by_name and address


def _kind(name: str, told: str) -> MediaKind | None:
    by_name = next((kind for kind, words in _BY_NAME if words.search(name)), None)
    if by_name is not None:
        return by_name
    found = [(at.start(), kind) for kind, words in _BY_TEXT if (at := words.search(told))]
    return min(found, key=lambda pair: pair[0])[1] if found else None


def _is_marked(schema: dict[str, Any]) -> bool:
    return schema.get("format") in _MARKS or bool(schema.get("x-media"))


def _marked_kind(schema: dict[str, Any]) -> MediaKind | None:
    mark = str(schema.get("x-media")).lower()
    return next((kind for kind in MediaKind if kind.value == mark), None)
