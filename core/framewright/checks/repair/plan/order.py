"""Makes the order of steps say what their inputs need, and breaks rounds where one cut is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.checks.cycles import find_cycles
from framewright.domain.plan import Task

if TYPE_CHECKING:
    from framewright.checks.repair.draft import Case


def settle_order(case: Case) -> None:
    """Add what `depends_on` leaves out, and cut orders that nothing needs out of rounds."""
    for step in case.draft.steps:
        needs = [need for need in case.needs(step) if need != step["id"]]
        missing = [
            need
            for need in needs
            if need not in step["depends_on"] and case.draft.step(need) is not None
        ]
        if missing:
            step["depends_on"] = [*step["depends_on"], *missing]
            message = f"{step['id']} takes {', '.join(missing)}, so it waits for it."
            missing_field = "depends_on" in step.get("missing", ())
            code = "step_missing_field" if missing_field else "ref_missing_depends"
            case.record.change(
                code, message, "set", step["id"], "depends_on", None, list(step["depends_on"])
            )
    _break_rounds(case)


def _break_rounds(case: Case) -> None:
    """Cut a round at its one edge that is order alone; rounds of wires are left to others."""
    for _ in range(len(case.draft.steps)):
        needs = {
            step["id"]: list(dict.fromkeys([*step["depends_on"], *case.needs(step)]))
            for step in case.draft.steps
        }
        cut = False
        for cycle in find_cycles(needs):
            pairs = list(zip(cycle, [*cycle[1:], cycle[0]], strict=True))
            loose = [
                (before, after)
                for before, after in pairs
                if (step := case.draft.step(after)) is not None and before not in case.needs(step)
            ]
            if len(loose) == 1:
                before, after = loose[0]
                step = case.draft.step(after)
                assert step is not None
                step["depends_on"] = [each for each in step["depends_on"] if each != before]
                message = f"{after} does not wait for {before}, of which it takes nothing."
                case.record.change("ref_cycle", message, "unset", after, "depends_on", before)
                cut = True
                break
        if not cut:
            return


def is_frame_of(case: Case, name: str) -> str | None:
    """Return the clip whose frame a step takes, when that is what it does."""
    step = case.draft.step(name)
    card = None if step is None else case.card(step)
    if step is None or card is None or card.task is not Task.EXTRACT_FRAME:
        return None
    needs = case.needs(step)
    return needs[0] if needs else None
