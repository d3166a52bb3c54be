"""Which fields of a vendor's schema take or give media, and of which kind.

The schema's own mark comes first (`format: uri` and `binary`, `x-media`), then the field's name,
then what is written about it: vendors mark most files, and write some as plain text.
"""

from __future__ import annotations

import re
from typing import Any

from framewright.catalog.limits import plain_format
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
_NO_MEDIA = re.compile(r"webhook|callback|lora|weights|checkpoint|embedding|\bzip\b|_zip|tar$")
_FORMATS = re.compile(
    r"\.?\b(mp4|mov|webm|mkv|m4v|jpe?g|png|webp|gif|avif|bmp|tiff|heic|wav|mp3|flac|ogg|m4a|aac)\b"
)
_MOST_BYTES = re.compile(
    r"(?:max(?:imum)?|up to|under)(?: file)?(?: size)?:? ?(?:of )?(\d+(?:\.\d+)?) ?(mb|kb|gb)"
)
_BYTES = {"kb": 1_000, "mb": 1_000_000, "gb": 1_000_000_000}


def as_port(name: str, schema: dict[str, Any]) -> dict[str, Any] | None:
    """Return an input field as our media port, with the limits its vendor writes; or None."""
    many = schema.get("type") == "array" or "items" in schema
    items = schema.get("items") if many else schema
    inner = items if isinstance(items, dict) else {}
    told = f"{schema.get('description', '')} {inner.get('description', '')}".strip().lower()
    if not _takes_media(name.lower(), inner, told, marked=_marked(schema) or _marked(inner)):
        return None
    kind = _kind(name.lower(), told) or MediaKind.IMAGE
    port = {"format": "media-ref", "x-media": kind.value, "type": "string", **_limits(kind, told)}
    about = {"description": schema["description"]} if schema.get("description") else {}
    if not many:
        return {**port, **about}
    sizes = {key: schema[key] for key in ("minItems", "maxItems") if key in schema}
    return {"type": "array", "items": port, **sizes, **about}


def output_kind(name: str, schema: dict[str, Any]) -> MediaKind | None:
    """Return what a field of a vendor's answer holds; None where its name does not tell."""
    word = name.lower()
    if "thumbnail" in word or "preview" in word:
        return None
    return next((kind for kind, words in _BY_NAME if words.search(word)), None) or (
        MediaKind.TEXT if schema.get("type") == "string" and not _marked(schema) else None
    )


def _takes_media(name: str, schema: dict[str, Any], told: str, *, marked: bool) -> bool:
    if _NO_MEDIA.search(name) or "enum" in schema:
        return False
    if marked:
        return not _NO_MEDIA.search(told) or _kind(name, "") is not None
    text = schema.get("type") == "string"
    return text and _ADDRESS.search(name) is not None and _kind(name, "") is not None


def _kind(name: str, told: str) -> MediaKind | None:
    by_name = next((kind for kind, words in _BY_NAME if words.search(name)), None)
    if by_name is not None:
        return by_name
    found = [(at.start(), kind) for kind, words in _BY_TEXT if (at := words.search(told))]
    return min(found, key=lambda pair: pair[0])[1] if found else None


def _marked(schema: dict[str, Any]) -> bool:
    return schema.get("format") in _MARKS or bool(schema.get("x-media"))


def _limits(kind: MediaKind, told: str) -> dict[str, Any]:
    limits: dict[str, Any] = {}
    if size := _MOST_BYTES.search(told):
        limits["x-max-bytes"] = round(float(size[1]) * _BYTES[size[2]])
    named = tuple(dict.fromkeys(plain_format(each) for each in _FORMATS.findall(told)))
    if len(named) > 1 and kind is not MediaKind.MODEL3D and re.search(r"only|format|support", told):
        limits["x-formats"] = list(named)
    return limits
