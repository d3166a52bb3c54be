"""How a prompt changes when a picture is to look otherwise: other light, or a look of its own."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_AIR = ("storm", "overcast")
"""Lists of the lexicon for light that comes of weather: they name no time of day."""
_NO_TIME = frozenset(
    {"sunny", "blue sky", "summer", "warm light", "stars", "aurora", "northern lights"}
)
"""Words of the lexicon that only hint at a time of day."""


@cache
def _lights() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the weathers and the times of day: the family of each, and the words that name it."""
    lexicon = files("framewright_assets") / "lexicons" / "previz.toml"
    found = tomllib.loads(lexicon.read_text("utf-8"))
    weathers = [*found["weather"].values(), *(found["time"][name] for name in _AIR)]
    times = [words for name, words in found["time"].items() if name not in _AIR]
    return (
        *(("weather", _any(words)) for words in weathers),
        *(("time", _any(word for word in words if word not in _NO_TIME)) for words in times),
    )


def _any(words: Iterable[str]) -> re.Pattern[str]:
    named = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    return re.compile(rf"\b(?:{named})\b", re.IGNORECASE)


def kind_of_light(text: str) -> str | None:
    """Return `time` or `weather` for words that name one, else None."""
    return next((family for family, words in _lights() if words.fullmatch(text.strip())), None)


def relit(prompt: str, look: str) -> str:
    """Return a prompt with its time of day or weather replaced, or the look added to it.

    One takes the place of its like alone: by night there is still fog.
    """
    bare = _bare(look)
    family = kind_of_light(bare)
    if family is None or bare.lower().endswith("y"):
        return prompt if bare.lower() in prompt.lower() else f"{prompt}, {bare}"
    if (changed := _instead(prompt, bare, family)) is not None:
        return changed
    return f"{prompt} at {bare}" if family == "time" else f"{prompt}, {bare}"


def reordered(order: str, look: str, *, follows: bool) -> str:
    """Return the words of a step that changes a picture, for pictures that look otherwise.

    They are an order, in which only a time of day can give way to another: what is to be removed
    stays what is to be removed. `follows`: the picture it changes has the new look already.
    """
    bare = _bare(look)
    if kind_of_light(bare) == "time" and (changed := _instead(order, bare, "time")) is not None:
        return changed
    return order if follows or bare.lower() in order.lower() else f"{order}, make it {bare}"


def _bare(look: str) -> str:
    return re.sub(r"^(?:at|in|into|a|an|the|more)\s+", "", look.strip(), flags=re.IGNORECASE)


def _instead(prompt: str, look: str, family: str) -> str | None:
    """Return a prompt with its first words of a family replaced; None where it has none."""
    found = [each for one, words in _lights() if one == family for each in [words.search(prompt)]]
    first = min((each for each in found if each), key=lambda each: each.start(), default=None)
    return first and f"{prompt[: first.start()]}{look}{prompt[first.end() :]}"
