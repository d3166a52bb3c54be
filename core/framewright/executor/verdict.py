"""The gate behind each step: a result that nobody can use is a failure, not a success."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from framewright.domain.event import StepChanged
from framewright.domain.finding import Finding, Severity, errors
from framewright.domain.job import ErrorCategory, JobError
from framewright.domain.media import suffix
from framewright.domain.run import StepState

if TYPE_CHECKING:
    from pathlib import Path

    from framewright.domain.job import JobResult
    from framewright.domain.model_card import ModelCard
    from framewright.isolation import Isolation
    from framewright.quality.review import Expectation, Review
    from framewright.store.blobs import Blobs


async def verdict(
    step: str,
    card: ModelCard,
    inputs: dict[str, Any],
    result: JobResult,
    blobs: Blobs,
    isolation: Isolation | None,
) -> StepChanged:
    """Return how a step ended whose job succeeded: well, or failed by the technical gate.

    Its files are looked into in `isolation`; None is for those that this process has made itself.
    """
    findings = tuple(
        Finding(code="provider_note", severity=Severity.NOTE, message=note, step=step)
        for note in result.notes
    )
    if any(output.asset is not None for output in result.outputs):
        findings += await asyncio.to_thread(_review, card, inputs, result, blobs, isolation)
    right = any(output.kind is card.output for output in result.outputs)
    if not right and not errors(findings):
        kinds = " and ".join(dict.fromkeys(output.kind.value for output in result.outputs))
        message = f"{card.id} was to make {card.output}, and gave {kinds or 'nothing'}."
        wrong = Finding(
            code="result_wrong_kind", severity=Severity.ERROR, message=message, step=step
        )
        findings = (wrong, *findings)
    bad = errors(findings)
    return StepChanged(
        step=step,
        state=StepState.FAILED if bad else StepState.SUCCEEDED,
        outputs=() if bad else result.outputs,
        error=_rejected(bad[0]) if bad else None,
        findings=findings,
        cost=result.cost,
    )


def _review(
    card: ModelCard,
    inputs: dict[str, Any],
    result: JobResult,
    blobs: Blobs,
    isolation: Isolation | None,
) -> tuple[Finding, ...]:
    from framewright.executor.expectation import expectation

    expected = expectation(card, inputs)
    found: list[Finding] = []
    for output in result.outputs:
        if output.asset is not None and output.info is not None:
            path = blobs.path(output.asset, suffix(output.info))
            found.extend(_look(path, expected, isolation).findings)
    return tuple(found)


def _look(path: Path, expected: Expectation, isolation: Isolation | None) -> Review:
    if isolation is not None:
        from framewright.quality.errands import reviewed

        return reviewed(path, expected, isolation)
    # The gate looks into files with PyAV, which texts do not need.
    from framewright.quality.technical import review

    return review(path, expected)


def _rejected(finding: Finding) -> JobError:
    return JobError(
        category=ErrorCategory.UNKNOWN,
        code="result-rejected",
        message=finding.message,
        action=finding.fix or "Run the step again, or change what it asks for.",
    )
