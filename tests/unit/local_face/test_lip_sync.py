"""Lips follow what is said: open on vowels, closed on m, b, p and in silence."""
# ruff: noqa: RUF001 - signs of the phonetic alphabet look like letters

from __future__ import annotations

import struct
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFilter

from framewright.errors import InputError
from framewright.media.frames import frame_at
from framewright.media.probe import probe
from framewright.media.sound import read_sound, write_wav
from framewright.protocols import MediaFile, silent
from framewright_providers.local.face.finding import Place, find_mouth
from framewright_providers.local.face.hearing import heard
from framewright_providers.local.face.job import lip_sync
from framewright_providers.local.face.mouth import CLOSED, Mouth, Track, sounds_of
from framewright_providers.local.face.speaking import Speaker
from framewright_providers.local.face.words import marks_in, with_marks
from framewright_providers.local.marks import Mark, read_marks, write_marks
from framewright_providers.local.models import defaults
from framewright_providers.local.speech import speech

if TYPE_CHECKING:
    from pathlib import Path

SAID = "My mother bought a boat. We wept."


@pytest.fixture(scope="module")
def voice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    inputs = defaults()["local/speech"] | {"text": SAID}
    return speech(inputs, 1, tmp_path_factory.mktemp("voice"), silent)


def portrait(red: tuple[int, int, int] = (176, 84, 84)) -> Image.Image:
    """A plain face, 320 by 240, whose mouth is at 160, 170 and 48 wide."""
    face = Image.new("RGB", (320, 240), (120, 140, 160))
    pen = ImageDraw.Draw(face)
    pen.ellipse((90, 20, 230, 230), fill=(214, 172, 144))
    for x in (130, 190):
        pen.ellipse((x - 13, 98, x + 13, 112), fill=(235, 235, 235))
        pen.ellipse((x - 6, 98, x + 6, 111), fill=(50, 40, 36))
        pen.line((x - 16, 84, x + 16, 84), fill=(80, 56, 40), width=4)
    pen.ellipse((136, 162, 184, 178), fill=red)
    pen.line((138, 170, 182, 170), fill=(80, 30, 30), width=2)
    return face.filter(ImageFilter.GaussianBlur(0.8))


class TestMarks:
    def test_speech_holds_its_sounds_in_order(self, voice: Path) -> None:
        marks = read_marks(voice)
        said = [mark.text for mark in marks if mark.kind == "phoneme" and mark.text]
        assert said[:4] == ["m", "aɪ", "m", "ʌ"]
        words = [mark.text for mark in marks if mark.kind == "word"]
        assert words == ["My", "mother", "bought", "a", "boat", "We", "wept"]
        assert [mark.seconds for mark in marks] == sorted(mark.seconds for mark in marks)

    def test_marks_change_neither_samples_nor_length(self, tmp_path: Path) -> None:
        path = tmp_path / "a.wav"
        write_wav(path, np.sin(np.arange(22_051) / 9)[np.newaxis].astype(np.float32), 22_050)
        before, sound = probe(path), read_sound(path)
        marks = (Mark(0.25, "word", "grüße"), Mark(0.5, "phoneme", "ʃ"), Mark(0.9, "end", ""))
        write_marks(path, marks, 22_050)
        after = probe(path)
        assert (after.duration, after.kind) == (before.duration, before.kind)
        assert np.array_equal(read_sound(path), sound)
        for one, other in zip(read_marks(path), marks, strict=True):
            assert (one.kind, one.text) == (other.kind, other.text)
            assert one.seconds == pytest.approx(other.seconds, abs=1e-4)

    def test_marks_lie_where_the_sound_is(self, voice: Path) -> None:
        """A stop is quiet and the vowel after it loud: the marks were moved with the cut sound."""
        samples = read_sound(voice, 22_050, 1)[0]
        timed = [mark for mark in read_marks(voice) if mark.kind == "phoneme"]

        def level(number: int) -> float:
            start, end = (round(timed[number + at].seconds * 22_050) for at in (0, 1))
            return float(np.sqrt(np.mean(samples[start:end] ** 2)))

        within = samples.size / 22_050
        pauses = [
            number
            for number in range(3, len(timed) - 1)
            if not timed[number].text
            and timed[number].seconds + 0.02 < timed[number + 1].seconds
            and timed[number + 1].seconds < within
        ]
        vowels = [number for number in range(len(timed) - 1) if timed[number].text in {"ɔː", "oʊ"}]
        assert pauses
        assert vowels
        assert np.mean([level(each) for each in pauses]) < 0.2 * np.mean(
            [level(each) for each in vowels]
        )

    @given(st.binary(max_size=400), st.integers(0, 300))
    def test_no_file_breaks_the_reader(self, noise: bytes, at: int) -> None:
        import tempfile
        from pathlib import Path

        with tempfile.TemporaryDirectory() as name:
            path = Path(name) / "a.wav"
            write_wav(path, np.zeros((1, 99), np.float32), 8_000)
            write_marks(path, [Mark(0.001, "word", "one"), Mark(0.002, "phoneme", "a")], 8_000)
            whole = bytearray(path.read_bytes())
            whole[at : at + len(noise)] = noise
            path.write_bytes(whole)
            assert isinstance(read_marks(path), tuple)
            path.write_bytes(noise)
            assert read_marks(path) == ()

    def test_a_cue_without_end_is_no_matter(self, tmp_path: Path) -> None:
        path = tmp_path / "a.wav"
        head = b"RIFF" + struct.pack("<I", 99) + b"WAVE"
        path.write_bytes(head + b"cue " + struct.pack("<I", 0xFFFFFFFF) + b"x")
        assert read_marks(path) == ()


class TestMouth:
    def middle(self, voice: Path, sign: str) -> float:
        timed = [mark for mark in read_marks(voice) if mark.kind != "word"]
        at = next(number for number, mark in enumerate(timed) if mark.text == sign)
        return (timed[at].seconds + timed[at + 1].seconds) / 2

    @pytest.mark.parametrize("sign", ["m", "b", "p"])
    def test_lips_are_shut(self, voice: Path, sign: str) -> None:
        track = Track(sounds_of(read_marks(voice)))
        assert track.at(self.middle(voice, sign)) == CLOSED

    @pytest.mark.parametrize("sign", ["aɪ", "ʌ", "ɔː", "oʊ", "ɛ"])
    def test_vowels_are_open(self, voice: Path, sign: str) -> None:
        track = Track(sounds_of(read_marks(voice)))
        assert track.at(self.middle(voice, sign)).open > 0.35

    def test_ee_is_spread_and_oo_is_round(self) -> None:
        def shape(text: str) -> Mouth:
            marks = (Mark(0, "phoneme", text), Mark(0.3, "end", ""))
            return Track(sounds_of(marks)).at(0.15)

        assert shape("iː").wide > 0.6
        assert shape("uː").wide < -0.6
        assert shape("f").teeth > 0.6 > shape("a").teeth

    def test_in_silence_the_mouth_is_shut(self, voice: Path) -> None:
        marks = read_marks(voice)
        track = Track(sounds_of(marks))
        pause = next(mark.seconds for mark in marks[9:] if mark.kind == "phoneme" and not mark.text)
        for at in (-1.0, pause + 0.08, marks[-1].seconds + 0.3, 99.0):
            assert track.at(at).open < 0.06

    @pytest.mark.parametrize("fps", [24, 30])
    def test_every_closure_is_seen_in_some_frame(self, fps: int) -> None:
        for start in np.linspace(1.0, 1.0 + 1 / fps, 13):
            marks = (
                Mark(start - 0.2, "phoneme", "a"),
                Mark(start, "phoneme", "b"),
                Mark(start + 0.012, "phoneme", "a"),
                Mark(start + 0.3, "end", ""),
            )
            track = Track(sounds_of(marks))
            near = [number / fps for number in range(fps * 2) if abs(number / fps - start) < 0.05]
            assert any(track.at(at, 1 / fps) == CLOSED for at in near)

    def test_nothing_jumps_but_lips_that_close(self, voice: Path) -> None:
        sounds = tuple(replace(each, shut=False) for each in sounds_of(read_marks(voice)))
        opens = np.array([Track(sounds).at(at).open for at in np.arange(0, 3, 0.01)])
        assert np.abs(np.diff(opens)).max() < 0.13

    def test_a_sound_of_two_vowels_is_both(self) -> None:
        first, second = sounds_of((Mark(0, "phoneme", "aʊ"), Mark(0.2, "end", "")))
        assert first.shape.wide > second.shape.wide
        assert (first.end, second.end) == (pytest.approx(0.1), pytest.approx(0.2))


class TestHearing:
    def test_words_are_fitted_to_a_voice_without_marks(self, voice: Path, tmp_path: Path) -> None:
        bare = tmp_path / "bare.wav"
        samples = read_sound(voice, 22_050, 1)
        late = np.concatenate([np.zeros((1, 22_050), np.float32), samples], axis=1)
        write_wav(bare, late, 22_050)
        assert read_marks(bare) == ()
        exact = sounds_of(read_marks(voice))
        fitted = heard(bare, marks_in(with_marks({"text": SAID, "voice": "en-us"}, silent)))
        assert len(fitted) == len(exact)
        off = [one.start - 1 - other.start for one, other in zip(fitted, exact, strict=True)]
        assert np.median(np.abs(off)) < 0.12
        assert np.abs(off).max() < 0.6

    def test_without_words_loudness_opens_the_mouth(self, voice: Path, tmp_path: Path) -> None:
        bare = tmp_path / "bare.wav"
        samples = read_sound(voice, 22_050, 1)
        write_wav(bare, np.concatenate([np.zeros((1, 22_050), np.float32), samples], 1), 22_050)
        track = Track(heard(bare))
        assert track.at(0.5) == CLOSED
        assert max(track.at(at).open for at in np.arange(1, 3, 0.05)) > 0.4


class TestFinding:
    def test_the_mouth_of_a_portrait_is_found(self) -> None:
        found = find_mouth(portrait())
        assert found is not None
        assert (found.x, found.y) == (pytest.approx(160, abs=4), pytest.approx(170, abs=3))
        assert 16 < found.half < 32

    @pytest.mark.parametrize("name", ["grey", "noise", "faceless"])
    def test_where_there_is_none_nothing_is_found(self, name: str) -> None:
        noise = np.random.Generator(np.random.PCG64(1)).integers(0, 256, (240, 320, 3), np.uint8)
        pictures = {
            "grey": Image.new("RGB", (320, 240), (128, 128, 128)),
            "noise": Image.fromarray(noise),
            "faceless": portrait(red=(214, 172, 144)).crop((0, 0, 320, 150)),
        }
        assert find_mouth(pictures[name]) is None


class TestSpeaking:
    speaker = Speaker(np.asarray(portrait()), Place(160, 170, 24))

    def dark(self, mouth: Mouth) -> int:
        pixels = self.speaker.saying(mouth).astype(int)
        return int((pixels[150:215, 120:200].sum(axis=-1) < 170).sum())

    def test_an_open_mouth_is_dark_inside_the_wider_the_more(self) -> None:
        shut, half, wide = (self.dark(Mouth(share)) for share in (0, 0.4, 1))
        assert shut < 25
        assert shut + 60 < half < 0.7 * wide

    def test_a_shut_mouth_is_the_picture_itself(self) -> None:
        assert np.array_equal(self.speaker.saying(CLOSED), self.speaker.picture)

    def test_nothing_but_the_mouth_moves(self) -> None:
        changed = (self.speaker.saying(Mouth(1, -0.5)) != self.speaker.picture).any(axis=-1)
        rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
        assert rows.min() > 125
        assert columns.min() > 90
        assert columns.max() < 230

    @given(st.floats(0, 319), st.floats(0, 239), st.floats(2, 150), st.floats(0, 1))
    def test_a_mouth_may_be_anywhere(self, x: float, y: float, half: float, far: float) -> None:
        speaker = Speaker(self.speaker.picture, Place(x, y, half))
        assert speaker.saying(Mouth(far, 1)).shape == (240, 320, 3)


class TestJob:
    def make(self, folder: Path, voice: Path, **inputs: Any) -> Path:
        audio = MediaFile(voice, probe(voice), "0" * 64)
        whole = defaults()["local/lip-sync"] | {"audio": audio} | inputs
        folder.mkdir(exist_ok=True)
        return lip_sync(whole, 1, folder, silent)

    def given(self, folder: Path, image: Image.Image) -> MediaFile:
        path = folder / "face.png"
        image.save(path)
        return MediaFile(path, probe(path), "1" * 64)

    @pytest.mark.parametrize("fps", [24, 30])
    def test_a_portrait_speaks_as_long_as_its_voice(
        self, tmp_path: Path, voice: Path, fps: int
    ) -> None:
        face = self.given(tmp_path, portrait())
        film = self.make(tmp_path / "out", voice, image=face, fps=fps)
        info, spoken = probe(film), probe(voice)
        assert info.duration is not None
        assert spoken.duration is not None
        assert 0 <= info.duration.seconds - spoken.duration.seconds <= 1 / fps + 1e-6
        assert info.video is not None
        assert info.video.fps is not None
        assert Fraction(info.video.fps.value, info.video.fps.rate) == fps
        assert info.audio is not None
        sounds = sounds_of(read_marks(voice))
        vowel = max(sounds, key=lambda each: each.shape.open * (each.end - each.start))
        opened = np.asarray(frame_at(film, (vowel.start + vowel.end) / 2), int)
        shut = np.asarray(frame_at(film, 0.04), int)
        assert (opened[150:215, 120:200].sum(-1) < 190).sum() > 1.5 * (
            shut[150:215, 120:200].sum(-1) < 190
        ).sum() + 40

    def test_it_is_the_same_twice(self, tmp_path: Path, voice: Path) -> None:
        face = self.given(tmp_path, portrait())
        once, again = (self.make(tmp_path / name, voice, image=face) for name in "ab")
        assert once.read_bytes() == again.read_bytes()

    def test_a_picture_without_a_mouth_is_said(self, tmp_path: Path, voice: Path) -> None:
        grey = self.given(tmp_path, Image.new("RGB", (320, 240), (90, 90, 90)))
        with pytest.raises(InputError, match="No mouth was found") as caught:
            self.make(tmp_path, voice, image=grey)
        assert "mouth" in caught.value.action

    def test_a_mouth_can_be_told(self, tmp_path: Path, voice: Path) -> None:
        grey = self.given(tmp_path, Image.new("RGB", (320, 240), (150, 120, 110)))
        film = self.make(tmp_path, voice, image=grey, mouth=[0.5, 0.7, 0.15])
        assert probe(film).video is not None

    @pytest.mark.parametrize("who", ["a woman with red hair", "an old man", "a black boy"])
    def test_a_face_is_drawn_where_none_is_given(self, who: str) -> None:
        from framewright_providers.local.face.job import _drawn

        speaker = _drawn({"prompt": who, "aspect_ratio": "1:1"}, 3, silent)
        height, width, _ = speaker.picture.shape
        assert 0.35 * width < speaker.place.x < 0.65 * width
        assert 0.3 * height < speaker.place.y < 0.8 * height


def test_the_speech_process_gives_nothing_but_blocks() -> None:
    code = (
        "import espeakng_loader as e; from framewright_providers.local import espeak_process as p;"
        "p.main(e.get_library_path(), e.get_data_path(), 'gmw/en', 165, 50)"
    )
    done = subprocess.run([sys.executable, "-c", code], input=b"a b", capture_output=True)
    letters = []
    at = 0
    while at < len(done.stdout):
        letter, size = struct.unpack_from("<cI", done.stdout, at)
        letters.append(letter)
        at += 5 + size
    assert at == len(done.stdout)
    assert set(letters) == {b"S", b"M"}
