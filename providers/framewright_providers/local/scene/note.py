"""The note a drawn picture carries in its file: what it was drawn from, to draw it anew changed."""

from __future__ import annotations

import json
import struct
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from PIL.PngImagePlugin import PngInfo

from framewright.media.replacing import replacing
from framewright_providers.local.scene.still import SIZES

if TYPE_CHECKING:
    from pathlib import Path

    from PIL import Image

    from framewright_providers.local.scene.raster import Lips

_KEY = b"framewright-previz"
_LONGEST = 32_768
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_MOST_CHUNKS = 64


@dataclass(frozen=True, slots=True)
class Note:
    """What a still or a turnaround sheet was drawn from."""

    prompt: str
    seed: int
    aspect_ratio: str = "16:9"
    cast: tuple[str, ...] = ()
    """Descriptions of people that were given by turnaround sheets."""
    sheet: bool = False
    """Whether it is a turnaround sheet of one person."""
    mouth: Lips | None = None
    """Where its largest face shows the lips."""


def write_noted(image: Image.Image, note: Note, path: Path) -> None:
    """Write a PNG that carries a note; the same picture and note give the same bytes."""
    info = PngInfo()
    info.add_itxt(_KEY.decode(), json.dumps(asdict(note), ensure_ascii=True, sort_keys=True))
    with replacing(path) as draft:
        image.convert("RGB").save(draft, format="PNG", compress_level=3, pnginfo=info)


def note_of(path: Path) -> Note | None:
    """Return the note of a picture; None for a photograph or anything else without a sound one."""
    text = _text_of(path)
    if text is None:
        return None
    try:
        held = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return _checked(held)


def _text_of(path: Path) -> bytes | None:
    """Return the uncompressed text under our key, read chunk by chunk before the picture data."""
    try:
        with path.open("rb") as file:
            if file.read(8) != _SIGNATURE:
                return None
            for _ in range(_MOST_CHUNKS):
                head = file.read(8)
                if len(head) < 8:
                    return None
                length, kind = struct.unpack(">I4s", head)
                if kind in {b"IDAT", b"IEND"}:
                    return None
                if kind != b"iTXt" or length > _LONGEST:
                    file.seek(length + 4, 1)
                    continue
                parts = file.read(length).split(b"\0", 5)
                file.seek(4, 1)
                if len(parts) == 6 and parts[0] == _KEY:
                    # Keyword, two bytes of compression (both 0), language, translated keyword.
                    return parts[5]
    except OSError:
        return None
    return None


def _checked(held: Any) -> Note | None:
    if not isinstance(held, dict):
        return None
    prompt, seed, ratio = held.get("prompt"), held.get("seed"), held.get("aspect_ratio")
    cast = held.get("cast")
    sound = (
        isinstance(prompt, str)
        and len(prompt) <= 8_000
        and isinstance(seed, int)
        and 0 <= seed < 2**63
        and isinstance(ratio, str)
        and ratio in SIZES
        and isinstance(cast, list)
        and len(cast) <= 8
        and all(isinstance(each, str) and len(each) <= 8_000 for each in cast)
    )
    if not sound:
        return None
    return Note(
        str(prompt),
        int(held["seed"]),
        str(ratio),
        tuple(held["cast"]),
        held.get("sheet") is True,
        _lips(held.get("mouth")),
    )


def _lips(held: Any) -> Lips | None:
    sound = isinstance(held, list) and len(held) == 3
    if not sound or not all(isinstance(each, float) and 0 < each < 1 for each in held):
        return None
    return held[0], held[1], held[2]
