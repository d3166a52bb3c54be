"""Several processes share one queue: what each tenant gets of it, and how long anybody waits."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import permutations
from typing import TYPE_CHECKING

import remote_provider
import router_process
from framewright.store.queue_limits import Limits
from remote_provider import PROCESSES, Remote, Tally, request
from router_process import Shift

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping, Sequence
    from pathlib import Path

    from framewright.domain.job import JobRequest

WEIGHTS = {"ann": 1.0, "bob": 2.0, "cy": 4.0}
MODEL = "far/a"
Chains = tuple[tuple["JobRequest", ...], ...]
_PATIENCE_SECONDS = 600.0


@contextmanager
def _at_work(
    folder: Path, provider: Remote, limits: Limits, desks: Iterable[Chains], leave: int = 0
) -> Generator[None]:
    """Let one process carry the jobs of each desk; wait for all but the first behind the block.

    The first `leave` of them are ended with their work undone.
    """
    processes = []
    try:
        for chains in desks:
            shift = Shift(folder, provider.address, limits, chains)
            processes.append(PROCESSES.Process(target=router_process.carry, args=(shift,)))
            processes[-1].start()
        yield
        until = time.monotonic() + _PATIENCE_SECONDS
        for each in processes[leave:]:
            each.join(until - time.monotonic())
            assert each.exitcode == 0
    finally:
        for each in processes:
            each.kill()
            each.join()


def _tenants(folder: Path) -> dict[str, str]:
    """Return the tenant of every job of the store."""
    return dict(router_process.ask(folder, "SELECT id, tenant FROM job"))


def _wait_for_all(folder: Path, count: int) -> None:
    """Wait until so many jobs are accepted."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while len(_tenants(folder)) < count:
        assert time.monotonic() < until
        time.sleep(0.01)


def _limits(places: int) -> Limits:
    return Limits(models={MODEL: places}, weights=WEIGHTS)


def together(each: int, desks: int = 3) -> list[Chains]:
    """Return desks on which every tenant has its part of so many jobs."""
    return [
        tuple(
            (request(tenant, f"{tenant}{n}", MODEL),)
            for n in range(desk, each, desks)
            for tenant in WEIGHTS
        )
        for desk in range(desks)
    ]


def apart(each: int) -> list[Chains]:
    """Return a desk for each tenant, with so many jobs."""
    return [
        tuple((request(tenant, f"{tenant}{n}", MODEL),) for n in range(each)) for tenant in WEIGHTS
    ]


def served(folder: Path, desks: Sequence[Chains], places: int) -> tuple[list[str], Tally]:
    """Return the tenants in the order of their turns, from when all jobs wait.

    It ends when the first tenant has no more jobs waiting.
    """
    count = sum(len(chains) for chains in desks)
    with remote_provider.remote() as provider:
        provider.hold()
        with _at_work(folder, provider, _limits(places), desks):
            _wait_for_all(folder, count)
            provider.go_on()
        tally = provider.tally()
    story, tenants = router_process.read(folder / "journal"), _tenants(folder)
    assert story.trouble == []
    turns = [tenants[job] for job in story.began]
    last = max(story.waited.values())
    left = Counter(tenants.values())
    order = []
    for number, tenant in enumerate(turns):
        left[tenant] -= 1
        if not left[tenant]:
            break
        if number >= last:
            order.append(tenant)
    return order, tally


def furthest_apart(order: Sequence[str], weights: Mapping[str, float]) -> float:
    """Return by how many jobs two tenants ever differed from their shares.

    Zero where none was ever further ahead of another than the one job of each that can not be
    divided (Goyal, Vin, Cheng 1996, theorem 1).
    """
    got, most = Counter[str](), 0.0
    for tenant in order:
        got[tenant] += 1
        for one, other in permutations(weights, 2):
            ahead = got[one] / weights[one] - got[other] / weights[other]
            apart = ahead - 1 / weights[one] - 1 / weights[other]
            most = max(most, apart * weights[one])
    return most


@dataclass(frozen=True, slots=True)
class Flood:
    """What came of it that one tenant had very many jobs waiting."""

    waited: list[int]
    """How many turns others had while each job of the quiet tenants waited."""
    left: int
    """How many jobs of the flood still waited when the last of those had ended."""
    tally: Tally


def flood(folder: Path, jobs: int, each: int, places: int) -> Flood:
    """Let one tenant have so many jobs waiting, and two others one after another.

    All three have processes of their own.
    """
    much = tuple((request("flood", f"f{number}", MODEL),) for number in range(jobs))
    quiet = {
        tenant: tuple(request(tenant, f"{tenant}{number}", MODEL) for number in range(each))
        for tenant in ("ann", "bob")
    }
    limits = Limits(models={MODEL: places})
    with remote_provider.remote() as provider:
        provider.hold()
        with _at_work(folder, provider, limits, [much], leave=1):
            _wait_for_all(folder, jobs)
            provider.go_on()
            with _at_work(folder, provider, limits, [(chain,) for chain in quiet.values()]):
                pass
            tally = provider.tally()
    story, tenants = router_process.read(folder / "journal"), _tenants(folder)
    assert story.trouble == []
    turn = {job: number for number, job in enumerate(story.began)}
    waited = [turn[job] - story.waited[job] for job in turn if tenants[job] in quiet]
    assert len(waited) == each * len(quiet)
    return Flood(waited, jobs - Counter(tenants[job] for job in turn)["flood"], tally)
