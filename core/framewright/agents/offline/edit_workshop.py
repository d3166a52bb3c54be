"""A plan on the workbench: what an edit in words may change of it, and what it did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from framewright.agents.offline.edit_scope import EVERYTHING, Target
from framewright.domain import refs
from framewright.domain.plan import Task
from framewright.edits import operation as ops
from framewright.edits.apply import apply
from framewright.errors import EditError

if TYPE_CHECKING:
    from collections.abc import Collection

    from framewright.catalog.catalog import Catalog
    from framewright.domain.model_card import ModelCard
    from framewright.domain.plan import Plan, Step

CLIPS = frozenset({Task.TEXT_TO_VIDEO, Task.IMAGE_TO_VIDEO})
PICTURES = {
    Task.TEXT_TO_IMAGE, Task.IMAGE_TO_IMAGE, Task.TEXT_TO_VIDEO, Task.IMAGE_TO_VIDEO,
    Task.VIDEO_TO_VIDEO, Task.TEXT_TO_3D,
}  # fmt: skip


@dataclass(slots=True)
class Workshop:
    """A plan that is being edited, with everything that was done to it."""

    plan: Plan
    catalog: Catalog
    selection: Collection[str]
    """The scope; empty means the whole plan."""
    done: list[Any]
    notes: list[str]
    """What a person should know of it."""
    target: Target = EVERYTHING
    """What the clause at hand is about."""

    def do(self, operation: Any) -> None:
        """Apply an operation and keep it."""
        self.plan = apply(self.plan, operation)
        self.done.append(operation)

    def set(self, step: Step, field: str, value: Any) -> None:
        """Give an input of a step a value."""
        self.do(ops.SetInput(step=step.id, field=field, value=value))

    def scope(self) -> list[Step]:
        """Return the steps that may be changed: of the selection, those the clause is about."""
        chosen = self._targeted()
        return [
            step
            for step in self.plan.steps
            if (not self.selection or step.id in self.selection)
            and (chosen is None or step.id in chosen)
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
            return every - _of_scene(self, self.target.spared)
        return None

    def card(self, step: Step) -> ModelCard | None:
        """Return the card of a step's model."""
        return self.catalog.cards.get(step.model or "")

    def of_task(self, task: Task, steps: list[Step] | None = None) -> list[Step]:
        """Return the steps that do a task, those in scope where no others are given."""
        among = self.scope() if steps is None else steps
        return [s for s in among if (card := self.card(s)) is not None and card.task is task]


def _of_scene(shop: Workshop, number: str) -> frozenset[str]:
    """Return the steps that make a scene: its clip, and the pictures it is made from."""
    scenes = _clips_in_order(shop)
    chosen = {scenes[nth(scenes, number)]}
    reached = list(chosen)
    while reached:
        step = shop.plan.step(reached.pop())
        for ref in refs.step_refs(step) if step is not None else ():
            source = shop.plan.step(ref.step)
            card = shop.card(source) if source is not None else None
            if card is not None and card.task in PICTURES and ref.step not in chosen:
                chosen.add(ref.step)
                reached.append(ref.step)
    return frozenset(chosen)


def _clips_in_order(shop: Workshop) -> list[str]:
    if shop.of_task(Task.MERGE_VIDEOS, list(shop.plan.steps)):
        found = [refs.parse(text) for text in scenes_of(shop)[2]]
        return [ref.step if isinstance(ref, refs.StepRef) else "" for ref in found]
    made = [
        step.id
        for step in shop.plan.steps
        if (card := shop.card(step)) is not None and card.task in CLIPS
    ]
    return made or [step.id for step in shop.of_task(Task.TEXT_TO_IMAGE, list(shop.plan.steps))]


def scenes_of(shop: Workshop) -> tuple[Step, str, list[str]]:
    """Return the merge, its field, and the scenes in their order."""
    for merge in shop.of_task(Task.MERGE_VIDEOS, list(shop.plan.steps)):
        for field, port in shop.catalog.ports[merge.model or ""].items():
            value = merge.inputs.get(field)
            if port.many and isinstance(value, list):
                return merge, field, list(value)
    raise EditError("The plan joins no scenes.")


def nth(scenes: list[str], number: str) -> int:
    """Return the place of a scene from its number, from 1, or `last`; raises `EditError`."""
    at = (
        len(scenes) - 1 if number.lower() == "last" else int(number) - 1 if number.isdigit() else -1
    )
    if not 0 <= at < len(scenes):
        raise EditError(f"There is no scene {number}; there are {len(scenes)}.")
    return at
