"""Pictures a minute of an own model, beside a plain diffusers loop with the same pipeline.

Both are loaded once, and draw in turns. On a machine with a GPU, with a model of your own:
`TORCH_PYTHON=… TORCH_DEVICE=cuda:0 GPU_MODEL=FOLDER make bench ARGS=gpu`. Without a GPU a tiny
model with random weights shows what the process and its protocol cost; there is no limit then.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[1]))
sys.path.append(str(Path(__file__).parents[1] / "own_models"))

from environment import DEVICE, python_with_torch

from framewright.protocols import Finished
from framewright.studio.own_models import add_own_model
from framewright_providers.gpu.adapter import GpuProvider
from framewright_providers.gpu.devices import Options
from own_model_jobs import PATIENT, ended, request

TESTS = Path(__file__).parents[1]
LIMIT = 1.03
ON_GPU = DEVICE != "cpu"
ROUNDS, COUNT, STEPS, SIDE = (7, 4, 30, 1024) if ON_GPU else (5, 2, 20, 64)
PROMPT = "a red kite over a meadow"


def skipped() -> str:
    """Return why there is nothing to measure; nothing where there is."""
    if python_with_torch(make=False) is None:
        return "no Python with torch: `make gpu-test` makes one, or TORCH_PYTHON names one"
    return ""


def measure() -> list[dict[str, Any]]:
    """Return the one row: seconds for a picture, ours to the plain loop's."""
    python = python_with_torch(make=False)
    assert python is not None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model = _model(python, folder)
        command = [python, TESTS / "own_models" / "plain.py", model, DEVICE]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        plain = subprocess.Popen(command, stderr=subprocess.DEVNULL, **pipes)
        try:
            ours, theirs = asyncio.run(_both(python, model, folder, plain))
        finally:
            plain.kill()
            plain.communicate()
    row = {
        "name": f"pictures of an own model on {DEVICE}",
        "value": round(60 * COUNT * ROUNDS / ours, 1),
        "unit": "a minute",
        "peer": f"a plain diffusers loop: {60 * COUNT * ROUNDS / theirs:.1f}",
        "ratio": round(ours / theirs, 3),
        "n": ROUNDS,
    }
    return [row | {"limit": LIMIT} if ON_GPU else row]


def _model(python: Path, folder: Path) -> Path:
    if given := os.environ.get("GPU_MODEL"):
        return Path(given)
    subprocess.run(
        [python, TESTS / "own_models" / "build.py", folder / "models"],
        check=True,
        capture_output=True,
    )
    return folder / "models" / "stills"


async def _both(
    python: Path, model: Path, folder: Path, plain: subprocess.Popen[str]
) -> tuple[float, float]:
    """Return how many seconds all rounds took, ours and the plain loop's; turns share the noise."""
    card = add_own_model(folder / "ws", str(model), name="model").card
    hands = GpuProvider(Options(devices=(DEVICE,), python=str(python)), patience=PATIENT)
    hands.read_cards({card.id: card}.get)
    try:
        assert plain.stdout is not None
        plain.stdout.readline()
        # Once each, so that nobody pays for the first time.
        await _ours(hands, folder, 0)
        _plain(plain, folder, 0)
        ours = theirs = 0.0
        for number in range(ROUNDS):
            ours += await _ours(hands, folder, number)
            theirs += _plain(plain, folder, number)
        return ours, theirs
    finally:
        await hands.close()


async def _ours(hands: GpuProvider, folder: Path, number: int) -> float:
    began = time.perf_counter()
    names = [f"job-{number}-{each}" for each in range(COUNT)]
    inputs = {"prompt": PROMPT, "steps": STEPS, "width": SIDE, "height": SIDE}
    for seed, name in enumerate(names):
        await hands.submit(request(name, "gpu/model", seed=seed, **inputs))
    for name in names:
        assert isinstance(await ended(hands, name), Finished)
        await hands.fetch(name, folder / "made")
    return time.perf_counter() - began


def _plain(plain: subprocess.Popen[str], folder: Path, number: int) -> float:
    assert plain.stdin is not None
    assert plain.stdout is not None
    asked = {"prompt": PROMPT, "steps": STEPS, "width": SIDE, "height": SIDE, "seed": number}
    plain.stdin.write(json.dumps({**asked, "count": COUNT, "target": str(folder / "p.png")}) + "\n")
    plain.stdin.flush()
    return float(json.loads(plain.stdout.readline()))
