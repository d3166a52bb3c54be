"""Words set on a film: when each is shown, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from framewright.agents.offline.steps.choose import literal
from framewright.agents.offline.words.measures import plain_number
from framewright.domain.media import MediaKind
from framewright.domain.plan import Task

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framewright.agents.offline.clauses.intents import Caption
    from framewright.agents.offline.steps.draft import Draft
    from framewright.agents.offline.steps.film import Film

TITLE_SECONDS = 3.0


def set_words(
    picture: str, captions: Sequence[Caption], spoken: str, film: Film, draft: Draft, *, last: bool
) -> str:
    """Add a step for each caption and return the picture with all of them.

    `spoken` is what captions without words of their own show; `last` tells that nothing else
    is done to the film behind this.
    """
    ends = [caption.seconds or TITLE_SECONDS for caption in captions if caption.when == "end"]
    film.card_seconds = max(ends, default=0.0)
    free = [caption for caption in captions if not _placed(caption, film)]
    cards = [caption for caption in free if caption.when]
    if not cards and len({caption.position for caption in captions}) == 1:
        # Words in one place would lie over each other.
        cards = free
    for number, caption in enumerate(captions, 1):
        times = _placed(caption, film) or _in_turn(cards, caption, film)
        is_last = last and number == len(captions)
        picture = _captioned(picture, caption, spoken, film, draft, times, last=is_last)
    return picture


def _placed(caption: Caption, film: Film) -> dict[str, Any]:
    """Return from when to when a caption is shown whose moment or scene the brief names."""
    return _at_moment(caption, film) or _in_scene(caption, film)


def _at_moment(caption: Caption, film: Film) -> dict[str, Any]:
    if caption.start is None or (film.seconds and caption.start >= film.seconds):
        return {}
    end = caption.until
    if end is None and caption.seconds is not None:
        end = caption.start + caption.seconds
    if end is not None and film.seconds and end >= film.seconds:
        end = None
    times = {"start_seconds": caption.start, "end_seconds": end}
    return {name: plain_number(seconds) for name, seconds in times.items() if seconds}


def _in_scene(caption: Caption, film: Film) -> dict[str, Any]:
    """Return from when to when a caption is shown that belongs to one scene."""
    span = film.scene(caption.scene)
    if span is None:
        return {}
    start, stop = span
    end = min(stop, film.seconds - film.card_seconds)
    times = {
        "start_seconds": plain_number(start),
        "end_seconds": plain_number(stop if end <= start else end),
    }
    return {name: seconds for name, seconds in times.items() if seconds}


def _in_turn(cards: list[Caption], caption: Caption, film: Film) -> dict[str, Any]:
    """Return when a card of several is shown: one after the other, the last one at the end."""
    cards = sorted(cards, key=lambda card: card.when == "end")
    at = next((number for number, card in enumerate(cards) if card is caption), None)
    if at is None or len(cards) < 2 or not film.seconds:
        return {}
    slot = film.seconds / len(cards)
    length = min(caption.seconds or TITLE_SECONDS, slot)
    start = film.seconds - length if at == len(cards) - 1 else at * slot
    if caption.when == "end":
        return {"start_seconds": plain_number(start)}
    times = {"start_seconds": plain_number(start), "end_seconds": plain_number(start + length)}
    return {name: seconds for name, seconds in times.items() if name == "end_seconds" or start}


def _captioned(
    picture: str,
    caption: Caption,
    spoken: str,
    film: Film,
    draft: Draft,
    turn: dict[str, Any],
    *,
    last: bool,
) -> str:
    words = caption.text or spoken
    more: dict[str, Any] = {"text": literal(words), "position": caption.position}
    length = caption.seconds or TITLE_SECONDS
    if turn:
        more |= turn
    elif caption.when == "end" and not film.seconds:
        draft.notes.append("How long the film is shows only later: the words stand all the time.")
    elif caption.when == "end":
        more["start_seconds"] = plain_number(max(0.0, film.seconds - length))
    elif (caption.when == "start" or caption.seconds) and not 0 < film.seconds <= length:
        more["end_seconds"] = plain_number(length)
    name, title = ("film", "Film") if last else ("caption", f"Words: {words}")
    return draft.utility(name, title, Task.CAPTION, {MediaKind.VIDEO: [picture]}, **more)
