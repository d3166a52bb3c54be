"""Whether two spellings name the same choice: case, spaces, separators and quotes aside.

`16 : 9` is `16:9`, `"PNG"` is `png`, 5 is `"5"`, `MP3 44100 128` is `mp3_44100_128`. What tells
choices apart stays: `1.5` is not `15`, and -1 is not 1.
"""

from __future__ import annotations

import math
import re
from typing import Any

_AROUND = re.compile(r"^[\s\"'`\u2018-\u201d]+|[\s\"'`\u2018-\u201d]+$")
_DOTS = re.compile(r"^\.(?!\d)|\.$")
_TOKENS = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+|[^\w\s\-:/,;()\[\]\"'`\u00d7\u2018-\u201d]")
_RATIO = re.compile(
    r"\s*(\d{1,9}(?:\.\d{1,9})?)\s*[:x/*\u00d7]\s*(\d{1,9}(?:\.\d{1,9})?)\s*", re.IGNORECASE
)
_SIDES = re.compile(r"(\D*)(\d{1,5})[_:x/\u00d7-](\d{1,5})", re.IGNORECASE)
_BESIDE = 0.03
"""How far apart two shapes may be, as the logarithm of one by the other."""
_BETWEEN = frozenset({"x", "by"})
_MOST_LETTERS = 400


def same_choice(value: Any, allowed: list[Any]) -> Any:
    """Return the one allowed choice that the value spells otherwise; None where none is sure."""
    if isinstance(value, (list, dict)) or value is None or len(str(value)) > _MOST_LETTERS:
        return None
    plain = _plain(value)
    same = [each for each in allowed if _plain(each) == plain] if plain else []
    if len(same) > 1:
        written = str(value).strip().lower()
        same = [each for each in same if str(each).lower() == written]
    return same[0] if same else None


def named_shape(ratio: str, names: list[Any]) -> str | None:
    """Return the name that carries a ratio, as `landscape_16_9` and `1280:720` do."""
    wanted = ratio_of(ratio) if re.fullmatch(r"\d{1,3}:\d{1,3}", ratio) else None
    if wanted is None:
        return None
    named = {str(name): shape for name in names if (shape := _carried(str(name))) is not None}
    if wanted == 1.0:
        named |= {str(name): 1.0 for name in names if str(name).lower() in {"square", "square_hd"}}
    # Sizes in pixels are a little beside the shape they are meant to have.
    near = {name: abs(math.log(shape / wanted)) for name, shape in named.items()}
    best = min(near, key=near.__getitem__, default=None)
    return best if best is not None and near[best] <= _BESIDE else None


def _carried(name: str) -> float | None:
    """Return the ratio of `portrait_16_9`, `1280:720` or `wide 16x9`; None of other names."""
    found = _SIDES.fullmatch(name)
    shape = None if found is None else ratio_of(f"{found[2]}:{found[3]}")
    if found is None or shape is None:
        return None
    # FAL's portrait_16_9 is what everybody else calls 9:16.
    if "portrait" in found[1].lower() or "vertical" in found[1].lower():
        return min(shape, 1 / shape)
    return max(shape, 1 / shape) if "landscape" in found[1].lower() else shape


def ratio_of(text: str) -> float | None:
    """Return width by height of `16:9` or `1920x1080`; None for no ratio, and for a side of 0."""
    sides = _RATIO.fullmatch(text)
    if sides is None:
        return None
    width, height = float(sides[1]), float(sides[2])
    return width / height if width > 0 and height > 0 else None


def is_among(value: Any, allowed: list[Any]) -> bool:
    """Tell whether a value is one of the choices as JSON sees it: `true` is not 1."""
    return any(
        each == value and isinstance(each, bool) is isinstance(value, bool) for each in allowed
    )


def _plain(value: Any) -> tuple[str, ...]:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = _DOTS.sub("", _AROUND.sub("", str(value))).strip().lower()
    tokens = [_number(each) if each[0].isdigit() else each for each in _TOKENS.findall(text)]
    if text.startswith("-") and text[1:2].isdigit():
        tokens.insert(0, "-")
    return tuple(_joined(tokens))


def _joined(tokens: list[str]) -> list[str]:
    """Join words that follow each other, and leave out the `x` between two numbers."""
    found: list[str] = []
    for at, token in enumerate(tokens):
        near = tokens[at - 1 : at] + tokens[at + 1 : at + 2]
        if token in _BETWEEN and len(near) == 2 and all(each[0].isdigit() for each in near):
            continue
        if found and token.isalpha() and found[-1].isalpha():
            found[-1] += token
        else:
            found.append(token)
    return found


def _number(digits: str) -> str:
    return digits.rstrip("0").rstrip(".") if "." in digits else digits
