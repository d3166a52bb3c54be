"""Playing a video faster or slower; its sound keeps its pitch."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from framewright.errors import MediaError
from framewright.media.codecs import AudioFrame, FFmpegError, av
from framewright.media.render import Film, Piece, assembled, render
from framewright.media.source import Source, examine, nearest, sound_rate_of, steady_pictures
from framewright.protocols import Tell, silent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from framewright.media.sound_stream import Samples

SLOWEST, FASTEST = 0.1, 10.0
_STRETCH = 2.0
"""How far FFmpeg's `atempo` goes in one without leaving samples out."""


def change_speed(video: Path, target: Path, *, factor: float, tell: Tell = silent) -> None:
    """Write the video `factor` times as fast, at its own frame rate.

    Slower, frames are shown longer; faster, some are left out. Raises `MediaError` for a factor
    outside 0.1 to 10, and where nothing of the video would be left.
    """
    if not SLOWEST <= factor <= FASTEST:
        message = f"A video cannot be played {factor:g} times as fast."
        raise MediaError(message, action=f"Use a factor from {SLOWEST:g} to {FASTEST:g}.")
    tell(0.0)
    source = examine(video)
    fps, exact = source.rate, Fraction(factor).limit_denominator(1000)
    count = max(1, nearest(source.span.length * fps / exact))
    film = Film(*source.even_size, fps, count, sound_rate_of([source]))
    # On a clock that runs slower, the clip's frames lie further apart.
    pictures = steady_pictures(source, source.even_size, fps / exact, count)
    render(film, target, pictures, _sound(source, film, exact), tell)


def _sound(source: Source, film: Film, factor: Fraction) -> Iterator[Samples] | None:
    rate = film.sound_rate
    if not rate or not source.sound_rate:
        return None
    whole = nearest(source.span.length * rate)
    piece = Piece(source.path, source.span.start, 0, whole)
    return _cut(stretched(assembled([piece], rate), rate, factor), film.samples(film.frames))


def stretched(blocks: Iterable[Samples], rate: int, factor: Fraction) -> Iterator[Samples]:
    """Yield stereo sound `factor` times as fast and as high as before, by FFmpeg's `atempo`."""
    steps = max(1, math.ceil(abs(math.log(float(factor), _STRETCH)) - 1e-9))
    each = float(factor) ** (1 / steps)
    graph = av.filter.Graph()
    chain = [graph.add_abuffer(sample_rate=rate, format="fltp", layout="stereo", channels=2)]
    chain += [graph.add("atempo", f"{each:.9f}") for _ in range(steps)]
    chain += [graph.add("aformat", "sample_fmts=fltp"), graph.add("abuffersink")]
    for one, other in pairwise(chain):
        one.link_to(other)
    graph.configure()
    heard = 0
    for block in blocks:
        frame = AudioFrame.from_ndarray(
            np.ascontiguousarray(block, dtype=np.float32), format="fltp", layout="stereo"
        )
        frame.sample_rate, frame.pts = rate, heard
        heard += block.shape[1]
        graph.push(frame)
        yield from _pulled(graph)
    graph.push(None)
    yield from _pulled(graph)


def _pulled(graph: av.filter.Graph) -> Iterator[Samples]:
    while True:
        try:
            frame = graph.pull()
        except (FFmpegError, EOFError):
            return
        assert isinstance(frame, AudioFrame)
        yield frame.to_ndarray()


def _cut(blocks: Iterator[Samples], total: int) -> Iterator[Samples]:
    """Yield no more than so many samples."""
    for block in blocks:
        yield block[:, :total]
        total -= min(total, block.shape[1])
