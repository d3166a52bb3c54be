"""Joining clips into one film, with hard cuts or transitions."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from typing import TYPE_CHECKING

from framewright.errors import MediaError
from framewright.media.join_copy import can_join
from framewright.media.limiter import tamed
from framewright.media.progress import rising
from framewright.media.render import RAMP_SECONDS, Film, Piece, assembled, render
from framewright.media.shape import Fit, checked_fit, even
from framewright.media.source import Source, examine, nearest, sound_rate_of, steady_pictures
from framewright.media.span import steady_rate
from framewright.media.stream_copy import Score, copy_with_sound
from framewright.media.transitions import Transition, between, checked_transition
from framewright.protocols import Tell, silent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from av.video.frame import VideoFrame

    from framewright.media.picture import Planes
    from framewright.media.sound_stream import Samples


_EXAMINED_AT_ONCE = 4


def merge(
    clips: Sequence[Path],
    target: Path,
    *,
    transition: str = "cut",
    transition_seconds: float = 0.5,
    size: tuple[int, int] | None = None,
    fps: Fraction | None = None,
    how: str = "contain",
    tell: Tell = silent,
) -> None:
    """Write one video of all clips in order, in a size and frame rate or in those of the first.

    Other shapes are fitted in. Each clip's sound is cut or filled up with silence to the length
    of its picture. With a transition, neighbours overlap for `transition_seconds`, and the film
    is that much shorter at each join. Pictures that are all of one kind already are not encoded
    again. Raises `MediaError` where a clip is too short for its transitions.
    """
    if not clips:
        message = "There is no clip to join."
        raise MediaError(message, action="Give at least one.")
    name = checked_transition(transition, transition_seconds)
    fit = checked_fit(how)
    tell = rising(tell)
    tell(0.0)
    with ThreadPoolExecutor(_EXAMINED_AT_ONCE) as pool:
        sources = list(pool.map(examine, clips))
    tell(0.0)
    rate = steady_rate(fps) if fps else sources[0].rate
    counts = [source.count(rate) for source in sources]
    overlap = 0 if name == "cut" else nearest(Fraction(transition_seconds) * rate)
    _check_room(sources, counts, overlap, rate)
    shape = (even(size[0]), even(size[1])) if size else sources[0].even_size
    length = sum(counts) - overlap * (len(counts) - 1)
    film = Film(*shape, rate, length, sound_rate_of(sources))
    sound = _sound(_pieces(sources, counts, overlap, film), film, overlap, tell)
    if not overlap and can_join(sources, film):
        places = [Fraction(sum(counts[:number])) / rate for number in range(len(counts))]
        score = Score(sound, film.sound_rate or 0, film.samples(film.frames)) if sound else None
        copy_with_sound(list(zip(sources, places, strict=True)), target, score, tell)
        return
    pictures = _pictures(sources, counts, overlap, film, name, fit)
    render(film, target, pictures, sound, tell)


def _sound(pieces: list[Piece], film: Film, overlap: int, tell: Tell) -> Iterator[Samples] | None:
    if not film.sound_rate:
        return None
    rate = film.sound_rate
    if not overlap:
        return assembled(pieces, rate)
    # Two clips at once may be louder than full scale; one alone is left as it is.
    return tamed(lambda: assembled(pieces, rate), 1.0, tell)


def _check_room(sources: list[Source], counts: list[int], overlap: int, fps: Fraction) -> None:
    for number, (source, count) in enumerate(zip(sources, counts, strict=True)):
        joins = (number > 0) + (number < len(counts) - 1)
        if overlap and joins and overlap * joins >= count + (joins == 2):
            frames = (count - (joins == 1)) // joins
            # Cut to hundredths, it is never rounded up to a frame too many.
            longest = frames / fps * 100 // 1 / 100
            message = (
                f"{source.path.name} is {float(count / fps):.2f} seconds long: too short for "
                f"{'transitions' if joins == 2 else 'a transition'} of {float(overlap / fps):g} s."
            )
            shorter = f"Use a transition of at most {float(longest):.2f} s."
            raise MediaError(message, action=shorter if longest else "Join it with cuts.")


def _pictures(
    sources: list[Source],
    counts: list[int],
    overlap: int,
    film: Film,
    transition: Transition,
    how: Fit,
) -> Iterator[VideoFrame | Planes]:
    size = (film.width, film.height)
    leaving: Iterator[VideoFrame] | None = None
    for number, (source, count) in enumerate(zip(sources, counts, strict=True)):
        coming = steady_pictures(source, size, film.fps, count, how=how)
        if leaving is not None:
            for step in range(1, overlap + 1):
                share = Fraction(step, overlap + 1)
                both = (next(leaving).to_ndarray(), next(coming).to_ndarray())
                yield between(transition, *both, share)
        rest = count - (overlap if number else 0) - (overlap if number < len(counts) - 1 else 0)
        for _ in range(rest):
            yield next(coming)
        leaving = coming


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
