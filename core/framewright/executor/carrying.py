"""Carries one step to its end: made to fit, submitted, tried again where that helps, judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from framewright.domain.event import StepChanged
from framewright.domain.finding import Finding, Severity
from framewright.domain.job import JobState
from framewright.domain.run import StepState
from framewright.executor.listener import Hearer, Listener
from framewright.executor.plainer import PLAIN_IMAGE
from framewright.executor.preparation import prepared_media
from framewright.executor.reserving import reserving
from framewright.executor.reuse import with_descendants
from framewright.executor.settling import settled_values
from framewright.executor.tries import Tries
from framewright.executor.verdict import verdict
from framewright.store import runs

if TYPE_CHECKING:
    from collections.abc import Collection

    from framewright.domain.event import StepRetried
    from framewright.domain.job import JobRequest, JobResult
    from framewright.domain.plan import Step
    from framewright.executor.work import Tools, Work


class Teller(Hearer, Protocol):
    """Who keeps the run's books."""

    def queued(self, step: str) -> None:
        """The router is asked to do the step."""
        ...


async def carry(
    step: Step,
    request: JobRequest,
    work: Work,
    tools: Tools,
    teller: Teller,
    limited: Collection[str] | None,
) -> StepChanged:
    """Run one step and return how it ended.

    `limited` are the models whose cards say which media they take; None where the request was
    made before, and stays as it is. Raises `FramewrightError` for a step that can not even be
    asked for.
    """
    if limited is not None:
        request = reserving(await _prepared(step, request, work, tools, limited), work)
    teller.queued(step.id)
    tries = Tries(step, request, work.catalog, tools.router.peers)
    while True:
        listener = Listener(teller, step.id, tries.card.id)
        result = await tools.router.submit(
            tries.request, listener, work.priority, tries.has_another_way
        )
        told = tries.after(result)
        if told is None:
            return await _judged(step, tries.request, result, work, tools)
        await _try_again(tries, told, work, tools, teller)


async def _prepared(
    step: Step, request: JobRequest, work: Work, tools: Tools, limited: Collection[str]
) -> JobRequest:
    """Return the request as its model takes it, and say what was changed for that."""
    card = work.catalog.cards[request.model]
    inputs, notes = settled_values(step, card, request.inputs)
    if card.id in limited:
        inputs, more = await prepared_media(
            step, card, inputs, work.tenant, tools.database, tools.blobs, tools.isolation
        )
        notes += more
    if not notes:
        return request
    tools.database.post(runs.mend(work.tenant, work.run, step.id, notes))
    return request.model_copy(update={"inputs": inputs})


async def _try_again(
    tries: Tries, told: StepRetried, work: Work, tools: Tools, teller: Teller
) -> None:
    """Put a step's next try on record, and make its media fit."""
    tools.database.post(runs.next_cycle(work.tenant, work.run, told))
    teller.queued(told.step)
    if tries.plainer_pictures or told.decision == "reroute":
        inputs, notes = await prepared_media(
            tries.step,
            tries.card,
            tries.request.inputs,
            work.tenant,
            tools.database,
            tools.blobs,
            tools.isolation,
            PLAIN_IMAGE if tries.plainer_pictures else None,
        )
        tools.database.post(runs.mend(work.tenant, work.run, told.step, notes))
        tries.take(inputs)


async def _judged(
    step: Step, request: JobRequest, result: JobResult, work: Work, tools: Tools
) -> StepChanged:
    if result.state is not JobState.SUCCEEDED:
        cancelled = result.state is JobState.CANCELLED
        state = StepState.CANCELLED if cancelled else StepState.FAILED
        return StepChanged(step=step.id, state=state, error=result.error, cost=result.cost)
    card = work.catalog.cards[request.model]
    inputs = request.inputs if result.inputs is None else result.inputs
    ours = tools.router.is_own_work(request)
    isolation = None if ours else tools.isolation
    end = await verdict(step.id, card, inputs, result, tools.blobs, isolation)
    if result.inputs is None and request.model == step.model:
        return end
    # What a person amended, or another model made, is not what the plan's key stands for, nor is
    # what follows from it.
    others = with_descendants(work.steps, {step.id})
    tools.database.post(runs.forget_keys(work.run, others))
    if result.inputs is None:
        return end
    changed = sorted(name for name in inputs if inputs[name] != request.inputs.get(name))
    said = Finding(
        code="job_amended",
        severity=Severity.NOTE,
        message=f"Made with another {' and '.join(changed)} than the plan says.",
        step=step.id,
    )
    return end.model_copy(update={"findings": (said, *end.findings)})
