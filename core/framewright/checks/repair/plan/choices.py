"""Choices in inputs: what is not on the model's list becomes what was meant, or the nearest.

Where the brief names a choice the model does not have, the person is asked.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from framewright.checks.finite import is_finite
from framewright.checks.near import nearest
from framewright.checks.repair.draft import written
from framewright.checks.repair.plan.numbers import nearest_number, read_number
from framewright.checks.repair.plan.saying import say
from framewright.checks.repair.plan.spelling import named_shape, ratio_of
from framewright.checks.repair.wishes import wishes

if TYPE_CHECKING:
    from framewright.checks.repair.draft import Case, StepDict

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


class Nothing:
    """Stands for an input that is better left out."""


NOTHING: Final = Nothing()


def choose(case: Case, step: StepDict, field: str, value: Any, allowed: list[Any]) -> Any:
    """Find the allowed value that was meant, or is nearest where the brief does not care."""
    if isinstance(value, bool):
        return value
    numbers = [each for each in allowed if is_finite(each)]
    if numbers and is_finite(value):
        return nearest_number(case, step, field, value, numbers)
    if not isinstance(value, str):
        return value
    number = read_number(value, whole=False)
    if number is not None and len(numbers) == len(allowed):
        return nearest_number(case, step, field, number, numbers)
    names = [each for each in allowed if isinstance(each, str)]
    meant = _meant(value, names)
    if meant is not None:
        return say(case, step, field, value, meant, "input_enum")
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
    if (named := named_shape(_SHAPES.get(plain, ratio), names)) is not None:
        return named
    if re.fullmatch(r"\d{3,5}\s*[x\u00d7:*]\s*\d{3,5}", plain) and (
        fitting := _same_shape(plain, names)
    ):
        return fitting
    language = re.fullmatch(r"([a-z]{2})[-_][a-z]{2,4}", plain)
    if language and language[1] in names:
        return language[1]
    if re.search(r"\d", plain):
        return None
    near = nearest(value, names)
    return near if near is not None and plain[:1] == near[:1].lower() else None


def _same_shape(size: str, names: list[str]) -> str | None:
    wanted = ratio_of(size)
    if wanted is None:
        return None
    for name in names:
        shape = ratio_of(name) if ":" in name else None
        if shape is not None and abs(wanted - shape) < 0.02:
            return name
    return None


def _off_the_list(case: Case, step: StepDict, field: str, value: str, names: list[str]) -> Any:
    if _brief_names(case, value, field):
        message = f"{step['id']}: {field} can not be {value!r}, which you asked for."
        case.record.ask_person("input_enum", message, *names)
        return value
    shape = _nearest_shape(value, names) or _nearest_size(value, names)
    if shape is not None:
        return say(case, step, field, value, shape, "input_enum")
    card = case.card(step)
    required = set((card.inputs_schema.get("required") if card else None) or ())
    if field not in required:
        message = f"{step['id']}: left out {field} {value[:60]!r}, which the model does not know."
        case.record.change("input_enum", message, "unset", step["id"], written((field,)), value)
        return NOTHING
    message = f"{step['id']}: {field} can not be {value[:60]!r}. Choose one of: {', '.join(names)}."
    case.record.ask_model("input_enum", message, step["id"], field)
    return value


def _nearest_shape(value: str, names: list[str]) -> str | None:
    wanted = ratio_of(value)
    shapes = [(each, found) for each in names if (found := ratio_of(each)) is not None]
    if wanted is None or not shapes:
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
    if wanted is None or not sizes or len(sizes) < len(names):
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
