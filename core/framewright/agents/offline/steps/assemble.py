"""From what is asked to steps: what "it" and "them" mean, and what follows what."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from framewright.agents.offline.clauses.intents import (
    Animate,
    BurnIn,
    Caption,
    Change,
    Effect,
    Music,
    Speak,
    Use,
    Write,
)
from framewright.agents.offline.script.shots import Shots
from framewright.agents.offline.steps.animatic import NOUNS, animatic
from framewright.agents.offline.steps.finish import finish
from framewright.agents.offline.steps.moving import length_of, move
from framewright.agents.offline.steps.own_files import (
    is_many,
    pictures_meant,
    take_rest,
    take_sound,
    use,
    without_names,
)
from framewright.agents.offline.steps.reshaping import more_shapes, reshape
from framewright.agents.offline.steps.rework import rework
from framewright.agents.offline.steps.room import asked_too_many, sounds_that_fit, steps_of_the_end
from framewright.agents.offline.steps.talking import talk, talking_shots
from framewright.agents.offline.steps.tools import apply_tool
from framewright.domain import refs
from framewright.domain.media import MediaKind
from framewright.domain.plan import Task

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framewright.agents.offline.clauses.settings import Whole
    from framewright.agents.offline.script.beats import Beat
    from framewright.agents.offline.steps.board import Board


def assemble(beats: Sequence[Beat], board: Board) -> None:
    """Add the steps for all beats to the board's draft, and bring the film together."""
    draft = board.draft
    beats = sounds_that_fit(beats, draft)
    draft.kept_free = steps_of_the_end(beats, board.whole)
    words, moves = _words_in_pictures(beats), _moves_pictures(beats, board.whole)
    beats = _made(beats, board, words, moves=moves)
    draft.notes.extend(
        "Only an animatic has shot names, time code and actions burnt in."
        for beat in beats
        if isinstance(beat, BurnIn)
    )
    take_sound(beats, board)
    take_rest(beats, board)
    reshape(beats, board)
    film = finish(beats, board.film, board.whole, board.draft, board.cast)
    for change in board.after:
        apply_tool(change, board, film)
    more_shapes(film, board)
    draft.note_left_out()
    named = {
        found.upload
        for step in board.draft.steps
        for _, text in refs.strings(step.inputs)
        if isinstance(found := refs.parse(text), refs.UploadRef)
    }
    board.draft.notes.extend(
        f"“{upload.name}” is not used."
        for upload in board.pool.uploads
        if upload.id not in named and f"$upload.{upload.id}" != film
    )


def _made(beats: Sequence[Beat], board: Board, words: str, *, moves: bool) -> Sequence[Beat]:
    """Add the steps of all that is seen; return the beats that are still to come."""
    talks = talking_shots(beats)
    left: tuple[Beat, ...] = tuple(beats)
    for number, beat in enumerate(beats):
        if isinstance(beat, Shots):
            lines = talks.get(number, ())
            if lines and talk(beat, lines, board):
                left = _without(left, lines)
                continue
            rest = animatic(beat, left, board) if beat.make.noun in NOUNS else None
            if rest is None:
                _shots(beat, board, words, moves=moves)
            left = left if rest is None else rest
        elif isinstance(beat, Speak):
            lines = talks.get(-1, ())
            if lines and beat is lines[0] and talk(None, lines, board):
                left = _without(left, lines)
        else:
            _work(beat, board)
    return left


def _work(beat: Beat, board: Board) -> None:
    """Add the steps of what is done to what is there."""
    if isinstance(beat, Animate):
        _animate(beat, board)
    elif isinstance(beat, Change):
        if board.draft.fits():
            rework(beat, board)
        else:
            board.draft.leave_out("change")
    elif isinstance(beat, Use):
        use(beat.phrase, board)
    elif isinstance(beat, Write):
        if board.draft.fits():
            board.draft.words(beat.prompt)
        else:
            board.draft.leave_out("text")


def _without(beats: tuple[Beat, ...], gone: Sequence[Beat]) -> tuple[Beat, ...]:
    return tuple(beat for beat in beats if not any(beat is each for each in gone))


def _shots(shots: Shots, board: Board, words: str, *, moves: bool) -> None:
    make = shots.make
    if not shots.listed and (note := asked_too_many(make, board.lexicon)):
        board.draft.notes.append(note)
    if make.kind == "model3d":
        _model(shots, board)
    elif not shots.listed and use(make.phrase, board):
        filmed = make.kind == "video" or make.seconds is not None or shots.cameras[0] is not None
        if filmed and board.pictures:
            move(board.pictures, make.seconds, shots.cameras[0], "", board)
            board.pictures = []
    elif make.kind == "image":
        _stills(shots, board, words, moves=moves)
    else:
        _clips(shots, board)


def _stills(shots: Shots, board: Board, words: str, *, moves: bool) -> None:
    draft, count = board.draft, len(shots.subjects)
    shape = board.lexicon.shapes.get(shots.make.noun)
    same = count > 1 and len(set(shots.subjects)) == 1
    written = f', with the words "{words}"' if words else ""
    if board.film.clips or board.pool.left(MediaKind.VIDEO):
        written = ""
    for number, subject in enumerate(shots.subjects, 1):
        if not draft.fits(1 + moves):
            draft.leave_out("image", count - number + 1)
            return
        if written and number == count:
            draft.notes.append(
                "The words are part of the picture's description: there is no film to set them on."
            )
        shown = f"{subject or 'an image'}{written}"
        if shots.make.noun in board.lexicon.sheets:
            made = draft.sheet(shown)
        else:
            made = draft.still(shown, shape=shape, variant=number if same else None)
        draft.promised += moves
        board.pictures.append((made, subject))


def _words_in_pictures(beats: Sequence[Beat]) -> str:
    """Return captions to write into pictures, where there will be no film to set them on."""
    if any(
        isinstance(beat, (Animate, Speak, Music, Effect))
        or (isinstance(beat, Shots) and beat.make.kind == "video")
        for beat in beats
    ):
        return ""
    return " ".join(beat.text for beat in beats if isinstance(beat, Caption) and beat.text)


def _moves_pictures(beats: Sequence[Beat], whole: Whole) -> bool:
    """Tell whether every picture becomes a clip too."""
    animated = [beat.phrase for beat in beats if isinstance(beat, Animate)]
    filmed = animated or any(
        isinstance(beat, Shots) and beat.make.kind == "video" for beat in beats
    )
    heard = whole.merge or any(isinstance(beat, (Speak, Music, Effect)) for beat in beats)
    return any(map(is_many, animated)) or (heard and not filmed)


def _clips(shots: Shots, board: Board) -> None:
    make = shots.make
    if board.pictures and not any(shots.subjects):
        move(board.pictures, make.seconds, shots.cameras[0], "", board)
        board.pictures = []
        return
    if board.film.clips and not any(shots.subjects) and make.count == 1:
        return
    many = len(shots.subjects) > 1
    board.film.apart |= many and not make.series and not board.whole.chain
    board.film.apart |= board.whole.apart
    same = many and len(set(shots.subjects)) == 1
    shape = board.lexicon.shapes.get(make.noun)
    for number, subject in enumerate(shots.subjects):
        if not board.draft.fits(2):  # A clip may need a still, or the last frame before it.
            board.draft.leave_out("clip", len(shots.subjects) - number)
            return
        seconds = length_of(shots.seconds[number], len(shots.subjects), make.total, board.whole)
        camera = shots.cameras[number] or board.whole.camera
        shown = subject or "a scene"
        if board.whole.chain and board.film.clips:
            frame = _last_frame(board)
            clip, length = board.draft.moving(frame, shown, seconds, camera, follows=True)
        else:
            variant = number + 1 if same else None
            clip, length = board.draft.scene(shown, seconds, camera, shape=shape, variant=variant)
        board.film.add_clip(clip, length)


def _last_frame(board: Board) -> str:
    source = {MediaKind.VIDEO: [board.film.clips[-1].reference]}
    return board.draft.utility("frame", "Last frame", Task.EXTRACT_FRAME, source, position="last")


def _animate(beat: Animate, board: Board) -> None:
    chosen = pictures_meant(beat.phrase, board)
    if any(
        motion := board.pool.named(beat.phrase, kind) for kind in (MediaKind.IMAGE, MediaKind.VIDEO)
    ):
        beat = replace(beat, motion=without_names(beat.motion, motion))
    if chosen:
        move(chosen, beat.seconds, beat.camera, beat.motion, board)
        board.pictures = [each for each in board.pictures if each not in chosen]
    elif beat.motion and not board.draft.fits(2):
        board.draft.leave_out("clip")
    elif beat.motion:
        seconds = length_of(beat.seconds, 1, False, board.whole)
        clip, length = board.draft.scene(beat.motion, seconds, beat.camera or board.whole.camera)
        board.film.add_clip(clip, length)
    elif not board.film.clips:
        board.draft.notes.append("There is no picture to animate.")


def _model(shots: Shots, board: Board) -> None:
    if not board.draft.fits():
        board.draft.leave_out("3D model")
        return
    own = use(shots.make.phrase, board) or not any(shots.subjects)
    source = board.pictures[-1][0] if own and board.pictures else None
    task = Task.TEXT_TO_3D if source is None else Task.IMAGE_TO_3D
    media = {} if source is None else {MediaKind.IMAGE: [source]}
    subject = shots.subjects[0]
    board.draft.made_from("model", f"3D model: {subject}".rstrip(": "), task, media, subject)
