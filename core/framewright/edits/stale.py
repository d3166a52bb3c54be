"""Which steps are other than they were when their output was made.

A step's key stands for everything its output depends on: its model, its inputs, and the keys of
the steps it takes from. Names of steps are not in it, so renaming changes nothing; a step that
only waits for another does not change with it.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from framewright.domain import refs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from framewright.domain.plan import Plan, Step


def keys(plan: Plan) -> dict[str, str]:
    """Return the key of each step, in time linear in the plan.

    Steps on a cycle, and those behind one, get a key too: of their own inputs alone.
    """
    needs = {step.id: [ref.step for ref in refs.step_refs(step)] for step in plan.steps}
    steps = {step.id: step for step in plan.steps}
    found: dict[str, str] = {}
    for name in _ordered(needs):
        found[name] = _key(steps[name], found)
    return {step.id: found.get(step.id) or _key(step, found) for step in plan.steps}


def stale(plan: Plan, made: Mapping[str, str]) -> frozenset[str]:
    """Return the steps whose key is other than that of their newest output.

    `made` holds the key each finished step had when it ended; steps that never ended are not
    stale, they are new.
    """
    now = keys(plan)
    return frozenset(name for name, key in now.items() if name in made and made[name] != key)


def _key(step: Step, known: Mapping[str, str]) -> str:
    def point(text: str) -> str:
        found = refs.parse(text)
        if isinstance(found, refs.StepRef):
            return f"$({known.get(found.step, '?')})[{found.index}]"
        return refs.fill(text, lambda ref: f"$({known.get(ref.step, '?')})")

    body = [step.model, step.task, refs.replace(step.inputs, point)]
    if step.when is not None:
        body.append([point(step.when.ref), step.when.equals, step.when.contains])
    written = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()


def _ordered(needs: Mapping[str, list[str]]) -> list[str]:
    """Return the steps so that each stands behind those it needs; those on cycles are left out."""
    waits = {name: len({need for need in ids if need in needs}) for name, ids in needs.items()}
    feeds: dict[str, list[str]] = {}
    for name, ids in needs.items():
        for need in set(ids):
            feeds.setdefault(need, []).append(name)
    ready = [name for name, count in waits.items() if count == 0]
    for name in ready:
        for after in feeds.get(name, ()):
            waits[after] -= 1
            if waits[after] == 0:
                ready.append(after)
    return ready
