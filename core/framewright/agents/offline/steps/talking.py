"""Faces that talk: a voice first, and a picture whose mouth follows it."""

# ruff: noqa: E501 - patterns: one meaning a line

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from framewright.agents.offline.clauses.intents import Speak
from framewright.agents.offline.script.shots import Shots
from framewright.agents.offline.steps.choose import (
    WORDS,
    choose,
    field_of,
    media_for,
    shape_for,
    words_for,
)
from framewright.agents.offline.steps.own_files import pictures_meant
from framewright.agents.offline.steps.voices import spoken_by
from framewright.catalog.ports import ports
from framewright.domain.media import MediaKind
from framewright.domain.plan import Task

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framewright.agents.offline.script.beats import Beat
    from framewright.agents.offline.steps.board import Board
    from framewright.domain.model_card import ModelCard

_TITLE = "Lips in time with the voice"
_SAYS_SO = re.compile(
    r"^(?:an? )?(?:lip-?sync(?:ed|hed)?|talking)(?: (?:video|clip|portrait|head|photo|picture|avatar"
    r"|face))* of |,? ?\b(?:lip-?sync(?:ed|hed)?|talking (?:portrait|head|photo|picture|avatar|face)"
    r"|(?:talks?|talking|speaks?|speaking|looks?|looking) (?:directly |straight )?(?:in)?to (?:the )?camera"
    r"(?: and)?)\b|(?<=\w) (?:video|clip)$",
    re.IGNORECASE,
)
"""What only says that somebody talks: no picture shows it."""


def talking_shots(beats: Sequence[Beat]) -> dict[int, list[Speak]]:
    """Return what is said to the camera, by the place of the picture that is to say it.

    -1 stands for what no picture of the brief says: then it is one that was given.
    """
    found: dict[int, list[Speak]] = {}
    at = -1
    for number, beat in enumerate(beats):
        if isinstance(beat, Shots) and beat.make.kind in {"image", "video"}:
            at = number if len(beat.subjects) == 1 else at
        elif isinstance(beat, Speak) and beat.on_lips and beat.text:
            found.setdefault(at, []).append(beat)
    return found


def talk(shots: Shots | None, lines: Sequence[Speak], board: Board) -> bool:
    """Add a voice and the face that speaks with it; False where there is neither face nor words.

    The face is drawn by the model for moving lips where it does that, else made before.
    """
    draft = board.draft
    card = choose(draft.catalog, Task.LIP_SYNC)
    subject = _SAYS_SO.sub("", shots.subjects[0]).strip(" ,") if shots is not None else ""
    own = board.pool.speaks_of(lines[0].phrase, MediaKind.IMAGE, board.lexicon)
    given = pictures_meant(lines[0].phrase, board) if own or not subject else []
    if card is None or not (subject or given or board.film.clips):
        return False
    voice = spoken_by(lines, subject, draft, board.cast)
    inputs: dict[str, Any] = media_for(card, draft.catalog, MediaKind.AUDIO, [voice])
    if given:
        inputs |= _shown(card, given[-1][0], subject, board)
        board.pictures = [each for each in board.pictures if each not in given]
    elif not subject:
        clip = board.film.clips.pop()
        inputs |= media_for(card, draft.catalog, MediaKind.VIDEO, [clip.reference])
    elif _draws(card):
        inputs |= words_for(card, draft.styled(subject)) | shape_for(
            card, board.whole.aspect or "16:9"
        )
    else:
        still = draft.still(f"portrait of {subject}, from the front, lips closed")
        inputs |= _shown(card, still, subject, board)
    made = draft.step("lips", f"{_TITLE}: {subject}".rstrip(": "), Task.LIP_SYNC, card, inputs)
    board.film.add_clip(made, 0.0)
    board.film.sounding = True
    return True


def _shown(card: ModelCard, picture: str, subject: str, board: Board) -> dict[str, Any]:
    """Return the input for a face; as a clip, where the model takes no picture."""
    catalog = board.draft.catalog
    if any(port.media is MediaKind.IMAGE for port in catalog.ports[card.id].values()):
        return media_for(card, catalog, MediaKind.IMAGE, [picture])
    clip, _ = board.draft.moving(picture, subject, 5.0, None)
    return media_for(card, catalog, MediaKind.VIDEO, [clip])


def _draws(card: ModelCard) -> bool:
    """Tell whether a model for moving lips draws the face itself, from words alone."""
    seen = {MediaKind.IMAGE, MediaKind.VIDEO}
    needs = any(port.required and port.media in seen for port in ports(card))
    return field_of(card, WORDS[:1]) is not None and not needs
