"""Turns one wish about a plan into operations on the selected steps and their wires."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from framewright.agents.offline.edit_words import relit
from framewright.catalog.ports import properties
from framewright.checks.near import nearest
from framewright.checks.repair.plan.names import same_field
from framewright.domain import refs
from framewright.domain.plan import StepKind, Task
from framewright.edits import operation as ops
from framewright.edits.apply import apply, takers
from framewright.errors import EditError

if TYPE_CHECKING:
    from collections.abc import Collection

    from framewright.agents.offline.edit_words import Wish
    from framewright.catalog.catalog import Catalog
    from framewright.domain.model_card import ModelCard
    from framewright.domain.plan import Plan, Step

_PARTS = {
    "music": Task.TEXT_TO_MUSIC, "song": Task.TEXT_TO_MUSIC, "soundtrack": Task.TEXT_TO_MUSIC,
    "voice": Task.TEXT_TO_SPEECH, "narration": Task.TEXT_TO_SPEECH, "speech": Task.TEXT_TO_SPEECH,
    "sound": Task.TEXT_TO_SOUND, "effect": Task.TEXT_TO_SOUND, "caption": Task.CAPTION,
    "title": Task.CAPTION,
}  # fmt: skip
_PICTURES = {
    Task.TEXT_TO_IMAGE, Task.IMAGE_TO_IMAGE, Task.TEXT_TO_VIDEO, Task.IMAGE_TO_VIDEO,
    Task.VIDEO_TO_VIDEO, Task.TEXT_TO_3D,
}  # fmt: skip
_FACTORS = {"twice": 2.0, "double": 2.0, "half": 0.5, "halve": 0.5, "three times": 3.0}
_LENGTHS = ("duration", "duration_seconds")
_LOUDER_DB = 6


@dataclass(slots=True)
class Workshop:
    """A plan that is being edited, with everything that was done to it."""

    plan: Plan
    catalog: Catalog
    selection: Collection[str]
    """The scope; empty means the whole plan."""
    done: list[Any]

    def do(self, operation: Any) -> None:
        """Apply an operation and keep it."""
        self.plan = apply(self.plan, operation)
        self.done.append(operation)

    def set(self, step: Step, field: str, value: Any) -> None:
        """Give an input of a step a value."""
        self.do(ops.SetInput(step=step.id, field=field, value=value))

    def scope(self) -> list[Step]:
        """Return the steps that may be changed."""
        return [step for step in self.plan.steps if not self.selection or step.id in self.selection]

    def card(self, step: Step) -> ModelCard | None:
        """Return the card of a step's model."""
        return self.catalog.cards.get(step.model or "")

    def of_task(self, task: Task, steps: list[Step] | None = None) -> list[Step]:
        """Return the steps that do a task, those in scope where no others are given."""
        among = self.scope() if steps is None else steps
        return [s for s in among if (card := self.card(s)) is not None and card.task is task]


def carry_out(shop: Workshop, wish: Wish) -> bool:
    """Do what a wish says; False where there is nothing in scope that it could mean."""
    before = len(shop.done)
    _WORKS[wish.what](shop, *wish.words)
    return len(shop.done) > before


def _look(shop: Workshop, look: str) -> None:
    for step in shop.scope():
        card, prompt = shop.card(step), step.inputs.get("prompt")
        if card is None or card.task not in _PICTURES or not isinstance(prompt, str):
            continue
        if refs.parse(prompt) is None and (changed := relit(prompt, look)) != prompt:
            shop.set(step, "prompt", changed)


def _remove(shop: Workshop, part: str) -> None:
    if part.lower() in {"this", "it", "these", "them"}:
        chosen = shop.scope() if shop.selection else []
    else:
        chosen = shop.of_task(_task(part))
    for step in chosen:
        _take_out(shop, step.id)


def _task(part: str) -> Task:
    word = part.lower().replace("-", " ").split()[0].rstrip("s")
    return _PARTS.get(word, Task.TEXT_TO_SOUND)


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


def _scenes(shop: Workshop) -> tuple[Step, str, list[str]]:
    """Return the merge, its field, and the scenes in their order."""
    for merge in shop.of_task(Task.MERGE_VIDEOS, list(shop.plan.steps)):
        for field, port in shop.catalog.ports[merge.model or ""].items():
            value = merge.inputs.get(field)
            if port.many and isinstance(value, list):
                return merge, field, list(value)
    raise EditError("The plan joins no scenes.")


def _swap_scenes(shop: Workshop, one: str, other: str) -> None:
    merge, field, scenes = _scenes(shop)
    first, second = _nth(scenes, one), _nth(scenes, other)
    scenes[first], scenes[second] = scenes[second], scenes[first]
    shop.set(merge, field, scenes)


def _remove_scene(shop: Workshop, number: str) -> None:
    _, _, scenes = _scenes(shop)
    at = _nth(scenes, number)
    found = refs.parse(scenes[at])
    if not isinstance(found, refs.StepRef):
        raise EditError(f"Scene {number} is no step.")
    for frame in shop.of_task(Task.EXTRACT_FRAME, list(takers(shop.plan, found.step))):
        if at == 0:
            raise EditError("The next scene begins where scene 1 ends: it can not be taken out.")
        _repoint(shop, frame, found.step, scenes[at - 1])
    _take_out(shop, found.step)


def _nth(scenes: list[str], number: str) -> int:
    at = (
        len(scenes) - 1 if number.lower() == "last" else int(number) - 1 if number.isdigit() else -1
    )
    if not 0 <= at < len(scenes):
        raise EditError(f"There is no scene {number}; there are {len(scenes)}.")
    return at


def _scale(shop: Workshop, how: str) -> None:
    words = how.lower()
    factor = _FACTORS.get(words) or float(words.split()[0])
    for step, field, now in _lengths(shop):
        _set_length(shop, step, field, now * factor)


def _length(shop: Workshop, seconds: str) -> None:
    for step, field, _ in _lengths(shop):
        card = shop.card(step)
        if shop.selection or (card is not None and card.task is not Task.TEXT_TO_SOUND):
            _set_length(shop, step, field, float(seconds))


def _lengths(shop: Workshop) -> list[tuple[Step, str, float]]:
    found = []
    for step in shop.scope():
        card = shop.card(step)
        known = properties(card) if card is not None else {}
        for field in _LENGTHS:
            now = step.inputs.get(field, known.get(field, {}).get("default"))
            if field in known and isinstance(now, (int, float)):
                found.append((step, field, float(now)))
                break
    return found


def _set_length(shop: Workshop, step: Step, field: str, seconds: float) -> None:
    card = shop.card(step)
    schema = properties(card)[field] if card is not None else {}
    value: float = int(seconds) if seconds.is_integer() else seconds
    allowed = schema.get("enum")
    low, high = schema.get("minimum", value), schema.get("maximum", value)
    if (isinstance(allowed, list) and value not in allowed) or not low <= value <= high:
        can = " or ".join(map(str, allowed)) if isinstance(allowed, list) else f"{low} to {high}"
        raise EditError(f"{step.id} can not last {value:g} s: {step.model} makes {can}.")
    if step.inputs.get(field) != value:
        shop.set(step, field, value)


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
        fields = {field: same_field(field, properties(card)) for field in step.inputs}
        moved = {field: to for field, to in fields.items() if to != field}
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


def _volume(shop: Workshop, *words: str) -> None:
    how = next(
        word for word in words if word.lower() in {"louder", "quieter", "softer", "up", "down"}
    )
    part = next(word for word in words if word is not how)
    change = _LOUDER_DB if how.lower() in {"louder", "up"} else -_LOUDER_DB
    for track in shop.of_task(_task(part)):
        for mix in shop.of_task(Task.MIX_AUDIO, list(takers(shop.plan, track.id))):
            tracks, gains = mix.inputs.get("tracks"), mix.inputs.get("gains_db")
            if not isinstance(tracks, list):
                continue
            levels = [0] * len(tracks)
            if isinstance(gains, list):
                levels[: len(gains)] = gains
            at = tracks.index(refs.write(refs.StepRef(track.id)))
            levels[at] = max(-60, min(12, levels[at] + change))
            shop.set(mix, "gains_db", levels)


def _say(shop: Workshop, words: str) -> None:
    speakers = shop.of_task(Task.TEXT_TO_SPEECH)
    if len(speakers) > 1:
        raise EditError("Several steps speak.", action="Select the one that is to say it.")
    for step in speakers:
        shop.set(step, "text", refs.escape(words))


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
    "scale-length": _scale,
    "length": _length,
    "swap-scenes": _swap_scenes,
    "model": _model,
    "shape": _shape,
    "volume": _volume,
    "say": _say,
    "title": _title,
    "duplicate": _duplicate,
}
