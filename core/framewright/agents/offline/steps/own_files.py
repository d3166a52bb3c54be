"""Places the files a person gave: in the film, under it, or as what is to be moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.agents.offline.clauses.intents import (
    Caption,
    Effect,
    Music,
    Speak,
)
from framewright.agents.offline.steps.film import Track
from framewright.agents.offline.steps.moving import move
from framewright.domain.media import MediaKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framewright.agents.offline.script.beats import Beat
    from framewright.agents.offline.steps.board import Board
    from framewright.domain.upload import Upload


_PLURAL = frozenset(
    {
        "them",
        "each",
        "all",
        "these",
        "those",
        "both",
        "images",
        "photos",
        "pictures",
        "stills",
        "every",
    }
)


def without_names(motion: str, uploads: Sequence[Upload]) -> str:
    """Return how something moves, without the names of the files that do."""
    for upload in uploads:
        motion = motion.replace(upload.name, "")
    return motion.strip(" ,.")


def pictures_meant(phrase: str, board: Board) -> list[tuple[str, str]]:
    """Return the pictures a phrase speaks of, each with its subject."""
    own = board.pool.speaks_of(phrase, MediaKind.IMAGE, board.lexicon)
    if own and not (
        board.pictures and not board.pool.named(phrase, MediaKind.IMAGE) and _is_the(phrase)
    ):
        return [(board.pool.take(upload), "") for upload in own]
    many = is_many(phrase)
    if board.pictures:
        one = board.lexicon.patterns["which_one"].search(phrase)
        place = board.lexicon.ordinals[one["number"].lower()] if one else 0
        if 0 < place <= len(board.pictures):
            return [board.pictures[place - 1]]
        return board.pictures if many else board.pictures[-1:]
    left = board.pool.left(MediaKind.IMAGE)
    return [(board.pool.take(upload), "") for upload in board.pool.of(left, phrase)]


def _is_the(phrase: str) -> bool:
    """Tell whether it says "the image", which is the one just made, and not "my image"."""
    return " my " not in f" {phrase.lower()} " and " our " not in f" {phrase.lower()} "


def use(phrase: str, board: Board) -> bool:
    """Take the uploads a phrase speaks of; tell whether there were any."""
    found = False
    for kind in (MediaKind.IMAGE, MediaKind.VIDEO, MediaKind.AUDIO):
        for upload in board.pool.speaks_of(phrase, kind, board.lexicon):
            found = True
            if upload.id not in board.pool.used:
                _place(upload, phrase, board)
    return found


def _place(upload: Upload, phrase: str, board: Board) -> None:
    reference = board.pool.take(upload)
    if upload.kind is MediaKind.IMAGE:
        board.pictures.append((reference, ""))
    elif upload.kind is MediaKind.VIDEO:
        board.film.add_clip(reference, upload.seconds or 0.0, own=True)
    else:
        words = f"{phrase} {upload.name}".lower()
        speaks = any(word in words for word in ("voice", "narrat", "speech", "spoken"))
        board.film.given.append(Track("voice" if speaks else "given", reference))


def take_sound(beats: Sequence[Beat], board: Board) -> None:
    """Let sounds that are asked for as "my song" be the ones that were given."""
    for beat in beats:
        if isinstance(beat, Music):
            for upload in board.pool.speaks_of(f"{beat.prompt}", MediaKind.AUDIO, board.lexicon):
                _place(upload, beat.prompt, board)


def take_rest(beats: Sequence[Beat], board: Board) -> None:
    """Use what was given and not named, where the brief needs such a thing."""
    film, pool = board.film, board.pool
    needs = board.whole.merge or any(
        isinstance(beat, (Speak, Music, Effect, Caption)) for beat in beats
    )
    if not film.clips and (needs or pool.left(MediaKind.AUDIO)):
        for upload in pool.left(MediaKind.VIDEO):
            _place(upload, "", board)
    if not film.clips and not board.pictures and needs and not board.whole.audio_only:
        for upload in pool.left(MediaKind.IMAGE):
            _place(upload, "", board)
    sounds = bool(pool.left(MediaKind.AUDIO)) or any(
        isinstance(beat, (Speak, Music, Effect)) for beat in beats
    )
    board.pictures = [each for each in board.pictures if each[0] not in board.shown]
    given = any(reference.startswith("$upload.") for reference, _ in board.pictures)
    wanted = (
        sounds or board.whole.merge or (given and any(isinstance(beat, Caption) for beat in beats))
    )
    if board.pictures and not film.clips and wanted:
        board.draft.notes.append("A picture has no sound and no length, so it became a clip.")
        move(board.pictures, None, None, "", board)
        board.pictures = []
    for upload in pool.left(MediaKind.AUDIO) if film.clips or film.given or sounds else []:
        _place(upload, "", board)


def is_many(phrase: str) -> bool:
    """Tell whether a phrase means several: "them", "each", "the photos"."""
    return bool(_PLURAL & set(phrase.lower().replace(",", " ").split()))
