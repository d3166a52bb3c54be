"""Where a plan is put together: steps so far, what they make, and what to tell the person."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from framewright.agents.offline.fields import default_number, literal_field
from framewright.agents.offline.selection import choose
from framewright.domain import refs
from framewright.domain.media import MediaKind
from framewright.domain.plan import Step, StepKind, Task

if TYPE_CHECKING:
    from framewright.catalog.catalog import Catalog
    from framewright.domain.upload import Upload

USUAL_SECONDS = 5.0
_OUTPUTS = {
    Task.TEXT_TO_IMAGE: (StepKind.IMAGE, MediaKind.IMAGE),
    Task.IMAGE_TO_IMAGE: (StepKind.IMAGE, MediaKind.IMAGE),
    Task.UPSCALE: (StepKind.IMAGE, MediaKind.IMAGE),
    Task.TEXT_TO_VIDEO: (StepKind.VIDEO, MediaKind.VIDEO),
    Task.IMAGE_TO_VIDEO: (StepKind.VIDEO, MediaKind.VIDEO),
    Task.VIDEO_TO_VIDEO: (StepKind.VIDEO, MediaKind.VIDEO),
    Task.TEXT_TO_SPEECH: (StepKind.AUDIO, MediaKind.AUDIO),
    Task.TEXT_TO_MUSIC: (StepKind.AUDIO, MediaKind.AUDIO),
    Task.TEXT_TO_SOUND: (StepKind.AUDIO, MediaKind.AUDIO),
    Task.LIP_SYNC: (StepKind.LIPSYNC, MediaKind.VIDEO),
    Task.TEXT_TO_3D: (StepKind.MODEL3D, MediaKind.MODEL3D),
    Task.IMAGE_TO_3D: (StepKind.MODEL3D, MediaKind.MODEL3D),
    Task.TEXT_GENERATION: (StepKind.TEXT, MediaKind.TEXT),
    Task.IMAGE_TO_TEXT: (StepKind.TEXT, MediaKind.TEXT),
    Task.SPEECH_TO_TEXT: (StepKind.TEXT, MediaKind.TEXT),
    Task.EXTRACT_FRAME: (StepKind.UTILITY, MediaKind.IMAGE),
    Task.MIX_AUDIO: (StepKind.UTILITY, MediaKind.AUDIO),
}
_TEMPLATE = re.compile(r"\{\{(?=\s*[a-z][a-z0-9_]{0,31}\.output\s*\}\})")
_WORTH_A_NOTE = frozenset(
    {"seconds", "aspect", "negative", "starts", "fade", "transition", "factor"}
)
_IN_WORDS = {
    "negative": "what to leave out",
    "starts": "when each begins",
    "fade": "a fade's length",
}
_UNHEARD = frozenset({Task.IMAGE_TO_VIDEO})
"""Tasks whose picture follows the image they are given, so that shape and taboos do too."""


@dataclass(frozen=True, slots=True)
class Source:
    """Something a step can take: an earlier result or an upload."""

    ref: str
    kind: MediaKind
    about: str = ""
    """What it shows, for prompts and titles."""
    seconds: float | None = None
    silent: bool = True
    """Whether it surely has no sound of its own."""
    upload: str | None = None


@dataclass(slots=True)
class Stage:
    """The plan in the making; one brief, one stage."""

    catalog: Catalog
    steps: list[Step] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def make(
        self,
        name: str,
        task: Task,
        title: str,
        wants: dict[str, Any],
        *,
        asked: frozenset[str] = frozenset(),
        output: MediaKind | None = None,
    ) -> Source:
        """Add a step and return what it makes; `name` is its id, numbered when taken.

        `asked` names the slots the person spoke of: only those are worth a note.
        """
        choice = choose(
            task, {slot: _plain(slot, value) for slot, value in wants.items()}, self.catalog
        )
        step_id = self.free_name(name)
        kind, made = _OUTPUTS.get(task, (StepKind.UTILITY, output or MediaKind.VIDEO))
        seconds = wants.get("seconds")
        values: dict[str, Any] = {
            "id": step_id,
            "title": title,
            "kind": kind,
            "inputs": choice.inputs,
        }
        if choice.card is None:
            values["task"] = task
            self.note(f"No available model does {task}: the step {step_id} waits for one.")
        else:
            values |= {"kind": choice.card.kind, "model": choice.card.id}
            made = choice.card.output
            field_name = literal_field(choice.card, "seconds")
            if field_name is None or field_name not in choice.inputs:
                seconds = default_number(choice.card, "seconds", USUAL_SECONDS)
            else:
                seconds = float(str(choice.inputs[field_name]).rstrip("s "))
            self._tell(step_id, choice.card.id, choice.changed, choice.refused, asked, task)
        draft = Step(**values)
        step = draft.model_copy(update={"depends_on": refs.parents(draft)})
        # Given anew, so that `depends_on` counts as written.
        self.steps.append(Step(**values, depends_on=step.depends_on))
        return Source(f"${step_id}.output", made, str(wants.get("about", "")), seconds)

    def free_name(self, name: str) -> str:
        """Return the name, or with a number behind it when it is taken."""
        taken = {step.id for step in self.steps}
        number, found = 1, name
        while found in taken or found in refs.RESERVED:
            number += 1
            found = f"{name}_{number}"
        return found

    def note(self, sentence: str) -> None:
        """Remember a sentence for the person, once."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    def usual_seconds(self, task: Task) -> float:
        """Return how long what a task makes lasts when nobody says."""
        cards = self.catalog.for_task(task)
        return default_number(cards[0], "seconds", USUAL_SECONDS) if cards else USUAL_SECONDS

    def _tell(
        self,
        step_id: str,
        model: str,
        changed: dict[str, tuple[Any, Any]],
        refused: tuple[str, ...],
        asked: frozenset[str],
        task: Task,
    ) -> None:
        for slot, (wanted, given) in changed.items():
            if slot in asked:
                self.note(
                    f"{step_id}: {model} can not take {slot} {wanted}; {given} is the nearest."
                )
        for slot in refused:
            follows = task in _UNHEARD and slot in {"aspect", "negative"}
            if slot in asked and slot in _WORTH_A_NOTE and not follows:
                self.note(f"{step_id}: {model} can not be told {_IN_WORDS.get(slot, slot)}.")


def from_upload(upload: Upload) -> Source:
    """Return an upload as something a step can take."""
    stem = upload.name.rsplit(".", 1)[0].replace("_", " ").replace("-", " ")
    return Source(
        f"$upload.{upload.id}",
        upload.kind,
        stem,
        upload.seconds,
        silent=upload.kind is MediaKind.IMAGE,
        upload=upload.id,
    )


def as_literal(text: str) -> str:
    """Return a person's words as a value that no reference can hide in.

    A dollar in front is doubled; in what looks like `{{step.output}}` a space parts the braces,
    whatever the name, because the checks would look for that step.
    """
    return refs.escape(_TEMPLATE.sub("{ {", text))


def _plain(slot: str, value: Any) -> Any:
    if isinstance(value, Source):
        return value.ref
    if isinstance(value, list):
        return [_plain(slot, each) for each in value]
    return (
        as_literal(value)
        if slot in {"prompt", "text", "negative"} and isinstance(value, str)
        else value
    )
