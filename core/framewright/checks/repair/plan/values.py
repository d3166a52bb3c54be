"""Makes literal inputs what the model's schema asks for, without bending the person's words.

A value the schema refuses is replaced by the nearest legal one only where the brief is silent
about it; where the brief names it, the person is asked.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from framewright.catalog.ports import properties
from framewright.checks.near import nearest
from framewright.checks.repair.draft import written
from framewright.checks.repair.wishes import wishes
from framewright.domain import refs
from framewright.domain.media import MediaKind

if TYPE_CHECKING:
    from framewright.checks.repair.draft import Case, StepDict

_LEADING_NUMBER = re.compile(r"^\s*~?\s*([+-]?\d+(?:[.,]\d+)?)\s*(?:[-\u2013])?\s*([a-zA-Z%]*)\s*$")
_UNITS = {"", "s", "sec", "secs", "second", "seconds", "px", "fps", "db", "x", "words", "%", "p"}
_LENGTHS = re.compile(r"duration|seconds|length|time", re.IGNORECASE)
_SHAPES = {
    "landscape": "16:9", "widescreen": "16:9", "horizontal": "16:9", "wide": "16:9", "hd": "16:9",
    "portrait": "9:16", "vertical": "9:16", "tall": "9:16", "square": "1:1", "standard": "4:3",
}  # fmt: skip
_LANGUAGES = {
    "english": "en", "german": "de", "deutsch": "de", "spanish": "es", "french": "fr",
    "japanese": "ja", "italian": "it", "portuguese": "pt", "chinese": "zh", "korean": "ko",
    "dutch": "nl", "russian": "ru", "arabic": "ar", "hindi": "hi", "polish": "pl",
}  # fmt: skip
_WORDS = {
    "fade": "crossfade", "dissolve": "crossfade", "cross-fade": "crossfade", "hard cut": "cut",
    "none": "cut", "straight": "cut", "end": "last", "final": "last", "start": "first",
    "beginning": "first", "overlay": "mix", "add": "mix", "overwrite": "replace",
}  # fmt: skip


def settle_values(case: Case) -> None:
    """Mend the literal inputs of every step."""
    for step in case.draft.steps:
        card = case.card(step)
        if card is None:
            continue
        for field, schema in properties(card).items():
            if field not in step["inputs"]:
                continue
            before = step["inputs"][field]
            after = _settled(case, step, field, before, schema)
            if after is _NOTHING:
                del step["inputs"][field]
            else:
                step["inputs"][field] = after


class _Nothing:
    """Stands for an input that is better left out."""


_NOTHING = _Nothing()


def _settled(case: Case, step: StepDict, field: str, value: Any, schema: dict[str, Any]) -> Any:
    if isinstance(value, str) and refs.parse(value) is not None:
        if schema.get("type") == "array" and not isinstance(refs.parse(value), refs.Malformed):
            return _say(case, step, field, value, [value], "input_scalar_for_array")
        return value
    if schema.get("type") == "array":
        return _list(case, step, field, value, schema)
    if isinstance(value, list):
        value = _single(case, step, field, value)
        if isinstance(value, list):
            return value
        if isinstance(value, str) and refs.parse(value) is not None:
            return value
    if schema.get("format") == "media-ref":
        return value
    return _literal(case, step, field, value, schema)


def _list(case: Case, step: StepDict, field: str, value: Any, schema: dict[str, Any]) -> Any:
    if not isinstance(value, list):
        parts: list[Any] = [value]
        if isinstance(value, str) and "," in value:
            parts = [part.strip() for part in value.split(",") if part.strip()]
        elif isinstance(value, dict):
            parts = list(value.values())
        value = _say(case, step, field, value, parts, "input_scalar_for_array")
    items = schema.get("items")
    if not isinstance(items, dict) or items.get("format") == "media-ref":
        return _flat(case, step, field, value)
    return [
        each
        if isinstance(each, str) and refs.parse(each) is not None
        else _literal(case, step, field, each, items)
        for each in value
    ]


def _flat(case: Case, step: StepDict, field: str, value: list[Any]) -> list[Any]:
    """Take lists inside a list of media apart."""
    if not any(isinstance(each, list) for each in value):
        return value
    flat = [part for each in value for part in (each if isinstance(each, list) else [each])]
    _say(case, step, field, value, flat, "input_type_wrong")
    return flat


def _single(case: Case, step: StepDict, field: str, value: list[Any]) -> Any:
    unique = [each for at, each in enumerate(value) if each not in value[:at]]
    if len(unique) == 1:
        return _say(case, step, field, value, unique[0], "input_array_for_scalar")
    if not unique:
        return None
    message = f"{step['id']}: {field} takes one value, not the {len(value)} of a list."
    case.record.ask_model("input_array_for_scalar", message, step["id"], field)
    return value


def _literal(case: Case, step: StepDict, field: str, value: Any, schema: dict[str, Any]) -> Any:
    typed = _typed(case, step, field, value, schema)
    if typed is _UNTYPED:
        return value
    allowed = schema.get("enum")
    if isinstance(allowed, list) and typed not in allowed:
        return _choice(case, step, field, typed, allowed)
    if isinstance(typed, (int, float)) and not isinstance(typed, bool):
        return _ranged(case, step, field, typed, schema)
    return typed


_UNTYPED = _Nothing()


def _typed(case: Case, step: StepDict, field: str, value: Any, schema: dict[str, Any]) -> Any:
    """Return the value with the type the schema wants, or `_UNTYPED` where none is clear."""
    kinds = schema.get("type")
    wanted = set(kinds) if isinstance(kinds, list) else {kinds} if isinstance(kinds, str) else set()
    if not wanted or _is_of(value, wanted):
        return value
    if isinstance(value, str) and wanted & {"integer", "number"}:
        number = _number(value, whole="number" not in wanted)
        if number is not None:
            return _say(case, step, field, value, number, "input_type_string_number")
    if isinstance(value, float) and "integer" in wanted:
        nearest_whole = round(value)
        return _say(case, step, field, value, nearest_whole, "input_type_wrong")
    if "boolean" in wanted and (truth := _truth(value)) is not None:
        return _say(case, step, field, value, truth, "input_type_wrong")
    if "string" in wanted and isinstance(value, (int, float)) and not isinstance(value, bool):
        return _say(case, step, field, value, str(value), "input_type_wrong")
    return _UNTYPED


def _is_of(value: Any, wanted: set[str]) -> bool:
    if isinstance(value, bool):
        return "boolean" in wanted
    if isinstance(value, int):
        return bool(wanted & {"integer", "number"})
    if isinstance(value, float):
        return "number" in wanted or ("integer" in wanted and value.is_integer())
    names: tuple[tuple[type, str], ...] = ((str, "string"), (list, "array"), (dict, "object"))
    return (value is None and "null" in wanted) or any(
        isinstance(value, kind) and name in wanted for kind, name in names
    )


def _number(text: str, *, whole: bool) -> int | float | None:
    found = _LEADING_NUMBER.match(text)
    if found is None or found[2].lower() not in _UNITS:
        return None
    value = float(found[1].replace(",", "."))
    if value.is_integer():
        return int(value)
    return round(value) if whole else value


def _truth(value: Any) -> bool | None:
    if isinstance(value, str):
        return {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False,
                "off": False, "0": False}.get(value.strip().lower())  # fmt: skip
    return bool(value) if value in (0, 1) else None


def _choice(case: Case, step: StepDict, field: str, value: Any, allowed: list[Any]) -> Any:
    """Find the allowed value that was meant, or is nearest where the brief does not care."""
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        numbers = [each for each in allowed if isinstance(each, (int, float))]
        if numbers:
            return _nearest_number(case, step, field, value, numbers)
    same = [each for each in allowed if str(each).lower() == str(value).strip().lower()]
    if same:
        return _say(case, step, field, value, same[0], "input_enum")
    if not isinstance(value, str):
        return value
    number = _number(value, whole=False)
    numbers = [
        each for each in allowed if isinstance(each, (int, float)) and not isinstance(each, bool)
    ]
    if number is not None and len(numbers) == len(allowed):
        return _nearest_number(case, step, field, number, numbers)
    names = [each for each in allowed if isinstance(each, str)]
    meant = _meant(value, names)
    if meant is not None:
        return _say(case, step, field, value, meant, "input_enum")
    return _off_the_list(case, step, field, value, names)


def _meant(value: str, names: list[str]) -> str | None:
    """Return the allowed name that is another way to write the value."""
    plain = value.strip().lower()
    for words in (_SHAPES, _LANGUAGES, _WORDS):
        if words.get(plain) in names:
            return words[plain]
    ratio = re.sub(r"\s*(?:[x/_\u00d7-]|by|to)\s*", ":", plain)
    if ratio in names:
        return ratio
    if (size := re.fullmatch(r"(\d{3,5})\s*[x\u00d7:*]\s*(\d{3,5})", plain)) and (
        fitting := _same_shape(int(size[1]), int(size[2]), names)
    ):
        return fitting
    language = re.fullmatch(r"([a-z]{2})[-_][a-z]{2,4}", plain)
    if language and language[1] in names:
        return language[1]
    if re.search(r"\d", plain):
        return None
    near = nearest(value, names)
    return near if near is not None and plain[:1] == near[:1].lower() else None


def _same_shape(width: int, height: int, names: list[str]) -> str | None:
    for name in names:
        parts = re.fullmatch(r"(\d+):(\d+)", name)
        if parts and abs(width / height - int(parts[1]) / int(parts[2])) < 0.02:
            return name
    return None


def _off_the_list(case: Case, step: StepDict, field: str, value: str, names: list[str]) -> Any:
    if _brief_names(case, value, field):
        message = f"{step['id']}: {field} can not be {value!r}, which you asked for."
        case.record.ask_person("input_enum", message, *names)
        return value
    shape = _nearest_shape(value, names) or _nearest_size(value, names)
    if shape is not None:
        return _say(case, step, field, value, shape, "input_enum")
    card = case.card(step)
    required = set((card.inputs_schema.get("required") if card else None) or ())
    if field not in required:
        message = f"{step['id']}: left out {field} {value[:60]!r}, which the model does not know."
        case.record.change("input_enum", message, "unset", step["id"], written((field,)), value)
        return _NOTHING
    message = f"{step['id']}: {field} can not be {value[:60]!r}. Choose one of: {', '.join(names)}."
    case.record.ask_model("input_enum", message, step["id"], field)
    return value


def _nearest_shape(value: str, names: list[str]) -> str | None:
    def ratio(text: str) -> float | None:
        found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*[:x/\u00d7]\s*(\d+(?:\.\d+)?)\s*", text)
        return float(found[1]) / float(found[2]) if found and float(found[2]) else None

    wanted = ratio(value)
    shapes = [(each, found) for each in names if (found := ratio(each)) is not None]
    if wanted is None or not shapes or wanted <= 0:
        return None
    return min(shapes, key=lambda pair: max(pair[1] / wanted, wanted / pair[1]))[0]


def _nearest_size(value: str, names: list[str]) -> str | None:
    """Return the nearest of sizes like 480p, 720p, 1080p, 2k, 4k."""

    def lines(text: str) -> int | None:
        found = re.fullmatch(r"(\d{3,4})p?", text.strip().lower())
        known = {
            "4k": 2160,
            "uhd": 2160,
            "2k": 1440,
            "qhd": 1440,
            "fhd": 1080,
            "full hd": 1080,
            "hd": 720,
        }
        return int(found[1]) if found else known.get(text.strip().lower())

    wanted = lines(value)
    sizes = [(each, found) for each in names if (found := lines(each)) is not None]
    if wanted is None or len(sizes) < len(names):
        return None
    return min(sizes, key=lambda pair: abs(pair[1] - wanted))[0]


def _brief_names(case: Case, value: str, field: str) -> bool:
    brief, plain = case.brief.lower(), value.strip().lower()
    if re.search(rf"(?<!\w){re.escape(plain)}(?!\w)", brief):
        return True
    if field == "language":
        return any(word in brief for word, code in _LANGUAGES.items() if plain.startswith(code))
    asked = wishes(case.brief)
    return plain.replace("x", ":") in asked.other_shapes


def _nearest_number(
    case: Case, step: StepDict, field: str, value: float, allowed: list[Any]
) -> Any:
    asked = _asked_number(case, field, value)
    if asked is not None and asked not in allowed:
        _ask_number(case, step, field, asked, allowed)
        return value
    if asked is not None:
        best = next(each for each in allowed if each == asked)
    else:
        best = min(allowed, key=lambda each: (abs(each - value), each))
    return _say(case, step, field, value, best, "input_enum")


def _asked_number(case: Case, field: str, value: float) -> float | None:
    """Return what the brief says of a number: the value itself, or the one length it names."""
    if not _LENGTHS.search(field):
        unit = r"\s*(?:fps|frames? per second|words?|x|\u00d7|times)(?!\w)"
        named = re.search(rf"(?<![\w.:]){re.escape(f'{value:g}')}{unit}", case.brief, re.IGNORECASE)
        counted = field.startswith("num") and any(
            count == value for count, _ in wishes(case.brief).counts
        )
        return value if named or counted else None
    asked = wishes(case.brief)
    lengths = (*asked.seconds, *asked.sound_seconds)
    if value in lengths:
        return value
    return lengths[0] if len(set(lengths)) == 1 and len(case.draft.steps) == 1 else None


def _ask_number(case: Case, step: StepDict, field: str, value: float, allowed: list[Any]) -> None:
    listed = sorted(allowed)
    above = [each for each in listed if each > value]
    below = [each for each in listed if each < value]
    choices = [f"{field} {below[-1]}"] if below else []
    if above:
        choices.append(f"{field} {above[0]}")
        if _LENGTHS.search(field) and case.output(step) is MediaKind.VIDEO:
            choices.append(f"{field} {above[0]}, then trimmed to {value:g}")
    message = f"{step['id']}: you asked for {value:g}, and the model makes {_listed(listed)}."
    case.record.ask_person("input_enum", message, *choices)


def _listed(allowed: list[Any]) -> str:
    return " or ".join(f"{each:g}" for each in allowed[:8])


def _ranged(case: Case, step: StepDict, field: str, value: float, schema: dict[str, Any]) -> Any:
    low, high = schema.get("minimum"), schema.get("maximum")
    legal = value
    if isinstance(low, (int, float)) and value < low:
        legal = low
    elif isinstance(high, (int, float)) and value > high:
        legal = high
    if legal == value:
        return value
    asked = _asked_number(case, field, value)
    if asked == value:
        message = f"{step['id']}: you asked for {value:g}; {field} goes from {low} to {high}."
        case.record.ask_person("input_range", message, f"{field} {legal:g}")
        return value
    return _say(case, step, field, value, legal, "input_range")


def _say(case: Case, step: StepDict, field: str, before: Any, after: Any, code: str) -> Any:
    message = f"{step['id']}: {field} {_shown(before)} became {_shown(after)}."
    case.record.change(code, message, "set", step["id"], written((field,)), before, after)
    return after


def _shown(value: Any) -> str:
    """Return a value as JSON writes it, so that "4" and 4 differ; the length is bounded."""
    if isinstance(value, str):
        return json.dumps(value[:60], ensure_ascii=False)
    return str(value)[:60]
