"""Kills processes that carry jobs, again and again, and looks at what came of every job.

Three processes share a workspace and a provider that lives on. In each round some are killed;
new ones take over with the same keys, and with more. In between a person does what only a person
can: gives up jobs that were cut in two while they were handed over, once the provider's own list
says that they are over.
"""

from __future__ import annotations

import random
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

import remote_provider
import router_process
from framewright.domain.job import TERMINAL, JobRequest, JobResult, JobState, Phase
from framewright.store.queue_limits import Limits
from remote_provider import PROCESSES, Manner, Remote, Tally
from router_process import GIVEN_UP, Shift

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from multiprocessing.context import ForkServerProcess
    from pathlib import Path

LIMITS = Limits(
    providers={"far": 14, "near": 8},
    models={"far/a": 6, "far/b": 6, "near/d": 5},
    tenants={"ann": 12},
    tenant_models={("bob", "far/a"): 4},
    weights={"ann": 2.0},
)
TENANTS = ("ann", "bob", "cy", "dee")
MODELS = ("far/a", "far/b", "far/c", "near/d", "near/e")
SEATS = 3
"""How many processes work at a time."""
SECONDS = 0.02
"""The longest a job lasts."""
_MANNERS = {
    Manner.PLAIN: 80,
    Manner.SLOW: 10,
    Manner.REFUSED: 3,
    Manner.LOST: 2,
    Manner.FAILS: 3,
    Manner.DROPPED: 2,
}
_ENDS = {
    Manner.PLAIN: JobState.SUCCEEDED,
    Manner.SLOW: JobState.SUCCEEDED,
    Manner.DROPPED: JobState.SUCCEEDED,
    Manner.REFUSED: JobState.DEAD,
    Manner.FAILS: JobState.DEAD,
}
_PATIENCE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Row:
    """A job in the store."""

    id: str
    state: JobState
    phase: Phase
    result: JobResult | None

    @property
    def cut(self) -> bool:
        """Whether nobody can know if the provider has it."""
        return self.state is JobState.UNKNOWN and self.phase is Phase.SUBMITTING

    @property
    def given_up(self) -> bool:
        """Whether a person ended it."""
        error = None if self.result is None else self.result.error
        return error is not None and error.message == GIVEN_UP


@dataclass
class Outcome:
    """What came of all the jobs."""

    requests: dict[str, JobRequest]
    """By key."""
    kills: int = 0
    hit: set[str] = field(default_factory=set)
    """Keys that a process had on its desk when it was killed."""
    ids: dict[str, str] = field(default_factory=dict)
    """Each key's job, when it was first seen."""
    trouble: list[str] = field(default_factory=list)

    def look(self, folder: Path) -> dict[str, Row]:
        """Return the jobs of the store by key; one that changed or vanished is trouble."""
        rows = stored(folder)
        for key, job in self.ids.items():
            if key not in rows or rows[key].id != job:
                self.trouble.append(f"{key} was job {job} and is lost")
        self.ids |= {key: row.id for key, row in rows.items()}
        return rows


def stored(folder: Path) -> dict[str, Row]:
    """Return the jobs of a workspace by key."""
    found = router_process.ask(folder, "SELECT key, id, state, phase, result FROM job")
    return {
        key: Row(
            job,
            JobState(state),
            Phase(phase),
            None if result is None else JobResult.model_validate_json(result),
        )
        for key, job, state, phase, result in found
    }


def requests(chance: random.Random, count: int) -> dict[str, JobRequest]:
    """Return jobs of several tenants, models and manners by key."""
    manners, weights = list(_MANNERS), list(_MANNERS.values())
    return {
        f"k{number}": remote_provider.request(
            chance.choice(TENANTS),
            f"k{number}",
            chance.choice(MODELS),
            lasts=chance.random() * SECONDS,
            manner=chance.choices(manners, weights)[0],
        )
        for number in range(count)
    }


@dataclass
class _Seat:
    """Where one process after another works."""

    process: ForkServerProcess | None = None
    keys: list[str] = field(default_factory=list)

    def is_free(self) -> bool:
        return self.process is None


class _Rounds:
    def __init__(self, folder: Path, provider: Remote, chance: random.Random, jobs: int) -> None:
        self.outcome = Outcome(requests(chance, jobs))
        self._folder = folder
        self._provider = provider
        self._chance = chance
        self._fresh = deque(self.outcome.requests)
        self._seats = [_Seat() for _ in range(SEATS)]
        self._cut: set[str] = set()

    def run(self, rounds: int, say: Callable[[str], None]) -> None:
        for number in range(rounds):
            rows = self._fill(len(self._fresh) // (rounds - number))
            self._kill()
            say(f"round {number + 1} of {rounds}: {_ended(rows)} jobs have ended")
        # Nobody is killed any more: what is left has to come to its end.
        rows = self._fill(len(self._fresh))
        moved_at = time.monotonic()
        while not all(seat.is_free() for seat in self._seats):
            before, rows = rows, self._look()
            if _ended(rows) > _ended(before):
                moved_at = time.monotonic()
                say(f"{_ended(rows)} of {len(self.outcome.requests)} jobs have ended")
            elif time.monotonic() > moved_at + _PATIENCE_SECONDS:
                self.outcome.trouble.append("the rest is stuck")
                break
            self._leave(0.5)

    def _fill(self, more: int) -> dict[str, Row]:
        """Give every free seat a process, with what was left there and some new jobs."""
        self._leave(0.0)
        rows = self._look()
        free = [seat for seat in self._seats if seat.is_free()]
        share = -(-more // max(1, len(free)))
        for seat in free:
            fresh = [self._fresh.popleft() for _ in range(min(share, len(self._fresh)))]
            # Whoever asks again for what has ended gets its end again.
            ended = list(islice((key for key in seat.keys if _is_over(rows.get(key))), 5))
            left = [key for key in seat.keys if not _is_over(rows.get(key))]
            seat.keys = left + ended + fresh
            self._chance.shuffle(seat.keys)
            seat.process = self._begin(seat.keys)
        return rows

    def _begin(self, keys: Iterable[str], give_up: Iterable[str] = ()) -> ForkServerProcess:
        known = self.outcome.requests
        shift = Shift(
            self._folder,
            self._provider.address,
            LIMITS,
            tuple((known[key],) for key in keys),
            tuple(known[key] for key in give_up),
        )
        process = PROCESSES.Process(target=router_process.carry, args=(shift,))
        process.start()
        return process

    def _look(self) -> dict[str, Row]:
        """Return the jobs by key; give up what was cut at the last look and is over now."""
        rows = self.outcome.look(self._folder)
        cut = {key for key, row in rows.items() if row.cut}
        # While it runs there, its place is taken: it is no use to pretend that it were free.
        if over := (cut & self._cut) - self._provider.tally().running:
            person = self._begin((), over)
            person.join()
            person.close()
        self._cut = cut
        return rows

    def _kill(self) -> None:
        """Kill some at a moment that chance chooses."""
        asked = self._provider.reach(0)
        self._provider.reach(asked + self._chance.randrange(60), seconds=2.0)
        time.sleep(self._chance.random() * SECONDS)
        for seat in self._chance.sample(self._seats, self._chance.randint(1, SEATS)):
            if seat.process is not None and seat.process.is_alive():
                seat.process.kill()
                self.outcome.kills += 1
                self.outcome.hit.update(seat.keys)
                seat.process.join()
                seat.process.close()
                seat.process = None

    def _leave(self, seconds: float) -> None:
        """Free the seats of processes that have ended; wait so long for the first that works."""
        for seat in self._seats:
            if seat.process is None:
                continue
            seat.process.join(seconds)
            if seat.process.exitcode is None:
                seconds = 0.0
                continue
            if seat.process.exitcode:
                self.outcome.trouble.append(f"a process ended with {seat.process.exitcode}")
            seat.process.close()
            seat.process = None

    def end(self) -> None:
        for seat in self._seats:
            if seat.process is not None:
                seat.process.kill()
                seat.process.join()


def _ended(rows: dict[str, Row]) -> int:
    return sum(row.state in TERMINAL for row in rows.values())


def _is_over(row: Row | None) -> bool:
    return row is not None and (row.state in TERMINAL or row.cut)


def kill_rounds(
    folder: Path,
    seed: int,
    rounds: int,
    jobs: int,
    say: Callable[[str], None] = lambda _: None,
) -> tuple[Outcome, Tally]:
    """Carry jobs to their ends while the processes that do it are killed round after round."""
    with remote_provider.remote() as provider:
        at_work = _Rounds(folder, provider, random.Random(seed), jobs)
        try:
            at_work.run(rounds, say)
        finally:
            at_work.end()
        return at_work.outcome, provider.tally()


def problems(folder: Path, outcome: Outcome, tally: Tally) -> list[str]:
    """Return a sentence for each thing that may never happen and did."""
    rows, story = outcome.look(folder), router_process.read(folder / "journal")
    cut = {key for key, row in rows.items() if row.cut or row.given_up}
    found = [*outcome.trouble, *story.trouble]
    found += [
        f"{key} was submitted {times} times" for key, times in tally.asked.items() if times > 1
    ]
    found += [f"{key} was never accepted" for key in outcome.requests.keys() - rows.keys()]
    lost = story.accepted - {row.id for row in rows.values()}
    found += [f"{job} was accepted and is lost" for job in lost]
    for key, row in rows.items():
        if key not in cut:
            found += _wrong_end(outcome.requests[key], row, tally)
    # Who asks how a job goes has its id on disk: that can not have been cut off any more.
    found += [f"{key} was not cut in two and is unknown" for key in cut & tally.polled]
    unhurt = {key for key in cut if outcome.requests[key].inputs["manner"] != Manner.LOST}
    found += [f"{key} is unknown and nobody was killed" for key in unhurt - outcome.hit]
    for key, ends in story.ended.items():
        known = ends - {(JobState.UNKNOWN.value,)}
        if len(known) > 1 or (known and next(iter(known))[0] != rows[key].state):
            found.append(f"{key} is {rows[key].state}, and it was said: {sorted(ends)}")
    found += over_caps(tally, LIMITS)
    checked = router_process.ask(folder, "PRAGMA integrity_check")
    found += [text for (text,) in checked if text != "ok"]
    return found


def _wrong_end(request: JobRequest, row: Row, tally: Tally) -> Iterable[str]:
    expected = _ENDS.get(Manner(request.inputs["manner"]))
    if row.state is not expected:
        yield f"{request.key}, {request.inputs['manner']}, is {row.state} {row.phase}"
    elif row.result is not None and row.state is JobState.SUCCEEDED:
        if [each.text for each in row.result.outputs] != [request.key]:
            yield f"{request.key} has the result {row.result.outputs}"
        if tally.asked.get(request.key) != 1:
            yield f"{request.key} has a result and was never submitted"


def over_caps(tally: Tally, limits: Limits) -> Iterable[str]:
    """Yield a sentence for each cap that the provider saw exceeded."""
    caps = {f"provider {name}": cap for name, cap in limits.providers.items()}
    caps |= {f"model {name}": cap for name, cap in limits.models.items()}
    caps |= limits.tenants
    caps |= {f"{tenant} {model}": cap for (tenant, model), cap in limits.tenant_models.items()}
    for name, cap in caps.items():
        if (most := tally.most.get(name, 0)) > cap:
            yield f"{most} of {name} ran at once, over {cap}"


def account(folder: Path, outcome: Outcome, tally: Tally) -> str:
    """Return what happened in one line."""
    rows = stored(folder)
    states = Counter("given up" if row.given_up else row.state.value for row in rows.values())
    ends = ", ".join(f"{count} {state}" for state, count in states.most_common())
    most = ", ".join(f"{name} {tally.most.get(f'model {name}', 0)}" for name in MODELS)
    return f"{outcome.kills} processes killed; {len(rows)} jobs: {ends}; most at once: {most}"
