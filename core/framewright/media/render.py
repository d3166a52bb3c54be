"""Writing a film from a stream of frames and a stream of sound, side by side."""

from __future__ import annotations

from collections import deque
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from framewright.media.ahead import ahead
from framewright.media.forms import MP4, Form
from framewright.media.sound_stream import Samples, SoundReader
from framewright.media.source import Source, nearest
from framewright.media.write import VideoWriter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from av.video.frame import VideoFrame

    from framewright.media.picture import Planes
    from framewright.protocols import Tell

RAMP_SECONDS = 0.005
"""How long sound is faded where it is cut, so that it does not click."""


@dataclass(frozen=True, slots=True)
class Film:
    """The shape of a video that is being made."""

    width: int
    height: int
    fps: Fraction
    frames: int
    sound_rate: int | None
    """None makes a silent film."""
    form: Form = MP4
    picture_bits: int | None = None
    """The most the picture may take a second; None for what it needs to look clean."""
    sound_bits: int | None = None

    def samples(self, frames: int) -> int:
        """Return how many samples of sound lie before a frame; 0 for a silent film.

        Counted from the film's beginning, so that roundings never add up.
        """
        return nearest(Fraction(frames * (self.sound_rate or 0)) / self.fps)


def render(
    film: Film,
    target: Path,
    pictures: Iterable[VideoFrame | Planes],
    sound: Iterator[Samples] | None,
    tell: Tell,
) -> None:
    """Write the film; sound that is too short is followed by silence, longer is kept to its end."""
    heard = 0
    with VideoWriter(
        target,
        film.width,
        film.height,
        film.fps,
        sound_rate=film.sound_rate,
        form=film.form,
        picture_bits=film.picture_bits,
        sound_bits=film.sound_bits,
    ) as writer:
        with ExitStack() as stack:
            coming = stack.enter_context(ahead(iter(pictures)))
            hearing = None if sound is None else stack.enter_context(writer.listening(sound))
            for number, picture in enumerate(coming):
                tell(number / film.frames)
                if isinstance(picture, np.ndarray):
                    writer.planes(picture)
                else:
                    writer.picture(picture)
                while hearing is not None and heard < film.samples(number + 1):
                    given = next(hearing, None)
                    if given is None:
                        break
                    heard += given
            heard += sum(hearing or ())
        if sound is not None and (missing := film.samples(film.frames) - heard) > 0:
            writer.sound(np.zeros((2, missing), dtype=np.float32))
    tell(1.0)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one clip's sound in its place in the film, positions in samples."""

    path: Path | None
    """None is silence."""
    start: Fraction | None
    """Time in the container of the first sample; None is where the sound begins."""
    begin: int
    end: int
    fade_in: int = 0
    fade_out: int = 0

    def gain(self, first: int, last: int) -> np.ndarray:
        """Return the factor for each sample of a part; two pieces that cross keep their power."""
        at = np.arange(first - self.begin, last - self.begin) + 0.5
        rising = np.clip(at / self.fade_in, 0, 1) if self.fade_in else np.ones_like(at)
        left = self.end - self.begin - at
        falling = np.clip(left / self.fade_out, 0, 1) if self.fade_out else np.ones_like(at)
        shape: np.ndarray = np.sin(rising * np.pi / 2) * np.sin(falling * np.pi / 2)
        return shape.astype(np.float32)


def assembled(pieces: list[Piece], rate: int) -> Iterator[Samples]:
    """Yield the sum of all pieces, stereo, in short blocks up to the last one's end."""
    coming = deque(sorted(pieces, key=lambda piece: piece.begin))
    total = max((piece.end for piece in coming), default=0)
    size = rate // 4
    sounding: list[tuple[Piece, SoundReader]] = []
    for at in range(0, total, size):
        block = np.zeros((2, min(size, total - at)), dtype=np.float32)
        end = at + block.shape[1]
        while coming and coming[0].begin < end:
            piece = coming.popleft()
            if piece.path is not None and piece.begin < piece.end:
                sounding.append((piece, SoundReader(piece.path, rate, 2, piece.start)))
        for piece, reader in sounding:
            first, last = max(at, piece.begin), min(end, piece.end)
            part = reader.take(last - first) * piece.gain(first, last)
            block[:, first - at : last - at] += part
        sounding = [each for each in sounding if each[0].end > end]
        yield block


def whole_sound(source: Source, film: Film) -> Iterator[Samples] | None:
    """Return the clip's own sound along its picture, or None for a silent film."""
    if not film.sound_rate or not source.sound_rate:
        return None
    piece = Piece(source.path, source.span.start, 0, film.samples(film.frames))
    return assembled([piece], film.sound_rate)
