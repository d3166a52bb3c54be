"""Reads references in whatever dialect they are written, without knowing the plan."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_WRAPPED = re.compile(
    r"^(?:\$\{\{\s*(?P<a>.+?)\s*\}\}|\$\{\s*(?P<b>.+?)\s*\}|\{\{\s*(?P<c>.+?)\s*\}\}|\{\s*(?P<d>.+?)\s*\}"
    r"|<<?\s*(?P<e>.+?)\s*>>?|\[\[?\s*(?P<f>.+?)\s*\]?\]|%(?P<g>.+?)%|\$\(\s*(?P<h>.+?)\s*\))$"
)
_MARK = re.compile(
    r"^(?:ref|step|node|from|output|result)\s*:\s*|^(?:#/|[$@#&*])+\.?\s*", re.IGNORECASE
)
_ROOT = re.compile(
    r"^(?:plan\.)?(?:steps?|nodes?|tasks?|outputs?|results?)(?=[.\[/])[./]?", re.IGNORECASE
)
_OF = re.compile(r"^(?:the\s+)?(?:outputs?|results?)[\s_-]+(?:of|from)[\s_-]+(.+)$", re.IGNORECASE)
_TAIL = re.compile(
    r"(?:[./]|\[['\"]?|->|::?)(?:outputs?|results?|images?|videos?|audios?|text|urls?|files?|path|value"
    r"|media|data|frame|clip|asset|content|artifact|id|uri)s?(?:['\"]?\])?(?:[.\[/].*)?$",
    re.IGNORECASE,
)
_SAID_TAIL = re.compile(r"(?:'s)?[\s_](?:outputs?|results?)$", re.IGNORECASE)
_INDEX = re.compile(r"^\[?(\d{1,4})\]?$")
_STEP_NUMBER = re.compile(
    r"^(?:the\s+)?(?:output\s+of\s+)?(?:step|node|task)[\s_#.-]*(\d{1,4})$", re.IGNORECASE
)
_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10,
}  # fmt: skip
_ORDINAL = re.compile(r"^(?:the\s+)?(\w+)\s+(?:step|node|task)$", re.IGNORECASE)
_PREVIOUS = re.compile(
    r"^(?:the\s+)?(?:previous|prev|last|preceding)(?:[\s_]+(?:step|node|output))?$", re.IGNORECASE
)
_UPLOAD = re.compile(
    r"^(?:user[_ ]?)?(?:uploads?|uploaded(?:[_ ]file)?|attachments?)[./:\[ _-]+"
    r"['\"]?(.+?)['\"]?\]?$",
    re.IGNORECASE,
)
_INDEX_OUT = re.compile(r"\.(?:output|outputs|result|results|images?)\[(\d{1,4})\]$")


@dataclass(frozen=True, slots=True)
class Pointer:
    """What a dialect points to."""

    name: str = ""
    """Of a step, as written."""
    index: int | None = None
    """Position of a step, counted from `base`."""
    base: int = 0
    previous: bool = False
    upload: str | None = None
    explicit: bool = False
    """Whether it is written as a reference, and could not be ordinary words."""
    output: int = 0
    """Which of several outputs."""


def pointer(value: Any) -> Pointer | None:
    """Read a value as a reference; None where it can not be one."""
    if isinstance(value, dict):
        return _from_object(value)
    if not isinstance(value, str) or not value.strip() or len(value) > 200:
        return None
    text, explicit = _unwrapped(value.strip())
    output = int(found[1]) if (found := _INDEX_OUT.search(text)) else 0
    if found := _UPLOAD.match(text):
        return Pointer(
            _TAIL.sub("", text), upload=_TAIL.sub("", found[1]) or found[1], explicit=True
        )
    rooted = _ROOT.sub("", text, count=1)
    explicit = explicit or rooted != text
    bracketed = rooted.startswith("[")
    text = rooted
    if said := _OF.match(text):
        text, explicit = said[1], True
    trimmed = _SAID_TAIL.sub("", _TAIL.sub("", text))
    explicit = explicit or trimmed != text
    text = trimmed.strip().strip("'\"[]").strip()
    if not text:
        return None
    return _named(text, bracketed, explicit, output)


def _named(text: str, bracketed: bool, explicit: bool, output: int) -> Pointer:
    if _PREVIOUS.match(text):
        return Pointer(previous=True, explicit=explicit, name=text)
    if found := _INDEX.match(text):
        return Pointer(text, int(found[1]), 0 if bracketed else 1, explicit=explicit, output=output)
    if found := _STEP_NUMBER.match(text):
        return Pointer(text, int(found[1]), 1, explicit=explicit, output=output)
    if (found := _ORDINAL.match(text)) and found[1].lower() in _ORDINALS:
        return Pointer(text, _ORDINALS[found[1].lower()], 1, explicit=explicit, output=output)
    return Pointer(text, explicit=explicit, output=output)


def _unwrapped(text: str) -> tuple[str, bool]:
    """Return what stands inside brackets and behind signs, and whether there were any."""
    explicit = False
    for _ in range(3):
        if found := _WRAPPED.match(text):
            text = next(group for group in found.groups() if group is not None).strip()
            explicit = True
        elif (bare := _MARK.sub("", text, count=1)) != text:
            text, explicit = bare, True
        else:
            break
    return text, explicit


def _from_object(value: dict[str, Any]) -> Pointer | None:
    """Read `{"$ref": "x"}`, `{"step": "x", "output": …}` and the like."""
    lowered = {str(key).lower().lstrip("$"): inner for key, inner in value.items()}
    for key in ("upload", "upload_id"):
        if isinstance(lowered.get(key), str) and len(lowered) <= 2:
            return Pointer(upload=lowered[key], explicit=True)
    for key in ("ref", "step", "step_id", "from", "from_step", "source", "node", "id"):
        inner = lowered.get(key)
        if isinstance(inner, bool) or len(lowered) > 3:
            continue
        if isinstance(inner, str):
            found = pointer(inner)
            return (
                None
                if found is None
                else Pointer(
                    found.name,
                    found.index,
                    found.base,
                    found.previous,
                    found.upload,
                    True,
                    found.output,
                )
            )
        if isinstance(inner, int):
            return Pointer(str(inner), inner, 0 if inner == 0 else 1, explicit=True)
    return None
