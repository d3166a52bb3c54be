"""How long a plan's film is, and what an edit of lengths means for its clips and its sound."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from framewright.agents.offline.editing.edit_workshop import CLIPS, SOUNDS, amount, listed
from framewright.agents.offline.steps.choose import LENGTH, field_of, length_for
from framewright.agents.offline.words.measures import plain_number
from framewright.catalog.ports import properties
from framewright.domain import refs
from framewright.domain.media import MediaKind
from framewright.domain.plan import Task
from framewright.errors import EditError

if TYPE_CHECKING:
    from framewright.agents.offline.editing.edit_rules import Words
    from framewright.agents.offline.editing.edit_workshop import Workshop
    from framewright.domain.model_card import ModelCard
    from framewright.domain.plan import Step

_NEAR = 0.06
"""Lengths this close, in seconds, are meant to be the same."""
_A_BIT, _USUAL, _MUCH = 1.2, 1.5, 2.0
"""How many times as long "a bit longer", "longer" and "much longer" are."""


def film_seconds(shop: Workshop) -> float | None:
    """Return how long the picture of the film is; None where the plan does not say."""
    lengths = {step.id: now for step, _, now in _lengths(shop, list(shop.plan.steps))}
    merges = shop.of_task(Task.MERGE_VIDEOS, list(shop.plan.steps))
    if len(merges) == 1:
        return _joined(shop, merges[0], lengths)
    clips = [step for task in CLIPS for step in shop.of_task(task, list(shop.plan.steps))]
    return lengths.get(clips[0].id) if len(clips) == 1 and not merges else None


def _joined(shop: Workshop, merge: Step, lengths: dict[str, float]) -> float | None:
    try:
        _, joined = listed(shop, merge, MediaKind.VIDEO) or ("", [])
    except EditError:
        return None
    known = [_length_of(shop, text, lengths) for text in joined]
    if not known or None in known:
        return None
    together = sum(each for each in known if each is not None)
    fade = amount(merge.inputs.get("transition_seconds", 0.5))
    if merge.inputs.get("transition") == "crossfade" and fade is not None:
        together -= fade * (len(known) - 1)
    return together


def _length_of(shop: Workshop, text: str, lengths: dict[str, float]) -> float | None:
    """Return how long a scene is: words on it do not change that of its clip."""
    seen: set[str] = set()
    found = refs.parse(text)
    while isinstance(found, refs.StepRef) and found.step not in seen:
        if found.step in lengths:
            return lengths[found.step]
        seen.add(found.step)
        step = shop.plan.step(found.step)
        if step is None or shop.task(step) is not Task.CAPTION:
            return None
        fields = [
            name for name, port in shop.catalog.ports[step.model or ""].items() if not port.many
        ]
        value = step.inputs.get(fields[0]) if fields else None
        found = refs.parse(value) if isinstance(value, str) else None
    return None


def scale(shop: Workshop, words: Words) -> None:
    """Make everything in scope that has a length so many times as long."""
    if "percent" in words:
        share = int(words["percent"]) / 100
        factor = 1 - share if words["how"].lower() == "shorter" else 1 + share
    else:
        factor = _USUAL if "again" in words else float(words["factor"])
    for step, field, now in _lengths(shop, shop.scope()):
        _set(shop, step, field, now * factor)


def longer(shop: Workshop, words: Words) -> None:
    """Make everything in scope longer, or shorter, by the usual share, and say which that is."""
    much = words.get("much", "").lower()
    factor = _A_BIT if much in {"a bit", "a little", "slightly"} else _USUAL
    factor = _MUCH if much in {"much", "a lot", "way"} else factor
    shorter = words["how"].lower() in {"shorter", "shorten"}
    found = _lengths(shop, shop.scope())
    said = []
    # The sound follows the film; alone it is meant itself.
    for step, field, now in [e for e in found if shop.task(e[0]) in CLIPS] or found:
        given = _nearest(shop, step, now / factor if shorter else now * factor, now)
        _set(shop, step, field, given)
        said.append(f"{step.id} lasts {given:g} s instead of {now:g} s")
    if said:
        more = 'say how much for another length, such as "2 seconds longer"'
        shop.notes.append(f"{', '.join(said)}: {more}.")


def _nearest(shop: Workshop, step: Step, wanted: float, now: float) -> float:
    """Return the length nearest to the one wanted that is really longer, or shorter, than now."""
    card = shop.card(step)
    tried = (
        [wanted] if card is None else [length_for(card, each)[1] for each in _around(card, wanted)]
    )
    fitting = [each for each in tried if (each > now) == (wanted > now) and each != now]
    if not fitting:
        what = "longer" if wanted > now else "shorter"
        raise EditError(f"{step.id} lasts {now:g} s: {step.model} makes nothing {what}.")
    return min(fitting, key=lambda each: abs(each - wanted))


def _around(card: ModelCard, wanted: float) -> list[float]:
    choices = properties(card)[field_of(card, LENGTH) or ""].get("enum", ())
    return [wanted, *(each for each in map(_read, choices) if each is not None)]


def length(shop: Workshop, words: Words) -> None:
    """Set the length of the clips in scope; of a film of several, of all of them together."""
    wanted = float(words["seconds"])
    found = _lengths(shop, shop.scope())
    clips = [each for each in found if shop.task(each[0]) in CLIPS]
    each = "every" in words or "each" in words
    named = each or shop.target.clips or shop.target.scenes or shop.target.spared
    whole = not shop.selection and not named
    if not (shop.target.scene or shop.target.step) and len(clips) > 1 and whole:
        before = film_seconds(shop)
        if before is None:
            raise EditError("How long each scene is to be is not clear: name a scene.")
        together = sum(now for _, _, now in clips)
        fades = together - before
        for step, field, now in clips:
            _set(shop, step, field, round((wanted + fades) * now / together, 3))
        return
    for step, field, _ in clips or found:
        _set(shop, step, field, wanted)


def longer_by(shop: Workshop, words: Words) -> None:
    """Make the clips in scope so many seconds longer, or shorter."""
    seconds = float(words["seconds"])
    change = -seconds if words["how"].lower() in {"shorter", "shorten"} else seconds
    found = [each for each in _lengths(shop, shop.scope()) if shop.task(each[0]) in CLIPS]
    named = shop.target.clips or shop.target.narrow
    if len(found) > 1 and not (shop.selection or named):
        raise EditError("Which scene is to be longer or shorter?", action="Name one, or select it.")
    for step, field, now in found:
        _set(shop, step, field, now + change)


def of_sounds(shop: Workshop, steps: list[Step], seconds: float) -> None:
    """Set how long music or sounds are."""
    for step, field, _ in _lengths(shop, steps):
        _set(shop, step, field, seconds)


def follow_film(shop: Workshop, before: float | None) -> list[str]:
    """Let music and sound that were as long as the film stay so; return what could not follow."""
    after = film_seconds(shop)
    if before is None or after is None or abs(before - after) < _NEAR:
        return []
    notes: list[str] = []
    for step, field, now in _lengths(shop, list(shop.plan.steps)):
        if shop.task(step) not in SOUNDS or abs(now - before) > _NEAR or abs(now - after) < _NEAR:
            continue
        try:
            if shop.may_change(step.id):
                _set(shop, step, field, after)
                continue
        except EditError:
            # Its model makes no such length: the film is what was asked for.
            pass
        notes.append(f"{step.id} is {now:g} s long, and the film is now {after:g} s.")
    return notes


def _lengths(shop: Workshop, steps: list[Step]) -> list[tuple[Step, str, float]]:
    found = []
    for step in steps:
        card = shop.card(step)
        field = None if card is None else field_of(card, LENGTH)
        if card is None or field is None:
            continue
        now = _read(step.inputs.get(field, properties(card)[field].get("default")))
        if now is not None and now > 0:
            found.append((step, field, now))
    return found


def _read(value: object) -> float | None:
    """Return a length as models write it: `5`, `"5"` or `"5s"`."""
    if isinstance(value, str):
        return float(value.rstrip("s")) if re.fullmatch(r"\d{1,6}(?:\.\d{1,6})?s?", value) else None
    return amount(value)


def _set(shop: Workshop, step: Step, field: str, seconds: float) -> None:
    card = shop.card(step)
    if card is None:
        return
    given, made = length_for(card, plain_number(seconds))
    if abs(made - seconds) > _NEAR / 10 or not math.isfinite(made):
        schema = properties(card)[field]
        choices = schema.get("enum")
        low, high = schema.get("minimum", 0), schema.get("maximum", "any length")
        can = " or ".join(map(str, choices)) if isinstance(choices, list) else f"{low} to {high}"
        raise EditError(f"{step.id} can not last {seconds:g} s: {step.model} makes {can}.")
    if step.inputs.get(field) != given[field]:
        shop.set(step, field, given[field])
