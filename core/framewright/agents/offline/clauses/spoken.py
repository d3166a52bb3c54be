"""Words to be spoken and words to stand on the picture, to the letter."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from framewright.agents.offline.clauses.clauses import without_asking
from framewright.agents.offline.clauses.intents import Caption, Speak
from framewright.agents.offline.clauses.opening import opening
from framewright.agents.offline.words.measures import take_seconds
from framewright.agents.offline.words.normalise import MARK
from framewright.agents.offline.words.people import people
from framewright.agents.offline.words.placing import take_moment

if TYPE_CHECKING:
    from framewright.agents.offline.words.lexicon import Lexicon
    from framewright.agents.offline.words.normalise import Brief

_MARKED = re.compile(MARK)
_FROM_MARK = re.compile(rf"{MARK}.*$", re.DOTALL)
_SAID_PLAINLY = re.compile(
    r"\b(?:says?|saying|speaks?|reads?|reading|narrat(?:es?|ing)|announc(?:es?|ing)"
    r"|whisper(?:s|ing)?|tell(?:s|ing)(?: us)?)\b[ :,]*(?:that )?(?P<words>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_MADE_TO = re.compile(
    r"(?:please )?(?:make|let|have) (?:my|the|this|that|our|him|her|them|it)\b", re.IGNORECASE
)
_ONLY_VOICE = re.compile(
    r"^(?:(?:and|with|a|an|the|some|add|it|he|she|who|that|which|then|spoken|calm|warm|deep"
    r"|soft|friendly|"
    r"male|female|narrator|voice|voice-over|voiceover|narration|speaker|announcer|over|where"
    r"|while|as|someone|"
    r"text|line|words?|by|of|in)\b[ ,:]*)*$",
    re.IGNORECASE,
)
_ON_SCREEN = re.compile(
    r"\b(?:on[- ]?(?:the )?screen|as (?:a |the )?(?:title|caption|subtitle|text|headline"
    r"|overlay|end card|lower third)|"
    r"(?:across|over|on) the (?:picture|video|image|clip|end|film)|(?:title|caption)s? it|"
    r"(?:at|in|on|along) the (?:bottom|top|cent(?:er|re)|middle|end|beginning|start)"
    r"|lower[- ]third)\b",
    re.IGNORECASE,
)
_OVER = re.compile(
    rf"{MARK} (?:over|on|against|in front of) (?P<what>an? "
    r"(?!(?:video|clip|film|picture|whole)\b).+)$",
    re.IGNORECASE,
)
_FOR_EACH = re.compile(
    r"\b(?:for|over|in|to|with|per|of) (?:each|every|scene|shot|clip)\b"
    r"|\brespectively\b|\beach with\b",
    re.IGNORECASE,
)
_OVER_SOUND = re.compile(r"^over\b", re.IGNORECASE)
_PLACE = re.compile(
    r"^(?:in|on|at|by|near|under|behind|inside|outside|beside|from|while|as|next to|in front of)\b",
    re.IGNORECASE,
)
_CARDS = frozenset({"titles", "captions", "intertitles", "intertitle", "title cards", "cards"})
"""Several of these are shown one after the other."""
_SPOKEN_TOO = re.compile(r"\b(?:subtitles?|subtitled|captions?|captioned)\b", re.IGNORECASE)


def read_speech(
    text: str, aside: str, brief: Brief, lexicon: Lexicon
) -> tuple[str, tuple[Speak, ...]] | None:
    """Return what stands before words to speak, and the words of each speaker; None without."""
    bare = without_asking(text, lexicon)
    about = opening(bare, lexicon)
    on_lips = bool(lexicon.patterns["talking"].search(text))
    if about is not None and about.kind == "voice":
        if apart := _voices_in_turn(text, aside, brief, lexicon):
            return "", apart
        words = _words(bare[about.end :], text, brief)
        return "", (Speak(words, _speaker(text, aside), text, on_lips, _lines(text, brief)),)
    said = [
        found
        for found in lexicon.patterns["speaks"].finditer(text)
        if _MARKED.match(text, found.end())
    ]
    if said:
        before = text[: said[0].start()].strip(" ,.")
        if _writes(before, lexicon):
            return None
        begins = [0, *(found.end() for found in said[:-1])]
        ends = [*(found.start() for found in said[1:]), len(text)]
        turns: list[Speak] = []
        for found, begin, end in zip(said, begins, ends, strict=True):
            # "Keep it," he says: the comma is the sentence's.
            words = "\n".join(each.rstrip(",") for each in brief.quoted(text[found.end() : end]))
            last = end == len(text)
            who = text[begin:] if last else text[begin : found.end()]
            turns.append(Speak(words, _speaker(who, aside), text, on_lips))
        # "Make the man in my photo say": he is there already.
        there = on_lips and _MADE_TO.match(text)
        return "" if there else _shown(text, said, lexicon), tuple(turns)
    if on_lips and (quotes := brief.quoted(text)):
        return "", (Speak("\n".join(quotes), _speaker(text, aside), text, on_lips),)
    return None


def _voices_in_turn(text: str, aside: str, brief: Brief, lexicon: Lexicon) -> tuple[Speak, ...]:
    """Return each voice of "a voice-over by a man: 'Hi' and one in French by a girl: 'Salut'"."""
    marks = list(_MARKED.finditer(text))
    heads = [text[a.end() : b.start()] for a, b in pairwise(marks)]
    told = [_names_speaker(head, lexicon) for head in heads]
    if not heads or not all(told):
        return ()
    turns = []
    for number, mark in enumerate(marks):
        who = text[: mark.start()] if number == 0 else heads[number - 1]
        turns.append(Speak("\n".join(brief.quoted(mark[0])), _speaker(who, aside), text))
    return tuple(turns)


def _names_speaker(text: str, lexicon: Lexicon) -> bool:
    words = set(re.findall(r"[\w'-]+", text.lower()))
    known = people()
    return bool(words & (known.women | known.men | known.children | known.nouns)) or any(
        names.search(text) for _, names in lexicon.languages
    )


def _shown(text: str, said: list[re.Match[str]], lexicon: Lexicon) -> str:
    """Return what is seen of who speaks: "a woman says 'Hi' in a kitchen" is one in a kitchen."""
    kept, since = [], 0
    for found in said:
        kept.append(text[since : found.start()].strip(" ,."))
        since = found.end() + 1
    tail = _MARKED.sub("", text[since:]).strip(" ,.")
    tail = "" if _OVER_SOUND.match(tail) or _names_voice(tail, lexicon) else tail
    shown = [each for each in kept if each and not _ONLY_VOICE.match(each)]
    place = tail if shown and _PLACE.match(tail) else ""
    seen = " ".join(part for part in (" ".join(shown), place) if part)
    for _, names in lexicon.languages:
        # Who speaks is seen, the language is not.
        seen = re.sub(rf" in {names.pattern}", "", seen, flags=re.IGNORECASE)
    return seen.strip(" ,.")


def _names_voice(text: str, lexicon: Lexicon) -> bool:
    words = re.findall(r"[\w'-]+", text.lower())
    spoken = any(lexicon.nouns.get(word) == "voice" for word in words)
    spoken = spoken or any(names.search(text) for _, names in lexicon.languages)
    return spoken or bool({"accent", "tone", "whisper"} & set(words))


def labelled_speech(text: str, aside: str, brief: Brief) -> Speak:
    """Return what stands behind "Voice:"."""
    quotes = brief.quoted(text)
    words = "\n".join(quotes) if quotes else brief.spelled(text)
    return Speak(words, aside, text, lines=_lines(text, brief))


def read_caption(
    text: str, brief: Brief, lexicon: Lexicon
) -> tuple[str, tuple[Caption, ...]] | None:
    """Return the words for the picture, and what of the clause stands before them; None without."""
    bare = without_asking(text, lexicon)
    about = opening(bare, lexicon)
    quotes = brief.quoted(text)
    if not quotes:
        plain = re.match(
            r"^(?:subtitles|captions|subtitle (?:it|the \w+)|subtitled)\b", bare, re.IGNORECASE
        )
        return ("", (_caption(None, text, lexicon, "bottom"),)) if plain else None
    first = bare.split(" ", 1)[0].lower()
    named = about is not None and about.kind == "caption"
    if named or first in lexicon.verbs["caption"] or _MARKED.match(bare):
        over = _OVER.search(text)
        if over is not None and _writes(over["what"], lexicon):
            over = None
        before = over["what"] if over else ""
        if named and about is not None and about.noun in _CARDS and len(quotes) > 1:
            return before, tuple(_caption(each, f"title {text}", lexicon) for each in quotes)
        return before, (_caption(" ".join(quotes), text, lexicon),)
    titled = re.search(
        rf"^(?P<before>.*?)[, ]*\b(?:titled|called|captioned|subtitled"
        rf"|with the (?:\w+ )?(?:title|caption|words?|text|slogan|tagline|headline))[ :]*{MARK}",
        text,
        re.IGNORECASE,
    )
    inside = about is not None and about.kind == "image"
    if titled is not None and not inside:
        card = _caption(" ".join(quotes), text[titled.end("before") :], lexicon)
        return titled["before"], (card,)
    if _ON_SCREEN.search(_FROM_MARK.findall(text)[0]) and not inside:
        at = _MARKED.search(text)
        assert at is not None
        before = re.sub(
            r"[, ]*\b(?:with|and|showing|the|words?|text|saying|says)(?: the| words?| text)*$",
            "",
            text[: at.start()].strip(),
        )
        return before, (_caption(" ".join(quotes), text, lexicon),)
    return None


def labelled_caption(text: str, brief: Brief, lexicon: Lexicon) -> Caption:
    """Return what stands behind "Title:"."""
    quotes = brief.quoted(text)
    return _caption(" ".join(quotes) if quotes else brief.spelled(text), text, lexicon)


def _caption(words: str | None, text: str, lexicon: Lexicon, usual: str = "") -> Caption:
    patterns = lexicon.patterns
    start, until, text = take_moment(text)
    seconds, _ = take_seconds(text, lexicon)
    at_end = bool(patterns["at_end"].search(text))
    at_start = bool(patterns["at_start"].search(text)) or bool(
        re.search(r"\btitle\b|\btitled\b|\bcalled\b|\bopening\b", text, re.IGNORECASE)
    )
    place = usual or ("bottom" if _SPOKEN_TOO.search(text) else "center")
    for name, pattern in (
        ("lower-third", "lower"),
        ("bottom", "bottom"),
        ("top", "top"),
        ("center", "centre"),
    ):
        if patterns[pattern].search(text):
            place = name
            break
    when = "end" if at_end else "start" if at_start else ""
    return Caption(words, place, when, seconds, start=start, until=until)


def _words(rest: str, text: str, brief: Brief) -> str | None:
    if quotes := brief.quoted(text):
        return "\n".join(quotes)
    said = _SAID_PLAINLY.search(rest)
    if said is None:
        said = re.match(r"^ ?[:\-] ?(?P<words>.+)$", rest, re.DOTALL)
    words = said["words"].strip(" ,:") if said else ""
    return words or None


def _lines(text: str, brief: Brief) -> tuple[str, ...]:
    """Return a line for each scene, where the words are said to be that."""
    return brief.quoted(text) if _FOR_EACH.search(text) else ()


def _speaker(text: str, aside: str) -> str:
    return f"{aside} {_MARKED.sub('', text)}".strip()


def _writes(before: str, lexicon: Lexicon) -> bool:
    """Tell whether what "says" the words is a thing with writing on it."""
    words = re.findall(r"[\w'-]+", before.lower())
    return bool(words) and (
        words[-1] in lexicon.written
        or (words[-1] == "that" and words[-2:-1] != [] and words[-2] in lexicon.written)
    )
