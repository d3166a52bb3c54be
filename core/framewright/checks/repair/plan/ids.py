"""Gives every step a legal id of its own, and remembers which names lead to it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from framewright.domain.plan import STEP_ID_PATTERN
from framewright.domain.refs import RESERVED

if TYPE_CHECKING:
    from framewright.checks.repair.draft import Case, StepDict

_LEGAL = re.compile(STEP_ID_PATTERN)


@dataclass(slots=True)
class Names:
    """Which steps a name in the answer can mean: positions of steps by what they were called."""

    by_id: dict[str, list[int]] = field(default_factory=dict)
    by_slug: dict[str, list[int]] = field(default_factory=dict)
    by_title: dict[str, list[int]] = field(default_factory=dict)


def slug(text: str) -> str:
    """Return a text as an id: small letters, digits and underscores, 32 at most."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    joined = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    if joined and not joined[0].isalpha():
        joined = f"step_{joined}"
    return joined[:32].rstrip("_")


def settle_ids(case: Case) -> Names:
    """Give each step its id; where two share one, the later one gets a number."""
    names = Names()
    taken: set[str] = set(RESERVED)
    for step in case.draft.steps:
        if isinstance(step["id"], str) and _LEGAL.match(step["id"]):
            continue
        step["old_id"] = step["id"]
    _drop_repeated(case)
    for at, step in enumerate(case.draft.steps):
        raw = step.pop("old_id", step["id"])
        wish = raw if isinstance(raw, str) and _LEGAL.match(raw) else _wish(step, raw, at)
        name = _free(wish, taken)
        taken.add(name)
        step["id"] = name
        _say(case, step, raw, name, at)
        if raw is not None:
            names.by_id.setdefault(str(raw).strip(), []).append(at)
            names.by_slug.setdefault(slug(str(raw)), []).append(at)
        if step["title"].strip():
            names.by_title.setdefault(slug(step["title"]), []).append(at)
        names.by_id.setdefault(name, [at])
    case.draft.set_steps(list(case.draft.steps))
    return names


def _drop_repeated(case: Case) -> None:
    """Take out a step that stands there twice, word for word."""
    kept: list[StepDict] = []
    by_id: dict[str, list[StepDict]] = {}
    for step in case.draft.steps:
        raw = str(step.get("old_id", step["id"]))
        if step["id"] is not None and any(step == other for other in by_id.get(raw, ())):
            message = f"Left out the second of two equal steps {raw}."
            case.record.change("step_duplicate_id", message, "remove", step=raw)
            continue
        by_id.setdefault(raw, []).append(step)
        kept.append(step)
    case.draft.set_steps(kept)


def _wish(step: StepDict, raw: Any, at: int) -> str:
    if raw is None:
        return slug(step["title"]) or f"step_{at + 1}"
    return slug(str(raw)) or slug(step["title"]) or f"step_{at + 1}"


def _free(wish: str, taken: set[str]) -> str:
    name, number = wish, 1
    while name in taken:
        number += 1
        ending = f"_{number}"
        name = wish[: 32 - len(ending)] + ending
    return name


def _say(case: Case, step: StepDict, raw: Any, name: str, at: int) -> None:
    if raw == name:
        return
    if raw is None:
        message = f"Step {at + 1} had no id: called it {name}."
        case.record.change("step_missing_field", message, "set", step=name, path="id", after=name)
        return
    legal = isinstance(raw, str) and bool(_LEGAL.match(raw)) and raw not in RESERVED
    code = "step_duplicate_id" if legal else "step_bad_id"
    why = "was used twice" if legal else "is not a legal id"
    message = f"{str(raw)[:60]!r} {why}: called the step {name}."
    case.record.change(code, message, "rename", step=name, path="id", before=str(raw), after=name)
