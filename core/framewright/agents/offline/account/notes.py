"""Notes on what a plan leaves out, does not know, or only describes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from framewright.agents.offline.steps.choose import WORDS
from framewright.domain.media import MediaKind
from framewright.domain.plan import StepKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framewright.agents.offline.clauses.settings import Whole
    from framewright.agents.offline.words.wording import Reworded
    from framewright.domain.plan import Plan
    from framewright.domain.upload import Upload


def _own_files(nouns: str) -> re.Pattern[str]:
    return re.compile(
        rf"\b(?:my|our|the attached|attached|uploaded) (?:\w+ )?(?:{nouns})\b(?! (?:of"
        rf"|about|for|on)\b)|\b(?:my |our |the )?(?:uploaded|attached) (?:{nouns})\b",
        re.IGNORECASE,
    )


_OWN = (
    (MediaKind.IMAGE, _own_files("photo|picture|image|drawing|painting|selfie|logo|portrait")),
    (MediaKind.VIDEO, _own_files("video|clip|footage|film")),
    (MediaKind.AUDIO, _own_files("song|recording|voice recording|voice memo|track|audio")),
)


_ORDER = re.compile(
    r"\b(?!(?:1[89]|20)\d0s)(?!\d0s [a-z])(?:\d+(?:[.,]\d+)? ?(?:s|secs?|seconds?|minutes?|min"
    r"|hours?)|merged?|joined"
    r"|backwards|reversed?"
    r"|fad(?:es|ing|e) (?:in|out|to)|the (?:second|third|fourth|last) \"|finally|cut to"
    r"|then (?:an?|another) (?:[\w-]+ )?(?:video|clip|image|shot|one)|another (?:one )?(?:of|where"
    r"|in which)|same again|(?:no )?(?:more|less|longer) than|actually|the prompt for|copies of it"
    r"|repeat(?:ed)? it|\d+:\d\d ?- ?\d+:\d\d|during the|last frame|both together"
    r"|split into|do not|don't|not an? \w+|fps|pick the|scene"
    r" (?:\d+|one|two|three|four)|(?:two|three|four|five|six|\d+) (?:shots|scenes|clips|pictures"
    r"|images|videos)|with (?:\w+ ){0,2}(?:music|voice-?over|narration|subtitles|sound)|voice-?over"
    r"|narrat(?:or|ion|ed)|one in [^,]+, one in [^,]+)\b[^,]{0,30}",
    re.IGNORECASE,
)


def left_out(form: Reworded) -> list[str]:
    """Return a note for each wish that nothing here fulfils."""
    notes = [
        f"“{what}” is left out: laying a picture over a film is not possible yet."
        for what in form.placed
    ]
    if form.unmade:
        listed = ", ".join(f"“{what}”" for what in form.unmade)
        notes.append(f"{listed} is left out: nothing here does that yet.")
    return notes


def not_given(text: str, uploads: Sequence[Upload]) -> list[str]:
    """Return the files of the person's own that a brief speaks of and nobody gave."""
    kinds = {upload.kind for upload in uploads}
    return [
        found[0]
        for kind, words in _OWN
        if kind not in kinds
        for found in words.finditer(text)
        if MediaKind.VIDEO not in kinds or kind is not MediaKind.AUDIO
    ]


def unclear(plan: Plan, whole: Whole) -> list[str]:
    """Return notes on prompts that hold what reads like an order, or that show nothing named."""
    notes: list[str] = []
    prompts = [
        str(value)
        for step in plan.steps
        for name, value in step.inputs.items()
        if name in WORDS
        and step.kind in {StepKind.IMAGE, StepKind.VIDEO}
        and "video" not in step.inputs
    ]
    for prompt in prompts:
        if found := _ORDER.search(prompt):
            notes.append(f"“{found[0].strip()}” stands in a prompt as it is: it may not be done.")
        if prompt in {"a scene", "an image"}:
            notes.append("The brief does not say what the picture shows: say “a film of …”.")
    heard = [
        str(step.inputs["prompt"])
        for step in plan.steps
        if step.kind is StepKind.AUDIO and "prompt" in step.inputs
    ]
    notes.extend(
        f"“{found[0].strip()}” stands in what is to be heard as it is: it may not be done."
        for prompt in heard
        if (found := _ORDER.search(prompt))
    )
    shown = " ".join(prompts)
    if plan.steps:
        notes.extend(
            f"“{style}” changes nothing: no step takes words."
            for style in whole.styles
            if style not in shown
        )
    return list(dict.fromkeys(notes))


def unsaid(found: Sequence[str], notes: Sequence[str], form: Reworded) -> list[str]:
    """Return those notes of the audit that tell what no other note has told."""
    told = " ".join([*notes, *form.unmade, *form.placed]).lower()
    known = {
        "nothing in the plan speaks": "what is the voice to say",
        "nothing in the plan lasts that long": "its model can not do",
        "no step of the plan has that shape": "can not make the shape",
    }
    return [
        note
        for note in found
        if note.split("”")[0].lstrip("“").lower() not in told
        and not any(note.rstrip(".").endswith(end) and why in told for end, why in known.items())
    ]
