"""Orders that change media which are there: trim, take a frame, resize, enlarge, edit, describe."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from framewright.agents.offline.clauses.clauses import without_asking
from framewright.agents.offline.clauses.intents import Change
from framewright.agents.offline.clauses.utilities import read_utility
from framewright.agents.offline.words.measures import moment, take_seconds

if TYPE_CHECKING:
    from framewright.agents.offline.words.lexicon import Lexicon
    from framewright.agents.offline.words.normalise import Brief

_CUT_CLIP = re.compile(r"^clip (?:it|them|the|my|this|that|to)\b", re.IGNORECASE)
_EDITED = re.compile(r"\b(?:my|our|this|these|the|that|it|her|his|their)\b", re.IGNORECASE)

_PICTURE = re.compile(
    r"\b(?:image|photo|photograph|picture|still|portrait|drawing|selfie)\b", re.IGNORECASE
)
# "Make this photo dusk": of a picture that is there, another light, season or manner.
_RELIT = re.compile(
    r"^(?:make )?(?:(?:my|this|our|that|the) (?:\w+ )?(?:image|photo|photograph|picture|still"
    r"|portrait|drawing|selfie)|this) "
    r"(?:look (?:like )?)?(?:(?:a bit|a little|much|more|less|very) )*"
    r"(?:(?:at|in|into|on) )?(?:an? |the )?(?:\w+ )?(?:dusk|dawn|night|daylight|noon|midday|sunset"
    r"|sunrise|twilight|evening|morning|golden hour|blue hour|winter|summer|autumn|fall|spring"
    r"|snowy|rainy|foggy|misty|stormy|sunny|overcast|warm(?:er)?|cold(?:er)?|cool(?:er)?"
    r"|bright(?:er)?|dark(?:er)?|moody|dramatic|cinematic|vintage|retro|sepia|monochrome"
    r"|black[- ]and[- ]white|noir|cyberpunk|watercolou?r|claymation|pencil|storyboard|sketch"
    r"|anime|flat|soft(?:er)?|vivid|saturated|desaturated|faded)"
    r"(?: (?:and|but|with|light|look|mood|style|evening|day|night|morning|film)\b.*)?[.!]*$",
    re.IGNORECASE,
)

_VERSION = re.compile(
    r"^(?:make |and )*(?P<article>an?|another|the) (?P<how>(?:[\w-]+ ){0,4}?)(?:version|variant"
    r"|rendition) of (?:it|this|that|the (?:same )?(?:image|photo|picture|still|first|first one))$",
    re.IGNORECASE,
)


def read_change(text: str, brief: Brief, lexicon: Lexicon) -> Change | None:
    """Return the change a clause orders; None for everything else."""
    bare = without_asking(text, lexicon)
    word = bare.split(" ", 1)[0].lower().strip(",.:")
    verbs = lexicon.verbs
    if (utility := read_utility(bare, text, lexicon)) is not None:
        return utility
    a_clip = word == "clip" and not _CUT_CLIP.match(bare)
    if word in verbs["trim"] and not a_clip and (values := _range(bare, lexicon)) is not None:
        return Change("trim", text, values)
    if word in verbs["extract"] or re.match(
        r"^(?:the )?(?:first|last|final) frame\b", bare, re.IGNORECASE
    ):
        found = lexicon.patterns["frame"].search(bare)
        if found is not None:
            return Change("extract", text, _frame(found, bare, lexicon))
    if word in {"resize", "crop", "reformat", "reframe"}:
        return Change("resize", text, _size(bare, lexicon))
    larger = _PICTURE.search(bare) and lexicon.patterns["larger"].search(bare)
    if word in verbs["upscale"] or re.search(r"\bupscaled?\b", bare, re.IGNORECASE) or larger:
        factor = _factor(bare, lexicon)
        return Change("upscale", text, {} if factor is None else {"factor": factor})
    if lexicon.patterns["replace_sound"].search(bare):
        return Change("replace-sound", text)
    if word in verbs["transcribe"]:
        return Change("transcribe", text)
    if word in verbs["describe"] and _EDITED.search(bare):
        return Change("describe", text)
    return _edit(text, bare, word, brief, lexicon)


def _edit(text: str, bare: str, word: str, brief: Brief, lexicon: Lexicon) -> Change | None:
    strong = {
        "edit",
        "restyle",
        "retouch",
        "recolour",
        "recolor",
        "repaint",
        "redraw",
        "remove",
        "replace",
        "change",
        "transform",
    }
    widened = word in {"extend", "outpaint", "uncrop", "expand"} and _PICTURE.search(bare)
    if (word in strong or widened) and _EDITED.search(bare):
        return Change("edit", text, {"prompt": brief.spelled(bare)})
    if _RELIT.match(bare) and text.lower().startswith(("make ", "please make ")):
        return Change("edit", text, {"prompt": brief.spelled(bare)})
    if (found := _VERSION.match(bare)) is not None:
        prompt = f"{found['article'] or 'a'} {found['how']}version"
        return Change("edit", text, {"prompt": brief.spelled(prompt), "keep": 1.0})
    if re.match(
        r"^(?:turn|convert|make) (?:my|this|our|the|that) (?:\w+ )?(?:image|photo|picture"
        r"|drawing|portrait|selfie)s? (?:in)?to\b",
        bare,
        re.IGNORECASE,
    ) and not lexicon.patterns["to_life"].search(bare):
        if "3d" in bare.lower():
            return Change("3d", text)
        return Change("edit", text, {"prompt": brief.spelled(bare)})
    return None


def _range(bare: str, lexicon: Lexicon) -> dict[str, str | float] | None:
    patterns = lexicon.patterns
    if found := patterns["trim_range"].search(bare):
        start, end = (
            moment(found["start"].strip("., "), lexicon),
            moment(found["end"].strip("., "), lexicon),
        )
        if start is not None and end is not None and end > start:
            return {"start": start, "end": end}
    for name in ("trim_first", "trim_to"):
        if (found := patterns[name].search(bare)) and (end := moment(found["end"], lexicon)):
            return {"start": 0.0, "end": end}
    if (found := patterns["trim_off"].search(bare)) and (start := moment(found["start"], lexicon)):
        return {"start": start}
    seconds, _ = take_seconds(bare, lexicon)
    return None if seconds is None else {"start": 0.0, "end": seconds}


def _frame(found: re.Match[str], bare: str, lexicon: Lexicon) -> dict[str, str | float]:
    if found["time"] and (at := moment(found["time"].strip("., "), lexicon)) is not None:
        return {"time": at}
    which = (found["which"] or "first").lower()
    return {"position": "last" if which in {"last", "final", "closing"} else "first"}


def _factor(bare: str, lexicon: Lexicon) -> float | None:
    """Return how many times larger "four times", "4x", "by 3" or "twice" is; None for no number."""
    for found in lexicon.patterns["factor"].finditer(bare):
        said = found["factor"] or found["factor2"] or found["factor3"] or ""
        known = 2.0 if found["twice"] else moment(said, lexicon)
        if known is not None and known > 0:
            return known
    return None


def _size(bare: str, lexicon: Lexicon) -> dict[str, str | float]:
    values: dict[str, str | float] = {}
    if lexicon.patterns["crop"].search(bare):
        values["fit"] = "cover"
    if found := lexicon.patterns["pixels"].search(bare):
        values |= {"width": float(found["width"]), "height": float(found["height"])}
    return values
