"""A small engine for tests: store, router and executor over a fake provider, in a folder."""

from __future__ import annotations

import asyncio
import random
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from framewright.catalog.catalog import build_catalog
from framewright.domain.event import RunCreated
from framewright.domain.media import MediaKind
from framewright.domain.model_card import ModelCard
from framewright.domain.plan import Plan, Step, StepKind, Task
from framewright.executor.outline import outline
from framewright.executor.replan import Replanned
from framewright.executor.resume import reopened
from framewright.executor.reuse import reuse_keys
from framewright.executor.run import Word, run_to_end
from framewright.executor.work import Tools, Work
from framewright.projection.run_view import RunView, fold
from framewright.protocols import FakeProvider, HandClock, Provider
from framewright.router.router import Router
from framewright.store import events, plans, runs
from framewright.store.blobs import Blobs
from framewright.store.database import Database

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping, Sequence
    from pathlib import Path

    from framewright.domain.run import RunState

TENANT = "local"


def card(name: str, provider: str = "fake") -> ModelCard:
    """Return the card of a model that writes text."""
    return ModelCard(
        id=name,
        provider=provider,
        kind=StepKind.TEXT,
        task=Task.TEXT_GENERATION,
        output=MediaKind.TEXT,
        inputs_schema={"type": "object", "properties": {"prompt": {"type": "string"}}},
    )


def text_plan(needs: Mapping[str, Sequence[str]], models: Mapping[str, str] | None = None) -> Plan:
    """Return a plan of text steps that read those they need."""
    return Plan(
        title="Test",
        steps=tuple(
            Step(
                id=name,
                title=name,
                kind=StepKind.TEXT,
                model=(models or {}).get(name, "fake/text"),
                inputs={"prompt": " ".join(f"{{{{{need}.output}}}}" for need in before) or "go"},
                depends_on=tuple(before),
            )
            for name, before in needs.items()
        ),
    )


@dataclass
class Engine:
    """Everything a run needs."""

    tools: Tools
    provider: Provider
    cancel: asyncio.Event = field(default_factory=asyncio.Event)

    async def accept(self, plan: Plan, run: str = "run_1") -> None:
        """Accept a run of a plan."""
        kept = f"plan_of_{run}"
        body = RunCreated(title=plan.title, plan=kept, steps=outline(plan, self.catalog(plan)))
        await self.tools.database.write(plans.insert(TENANT, kept, plan))
        await self.tools.database.write(runs.create(TENANT, run, body))

    async def carry_on(
        self,
        plan: Plan,
        run: str = "run_1",
        again: Sequence[str] = (),
        plans: asyncio.Queue[Replanned] | None = None,
        parallel: int = 8,
    ) -> RunState:
        """Run what is left of an accepted run; `plans` are those it is to go on with."""
        database, catalog = self.tools.database, self.catalog(plan)
        open_again = await reopened(TENANT, run, again, database)
        await database.write(runs.start(TENANT, run, resumed=bool(open_again), reopened=open_again))
        records = await database.read(runs.steps(run))
        keys = reuse_keys(plan, catalog, {})
        work = Work(TENANT, run, plan, catalog, outline(plan, catalog), records, {}, parallel, keys)
        word = Word(cancel=self.cancel, plans=plans or asyncio.Queue())
        return await run_to_end(work, self.tools, word)

    async def replanned(self, plan: Plan, kept: str) -> Replanned:
        """Keep another plan and return it as a run takes it."""
        await self.tools.database.write(plans.insert(TENANT, kept, plan))
        catalog = self.catalog(plan)
        keys = reuse_keys(plan, catalog, {})
        return Replanned(plan, kept, outline(plan, catalog), keys, {})

    async def view(self, run: str = "run_1") -> RunView:
        """Return the projection of the run's whole log."""
        return fold(RunView(run=run), await self.tools.database.read(events.of_run(run)))

    def catalog(self, plan: Plan):
        """Return cards for the models a plan names."""
        names = {step.model or "" for step in plan.steps}
        return build_catalog(card(name, self.provider.name) for name in sorted(names))


@asynccontextmanager
async def engine(folder: Path, provider: Provider | None = None) -> AsyncGenerator[Engine]:
    """Open an engine in a folder."""
    clock = HandClock()
    hands = provider or FakeProvider()
    database = await Database.open(folder / "workspace.db", clock)
    try:
        blobs = Blobs(folder / "assets")
        router = Router(database, blobs, {hands.name: hands}, clock, random.SystemRandom())
        yield Engine(Tools(database, router, blobs, clock), hands)
    finally:
        await database.close()
