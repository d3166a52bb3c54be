"""Two runs are compared step by step, and their media are measured."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

import media_samples
from framewright import Plan, Studio
from framewright.errors import NotFoundError
from framewright.media.sound import write_wav
from framewright.quality.comparison import SAME_DB, compare, psnr

if TYPE_CHECKING:
    from pathlib import Path


def _picture(shade: int, size: tuple[int, int] = (64, 64)) -> Image.Image:
    return Image.new("RGB", size, (shade, shade, shade))


def test_the_ratio_is_that_of_its_formula() -> None:
    # Every sample is off by 10: 10 log10(255² / 10²).
    assert psnr(_picture(100), _picture(110)) == pytest.approx(28.1, abs=0.05)
    assert psnr(_picture(100), _picture(100)) == SAME_DB
    assert psnr(_picture(100), _picture(110, (128, 32))) == pytest.approx(28.1, abs=0.05)


def test_more_noise_is_a_lower_ratio() -> None:
    chance = np.random.Generator(np.random.PCG64(1))
    base = np.full((64, 64, 3), 128.0)
    noisy = [
        Image.fromarray((base + chance.normal(0, spread, base.shape)).clip(0, 255).astype(np.uint8))
        for spread in (1, 4, 16)
    ]
    ratios = [psnr(Image.fromarray(base.astype(np.uint8)), each) for each in noisy]
    assert ratios == sorted(ratios, reverse=True)
    assert ratios[0] > 40 > 30 > ratios[2]


def test_sound_is_compared_by_length_and_level(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", media_samples.tone(1.0), 48_000)
    write_wav(tmp_path / "b.wav", media_samples.tone(2.0) * 0.5, 48_000)
    found = compare(tmp_path / "a.wav", tmp_path / "b.wav")
    assert found.seconds == (1.0, 2.0)
    assert found.loudness_db is not None
    assert found.loudness_db[0] - found.loudness_db[1] == pytest.approx(6.0, abs=0.15)
    assert found.psnr_db is None


def test_videos_are_compared_by_their_pictures(tmp_path: Path) -> None:
    media_samples.video(tmp_path / "a.mp4", frames=12, first=85)
    media_samples.video(tmp_path / "b.mp4", frames=12, first=85)
    media_samples.video(tmp_path / "c.mp4", frames=12, first=160)
    same = compare(tmp_path / "a.mp4", tmp_path / "b.mp4")
    other = compare(tmp_path / "a.mp4", tmp_path / "c.mp4")
    assert same.psnr_db == SAME_DB
    assert other.psnr_db is not None
    assert other.psnr_db < 40


def _plan(prompt: str, *, more: bool = False) -> Plan:
    def step(name: str, kind: str, model: str, **inputs: Any) -> dict[str, Any]:
        return {"id": name, "title": name, "kind": kind, "model": model, "inputs": inputs}

    steps = [
        step("still", "image", "local/previz-still", prompt=prompt),
        step("sound", "audio", "local/sound", prompt="rain", duration_seconds=1),
    ]
    if more:
        steps.append(step("extra", "audio", "local/sound", prompt="wind", duration_seconds=1))
    return Plan.model_validate({"title": "T", "steps": steps})


def test_two_runs_of_the_real_renderer(tmp_path: Path) -> None:
    async def work() -> None:
        async with Studio.open(tmp_path / "ws") as studio:
            names = []
            for plan in (_plan("a fox in snow"), _plan("a fox in snow at night", more=True)):
                run = await studio.start(plan)
                async for _ in studio.watch(run):
                    pass
                names.append(run)
            found = await studio.diff(*names)
            steps = {step.id: step for step in found.steps}
            assert steps["sound"].change == "same"
            assert steps["extra"].change == "only-second"
            still = steps["still"]
            assert still.change == "changed"
            assert [(each.field, each.first) for each in still.inputs] == [
                ("prompt", "a fox in snow")
            ]
            difference = still.outputs[0].difference
            assert difference is not None
            assert difference.psnr_db is not None
            assert difference.psnr_db < 30
            with pytest.raises(NotFoundError):
                await studio.diff(names[0], "run_nope")

    asyncio.run(work())
