"""Several processes share one queue: what each tenant gets of it, and how long anybody waits."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import contextmanager
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

PLACES = 8
WEIGHTS = {"ann": 1.0, "bob": 2.0, "cy": 4.0}
MODEL = "far/a"
LIMITS = Limits(models={MODEL: PLACES}, weights=WEIGHTS)
Chains = tuple[tuple["JobRequest", ...], ...]
_PATIENCE_SECONDS = 300.0


@contextmanager
def _at_work(folder: Path, provider: Remote, desks: Iterable[Chains]) -> Generator[None]:
    """Let one process carry the jobs of each desk; wait for all behind the block."""
    processes = []
    try:
        for chains in desks:
            shift = Shift(folder, provider.address, LIMITS, chains)
            processes.append(PROCESSES.Process(target=router_process.carry, args=(shift,)))
            processes[-1].start()
        yield
        until = time.monotonic() + _PATIENCE_SECONDS
        for each in processes:
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


def served(folder: Path, desks: Sequence[Chains]) -> tuple[list[str], Tally]:
    """Return the tenants in the order of their turns, from when all jobs wait.

    It ends when the first tenant has no more jobs waiting.
    """
    count = sum(len(chains) for chains in desks)
    with remote_provider.remote() as provider:
        provider.hold()
        with _at_work(folder, provider, desks):
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


def furthest_from_fair(order: Sequence[str], weights: Mapping[str, float]) -> float:
    """Return by how many jobs a tenant was ever ahead of or behind its share."""
    whole, got, most = sum(weights.values()), Counter[str](), 0.0
    for number, tenant in enumerate(order, start=1):
        got[tenant] += 1
        most = max(most, *(abs(got[each] - number * weights[each] / whole) for each in weights))
    return most
