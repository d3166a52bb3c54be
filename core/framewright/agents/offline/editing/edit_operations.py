"""Turns one wish about a plan into operations on the selected steps and their wires."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from framewright.agents.offline.editing import edit_lengths, edit_parts, edit_titles
from framewright.agents.offline.editing.edit_looks import relit, reordered
from framewright.agents.offline.editing.edit_parts import task_of
from framewright.agents.offline.editing.edit_scope import Target
from framewright.agents.offline.editing.edit_workshop import (
    PICTURES,
    SOUNDS,
    Workshop,
    clip_of,
    dressing,
    free_id,
    listed,
    nth,
    plain,
    points_to,
    scenes_of,
)
from framewright.agents.offline.steps.choose import SHAPE, field_of, shape_for
from framewright.agents.offline.words.lexicon import lexicon
from framewright.agents.offline.words.measures import plain_number
from framewright.catalog.ports import properties
from framewright.checks.near import nearest
from framewright.checks.repair.plan.names import counterpart
from framewright.domain import refs
from framewright.domain.media import MediaKind
from framewright.domain.plan import StepKind, Task
from framewright.edits import operation as ops
from framewright.edits.apply import takers
from framewright.errors import EditError

if TYPE_CHECKING:
    from collections.abc import Callable

    from framewright.agents.offline.editing.edit_rules import What, Words
    from framewright.agents.offline.editing.edit_words import Wish
    from framewright.domain.plan import Step


def carry_out(shop: Workshop, wish: Wish) -> bool:
    """Do what a wish says; False where there is nothing in scope that it could mean."""
    before = len(shop.done)
    shop.target = wish.target
    _WORKS[wish.what](shop, wish.words)
    return len(shop.done) > before


def _replace_word(shop: Workshop, words: Words) -> None:
    """Put one thing in the place of another, in every prompt in scope that names it."""
    little, old = lexicon(), words.get("old") or words["quote2"]
    joined = "|".join(map(re.escape, sorted(little.prepositions | little.determiners)))
    named = re.compile(
        rf"\b(?P<article>(?:an?|the) (?:(?!(?:{joined})\b)[\w-]+ ){{0,2}})?"
        rf"{re.escape(old)}\b",
        re.IGNORECASE,
    )
    new = plain(words.get("new") or words["quote"])
    article = words.get("article", "").lower()
    # "Replace the dogs with cats", "the dog with two".
    bare = new.endswith("s") or little.number(new.partition(" ")[0]) is not None

    def instead(found: re.Match[str]) -> str:
        if article in {"a ", "an ", "some "} or not found["article"]:
            return f"{article if found['article'] else ''}{new}"
        if bare and not article:
            return new
        return f"{'an' if new[:1].lower() in 'aeiou' else 'a'} {new}"

    for step in shop.scope():
        if shop.task(step) in PICTURES | SOUNDS:
            shop.reword(step, lambda said: named.sub(instead, said), anywhere=True)


def _prompt(shop: Workshop, words: Words) -> None:
    shop.target = Target(scene=words["scene"])
    for step in shop.scope():
        if shop.task(step) in PICTURES:
            shop.write(step, words["quote"])


def _crossfade(shop: Workshop, words: Words) -> None:
    for merge in shop.of_task(Task.MERGE_VIDEOS):
        card = shop.card(merge)
        if card is None or not {"transition", "transition_seconds"} <= properties(card).keys():
            raise EditError(f"{merge.model} makes no crossfades.")
        shop.set(merge, "transition", "crossfade")
        shop.set(merge, "transition_seconds", plain_number(float(words.get("seconds", "0.5"))))


def _look(shop: Workshop, words: Words) -> None:
    """Change how pictures look; a thing takes the place of what they show."""
    look, thing = plain(words["look"]), plain(words.get("thing", ""))
    about = words.get("about", "")

    def changed(said: str) -> str:
        if thing:
            _, comma, style = said.partition(", ")
            return f"{thing}{comma}{style}"
        if about:
            # "Make the boat red": a red boat, where there is a boat.
            named = rf"\b{re.escape(about)}\b"
            return re.sub(named, lambda at: f"{look} {at[0]}", said, count=1, flags=re.IGNORECASE)
        return relit(said, look)

    chosen = [step for step in shop.scope() if shop.task(step) in PICTURES]
    others = frozenset(step.id for step in chosen)
    for step in chosen:
        if shop.task(step) is not Task.IMAGE_TO_IMAGE or thing or about:
            shop.reword(step, changed)
        else:
            follows = any(ref.step in others for ref in refs.step_refs(step))
            shop.reword(step, partial(reordered, look=look, follows=follows))


def _remove(shop: Workshop, words: Words) -> None:
    for step in shop.of_task(task_of(words["part"])):
        _take_out(shop, step.id)


def _remove_this(shop: Workshop, _: Words) -> None:
    for step in _chosen(shop):
        _take_out(shop, step.id)


def _chosen(shop: Workshop) -> list[Step]:
    """Return the steps that "this" means: those selected, or the one that is named."""
    return shop.scope() if shop.selection or shop.target.step else []


def _take_out(shop: Workshop, name: str) -> None:
    """Remove a step; what it passed on goes round it, what only served it goes too."""
    waiting = [name]
    joins: list[str] = []
    while waiting:
        step = shop.plan.step(waiting.pop(0))
        if step is None:
            continue
        joins += [taker.id for taker in takers(shop.plan, step.id)]
        _forget_levels(shop, step)
        passed = _passed_on(shop, step)
        if passed is not None and not points_to(passed, step.id):
            for taker in list(takers(shop.plan, step.id)):
                _repoint(shop, taker, step.id, passed)
        sources = dict.fromkeys(ref.step for ref in refs.step_refs(step))
        shop.do(ops.RemoveStep(step=step.id))
        served = [each for each in sources if each not in shop.selection]
        waiting += [each for each in served if _only_served(shop, each)]
        if not waiting:
            left = [shop.plan.step(each) for each in dict.fromkeys(joins)]
            waiting += [each.id for each in left if each is not None and _lacks(shop, each)]


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
        found = listed(shop, mix, MediaKind.AUDIO)
        if found is None:
            continue
        tracks = found[1]
        gone = {at for at, text in enumerate(tracks) if points_to(text, step.id)}
        for field in ("gains_db", "starts_seconds"):
            levels = mix.inputs.get(field)
            if isinstance(levels, list) and gone:
                kept = [level for at, level in enumerate(levels) if at not in gone]
                shop.do(ops.SetInput(step=mix.id, field=field, value=kept))


def _lacks(shop: Workshop, step: Step) -> bool:
    """Tell whether a step that joins has too little left to join."""
    card = shop.card(step)
    if card is None or card.task not in {Task.MIX_AUDIO, Task.MERGE_VIDEOS, Task.MUX_AUDIO}:
        return False
    for port in shop.catalog.ports[card.id].values():
        value = step.inputs.get(port.field)
        if port.many and isinstance(value, list) and len(value) < 2:
            return True
        if port.required and value in (None, []):
            return True
    return False


def _swap_scenes(shop: Workshop, words: Words) -> None:
    merge, field, scenes = scenes_of(shop)
    _refuse_other(shop, merge.id)
    named = (words.get("scenes") or "").split()
    named = named or [words["scene"], words.get("scene2") or words["count"]]
    if len(named) != 2:
        raise EditError("Two scenes can be swapped, and no more.")
    first, second = (nth(scenes, each) for each in named)
    if first == second:
        raise EditError("A scene can not be swapped with itself.")
    scenes[first], scenes[second] = scenes[second], scenes[first]
    shop.set(merge, field, scenes)


def _refuse_other(shop: Workshop, step: str) -> None:
    if not shop.may_change(step):
        raise EditError(f"{step} is not selected.", action=f"Select {step} too, or nothing.")


def _remove_scene(shop: Workshop, words: Words) -> None:
    _, _, scenes = scenes_of(shop)
    numbers = (words.get("scenes") or words["scene"]).split()
    places = sorted({nth(scenes, each) for each in numbers}, reverse=True)
    if len(places) == len(scenes):
        raise EditError("Without any scene there is no film.")
    # The last first, so that the numbers of the others stay.
    for place in places:
        _remove_one(shop, place)


def _remove_one(shop: Workshop, at: int) -> None:
    merge, field, scenes = scenes_of(shop)
    found = refs.parse(scenes[at])
    if not isinstance(found, refs.StepRef):
        raise EditError(f"Scene {at + 1} is no step.")
    made = clip_of(shop, found.step)
    _refuse_other(shop, made)
    for frame in shop.of_task(Task.EXTRACT_FRAME, list(takers(shop.plan, made))):
        if at == 0:
            raise EditError("The next scene begins where scene 1 ends: it can not be taken out.")
        _repoint(shop, frame, made, scenes[at - 1])
    left = [*scenes[:at], *scenes[at + 1 :]]
    shop.set(merge, field, left)
    if any(points_to(text, found.step) for text in left):
        # It is shown a second time, and stays for that.
        return
    # Words on the scene go with it, from the outside in.
    for name in dict.fromkeys([*dressing(shop, found.step), made]):
        if name != found.step and any(takers(shop.plan, name)):
            break
        _take_out(shop, name)


def _model(shop: Workshop, words: Words) -> None:
    known = shop.catalog.cards
    name = words["model"]
    found = name if name in known else nearest(name, known)
    if found is None:
        raise EditError(f"There is no model {name}.", action="`framewright models` lists them.")
    card = known[found]
    for step in shop.scope():
        old = shop.card(step)
        if step.model == found or old is None or old.output is not card.output:
            continue
        if step.kind is StepKind.UTILITY and card.kind is not StepKind.UTILITY:
            # What joins clips or mixes sounds is no step that a model of pictures could do.
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


def _shape(shop: Workshop, words: Words) -> None:
    shape = next(words[name] for name in ("shape", "format", "ratio") if name in words)
    can_not: list[str] = []
    before = len(shop.done)
    for step in shop.scope():
        card = shop.card(step)
        field = None if card is None else field_of(card, SHAPE)
        if card is None or field is None:
            continue
        schema = properties(card)[field]
        if card.kind is StepKind.UTILITY and field not in step.inputs:
            continue
        if not shape_for(card, shape):
            can = " or ".join(map(str, schema.get("enum", ())))
            can_not.append(f"{step.id} can not be {shape}: {card.id} makes {can}.")
        elif step.inputs.get(field, schema.get("default")) != shape:
            shop.set(step, field, shape)
    if can_not and len(shop.done) == before:
        raise EditError(can_not[0], action="Choose one of these, or another model.")
    shop.notes.extend(can_not)


def _title(shop: Workshop, words: Words) -> None:
    chosen = _chosen(shop)
    if len(chosen) == 1:
        shop.do(ops.Rename(step=chosen[0].id, title=words["quote"]))
    elif not (chosen or shop.selection or shop.target.narrow):
        shop.do(ops.Patch(title=words["quote"]))


def _duplicate(shop: Workshop, _: Words) -> None:
    for step in _chosen(shop):
        shop.do(ops.Duplicate(step=step.id, id=free_id(shop, step.id)))


_WORKS: dict[What, Callable[[Workshop, Words], None]] = {
    "look": _look,
    "remove": _remove,
    "remove-this": _remove_this,
    "remove-scene": _remove_scene,
    "scale-length": edit_lengths.scale,
    "length": edit_lengths.length,
    "longer": edit_lengths.longer,
    "longer-by": edit_lengths.longer_by,
    "swap-scenes": _swap_scenes,
    "model": _model,
    "shape": _shape,
    "volume": edit_parts.volume,
    "say": edit_parts.say,
    "title": _title,
    "replace-word": _replace_word,
    "prompt": _prompt,
    "crossfade": _crossfade,
    "part-length": edit_parts.length,
    "part": edit_parts.change,
    "caption-text": edit_titles.change,
    "add-title": edit_titles.add,
    "duplicate": _duplicate,
}
