"""Finds the values in what a language model wrote, whatever stands around them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from framewright.checks.repair.text.lenient_json import (
    MOST_DEPTH,
    Conflict,
    Forgiven,
    NotJsonError,
    TooDeepError,
    read_value,
)
from framewright.checks.repair.text.yaml_form import looks_like_yaml, read_yaml

MOST_CHARACTERS = 4_000_000
"""Longest answer that is read at all."""
MOST_TO_MEND = 400_000
"""Longest answer whose text is mended; ten times what the longest plan needs."""
_MOST_STARTS = 40
_MOST_EFFORT = 1_000_000
_MOST_WRAPPINGS = 4

_THINKING = re.compile(
    r"<(think|thinking|thought|reasoning|reflection|scratchpad|analysis)\b[^>]*>.*?</\1\s*>",
    re.DOTALL | re.IGNORECASE,
)
_THINKING_END = re.compile(r"</(?:think|thinking|thought|reasoning|analysis)\s*>", re.IGNORECASE)
_THINKING_OPEN = re.compile(
    r"<(?:think|thinking|thought|reasoning|analysis)\b[^>]*>", re.IGNORECASE
)
_FENCE = re.compile(
    r"^[ \t]*(?:```|~~~)[ \t]*([\w+-]*)[^\n]*\n(.*?)(?:\n[ \t]*(?:```|~~~)|\Z)",
    re.DOTALL | re.MULTILINE,
)
_FENCE_IN_LINE = re.compile(r"(?:```|~~~)[ \t]*\w*\s*$")
_START = re.compile(r"[{\[]")
_QUOTED = re.compile(r'"(?:\\[nrt]|\s)*(?:[\[{](?:\\[nrt]|\s)*(?:\\|[\[{])|\\"[{\[]|`{3})')
"""Where a string begins that says JSON: what comes first in it is a bracket and a quote."""
_STRINGS = json.JSONDecoder(strict=False)


@dataclass(slots=True)
class Reading:
    """The values in a text, in order, and what was forgiven on the way to them."""

    values: list[Any] = field(default_factory=list)
    codes: dict[str, None] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)
    cut_off: bool = False
    """The text ended inside a value; nobody knows what would have followed."""
    refusal: str = ""
    """Why the text is not read at all."""


def read(raw: str) -> Reading:
    """Read every value of an answer; total, and bounded in time for any text."""
    if len(raw) > MOST_CHARACTERS:
        return Reading(
            refusal=f"The answer has {len(raw):,} characters; {MOST_CHARACTERS:,} are the most."
        )
    plain = _as_plain_json(raw)
    if plain is not None:
        return plain
    if len(raw) > MOST_TO_MEND:
        return Reading(
            refusal=f"The answer is not JSON, and with {len(raw):,} characters too long to mend."
        )
    try:
        return _mended(raw)
    except (TooDeepError, RecursionError):
        return Reading(refusal=f"The answer nests deeper than {MOST_DEPTH} levels.")


def read_inner(text: str) -> Reading | None:
    """Read a text inside a value as values of its own; None where it does not look like any."""
    head = text.lstrip()[:200]
    if not head.startswith(("{", "[", "```", '"{', '"[', "{\\", "<think")):
        return None
    found = read(text)
    return found if found.values or found.cut_off else None


def _as_plain_json(raw: str) -> Reading | None:
    """Read clean JSON with the standard library; None where the text is anything else."""
    doubled: list[bool] = []

    def build(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            doubled.append(True)
        return made

    def refuse(constant: str) -> Any:
        raise ValueError(constant)

    try:
        value = json.loads(raw, object_pairs_hook=build, parse_constant=refuse)
    except (ValueError, RecursionError):
        return None
    if doubled or not isinstance(value, (dict, list)):
        return None
    if _too_deep(value):
        return Reading(refusal=f"The answer nests deeper than {MOST_DEPTH} levels.")
    return Reading([value])


def _too_deep(value: Any) -> bool:
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > MOST_DEPTH:
            return True
        level = [
            inner
            for each in level
            if isinstance(each, (dict, list))
            for inner in (each.values() if isinstance(each, dict) else each)
            if isinstance(inner, (dict, list))
        ]
    return False


def _mended(raw: str) -> Reading:
    reading = Reading()
    text = _unquoted(raw.lstrip("\ufeff"), reading)
    text = _without_thinking(text, reading)
    blocks, around = _blocks(text)
    if blocks:
        reading.codes["json_fenced"] = None
        if around:
            reading.codes["json_prose_around"] = None
        for language, quoted in blocks:
            block = _unquoted(quoted, reading)
            _read_block(block, reading, yaml=language.lower() in {"yaml", "yml"}, alone=True)
        if reading.values:
            return reading
    start = _START.search(text)
    if start is not None and _FENCE_IN_LINE.search(text[: start.start()]):
        reading.codes["json_fenced"] = None
    _read_block(_unquoted(text, reading), reading, yaml=False, alone=False)
    return reading


def _unquoted(text: str, reading: Reading) -> str:
    """Return the text with a JSON string that says JSON replaced by what it says."""
    for _ in range(_MOST_WRAPPINGS):
        found = _QUOTED.search(text)
        first = _START.search(text)
        if found is None or first is None or first.start() < found.start():
            break
        try:
            inner, end = _STRINGS.raw_decode(text, found.start())
        except ValueError:
            break
        reading.codes["json_double_encoded"] = None
        text = text[: found.start()] + inner + text[end:]
    return text.strip()


def _without_thinking(text: str, reading: Reading) -> str:
    """Take out reasoning before the answer; tags inside the answer's own strings stay."""
    start = _START.search(text)
    first = _THINKING_OPEN.search(text)
    end = _THINKING_END.search(text)
    if first is not None and (start is None or first.start() < start.start()):
        closed = _THINKING.match(text, first.start())
        reading.codes["json_thinking_tags"] = None
        if closed is None:
            # Thinking that never ended: what stands in it is no answer.
            end = _THINKING_END.search(text, first.start())
            return text[end.end() :] if end else text[: first.start()]
        return _without_thinking(text[: first.start()] + text[closed.end() :], reading)
    if end is not None and _START.search(text, end.end()) and not _in_string(text, end.start()):
        reading.codes["json_thinking_tags"] = None
        return text[end.end() :]
    return text


def _in_string(text: str, at: int) -> bool:
    """Tell whether a place lies inside a JSON string of its line."""
    line = text[text.rfind("\n", 0, at) + 1 : at]
    return len(re.findall(r'(?<!\\)"', line)) % 2 == 1


def _blocks(text: str) -> tuple[list[tuple[str, str]], bool]:
    """Return the fenced blocks with their languages, and whether there is anything around them.

    A fence inside a string of an unfenced answer is none.
    """
    start = _START.search(text)
    found = list(_FENCE.finditer(text))
    if not found or (start is not None and start.start() < found[0].start() and _is_whole(text)):
        return [], False
    inside = "".join(match[0] for match in found)
    around = len(text.strip()) > len(inside.strip()) + 3
    return [(match[1], match[2]) for match in found], around


def _is_whole(text: str) -> bool:
    return text.lstrip()[:1] in {"{", "["}


def _read_block(text: str, reading: Reading, *, yaml: bool, alone: bool) -> None:
    """Read a block; `alone` says that nothing but the answer should stand in it."""
    if yaml or looks_like_yaml(text):
        value = read_yaml(text)
        if value is not None:
            reading.codes["env_yaml"] = None
            reading.values.append(value)
            return
    at, effort, found, prose = 0, 0, 0, False
    for _ in range(_MOST_STARTS):
        start = _START.search(text, at)
        if start is None or effort > _MOST_EFFORT:
            break
        try:
            value, end, forgiven = read_value(text, start.start())
        except NotJsonError:
            at = start.end()
            effort += min(len(text) - at, 20_000)
            prose = True
            continue
        effort += end - start.start()
        if not _worth_reading(value):
            at, prose = max(end, start.end()), True
            continue
        prose = prose or bool(text[at : start.start()].strip(" \t\r\n,;"))
        _take(value, forgiven, reading)
        found += 1
        at = end
    if found > 1:
        reading.codes["json_concatenated"] = None
    if found and not alone and (prose or text[at:].strip(" \t\r\n,;`")):
        reading.codes["json_prose_around"] = None


def _worth_reading(value: Any) -> bool:
    """Tell a value from a word in brackets inside a sentence."""
    if isinstance(value, dict):
        return bool(value)
    return isinstance(value, list) and (not value or any(isinstance(e, dict) for e in value))


def _take(value: Any, forgiven: Forgiven, reading: Reading) -> None:
    reading.values.append(value)
    reading.codes.update(forgiven.codes)
    reading.conflicts.extend(forgiven.conflicts)
    reading.cut_off = reading.cut_off or forgiven.cut_off
