"""How a prompt changes when a picture is to look otherwise: other light, or a look of its own."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files


@cache
def _lights() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return for each time of day and weather its family and the words that name it."""
    lexicon = files("framewright_assets") / "lexicons" / "previz.toml"
    found = tomllib.loads(lexicon.read_text("utf-8"))
    return tuple(
        (family, re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b", re.IGNORECASE))
        for family in ("time", "weather")
        for words in found[family].values()
    )


def kind_of_light(text: str) -> str | None:
    """Return `time` or `weather` for words that name one, else None."""
    return next((family for family, words in _lights() if words.fullmatch(text.strip())), None)


def relit(prompt: str, look: str) -> str:
    """Return a prompt with its time of day or weather replaced, or the look added to it."""
    bare = re.sub(r"^(?:at|in|into|a|an|the|more)\s+", "", look.strip(), flags=re.IGNORECASE)
    family = kind_of_light(bare)
    if family is None or bare.lower().endswith("y"):
        return prompt if bare.lower() in prompt.lower() else f"{prompt}, {bare}"
    for one, words in _lights():
        if one == family and words.search(prompt):
            return words.sub(lambda _: bare, prompt, count=1)
    return f"{prompt} at {bare}" if family == "time" else f"{prompt}, {bare}"
