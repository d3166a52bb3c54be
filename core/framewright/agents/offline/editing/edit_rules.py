"""The rules by which a clause of an edit is read: what is to change, and in which words it is said.

The first rule that fits decides. `edit_vocabulary` says what `{name}` in a rule stands for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Literal

from framewright.agents.offline.editing.edit_vocabulary import rule
from framewright.agents.offline.words.normalise import MARK

What = Literal[
    "look", "remove", "remove-this", "scale-length", "length", "swap-scenes", "model", "shape",
    "volume", "say", "title", "duplicate", "remove-scene", "part", "caption-text", "replace-word",
    "prompt", "crossfade", "longer-by", "longer", "part-length", "add-title",
]  # fmt: skip
Words = Mapping[str, str]
"""What a wish says, by the names of the groups of its rule."""
Rules = tuple[tuple[What, re.Pattern[str]], ...]
WHOLES = frozenset(
    {"film", "video", "picture", "image", "scene", "clip", "whole", "movie", "thing"}
)
"""What "the film" and the like name: no thing in a picture."""
_THIS = r"(?:this|it|these|them|that|everything)"
_ASPECT = r"(?:aspect(?: ratio)?|ratio|format|shape|orientation)"
_LASTS = (
    r"(?:please|make|let|set|change|turn|cut|trim|shorten|extend|lengthen|render|give|keep|want|i"
    r"|it|its|this|these|them|that|everything|the|an?|length|duration|to|at|be|last|lasts|lasting"
    r"|run|runs|for|of|should|must|is|are|about|around|roughly|exactly|only|just|up|down|take|takes"
    r"|long|film|video|clip|scene|shot)"
)
"""Words around a length that is to be had."""
_LIGHT = r"(?:style|look|time(?: of day)?|light(?:ing)?|weather|mood|colou?rs?|background)"
_A = "(?:the |an? |every |all )"
_TITLE = r"(?:title|titles|caption|headline|subtitle|text)"
_NO_QUOTE = f"[^{MARK[1:-1]}]"
_NO_LENGTH = "[^\ue400-\ue7ff]"
_NO_MARK = "[^,;\ue000-\uf8ff]"
_SHAPED = (
    rf"^(?:please )?(?:(?:make|turn|set|change|put|give|render|crop|switch|use|show) )?"
    rf"(?:(?:{_THIS}|the (?:{'|'.join(sorted(WHOLES))}|{_ASPECT}))\b ?)?(?:be )?"
    rf"(?:(?:to|in|into|as|at) )?"
)


@cache
def on_adding() -> Rules:
    """Return the rules for what can be added; all else that is to be added is not understood."""
    return (
        (
            "add-title",
            rule(
                rf"^(?:please )?(?P<verb>add) (?:an? |the |another )?(?:[\w-]{{1,20}} )?"
                rf"(?P<kind>{_TITLE})\b(?P<before>{_NO_QUOTE}{{0,80}}){{quote}}(?P<rest>{_NO_LENGTH}*)"
                rf"(?:{{seconds}}.*)?$"
            ),
        ),
    )


@cache
def on_scenes() -> Rules:
    """Return the rules for wishes that name their scenes themselves."""
    fade = r"\b(?:add|use|with) (?:an? )?"
    remove = r"\b(?:remove|delete|drop|cut) (?:the )?"
    kept = r"(?! (?:to|by|down)\b)"
    return (
        (
            "prompt",
            rule(
                rf"\b{{scene}}(?:'s)?,? (?:prompt|description|text) (?:to|is|says|:)?"
                rf"{_NO_QUOTE}*{{quote}}"
            ),
        ),
        ("crossfade", rule(rf"{fade}{{seconds}}[- ]?cross-?fades?\b")),
        ("crossfade", rule(rf"{fade}cross-?fades? (?:of|for|with|lasting) {{seconds}}")),
        ("crossfade", rule(rf"{fade}cross-?fades?\b(?! (?:of|for|with|lasting)\b)")),
        ("swap-scenes", rule(r"\bswap (?:the )?{scenes}")),
        (
            "swap-scenes",
            rule(r"\bswap (?:the )?{scene} (?:and|with|for) (?:the )?(?:{scene2}|{count})"),
        ),
        ("remove-scene", rule(rf"{remove}{{scenes}}{kept}")),
        ("remove-scene", rule(rf"{remove}{{scene}}{kept}")),
        (
            "remove-scene",
            rule(rf"{remove}(?P<scene>[\w-]{{1,30}}) (?:scene|shot|clip)\b{kept}"),
        ),
    )


@cache
def on_the_rest() -> Rules:
    """Return the rules for wishes about a part, or about whatever is in scope."""
    loud = r"(?P<how>louder|quieter|softer)"
    turn = r"(?P<how>up|down)"
    how = r"(?P<how>longer|shorter)"
    percent = r"(?<![\w.,])(?P<percent>\d{1,3}) ?(?:%|percent\b)"
    kept = r"(?! (?:to|by|down)\b)"
    return (
        ("volume", rule(rf"\b{loud} {{part}}\b")),
        ("volume", rule(rf"\b(?:make )?(?:the )?{{part}} (?:\w{{1,20}} )?{loud}\b")),
        ("volume", rule(rf"\bturn (?:the )?{{part}} {turn}\b")),
        ("volume", rule(rf"\bturn {turn} (?:the )?{{part}}\b")),
        ("remove", rule(rf"\b(?:remove|delete|drop|cut|without|no) (?:the |any )?{{part}}\b"
                        rf"{kept}")),
        ("remove-this", rule(r"\b(?:remove|delete|drop) (?P<this>this|it|these|them)\b")),
        ("scale-length", rule(r"(?P<again>\bhalf) as long again\b")),
        ("scale-length", rule(r"{factor} (?:as long|(?:the|its) (?:length|duration))\b(?! again)")),
        ("scale-length", rule(r"\b{factor} (?:the |its )?(?:length|duration)\b")),
        ("scale-length", rule(rf"{percent} {how}\b")),
        ("scale-length", rule(rf"\b{how} by {percent}")),
        ("shape", rule(rf"{_SHAPED}(?:an? )?{{shape}} (?:{_ASPECT}|mode|version|video|film"
                       rf"|picture|image)\b")),
        ("shape", rule(rf"{_SHAPED}{{shape}}(?: please)?$")),
        ("shape", rule(r"(?:^| ){format}$")),
        ("shape", rule("{ratio}")),
        ("model", rule(r"\b(?:use|switch to|with|model to) (?:the )?(?:model )?"
                       r"(?P<model>[\w.-]{1,60}(?:/[\w.-]{1,60}){1,5})")),
        ("model", rule(r"\buse (?:the )?model (?P<model>[\w./-]{1,120})")),
        ("longer-by", rule(rf"\b{how} by {{seconds}}")),
        ("longer-by", rule(r"\b(?P<how>lengthen|extend|shorten) (?:\w{1,20} ){1,3}by {seconds}")),
        ("longer-by", rule(rf"{{seconds}} {how}\b")),
        ("longer", rule(rf"^(?:please )?(?:make |let )?(?:{_THIS} )?(?:be )?"
                        rf"(?:(?P<much>a bit|a little|slightly|much|a lot|even|way) )?{how}$")),
        ("longer", rule(rf"^(?:please )?(?P<how>lengthen|extend|shorten) {_THIS}$")),
        ("replace-word", rule(
            rf"\b(?:change|replace|swap|exchange|turn) (?!{_A}?(?:{{part}}|{_THIS}|{_ASPECT}"
            rf"|{_LIGHT}|{'|'.join(sorted(WHOLES))}|order|model|length|duration)\b){_A}?(?!{_A})"
            r"(?:{quote2}|(?P<old>[\w'-]{1,60}(?: [\w'-]{1,60}){0,2}?)) (?:to|into|with|by|for) "
            rf"(?P<article>an? |the |some )?(?:{{quote}}|(?P<new>{_NO_MARK}{{1,200}}?))(?: it)?$"
        )),
        ("part-length", rule(r"\b{part}\b.{0,80}?{seconds}")),
        ("length", rule(
            rf"^(?:{_LASTS} ){{0,12}}(?:(?P<every>clips|scenes|shots) (?:{_LASTS} ){{0,6}})?"
            rf"{{seconds}}(?: {_LASTS})?"
            r"(?: (?:(?P<each>each|apiece)|in total|total|please)){0,2}$"
        )),
        ("caption-text", rule(rf"^(?!.*\badd\b).*\b{_TITLE}\b{_NO_QUOTE}*{{quote}}")),
        ("title", rule(r"\b(?:call|name|rename) (?:this|it|the film|the plan)?(?: to)? ?{quote}")),
        ("say", rule(rf"\b(?:say|says|saying|speak|read)(?:s|ing)?\b{_NO_QUOTE}*{{quote}}")),
        ("duplicate", rule(r"\b(?:duplicate|copy) (?P<this>this|it|these|them)\b")),
    )  # fmt: skip


LOOK = re.compile(
    r"^(?:please )?(?P<verb>make|turn|set|change|put|give|render|paint|colou?r)\b"
    r"(?P<it> (?:this|it|these|them|everything|that)\b| the (?P<about>[\w-]+)\b)? ?"
    r"(?:(?P<lead>into|to|at|in|look(?:ing)? like|look|more)\b)? ?(?P<article>an? )?(?P<look>.+)$"
    r"|^(?:at|in) (?P<place>[\w ]+)$",
    re.IGNORECASE,
)
"""An order about how something looks."""
NO_MANNER = re.compile(
    r"^[\d\s:.,/x-]+$"
    r"|^(?:in |at )?(?:\d+k|u?hd|\d+ ?fps)\b"
    r"|^(?:much |a bit |a little |even ){0,3}(?:shorter|longer|quieter|louder|faster|slower|softer"
    r"|better|good|nice|nicer|different|again)"
    r"(?: and (?:longer|shorter|slower|faster|louder|quieter)){0,3}$"
    r"|\b(?:scenes?|shots?|clips?|fps|frames?|seconds?|end|start|beginning|order|speed|volume"
    r"|times|length|duration)\b|\blong\b(?! [a-z])|\blong as\b|_|%|[\ue400-\uf8ff]",
    re.IGNORECASE,
)
"""What is no way to look or to sound: no prompt should say it."""
NOT_WANTED = re.compile(
    r"\b(?:start|begin|come in|enter|end|fade)s? (?:in |out )?(?:after|at|before)\b|"
    r"^(?:please )?(?:do not|don't|dont|never|no longer|not to)\b|\b(?:must|should|may"
    r"|shall|can) ?not\b"
    r"|\b(?:mustn't|shouldn't|never)\b|^(?:please )?(?:never|keep|leave)\b|^(?:please )?add\b"
    r"(?! (?:an? )?(?:[\ue400-\ue7ff][ -]?)?cross-?fades?)",
    re.IGNORECASE,
)
"""What asks for something not to happen, to stay, or to come that no rule here makes."""
OF_LIGHT = re.compile(_LIGHT, re.IGNORECASE)
"""What "the lighting" and the like name: how all of a picture looks."""
OF_CAMERA = re.compile(r"\b(?:close-?up|shot|view|angle|portrait|panorama)\b", re.IGNORECASE)
