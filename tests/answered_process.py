"""A process that dies between a vendor's answer and its record; it stands alone to be spawned."""

from __future__ import annotations

import asyncio
import json
import os
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from framewright import Plan, Studio
from remote_vendors import CASES, KEY, Case, at_once

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from framewright.protocols import Provider, ProviderRequest

DIED = 9


@dataclass(frozen=True, slots=True)
class Place:
    """Where a process works; it can be sent to another one."""

    folder: Path
    case: str
    url: str

    @property
    def found(self) -> Case:
        return next(case for case in CASES if case.name == self.case)

    def provider(self) -> Provider:
        url = f"{self.url}/{self.case}{self.found.path}"
        return self.found.make(key=KEY, url=url, pause=at_once)


def plan(case: Case) -> Plan:
    kind = "audio" if case.task == "text-to-speech" else "image"
    step = {"id": "one", "title": "", "kind": kind, "model": case.model, "inputs": case.inputs}
    return Plan.model_validate({"title": "T", "steps": [step]})


@asynccontextmanager
async def opened(place: Place, provider: Provider) -> AsyncGenerator[Studio]:
    case = place.found
    card: dict[str, Any] = {
        "id": case.model,
        "provider": case.name,
        "kind": plan(case).steps[0].kind,
        "task": case.task,
        "output": plan(case).steps[0].kind,
        "inputs_schema": {"type": "object", "properties": {name: {} for name in case.inputs}},
    }
    catalog = place.folder / "cards.json"
    catalog.write_text(json.dumps([card]))
    hands = {case.name: provider}
    async with Studio.open(
        place.folder / "work", catalogs=[catalog], providers=hands, pause=at_once
    ) as studio:
        yield studio


def dies_between(place: Place) -> None:
    """Run a plan in a process that is gone between the answer and its record."""
    provider = place.provider()
    answered = provider.submit

    async def submit(request: ProviderRequest) -> str:
        await answered(request)
        os._exit(DIED)

    provider.submit = submit  # type: ignore[method-assign]

    async def work() -> None:
        async with opened(place, provider) as studio:
            async for _ in studio.run(plan(place.found)):
                pass

    asyncio.run(work())
