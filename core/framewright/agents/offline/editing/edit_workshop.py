"""A plan on the workbench: what an edit in words may change of it, and what it did."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from framewright.agents.offline.editing.edit_scope import EVERYTHING, Target
from framewright.agents.offline.steps.choose import WORDS, field_of, literal
from framewright.catalog.ports import properties
from framewright.domain import refs
from framewright.domain.media import MediaKind
from framewright.domain.plan import Task
from framewright.edits import operation as ops
from framewright.edits.apply import apply
from framewright.errors import EditError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from framewright.catalog.catalog import Catalog
    from framewright.domain.model_card import ModelCard
    from framewright.domain.plan import Plan, Step
    from framewright.edits.operation import Operation

CLIPS = frozenset({Task.TEXT_TO_VIDEO, Task.IMAGE_TO_VIDEO})
SOUNDS = frozenset({Task.TEXT_TO_MUSIC, Task.TEXT_TO_SOUND})
PICTURES = frozenset({
    Task.TEXT_TO_IMAGE, Task.IMAGE_TO_IMAGE, Task.TEXT_TO_VIDEO, Task.IMAGE_TO_VIDEO,
    Task.VIDEO_TO_VIDEO, Task.TEXT_TO_3D,
})  # fmt: skip
_MOST_WORDS = 20_000
"""Characters of a prompt whose model names no bound."""
_TITLE = 60
_LARGEST = 1e9


@dataclass(slots=True)
class Workshop:
    """A plan that is being edited, with everything that was done to it."""

    plan: Plan
    catalog: Catalog
    selection: Collection[str]
    """The scope; empty means the whole plan."""
    done: list[Operation]
    notes: list[str]
    """What a person should know of it."""
    target: Target = EVERYTHING
    """What the clause at hand is about."""

    def do(self, operation: Operation) -> None:
        """Apply an operation and keep it."""
        self.plan = apply(self.plan, operation)
        self.done.append(operation)

    def set(self, step: Step, field: str, value: Any) -> None:
        """Give an input of a step a value."""
        self.do(ops.SetInput(step=step.id, field=field, value=value))

    def may_change(self, step: str) -> bool:
        """Tell whether the selection lets a step be changed."""
        return not self.selection or step in self.selection

    def scope(self) -> list[Step]:
        """Return the steps that may be changed: of the selection, those the clause is about."""
        chosen = self._targeted()
        return [
            step
            for step in self.plan.steps
            if self.may_change(step.id) and (chosen is None or step.id in chosen)
        ]

    def _targeted(self) -> frozenset[str] | None:
        if self.target.step:
            return frozenset({self.target.step})
        if self.target.scene:
            return _of_scene(self, self.target.scene)
        if self.target.scenes:
            return frozenset().union(*(_of_scene(self, each) for each in self.target.scenes))
        if self.target.spared:
            every = frozenset(step.id for step in self.plan.steps)
            return every.difference(*(_of_scene(self, each) for each in self.target.spared))
        return None

    def card(self, step: Step) -> ModelCard | None:
        """Return the card of a step's model."""
        return self.catalog.cards.get(step.model or "")

    def task(self, step: Step) -> Task | None:
        """Return what a step does; None where its model is not known."""
        card = self.card(step)
        return None if card is None else card.task

    def of_task(self, task: Task, steps: list[Step] | None = None) -> list[Step]:
        """Return the steps that do a task, those in scope where no others are given."""
        among = self.scope() if steps is None else steps
        return [step for step in among if self.task(step) is task]

    def words(self, step: Step, names: tuple[str, ...] = WORDS) -> tuple[str, str] | None:
        """Return the field that carries a step's words, and what it says; None for a reference."""
        card = self.card(step)
        field = None if card is None else field_of(card, names)
        said = step.inputs.get(field) if field is not None else None
        if field is None or not isinstance(said, str) or refs.parse(said) is not None:
            return None
        return field, refs.literal(said)

    def reword(
        self,
        step: Step,
        change: Callable[[str], str],
        names: tuple[str, ...] = WORDS,
        *,
        anywhere: bool = False,
    ) -> None:
        """Change a step's words, and its title and the plan's where they say the same.

        `anywhere`: a title that says something else is changed too, as one thing is named in it.
        """
        found = self.words(step, names)
        if found is None:
            return
        field, said = found
        changed = change(said)
        if changed == said:
            return
        self._put(step, field, said, changed)
        self._retitle(step, said, change, anywhere=anywhere)

    def write(self, step: Step, words: str, names: tuple[str, ...] = WORDS) -> None:
        """Give a step other words, whatever it said or took before."""
        card = self.card(step)
        field = None if card is None else field_of(card, names)
        if field is None:
            return
        _, said = self.words(step, names) or (field, "")
        changed = plain(words)
        self._put(step, field, said, changed)
        self._retitle(step, said, lambda _: changed, anywhere=False)

    def _put(self, step: Step, field: str, said: str, changed: str) -> None:
        card = self.card(step)
        most = properties(card)[field].get("maxLength", _MOST_WORDS) if card else _MOST_WORDS
        if isinstance(most, int) and len(changed) > max(most, len(said)):
            message = f"The words of {step.id} would have {len(changed):,} characters."
            raise EditError(message, action=f"{step.model} takes {most:,}: say it shorter.")
        self.set(step, field, refs.escape(changed))

    def _retitle(
        self, step: Step, said: str, change: Callable[[str], str], *, anywhere: bool
    ) -> None:
        head, colon, rest = step.title.partition(": ")
        title = _followed(rest if colon else head, said, change, anywhere=anywhere)
        if title is not None:
            self.do(ops.Rename(step=step.id, title=_short(f"{head}: {title}" if colon else title)))
        if self.selection or self.target.narrow:
            # The plan is named for all of it, and only a part was changed.
            return
        title = _followed(self.plan.title, said, change, anywhere=anywhere)
        if title is not None:
            self.do(ops.Patch(title=_short(title)))


def plain(words: str) -> str:
    """Return a person's words for the middle of a prompt: no template by accident."""
    return refs.literal(literal(words))


def amount(value: object) -> float | None:
    """Return a number that a plan holds as one; None for anything else, however it is written."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if abs(value) <= _LARGEST else None


def _followed(title: str, said: str, change: Callable[[str], str], *, anywhere: bool) -> str | None:
    """Return what a title says after a change of the words it was made from; None as before."""
    bare = title.removesuffix("…")
    if not bare.strip():
        return None
    if said.lower().startswith(bare.lower()):
        # A title that was cut, or that leaves out the style behind the first words.
        changed = change(said if bare != title or bare.lower() == said.lower() else title)
    elif anywhere:
        changed = change(title)
    else:
        return None
    if changed in (title, said):
        return None
    raised = title[:1].isupper() and not said[:1].isupper()
    return changed[:1].upper() + changed[1:] if raised else changed


def _short(title: str) -> str:
    return textwrap.shorten(title, _TITLE, placeholder="…") if len(title) > _TITLE else title


def _of_scene(shop: Workshop, number: str) -> frozenset[str]:
    """Return the steps that make a scene: its clip, and the pictures it is made from."""
    scenes = clips_in_order(shop)
    chosen = {scenes[nth(scenes, number)]}
    reached = list(chosen)
    while reached:
        step = shop.plan.step(reached.pop())
        for ref in refs.step_refs(step) if step is not None else ():
            source = shop.plan.step(ref.step)
            if source is None or ref.step in chosen:
                continue
            if shop.task(source) in PICTURES or (step is not None and _dressed(shop, step)):
                chosen.add(ref.step)
                reached.append(ref.step)
    return frozenset(chosen)


def _dressed(shop: Workshop, step: Step) -> str | None:
    """Return the step that a caption, a cut or another size is made of; None for other steps."""
    if shop.task(step) not in {Task.CAPTION, Task.TRIM, Task.RESIZE}:
        return None
    taken = (ref.step for ref in refs.step_refs(step))
    return next(taken, None)


def dressing(shop: Workshop, name: str) -> list[str]:
    """Return the steps from a scene inwards that only set words on its clip, or cut it."""
    found: list[str] = []
    step = shop.plan.step(name)
    while step is not None and step.id not in found and (inner := _dressed(shop, step)):
        found.append(step.id)
        step = shop.plan.step(inner)
    return found


def clip_of(shop: Workshop, name: str) -> str:
    """Return the step that makes a scene, whatever is set on it."""
    around = dressing(shop, name)
    last = shop.plan.step(around[-1]) if around else None
    return name if last is None else _dressed(shop, last) or name


def free_id(shop: Workshop, name: str) -> str:
    """Return a step id like a name that no step has yet."""
    taken = {each.id for each in shop.plan.steps}
    numbered = (f"{name[: 31 - len(str(n))]}_{n}" for n in range(2, len(taken) + 3))
    return next(each for each in numbered if each not in taken)


def clips_in_order(shop: Workshop) -> list[str]:
    """Return the ids of the steps that make the scenes; empty ids for files that were given."""
    if shop.of_task(Task.MERGE_VIDEOS, list(shop.plan.steps)):
        found = [refs.parse(text) for text in scenes_of(shop)[2]]
        return [ref.step if isinstance(ref, refs.StepRef) else "" for ref in found]
    made = [step.id for step in shop.plan.steps if shop.task(step) in CLIPS]
    return made or [step.id for step in shop.of_task(Task.TEXT_TO_IMAGE, list(shop.plan.steps))]


def listed(shop: Workshop, step: Step, kind: MediaKind) -> tuple[str, list[str]] | None:
    """Return the field of a step that takes several media of a kind, and the references in it."""
    for field, port in shop.catalog.ports[step.model or ""].items():
        value = step.inputs.get(field)
        if not port.many or port.media is not kind or not isinstance(value, list):
            continue
        if any(not isinstance(each, str) for each in value):
            raise EditError(f"{field} of {step.id} holds something that is no reference.")
        return field, list(value)
    return None


def scenes_of(shop: Workshop) -> tuple[Step, str, list[str]]:
    """Return the merge, its field, and the scenes in their order."""
    for merge in shop.of_task(Task.MERGE_VIDEOS, list(shop.plan.steps)):
        if found := listed(shop, merge, MediaKind.VIDEO):
            return merge, *found
    raise EditError("The plan joins no scenes.")


def nth(scenes: list[str], number: str) -> int:
    """Return the place of a scene from its number, from 1, or `last`; raises `EditError`."""
    counted = number.isdecimal() and len(number) <= 4
    at = len(scenes) - 1 if number.lower() == "last" else int(number) - 1 if counted else -1
    if not 0 <= at < len(scenes):
        raise EditError(f"There is no scene {number[:40]}; there are {len(scenes)}.")
    return at


def points_to(text: object, step: str) -> bool:
    """Tell whether a value is a reference to a step, whichever of its outputs it takes."""
    found = refs.parse(text) if isinstance(text, str) else None
    return isinstance(found, refs.StepRef) and found.step == step
