"""What becomes of jobs is counted and timed where that is asked for, and nothing is loaded else."""

from __future__ import annotations

import asyncio
import gc
import os
import random
import subprocess
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from framewright.domain.job import ErrorCategory, JobRequest, JobResult
from framewright.protocols import FakeProvider, Finished, HandClock, ProviderFailure, Status
from framewright.router.metrics import Metrics, TelemetryMetrics
from framewright.router.router import Router
from framewright.store.blobs import Blobs
from framewright.store.database import Database
from framewright.store.queue_limits import Limits
from framewright.studio.telemetry import asked_metrics

if TYPE_CHECKING:
    from pathlib import Path

DOWN = ProviderFailure(ErrorCategory.OUTAGE, "It is down.")
NO = ProviderFailure(ErrorCategory.CONTENT_POLICY, "Not that.")
KIND = {"framewright.tenant": "local", "framewright.provider": "fake"}


@dataclass
class Troubled(FakeProvider):
    """Fails as it is told, one failure after the other, and then works, for money."""

    troubles: list[ProviderFailure] = field(default_factory=list)
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    go: asyncio.Event | None = None

    async def poll(self, remote_id: str, wait_seconds: float) -> Status:
        del wait_seconds
        self.begun.set()
        if self.go is not None:
            await self.go.wait()
        return self.troubles.pop(0) if self.troubles else Finished(cost=0.25)


class Figures:
    """What a reader of metrics gets to see."""

    def __init__(self) -> None:
        self._reader = InMemoryMetricReader()
        self.provider = MeterProvider([self._reader])

    def read(self) -> dict[str, list[tuple[dict[str, Any], Any]]]:
        """Return by name what was counted, or how often something was timed, by attributes."""
        data = self._reader.get_metrics_data()
        found: dict[str, list[tuple[dict[str, Any], Any]]] = {}
        for resource in data.resource_metrics if data is not None else ():
            for scope in resource.scope_metrics:
                for metric in scope.metrics:
                    found[f"{metric.name} in {metric.unit}"] = [
                        (dict(point.attributes or {}), getattr(point, "value", None) or point)
                        for point in metric.data.data_points
                    ]
        return found


async def _nobody_waits(_: float) -> None:
    pass


def _request(key: str) -> JobRequest:
    return JobRequest(
        tenant="local",
        key=key,
        correlation="run_1",
        provider="fake",
        model="fake/a",
        task="",
        inputs={},
        seed=1,
    )


async def _submitted(folder: Path, metrics: Metrics, provider: Troubled, *keys: str) -> JobResult:
    database = await Database.open(folder / "workspace.db", HandClock())
    try:
        router = Router(
            database,
            Blobs(folder / "assets"),
            {"fake": provider},
            HandClock(),
            random.SystemRandom(),
            pause=_nobody_waits,
            metrics=metrics,
        )
        for key in keys:
            result = await router.submit(_request(key), lambda _: None)
        await router.close()
        return result
    finally:
        await database.close()


def test_what_becomes_of_jobs_is_counted_and_timed(tmp_path: Path) -> None:
    figures = Figures()
    provider = Troubled(troubles=[DOWN, NO])
    work = _submitted(tmp_path, TelemetryMetrics(figures.provider), provider, "a", "b", "b")
    asyncio.run(work)
    found = figures.read()
    kind = {**KIND, "framewright.model": "fake/a"}
    assert found["framewright.job.accepted in {job}"] == [(kind, 2)]
    by_outcome = {
        (said["framewright.outcome"], said.get("error.type")): count
        for said, count in found["framewright.job.attempts in {attempt}"]
    }
    assert by_outcome == {
        ("dead", "outage"): 1,
        ("dead", "content-policy"): 1,
        ("succeeded", None): 1,
    }
    assert found["framewright.job.retries in {retry}"] == [({**kind, "error.type": "outage"}, 1)]
    assert found["framewright.job.cost in {USD}"] == [(kind, 0.25)]
    ((said, waited),) = found["framewright.job.wait.duration in s"]
    assert (said, waited.count) == (kind, 3)
    ((said, worked),) = found["framewright.job.provider.duration in s"]
    assert (said, worked.count) == (kind, 3)
    assert 0 <= worked.sum < 60


def test_an_opening_breaker_is_counted(tmp_path: Path) -> None:
    figures = Figures()
    provider = Troubled(troubles=[DOWN] * 8)
    metrics = TelemetryMetrics(figures.provider)
    asyncio.run(_submitted(tmp_path, metrics, Troubled(troubles=[DOWN] * 4), "a"))
    assert "framewright.breaker.openings in {opening}" not in figures.read()

    async def until_it_opens() -> None:
        task = asyncio.ensure_future(_submitted(tmp_path, metrics, provider, "b"))
        async with asyncio.timeout(30):
            # It is handed nothing more now, and the job waits for its turn.
            while "framewright.breaker.openings in {opening}" not in figures.read():  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(until_it_opens())
    ((_, openings),) = figures.read()["framewright.breaker.openings in {opening}"]
    assert openings == 1


def test_waiting_and_running_jobs_are_observed_while_somebody_has_them(tmp_path: Path) -> None:
    figures = Figures()

    async def work() -> None:
        provider = Troubled(go=asyncio.Event())
        database = await Database.open(tmp_path / "workspace.db", HandClock())
        limits = Limits(models={"fake/a": 1})
        router = Router(
            database,
            Blobs(tmp_path / "assets"),
            {"fake": provider},
            HandClock(),
            random.SystemRandom(),
            limits=limits,
            metrics=TelemetryMetrics(figures.provider),
        )
        async with asyncio.TaskGroup() as group, asyncio.timeout(30):
            for key in ("a", "b", "c"):
                group.create_task(router.submit(_request(key), lambda _: None))
            await provider.begun.wait()
            seen = {
                said["framewright.job.state"]: count
                for said, count in figures.read()["framewright.queue.jobs in {job}"]
            }
            assert seen == {"running": 1, "waiting": 2}
            assert provider.go is not None
            provider.go.set()
        assert not figures.read().get("framewright.queue.jobs in {job}")
        await router.close()
        await database.close()

    asyncio.run(work())
    # A workspace that is closed is not kept alive by whoever reads the figures.
    gc.collect()
    assert not figures.read().get("framewright.queue.jobs in {job}")


@pytest.mark.parametrize(
    ("environment", "setting", "asked"),
    [
        ({}, False, False),
        ({}, True, True),
        ({"OTEL_METRICS_EXPORTER": "otlp"}, False, True),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318"}, False, True),
        ({"OTEL_METRICS_EXPORTER": "none"}, True, False),
        ({"OTEL_METRICS_EXPORTER": "otlp", "OTEL_SDK_DISABLED": "true"}, True, False),
        ({"OTEL_METRICS_EXPORTER": ""}, False, False),
    ],
)
def test_metrics_are_told_where_that_is_asked_for(
    environment: dict[str, str], setting: bool, asked: bool
) -> None:
    found = asked_metrics(environment, setting=setting)
    assert isinstance(found, TelemetryMetrics) == asked


def test_without_the_library_there_are_no_metrics_and_a_word_in_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.metrics", None)
    with caplog.at_level("WARNING"):
        assert type(asked_metrics({}, setting=True)) is Metrics
    assert "framewright[telemetry]" in caplog.text


def test_nothing_is_loaded_where_nobody_asks(tmp_path: Path) -> None:
    look = """if True:
        import asyncio, sys
        from framewright import Studio
        async def work():
            async with Studio.open(sys.argv[1]):
                print(sorted(name for name in sys.modules if "opentelemetry" in name)[:3])
        asyncio.run(work())"""

    def loaded(**variables: str) -> str:
        clean = {name: each for name, each in os.environ.items() if not name.startswith("OTEL_")}
        command = [sys.executable, "-c", look, str(tmp_path / "ws")]
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=60, env={**clean, **variables}
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    assert loaded() == "[]"
    assert "opentelemetry" in loaded(OTEL_METRICS_EXPORTER="otlp")
