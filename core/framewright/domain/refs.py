"""References inside input values: reading them, finding them, replacing them.

`"$step.output"`, `"$step.output[2]"`, `"$upload.<id>"` and `"$asset.<id>"` are whole values;
`{{step.output}}` stands inside a longer text; `"$$"` begins a literal dollar.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from framewright.domain.plan import Plan, Step

RESERVED = frozenset({"upload", "asset"})
"""Names that can not be a step's id, because a reference would mean something else."""

_STEP = re.compile(r"\$([a-z][a-z0-9_]{0,31})\.output(?:\[(\d{1,4})\])?")
_UPLOAD = re.compile(r"\$upload\.([A-Za-z0-9_.-]{1,64})")
_ASSET = re.compile(r"\$asset\.([A-Za-z0-9_.-]{1,64})")
_TEMPLATE = re.compile(r"\{\{\s*([a-z][a-z0-9_]{0,31})\.output\s*\}\}")


@dataclass(frozen=True, slots=True)
class StepRef:
    """Points to an output of another step; `index` counts from 0."""

    step: str
    index: int = 0


@dataclass(frozen=True, slots=True)
class UploadRef:
    """Points to a file the person gave in this session."""

    upload: str


@dataclass(frozen=True, slots=True)
class AssetRef:
    """Points to a file of the library, by its content hash."""

    asset: str


@dataclass(frozen=True, slots=True)
class Malformed:
    """Begins like a reference and is none."""

    text: str


Ref = StepRef | UploadRef | AssetRef


def parse(text: str) -> Ref | Malformed | None:
    """Read a whole value: a reference, something broken, or None for a literal."""
    if not text.startswith("$") or text.startswith("$$"):
        return None
    if match := _UPLOAD.fullmatch(text):
        return UploadRef(match[1])
    if match := _ASSET.fullmatch(text):
        return AssetRef(match[1])
    if match := _STEP.fullmatch(text):
        return StepRef(match[1], int(match[2] or 0))
    # A price in a prompt ("$5 off") is a literal; only a name right behind the sign means more.
    return Malformed(text) if re.match(r"\$[A-Za-z_{]\S*$", text) else None


def literal(text: str) -> str:
    """Return what a literal value says: a leading `$$` stands for one dollar."""
    return text[1:] if text.startswith("$$") else text


def write(ref: Ref) -> str:
    """Return the reference as it stands in a plan."""
    match ref:
        case StepRef(step, index):
            return f"${step}.output" + (f"[{index}]" if index else "")
        case UploadRef(upload):
            return f"$upload.{upload}"
        case AssetRef(asset):
            return f"$asset.{asset}"


def templates(text: str) -> tuple[StepRef, ...]:
    """Return the references that stand inside a text as `{{step.output}}`."""
    return tuple(StepRef(match[1]) for match in _TEMPLATE.finditer(text)) if "{{" in text else ()


def fill(text: str, say: Callable[[StepRef], str]) -> str:
    """Return the text with each `{{step.output}}` replaced by what `say` answers for it."""
    return _TEMPLATE.sub(lambda match: say(StepRef(match[1])), text) if "{{" in text else text


def strings(
    value: Any, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield each text inside a value with its path: keys and positions from the top."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from strings(inner, (*path, key))
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from strings(inner, (*path, position))


def step_refs(step: Step) -> Iterator[StepRef]:
    """Yield each reference from this step to another step, in the order of its inputs."""
    for _, text in strings(step.inputs):
        found = parse(text)
        if isinstance(found, StepRef):
            yield found
        elif found is None:
            yield from templates(text)
    if step.when is not None and isinstance(found := parse(step.when.ref), StepRef):
        yield found


def parents(step: Step) -> tuple[str, ...]:
    """Return the steps this one needs: its `depends_on` and references, each once, in order."""
    return tuple(dict.fromkeys([*step.depends_on, *(ref.step for ref in step_refs(step))]))


def edges(plan: Plan) -> dict[str, tuple[str, ...]]:
    """Return for each step the ids of the steps it needs, those missing from the plan included."""
    return {step.id: parents(step) for step in plan.steps}


def replace(value: Any, change: Callable[[str], Any]) -> Any:
    """Return the value with `change` applied to every text in it."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: replace(inner, change) for key, inner in value.items()}
    if isinstance(value, list):
        return [replace(inner, change) for inner in value]
    return value


def escape(text: str) -> str:
    """Return the text as a literal value: one that begins with a dollar gets a second one."""
    return "$" + text if text.startswith("$") else text
