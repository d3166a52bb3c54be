"""Runs a plan to its end: every ready step at once, failures kept to their descendants.

Each step's state is written before and after its work. What a finished step allows starts in
the same moment; its record is handed to the writer first, and the writer keeps the order, so
a job is never accepted before the result it builds on is safe.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from framewright.catalog.limits import media_limits
from framewright.correlation import working_on
from framewright.domain.event import RunReplanned, StepChanged, StepProgressed
from framewright.domain.job import JobRequest
from framewright.domain.run import DONE_WITH, FINISHED, GOOD, RunState, StepState
from framewright.errors import FramewrightError, StorageError
from framewright.executor.carrying import carry
from framewright.executor.endings import blocked_by, failed_by
from framewright.executor.gate import Gate, gate
from framewright.executor.inputs import wired
from framewright.executor.ready_set import ReadySet, ready_set
from framewright.executor.replan import Replanned, difference, still_waiting
from framewright.executor.resume import job_key
from framewright.executor.seed import seed_for
from framewright.store import runs

if TYPE_CHECKING:
    from framewright.domain.event import StepRetried
    from framewright.domain.plan import Plan, Step
    from framewright.executor.work import Tools, Work


@dataclass(frozen=True, slots=True)
class Word:
    """What reaches a run while it works."""

    cancel: asyncio.Event = field(default_factory=asyncio.Event)
    """Set to end it cleanly."""
    approvals: asyncio.Queue[tuple[str, bool]] = field(default_factory=asyncio.Queue)
    """What a person says of steps that wait for that."""
    plans: asyncio.Queue[Replanned] = field(default_factory=asyncio.Queue)
    """Plans it is to go on with."""


async def run_to_end(work: Work, tools: Tools, word: Word) -> RunState:
    """Run what is left of a run and return how it ended; the store then says the same.

    Running steps that are cancelled are stopped at their providers too, unless the router is
    told to leave the run's jobs alone. Steps that wait for a
    person are left waiting once nothing else can run.
    Raises `StorageError` when the workspace can not be written; the run can then be resumed.
    """
    execution = _Execution(work, tools)
    problem: BaseException | None = None
    try:
        async with asyncio.TaskGroup() as group:
            listening = [
                group.create_task(execution.stop_when(word.cancel)),
                group.create_task(execution.hear(word.approvals)),
                group.create_task(execution.go_on_with(word.plans)),
            ]
            async with asyncio.TaskGroup() as steps:
                execution.begin(steps)
            for task in listening:
                task.cancel()
    except* StorageError as problems:
        # Raised below: before 3.11.4 an error raised in here comes out wrapped in a group.
        problem = _first(problems)
    finally:
        tools.router.left_alone.discard(work.run)
    if problem is not None:
        raise problem
    state = execution.conclude(cancelled=word.cancel.is_set())
    await tools.database.write(runs.end(work.tenant, work.run, state))
    return state


class _Execution:
    """The moving parts of one run; used by one event loop."""

    def __init__(self, work: Work, tools: Tools) -> None:
        self._work = work
        self._tools = tools
        self._steps: dict[str, Step] = {}
        self._states = {record.step: record.state for record in work.records}
        self._records = {record.step: record for record in work.records}
        good = {step: record for step, record in self._records.items() if record.state in GOOD}
        self._outputs = {step: record.outputs for step, record in good.items()}
        self._skipped: set[str] = set()
        self._limited: set[str] = set()
        self._know(work.plan)
        self._approved = {record.step: record.approved for record in work.records}
        needs = {step.id: step.needs for step in work.steps}
        self._waiting: ReadySet = ready_set(needs, done=good.keys())
        self._blocked: tuple[str, ...] = ()
        if {StepState.FAILED, StepState.CANCELLED} & set(self._states.values()):
            # What failed or was cancelled before, and is not to be tried again now.
            self._waiting, self._blocked = still_waiting(work.steps, self._states, ())
        self._ready: deque[str] = deque()
        self._running: dict[str, asyncio.Task[None]] = {}
        self._keys = dict(work.keys)
        cards = work.catalog.cards
        self._asked = {step: each for step, each in work.asked.items() if each.model in cards}
        self._stopping = False
        self._dropped: set[str] = set()
        """Steps at work whose result nobody wants any more."""
        self._group: asyncio.TaskGroup | None = None

    def begin(self, group: asyncio.TaskGroup) -> None:
        """Start every step that waits for nothing; the group's end is the end of them all."""
        self._group = group
        for step in self._blocked:
            self._settle(blocked_by(step, "a step"))
        self._release(self._waiting.take_ready())

    async def stop_when(self, cancel: asyncio.Event) -> None:
        """Once asked, start nothing more and stop what runs."""
        await cancel.wait()
        self._stopping = True
        self._ready.clear()
        self._waiting.waits_for.clear()
        for task in tuple(self._running.values()):
            task.cancel()

    async def hear(self, approvals: asyncio.Queue[tuple[str, bool]]) -> None:
        """Let steps go on, or leave them out, as a person says so."""
        while True:
            step, approved = await approvals.get()
            if self._approved.get(step) is None:
                self._approved[step] = approved
                if self._states.get(step) is StepState.WAITING_APPROVAL and self._running:
                    self._release((step,))

    async def go_on_with(self, plans: asyncio.Queue[Replanned]) -> None:
        """Take over the plans that come, one after the other, as long as the run works."""
        while True:
            new = await plans.get()
            assert self._group is not None
            if not self._running:
                # Its last step has ended in this moment: whoever asked hears that it is over.
                continue
            # As one of the run's own tasks, so that the run does not end meanwhile.
            await self._group.create_task(self._replan(new))

    async def _replan(self, new: Replanned) -> None:
        differs = difference(self._keys, new.keys)
        # Until the new plan stands, nothing follows from what ends.
        self._waiting = ready_set({})
        for step in differs.gone | differs.changed:
            self._asked.pop(step, None)
            self._outputs.pop(step, None)
            self._states.pop(step, None)
            self._skipped.discard(step)
            # A person's word was about the step as it was.
            self._approved.pop(step, None)
            if step in self._running:
                self._dropped.add(step)
                self._running[step].cancel()
        self._ready = deque(step for step in self._ready if step in self._states)
        if leaving := [self._running[step] for step in self._dropped]:
            await asyncio.wait(leaving)
        for step in tuple(self._dropped):
            # A task that was cancelled before it began never reached its own end.
            self._running.pop(step, None)
        self._dropped.clear()
        renewed = {step: new.keys[step] for step in differs.fresh | differs.changed}
        reused = {step: new.found[step] for step in renewed if step in new.found}
        body = RunReplanned(title=new.plan.title, plan=new.kept_as, steps=new.steps)
        work = self._work
        await self._tools.database.write(runs.replan(work.tenant, work.run, body, renewed, reused))
        records = await self._tools.database.read(runs.steps(work.run))
        self._records = {record.step: record for record in records}
        self._states |= dict.fromkeys(renewed, StepState.PENDING)
        self._states |= dict.fromkeys(reused, StepState.REUSED)
        self._outputs |= reused
        self._keys = dict(new.keys)
        self._know(new.plan)
        self._waiting, blocked = still_waiting(
            new.steps, self._states, {*self._running, *self._ready}
        )
        for step in blocked:
            self._settle(blocked_by(step, "a step"))
        said = tuple(
            step
            for step, state in self._states.items()
            if state is StepState.WAITING_APPROVAL and self._approved.get(step) is not None
        )
        self._release((*self._waiting.take_ready(), *said))
        new.done.set()

    def _know(self, plan: Plan) -> None:
        self._steps = {step.id: step for step in plan.steps}
        cards = self._work.catalog.cards
        models = {step.model or "" for step in plan.steps}
        self._limited = {name for name in models if media_limits(cards[name])}

    def conclude(self, *, cancelled: bool) -> RunState:
        """Settle what never ran, and return how the run ended."""
        if not cancelled and StepState.WAITING_APPROVAL in self._states.values():
            return RunState.WAITING
        for step, state in self._states.items():
            if state not in FINISHED:
                self._settle(StepChanged(step=step, state=StepState.CANCELLED))
        ends = set(self._states.values())
        if StepState.CANCELLED in ends and cancelled:
            return RunState.CANCELLED
        return RunState.SUCCEEDED if ends <= DONE_WITH else RunState.FAILED

    def _release(self, steps: tuple[str, ...]) -> None:
        if self._stopping:
            return
        free = self._admitted(steps)
        self._ready.extend(free)
        assert self._group is not None
        while self._ready and len(self._running) < self._work.parallel:
            step = self._ready.popleft()
            self._running[step] = self._group.create_task(self._run(step), name=step)
        for step in free:
            if step not in self._running:
                self._move(step, StepState.READY)

    def _admitted(self, steps: tuple[str, ...]) -> list[str]:
        """Return the steps that may run now; hold or leave out the others."""
        free: list[str] = []
        reached = deque(steps)
        while reached:
            step = reached.popleft()
            found = gate(self._steps[step], self._outputs, self._skipped, self._approved.get(step))
            if found is Gate.OPEN:
                free.append(step)
            elif found is Gate.HELD:
                self._move(step, StepState.WAITING_APPROVAL)
            else:
                self._skipped.add(step)
                self._settle(StepChanged(step=step, state=StepState.SKIPPED))
                reached.extend(self._waiting.succeed(step))
        return free

    async def _run(self, step: str) -> None:
        try:
            with working_on(run=self._work.run, step=step):
                end = await self._carry(self._steps[step])
        except asyncio.CancelledError:
            # The whole run is ending, or this step is gone: nothing follows from it. Where it is
            # left alone, its job is still at work.
            if step not in self._dropped and not self._is_left_alone():
                self._settle(StepChanged(step=step, state=StepState.CANCELLED))
            return
        finally:
            self._running.pop(step, None)
            gone = step in self._dropped
            self._dropped.discard(step)
        if gone:
            return
        self._settle(end)
        if end.state in GOOD:
            self._outputs[step] = end.outputs
            self._release(self._waiting.succeed(step))
            return
        for blocked in self._waiting.fail(step):
            self._settle(blocked_by(blocked, step))
        self._release(())

    async def _carry(self, step: Step) -> StepChanged:
        """Run one step and return how it ended."""
        try:
            asked = self._asked.pop(step.id, None)
            if asked is not None:
                return await carry(step, asked, self._work, self._tools, self, None)
            request = self._request(step)
            return await carry(step, request, self._work, self._tools, self, self._limited)
        except StorageError:
            # What is paid for is not thrown away because nobody can write down how it ends.
            self._tools.router.left_alone.add(self._work.run)
            raise
        except FramewrightError as error:
            return failed_by(step.id, error)

    def _is_left_alone(self) -> bool:
        return self._work.run in self._tools.router.left_alone

    def _request(self, step: Step) -> JobRequest:
        card = self._work.catalog.cards[step.model or ""]
        ports = self._work.catalog.ports[card.id]
        inputs = wired(step, self._outputs, self._work.uploads, ports)
        return JobRequest(
            tenant=self._work.tenant,
            key=job_key(self._work.run, self._records[step.id]),
            correlation=self._work.run,
            provider=card.provider,
            model=card.id,
            task=card.task or "",
            inputs=inputs,
            seed=seed_for(step.id, card.id, inputs),
        )

    def _move(self, step: str, state: StepState) -> None:
        self._states[step] = state
        self._tools.database.post(runs.move(self._work.tenant, self._work.run, step, state))

    def _settle(self, end: StepChanged) -> None:
        self._states[end.step] = end.state
        self._tools.database.post(runs.settle(self._work.tenant, self._work.run, end))

    def queued(self, step: str) -> None:
        """Note that the router is asked to do the step."""
        self._move(step, StepState.QUEUED)

    def started(self, step: str) -> None:
        """Note that a provider works on the step."""
        self._move(step, StepState.RUNNING)

    def progressed(self, body: StepProgressed) -> None:
        """Tell whoever watches how far a step is."""
        self._tools.database.post(runs.tell(self._work.tenant, self._work.run, body))

    def backs_off(self, body: StepRetried) -> None:
        """Note that a step's job waits before its next attempt."""
        work = self._work
        self._tools.database.post(runs.tell(work.tenant, work.run, body))
        self._move(body.step, StepState.QUEUED)

    def now_ms(self) -> int:
        """Return Unix time in milliseconds."""
        return self._tools.clock.now_ms()


def _first(problems: BaseExceptionGroup[BaseException]) -> BaseException:
    inner: BaseException = problems
    while isinstance(inner, BaseExceptionGroup):
        inner = inner.exceptions[0]
    return inner
