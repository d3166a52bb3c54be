"""What takes long tells how far it is, never goes back, and stops where it is told to."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from framewright.media.best_frames import best_frames
from framewright.media.caption import caption
from framewright.media.clips import merge
from framewright.media.frames import frames_every
from framewright.media.loop import loop
from framewright.media.mux import mux
from framewright.media.normalise import normalise_sound, normalise_video
from framewright.media.prepare_clip import prepare_clip
from framewright.media.prepare_sound import prepare_sound
from framewright.media.proxy import make_proxy
from framewright.media.resize import resize_video
from framewright.media.reverse import reverse
from framewright.media.sound import mix, write_wav
from framewright.media.speed import change_speed
from framewright.media.subtitles import Cue, set_subtitles
from framewright.media.text_track import add_text_track
from framewright.media.thumbnails import filmstrip
from framewright.media.trim import trim
from framewright.media.waveform import draw_waveform
from media_samples import hiss, noise_film

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CUES = (Cue(0.1, 0.5, "Hello"),)


def _joined(video: Path, target: Path, **how: Any) -> None:
    merge([video, video], target, **how)


def _mixed(sound: Path, target: Path, **how: Any) -> None:
    mix([sound, sound], target, **how)


def _with_itself(video: Path, target: Path, **how: Any) -> None:
    mux(video, video, target, **how)


VIDEO: dict[str, Callable[..., object]] = {
    "reverse": reverse,
    "speed": partial(change_speed, factor=2),
    "loop": partial(loop, seconds=2),
    "levelled, the picture copied": normalise_video,
    "proxy": make_proxy,
    "subtitles": partial(set_subtitles, cues=CUES),
    "subtitle track": partial(add_text_track, cues=CUES),
    "joined by copying": _joined,
    "joined by encoding": partial(_joined, transition="crossfade", transition_seconds=0.2),
    "trim": partial(trim, start_seconds=0.1, end_seconds=0.9),
    "muxed by copying": _with_itself,
    "muxed and mixed": partial(_with_itself, mode="mix"),
    "caption": partial(caption, text="x"),
    "resize": partial(resize_video, width=64),
    "prepared by copying": partial(prepare_clip, formats=("mov",)),
    "prepared in tries": partial(prepare_clip, formats=("webm",), max_bytes=30_000),
    "prepared smaller": partial(prepare_clip, max_side=64),
}
SOUND: dict[str, Callable[..., object]] = {
    "levelled": partial(normalise_sound, lufs=-20),
    "mixed": _mixed,
    "prepared": partial(prepare_sound, formats=("mp3",)),
    "prepared in tries": partial(prepare_sound, formats=("flac",), max_bytes=400_000),
}
LOOKING: dict[str, Callable[..., object]] = {
    "waveform": draw_waveform,
    "filmstrip": filmstrip,
    "best frames": partial(best_frames, count=2),
    "frames": lambda video, tell: list(frames_every(video, 0.1, tell)),
}
WRITING = [
    pytest.param(kind, works[name], id=f"{kind} {name}")
    for kind, works in (("video", VIDEO), ("sound", SOUND))
    for name in works
]


class StopError(Exception):
    """Raised by who is told."""


@pytest.fixture
def sources(tmp_path) -> dict[str, Path]:
    write_wav(tmp_path / "a.wav", hiss(4) * np.linspace(0.2, 1, 192_000, dtype=np.float32), 48_000)
    return {"video": noise_film(tmp_path / "a.mp4", frames=36), "sound": tmp_path / "a.wav"}


def _rises(told: list[float]) -> None:
    assert all(before <= after for before, after in pairwise(told))
    assert told[0] < 0.1
    assert told[-1] == 1.0
    assert len({each for each in told if 0.1 < each < 0.9}) >= 4


@pytest.mark.parametrize(("kind", "work"), WRITING)
def test_progress_goes_on_from_the_beginning_to_the_end(sources, tmp_path, kind, work):
    told: list[float] = []
    work(sources[kind], tmp_path / "b.mp4", tell=told.append)
    _rises(told)


@pytest.mark.parametrize("name", LOOKING)
def test_looking_at_something_tells_how_far_it_is(sources, name):
    told: list[float] = []
    LOOKING[name](sources["video"], tell=told.append)
    _rises(told)


@pytest.mark.parametrize("after", [0.0, 0.5])
@pytest.mark.parametrize(("kind", "work"), WRITING)
def test_stopping_leaves_what_was_there_and_nothing_else(sources, tmp_path, kind, work, after):
    target = tmp_path / "b.mp4"
    target.write_bytes(b"older")

    def stop(fraction: float) -> None:
        if fraction > after:
            raise StopError

    with pytest.raises(StopError):
        work(sources[kind], target, tell=stop)
    assert target.read_bytes() == b"older"
    assert {each.name for each in tmp_path.iterdir()} == {"a.mp4", "a.wav", "b.mp4"}
