"""Own models for real: pipelines of diffusers, loaded and run by the worker, with random weights.

Not part of `make test`, for what it fetches: `make gpu-test`. On a machine with a GPU:
`TORCH_PYTHON=/path/to/python TORCH_DEVICE=cuda:0 make gpu-test`.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Coroutine, Generator  # noqa: TC003 - pytest reads the annotations
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np
import pytest
from PIL import Image

sys.path.append(str(Path(__file__).parent))

from environment import DEVICE, python_with_torch

from framewright.catalog.own.families import Mode
from framewright.media.probe import probe
from framewright.protocols import Finished, ProviderFailure, Working
from framewright.studio.own_models import add_own_model
from framewright_providers.gpu.adapter import GpuProvider
from framewright_providers.gpu.devices import Options
from framewright_providers.gpu.installed import worker_command
from media_samples import photo
from own_model_jobs import PATIENT, ended, media, request, until

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from framewright.domain.model_card import ModelCard
    from framewright_providers.gpu.supervisor import Patience

HERE = Path(__file__).parent
_THREADS = 4
T = TypeVar("T")
SMALL = {"prompt": "a kite over a meadow", "width": 64, "height": 64, "steps": 3}


@pytest.fixture(scope="module")
def python() -> Path:
    made = python_with_torch()
    assert made is not None
    return made


@pytest.fixture(scope="module")
def models(python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    subprocess.run([python, HERE / "build.py", folder], check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def cards(models: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, ModelCard]:
    """Cards as `framewright models add-local` makes them."""
    workspace = tmp_path_factory.mktemp("ws")
    made = [add_own_model(workspace, str(each)) for each in models.iterdir()]
    further = (Mode.IMAGE_TO_IMAGE, Mode.INPAINT)
    made.extend(add_own_model(workspace, str(models / "stills"), mode) for mode in further)
    return {each.card.id: each.card for each in made}


@asynccontextmanager
async def provider(
    python: Path,
    cards: dict[str, ModelCard],
    patience: Patience = PATIENT,
    memory: int = 0,
    begin: tuple[str, ...] = (),
) -> AsyncGenerator[GpuProvider]:
    """Give a provider with real workers; `begin` stands for another program that starts them."""
    options = Options(devices=(DEVICE,), python=str(python), memory=memory)
    command = None
    if begin:
        # Behind the interpreter, its option and its program stand the worker's own arguments.
        command = lambda device: (str(python), *begin, *worker_command("", device, 0)[4:])  # noqa: E731
    made = GpuProvider(options, command, patience)
    made.read_cards(cards.get)
    try:
        yield made
    finally:
        await made.close()


class Shared(NamedTuple):
    """A provider for several tests, since its worker takes seconds to begin."""

    hands: GpuProvider
    runner: asyncio.Runner

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(asyncio.wait_for(work, 280))

    def pid(self) -> int:
        pid = self.hands._workers[0].pid
        assert pid is not None
        return pid


@pytest.fixture(scope="module")
def shared(python: Path, cards: dict[str, ModelCard]) -> Generator[Shared]:
    with asyncio.Runner() as runner:
        opening = provider(python, cards)
        # Threads that live as long as the loop are not left behind by the first test.
        threads = ThreadPoolExecutor(_THREADS, "asyncio")
        together = threading.Barrier(_THREADS)
        list(threads.map(lambda _: together.wait(), range(_THREADS)))
        runner.get_loop().set_default_executor(threads)
        hands = runner.run(opening.__aenter__())
        hands._isolation.fences()
        yield Shared(hands, runner)
        runner.run(opening.__aexit__(None, None, None))


async def picture(hands: GpuProvider, folder: Path, model: str, **inputs: Any) -> np.ndarray:
    """Return what a model makes, as pixels."""
    await hands.submit(request("job", model, **inputs))
    status = await ended(hands, "job")
    assert isinstance(status, Finished), status
    (made,) = await hands.fetch("job", folder)
    assert made.path is not None
    with Image.open(made.path) as image:
        return np.asarray(image)


def test_the_same_seed_gives_the_plain_pipelines_own_picture(
    shared: Shared, python: Path, models: Path, tmp_path: Path
) -> None:
    async def three() -> list[np.ndarray]:
        return [
            await picture(shared.hands, tmp_path, "gpu/stills", seed=seed, **SMALL)
            for seed in (7, 7, 8)
        ]

    first, again, other = shared.run(three())
    assert first.shape == (64, 64, 3)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    asked = {**SMALL, "seed": 7, "target": str(tmp_path / "plain.png")}
    command = [python, HERE / "plain.py", models / "stills", DEVICE]
    subprocess.run(command, input=json.dumps(asked), text=True, check=True, capture_output=True)
    with Image.open(tmp_path / "plain.png") as image:
        assert np.array_equal(first, np.asarray(image))


def test_pictures_are_changed_and_painted_anew_by_the_same_weights(
    shared: Shared, tmp_path: Path
) -> None:
    photo(70, 50).save(tmp_path / "photo.png")
    half = Image.new("L", (140, 100), 0)
    half.paste(255, (70, 0, 140, 100))
    half.save(tmp_path / "mask.png")
    image, mask = media(tmp_path / "photo.png"), media(tmp_path / "mask.png")

    async def both() -> tuple[np.ndarray, np.ndarray]:
        asked = {"prompt": "dusk", "image": image, "steps": 4, "strength": 0.5}
        changed = await picture(shared.hands, tmp_path, "gpu/stills-image-to-image", **asked)
        pid = shared.pid()
        asked["mask"] = mask
        anew = await picture(shared.hands, tmp_path, "gpu/stills-inpaint", **asked)
        assert shared.pid() == pid
        assert len(shared.hands._workers[0].warm) == 1
        return changed, anew

    changed, anew = shared.run(both())
    assert changed.shape == anew.shape == (50, 70, 3)
    assert not np.array_equal(changed, anew)


def test_an_upscaler_makes_it_four_times_larger(shared: Shared, tmp_path: Path) -> None:
    photo(36, 28).save(tmp_path / "photo.png")
    phases: list[str] = []

    async def work() -> tuple[int, int]:
        asked = {"image": media(tmp_path / "photo.png"), "steps": 3}
        await shared.hands.submit(request("job", "gpu/upscaler", **asked))
        while isinstance(status := await shared.hands.poll("job", 60), Working):
            phases.append(status.phase)
        assert isinstance(status, Finished), status
        (made,) = await shared.hands.fetch("job", tmp_path)
        assert made.path is not None
        with Image.open(made.path) as image:
            return image.size

    assert shared.run(work()) == (144, 112)
    assert "step 3 of 3" in phases


def test_a_picture_is_set_in_motion(shared: Shared, tmp_path: Path) -> None:
    photo(128, 64).save(tmp_path / "photo.png")

    async def work() -> Path:
        asked = {"image": media(tmp_path / "photo.png"), "steps": 2, "duration": 0.75, "fps": 8}
        await shared.hands.submit(request("job", "gpu/clips", width=128, height=64, **asked))
        status = await ended(shared.hands, "job")
        assert isinstance(status, Finished), status
        (made,) = await shared.hands.fetch("job", tmp_path)
        assert made.path is not None
        return made.path

    info = probe(shared.run(work()), count=True)
    assert info.video is not None
    assert (info.width, info.height, info.video.frames) == (128, 64, 6)


def test_progress_is_by_steps_and_cancelling_between_them(shared: Shared, tmp_path: Path) -> None:
    async def work() -> tuple[list[float], float]:
        await picture(shared.hands, tmp_path, "gpu/stills", **SMALL)
        pid = shared.pid()
        told: list[float] = []
        await shared.hands.submit(request("job", "gpu/stills", **{**SMALL, "steps": 10}))
        while isinstance(status := await shared.hands.poll("job", 60), Working):
            told.append(status.fraction or 0.0)
        await shared.hands.fetch("job", tmp_path)
        await shared.hands.submit(request("long", "gpu/stills", **{**SMALL, "steps": 200}))
        await until(shared.hands, "long", "of 200")
        await shared.hands.cancel("long")
        assert shared.pid() == pid
        await picture(shared.hands, tmp_path, "gpu/stills", **SMALL)
        assert shared.pid() == pid
        return told, told[-1]

    told, last = shared.run(work())
    assert told == sorted(told)
    assert len(set(told)) >= 5
    assert last > 0.9


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_a_worker_that_crashes_or_hangs_is_replaced(
    number: signal.Signals, python: Path, cards: dict[str, ModelCard], tmp_path: Path
) -> None:
    async def work() -> None:
        async with provider(python, cards, replace(PATIENT, step=5)) as hands:
            await hands.submit(request("job", "gpu/stills", **{**SMALL, "steps": 200}))
            await until(hands, "job", "of 200")
            pid = hands._workers[0].pid
            assert pid is not None
            os.kill(pid, number)
            status = await ended(hands, "job")
            assert isinstance(status, ProviderFailure)
            assert status.code == "gpu-worker-gone"
            assert ("SIGKILL" if number is signal.SIGKILL else "said nothing") in status.message
            with pytest.raises(ProcessLookupError):
                os.kill(pid, 0)
            await picture(hands, tmp_path, "gpu/stills", **SMALL)

    asyncio.run(asyncio.wait_for(work(), 280))


def test_the_model_unused_for_longest_goes_where_there_is_no_room(
    python: Path, cards: dict[str, ModelCard], tmp_path: Path
) -> None:
    async def work() -> None:
        # Room for one of them and a half.
        async with provider(python, cards, memory=10_000_000) as hands:
            for name in ("gpu/stills", "gpu/others", "gpu/stills"):
                await picture(hands, tmp_path, name, **SMALL)
                assert hands._workers[0].warm == {cards[name].weights}
        async with provider(python, cards, memory=16_000_000) as hands:
            for name in ("gpu/stills", "gpu/others", "gpu/stills", "gpu/upscaler"):
                more = SMALL
                if name == "gpu/upscaler":
                    photo(32, 32).save(tmp_path / "photo.png")
                    more = {"image": media(tmp_path / "photo.png"), "steps": 1}
                await picture(hands, tmp_path, name, **more)
            assert hands._workers[0].warm == {
                cards["gpu/stills"].weights,
                cards["gpu/upscaler"].weights,
            }

    asyncio.run(asyncio.wait_for(work(), 280))


def test_where_memory_runs_out_others_go_first_and_then_it_says_what_fits(
    python: Path, cards: dict[str, ModelCard], tmp_path: Path
) -> None:
    async def work() -> None:
        begin = (str(HERE / "small_device.py"), str(64 * 64))
        async with provider(python, cards, begin=begin) as hands:
            for name in ("gpu/stills", "gpu/others"):
                await picture(hands, tmp_path, name, **SMALL)
            assert hands._workers[0].warm == {cards["gpu/others"].weights}
            sizes = {"width": 512, "height": 256}
            await hands.submit(request("job", "gpu/stills", **{**SMALL, **sizes}))
            status = await ended(hands, "job")
            assert isinstance(status, ProviderFailure)
            assert status.code == "out-of-memory"
            assert "at least 7.0 GiB, and it may have 8.0" in status.message
            assert "would fit, by what its other results took" not in status.message
            assert hands._workers[0].pid is None
            await picture(hands, tmp_path, "gpu/stills", **SMALL)

    asyncio.run(asyncio.wait_for(work(), 280))


def test_nothing_but_safetensors_is_loaded_and_no_code_runs(
    shared: Shared, cards: dict[str, ModelCard], models: Path, tmp_path: Path
) -> None:
    """Behind the back of `add-local`, which refuses both: the folder changed after that."""
    pickled, coded = tmp_path / "pickled", tmp_path / "coded"
    for folder in (pickled, coded):
        shutil.copytree(models / "stills", folder)
    weights = pickled / "unet" / "diffusion_pytorch_model.safetensors"
    weights.rename(weights.with_name("diffusion_pytorch_model.bin"))
    index = json.loads((coded / "model_index.json").read_text("utf-8"))
    index["unet"] = ["mine", "Mine"]
    (coded / "model_index.json").write_text(json.dumps(index), "utf-8")
    for place in (coded / "mine.py", coded / "unet" / "mine.py"):
        place.write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\nclass Mine: pass\n", "utf-8")
    further = {
        f"gpu/{folder.name}": cards["gpu/stills"].model_copy(
            update={"id": f"gpu/{folder.name}", "weights": str(folder)}
        )
        for folder in (pickled, coded)
    }

    async def work() -> None:
        shared.hands.read_cards({**cards, **further}.get)
        for name in further:
            await shared.hands.submit(request("job", name, **SMALL))
            status = await ended(shared.hands, "job")
            assert isinstance(status, ProviderFailure)
            assert status.code == "unfit-model", status
        await picture(shared.hands, tmp_path, "gpu/stills", **SMALL)

    shared.run(work())
    assert not (tmp_path / "ran").exists()
