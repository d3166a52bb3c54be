"""Reads phrases about what is seen: pictures, clips, motion, joining."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from framewright.agents.offline.heads import find_head, without_ask
from framewright.agents.offline.intents import (
    Animate,
    Chain,
    Create,
    Intent,
    Merge,
    Settings,
    Write,
)
from framewright.agents.offline.looks import is_little, modifiers_look, take_look
from framewright.agents.offline.measures import cut_out

if TYPE_CHECKING:
    from framewright.agents.offline.heads import Head
    from framewright.agents.offline.lexicon import Lexicon
    from framewright.agents.offline.looks import Look

_QUIET = {
    "music": "music",
    "voice": "voice",
    "sound": "sound",
    "caption": "caption",
}


def read_joining(text: str, lexicon: Lexicon) -> tuple[Intent, ...]:
    """Return how clips follow one another: joined, faded, each going on from the last frame."""
    if lexicon.patterns["chain"].search(text):
        return (Chain(),)
    fade = lexicon.patterns["crossfade"].search(text)
    merges = lexicon.patterns["together"].search(text)
    length = None
    if fade and fade["length"]:
        length = float(re.sub(r"[^\d.]", "", fade["length"].replace(",", ".")))
    if merges and not find_inner_subject(text, lexicon):
        return (Merge(text, fade is not None, length),)
    if fade and is_little(cut_out(text, fade.start(), fade.end()), lexicon):
        return (Merge(text, True, length, only_how=True),)
    return ()


def find_inner_subject(text: str, lexicon: Lexicon) -> bool:
    """Tell whether a phrase creates something besides: "three clips of a fox cut together"."""
    head = find_head(text, lexicon)
    return head is not None and head.kind in {"image", "video"} and " of " in f"{head.rest} "


def read_motion(text: str, lexicon: Lexicon) -> tuple[Intent, ...]:
    """Return that pictures are to move."""
    found = lexicon.patterns["to_life"].search(text)
    stripped = without_ask(text, lexicon)
    first, _, rest = stripped.partition(" ")
    if found is None and first.lower() not in lexicon.verbs["animate"]:
        return ()
    if (
        found is None
        and (head := find_head(rest, lexicon))
        and head.kind == "video"
        and not _refers(rest, lexicon)
    ):
        return ()
    motion_text = cut_out(text, found.start(), found.end()) if found else rest
    look = take_look(text, lexicon)
    motion = take_look(motion_text, lexicon, alone=True).rest
    motion = re.sub(
        r"^(?:it|this|that|them|these|those|each|all|both|everything|each one|(?:my|the|this|these|those|our) (?:[\w-]+ ){0,3}?(?:photos?|images?|pictures?|stills?|drawings?|paintings?|logos?|posters?|portraits?))\b(?: of (?:it|them))?,?",
        "",
        motion.strip(),
        flags=re.IGNORECASE,
    )
    motion = re.sub(
        r"^(?: ?(?:for|into|as|to) (?:(?:an?|the|short|one|\d+) )*(?:[\w-]+ )?(?:clips?|videos?|films?|movies?|animations?|reels?|loops?)\b)",
        "",
        motion,
    )
    motion = re.sub(
        r"^(?:,? ?(?:so that (?:it|they)|so (?:it|they)|with|for|and|into|to|as) ?)+\b",
        "",
        motion.strip(" ,."),
        flags=re.IGNORECASE,
    )
    motion = "" if is_little(motion, lexicon) else motion.strip(" ,.")
    extra: tuple[Intent, ...] = ()
    said = take_look(text, lexicon, alone=True)
    if said.aspect or said.styles:
        extra = (Settings(aspect=said.aspect, styles=said.styles),)
    return (*extra, Animate(text, motion, look.seconds, look.camera))


def read_create(text: str, lexicon: Lexicon) -> tuple[Intent, ...]:
    """Return what pictures or clips a phrase asks for."""
    head = find_head(text, lexicon)
    if head is None or head.kind not in {"image", "video", "model3d", "text"}:
        return ()
    if head.kind == "text":
        return (Write(without_ask(text, lexicon)),)
    if head.modifiers.split(" ")[0].lower() in lexicon.refers and head.kind == "video":
        look = take_look(text, lexicon, alone=True)
        settings = Settings(look.aspect, look.styles)
        return (settings, Animate(text, "", look.seconds, look.camera))
    return _created(text, head, lexicon)


def read_settings(text: str, lexicon: Lexicon) -> tuple[Intent, ...]:
    """Return what holds for everything, if a phrase says nothing else."""
    look = take_look(text, lexicon, alone=True)
    if not look.says_something or not is_little(look.rest, lexicon):
        return ()
    return (Settings(look.aspect, look.styles, look.seconds, look.each, camera=look.camera),)


def read_negation(text: str, lexicon: Lexicon) -> tuple[Intent, ...]:
    """Return what must not be heard or seen."""
    found = lexicon.patterns["negation"].match(text)
    if found is None:
        return ()
    what = found["what"].strip(" ,")
    if re.match(r"\w+ing\b", what) and lexicon.nouns.get(what.split()[0].lower()) is None:
        return ()
    quiet = set()
    seen = []
    for part in re.split(r" or | and |, | nor ", what):
        head = find_head(part, lexicon)
        if (
            head is not None
            and head.kind in _QUIET
            and not (head.noun in {"text", "words", "lettering"})
        ):
            quiet.add(_QUIET[head.kind])
        else:
            seen.append(re.sub(r"^(?:any|no) ", "", part.strip()))
    return (Settings(without=", ".join(seen), silent=frozenset(quiet)),)


def _created(text: str, head: Head, lexicon: Lexicon) -> tuple[Intent, ...]:
    shape, styles, modifiers = modifiers_look(head.modifiers, lexicon)
    generic = head.noun in lexicon.generic
    if generic:
        modifiers = lexicon.styles.sub("", modifiers)
    # "vertical 9:16 video": what stands before the noun is looked at by itself.
    before = take_look(modifiers, lexicon)
    behind = _behind(head.rest, lexicon)
    kept = " ".join(word for word in before.rest.split() if word.lower() not in lexicon.plain)
    kept = kept.strip(" ,-")
    rest, number, series = _inside_scenes(behind.rest, lexicon)
    subject = _subject(kept, head.noun, rest, lexicon, generic=generic)
    count = number or head.count
    aspect = shape or before.aspect or behind.aspect or _said(text, lexicon)
    extra: tuple[Intent, ...] = ()
    all_styles = (*styles, *before.styles, *behind.styles)
    if aspect or all_styles:
        extra = (Settings(aspect, all_styles),)
    film = series or head.noun in lexicon.series
    return (
        *extra,
        Create(
            head.kind,
            subject,
            count,
            head.noun,
            before.seconds or behind.seconds,
            before.camera or behind.camera,
            series=film and count > 1 and not head.variants,
            variants=head.variants,
            total=bool(number) or before.total or behind.total,
            phrase=text,
        ),
    )


def _behind(rest: str, lexicon: Lexicon) -> Look:
    """Look at what stands behind a noun; without a topic, bare words such as "vertical" count."""
    look = take_look(rest, lexicon)
    bare = take_look(rest, lexicon, alone=True)
    return bare if is_little(bare.rest, lexicon) else look


def _said(text: str, lexicon: Lexicon) -> str | None:
    return take_look(text, lexicon).aspect


def _inside_scenes(rest: str, lexicon: Lexicon) -> tuple[str, int, bool]:
    """Read "(a film) in three scenes" and "(a logo) in two versions"."""
    for found in lexicon.patterns["inside_scenes"].finditer(f" {rest}"):
        number = lexicon.number(found["number"])
        if number and 1 < number <= 200:
            left = cut_out(f" {rest}", found.start(), found.end())
            return left, number, found["noun"].lower() in {"scenes", "shots", "parts", "clips"}
    return rest, 0, False


def _subject(kept: str, noun: str, rest: str, lexicon: Lexicon, *, generic: bool) -> str:
    behind = rest.strip(" ,.!?")
    if generic and not kept:
        return lexicon.patterns["topic"].sub("", behind, count=1).strip(" ,.")
    joint = "" if behind[:1] in {",", ":", ""} else " "
    return f"{kept} {noun}{joint}{behind}".strip(" ,.")


def _refers(text: str, lexicon: Lexicon) -> bool:
    first = text.strip().split(" ")[0].lower()
    return first in lexicon.refers or bool(lexicon.patterns["own"].match(text.strip()))
