"""Quoted words reach the listener and the picture to the letter."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from framewright.checks.repair.draft import written
from framewright.checks.repair.wishes import wishes
from framewright.domain import refs
from framewright.domain.plan import Task

if TYPE_CHECKING:
    from framewright.checks.repair.draft import Case, StepDict

_LIKE = 55.0
_PLACEHOLDER = re.compile(
    r"<\s*(?:your|insert|add|the|some|prompt|text|placeholder|todo|tbd)[^<>]{0,60}>"
    r"|\[\s*(?:your|insert|add|placeholder|todo|tbd|prompt|text)[^\[\]]{0,60}\]"
    r"|\{\s*(?:your|insert|placeholder)[^{}]{0,60}\}|<(?-i:[A-Z][A-Z_ ]{2,40})>"
    r"|\b(?:TODO|TBD|FIXME|XXX)\b|\blorem ipsum\b|\bplaceholder\b"
    r"|\byour (?:prompt|text|script|description) here\b"
    r"|\b(?:insert|add) (?:your |the )?(?:prompt|text|script|description) here\b"
    r"|^\s*(?:\.{3}|\u2026|string|n/?a|prompt|text)\s*$",
    re.IGNORECASE,
)


def settle_words(case: Case) -> None:
    """Restore quoted words that were changed, and point out text that stands for other text."""
    asked = wishes(case.brief)
    speakers = [step for step in case.draft.steps if _says(case, step) is not None]
    wanted = asked.spoken or (
        asked.quotes if asked.says("voice") and len(asked.quotes) == 1 else ()
    )
    _restore_speech(case, speakers, wanted)
    for quote in asked.quotes:
        if quote not in wanted:
            _restore_in_prompts(case, quote)
    _point_out_placeholders(case)


def _says(case: Case, step: StepDict) -> str | None:
    """Return the literal text a step speaks; None for steps that do not speak one."""
    card = case.card(step)
    text = step["inputs"].get("text", step["inputs"].get("prompt"))
    if card is None or card.task is not Task.TEXT_TO_SPEECH or not isinstance(text, str):
        return None
    return None if refs.parse(text) is not None or refs.templates(text) else text


def _restore_speech(case: Case, speakers: list[StepDict], quotes: tuple[str, ...]) -> None:
    from rapidfuzz import fuzz, utils

    said = " ".join(_says(case, step) or "" for step in speakers)
    open_quotes = [q for q in quotes if not any(q in (_says(case, s) or "") for s in speakers)]
    open_quotes = [q for q in open_quotes if " ".join(q.split()) not in " ".join(said.split())]
    free = [s for s in speakers if not any(q in (_says(case, s) or "") for q in quotes)]
    for quote in open_quotes:
        if not free:
            if not speakers:
                return
            message = f"The words {quote[:80]!r} are spoken by no step. Speak them to the letter."
            case.record.ask_model("sem_text_lost", message)
            continue
        best = max(
            free,
            key=lambda step: fuzz.ratio(
                quote, _says(case, step) or "", processor=utils.default_process
            ),
        )
        likeness = fuzz.ratio(quote, _says(case, best) or "", processor=utils.default_process)
        alone = len(open_quotes) == 1 and len(speakers) == 1
        if likeness < _LIKE and not alone:
            message = f"The words {quote[:80]!r} are spoken by no step. Speak them to the letter."
            case.record.ask_model("sem_text_lost", message)
            continue
        free.remove(best)
        field = "text" if "text" in best["inputs"] else "prompt"
        before = best["inputs"][field]
        best["inputs"][field] = quote
        message = f"{best['id']}: restored the words you quoted."
        case.record.change(
            "sem_text_lost", message, "set", best["id"], written((field,)), before, quote
        )


def _restore_in_prompts(case: Case, quote: str) -> None:
    """Restore words that are to be seen, where a prompt has them nearly."""
    from rapidfuzz import fuzz

    texts = [
        (step, path, text)
        for step in case.draft.steps
        for path, text in refs.strings(step["inputs"])
        if refs.parse(text) is None
    ]
    if len(quote) < 4 or any(quote in text for _, _, text in texts):
        return
    for step, path, text in texts:
        found = fuzz.partial_ratio_alignment(quote.lower(), text.lower(), score_cutoff=85)
        if found is None or len(path) != 1 or found.dest_end - found.dest_start < len(quote) - 3:
            continue
        changed = text[: found.dest_start] + quote + text[found.dest_end :]
        step["inputs"][str(path[0])] = changed
        message = f"{step['id']}: restored the words you quoted."
        case.record.change(
            "sem_text_lost", message, "set", step["id"], written(path), text, changed
        )
        return


def _point_out_placeholders(case: Case) -> None:
    for step in case.draft.steps:
        for path, text in refs.strings(step["inputs"]):
            found = _PLACEHOLDER.search(text)
            if found is None or refs.parse(text) is not None:
                continue
            if found[0].lower() in case.brief.lower() and len(found[0]) > 3:
                continue
            message = (
                f"{step['id']}: {written(path)} still holds {found[0]!r}. Write the real text."
            )
            case.record.ask_model("input_placeholder", message, step["id"], written(path))
