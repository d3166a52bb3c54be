"""Reads what a repair works on: a model's raw answer, and the list of what the person gave."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from framewright.domain.media import MediaKind
from framewright.errors import InputError, NotFoundError
from framewright.studio.catalogs import read_json

MOST_BYTES = 20_000_000
"""More is not read; how much of it is mended is decided where it is understood."""


def read_raw(given: str) -> str:
    """Return the text of a file, or of standard input for `-`; broken bytes become a sign."""
    if given == "-":
        return sys.stdin.buffer.read(MOST_BYTES).decode("utf-8", "replace")
    path = Path(given)
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES).decode("utf-8", "replace")
    except FileNotFoundError as error:
        raise NotFoundError(f"There is no file {given}.") from error
    except (OSError, ValueError) as error:
        raise InputError(f"{given[:200]} can not be read: {error}.") from error


def read_uploads(path: Path) -> dict[str, MediaKind]:
    """Return the media kind of each upload by id.

    The file is a list of ids, or of objects with `id` and `media` (or `kind`, or `type`).
    """
    document = read_json(path)
    if isinstance(document, dict):
        document = document.get(
            "uploads", [{"id": key, "media": document[key]} for key in document]
        )
    if not isinstance(document, list):
        raise InputError(
            f"{path} is not a list of uploads.", action='Write [{"id": "photo", "media": "image"}].'
        )
    return dict(_upload(each, path) for each in document)


def _upload(entry: Any, path: Path) -> tuple[str, MediaKind]:
    if isinstance(entry, str):
        return entry, MediaKind.IMAGE
    said = entry if isinstance(entry, dict) else {}
    name = said.get("id", said.get("upload_id"))
    kind = said.get("media", said.get("kind", said.get("type", said.get("media_type", "image"))))
    medium = str(kind).split("/", maxsplit=1)[0]
    if not isinstance(name, str) or medium not in set(MediaKind):
        message = f"{path}: {str(entry)[:80]} is not an upload."
        raise InputError(message, action='Write {"id": "photo", "media": "image"}.')
    return name, MediaKind(medium)
