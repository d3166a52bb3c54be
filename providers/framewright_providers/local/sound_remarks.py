"""Says which words of a prompt for sound had no effect, so that nobody listens for them."""

from __future__ import annotations

import re

from framewright_providers.local.effects import asked_effects
from framewright_providers.local.sound_effects import MOST_LAYERS
from framewright_providers.local.voices import unknown_words
from framewright_providers.local.words import places, sound_words, words_of

_PARTS = re.compile(r"[,.;:+&]|\b(?:and|with|then|over|while|in|on|at|near|under|behind|through)\b")
"""What stands between the parts of a prompt."""


def music_remarks(prompt: str) -> tuple[str, ...]:
    """Return a sentence for what the score can not play, and where it took a mood by itself."""
    lists = sound_words()
    words = words_of(prompt)
    found = []
    missing = [word for word in dict.fromkeys(words) if word in lists["unplayed"]["words"]]
    if missing:
        named = ", ".join(f"“{word}”" for word in missing)
        found.append(f"The scratch score can not play {named}: it goes without.")
    if not places(prompt, {name: mood["words"] for name, mood in lists["mood"].items()}):
        found.append("No mood the scratch score knows is named: it is calm.")
    return tuple(found)


def speech_remarks(speaker: str) -> tuple[str, ...]:
    """Return a sentence for what the scratch voice can not be."""
    unknown = unknown_words(speaker)
    if not unknown:
        return ()
    named = ", ".join(f"“{word}”" for word in unknown)
    return (f"The scratch voice takes age, sex, language and manner from words, not {named}.",)


def effect_remarks(prompt: str) -> tuple[str, ...]:
    """Return a sentence for each part of a prompt that is not heard."""
    lists = sound_words()
    asked = asked_effects(prompt)
    if not asked:
        return ("No sound the scratch effects know is named: this is the tone of an empty room.",)
    found = []
    if len(asked) > MOST_LAYERS:
        left = ", ".join(name.replace("-", " ") for name in asked[MOST_LAYERS:])
        found.append(f"At most {MOST_LAYERS} sounds are laid over each other: {left} is left out.")
    said = set(lists["heard"]["words"])
    for variants in lists["variant"].values():
        said.update(*variants.values())
    for part in _PARTS.split(prompt.lower()[:4_000]):
        unknown = [word for word in words_of(part) if word not in said and not word.isdigit()]
        if unknown and not asked_effects(part):
            found.append(f"The scratch effects have no sound of “{' '.join(unknown)}”.")
    return tuple(dict.fromkeys(found))
