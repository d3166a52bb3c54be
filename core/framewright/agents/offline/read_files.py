"""Reads phrases that change media which are there: trim, extract, resize, edit, describe."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from framewright.agents.offline.heads import without_ask
from framewright.agents.offline.intents import Change, Intent, Use
from framewright.agents.offline.looks import take_look
from framewright.agents.offline.measures import moment

if TYPE_CHECKING:
    from framewright.agents.offline.lexicon import Lexicon

_STRICT_EDITS = frozenset(
    {
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
    }
)


def read_files(text: str, lexicon: Lexicon, *, refers: bool, images: bool) -> tuple[Intent, ...]:
    """Return the change a phrase asks for; empty for none.

    `refers` tells whether the phrase points to an upload or an earlier result, `images` whether
    there are uploaded images.
    """
    patterns = lexicon.patterns
    if patterns["replace_sound"].search(text):
        return (Change("replace-sound", text),)
    verb, stripped = _verb(text, lexicon)
    if (trimmed := _trim(verb, text, lexicon)) is not None:
        return (trimmed,)
    if (frame := _frame(verb, stripped, text, lexicon)) is not None:
        return (frame,)
    if not refers:
        return ()
    if (resized := _resize(verb, text, lexicon)) is not None:
        return (resized,)
    for what in ("upscale", "describe", "transcribe"):
        if verb in lexicon.verbs[what]:
            return (Change(what, text, _factor(text, lexicon) if what == "upscale" else {}),)
    if _is_edit(verb, stripped, lexicon, images=images):
        return (Change("edit", text, {"prompt": stripped}),)
    return ()


def read_use(text: str, lexicon: Lexicon) -> tuple[Intent, ...]:
    """Return that uploads are to be used, for a phrase such as "use my two photos"."""
    lowered = text.lower()
    if any(lowered.startswith(f"{verb} ") for verb in lexicon.verbs["use"]):
        return (Use(text),)
    return (Use(text),) if lexicon.patterns["own"].match(lowered) else ()


def _verb(text: str, lexicon: Lexicon) -> tuple[str, str]:
    """Return the verb a phrase begins with and the phrase from there."""
    steering = frozenset().union(
        *(
            lexicon.verbs[name]
            for name in ("trim", "extract", "resize", "upscale", "edit", "describe", "transcribe")
        )
    )
    for candidate in (
        text,
        without_ask(text, lexicon),
        re.sub(
            r"^(?:then|and|please|now|also|just|can you|could you|i want to|finally) ",
            "",
            text,
            flags=re.IGNORECASE,
        ),
    ):
        first, _, _ = candidate.strip().partition(" ")
        if first.lower() in steering:
            return first.lower(), candidate.strip()
    return "", text


def _trim(verb: str, text: str, lexicon: Lexicon) -> Change | None:
    patterns = lexicon.patterns
    if verb not in lexicon.verbs["trim"] and not re.match(r"(?:only )?keep\b", text, re.IGNORECASE):
        return None
    if found := patterns["trim_range"].search(text):
        start, end = moment(found["start"], lexicon), moment(found["end"], lexicon)
    elif found := patterns["trim_first"].search(text):
        start, end = 0.0, moment(found["end"], lexicon)
    elif verb == "cut" and (found := patterns["trim_off"].search(text)):
        start, end = moment(found["start"], lexicon), -1.0
    elif found := patterns["trim_to"].search(text):
        start, end = 0.0, moment(found["end"], lexicon)
    else:
        return None
    if start is None or end is None or (0 <= end <= start):
        return None
    return Change("trim", text, {"start": start, "end": end})


def _frame(verb: str, stripped: str, text: str, lexicon: Lexicon) -> Change | None:
    found = lexicon.patterns["frame"].search(text)
    if found is None or (verb not in lexicon.verbs["extract"] and found.start() > 12):
        return None
    if re.search(r"\b(?:continu|start|begin)\w*", stripped[: found.start()], re.IGNORECASE):
        return None
    if found["time"]:
        at = moment(found["time"].rstrip(".,"), lexicon)
        return None if at is None else Change("extract", text, {"time": at})
    which = "last" if found["which"].lower() in {"last", "final", "closing"} else "first"
    return Change("extract", text, {"position": which})


def _resize(verb: str, text: str, lexicon: Lexicon) -> Change | None:
    if verb not in lexicon.verbs["resize"]:
        return None
    values: dict[str, str | float] = {}
    if found := lexicon.patterns["pixels"].search(text):
        values = {"width": int(found["width"]), "height": int(found["height"])}
    elif aspect := take_look(text, lexicon, alone=True).aspect:
        values = {"aspect": aspect}
    if not values:
        return None
    if lexicon.patterns["crop"].search(text) or re.search(r"\bfill\b", text, re.IGNORECASE):
        values["fit"] = "cover"
    return Change("resize", text, values)


def _factor(text: str, lexicon: Lexicon) -> dict[str, str | float]:
    found = lexicon.patterns["factor"].search(text)
    return {"factor": int(found["factor"] or found["factor2"])} if found else {}


def _is_edit(verb: str, stripped: str, lexicon: Lexicon, *, images: bool) -> bool:
    if verb not in lexicon.verbs["edit"] or not images:
        return False
    if lexicon.patterns["to_life"].search(stripped):
        return False
    pictured = any(
        lexicon.nouns.get(word) == "image" for word in re.findall(r"[\w-]+", stripped.lower())
    )
    return verb in _STRICT_EDITS or pictured
