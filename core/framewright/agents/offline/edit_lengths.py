"""How long a plan's film is, and what an edit of lengths means for its clips and its sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.agents.offline.edit_workshop import CLIPS
from framewright.agents.offline.measures import plain_number
from framewright.catalog.ports import properties
from framewright.domain import refs
from framewright.domain.plan import Task
from framewright.errors import EditError

if TYPE_CHECKING:
    from framewright.agents.offline.edit_workshop import Workshop
    from framewright.domain.plan import Step

_FACTORS = {"twice": 2.0, "double": 2.0, "half": 0.5, "halve": 0.5, "three times": 3.0}
_LENGTHS = ("duration", "duration_seconds")
SOUNDS = frozenset({Task.TEXT_TO_MUSIC, Task.TEXT_TO_SOUND})
_NEAR = 0.06
"""Lengths this close, in seconds, are meant to be the same."""


def film_seconds(shop: Workshop) -> float | None:
    """Return how long the picture of the film is; None where the plan does not say."""
    lengths = {step.id: now for step, _, now in _lengths(shop, list(shop.plan.steps))}
    merges = shop.of_task(Task.MERGE_VIDEOS, list(shop.plan.steps))
    if len(merges) == 1:
        return _joined(merges[0], lengths)
    clips = [step for task in CLIPS for step in shop.of_task(task, list(shop.plan.steps))]
    return lengths.get(clips[0].id) if len(clips) == 1 and not merges else None


def _joined(merge: Step, lengths: dict[str, float]) -> float | None:
    joined = next((value for value in merge.inputs.values() if isinstance(value, list)), [])
    found = [refs.parse(text) for text in joined if isinstance(text, str)]
    known = [lengths.get(ref.step) if isinstance(ref, refs.StepRef) else None for ref in found]
    if not known or None in known:
        return None
    together = sum(each for each in known if each is not None)
    fade = merge.inputs.get("transition_seconds", 0.5)
    if merge.inputs.get("transition") == "crossfade" and isinstance(fade, (int, float)):
        together -= float(fade) * (len(known) - 1)
    return together


def scale(shop: Workshop, how: str) -> None:
    """Make everything in scope that has a length so many times as long."""
    words = how.lower()
    factor = _FACTORS.get(words) or float(words.split()[0])
    for step, field, now in _lengths(shop, shop.scope()):
        _set(shop, step, field, now * factor)


def length(shop: Workshop, seconds: str) -> None:
    """Set the length of the clips in scope; of a film of several, of all of them together."""
    wanted = float(seconds)
    found = _lengths(shop, shop.scope())
    clips = [each for each in found if _task(shop, each[0]) in CLIPS]
    named = shop.target.clips or shop.target.scenes or shop.target.spared
    whole = not shop.selection and not named
    if not (shop.target.scene or shop.target.step) and len(clips) > 1 and whole:
        before = film_seconds(shop)
        if before is None:
            raise EditError("How long each scene is to be is not clear: name a scene.")
        fades = sum(now for _, _, now in clips) - before
        for step, field, now in clips:
            share = now / sum(each for _, _, each in clips)
            _set(shop, step, field, round((wanted + fades) * share, 3))
        return
    for step, field, _ in clips or found:
        _set(shop, step, field, wanted)


def longer_by(shop: Workshop, *words: str) -> None:
    """Make the clips in scope so many seconds longer, or shorter."""
    seconds = next(float(word) for word in words if word.replace(".", "").isdigit())
    change = -seconds if "shorter" in words else seconds
    found = [each for each in _lengths(shop, shop.scope()) if _task(shop, each[0]) in CLIPS]
    named = shop.target.clips or shop.target.scenes or shop.target.spared
    if len(found) > 1 and not (shop.selection or named):
        raise EditError("Which scene is to be longer or shorter?", action="Name one, or select it.")
    for step, field, now in found:
        _set(shop, step, field, now + change)


def follow_film(shop: Workshop, before: float | None) -> list[str]:
    """Let music and sound that were as long as the film stay so; return what could not follow."""
    after = film_seconds(shop)
    if before is None or after is None or abs(before - after) < _NEAR:
        return []
    notes: list[str] = []
    for step, field, now in _lengths(shop, list(shop.plan.steps)):
        if _task(shop, step) not in SOUNDS or abs(now - before) > _NEAR or abs(now - after) < _NEAR:
            continue
        if shop.selection and step.id not in shop.selection:
            notes.append(f"{step.id} is {now:g} s long, and the film is now {after:g} s.")
        else:
            _set(shop, step, field, plain_number(after))
    return notes


def _task(shop: Workshop, step: Step) -> Task | None:
    card = shop.card(step)
    return None if card is None else card.task


def _lengths(shop: Workshop, steps: list[Step]) -> list[tuple[Step, str, float]]:
    found = []
    for step in steps:
        card = shop.card(step)
        known = properties(card) if card is not None else {}
        for field in _LENGTHS:
            now = step.inputs.get(field, known.get(field, {}).get("default"))
            if field in known and isinstance(now, (int, float)):
                found.append((step, field, float(now)))
                break
    return found


def _set(shop: Workshop, step: Step, field: str, seconds: float) -> None:
    card = shop.card(step)
    schema = properties(card)[field] if card is not None else {}
    value: float = int(seconds) if float(seconds).is_integer() else seconds
    allowed = schema.get("enum")
    low, high = schema.get("minimum", value), schema.get("maximum", value)
    if (isinstance(allowed, list) and value not in allowed) or not low <= value <= high:
        can = " or ".join(map(str, allowed)) if isinstance(allowed, list) else f"{low} to {high}"
        raise EditError(f"{step.id} can not last {value:g} s: {step.model} makes {can}.")
    if step.inputs.get(field) != value:
        shop.set(step, field, value)
