"""Brings what a person gave, and the finished film, into the shapes that are wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.agents.offline.clauses.intents import (
    Change,
)
from framewright.domain.media import MediaKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framewright.agents.offline.script.beats import Beat
    from framewright.agents.offline.steps.board import Board


def reshape(beats: Sequence[Beat], board: Board) -> None:
    """Bring clips the person gave into the shape that was asked for."""
    shape = board.whole.aspect
    if shape is None or any(isinstance(beat, Change) and beat.what == "resize" for beat in beats):
        return
    for number, clip in enumerate(board.film.clips):
        if clip.own and board.draft.fits():
            made = board.draft.resized(
                MediaKind.VIDEO,
                clip.reference,
                f"Resize to {shape}",
                {"aspect_ratio": shape, "fit": "cover"},
            )
            board.film.clips[number] = type(clip)(made, clip.seconds, clip.own)
    for number, (reference, subject) in enumerate(board.pictures):
        if reference.startswith("$upload.") and board.draft.fits():
            made = board.draft.resized(
                MediaKind.IMAGE,
                reference,
                f"Resize to {shape}",
                {"aspect_ratio": shape, "fit": "cover"},
            )
            board.pictures[number] = (made, subject)


def more_shapes(film: str | None, board: Board) -> None:
    """Give the finished film, or the last picture, in the other shapes that are wanted."""
    kind = MediaKind.IMAGE if film is None else MediaKind.VIDEO
    source = film or (board.pictures[-1][0] if board.pictures else None)
    for shape in board.whole.also if source else ():
        board.draft.resized(
            kind, str(source), f"In {shape}", {"aspect_ratio": shape, "fit": "cover"}
        )
