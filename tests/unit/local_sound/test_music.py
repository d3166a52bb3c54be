"""The score: ends at the asked length on its key's chord, in the tempo, mode and mood asked for."""

from __future__ import annotations

import hashlib
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framewright.media.sound import read_sound
from framewright.protocols import silent
from framewright_providers.local.closing import closing
from framewright_providers.local.composing import (
    NUDGE,
    asked_tempo,
    compose,
    fitted,
    mood_of,
)
from framewright_providers.local.harmony import SCALES
from framewright_providers.local.instruments import PLAYERS
from framewright_providers.local.music import music
from framewright_providers.local.rhythm import FEELS
from framewright_providers.local.sound_remarks import music_remarks
from framewright_providers.local.words import sound_words
from sound_measures import brightness, level, notes, onsets

if TYPE_CHECKING:
    from pathlib import Path

    from framewright_providers.local.score import Score
    from sound_measures import Mono

MOODS = tuple(sound_words()["mood"])
THIRDS = {"major": 4, "lydian": 4, "mixolydian": 4, "dorian": 3, "minor": 3, "phrygian": 3}


def _made(folder: Path, prompt: str, seconds: float, seed: int = 5) -> tuple[Mono, Score]:
    path = music({"prompt": prompt, "duration_seconds": seconds}, seed, folder, silent)
    random = np.random.Generator(np.random.PCG64(seed))
    return read_sound(path).astype(float).mean(axis=0), compose(prompt, seconds, random)


class TestForm:
    @given(st.floats(1, 600), st.floats(36, 220))
    def test_bars_and_closing_chord_fill_the_length(self, seconds: float, tempo: float) -> None:
        played, bars, hold = fitted(seconds, tempo)
        assert (bars - 1) * 240 / played + hold == pytest.approx(seconds)
        assert abs(played / tempo - 1) <= NUDGE + 1e-9
        assert hold >= min(seconds, 1.5) - 1e-6
        # More than a bar is kept for it only where a bar is too short, or too little is left.
        assert hold <= 2 * 240 / played

    @given(st.floats(72, 600), st.floats(60, 180))
    def test_what_is_not_short_ends_on_a_bar_line(self, seconds: float, tempo: float) -> None:
        played, _, hold = fitted(seconds, tempo)
        bars = hold * played / 240
        assert bars == pytest.approx(round(bars))

    @pytest.mark.parametrize(
        ("prompt", "seconds"),
        [("soft", 1.0), ("epic", 2.5), ("techno", 20.0), ("soft", 70.0), ("epic", 150.0)],
    )
    def test_it_is_as_long_as_asked_and_rings_out(
        self, tmp_path: Path, prompt: str, seconds: float
    ) -> None:
        mono, score = _made(tmp_path, prompt, seconds, 3)
        samples = read_sound(tmp_path / "music.wav")
        assert samples.shape == (2, round(seconds * 48_000))
        assert np.abs(samples).max() < 0.75
        assert abs(float(samples.mean())) < 1e-3
        assert score.seconds == pytest.approx(seconds)
        last = mono[round((seconds - score.hold_seconds) * 48_000) :]
        tenths = [level(part) for part in np.array_split(last, 10)]
        assert tenths[0] > -26, "the chord is struck"
        assert tenths[5] > -48, "and not cut off"
        assert tenths[9] < tenths[0] - 25, "and has died away at the end"
        assert all(after < before + 6 for before, after in pairwise(tenths))

    @pytest.mark.parametrize("seconds", [12.0, 200.0])
    def test_the_last_thing_to_begin_is_the_chord_on_its_bar_line(
        self, tmp_path: Path, seconds: float
    ) -> None:
        sound, score = _made(tmp_path, "happy 120 bpm", seconds)
        struck = seconds - score.hold_seconds
        assert (struck / score.bar_seconds) % 1 == pytest.approx(0, abs=1e-6)
        tail = sound[-(12 * 48_000) :]
        heard = onsets(tail) + seconds - 12
        assert heard[-1] == pytest.approx(struck, abs=0.04)

    @pytest.mark.parametrize("mood", MOODS)
    def test_it_comes_home(self, tmp_path: Path, mood: str) -> None:
        sound, score = _made(tmp_path, sound_words()["mood"][mood]["words"][0], 9, 1)
        # What still sounds of the bar before has to die away first.
        since = round((9 - score.hold_seconds * 0.8) * 48_000)
        power = notes(sound[since:])
        home = {(score.root + step) % 12 for step in (0, THIRDS[score.mode], 7)}
        loudest = [int(note) for note in np.argsort(power)[::-1][:3]]
        assert loudest[0] in home
        assert score.root % 12 in loudest
        assert sum(power[note] for note in home) > 0.7 * power.sum()

    def test_dominant_chords_lead_home(self) -> None:
        random = np.random.Generator(np.random.PCG64(1))
        score = compose("sad in A minor", 60, random)
        assert {note % 12 for note in score.chords[-2]} >= {4, 8, 11}, (
            "E major with its leading note"
        )
        assert {note % 12 for note in score.chords[-1]} == {9, 0, 4}
        score = compose("happy in Bb major", 60, random)
        assert {note % 12 for note in score.chords[-2]} == {5, 9, 0}
        assert {note % 12 for note in score.chords[-1]} == {10, 2, 5}


class TestTempo:
    @pytest.mark.parametrize(
        ("prompt", "tempo"),
        [
            ("happy, 120 bpm", 120),
            ("90bpm beat", 90),
            ("a tempo of 75", 75),
            ("at 140 beats per minute", 140),
            ("calm, allegro", 132),
            ("adagio for strings", 66),
            ("999 bpm", 220),
        ],
    )
    def test_a_stated_tempo_is_kept(self, prompt: str, tempo: float) -> None:
        assert asked_tempo(prompt, 100) == tempo
        for seconds in (7, 30, 200):
            score = compose(prompt, seconds, np.random.Generator(np.random.PCG64(2)))
            assert score.tempo == pytest.approx(tempo, rel=NUDGE + 1e-9)

    def test_words_bend_the_mood(self) -> None:
        assert asked_tempo("slow and happy", 100) == 80
        assert asked_tempo("fast and happy", 100) == 125
        assert asked_tempo("happy", 100) == 100
        assert mood_of("slow and happy") == "happy"

    @pytest.mark.parametrize("tempo", [84, 120, 150])
    def test_what_is_heard_begins_on_the_grid(self, tmp_path: Path, tempo: int) -> None:
        sound, score = _made(tmp_path, f"upbeat drums, {tempo} bpm", 24)
        eighth = 30 / score.tempo
        heard = onsets(sound)
        off = heard / eighth - np.round(heard / eighth)
        assert heard.size > 20
        assert np.mean(np.abs(off) * eighth < 0.03) > 0.85
        # And on no other grid: a tempo beside it fits worse.
        other = heard / (eighth * 1.07) - np.round(heard / (eighth * 1.07))
        assert np.abs(other).mean() > 2 * np.abs(off).mean()


class TestMoods:
    def test_the_seed_decides(self, tmp_path: Path) -> None:
        def made(seed: int) -> str:
            asked = {"prompt": "happy", "duration_seconds": 2}
            return hashlib.sha256(music(asked, seed, tmp_path, silent).read_bytes()).hexdigest()

        assert made(1) == made(1)
        assert made(1) != made(2)

    def test_a_creator_s_words_find_their_mood(self) -> None:
        for word in ("lo-fi", "horror", "corporate", "romantic", "mysterious", "playful", "dark"):
            assert mood_of(f"some {word} music") == word.replace("-", "")
        assert mood_of("music") == "calm"

    def test_each_mood_is_one_of_its_own(self) -> None:
        moods = sound_words()["mood"].values()
        kinds = {(m["mode"], m["feel"], tuple(m["instruments"])) for m in moods}
        assert len(kinds) == len(MOODS)
        assert all(36 <= m["tempo"][0] < m["tempo"][1] <= 200 for m in moods)
        named = [word for mood in moods for word in mood["words"]]
        assert len(named) == len(set(named)), "no word names two moods"

    def test_everything_the_lists_name_is_there(self) -> None:
        lists = sound_words()
        moods = lists["mood"].values()
        named = {each for mood in moods for each in mood["instruments"]}
        assert named | set(lists["instruments"].values()) <= set(PLAYERS)
        assert {mood["mode"] for mood in moods} <= set(SCALES)
        assert {mood["feel"] for mood in moods} <= {*FEELS, "none"}
        assert all(len(part) == 16 for f in FEELS.values() for part in (f.kick, f.snare, f.hat))

    def test_every_player_closes(self) -> None:
        score = compose("calm", 20, np.random.Generator(np.random.PCG64(1)))
        for player in PLAYERS:
            longest = max(
                note.at + note.sound.shape[-1] / 48_000 for note in closing(player, score)
            )
            assert longest < score.hold_seconds

    def test_they_sound_different(self, tmp_path: Path) -> None:
        tone = {
            mood: brightness(_made(tmp_path, mood, 16)[0])
            for mood in ("dark", "calm", "sad", "happy", "action", "electronic")
        }
        assert max(tone["dark"], tone["calm"], tone["sad"]) * 1.5 < min(
            tone["happy"], tone["action"], tone["electronic"]
        )

    def test_their_tempos_and_modes_differ(self) -> None:
        def scored(prompt: str) -> Score:
            return compose(prompt, 60, np.random.Generator(np.random.PCG64(3)))

        order = [scored(mood).tempo for mood in ("horror", "sad", "epic", "happy", "action")]
        assert order == sorted(order)
        assert all(after > before + 5 for before, after in pairwise(order))
        assert scored("happy").mode == "major"
        assert scored("sad").mode == "minor"
        assert scored("horror").mode == "phrygian"
        assert scored("sad, in a major key").mode == "major"
        assert scored("calm, in F# minor").root % 12 == 6

    def test_instruments_follow_the_words(self) -> None:
        def players(prompt: str) -> tuple[str, ...]:
            return compose(prompt, 20, np.random.Generator(np.random.PCG64(1))).players

        assert players("calm piano")[0] == "keys"
        assert "drums" in players("upbeat drums")
        assert "drums" not in players("upbeat, no drums")
        assert players("solo piano, sad") == ("keys",)
        assert players("calm flute and harp")[:2] == ("flute", "pluck")


def test_what_it_can_not_play_is_said() -> None:
    (said,) = music_remarks("calm saxophone with vocals")
    assert "saxophone" in said
    assert "vocals" in said
    (said,) = music_remarks("some music")
    assert "No mood" in said
    assert music_remarks("happy piano") == ()
