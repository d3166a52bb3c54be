"""Reads labelled lines such as "Music: soft piano" and "Narrator: 'Good night'"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.agents.offline.intents import Caption, Content, Create, Intent, Settings, Speak
from framewright.agents.offline.looks import take_look
from framewright.agents.offline.read_picture import read_create
from framewright.agents.offline.read_sound import read_caption, read_effect, read_music

if TYPE_CHECKING:
    from framewright.agents.offline.lexicon import Lexicon
    from framewright.agents.offline.normalise import Brief

_NOTHING = frozenset({"none", "no", "off", "nothing", "-", "silent", "n/a"})


def read_label(text: str, brief: Brief, lexicon: Lexicon) -> tuple[Intent, ...]:
    """Return what a labelled line asks for; empty where there is no label."""
    found = lexicon.label.match(text)
    if found is None or not (rest := text[found.end() :].strip(" .")):
        return ()
    meaning = lexicon.labels[found[1].lower()]
    if rest.lower() in _NOTHING:
        return (Settings(silent=frozenset({meaning})),)
    return _labelled(meaning, found[2] or "", rest, brief, lexicon)


def _labelled(
    meaning: str, aside: str, rest: str, brief: Brief, lexicon: Lexicon
) -> tuple[Intent, ...]:
    quoted = brief.quoted(rest)
    match meaning:
        case "voice":
            return (Speak(" ".join(quoted) if quoted else rest, aside, rest),)
        case "music":
            return (read_music(rest, lexicon),)
        case "sound":
            return (read_effect(rest, lexicon),)
        case "caption":
            caption = read_caption(f"{rest} {aside}", brief, lexicon, None)
            return (caption or Caption(rest.strip(" ,")),)
        case "negative":
            return (Settings(without=brief.spelled(rest)),)
        case "image" | "video":
            found = read_create(rest, lexicon)
            look = take_look(rest, lexicon)
            return found or (
                Settings(look.aspect, look.styles),
                Create(
                    meaning,
                    look.rest.strip(" ,."),
                    seconds=look.seconds,
                    camera=look.camera,
                    phrase=rest,
                ),
            )
        case _:
            return _setting(meaning, rest, lexicon)


def _setting(meaning: str, rest: str, lexicon: Lexicon) -> tuple[Intent, ...]:
    look = take_look(rest, lexicon, alone=True)
    if meaning == "style":
        plain = take_look(rest, lexicon)
        styles = (
            (plain.rest.strip(" ,."), *plain.styles) if plain.rest.strip(" ,.") else plain.styles
        )
        return (Settings(plain.aspect, styles),)
    if not look.says_something:
        return (Content(rest),)
    return (Settings(look.aspect, look.styles, look.seconds, look.each),)
