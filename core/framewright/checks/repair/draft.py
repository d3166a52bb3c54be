"""A plan on the operating table: steps as plain dictionaries, before they are a `Plan`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from framewright.domain import refs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from framewright.catalog.catalog import Catalog
    from framewright.catalog.ports import Port
    from framewright.checks.repair.record import Record
    from framewright.domain.media import MediaKind
    from framewright.domain.model_card import ModelCard

StepDict = dict[str, Any]
Path = tuple[str | int, ...]


@dataclass(slots=True)
class Draft:
    """The plan as far as it is known."""

    title: str
    steps: list[StepDict]
    groups: list[Any] = field(default_factory=list)
    _by_id: dict[str, StepDict] = field(default_factory=dict)

    def step(self, name: str) -> StepDict | None:
        """Return the step of that id, or None."""
        if len(self._by_id) != len(self.steps):
            self._by_id = {step["id"]: step for step in reversed(self.steps)}
        return self._by_id.get(name)

    def set_steps(self, steps: list[StepDict]) -> None:
        """Replace all steps, or tell that ids have changed."""
        self.steps[:] = steps
        self._by_id = {}

    def insert(self, made: StepDict, before: StepDict | None = None) -> None:
        """Put a new step in front of another, or at the end."""
        at = len(self.steps) if before is None else self.steps.index(before)
        self.steps.insert(at, made)
        self._by_id = {}

    def new_id(self, wish: str) -> str:
        """Return an id that is free, the wish itself where it can be."""
        taken = {step.get("id") for step in self.steps} | refs.RESERVED
        name, number = wish[:32], 1
        while name in taken:
            number += 1
            ending = f"_{number}"
            name = wish[: 32 - len(ending)] + ending
        return name


@dataclass(frozen=True, slots=True)
class Case:
    """What every rule works on."""

    draft: Draft
    catalog: Catalog
    """The models that are available here."""
    known: Catalog
    """All models the catalog names, available or not."""
    uploads: Mapping[str, MediaKind] | None
    """None where nobody said what there is."""
    brief: str
    record: Record

    def card(self, step: StepDict) -> ModelCard | None:
        """Return the card of the step's model."""
        return self.known.cards.get(str(step.get("model") or ""))

    def ports(self, step: StepDict) -> dict[str, Port]:
        """Return the media fields of the step's model."""
        return self.known.ports.get(str(step.get("model") or ""), {})

    def output(self, step: StepDict) -> MediaKind | None:
        """Return what a step makes, as far as its model is known."""
        card = self.card(step)
        return None if card is None else card.output

    def kind_of(self, text: str) -> MediaKind | None:
        """Return what a reference brings; None where nobody knows."""
        match refs.parse(text):
            case refs.StepRef(name):
                step = self.draft.step(name)
                return None if step is None else self.output(step)
            case refs.UploadRef(name):
                return (self.uploads or {}).get(name)
        return None

    def users(self) -> dict[str, list[tuple[StepDict, Path]]]:
        """Return the places that take the output of each step, as the plan is now."""
        found: dict[str, list[tuple[StepDict, Path]]] = {}
        for step in self.draft.steps:
            for path, text in refs.strings(step["inputs"]):
                ref = refs.parse(text)
                if isinstance(ref, refs.StepRef):
                    found.setdefault(ref.step, []).append((step, path))
                elif ref is None:
                    for each in refs.templates(text):
                        found.setdefault(each.step, []).append((step, path))
        return found

    def consumers(self, name: str) -> list[tuple[StepDict, Path]]:
        """Return the places that take the output of one step."""
        return self.users().get(name, [])

    def needs(self, step: StepDict) -> list[str]:
        """Return the ids of the steps whose outputs a step takes, each once, in order."""
        found: dict[str, None] = {}
        for _, text in refs.strings(step["inputs"]):
            ref = refs.parse(text)
            if isinstance(ref, refs.StepRef):
                found[ref.step] = None
            elif ref is None:
                found.update(dict.fromkeys(each.step for each in refs.templates(text)))
        return list(found)


def put(step: StepDict, path: Path, value: Any) -> None:
    """Set a place inside the step's inputs."""
    holder: Any = step["inputs"]
    for part in path[:-1]:
        holder = holder[part]
    holder[path[-1]] = value


def written(path: Path) -> str:
    """Return a place inside the inputs as operations name it: `inputs.videos[1]`."""
    text = "inputs"
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text


def repoint(case: Case, old: str, new: str) -> None:
    """Let everything that took the output of one step take that of another."""
    for step in case.draft.steps:
        for path, text in list(refs.strings(step["inputs"])):
            found = refs.parse(text)
            if isinstance(found, refs.StepRef) and found.step == old:
                put(step, path, refs.write(refs.StepRef(new, found.index)))
            elif found is None and "{{" in text:
                changed = refs.fill(
                    text, lambda ref: f"{{{{{new if ref.step == old else ref.step}.output}}}}"
                )
                put(step, path, changed)
        if old in step["depends_on"]:
            step["depends_on"] = list(
                dict.fromkeys(new if each == old else each for each in step["depends_on"])
            )


def remove_step(case: Case, name: str) -> None:
    """Take a step out of the plan and out of what others wait for."""
    case.draft.set_steps([step for step in case.draft.steps if step["id"] != name])
    for step in case.draft.steps:
        step["depends_on"] = [each for each in step["depends_on"] if each != name]
