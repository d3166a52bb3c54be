"""What a person should mend at once while a run goes on: a bill that is open, a key that is wrong.

Such a failure is the same for every step that asks the same provider, so it is told once. One
that was mended, and its steps begun anew, is told no longer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.domain.run import StepState
from framewright.domain.value import Value

if TYPE_CHECKING:
    from framewright.projection.run_view import RunView


class Alert(Value):
    """One thing to mend, and the steps that failed for it."""

    message: str
    """What happened, to whom: one sentence."""
    action: str
    """What to do about it."""
    steps: tuple[str, ...]
    """In the plan's order."""


def alerts(view: RunView) -> tuple[Alert, ...]:
    """Return what a person should mend at once, in the order of the first step that met it."""
    alike: dict[tuple[str, str], list[str]] = {}
    for name, step in view.steps.items():
        error = step.error
        if step.state is StepState.FAILED and error is not None and error.urgent:
            alike.setdefault((error.message, error.action), []).append(name)
    return tuple(
        Alert(message=message, action=action, steps=tuple(steps))
        for (message, action), steps in alike.items()
    )
