"""Joining clips into one film, with hard cuts or crossfades."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from framewright.errors import MediaError
from framewright.media.limiter import tamed
from framewright.media.picture import Planes, blend
from framewright.media.render import RAMP_SECONDS, Film, Piece, assembled, render
from framewright.media.source import Source, examine, nearest, sound_rate_of, steady_planes
from framewright.protocols import Tell, silent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


def merge(
    clips: Sequence[Path],
    target: Path,
    *,
    transition: Literal["cut", "crossfade"] = "cut",
    transition_seconds: float = 0.5,
    tell: Tell = silent,
) -> None:
    """Write one video of all clips in order, in the size and frame rate of the first one.

    Other shapes get black bars. Each clip's sound is cut or filled up with silence to the length
    of its picture. With `crossfade`, neighbours overlap for `transition_seconds`, and the film is
    that much shorter at each join. Raises `MediaError` where a clip is too short for it.
    """
    if not clips:
        message = "There is no clip to join."
        raise MediaError(message, action="Give at least one.")
    sources = []
    for path in clips:
        tell(0.0)
        sources.append(examine(path))
    fps = sources[0].rate
    counts = [source.count(fps) for source in sources]
    overlap = _overlap(transition, transition_seconds, fps)
    _check_room(sources, counts, overlap, fps)
    film = Film(
        *sources[0].even_size,
        fps,
        sum(counts) - overlap * (len(counts) - 1),
        sound_rate_of(sources),
    )
    pieces = _pieces(sources, counts, overlap, film)
    sound = None
    if film.sound_rate:
        rate = film.sound_rate
        sound = assembled(pieces, rate)
        if overlap:
            # Two clips at once may be louder than full scale; one alone is left as it is.
            sound = tamed(lambda: assembled(pieces, rate), 1.0, tell)
    render(film, target, _pictures(sources, counts, overlap, film), sound, tell)


def _overlap(transition: str, seconds: float, fps: Fraction) -> int:
    if transition == "cut":
        return 0
    if transition != "crossfade":
        message = f"There is no transition called {transition!r}."
        raise MediaError(message, action="Use cut or crossfade.")
    if not 0 <= seconds <= 60:
        message = f"A transition of {seconds:g} seconds is not possible."
        raise MediaError(message, action="Give 0 to 60 seconds.")
    return nearest(Fraction(seconds) * fps)


def _check_room(sources: list[Source], counts: list[int], overlap: int, fps: Fraction) -> None:
    for number, (source, count) in enumerate(zip(sources, counts, strict=True)):
        joins = (number > 0) + (number < len(counts) - 1)
        if overlap and joins and overlap * joins >= count + (joins == 2):
            longest = float((count - (joins == 1)) / joins / fps)
            message = (
                f"{source.path.name} is {float(count / fps):.2f} seconds long: too short for "
                f"{'crossfades' if joins == 2 else 'a crossfade'} of {float(overlap / fps):g} s."
            )
            raise MediaError(message, action=f"Use a transition of at most {longest:.2f} s.")


def _pictures(
    sources: list[Source], counts: list[int], overlap: int, film: Film
) -> Iterator[Planes]:
    size = (film.width, film.height)
    leaving: Iterator[Planes] | None = None
    for number, (source, count) in enumerate(zip(sources, counts, strict=True)):
        coming = steady_planes(source, size, film.fps, count)
        if leaving is not None:
            yield from _crossed(leaving, coming, overlap)
        rest = count - (overlap if number else 0) - (overlap if number < len(counts) - 1 else 0)
        for _ in range(rest):
            yield next(coming)
        leaving = coming


def _crossed(leaving: Iterator[Planes], coming: Iterator[Planes], overlap: int) -> Iterator[Planes]:
    for step in range(1, overlap + 1):
        yield blend(next(leaving), next(coming), Fraction(step, overlap + 1))


def _pieces(sources: list[Source], counts: list[int], overlap: int, film: Film) -> list[Piece]:
    ramp = round((film.sound_rate or 0) * RAMP_SECONDS)
    fade = film.samples(overlap) if overlap else ramp
    pieces, at = [], 0
    for number, (source, count) in enumerate(zip(sources, counts, strict=True)):
        begin, end = film.samples(at), film.samples(at + count)
        pieces.append(
            Piece(
                source.path if source.sound_rate else None,
                source.span.start,
                begin,
                end,
                fade_in=fade if number else 0,
                fade_out=fade if number < len(counts) - 1 else 0,
            )
        )
        at += count - overlap
    return pieces
