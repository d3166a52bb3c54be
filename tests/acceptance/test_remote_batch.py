"""Two hundred shots at three vendors with faults by chance: complete, within caps, each paid once.

The vendors are emulated and count from their side; studio, router, store and adapters are real.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from typing import TYPE_CHECKING, Any

from emulator.server import serving
from emulator.world import Fault, World
from framewright import Plan, Studio
from framewright.domain.run import RunState
from framewright_providers.fal import FalProvider
from framewright_providers.replicate import ReplicateProvider
from framewright_providers.runway import RunwayProvider
from remote_vendors import KEY, at_once

if TYPE_CHECKING:
    from pathlib import Path

    from framewright.projection.run_view import RunView
    from framewright.protocols import Provider

SHOTS = 200
FAULT_SHARE = 0.1
CAPS = {"replicate": 7, "fal": 5, "runway": 3}
MODELS: dict[str, tuple[str, dict[str, Any]]] = {
    "replicate": ("replicate/black-forest-labs/flux-schnell", {"aspect_ratio": "16:9"}),
    "fal": ("fal/fal-ai/flux/schnell", {}),
    "runway": ("runway/gen4_image", {"ratio": "1280:720"}),
}
WORDS = {"runway": "promptText"}
"""What a model calls its prompt, where it has a name of its own for it."""


def plan() -> Plan:
    steps = []
    for number in range(SHOTS):
        vendor = list(CAPS)[number % 3]
        model, more = MODELS[vendor]
        inputs = {WORDS.get(vendor, "prompt"): f"a kite, shot {number:03d}", **more}
        steps.append(
            {"id": f"s{number:03d}", "title": "", "kind": "image", "model": model, "inputs": inputs}
        )
    return Plan.model_validate({"title": "Shots", "steps": steps})


def vendors(url: str) -> dict[str, Provider]:
    options: dict[str, Any] = {"key": KEY, "pause": at_once}
    return {
        "replicate": ReplicateProvider(url=f"{url}/replicate/v1", **options),
        "fal": FalProvider(url=f"{url}/fal", **options),
        "runway": RunwayProvider(url=f"{url}/runway", **options),
    }


def carried_out(folder: Path, url: str) -> RunView:
    """The view of the plan's run once it is over."""

    async def work() -> RunView:
        caps = ", ".join(f"{name} = {most}" for name, most in CAPS.items())
        (folder / "ws").mkdir()
        (folder / "ws" / "settings.toml").write_text(f"[limits]\nproviders = {{ {caps} }}\n")
        chance = random.Random(7)
        options: dict[str, Any] = {"providers": vendors(url), "chance": chance, "pause": at_once}
        async with Studio.open(folder / "ws", **options) as studio:
            run = await studio.start(plan())
            async for _ in studio.watch(run):
                pass
            view = await studio.show(run)
            if view.state is not RunState.SUCCEEDED:
                # One run in a hundred has a shot that meets four faults, one after the other.
                async for _ in studio.resume(run):
                    pass
            return await studio.show(run)

    return asyncio.run(work())


def shot_of(inputs: Any) -> str:
    """Which shot a submission was for, in any vendor's form."""
    told = inputs.get("prompt") or inputs["promptText"]
    return str(told)


def test_two_hundred_shots_end_complete_within_caps_each_paid_once(tmp_path: Path) -> None:
    world = World(seed=11, fault_share=FAULT_SHARE)
    with serving(world) as url:
        view = carried_out(tmp_path, url)
    assert view.state is RunState.SUCCEEDED, {
        name: step.error for name, step in view.steps.items() if step.error
    }
    for name, most in CAPS.items():
        assert 0 < world.most[name] <= most
        assert world.running[name] == 0
    failed = [job for job in world.jobs.values() if job.fault is Fault.FAILS]
    refused = sum(each.method == "POST" for each in world.seen) - sum(world.submitted.values())
    # Else nothing went wrong, and this proves little.
    assert failed
    assert refused > 0
    paid = Counter(shot_of(job.inputs) for job in world.jobs.values() if job not in failed)
    assert len(paid) == SHOTS
    assert set(paid.values()) == {1}
    # What was begun came to something or failed there; nothing else was begun.
    assert sum(world.submitted.values()) == SHOTS + len(failed)
    assert sorted(world.media_served.values()) == [1] * SHOTS
