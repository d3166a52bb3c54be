"""Lengths, numbers and shapes of a brief, held against the plan."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from framewright.agents.offline.account.denial import denied
from framewright.domain.plan import Task

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framewright.agents.offline.account.made import Made
    from framewright.agents.offline.words.lexicon import Lexicon


NUMBER = (
    r"(?:\d{1,5}(?:[.,]\d{1,3})?|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven"
    r"|twelve|fifteen|twenty|thirty|forty|forty-five|fifty|sixty|ninety)"
)
"""A number as people write it, in digits or words."""
_LENGTHS = re.compile(
    # "A second clip" is one more, "as" is no length: an article counts minutes only.
    r"(?<![\w:.-])(?!an? ?s(?:ec(?:ond)?)?\b)(?!(?:1[89]|20)\d0s\b)(?!\d0s [a-z])"
    rf"(?P<first>(?:{NUMBER}(?:, | and | or | to |-|, and ))*)(?P<last>{NUMBER})[ -]?"
    r"(?P<unit>seconds?|secs?|s|minutes?|mins?)(?![\w'])",
    re.IGNORECASE,
)


_PARTS_OF_MINUTES = (
    (re.compile(r"\bhalf(?: a)?[ -]minute\b", re.IGNORECASE), "30 seconds"),
    (re.compile(r"\bthree quarters of a minute\b", re.IGNORECASE), "45 seconds"),
    (re.compile(r"\b(?:a )?quarter of a minute\b", re.IGNORECASE), "15 seconds"),
    (
        re.compile(r"\b(?:(?:one|a) minute and a half|one and a half minutes)\b", re.IGNORECASE),
        "90 seconds",
    ),
)


_BOTH = re.compile(
    r"\b(?P<minutes>\d{1,3}|one|two|three)[ -]?(?:minutes?|mins?|m)\b,?(?: and)? ?"
    r"(?P<seconds>\d{1,2}) ?(?:seconds?|secs?|s)\b",
    re.IGNORECASE,
)


_AT = re.compile(r"\b(?:at|after|from)(?: the)? $", re.IGNORECASE)
"""What makes a moment of a length."""
_IMAGES = (
    r"images?|pictures?|photos?|photographs?|stills?|posters?|drawings?|paintings?|illustrations?"
    r"|logos?|icons?|portraits?|covers?|panels?|sketches|keyframes?|wallpapers?|renders?"
)


_CLIPS = r"clips?|shots?|scenes?|videos?|films?|parts?|reels?|takes?|animations?"


_ALTERNATIVES = r"versions?|variants?|variations?|options?|alternatives?"


_COUNT = re.compile(
    rf"(?<![\w:.,/-])(?P<number>\d{{1,4}}|two|three|four|five|six|seven|eight|nine|ten|eleven"
    rf"|twelve|fifteen|twenty|thirty|fifty|sixty|hundred|a dozen|a couple of|a pair of)"
    rf"(?! ?(?:s|secs?|seconds?|minutes?|mins?|x|%|:)\b)(?: of)?"
    rf" (?P<between>(?:(?!(?:of|in|on|and|with|from|by|the|for)\b)[\w'-]+,? ){{0,3}}?)"
    rf"(?P<noun>{_IMAGES}|{_CLIPS}|{_ALTERNATIVES})\b",
    re.IGNORECASE,
)


_WORD_NUMBERS = {"a dozen": 12, "a couple of": 2, "a pair of": 2, "hundred": 100, "an": 1, "a": 1}


_RATIO = re.compile(r"(?<![\w:.])(?P<ratio>\d{1,2}(?:\.\d{1,2})? ?: ?\d{1,2})(?![\w:.]?\d)")


def lengths(text: str, made: Made, lexicon: Lexicon) -> Iterator[str]:
    """Yield a note for each length that nothing in the plan has."""
    if made.open:
        return

    def both(found: re.Match[str]) -> str:
        minutes = _value(found["minutes"], lexicon) or 0.0
        return f"{minutes * 60 + int(found['seconds']):g} seconds"

    text = _BOTH.sub(both, text)
    for pattern, seconds in _PARTS_OF_MINUTES:
        text = pattern.sub(seconds, text)
    for found in _LENGTHS.finditer(text):
        if denied(text, found.start()) or _AT.search(
            text, max(0, found.start() - 12), found.start()
        ):
            continue
        scale = 60 if found["unit"].lower().startswith("m") else 1
        said = [
            value * scale
            for word in re.findall(rf"\b{NUMBER}\b", found["first"] + found["last"], re.IGNORECASE)
            if (value := _value(word, lexicon)) is not None
        ]
        ranged = re.search(r" to |-| or ", found["first"], re.IGNORECASE) is not None
        there = [any(abs(value - each) < 0.06 for each in made.seconds) for value in said]
        near = ranged and any(min(said) <= each <= max(said) for each in made.seconds)
        if not near and not all(there):
            yield f"“{found[0].strip()}” is not kept: nothing in the plan lasts that long."


def counts(text: str, made: Made, lexicon: Lexicon) -> Iterator[str]:
    """Yield a note for each number of pictures or clips that the plan does not make."""
    for found in _COUNT.finditer(text):
        if denied(text, found.start()):
            continue
        number = _value(found["number"], lexicon)
        noun = found["noun"].lower()
        if number is None or number < 2 or (noun.endswith("film") or not noun.endswith("s")):
            continue
        pictured = re.fullmatch(_IMAGES, noun) is not None
        others = {made.stills - 1} if re.fullmatch(_ALTERNATIVES, noun) else set()
        # What is changed afterwards was made before.
        others |= {made.tasks[Task.TEXT_TO_IMAGE]}
        there = others | {made.stills, made.clips, made.tasks[Task.EXTRACT_FRAME], len(made.shapes)}
        if number not in there:
            has = made.stills if pictured or not made.clips else made.clips
            what = "image" if pictured or not made.clips else "clip"
            many = f"1 {what}" if has == 1 else f"{has} {what}s"
            yield f"“{found[0].strip()}” is not kept: the plan makes {many}."


def shapes(text: str, made: Made) -> Iterator[str]:
    """Yield a note for each ratio that no step has."""
    for found in _RATIO.finditer(text):
        ratio = found["ratio"].replace(" ", "")
        wide, _, high = ratio.partition(":")
        clock = "." not in wide and len(high) == 2 and int(high) > 21
        if ratio not in made.shapes and not clock and float(wide) > 0 and not high.startswith("0"):
            yield f"“{ratio}” is not kept: no step of the plan has that shape."


def _value(word: str, lexicon: Lexicon) -> float | None:
    plain = word.lower()
    if plain in _WORD_NUMBERS:
        return float(_WORD_NUMBERS[plain])
    if re.fullmatch(r"\d+(?:[.,]\d+)?", plain):
        return float(plain.replace(",", "."))
    number = lexicon.numbers.get(plain)
    return None if number is None else float(number)
