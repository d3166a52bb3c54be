"""Changes a prompt by an instruction: "make this dusk", "remove the car", "turn her coat blue"."""

# ruff: noqa: E501 - patterns: one meaning a line

from __future__ import annotations

import re

from framewright_providers.local.scene.framing import framing_of, unframed
from framewright_providers.local.scene.words import listed, palette

_REPLACED = ("time", "weather", "setting", "style")
"""Kinds of words of which an instruction's take the place of the prompt's."""
_BEFORE = r"(?:\b(?:in|at|on|during|under|by|near|inside|into|through|over|as|with|along)\s+)?(?:(?:an?|the|its|soft|heavy|light|calm|busy|quiet|early|late)\s+)*"
_AFTER = r"(?:\s+(?:style|look|light|lighting|painting|drawing|sky|scene))?"
_COLOURED = re.compile(
    r"\b(?:make|turn|paint|colou?r|change|dye|give)\s+(?:the|his|her|its|their)?\s*(?P<noun>[\w-]+(?:\s[\w-]+)?)\s+(?:in\s+|to\s+|into\s+|a\s+)?(?P<colour>[\w]+)\s*$",
    re.IGNORECASE,
)
_REMOVED = re.compile(
    r"\b(?:remove|delete|erase|without|take away|take out|get rid of|lose)\s+(?:the|that|this|his|her|all|any|an?)?\s*(?P<noun>[\w-]+(?:\s[\w-]+)?)",
    re.IGNORECASE,
)
_ADDED = re.compile(r"\b(?:add|put in|include|place|insert)\s+(?P<what>.+)$", re.IGNORECASE)


_NEXT = re.compile(
    r"(?:,| and| then|, and|, then) (?:then )?(?=(?:make|remove|delete|erase|add|turn|put in|include|paint|change|take away) )",
    re.IGNORECASE,
)
"""Between one order and the next."""


def not_there(prompt: str, instruction: str) -> str:
    """Return what an instruction removes that the prompt does not name; empty otherwise."""
    orders = _NEXT.split(_without_the_prompt(instruction, prompt))
    removed = [found["noun"] for each in orders if (found := _REMOVED.search(each))]
    return next((noun for noun in removed if not _without(prompt, noun)[1]), "")


def revised(prompt: str, instruction: str) -> str:
    """Return the prompt as the instruction wants it, order by order.

    What it does not know stands at the end; what is to go and is not there changes nothing.
    """
    for order in _NEXT.split(_without_the_prompt(instruction, prompt)):
        prompt = _changed(prompt, order)
    return prompt


def _changed(prompt: str, instruction: str) -> str:
    done = False
    new = prompt
    if removed := _REMOVED.search(instruction):
        return _tidy(_without(new, removed["noun"])[0])
    if (coloured := _COLOURED.search(instruction)) and coloured["colour"].lower() in palette():
        new, done = _recoloured(new, coloured["noun"], coloured["colour"].lower())
    if done:
        return _tidy(new)
    if added := _ADDED.search(instruction):
        return _tidy(f"{new} with {added['what']}")
    new, said = _replaced(new, instruction)
    framing, _ = framing_of(instruction)
    if framing.size or framing.angle or framing.dutch or framing.shoulder:
        new = f"{_framed(instruction)}, {unframed(new)}"
        done = True
    if said:
        return _tidy(", ".join([new, *said]))
    return _tidy(new if done else f"{new}, {instruction}")


def _without_the_prompt(instruction: str, prompt: str) -> str:
    """Return an instruction without the picture's own words, which planners say once more in it."""
    at = instruction.lower().find(prompt.lower()) if prompt else -1
    if at < 0:
        return instruction
    return _tidy(f"{instruction[:at]} {instruction[at + len(prompt) :]}") or instruction


def _replaced(prompt: str, instruction: str) -> tuple[str, list[str]]:
    """Return the prompt without what the instruction says otherwise, and what it says."""
    said: list[str] = []
    for kind in _REPLACED:
        found = _phrases(instruction, kind)
        kept = _weathers() if kind == "time" and not set(found) & _weathers() else frozenset()
        for phrase in _all(kind) if found else ():
            if phrase in kept:
                # By night there is still fog.
                continue
            pattern = rf"{_BEFORE}\b{re.escape(phrase)}\b{_AFTER}"
            prompt = re.sub(pattern, " ", prompt, flags=re.IGNORECASE)
        said += found
    return prompt, said


def _weathers() -> frozenset[str]:
    """Return the words that name weather, those among the times of day too."""
    named = {word for words in listed("weather").values() for word in words}
    return frozenset([*named, *listed("time")["storm"], *listed("time")["overcast"]])


def _framed(instruction: str) -> str:
    """Return only the words of an instruction that frame a picture."""
    kept = []
    rest = unframed(instruction).lower().split()
    for word in instruction.lower().replace(",", " ").split():
        if word in rest:
            rest.remove(word)
        else:
            kept.append(word)
    return " ".join(kept)


def _all(kind: str) -> list[str]:
    """Return a kind's phrases, the longest first."""
    words = [word for each in listed(kind).values() for word in each]
    return sorted(words, key=len, reverse=True)


def _phrases(text: str, kind: str) -> list[str]:
    """Return the phrases of a kind that stand in a text, the longest first, none inside another."""
    found = []
    rest = text.lower()
    for phrase in _all(kind):
        met = re.search(rf"\b{re.escape(phrase)}\b", rest)
        if met:
            found.append(phrase)
            rest = rest[: met.start()] + " " * len(phrase) + rest[met.end() :]
    return found


def _without(prompt: str, noun: str) -> tuple[str, bool]:
    for name in (noun, noun.split()[0]):
        pattern = rf"(?:,|\band\b|\bwith\b|\bnext to\b|\bbeside\b)?\s*\b(?:(?:an?|the|his|her|two|three|some)\s+)(?:(?!(?:and|with|an?|the|in|on|at|of|under|by|near|over|from|through|behind)\b)[\w-]+\s+){{0,3}}?{re.escape(name)}s?\b"
        new, count = re.subn(pattern, " ", prompt, flags=re.IGNORECASE)
        if count:
            return new, True
        new, count = re.subn(rf"\b{re.escape(name)}s?\b", " ", prompt, flags=re.IGNORECASE)
        if count:
            return new, True
    return prompt, False


def _recoloured(prompt: str, noun: str, colour: str) -> tuple[str, bool]:
    known = "|".join(sorted(palette(), key=len, reverse=True))
    pattern = rf"\b(?:(?:{known})\s+)?{re.escape(noun)}\b"
    new, count = re.subn(pattern, f"{colour} {noun}", prompt, count=1, flags=re.IGNORECASE)
    return new, bool(count)


def _tidy(text: str) -> str:
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"(?:\s*,\s*)+", ", ", text)
    return text.strip(" ,")[:4_000]
