"""The effects: each is heard, exact in length, and measurably like what it is named after."""

from __future__ import annotations

import hashlib
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from framewright.media.sound import read_sound
from framewright.protocols import silent
from framewright_providers.local.effects import EFFECTS, asked_effects
from framewright_providers.local.sound_effects import sound
from framewright_providers.local.sound_remarks import effect_remarks
from framewright_providers.local.words import sound_words
from sound_measures import RATE, band, brightness, onsets

if TYPE_CHECKING:
    from pathlib import Path

    from sound_measures import Mono


def _prompt(name: str) -> str:
    """Return words that ask for an effect."""
    base, _, variant = name.partition("-")
    lists = sound_words()
    words = lists["effect"][base][0]
    return f"{words} {lists['variant'][base][variant][0]}" if variant else str(words)


def _heard(name: str, seconds: float = 8, seed: int = 1) -> Mono:
    random = np.random.Generator(np.random.PCG64(seed))
    return EFFECTS[name](round(seconds * RATE), random).mean(axis=0)


def _pitches(sound: Mono, low: float, high: float) -> list[float]:
    """Return the strongest frequency between two in each tenth of a second."""
    found = []
    for start in range(0, sound.size - RATE // 10, RATE // 10):
        part = sound[start : start + RATE // 10] * np.hanning(RATE // 10)
        power = np.abs(np.fft.rfft(part, RATE)) ** 2
        found.append(float(low + np.argmax(power[int(low) : int(high)])))
    return found


class TestPrompts:
    def test_the_lists_and_the_effects_agree(self) -> None:
        lists = sound_words()
        variants = {
            f"{name}-{each}" for name in lists["variant"] for each in lists["variant"][name]
        }
        assert {*lists["effect"], *variants} == set(EFFECTS)

    @pytest.mark.parametrize("name", EFFECTS)
    def test_each_is_heard_and_exact(self, tmp_path: Path, name: str) -> None:
        assert asked_effects(_prompt(name)) == (name,)
        asked = {"prompt": _prompt(name), "duration_seconds": 2}
        path = sound(asked, 4, tmp_path, silent)
        samples = read_sound(path)
        assert samples.shape == (2, 96_000)
        assert 0.05 < np.abs(samples).max() < 0.75
        first = hashlib.sha256(path.read_bytes()).hexdigest()
        again = sound(asked, 4, tmp_path, silent).read_bytes()
        assert hashlib.sha256(again).hexdigest() == first

    @pytest.mark.parametrize(
        ("prompt", "effects"),
        [
            ("footsteps on gravel", ("footsteps-gravel",)),
            ("someone walking on a wooden floor", ("footsteps-wood",)),
            ("boots, steps in deep snow", ("footsteps-snow",)),
            ("a door creaks", ("door-creak",)),
            ("a door creaks open and slams shut", ("door",)),
            ("a knock at the door, then rain", ("door-knock", "rain")),
            ("dog barking in a thunderstorm", ("dog", "thunder")),
            ("a car passing by", ("engine-pass",)),
            ("breaking glass and a siren", ("glass", "siren")),
            ("phone ringing", ("phone",)),
            ("rain on a window", ("rain",)),
        ],
    )
    def test_words_find_their_sounds(self, prompt: str, effects: tuple[str, ...]) -> None:
        assert asked_effects(prompt) == effects

    def test_several_are_heard_together(self, tmp_path: Path) -> None:
        def made(prompt: str) -> Mono:
            asked = {"prompt": prompt, "duration_seconds": 4}
            return read_sound(sound(asked, 1, tmp_path, silent)).astype(float).mean(axis=0)

        assert band(made("wind"), 3_000, 12_000) < 0.02
        assert band(made("wind and birds"), 2_000, 12_000) > 0.05
        assert band(made("wind and birds"), 60, 700) > 0.3

    def test_what_is_not_heard_is_said(self) -> None:
        assert effect_remarks("footsteps on gravel, distant thunder") == ()
        assert "empty room" in effect_remarks("a xylophone")[0]
        (said,) = effect_remarks("rain and a distant xylophone")
        assert "xylophone" in said
        (said,) = effect_remarks("rain, wind, birds and a siren")
        assert "siren" in said

    @settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.text(max_size=80), st.integers(0, 2**31 - 1))
    def test_any_prompt_is_heard(self, tmp_path: Path, prompt: str, seed: int) -> None:
        path = sound({"prompt": prompt, "duration_seconds": 0.5}, seed, tmp_path, silent)
        assert np.abs(read_sound(path)).max() > 0.01
        effect_remarks(prompt)


class TestLikeness:
    @pytest.mark.parametrize(
        ("name", "low", "high", "share"),
        [
            ("wind", 60, 900, 0.9),
            ("thunder", 20, 250, 0.8),
            ("heartbeat", 30, 120, 0.9),
            ("impact", 25, 150, 0.6),
            ("explosion", 20, 400, 0.5),
            ("train", 30, 1_600, 0.8),
            ("owl", 320, 420, 0.9),
            ("wolf", 250, 650, 0.7),
            ("siren", 500, 1_450, 0.7),
            ("crickets", 3_800, 5_000, 0.9),
            ("birds", 1_500, 6_500, 0.8),
            ("glass", 2_000, 12_000, 0.8),
            ("rain", 700, 12_000, 0.9),
            ("applause", 600, 4_500, 0.8),
            ("footsteps-gravel", 1_000, 10_000, 0.6),
            ("spaceship", 30, 600, 0.8),
            ("doorbell", 500, 700, 0.8),
        ],
    )
    def test_each_lies_in_its_band(self, name: str, low: float, high: float, share: float) -> None:
        assert band(_heard(name), low, high) > share

    def test_grounds_sound_different(self) -> None:
        tones = [
            brightness(_heard(f"footsteps-{ground}"))
            for ground in ("wood", "snow", "gravel", "leaves")
        ]
        assert all(after > 1.1 * before for before, after in pairwise(tones))

    @pytest.mark.parametrize(
        ("name", "every"),
        [
            ("footsteps", 0.56),
            ("footsteps-run", 0.31),
            ("footsteps-wood", 0.56),
            ("clock", 0.5),
            ("click", 0.8),
            ("laser", 0.62),
            ("door-close", 2.6),
            ("impact", 3.0),
        ],
    )
    def test_beats_keep_their_time(self, name: str, every: float) -> None:
        found = onsets(_heard(name), share=0.4)
        between = np.diff(found)
        between = between[between > 0.12]
        assert between.size >= 8 / every - 2
        assert float(np.median(between)) == pytest.approx(every, abs=0.03)

    @pytest.mark.parametrize("name", ["rain", "water", "applause", "cheer", "siren", "engine"])
    def test_what_goes_on_never_stops(self, name: str) -> None:
        level = np.sqrt((_heard(name).reshape(-1, RATE // 10) ** 2).mean(axis=1))
        assert level.min() > 0.2 * level.max()

    @pytest.mark.parametrize("name", ["door-close", "door-knock", "glass", "gunshot", "click"])
    def test_what_strikes_is_short(self, name: str) -> None:
        level = np.sqrt((_heard(name).reshape(-1, RATE // 100) ** 2).mean(axis=1))
        assert float(np.median(level)) < 0.05 * level.max()

    def test_a_siren_wails(self) -> None:
        heard = _pitches(_heard("siren", 6), 500, 1_500)
        assert max(heard) > 2 * min(heard)
        steps: Any = np.sign(np.diff(heard))
        assert 2 <= np.count_nonzero(np.diff(steps[steps != 0])) <= 5

    def test_a_car_comes_and_goes_from_left_to_right(self) -> None:
        random = np.random.Generator(np.random.PCG64(1))
        left, right = EFFECTS["engine-pass"](RATE * 6, random)
        loud = np.sqrt(((left + right).reshape(6, -1) ** 2).mean(axis=1))
        assert int(np.argmax(loud)) in {2, 3}
        assert np.abs(left[:RATE]).mean() > 2 * np.abs(right[:RATE]).mean()
        assert np.abs(right[-RATE:]).mean() > 2 * np.abs(left[-RATE:]).mean()

    def test_a_riser_rises(self) -> None:
        thirds = np.array_split(_heard("riser", 6), 3)
        loud = [float(np.sqrt((part**2).mean())) for part in thirds]
        assert loud[0] < loud[1] < loud[2]
        pitch = [_pitches(part, 60, 2_000)[-1] for part in thirds]
        assert pitch[0] < pitch[1] < pitch[2]
