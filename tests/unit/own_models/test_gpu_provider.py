"""The gpu provider and whatever its worker does to it: made, called off, crashed, silent, full."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from framewright.domain.job import ErrorCategory
from framewright.domain.media import MediaKind
from framewright.media.probe import probe
from framewright.protocols import Finished, ProviderFailure, SubmitError, Working
from framewright_providers.gpu.adapter import GpuProvider
from framewright_providers.gpu.devices import Options
from media_samples import photo
from own_model_jobs import (
    PATIENT,
    WORKER,
    cards,
    ended,
    media,
    provider,
    request,
    until,
    workers,
)

if TYPE_CHECKING:
    from collections.abc import Coroutine


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    return state != "Z"


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, 100))


async def failure(
    hands: GpuProvider, prompt: str, job: str = "job", **inputs: Any
) -> ProviderFailure:
    given = {"prompt": prompt, "width": 64, "height": 64, **inputs}
    await hands.submit(request(job, **given))
    status = await ended(hands, job)
    assert isinstance(status, ProviderFailure), status
    assert status.message.endswith(".")
    assert status.action
    return status


def test_a_picture_of_the_asked_size_is_cut_from_what_the_model_makes(tmp_path: Path) -> None:
    async def work() -> None:
        async with provider(tmp_path) as hands:
            asked = {"prompt": "a kite", "width": 70, "height": 81, "negative_prompt": "rain"}
            await hands.submit(request("one", seed=2, **asked))
            status = await ended(hands, "one")
            assert status == Finished(
                notes=(
                    "StableDiffusionPipeline can not be told what to leave out (negative_prompt).",
                )
            )
            (made,) = await hands.fetch("one", tmp_path / "new" / "folder")
            assert made.kind is MediaKind.IMAGE
            assert made.path == tmp_path / "new" / "folder" / "picture.png"
            with Image.open(made.path) as image:
                assert image.size == (70, 81)
                assert image.getpixel((69, 80)) == (80, 175, 128)
            assert isinstance(await hands.poll("one", 0), ProviderFailure)

    run(work())


def test_one_worker_does_all_jobs_one_after_the_other(tmp_path: Path) -> None:
    async def work() -> None:
        async with provider(tmp_path) as hands:
            for number in range(5):
                name = f"job-{number}"
                await hands.submit(request(name, prompt="x", width=64, height=64, seed=number))
            for number in reversed(range(5)):
                assert isinstance(await ended(hands, f"job-{number}"), Finished)
            assert len(workers(tmp_path)) == 1
            for number in range(5):
                await hands.fetch(f"job-{number}", tmp_path / str(number))
        assert not any(map(is_there, workers(tmp_path)))

    run(work())


def test_each_device_has_a_worker_and_a_warm_one_comes_first(tmp_path: Path) -> None:
    async def work() -> None:
        async with provider(tmp_path, devices=2) as hands:
            assert hands.concurrency == 2
            size = {"width": 64, "height": 64}
            await hands.submit(request("a", "gpu/stills", prompt="long", **size))
            await until(hands, "a", "step")
            await hands.submit(request("b", "gpu/other", prompt="x", **size))
            await ended(hands, "b")
            await hands.cancel("a")
            assert len(workers(tmp_path)) == 2
            first, second = hands._workers
            hands._free.sort(key=hands._workers.index)
            assert "other" in next(iter(second.warm))
            await hands.submit(request("c", "gpu/other", prompt="long", **size))
            await until(hands, "c", "step")
            assert hands._free == [first]
            await hands.cancel("c")

    run(work())


def test_clips_have_the_frames_and_the_size_that_were_asked_for(tmp_path: Path) -> None:
    photo(300, 200).save(tmp_path / "photo.png")

    async def work() -> None:
        async with provider(tmp_path) as hands:
            image = media(tmp_path / "photo.png")
            sizes = {"width": 130, "height": 70, "duration": 1.5, "fps": 8}
            await hands.submit(request("one", "gpu/clips", image=image, **sizes))
            assert isinstance(await ended(hands, "one"), Finished)
            (made,) = await hands.fetch("one", tmp_path / "out")
            assert made.path is not None
            info = probe(made.path, count=True)
            assert (info.width, info.height) == (130, 70)
            assert info.video is not None
            assert (info.video.frames, info.video.fps and info.video.fps.seconds) == (12, 8.0)

    run(work())


def test_what_is_made_of_a_picture_has_its_size(tmp_path: Path) -> None:
    photo(75, 50).save(tmp_path / "photo.png")

    async def work() -> None:
        async with provider(tmp_path) as hands:
            image = media(tmp_path / "photo.png")
            for model, size in (
                ("edit", (75, 50)),
                ("upscaler", (300, 200)),
                ("inpaint", (75, 50)),
            ):
                more = {"mask": image} if model == "inpaint" else {}
                await hands.submit(request(model, f"gpu/{model}", image=image, prompt="x", **more))
                assert isinstance(await ended(hands, model), Finished)
                (made,) = await hands.fetch(model, tmp_path / model)
                assert made.path is not None
                with Image.open(made.path) as picture:
                    assert picture.size == size

    run(work())


def test_a_job_is_called_off_between_two_steps_and_its_worker_stays(tmp_path: Path) -> None:
    async def work() -> None:
        async with provider(tmp_path) as hands:
            await hands.submit(request("long", prompt="long", width=64, height=64))
            await until(hands, "long", "step 1 of 4")
            await hands.submit(request("next", prompt="x", width=64, height=64))
            await hands.cancel("long")
            assert isinstance(await hands.poll("long", 0), ProviderFailure)
            assert isinstance(await ended(hands, "next"), Finished)
            assert len(workers(tmp_path)) == 1

    run(work())


def test_a_worker_that_does_not_heed_is_ended_with_its_job(tmp_path: Path) -> None:
    async def work() -> None:
        async with provider(tmp_path, replace(PATIENT, stop=0.05)) as hands:
            await hands.submit(request("one", prompt="hang", width=64, height=64))
            await until(hands, "one", "step")
            await hands.cancel("one")
            assert not any(map(is_there, workers(tmp_path)))
            await hands.submit(request("two", prompt="x", width=64, height=64))
            assert isinstance(await ended(hands, "two"), Finished)
            assert len(workers(tmp_path)) == 2

    run(work())


def test_a_job_that_waits_can_be_called_off(tmp_path: Path) -> None:
    async def work() -> None:
        async with provider(tmp_path) as hands:
            await hands.submit(request("long", prompt="long", width=64, height=64))
            await until(hands, "long", "step")
            await hands.submit(request("waits", prompt="x", width=64, height=64))
            await hands.cancel("waits")
            await hands.cancel("nobody")
            await hands.cancel("long")
            await hands.submit(request("next", prompt="x", width=64, height=64))
            assert isinstance(await ended(hands, "next"), Finished)

    run(work())


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("crash", "SIGSEGV"),
        ("hang", "said nothing for 0.3 seconds"),
        ("one long line", "nobody understands"),
        ("flood", "nobody understands"),
    ],
)
def test_harm_ends_the_worker_and_the_next_job_has_a_new_one(
    prompt: str, words: str, tmp_path: Path
) -> None:
    async def work() -> None:
        patience = replace(PATIENT, step=0.3) if prompt == "hang" else PATIENT
        async with provider(tmp_path, patience) as hands:
            told = await failure(hands, prompt)
            assert words in told.message
            assert (told.retryable, told.code) == (True, "gpu-worker-gone")
            assert prompt != "crash" or "a kernel was harmed" in told.detail
            assert not any(map(is_there, workers(tmp_path)))
            await hands.submit(request("next", prompt="x", width=64, height=64))
            assert isinstance(await ended(hands, "next"), Finished)
            assert len(workers(tmp_path)) == 2

    run(work())


def test_endless_chatter_comes_to_an_end_and_never_holds_up_the_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("framewright_providers.gpu.supervisor.MOST_SAYINGS", 5_000)

    async def work() -> None:
        async with provider(tmp_path) as hands:
            most = 0

            async def others() -> None:
                nonlocal most
                before = 0
                while True:
                    if (process := hands._workers[0]._process) is not None:
                        most = max(most, process._lines - before)
                        before = process._lines
                    await asyncio.sleep(0)

            other = asyncio.ensure_future(others())
            told = await failure(hands, "chatter")
            other.cancel()
            assert "more than anybody" in told.message
            assert 0 < most <= 64

    run(work())


@pytest.mark.parametrize("prompt", ["garbage", "log flood", "then dies"])
def test_what_does_no_harm_is_passed_over(prompt: str, tmp_path: Path) -> None:
    async def work() -> None:
        async with provider(tmp_path) as hands:
            for job in ("one", "two"):
                await hands.submit(request(job, prompt=prompt, width=64, height=64))
                assert isinstance(await ended(hands, job), Finished)

    run(work())


@pytest.mark.parametrize("prompt", ["short", "link", "elsewhere", "huge"])
def test_a_result_that_is_not_what_was_said_is_none(prompt: str, tmp_path: Path) -> None:
    async def work() -> None:
        async with provider(tmp_path) as hands:
            assert (await failure(hands, prompt)).category is ErrorCategory.INPUT_MEDIA

    run(work())


def test_want_of_memory_says_which_size_would_fit_and_how_that_is_known(tmp_path: Path) -> None:
    async def work() -> None:
        async with provider(tmp_path) as hands:
            guess = await failure(hands, "full", width=1024, height=512)
            assert guess.code == "out-of-memory"
            assert guess.message == (
                "gpu/stills needs more memory for 1024x512 than there is on Pretended GPU: at"
                " least 10.0 GiB, and it may have 8.0."
            )
            # Of 4 GiB beside the weights 90 % count, and 6 were not enough.
            assert guess.action == "At most 792x392 would fit, by what it had taken until then."
            assert not any(map(is_there, workers(tmp_path)))
            await hands.submit(request("fine", prompt="x", width=512, height=256))
            await ended(hands, "fine")
            known = await failure(hands, "full", width=2048, height=1024)
            # A GiB for 512x256: 3.6 of them for 3.6 times the pixels.
            assert known.action == "About 968x480 would fit, by what its other results took."
            blind = await failure(hands, "full unknown", width=512, height=256)
            assert "would fit" in blind.action or "a guess" in blind.action
            alone = await failure(hands, "full at loading")
            assert "its weights are" in alone.message
            assert "smaller model" in alone.action

    run(work())


@pytest.mark.parametrize(
    ("prompt", "category", "words"),
    [
        ("held-back", ErrorCategory.CONTENT_POLICY, "safety checker"),
        ("not-a-number", ErrorCategory.UNKNOWN, "left the range"),
        ("unfit-model", ErrorCategory.UNKNOWN, "can not be loaded"),
        ("broken", ErrorCategory.UNKNOWN, "ValueError: too[31m odd"),
    ],
)
def test_what_a_worker_tells_is_said_in_plain_words(
    prompt: str, category: ErrorCategory, words: str, tmp_path: Path
) -> None:
    async def work() -> None:
        async with provider(tmp_path) as hands:
            told = await failure(hands, prompt)
            assert told.category is category
            assert words in told.message
            assert not told.retryable
            await hands.submit(request("next", prompt="x", width=64, height=64))
            assert isinstance(await ended(hands, "next"), Finished)
            assert len(workers(tmp_path)) == 1

    run(work())


def test_a_worker_that_can_not_begin_says_why(tmp_path: Path) -> None:
    async def work() -> None:
        async with provider(tmp_path, manner="lacking") as hands:
            told = await failure(hands, "x")
            assert "libcudart" in told.message
            assert "framewright[gpu]" in told.action
        async with provider(tmp_path / "mute", replace(PATIENT, start=0.3), manner="mute") as hands:
            assert "said nothing" in (await failure(hands, "x")).message
            assert not any(map(is_there, workers(tmp_path / "mute")))
        hands = GpuProvider(Options(devices=("cuda:0",)), lambda _: ("/nowhere/python",), PATIENT)
        hands.read_cards(cards(tmp_path / "models").get)
        assert "could not be started" in (await failure(hands, "x")).message
        await hands.close()

    (tmp_path / "mute").mkdir()
    run(work())


def test_what_can_not_run_here_is_refused_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refusal(hands: GpuProvider, model: str = "gpu/stills") -> ProviderFailure:
        with pytest.raises(SubmitError) as raised:
            await hands.submit(request("one", model, prompt="x"))
        await hands.close()
        return raised.value.failure

    async def work() -> None:
        bare = GpuProvider(Options(devices=("cuda:0",)))
        assert bare.lacks() is not None
        lacking = await refusal(bare)
        assert lacking.code == "gpu-not-installed"
        assert lacking.action == "Install them: pip install 'framewright[gpu]'"
        none = GpuProvider(Options(devices=()))
        assert (lack := none.lacks()) is not None
        assert "FRAMEWRIGHT_GPU_DEVICE=cpu" in lack.action
        assert (await refusal(none)).code == "gpu-missing"
        async with provider(tmp_path) as hands:
            assert hands.lacks() is None
            with pytest.raises(SubmitError, match="no own model gpu/nothing"):
                await hands.submit(request("one", "gpu/nothing"))
            (tmp_path / "models" / "stills" / "model_index.json").unlink()
            with pytest.raises(SubmitError, match="no longer in"):
                await hands.submit(request("one", "gpu/stills", prompt="x"))

    monkeypatch.setattr("framewright_providers.gpu.devices.devices_here", lambda _: ())
    monkeypatch.setattr("framewright_providers.gpu.adapter.devices_here", lambda _: ())
    monkeypatch.setattr("framewright_providers.gpu.adapter.missing", lambda _: ("torch",))
    run(work())


PARENT = """
import asyncio, sys
from pathlib import Path
from own_model_jobs import provider, request, until

async def main():
    async with provider(Path(sys.argv[1])) as hands:
        await hands.submit(request("one", prompt="hang", width=64, height=64))
        await until(hands, "one", "step")
        print("ready", flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.mark.parametrize("signal_name", ["SIGKILL", "SIGTERM"])
def test_no_worker_outlives_its_parent(signal_name: str, tmp_path: Path) -> None:
    import signal

    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(WORKER.parent)},
    )
    assert parent.stdout is not None
    with parent.stdout:
        assert parent.stdout.readline() == b"ready\n"
        (pid,) = workers(tmp_path)
        assert is_there(pid)
        parent.send_signal(getattr(signal, signal_name))
        parent.wait(30)
    end = time.monotonic() + 30
    while is_there(pid):
        assert time.monotonic() < end, "the worker is still there"
        os.sched_yield()


def test_a_cancelled_wait_leaves_no_worker_at_the_job(tmp_path: Path) -> None:
    async def work() -> None:
        async with provider(tmp_path) as hands:
            await hands.submit(request("one", prompt="hang", width=64, height=64))
            await until(hands, "one", "step")
            assert isinstance(await hands.poll("one", 0), Working)
        # Closed in the middle of it.
        assert not any(map(is_there, workers(tmp_path)))

    run(work())
