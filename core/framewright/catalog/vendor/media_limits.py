"""Which files a media field takes, as far as its vendor writes it in plain words.

"Only .mp4/.mov formats, max 200MB" becomes `x-formats` and `x-max-bytes`, by which files are
made to fit, or refused, before anything is paid for.
"""

from __future__ import annotations

import re
from typing import Any

from framewright.catalog.limits import plain_format
from framewright.domain.media import MediaKind

_FORMATS = {
    MediaKind.IMAGE: ("jpg", "jpeg", "png", "webp", "gif", "avif", "bmp", "tif", "tiff", "heic"),
    MediaKind.VIDEO: ("mp4", "mov", "webm", "mkv", "m4v", "avi", "gif"),
    MediaKind.AUDIO: ("wav", "mp3", "flac", "ogg", "m4a", "aac", "opus", "mp4", "webm"),
}
_NAMED = {kind: re.compile(rf"\b(?:{'|'.join(names)})\b(?!_)") for kind, names in _FORMATS.items()}
_ABOUT_FORMATS = re.compile(r"\bonly\b|format|support|accept|must be|should be")
_ONLY_ONE = re.compile(r"\b(?:only|must be)\b[^.]{0,24}\.?\b(\w{3,4})\b")
_UNITS = {"kb": 1_000, "mb": 1_000_000, "gb": 1_000_000_000}
_SIZE = r"(\d{1,6}(?:\.\d{1,3})?) ?(kb|mb|gb)\b"
_MOST_BYTES = (
    re.compile(
        r"(?:max(?:imum|\.)?|up to|under|(?:less|smaller) than|(?:no|not) (?:larger|more|bigger) "
        rf"than|not exceed|limit)(?: file)?(?: size)?(?: is| of)?:? ?{_SIZE}"
    ),
    re.compile(rf"{_SIZE} (?:max|or (?:less|smaller)|limit)"),
)


def written_limits(kind: MediaKind, told: str) -> dict[str, Any]:
    """Return the limits a field's description, in lower case, sets for its files."""
    limits: dict[str, Any] = {}
    if size := next((at for words in _MOST_BYTES if (at := words.search(told))), None):
        limits["x-max-bytes"] = round(float(size[1]) * _UNITS[size[2]])
    if formats := _formats(kind, told):
        limits["x-formats"] = formats
    return limits


def _formats(kind: MediaKind, told: str) -> list[str]:
    if kind not in _NAMED or _ABOUT_FORMATS.search(told) is None:
        return []
    found = list(dict.fromkeys(plain_format(each) for each in _NAMED[kind].findall(told)))
    # One name alone is mostly an example, unless it is said to be the only one.
    alone = _ONLY_ONE.search(told)
    if len(found) == 1 and (alone is None or plain_format(alone[1]) != found[0]):
        return []
    return found
