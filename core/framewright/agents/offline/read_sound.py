"""Reads phrases about what is heard and written: voice, music, effects, titles."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from framewright.agents.offline.heads import find_head, without_ask
from framewright.agents.offline.intents import Caption, Effect, Intent, Music, Speak
from framewright.agents.offline.measures import take_seconds
from framewright.agents.offline.normalise import MARK

if TYPE_CHECKING:
    from framewright.agents.offline.heads import Head
    from framewright.agents.offline.lexicon import Lexicon
    from framewright.agents.offline.normalise import Brief

_MARK = re.compile(MARK)
_SPEAKER = re.compile(rf"^(?P<name>[\w' -]{{1,40}}?) ?(?:\([\w ,'-]{{1,40}}\) ?)?: ?(?={MARK})")
_MOST_HIT_SECONDS = 2.0


def read_sound(text: str, brief: Brief, lexicon: Lexicon, *, joined: bool) -> tuple[Intent, ...]:
    """Return what a phrase asks to hear or to be written on the picture; empty for nothing.

    `joined` says that "with", "and" or a comma stood before: then "soft piano" is music.
    """
    speech = _direct_speech(text, brief, lexicon)
    if speech is not None:
        return (speech,)
    head = find_head(text, lexicon)
    if head is None:
        return _unnamed(text, lexicon) if joined else ()
    match head.kind:
        case "voice":
            return (_voice(text, head, brief, lexicon),)
        case "caption":
            caption = read_caption(text, brief, lexicon, head)
            return (caption,) if caption else ()
        case "music":
            return (read_music(text, lexicon),)
        case "sound":
            return (read_effect(text, lexicon),)
        case _:
            return ()


def read_music(text: str, lexicon: Lexicon) -> Music:
    """Return the music a phrase describes."""
    seconds, rest = take_seconds(text, lexicon)
    return Music(_described(rest, lexicon) or "music", seconds)


def read_effect(text: str, lexicon: Lexicon) -> Effect:
    """Return the sound a phrase describes; a hit is over at once."""
    seconds, rest = take_seconds(text, lexicon)
    at_end = bool(lexicon.patterns["at_end"].search(rest))
    rest = lexicon.patterns["at_end"].sub(" ", lexicon.patterns["at_start"].sub(" ", rest))
    words = {word.lower() for word in re.findall(r"[\w-]+", rest)}
    described = _described(rest, lexicon)
    described = re.sub(
        r"^(?:(?:ambient |background )?(?:sounds?|noises?|effects?|sfx|ambience)(?: effects?)?)(?: of|:| like)? (?:the |a |an )?",
        "",
        described,
        flags=re.IGNORECASE,
    )
    hit = bool(words & lexicon.hits)
    length = seconds if seconds else (_MOST_HIT_SECONDS if hit else None)
    return Effect(described or "ambience", length, hit, at_end)


def read_caption(text: str, brief: Brief, lexicon: Lexicon, head: Head | None) -> Caption | None:
    """Return the words a phrase wants on the picture; None where it gives none."""
    quoted = brief.quoted(text)
    noun = head.noun if head else ""
    said: str | None = " ".join(quoted) if quoted else None
    seconds, rest = take_seconds(_MARK.sub(" ", text), lexicon)
    if said is None and not noun.startswith(("subtitle", "caption")):
        found = re.search(
            r"\b(?:titled?|called|headline|tagline|slogan|reading|saying|that says)[: ]+(?P<said>[^,.;]+)",
            rest,
            re.IGNORECASE,
        )
        said = found["said"].strip() if found and head is None else None
        if said is None:
            return None
    position = next(
        (
            place
            for place, name in (
                ("lower-third", "lower"),
                ("bottom", "bottom"),
                ("top", "top"),
                ("center", "centre"),
            )
            if lexicon.patterns[name].search(rest)
        ),
        "bottom" if noun.startswith(("subtitle", "caption")) else "center",
    )
    when = "end" if lexicon.patterns["at_end"].search(rest) else ""
    if not when and lexicon.patterns["at_start"].search(rest):
        when = "start"
    return Caption(said, position, when, seconds)


def has_written_thing(text: str, lexicon: Lexicon) -> bool:
    """Tell whether a phrase speaks of something with writing on it, such as a sign."""
    return any(word.lower() in lexicon.written for word in re.findall(r"[\w-]+", text))


def _direct_speech(text: str, brief: Brief, lexicon: Lexicon) -> Speak | None:
    """Read "she says …", "Anna: …" and "saying …"."""
    if found := _SPEAKER.match(text):
        if lexicon.nouns.get(found["name"].lower()) in (None, "voice"):
            return Speak(" ".join(brief.quoted(text)), found["name"], text)
        return None
    stripped = without_ask(text, lexicon)
    lead = re.match(
        rf"^(?P<who>(?:[\w'-]+ ){{0,5}}?)(?P<verb>[\w-]+)(?: to [\w ]{{1,30}})?[:,]? ?(?={MARK})",
        stripped,
    )
    if lead is None or lead["verb"].lower() not in lexicon.verbs["speak"]:
        return None
    who = lead["who"].strip()
    nouns = {lexicon.nouns.get(word.lower()) for word in who.split()}
    if has_written_thing(who, lexicon) or nouns & {"caption", "image", "video"}:
        return None
    return Speak(" ".join(brief.quoted(text)), who, text, _on_lips(text, lexicon))


def _voice(text: str, head: Head, brief: Brief, lexicon: Lexicon) -> Speak:
    quoted = brief.quoted(text)
    speaker = f"{head.modifiers} {head.noun}".strip()
    if quoted:
        return Speak(" ".join(quoted), speaker, text, _on_lips(text, lexicon))
    verbs = "|".join(sorted(lexicon.verbs["speak"], key=len, reverse=True))
    found = re.search(
        rf"(?:\b(?:{verbs})\b(?: that)?[:,]?|:) (?P<said>.+)$", head.rest, re.IGNORECASE
    )
    said = found["said"].strip() if found else None
    return Speak(said, speaker, text, _on_lips(text, lexicon))


def _on_lips(text: str, lexicon: Lexicon) -> bool:
    return bool(lexicon.patterns["talking"].search(text))


def _unnamed(text: str, lexicon: Lexicon) -> tuple[Intent, ...]:
    """Read "soft piano" and "rain sounds" behind "with" or "and"."""
    stripped = re.sub(lexicon.patterns["under_it"], "", text).strip()
    stripped = without_ask(stripped, lexicon)
    words = stripped.lower().split()
    if not words or len(words) > 4 or words[0] in lexicon.determiners - {"some"}:
        return ()
    if any(word in lexicon.prepositions for word in words):
        return ()
    return (Music(" ".join(stripped.split())),) if words[-1] in lexicon.genres else ()


def _described(text: str, lexicon: Lexicon) -> str:
    text = lexicon.patterns["under_it"].sub("", _MARK.sub(" ", text).strip(" .,!:;"))
    text = without_ask(text.strip(" .,!:;"), lexicon)
    words = re.sub(r" {2,}", " ", text).split(" ")
    while words and words[0].lower() in lexicon.determiners:
        words = words[1:]
    return " ".join(words).strip(" .,!:;")
