"""A plan as a tree for people: each final result with what it is made from beneath it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from rich.tree import Tree

from framewright.domain import refs

if TYPE_CHECKING:
    from framewright.domain.plan import Plan, Step

MOST_LINES = 200
"""Longer plans are cut, and the tree says so."""
_TOLD = ("duration", "duration_seconds", "aspect_ratio", "position", "transition")


def plan_tree(plan: Plan) -> Tree:
    """Return the tree; a step that feeds several others is spelled out once."""
    tree = Tree(Text(plan.title, "bold"), guide_style="bright_black")
    steps = {step.id: step for step in plan.steps}
    needs = {
        name: [need for need in ids if need in steps] for name, ids in refs.edges(plan).items()
    }
    needed = {need for ids in needs.values() for need in ids}
    finals = [name for name in steps if name not in needed] or list(steps)
    seen: set[str] = set()
    # An own stack: a chain of thousands of steps must not recurse.
    waiting = [(tree, name) for name in reversed(finals)]
    lines = 0
    while waiting:
        branch, name = waiting.pop()
        if lines == MOST_LINES:
            branch.add(Text(f"… {len(steps) - len(seen)} more steps", "bright_black"))
            break
        lines += 1
        if name in seen:
            branch.add(Text.assemble((name, "cyan"), ("  see above", "bright_black")))
            continue
        seen.add(name)
        below = branch.add(_line(steps[name]))
        waiting.extend((below, need) for need in reversed(needs[name]))
    return tree


def _line(step: Step) -> Text:
    line = Text.assemble((step.id, "cyan"), f"  {step.title}", no_wrap=True, overflow="ellipsis")
    told = [_told(name, step.inputs[name]) for name in _TOLD if name in step.inputs]
    about = " · ".join([step.model or f"{step.task}, no model", *(each for each in told if each)])
    return line.append(f"  {about}", "bright_black")


def _told(name: str, value: object) -> str:
    if isinstance(value, str) and refs.parse(value) is not None:
        return ""
    if name in {"duration", "duration_seconds"}:
        return f"{value} s"
    return str(value)
