"""`framewright inspect`: a file measured, and held against what it is to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from command import run
from PIL import Image

from framewright.media.sound import write_wav
from media_samples import numbered, tone, video

if TYPE_CHECKING:
    from pathlib import Path


def test_a_good_file_has_nothing_wrong_with_it(tmp_path: Path) -> None:
    video(tmp_path / "a.mp4", 48, sound=tone(2))
    wanted = ["--expect", "kind=video", "--expect", "size=128x72", "--expect", "duration=2"]
    found = run("inspect", "a.mp4", *wanted, "--expect", "fps=24", "--json", cwd=tmp_path)
    assert found.code == 0
    assert found.data["findings"] == []
    assert found.data["measures"]["picture"]["frames"] == 48
    assert found.data["measures"]["sound"]["lufs"] == pytest.approx(-6.7, abs=0.5)
    assert "Nothing is wrong" in run("inspect", "a.mp4", cwd=tmp_path).out


def test_what_is_wrong_is_said_and_fails(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", np.zeros((2, 48_000), np.float32), 48_000)
    found = run("inspect", "a.wav", "--expect", "duration=3", "--json", cwd=tmp_path)
    assert found.code == 1
    assert not found.json["ok"]
    codes = [each["code"] for each in found.data["findings"]]
    assert codes == ["result_silent", "result_wrong_duration"]
    found = run("inspect", "a.wav", "--expect", "kind=video", cwd=tmp_path)
    assert found.code == 1
    assert "is an audio file and not a video" in found.out


@pytest.mark.parametrize(
    "wish", ["size=big", "fps=-1", "duration=nan", "ratio=16", "kind=sculpture", "moves=no", "x=1"]
)
def test_wishes_that_say_nothing_are_refused(tmp_path: Path, wish: str) -> None:
    write_wav(tmp_path / "a.wav", tone(1), 48_000)
    found = run("inspect", "a.wav", "--expect", wish, cwd=tmp_path)
    assert found.code == 2
    assert wish in found.err


def test_a_variable_rate_is_told_and_made_constant(tmp_path: Path) -> None:
    first, *others = [Image.fromarray(numbered(number)) for number in range(12)]
    lengths = [40, 40, 120] * 4
    first.save(tmp_path / "a.gif", save_all=True, append_images=others, duration=lengths)
    assert "on average, variable" in run("probe", "a.gif", cwd=tmp_path).out
    found = run("probe", "a.gif", "--count", "--json", cwd=tmp_path).data["info"]["video"]
    assert (found["frames"], found["variable"]) == (12, True)
    assert "each shown for 40 to 120 ms" in run("inspect", "a.gif", cwd=tmp_path).out
    asked = ("merge", "a.gif", "a.gif", "-o", "b.mp4")
    assert run(*asked, "--fps", "50", cwd=tmp_path).code == 0
    made = run("probe", "b.mp4", "--json", cwd=tmp_path).data["info"]["video"]
    assert (made["frames"], made["fps"]["value"], made["variable"]) == (80, 50, False)
    assert run(*asked, "--fps", "500", "--force", cwd=tmp_path).code == 2
