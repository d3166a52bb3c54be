"""Gold graphs of other people's tools load, pass the checks, and run in their order."""

from __future__ import annotations

import asyncio
import json
import random
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

import media_samples
import taskbench
from framewright import Plan, Studio
from framewright.catalog.catalog import build_catalog, read_cards
from framewright.checks.repair.outcome import Outcome
from framewright.checks.repair.repair import repair
from framewright.domain.media import MediaKind
from framewright.domain.run import RunState
from framewright.media.sound import write_wav
from framewright.protocols import FakeProvider, ProviderOutput

if TYPE_CHECKING:
    from pathlib import Path

DATA = taskbench.folder()
pytestmark = pytest.mark.skipif(DATA is None, reason="the TaskBench data is not here")


@pytest.fixture(scope="module")
def cards() -> dict[str, dict[str, Any]]:
    assert DATA is not None
    return taskbench.tools(DATA)


@dataclass
class Simulated(FakeProvider):
    """Answers each job with a sample of the medium its tool makes."""

    name: str = "taskbench"
    makes: dict[str, str] = field(default_factory=dict)
    samples: dict[str, Path] = field(default_factory=dict)

    async def fetch(self, remote_id: str, folder: Path) -> tuple[ProviderOutput, ...]:
        kind = self.makes[self.requests[int(remote_id)].model]
        if kind == "text":
            return (ProviderOutput(MediaKind.TEXT, text=f"text {remote_id}"),)
        folder.mkdir(parents=True)
        copy = folder / self.samples[kind].name
        shutil.copyfile(self.samples[kind], copy)
        return (ProviderOutput(MediaKind(kind), copy),)


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("samples")
    Image.effect_noise((64, 64), 80).convert("RGB").save(folder / "image.png")
    write_wav(folder / "audio.wav", media_samples.tone(0.5), 48_000)
    media_samples.video(folder / "video.mp4", frames=6, first=85)
    return {file.stem: file for file in folder.iterdir()}


def test_gold_graphs_run_in_order(
    tmp_path: Path, cards: dict[str, dict[str, Any]], samples: dict[str, Path]
) -> None:
    assert DATA is not None
    records = taskbench.gold(DATA)
    assert len(records) == 59
    provider = Simulated(makes={c["id"]: c["output"] for c in cards.values()}, samples=samples)
    (tmp_path / "tools.json").write_text(json.dumps(list(cards.values())), "utf-8")

    async def work() -> None:
        async with Studio.open(
            tmp_path / "ws", catalogs=[tmp_path / "tools.json"], providers={"taskbench": provider}
        ) as studio:
            for kind in ("image", "video", "audio"):
                assert (await studio.upload(samples[kind])).id == kind
            for record in records:
                plan = Plan.model_validate(taskbench.plan_of(record, cards))
                assert await studio.check(plan) == ()
                before = len(provider.requests)
                run = await studio.start(plan, reuse=False)
                async for _ in studio.watch(run):
                    pass
                view = await studio.show(run)
                assert view.state is RunState.SUCCEEDED, (record["id"], view)
                order = [request.key.split(":")[1] for request in provider.requests[before:]]
                assert sorted(order) == sorted(step.id for step in plan.steps)
                for link in record["tool_links"]:
                    source, target = f"n{link['source_index']}", f"n{link['target_index']}"
                    assert order.index(source) < order.index(target)

    asyncio.run(work())


def test_a_thousand_walks_over_the_tools_raise_no_alarm(cards: dict[str, dict[str, Any]]) -> None:
    assert DATA is not None
    catalog = build_catalog(read_cards(list(cards.values()), "tools"))
    chance = random.Random(1)
    for _ in range(1_000):
        plan = taskbench.walk(DATA, cards, chance)
        found = repair(json.dumps(plan), catalog, "", taskbench.UPLOADS)
        assert found.outcome is Outcome.ACCEPTED, (plan, found.changes, found.findings)
        assert found.plan is not None
        assert found.plan.model_dump(mode="json") == plan
