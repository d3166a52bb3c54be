"""What a plan makes, in the figures and words a brief can be held against."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from framewright.agents.offline.steps.choose import LENGTH, MILLISECONDS, SHAPE, WORDS
from framewright.domain import refs
from framewright.domain.plan import StepKind, Task

if TYPE_CHECKING:
    from framewright.agents.offline.steps.board import Board
    from framewright.domain.media import MediaKind
    from framewright.domain.plan import Step

_SOUNDS = {Task.TEXT_TO_SPEECH, Task.TEXT_TO_MUSIC, Task.TEXT_TO_SOUND}
_TIME = re.compile(r"second|time|^at$|^(?:start|end)$")
_JOINS = {Task.MERGE_VIDEOS, Task.MUX_AUDIO, Task.MIX_AUDIO, Task.CAPTION}

_SHAPE = re.compile(r"\d+(?:\.\d+)? ?: ?\d+")


@dataclass(frozen=True, slots=True)
class Made:
    """A plan, read back."""

    tasks: Counter[Task | None]
    stills: int
    clips: int
    """Those made, and those the person gave."""
    bounds: tuple[float, ...]
    """When each clip of the film begins, and last when it ends, in seconds."""
    seconds: frozenset[float]
    """Every length and moment that stands in the plan or follows from it."""
    starts: frozenset[float]
    """When words or sounds begin that do not begin with the film."""
    ends: frozenset[float]
    """When words end that do not last as long as the film."""
    shapes: frozenset[str]
    shown: str
    """All that is to be seen, in small letters; so the next three."""
    heard: str
    spoken: str
    written: str
    titles: str
    sounding: bool
    """Whether anything is heard, made or given."""
    cameras: frozenset[str]
    crossfade: bool
    open: bool
    """Whether no model is there for some step: then nobody knows its length."""
    own: frozenset[MediaKind]
    """The kinds of files of the person's own that are used."""
    chained: bool
    """Whether a clip begins with a frame of another."""

    @property
    def whole(self) -> str:
        """All words of the plan."""
        return f"{self.shown} {self.heard} {self.spoken} {self.written} {self.titles}"


def made_of(board: Board) -> Made:
    """Read back what the steps of a board make."""
    draft, film = board.draft, board.film
    steps = [(step, _task(step, board)) for step in draft.steps]
    tasks = Counter(task for _, task in steps)
    bounds = [0.0]
    for clip in film.clips:
        bounds.append(round(bounds[-1] + clip.seconds, 3))
    starts, ends = _moments([step for step, _ in steps])
    lengths = {
        value
        for step, _ in steps
        for name, given in step.inputs.items()
        if (name in LENGTH or _TIME.search(name)) and (value := _number(given)) is not None
    }
    lengths |= {
        value / 1000
        for step, _ in steps
        for name in MILLISECONDS
        if (value := _number(step.inputs.get(name))) is not None
    }
    pairs = {
        round(end - start, 3)
        for step, _ in steps
        if (end := _number(step.inputs.get("end_seconds"))) is not None
        for start in [_number(step.inputs.get("start_seconds")) or 0.0]
    }
    lengths |= {
        value
        for step, _ in steps
        for each in _listed(step.inputs.get("lengths"))
        if (value := _number(each)) is not None
    }
    told = [
        value
        for step, task in steps
        if task is Task.TEXT_TO_SOUND
        for name in LENGTH
        if (value := _number(step.inputs.get(name))) is not None
    ]
    lengths.add(round(sum(told), 3))
    # What begins later and has no end of its own lasts until the film ends.
    pairs |= {round(bounds[-1] - start, 3) for start in starts}
    given = {upload.seconds for upload in board.pool.uploads if upload.seconds}
    return Made(
        tasks=tasks,
        stills=sum(step.kind is StepKind.IMAGE for step, _ in steps),
        clips=len(film.clips),
        bounds=tuple(bounds),
        seconds=frozenset(
            round(each, 2) for each in (*lengths, *pairs, *starts, *bounds, film.seconds, *given)
        ),
        starts=frozenset(starts),
        ends=frozenset(ends),
        shapes=frozenset(
            str(step.inputs[name]) for step, _ in steps for name in SHAPE if name in step.inputs
        )
        # What a picture is extended to is among the words of its edit.
        | {
            found[0].replace(" ", "")
            for step, task in steps
            if task is Task.IMAGE_TO_IMAGE
            for found in _SHAPE.finditer(str(step.inputs.get("prompt", "")))
        },
        shown=_words(step for step, task in steps if task not in _SOUNDS | _JOINS),
        heard=_words(
            step for step, task in steps if task in {Task.TEXT_TO_MUSIC, Task.TEXT_TO_SOUND}
        ),
        spoken=_words(step for step, task in steps if task is Task.TEXT_TO_SPEECH),
        written=_words(step for step, task in steps if task is Task.CAPTION),
        titles=" ".join(step.title for step, _ in steps).lower(),
        sounding=bool(film.given or _SOUNDS & tasks.keys() or any(clip.own for clip in film.clips)),
        cameras=frozenset(
            str(step.inputs["camera"]) for step, _ in steps if "camera" in step.inputs
        ),
        crossfade=any(step.inputs.get("transition") == "crossfade" for step, _ in steps),
        open=any(step.model is None for step, _ in steps),
        own=frozenset(each.kind for each in board.pool.uploads if each.id in board.pool.used),
        chained=any(step.inputs.get("position") == "last" for step, _ in steps),
    )


def _task(step: Step, board: Board) -> Task | None:
    card = board.draft.catalog.cards.get(step.model or "")
    return step.task if card is None else card.task


def _moments(steps: list[Step]) -> tuple[set[float], set[float]]:
    starts: set[float] = set()
    ends: set[float] = set()
    for step in steps:
        tracks = step.inputs.get("starts_seconds")
        for value in (step.inputs.get("start_seconds"), *_listed(tracks)):
            if start := _number(value):
                starts.add(start)
        if (end := _number(step.inputs.get("end_seconds"))) is not None:
            ends.add(end)
    return starts, ends


def _listed(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, (list, tuple)) else ()


def _number(value: Any) -> float | None:
    try:
        return None if isinstance(value, bool) else round(float(str(value).rstrip("s")), 3)
    except ValueError:
        return None


def _words(steps: Any) -> str:
    found = [
        text
        for step in steps
        for name, value in step.inputs.items()
        if isinstance(value, str) and refs.parse(value) is None
        for text in [refs.literal(value)]
        if name in {*WORDS, "negative_prompt", "camera", "position", "voice", "speaker"}
    ]
    return " ".join(found).lower()
