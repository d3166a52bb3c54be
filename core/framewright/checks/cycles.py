"""Does the graph have an order in which it can run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.checks.codes import Code, finding
from framewright.domain import refs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from framewright.domain.finding import Finding
    from framewright.domain.plan import Plan

_MOST_NAMED = 12


def check_cycles(plan: Plan) -> Iterator[Finding]:
    """Yield each cycle that keeps steps from running, spelled out; a step on itself is not one."""
    for cycle in find_cycles(refs.edges(plan)):
        named = [*cycle[:_MOST_NAMED], *(["…"] if len(cycle) > _MOST_NAMED else []), cycle[0]]
        message = f"These steps wait for each other: {' → '.join(named)}."
        yield finding(Code.REF_CYCLE, message, cycle[0], fix="Cut one of these references.")


def find_cycles(edges: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    """Yield cycles that share no step, each in the order of flow, from what each step needs.

    Steps nobody can reach any more are peeled away from both ends; from each that is left,
    following needs must come round.
    """
    needs = {name: [need for need in ids if need != name] for name, ids in edges.items()}
    left = _on_cycles(needs)
    while left:
        start = next(name for name in needs if name in left)
        cycle = _walk_round(start, {name: [n for n in needs[name] if n in left] for name in left})
        yield cycle
        left = _on_cycles({name: needs[name] for name in left - set(cycle)})


def _on_cycles(needs: dict[str, list[str]]) -> set[str]:
    """Return the steps between which needs go round, and those between two such rounds."""
    forward = {name: [n for n in ids if n in needs] for name, ids in needs.items()}
    kept = set(_peel(forward))
    backward: dict[str, list[str]] = {name: [] for name in kept}
    for name in kept:
        for need in forward[name]:
            if need in kept:
                backward[need].append(name)
    return set(_peel(backward))


def _peel(needs: dict[str, list[str]]) -> list[str]:
    """Return the steps that remain when all are taken away whose needs are gone."""
    feeds: dict[str, list[str]] = {}
    for name, ids in needs.items():
        for need in ids:
            feeds.setdefault(need, []).append(name)
    count = {name: len(ids) for name, ids in needs.items()}
    gone = [name for name, open_needs in count.items() if open_needs == 0]
    for name in gone:
        for after in feeds.get(name, ()):
            count[after] -= 1
            if count[after] == 0:
                gone.append(after)
    away = set(gone)
    return [name for name in needs if name not in away]


def _walk_round(start: str, needs: dict[str, list[str]]) -> list[str]:
    """Follow needs from a step until one comes again; return that round in the order of flow."""
    position: dict[str, int] = {}
    path: list[str] = []
    name = start
    while name not in position:
        position[name] = len(path)
        path.append(name)
        name = needs[name][0]
    return path[position[name] :][::-1]
