"""Sets pictures in motion: which clip follows from which, and how long each is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.agents.offline.script.script import LONGEST_SCENE
from framewright.agents.offline.steps.board import USUAL_SECONDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framewright.agents.offline.clauses.settings import Whole
    from framewright.agents.offline.steps.board import Board


def length_of(seconds: float | None, count: int, total: bool, whole: Whole) -> float:
    """Return how long each of several clips is, from what was said of one or of all."""
    fades = whole.fade_seconds * (count - 1) if whole.crossfade else 0.0
    if seconds is not None and not (count > 1 and (total or seconds > LONGEST_SCENE)):
        return seconds
    if whole.each is not None and seconds is None:
        return whole.each
    together = seconds if seconds is not None else whole.seconds
    return USUAL_SECONDS if together is None else round((together + fades) / count, 3)


def move(
    chosen: Sequence[tuple[str, str]],
    seconds: float | None,
    camera: str | None,
    motion: str,
    board: Board,
) -> None:
    """Add a clip for each of these pictures, given as reference and subject."""
    board.moved = True
    for number, (reference, subject) in enumerate(tuple(chosen)):
        board.draft.promised = max(0, board.draft.promised - 1)
        if not board.draft.fits():
            board.draft.leave_out("clip", len(chosen) - number)
            return
        words = ", ".join(part for part in (subject, motion) if part)
        length = length_of(seconds, len(chosen), False, board.whole)
        clip, given = board.draft.moving(reference, words, length, camera or board.whole.camera)
        board.film.add_clip(clip, given)
