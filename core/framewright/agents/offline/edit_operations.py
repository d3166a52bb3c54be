"""Turns one wish about a plan into operations on the selected steps and their wires."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from framewright.agents.offline import edit_lengths, edit_parts
from framewright.agents.offline.edit_parts import task_of
from framewright.agents.offline.edit_scope import Target
from framewright.agents.offline.edit_words import relit
from framewright.agents.offline.edit_workshop import PICTURES, Workshop, nth, scenes_of
from framewright.agents.offline.measures import plain_number
from framewright.catalog.ports import properties
from framewright.checks.near import nearest
from framewright.checks.repair.plan.names import counterpart
from framewright.domain import refs
from framewright.domain.plan import StepKind, Task
from framewright.edits import operation as ops
from framewright.edits.apply import takers
from framewright.errors import EditError

if TYPE_CHECKING:
    from framewright.agents.offline.edit_words import Wish
    from framewright.domain.plan import Step


def carry_out(shop: Workshop, wish: Wish) -> bool:
    """Do what a wish says; False where there is nothing in scope that it could mean."""
    before = len(shop.done)
    shop.target = wish.target
    _WORKS[wish.what](shop, *wish.words)
    return len(shop.done) > before


def _replace_word(shop: Workshop, word: str, by: str) -> None:
    """Put one thing in the place of another, in every prompt in scope that names it."""
    named = re.compile(rf"\b(?:(?:an?|the) (?:[\w-]+ ){{0,2}})?{re.escape(word)}\b", re.IGNORECASE)
    article = "an" if by[:1].lower() in "aeiou" else "a"
    for step in shop.scope():
        prompt = step.inputs.get("prompt")
        card = shop.card(step)
        if card is None or card.task not in PICTURES or not isinstance(prompt, str):
            continue
        if refs.parse(prompt) is None and named.search(prompt):
            shop.set(step, "prompt", named.sub(f"{article} {by}", prompt))


def _prompt(shop: Workshop, scene: str, words: str) -> None:
    shop.target = Target(scene=scene)
    for step in shop.scope():
        if isinstance(step.inputs.get("prompt"), str):
            shop.set(step, "prompt", refs.escape(words))


def _crossfade(shop: Workshop, seconds: str = "0.5") -> None:
    for merge in shop.of_task(Task.MERGE_VIDEOS):
        shop.set(merge, "transition", "crossfade")
        shop.set(merge, "transition_seconds", plain_number(float(seconds)))


def _look(shop: Workshop, look: str, thing: str = "", about: str = "") -> None:
    """Change how pictures look; a `thing` takes the place of what they show."""
    for step in shop.scope():
        card, prompt = shop.card(step), step.inputs.get("prompt")
        if card is None or card.task not in PICTURES or not isinstance(prompt, str):
            continue
        if refs.parse(prompt) is not None or (about and about not in prompt.lower()):
            continue
        _, comma, style = prompt.partition(", ")
        changed = f"a {look}{comma}{style}" if thing else relit(prompt, look)
        if about and not thing:
            # "Make the boat red": a red boat, where there is a boat.
            changed = re.sub(rf"\b{re.escape(about)}\b", f"{look} {about}", prompt, count=1)
        if changed != prompt:
            shop.set(step, "prompt", changed)


def _remove(shop: Workshop, part: str) -> None:
    if part.lower() in {"this", "it", "these", "them"}:
        chosen = shop.scope() if shop.selection else []
    else:
        chosen = shop.of_task(task_of(part))
    for step in chosen:
        _take_out(shop, step.id)


def _take_out(shop: Workshop, name: str) -> None:
    """Remove a step; what it passed on goes round it, what only served it goes too."""
    step = shop.plan.step(name)
    if step is None:
        return
    _forget_levels(shop, step)
    passed = _passed_on(shop, step)
    if passed is not None and passed != refs.write(refs.StepRef(name)):
        for taker in list(takers(shop.plan, name)):
            _repoint(shop, taker, name, passed)
    sources = [ref.step for ref in refs.step_refs(step)]
    shop.do(ops.RemoveStep(step=name))
    for source in sources:
        if source not in shop.selection and _only_served(shop, source):
            _take_out(shop, source)
    for joined in (Task.MIX_AUDIO, Task.MERGE_VIDEOS, Task.MUX_AUDIO):
        for left in shop.of_task(joined, list(shop.plan.steps)):
            if _lacks(shop, left):
                _take_out(shop, left.id)


def _only_served(shop: Workshop, name: str) -> bool:
    """Tell whether a step is a utility that nothing takes any more; what was made stays."""
    step = shop.plan.step(name)
    card = None if step is None else shop.card(step)
    return card is not None and card.kind is StepKind.UTILITY and not any(takers(shop.plan, name))


def _passed_on(shop: Workshop, step: Step) -> str | None:
    """Return what a utility would hand on unchanged: its one input of the kind it makes."""
    card = shop.card(step)
    if card is None or card.kind is not StepKind.UTILITY:
        return None
    given = [
        text
        for field, port in shop.catalog.ports[card.id].items()
        if port.media is card.output
        for _, text in refs.strings(step.inputs.get(field))
        if isinstance(refs.parse(text), (refs.StepRef, refs.UploadRef, refs.AssetRef))
    ]
    return given[0] if len(given) == 1 else None


def _repoint(shop: Workshop, taker: Step, name: str, ref: str) -> None:
    def change(text: str) -> str:
        found = refs.parse(text)
        return ref if isinstance(found, refs.StepRef) and found.step == name else text

    for field, value in taker.inputs.items():
        changed = refs.replace(value, change)
        if changed != value:
            shop.set(taker, field, changed)


def _forget_levels(shop: Workshop, step: Step) -> None:
    """Take a track's level and start out of the mix it goes into."""
    for mix in shop.of_task(Task.MIX_AUDIO, list(takers(shop.plan, step.id))):
        tracks = mix.inputs.get("tracks")
        if not isinstance(tracks, list):
            continue
        gone = [at for at, text in enumerate(tracks) if text == refs.write(refs.StepRef(step.id))]
        for field in ("gains_db", "starts_seconds"):
            levels = mix.inputs.get(field)
            if isinstance(levels, list) and gone:
                kept = [level for at, level in enumerate(levels) if at not in gone]
                shop.do(ops.SetInput(step=mix.id, field=field, value=kept))


def _lacks(shop: Workshop, step: Step) -> bool:
    """Tell whether a step that joins has too little left to join."""
    card = shop.card(step)
    for port in shop.catalog.ports[step.model or ""].values() if card is not None else ():
        value = step.inputs.get(port.field)
        if port.many and isinstance(value, list) and len(value) < 2:
            return True
        if port.required and value in (None, []):
            return True
    return False


def _swap_scenes(shop: Workshop, one: str, other: str) -> None:
    merge, field, scenes = scenes_of(shop)
    first, second = nth(scenes, one), nth(scenes, other)
    scenes[first], scenes[second] = scenes[second], scenes[first]
    shop.set(merge, field, scenes)


def _remove_scene(shop: Workshop, *numbers: str) -> None:
    _, _, scenes = scenes_of(shop)
    # The last first, so that the numbers of the others stay.
    for place in sorted({nth(scenes, each) for each in numbers}, reverse=True):
        _remove_one(shop, str(place + 1))


def _remove_one(shop: Workshop, number: str) -> None:
    _, _, scenes = scenes_of(shop)
    at = nth(scenes, number)
    found = refs.parse(scenes[at])
    if not isinstance(found, refs.StepRef):
        raise EditError(f"Scene {number} is no step.")
    for frame in shop.of_task(Task.EXTRACT_FRAME, list(takers(shop.plan, found.step))):
        if at == 0:
            raise EditError("The next scene begins where scene 1 ends: it can not be taken out.")
        _repoint(shop, frame, found.step, scenes[at - 1])
    _take_out(shop, found.step)


def _model(shop: Workshop, name: str) -> None:
    known = shop.catalog.cards
    found = name if name in known else nearest(name, known)
    if found is None:
        raise EditError(f"There is no model {name}.", action="`framewright models` lists them.")
    card = known[found]
    for step in shop.scope():
        old = shop.card(step)
        if step.model == found or old is None or old.output is not card.output:
            continue
        fields = {field: counterpart(field, properties(card)) for field in step.inputs}
        moved = {field: to for field, to in fields.items() if to != field}
        shop.notes.extend(
            f"{step.id}: {found} has nothing like {field}; it was left out."
            for field, to in fields.items()
            if to is None
        )
        kind = None if step.kind is card.kind else card.kind.value
        shop.do(ops.SwapModel(step=step.id, model=found, kind=kind, fields=moved))


def _shape(shop: Workshop, shape: str) -> None:
    for step in shop.scope():
        card = shop.card(step)
        schema = properties(card).get("aspect_ratio") if card is not None else None
        if schema is None or step.inputs.get("aspect_ratio", schema.get("default")) == shape:
            continue
        if shape in schema.get("enum", [shape]):
            shop.set(step, "aspect_ratio", shape)


def _title(shop: Workshop, title: str) -> None:
    chosen = shop.scope() if shop.selection else []
    if len(chosen) == 1:
        shop.do(ops.Rename(step=chosen[0].id, title=title))
    elif not chosen:
        shop.do(ops.Patch(title=title))


def _duplicate(shop: Workshop, *_: str) -> None:
    for step in shop.scope() if shop.selection else []:
        taken = {each.id for each in shop.plan.steps}
        number = next(n for n in range(2, len(taken) + 3) if f"{step.id[:28]}_{n}" not in taken)
        shop.do(ops.Duplicate(step=step.id, id=f"{step.id[:28]}_{number}"))


_WORKS: dict[str, Any] = {
    "look": _look,
    "remove": _remove,
    "remove-scene": _remove_scene,
    "scale-length": edit_lengths.scale,
    "length": edit_lengths.length,
    "swap-scenes": _swap_scenes,
    "model": _model,
    "shape": _shape,
    "volume": edit_parts.volume,
    "say": edit_parts.say,
    "title": _title,
    "replace-word": _replace_word,
    "prompt": _prompt,
    "crossfade": _crossfade,
    "longer-by": edit_lengths.longer_by,
    "part-length": edit_parts.length,
    "part": edit_parts.change,
    "caption-text": edit_parts.caption_text,
    "duplicate": _duplicate,
}
