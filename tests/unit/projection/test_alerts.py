"""What a person should mend at once is told once, however many steps meet it."""

from __future__ import annotations

import pytest

from framewright.domain.event import StepOutline
from framewright.domain.job import OF_OUR_BUDGET, ErrorCategory, JobError
from framewright.domain.run import StepState
from framewright.projection.alerts import Alert, alerts
from framewright.projection.run_view import RunView, StepView


def _failed(
    category: ErrorCategory, *, code: str = "x", state: StepState = StepState.FAILED
) -> StepView:
    outline = StepOutline(
        id="a", title="A", kind="image", model="far/a", needs=(), expected_seconds=1.0
    )
    words = f"{category} at Far."
    error = JobError(category=category, code=code, message=words, action="Mend it.")
    return StepView(outline=outline, state=state, error=error)


def test_a_bill_and_a_key_are_told_once_each() -> None:
    steps = {
        "a": _failed(ErrorCategory.BILLING),
        "b": _failed(ErrorCategory.AUTHENTICATION),
        "c": _failed(ErrorCategory.BILLING),
    }
    assert alerts(RunView(run="r", steps=steps)) == (
        Alert(message="billing at Far.", action="Mend it.", steps=("a", "c")),
        Alert(message="authentication at Far.", action="Mend it.", steps=("b",)),
    )


@pytest.mark.parametrize(
    "step",
    [
        _failed(ErrorCategory.CONTENT_POLICY),
        _failed(ErrorCategory.OUTAGE),
        _failed(ErrorCategory.BILLING, code=OF_OUR_BUDGET),
        # It was begun anew: what was wrong is mended, or will be told again.
        _failed(ErrorCategory.BILLING, state=StepState.RUNNING),
    ],
)
def test_what_is_of_one_step_or_mended_is_no_alert(step: StepView) -> None:
    assert alerts(RunView(run="r", steps={"a": step})) == ()
