"""A minute of animatic by a plan through the engine: 12 shots drawn, voices, music, all joined."""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path
from typing import Any

from framewright import Studio
from framewright.domain.plan import Plan

SHOTS = (
    "a lighthouse on a cliff at dawn",
    "a woman in a kitchen in the morning",
    "a boat on the sea at golden hour",
    "a man walking on a beach",
    "a street in the rain at night",
    "a fox in a forest",
    "a dog on a meadow at noon",
    "a castle on a mountain in fog",
    "a train in the desert",
    "an office desk with a laptop",
    "a campfire at night",
    "a red balloon over the hills",
)
VOICES = (
    "The keeper wakes before the sun.",
    "Nobody saw the boat leave.",
    "And then it came home.",
)
SECONDS = 60
MOST_SECONDS = 60.0


def plan() -> Plan:
    """Return the plan: a still for each shot, three voices, music, and the animatic of them."""
    steps: list[dict[str, Any]] = []
    for number, prompt in enumerate(SHOTS):
        steps.append(_step(f"shot{number}", "image", "local/previz-still", {"prompt": prompt}))
    for number, text in enumerate(VOICES):
        steps.append(_step(f"voice{number}", "audio", "local/speech", {"text": text}))
    score = {"prompt": "calm piano", "duration_seconds": SECONDS}
    steps.append(_step("music", "audio", "local/music", score))
    inputs = {
        "images": [f"$shot{number}.output" for number in range(len(SHOTS))],
        "lengths": [SECONDS / len(SHOTS)] * len(SHOTS),
        "actions": list(SHOTS),
        "voices": [f"$voice{number}.output" for number in range(len(VOICES))],
        "voice_shots": [1, 5, 9],
        "music": "$music.output",
    }
    needs = [step["id"] for step in steps]
    film = _step("film", "utility", "local/animatic", inputs) | {"depends_on": needs}
    return Plan.model_validate({"title": "Animatic", "steps": [*steps, film]})


def _step(name: str, kind: str, model: str, inputs: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": name,
        "title": name,
        "kind": kind,
        "model": model,
        "inputs": inputs,
        "depends_on": [],
    }


def measure() -> list[dict[str, Any]]:
    """Return the rows of this benchmark."""
    with tempfile.TemporaryDirectory() as folder:
        taken = asyncio.run(_taken(Path(folder)))
    return [
        {
            "name": "a minute of animatic, 12 shots with voice and music, by a plan",
            "value": round(taken, 1),
            "unit": "s",
            "peer": f"{MOST_SECONDS:g} s allowed",
            "ratio": round(taken / MOST_SECONDS, 3),
            "limit": 1.0,
            "n": 1,
        }
    ]


async def _taken(folder: Path) -> float:
    async with Studio.open(folder / "workspace") as studio:
        started = time.perf_counter()
        async for event in studio.run(plan()):
            assert event.body.type != "run-failed"
        taken = time.perf_counter() - started
        (run,) = await studio.runs()
        assert run.state == "succeeded", run.state
    return taken
