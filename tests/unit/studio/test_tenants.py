"""Tenants and priorities, as settings and options say them."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from framewright import Plan, Studio
from framewright.domain.priority import Priority
from framewright.errors import NotFoundError, SettingsError
from framewright.protocols import FakeProvider, Status
from framewright.settings import LimitSettings
from framewright.studio.limits import queue_limits

if TYPE_CHECKING:
    from pathlib import Path

CARD = {
    "id": "fake/text",
    "provider": "fake",
    "kind": "text",
    "task": "text-generation",
    "output": "text",
    "inputs_schema": {"type": "object", "properties": {"prompt": {"type": "string"}}},
}


@dataclass
class Gated(FakeProvider):
    """Does one job at a time, the first of them when it is let."""

    concurrency: int = 1
    go: asyncio.Event = field(default_factory=asyncio.Event)

    async def poll(self, remote_id: str, wait_seconds: float) -> Status:
        await self.go.wait()
        return await super().poll(remote_id, wait_seconds)


def _plan(*names: str) -> Plan:
    steps = [
        {"id": name, "title": "", "kind": "text", "model": "fake/text", "inputs": {"prompt": name}}
        for name in names
    ]
    return Plan.model_validate({"title": "T", "steps": steps})


def _options(folder: Path, provider: FakeProvider) -> dict[str, Any]:
    (folder / "fake.json").write_text(json.dumps([CARD]))
    return {"catalogs": [folder / "fake.json"], "providers": {"fake": provider}}


def test_a_run_of_high_priority_goes_before_what_waits(tmp_path: Path) -> None:
    async def work() -> None:
        provider = Gated()
        async with Studio.open(tmp_path / "ws", **_options(tmp_path, provider)) as studio:
            low = await studio.start(_plan("a", "b", "c"), priority=Priority.LOW)
            high = await studio.start(_plan("d", "e"), priority=Priority.HIGH)
            async with asyncio.timeout(30):
                while sum(row.waiting for row in await studio.queue()) < 4:  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
            provider.go.set()
            for run in (low, high):
                async for _ in studio.watch(run):
                    pass
        steps = [request.key.split(":")[1] for request in provider.requests]
        assert set(steps[:1]) <= {"a", "b", "c"}
        assert set(steps[1:3]) == {"d", "e"}

    asyncio.run(work())


def test_each_tenant_of_a_store_sees_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work() -> None:
        options = _options(tmp_path, FakeProvider())
        async with Studio.open(tmp_path / "ws", **options) as studio:
            run = await studio.start(_plan("a"))
            async for _ in studio.watch(run):
                pass
        monkeypatch.setenv("FRAMEWRIGHT_TENANT", "ann")
        async with Studio.open(tmp_path / "ws", **options) as studio:
            assert await studio.runs() == ()
            assert await studio.jobs() == ()
            with pytest.raises(NotFoundError):
                await studio.show(run)
            with pytest.raises(NotFoundError):
                await studio.cancel(run)
            own = await studio.start(_plan("a"))
            async for _ in studio.watch(own):
                pass
            assert [each.id for each in await studio.runs()] == [own]
        monkeypatch.setenv("FRAMEWRIGHT_TENANT", "No One")
        with pytest.raises(SettingsError, match="tenant"):
            async with Studio.open(tmp_path / "ws", **options):
                pass

    asyncio.run(work())


def test_what_a_tenant_may_have_is_in_the_settings() -> None:
    written = {"tenants": {"ann": {"most": 8, "weight": 2, "models": {"m": 1}}, "bob": {}}}
    limits = queue_limits(LimitSettings.model_validate(written))
    assert limits.tenants == {"ann": 8}
    assert limits.tenant_models == {("ann", "m"): 1}
    assert limits.weights == {"ann": 2.0, "bob": 1.0}
