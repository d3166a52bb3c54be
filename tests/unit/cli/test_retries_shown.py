"""What a person reads of a step that is tried again."""

from __future__ import annotations

import pytest
from rich.console import Console

from framewright.cli.display import picture, retry_line
from framewright.domain.event import StepOutline, StepRetried
from framewright.domain.job import ErrorCategory, JobError
from framewright.domain.run import StepState
from framewright.projection.run_view import RunView, StepView

OUTLINE = StepOutline(
    id="clip", title="A clip", kind="video", model="far/a", needs=(), expected_seconds=1.0
)


def _retried(decision: str, pause_seconds: float = 0.0) -> StepRetried:
    error = JobError(category=ErrorCategory.CAPACITY, code="busy", message="It is full.")
    return StepRetried(
        step="clip",
        decision=decision,
        error=error,
        model="far/b",
        pause_seconds=pause_seconds,
    )


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (_retried("retry", 12.4), "↻ clip         tries again in 12 s: It is full."),
        (_retried("retry", 0.2), "↻ clip         tries again: It is full."),
        (_retried("repair"), "↻ clip         tries again with a mended request: It is full."),
        (_retried("reroute"), "↻ clip         goes to far/b: It is full."),
    ],
)
def test_a_line_says_why_and_how_a_step_is_tried_again(body: StepRetried, words: str) -> None:
    assert retry_line(body).plain == words


def test_the_live_picture_says_why_a_step_pauses() -> None:
    step = StepView(outline=OUTLINE, state=StepState.QUEUED, retries=(_retried("retry", 12.4),))
    console = Console(width=120)
    with console.capture() as shown:
        console.print(picture(RunView(run="run_1", steps={"clip": step}), 0, 10))
    assert "tries again in 12 s: It is full." in shown.get()
