"""Metrics of the router: what is counted and timed, by OpenTelemetry's API, where it is asked for.

Names and units follow its conventions: a namespace, things counted in braces, seconds, and
`error.type` for why something failed. Nothing here sends anything anywhere: whoever wants the
figures configures OpenTelemetry's SDK in the same process. Off, a metric is a call of an empty
method, and OpenTelemetry is not imported.
"""

from __future__ import annotations

import threading
import weakref
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Protocol

from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from opentelemetry.metrics import CallbackOptions, MeterProvider, Observation

    from framewright.domain.job import JobError, JobRequest, JobResult
    from framewright.store.queue_limits import Group

_SECONDS = (0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600)
"""Where histograms of durations change from one bucket to the next."""


class Counted(Protocol):
    """Whose jobs are observed."""

    def standing(self) -> Mapping[tuple[Group, str], int]:
        """Return how many jobs of each kind are in each state here; called on any thread."""
        ...


class Metrics:
    """What becomes of jobs; this one tells nobody."""

    def accepted(self, request: JobRequest) -> None:
        """Count a job that was accepted."""

    def waited(self, group: Group, seconds: float) -> None:
        """Time how long a job waited for its turn."""

    def worked(self, request: JobRequest, seconds: float) -> None:
        """Time how long a provider had a job, from the submission to how that ended."""

    def attempted(self, request: JobRequest, result: JobResult | None) -> None:
        """Count an attempt by how it ended; None for one that was cut off."""

    def retried(self, request: JobRequest, error: JobError) -> None:
        """Count a job that is to be tried again."""

    def opened(self, request: JobRequest) -> None:
        """Count a circuit breaker that opened."""

    def paid(self, request: JobRequest, cost: float) -> None:
        """Count what a job has cost, in US dollars."""

    def watch(self, counted: Counted) -> None:
        """Observe somebody's jobs, for as long as they are there."""


class TelemetryMetrics(Metrics):
    """What becomes of jobs, told to OpenTelemetry."""

    def __init__(self, provider: MeterProvider | None = None) -> None:
        """Tell a meter provider, the one of this process where none is given.

        Raises `ImportError` where OpenTelemetry's API is not installed.
        """
        from opentelemetry.metrics import get_meter_provider

        self._to = _instruments(provider or get_meter_provider())

    @override
    def accepted(self, request: JobRequest) -> None:
        self._to.accepted.add(1, _of(request))

    @override
    def waited(self, group: Group, seconds: float) -> None:
        self._to.wait.record(seconds, _of(group))

    @override
    def worked(self, request: JobRequest, seconds: float) -> None:
        self._to.work.record(seconds, _of(request))

    @override
    def attempted(self, request: JobRequest, result: JobResult | None) -> None:
        outcome = "cut-off" if result is None else result.state.value
        said = {**_of(request), "framewright.outcome": outcome}
        if result is not None and result.error is not None:
            said["error.type"] = result.error.category.value
        self._to.attempts.add(1, said)

    @override
    def retried(self, request: JobRequest, error: JobError) -> None:
        self._to.retries.add(1, {**_of(request), "error.type": error.category.value})

    @override
    def opened(self, request: JobRequest) -> None:
        self._to.openings.add(1, _of(request))

    @override
    def paid(self, request: JobRequest, cost: float) -> None:
        if cost > 0:
            self._to.cost.add(cost, _of(request))

    @override
    def watch(self, counted: Counted) -> None:
        self._to.watch(counted)


class _Instruments:
    """The instruments of one meter provider: made once, however many workspaces are open."""

    def __init__(self, provider: MeterProvider) -> None:
        meter = provider.get_meter("framewright")
        count, time = meter.create_counter, meter.create_histogram
        self.accepted = count("framewright.job.accepted", "{job}", "Jobs that were accepted")
        self.attempts = count("framewright.job.attempts", "{attempt}", "Submissions of jobs")
        self.retries = count("framewright.job.retries", "{retry}", "Jobs that are tried again")
        self.openings = count(
            "framewright.breaker.openings", "{opening}", "Circuit breakers that opened"
        )
        self.cost = count("framewright.job.cost", "{USD}", "What jobs have cost")
        self.wait = time(
            "framewright.job.wait.duration",
            "s",
            "How long jobs waited for their turn",
            explicit_bucket_boundaries_advisory=_SECONDS,
        )
        self.work = time(
            "framewright.job.provider.duration",
            "s",
            "How long providers had jobs",
            explicit_bucket_boundaries_advisory=_SECONDS,
        )
        self._counted: weakref.WeakSet[Counted] = weakref.WeakSet()
        self._lock = threading.Lock()
        # Figures of several processes add up, which those of a gauge do not.
        meter.create_observable_up_down_counter(
            "framewright.queue.jobs",
            [self._observe],
            "{job}",
            "Jobs of this process that wait for their turn, or run",
        )

    def watch(self, counted: Counted) -> None:
        """Observe somebody's jobs from now on; nothing is kept alive by that."""
        with self._lock:
            self._counted.add(counted)

    def _observe(self, options: CallbackOptions) -> Iterable[Observation]:
        from opentelemetry.metrics import Observation

        del options
        with self._lock:
            here = list(self._counted)
        total: Counter[tuple[Group, str]] = Counter()
        for each in here:
            total.update(each.standing())
        return [
            Observation(number, {**_of(group), "framewright.job.state": state})
            for (group, state), number in total.items()
        ]


@cache
def _instruments(provider: MeterProvider) -> _Instruments:
    return _Instruments(provider)


def _of(kind: JobRequest | Group) -> dict[str, str]:
    return {
        "framewright.tenant": kind.tenant,
        "framewright.provider": kind.provider,
        "framewright.model": kind.model,
    }
