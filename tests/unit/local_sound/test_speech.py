"""The voice: exact in length, the same every time, loud enough and not too loud."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from framewright.errors import InputError
from framewright.media.sound import read_sound
from framewright.protocols import silent
from framewright_providers.local.espeak import VOICES
from framewright_providers.local.speech import speech

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

    @pytest.mark.parametrize("voice", VOICES)
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
