"""The plan: a graph of steps, exactly as it stands in files, prompts and the database."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping  # noqa: TC003 - pydantic reads the annotations
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, ClassVar, Self

from pydantic import AfterValidator, Field
from typing_extensions import override

from framewright.domain.value import SparseValue

STEP_ID_PATTERN = r"^[a-z][a-z0-9_]{0,31}$"
MAX_INPUT_DEPTH = 32
"""How deeply lists and objects may nest inside one input."""


class StepKind(StrEnum):
    """What a step makes, in the plan's words."""

    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    LIPSYNC = "lipsync"
    MODEL3D = "3d"
    TEXT = "text"
    UTILITY = "utility"


class Task(StrEnum):
    """What a model does."""

    TEXT_TO_IMAGE = "text-to-image"
    IMAGE_TO_IMAGE = "image-to-image"
    IMAGE_TO_VIDEO = "image-to-video"
    TEXT_TO_VIDEO = "text-to-video"
    VIDEO_TO_VIDEO = "video-to-video"
    TEXT_TO_SPEECH = "text-to-speech"
    TEXT_TO_MUSIC = "text-to-music"
    TEXT_TO_SOUND = "text-to-sound"
    LIP_SYNC = "lip-sync"
    UPSCALE = "upscale"
    TEXT_TO_3D = "text-to-3d"
    IMAGE_TO_3D = "image-to-3d"
    TEXT_GENERATION = "text-generation"
    IMAGE_TO_TEXT = "image-to-text"
    SPEECH_TO_TEXT = "speech-to-text"
    EXTRACT_FRAME = "extract-frame"
    MERGE_VIDEOS = "merge-videos"
    TRIM = "trim"
    MUX_AUDIO = "mux-audio"
    MIX_AUDIO = "mix-audio"
    COMPRESS_IMAGE = "compress-image"
    RESIZE = "resize"
    CAPTION = "caption"
    SUBTITLE = "subtitle"
    REVERSE = "reverse"
    CHANGE_SPEED = "change-speed"
    LOOP = "loop"
    NORMALIZE_LOUDNESS = "normalize-loudness"
    FILMSTRIP = "filmstrip"
    WAVEFORM = "waveform"
    PROXY = "proxy"
    ANIMATIC = "animatic"


def _writable(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        message = "a text holds half of a surrogate pair, which no file can hold"
        raise ValueError(message) from error


def _bounded(value: Any) -> Any:
    """Refuse what JSON cannot say and what nests too deeply, without recursion."""
    waiting = [(value, 0)]
    while waiting:
        item, depth = waiting.pop()
        if depth > MAX_INPUT_DEPTH:
            message = f"inputs nest deeper than {MAX_INPUT_DEPTH} levels"
            raise ValueError(message)
        if isinstance(item, dict):
            if not all(isinstance(key, str) for key in item):
                message = "keys of an object must be text"
                raise ValueError(message)
            waiting.extend((inner, depth + 1) for pair in item.items() for inner in pair)
        elif isinstance(item, list):
            waiting.extend((inner, depth + 1) for inner in item)
        elif isinstance(item, float) and not math.isfinite(item):
            message = "a number must be finite"
            raise ValueError(message)
        elif isinstance(item, str):
            _writable(item)
        elif item is not None and not isinstance(item, (int, float, bool)):
            message = f"a {type(item).__name__} is not a JSON value"
            raise ValueError(message)
    return value


JsonValue = Annotated[Any, AfterValidator(_bounded)]
"""Text, number, boolean, null, list or object: a literal, or one with references in it."""


_NAMED = re.compile(r"([a-z][a-z0-9_]*)\.output")


class Condition(SparseValue):
    """When a step runs: a comparison of an earlier result with a literal."""

    ref: str
    """A reference to an earlier step's text or state, for example `$review.output`."""
    equals: JsonValue = None
    contains: str | None = None


class Step(SparseValue):
    """One node of the plan."""

    always_written: ClassVar[frozenset[str]] = frozenset({"inputs", "depends_on"})

    id: Annotated[str, Field(pattern=STEP_ID_PATTERN)]
    title: str
    kind: StepKind
    model: str | None = None
    """Catalog id; absent before a model is selected, and then `task` is there."""
    task: Task | None = None
    inputs: dict[str, JsonValue] = Field(default_factory=dict)
    """Field name to literal or reference."""
    depends_on: tuple[str, ...] = ()
    """Steps that must end before this one starts, whether or not their output is used."""
    group: str | None = None
    approval: bool = False
    """Wait for a person before this step runs."""
    when: Condition | None = None

    @cached_property
    def speaks_of(self) -> frozenset[str]:
        """The steps this one waits for or names; a text that only reads like a reference counts.

        Kept with the step, which later versions of a plan share: an edit of a plan of thousands
        asks each for it.
        """
        said = [self.when.ref] if self.when is not None else []
        waiting: list[Any] = list(self.inputs.values())
        while waiting:
            value = waiting.pop()
            if isinstance(value, str):
                said.append(value)
            elif isinstance(value, list):
                waiting.extend(value)
            elif isinstance(value, dict):
                waiting.extend(value.values())
        named = (name for text in said if ".output" in text for name in _NAMED.findall(text))
        return frozenset([*self.depends_on, *named])

    @override  # a copy with other inputs speaks of other steps
    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        copied = super().model_copy(update=update, deep=deep)
        copied.__dict__.pop("speaks_of", None)
        return copied


class Group(SparseValue):
    """A named set of steps, drawn together."""

    id: Annotated[str, Field(pattern=STEP_ID_PATTERN)]
    title: str


class Plan(SparseValue):
    """A titled graph of steps; edges are references and `depends_on` together."""

    title: str
    steps: tuple[Step, ...]
    groups: tuple[Group, ...] = ()

    def step(self, step_id: str) -> Step | None:
        """Return the step of that id, or None."""
        return next((step for step in self.steps if step.id == step_id), None)
