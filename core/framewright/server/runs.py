"""Runs and jobs over the network: asked for, looked at, stopped, gone on with."""

from __future__ import annotations

import asyncio
import hashlib
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response

from framewright.domain.run import RunState
from framewright.errors import BusyError, NotFoundError
from framewright.server.answers import JobAnswer, JobsAnswer, RunAnswer, RunsAnswer
from framewright.server.files import sent

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from framewright.domain.asset import Output
    from framewright.domain.plan import Plan
    from framewright.domain.value import Value
    from framewright.server.endpoint import Asked
    from framewright.server.questions import (
        ApprovalQuestion,
        JobQuestion,
        JobsQuery,
        PageQuery,
        ResumeQuestion,
        RunQuestion,
    )
    from framewright.studio import Studio

STOP_SECONDS = 5.0
"""How long an answer waits for something to stop; it is stopped all the same."""


async def submit_run(asked: Asked) -> Response:
    """Accept a brief or a plan."""
    body: RunQuestion = asked.body
    digest, key, studio = digest_of(body), asked.key, asked.studio
    known = None if key is None else await studio.submitted(key, digest)
    if known is None:
        plan, brief = body.plan, body.brief or ""
        if plan is None:
            plan = (await studio.interpret(brief, given=body.uploads)).plan
        known = await studio.submit(
            plan,
            key,
            digest,
            brief,
            reuse=body.reuse,
            approve=body.approve,
            budget=body.budget,
            priority=body.priority,
        )
    told = await _told(studio, known.run)
    return _accepted(told, f"/v1/runs/{told.id}", new=known.new)


async def list_runs(asked: Asked) -> RunsAnswer:
    """Return a page of runs."""
    query: PageQuery = asked.query
    return RunsAnswer.of(await asked.studio.runs(query.limit, query.before), query.limit)


async def show_run(asked: Asked) -> RunAnswer:
    """Return how a run stands."""
    return await _told(asked.studio, asked.part("run"))


async def plan_of_run(asked: Asked) -> Plan:
    """Return the plan of a run."""
    return await asked.studio.plan_of(asked.part("run"))


async def cancel_run(asked: Asked) -> RunAnswer:
    """Stop a run."""
    run = asked.part("run")
    await _told(asked.studio, run)
    await _begun(asked, asked.studio.cancel(run))
    return await _told(asked.studio, run)


async def resume_run(asked: Asked) -> RunAnswer:
    """Go on with a run."""
    body: ResumeQuestion = asked.body
    run = asked.part("run")
    terms: dict[str, Any] = {"budget": body.budget, "priority": body.priority}
    await asked.studio.go_on(run, body.again, **terms)
    return await _told(asked.studio, run)


async def approve_run(asked: Asked) -> RunAnswer:
    """Let steps run that wait for a person, or leave them out; the run goes on with them."""
    body: ApprovalQuestion = asked.body
    run, studio = asked.part("run"), asked.studio
    await studio.approve(run, body.steps, approved=body.approved)
    if (await studio.show(run)).state is RunState.WAITING:
        # Whoever works on it hears of the word by itself.
        with suppress(BusyError):
            await studio.go_on(run)
    return await _told(studio, run)


async def run_output(asked: Asked) -> Response:
    """Send one result of a step."""
    view = await asked.studio.show(asked.part("run"))
    step = view.steps.get(asked.part("step"))
    return await _output(asked, () if step is None else step.outputs)


async def submit_job(asked: Asked) -> Response:
    """Have a model called once."""
    body: JobQuestion = asked.body
    job, new = await asked.studio.call(
        body.model,
        body.inputs,
        asked.key,
        digest_of(body),
        budget=body.budget,
        priority=body.priority,
    )
    told = JobAnswer.of(job)
    return _accepted(told, f"/v1/jobs/{told.id}", new=new)


async def list_jobs(asked: Asked) -> JobsAnswer:
    """Return a page of jobs."""
    query: JobsQuery = asked.query
    found = await asked.studio.jobs(query.state, query.run, query.limit, query.before)
    return JobsAnswer.of(found, query.limit)


async def show_job(asked: Asked) -> JobAnswer:
    """Return how a job stands."""
    return JobAnswer.of(await asked.studio.job(asked.part("job")))


async def cancel_job(asked: Asked) -> JobAnswer:
    """Stop a job."""
    job = asked.part("job")
    await asked.studio.job(job)
    await _begun(asked, asked.studio.cancel_job(job))
    return JobAnswer.of(await asked.studio.job(job))


async def job_output(asked: Asked) -> Response:
    """Send one result of a job."""
    return await _output(asked, (await asked.studio.job(asked.part("job"))).outputs)


def digest_of(body: Value) -> str:
    """Return what stands for all that was asked for: the same however it was written."""
    told = body.model_dump(mode="json", exclude_defaults=True)
    text = json.dumps([type(body).__name__, told], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


async def _begun(asked: Asked, work: Coroutine[Any, Any, object]) -> None:
    """Let something be done, and wait a while for its end; errors come out only within that."""

    async def quietly() -> BaseException | None:
        try:
            await work
        except Exception as error:  # noqa: BLE001 - it goes to whoever asked, if they still wait
            return error
        return None

    task = asked.house.background.create_task(quietly())
    done, _ = await asyncio.wait({task}, timeout=STOP_SECONDS)
    if done and (error := task.result()) is not None:
        raise error


async def _told(studio: Studio, run: str) -> RunAnswer:
    interrupted = await studio.is_interrupted(run)
    return RunAnswer.of(await studio.show(run), interrupted=interrupted)


def _accepted(told: RunAnswer | JobAnswer, where: str, *, new: bool) -> Response:
    headers = {"Location": where}
    if not new:
        headers["Idempotency-Replayed"] = "true"
    return JSONResponse(told.model_dump(mode="json"), 202, headers)


async def _output(asked: Asked, outputs: tuple[Output, ...]) -> Response:
    number = asked.part("number")
    at = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else len(outputs)
    if at >= len(outputs):
        raise NotFoundError("There is no such result, or not yet.")
    found = outputs[at]
    if found.asset is None:
        headers = {"X-Content-Type-Options": "nosniff"}
        return Response(found.text or "", media_type="text/plain", headers=headers)
    return sent(await asked.studio.asset(found.asset))
