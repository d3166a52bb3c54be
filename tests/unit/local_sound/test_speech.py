"""The voice: exact in length, the same every time, loud enough and not too loud."""

from __future__ import annotations

import hashlib
import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from framewright.errors import InputError, ProviderError
from framewright.media.sound import read_sound
from framewright.protocols import silent
from framewright_providers.local.marks import read_marks
from framewright_providers.local.models import defaults
from framewright_providers.local.sound_remarks import speech_remarks
from framewright_providers.local.speech import speech
from framewright_providers.local.voices import LANGUAGES, voice_for
from framewright_providers.local.words import sound_words
from sound_measures import RATE, pitch

if TYPE_CHECKING:
    from pathlib import Path


def _say(folder: Path, text: str, **changes: Any) -> Path:
    folder.mkdir(exist_ok=True)
    inputs = {"text": text, "voice": "en-us", "speed": 1.0, "pitch": 50, **changes}
    return speech(inputs, 1, folder, silent)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _level(path: Path) -> tuple[float, float]:
    samples = read_sound(path)
    rms = 20 * np.log10(float(np.sqrt(np.mean(samples.astype(float) ** 2))))
    return float(np.abs(samples).max()), rms


class TestSpeech:
    def test_the_same_words_sound_the_same_whatever_was_said_before(self, tmp_path: Path) -> None:
        first = _digest(_say(tmp_path, "Wake up slowly"))
        _say(tmp_path, "Guten Morgen", voice="de", speed=1.4, pitch=90)
        assert _digest(_say(tmp_path, "Wake up slowly")) == first

    @pytest.mark.parametrize("voice", LANGUAGES)
    def test_every_voice_speaks(self, tmp_path: Path, voice: str) -> None:
        peak, rms = _level(_say(tmp_path, "one two three", voice=voice))
        assert 0.3 < peak <= 10 ** (-1 / 20)
        assert rms > -30

    @pytest.mark.parametrize("text", ["...", "  ", "\0\0", "-"])
    def test_what_can_not_be_spoken_is_said(self, tmp_path: Path, text: str) -> None:
        with pytest.raises(InputError, match="spoken"):
            _say(tmp_path, text)

    @pytest.mark.parametrize(
        "text", ["[[h@l'oU]]", "<speak>hi</speak>", "😀", "\0 hello", "a" * 500]
    )
    def test_odd_texts_are_only_texts(self, tmp_path: Path, text: str) -> None:
        assert _say(tmp_path, text).is_file()

    def test_it_can_be_stopped(self, tmp_path: Path) -> None:
        class StopNowError(Exception):
            pass

        def tell(fraction: float) -> None:
            raise StopNowError

        inputs = {"text": "word " * 3_000, "voice": "en-us", "speed": 1.0, "pitch": 50}
        with pytest.raises(StopNowError):
            speech(inputs, 1, tmp_path, tell)

    def test_speed_makes_it_shorter(self, tmp_path: Path) -> None:
        slow = _say(tmp_path / "a", "one two three four", speed=0.7).stat().st_size
        assert _say(tmp_path / "b", "one two three four", speed=1.6).stat().st_size < 0.6 * slow


LINE = "The old house by the river was always quiet in winter"


class TestWho:
    @pytest.fixture(scope="class")
    @staticmethod
    def spoken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[float, float]]:
        """Return pitch in hertz and length in seconds of one line by each of several people."""
        found = {}
        for who in (
            "", "a child", "a boy", "a girl", "a teenage boy", "a woman", "a young woman",
            "an old woman", "a man", "a young man", "an old man", "a deep male voice",
            "an excited woman",
        ):  # fmt: skip
            path = _say(tmp_path_factory.mktemp("who"), LINE, speaker=who)
            sound = read_sound(path, RATE, 1)[0].astype(float)
            found[who] = (pitch(sound), sound.size / RATE)
        return found

    def test_a_child_is_higher_than_a_woman_than_a_man(
        self, spoken: dict[str, tuple[float, float]]
    ) -> None:
        child, woman, man = (spoken[who][0] for who in ("a child", "a woman", "a man"))
        assert child > 1.25 * woman
        assert woman > 1.5 * man
        assert 85 < man < 130
        assert 165 < woman < 230
        assert 240 < child < 340
        assert spoken["a girl"][0] > spoken["a boy"][0] > spoken["a teenage boy"][0] > man

    def test_the_young_are_quicker_and_higher_than_the_old(
        self, spoken: dict[str, tuple[float, float]]
    ) -> None:
        for sex in ("man", "woman"):
            young, grown, old = (
                spoken[who] for who in (f"a young {sex}", f"a {sex}", f"an old {sex}")
            )
            assert old[1] > 1.15 * grown[1] > 1.05 * young[1]
            assert young[0] > 1.05 * grown[0]
        assert spoken["an old woman"][0] < 0.95 * spoken["a woman"][0]

    def test_a_manner_is_heard(self, spoken: dict[str, tuple[float, float]]) -> None:
        assert spoken["a deep male voice"][0] < 0.9 * spoken["a man"][0]
        excited, woman = spoken["an excited woman"], spoken["a woman"]
        assert excited[0] > 1.05 * woman[0]
        assert excited[1] < 0.93 * woman[1]

    def test_nobody_told_is_the_plain_voice(self) -> None:
        assert voice_for("", "de").file == "gmw/de"
        assert voice_for("", "de").shift == 1

    @pytest.mark.parametrize(
        ("who", "file"),
        [
            ("a German woman", "gmw/de+f2"),
            ("an old man, speaking Russian", "zle/ru+grandpa"),
            ("British narrator", "gmw/en"),
            ("a Brazilian girl", "roa/pt-BR+f2"),
            ("a whispering woman", "gmw/en-US+whisperf"),
            ("grandmother", "gmw/en-US+grandma"),
        ],
    )
    def test_words_choose_language_age_and_sex(self, who: str, file: str) -> None:
        assert voice_for(who, "en-us").file == file

    def test_it_holds_in_every_language(self, tmp_path: Path) -> None:
        for code in ("de", "fr", "ru", "zh", "hi"):
            heard = [
                pitch(read_sound(_say(tmp_path, LINE, voice=code, speaker=who), RATE, 1)[0])
                for who in ("child", "woman", "man")
            ]
            assert heard[0] > 1.2 * heard[1] > 1.5 * heard[2]

    def test_marks_stay_with_a_voice_that_is_moved_up(self, tmp_path: Path) -> None:
        path = _say(tmp_path, LINE, speaker="a girl")
        marks = read_marks(path)
        words = [mark.text for mark in marks if mark.kind == "word"]
        assert words == LINE.split()
        seconds = read_sound(path, RATE, 1).shape[1] / RATE
        assert 0.8 * seconds < marks[-1].seconds <= seconds + 0.1

    def test_an_unknown_voice_is_an_error(self, tmp_path: Path) -> None:
        with pytest.raises(ProviderError, match="not installed"):
            _say(tmp_path, "hello", voice="xx-nowhere")

    def test_what_it_can_not_be_is_said(self) -> None:
        assert speech_remarks("a calm, deep voice of an old German man") == ()
        (said,) = speech_remarks("a husky woman")
        assert "husky" in said

    def test_catalog_lists_and_voices_agree(self) -> None:
        assert set(sound_words()["voice"]["language"]) == set(LANGUAGES)
        assert defaults()["local/speech"]["voice"] in LANGUAGES
        cards = json.loads(
            (files("framewright_assets") / "catalog" / "local.json").read_text("utf-8")
        )
        (card,) = (each for each in cards["models"] if each["id"] == "local/speech")
        assert card["inputs_schema"]["properties"]["voice"]["enum"] == list(LANGUAGES)
