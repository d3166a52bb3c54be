"""From what is asked to steps: what "it" and "them" mean, and what follows what."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from framewright.agents.offline.board import USUAL_SECONDS
from framewright.agents.offline.film import Track
from framewright.agents.offline.finish import finish
from framewright.agents.offline.intents import (
    Animate,
    Caption,
    Change,
    Effect,
    Music,
    Speak,
    Use,
    Write,
)
from framewright.agents.offline.rework import rework
from framewright.agents.offline.room import asked_too_many, sounds_that_fit, steps_of_the_end
from framewright.agents.offline.script import LONGEST_SCENE
from framewright.agents.offline.shots import Shots
from framewright.domain import refs
from framewright.domain.media import MediaKind
from framewright.domain.plan import Task

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framewright.agents.offline.board import Board
    from framewright.agents.offline.script import Beat
    from framewright.agents.offline.settings import Whole
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


def assemble(beats: Sequence[Beat], board: Board) -> None:
    """Add the steps for all beats to the board's draft, and bring the film together."""
    draft = board.draft
    beats = sounds_that_fit(beats, draft)
    draft.kept_free = steps_of_the_end(beats, board.whole)
    words, moves = _words_in_pictures(beats), _moves_pictures(beats, board.whole)
    for beat in beats:
        if isinstance(beat, Shots):
            _shots(beat, board, words, moves=moves)
        elif isinstance(beat, Animate):
            _animate(beat, board)
        elif isinstance(beat, Change):
            if draft.fits():
                rework(beat, board)
            else:
                draft.leave_out("change")
        elif isinstance(beat, Use):
            _use(beat.phrase, board)
        elif isinstance(beat, Write):
            if draft.fits():
                draft.words(beat.prompt)
            else:
                draft.leave_out("text")
    _take_sound(beats, board)
    _take_rest(beats, board)
    _reshape(beats, board)
    film = finish(beats, board.film, board.whole, board.draft, board.lexicon)
    _lips(beats, board)
    _more_shapes(film, board)
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


def _shots(shots: Shots, board: Board, words: str, *, moves: bool) -> None:
    make = shots.make
    if not shots.listed and (note := asked_too_many(make, board.lexicon)):
        board.draft.notes.append(note)
    if make.kind == "model3d":
        _model(shots, board)
    elif not shots.listed and _use(make.phrase, board):
        filmed = make.kind == "video" or make.seconds is not None or shots.cameras[0] is not None
        if filmed and board.pictures:
            _move(board.pictures, make.seconds, shots.cameras[0], "", board)
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
    return any(map(_is_many, animated)) or (heard and not filmed)


def _clips(shots: Shots, board: Board) -> None:
    make = shots.make
    if board.pictures and not any(shots.subjects):
        _move(board.pictures, make.seconds, shots.cameras[0], "", board)
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
        seconds = _length(shots.seconds[number], len(shots.subjects), make.total, board.whole)
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


def _length(seconds: float | None, count: int, total: bool, whole: Whole) -> float:
    """Return how long each of several clips is, from what was said of one or of all."""
    fades = whole.fade_seconds * (count - 1) if whole.crossfade else 0.0
    if seconds is not None and not (count > 1 and (total or seconds > LONGEST_SCENE)):
        return seconds
    if whole.each is not None and seconds is None:
        return whole.each
    together = seconds if seconds is not None else whole.seconds
    return USUAL_SECONDS if together is None else round((together + fades) / count, 3)


def _animate(beat: Animate, board: Board) -> None:
    chosen = _pictures_meant(beat.phrase, board)
    if any(
        motion := board.pool.named(beat.phrase, kind) for kind in (MediaKind.IMAGE, MediaKind.VIDEO)
    ):
        beat = replace(beat, motion=_without_names(beat.motion, motion))
    if chosen:
        _move(chosen, beat.seconds, beat.camera, beat.motion, board)
        board.pictures = [each for each in board.pictures if each not in chosen]
    elif beat.motion and not board.draft.fits(2):
        board.draft.leave_out("clip")
    elif beat.motion:
        seconds = _length(beat.seconds, 1, False, board.whole)
        clip, length = board.draft.scene(beat.motion, seconds, beat.camera or board.whole.camera)
        board.film.add_clip(clip, length)
    elif not board.film.clips:
        board.draft.notes.append("There is no picture to animate.")


def _without_names(motion: str, uploads: Sequence[Upload]) -> str:
    for upload in uploads:
        motion = motion.replace(upload.name, "")
    return motion.strip(" ,.")


def _pictures_meant(phrase: str, board: Board) -> list[tuple[str, str]]:
    own = board.pool.speaks_of(phrase, MediaKind.IMAGE, board.lexicon)
    if own and not (
        board.pictures and not board.pool.named(phrase, MediaKind.IMAGE) and _is_the(phrase)
    ):
        return [(board.pool.take(upload), "") for upload in own]
    many = _is_many(phrase)
    if board.pictures:
        one = board.lexicon.patterns["which_one"].search(phrase)
        place = board.lexicon.ordinals[one["number"].lower()] if one else 0
        if 0 < place <= len(board.pictures):
            return [board.pictures[place - 1]]
        return board.pictures if many else board.pictures[-1:]
    left = board.pool.left(MediaKind.IMAGE)
    return [(board.pool.take(upload), "") for upload in board.pool.of(left, phrase)]


def _is_many(phrase: str) -> bool:
    return bool(_PLURAL & set(phrase.lower().replace(",", " ").split()))


def _is_the(phrase: str) -> bool:
    """Tell whether it says "the image", which is the one just made, and not "my image"."""
    return " my " not in f" {phrase.lower()} " and " our " not in f" {phrase.lower()} "


def _move(
    chosen: Sequence[tuple[str, str]],
    seconds: float | None,
    camera: str | None,
    motion: str,
    board: Board,
) -> None:
    board.moved = True
    for number, (reference, subject) in enumerate(tuple(chosen)):
        board.draft.promised = max(0, board.draft.promised - 1)
        if not board.draft.fits():
            board.draft.leave_out("clip", len(chosen) - number)
            return
        words = ", ".join(part for part in (subject, motion) if part)
        length = _length(seconds, len(chosen), False, board.whole)
        clip, given = board.draft.moving(reference, words, length, camera or board.whole.camera)
        board.film.add_clip(clip, given)


def _use(phrase: str, board: Board) -> bool:
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


def _take_sound(beats: Sequence[Beat], board: Board) -> None:
    """Let sounds that are asked for as "my song" be the ones that were given."""
    for beat in beats:
        if isinstance(beat, Music):
            for upload in board.pool.speaks_of(f"{beat.prompt}", MediaKind.AUDIO, board.lexicon):
                _place(upload, beat.prompt, board)


def _take_rest(beats: Sequence[Beat], board: Board) -> None:
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
    given = any(reference.startswith("$upload.") for reference, _ in board.pictures)
    wanted = (
        sounds or board.whole.merge or (given and any(isinstance(beat, Caption) for beat in beats))
    )
    if board.pictures and not film.clips and wanted:
        board.draft.notes.append("A picture has no sound and no length, so it became a clip.")
        _move(board.pictures, None, None, "", board)
        board.pictures = []
    for upload in pool.left(MediaKind.AUDIO) if film.clips or film.given or sounds else []:
        _place(upload, "", board)


def _reshape(beats: Sequence[Beat], board: Board) -> None:
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


def _more_shapes(film: str | None, board: Board) -> None:
    """Give the finished film, or the last picture, in the other shapes that are wanted."""
    kind = MediaKind.IMAGE if film is None else MediaKind.VIDEO
    source = film or (board.pictures[-1][0] if board.pictures else None)
    for shape in board.whole.also if source else ():
        board.draft.resized(
            kind, str(source), f"In {shape}", {"aspect_ratio": shape, "fit": "cover"}
        )


def _model(shots: Shots, board: Board) -> None:
    if not board.draft.fits():
        board.draft.leave_out("3D model")
        return
    own = _use(shots.make.phrase, board) or not any(shots.subjects)
    source = board.pictures[-1][0] if own and board.pictures else None
    task = Task.TEXT_TO_3D if source is None else Task.IMAGE_TO_3D
    media = {} if source is None else {MediaKind.IMAGE: [source]}
    subject = shots.subjects[0]
    board.draft.made_from("model", f"3D model: {subject}".rstrip(": "), task, media, subject)


def _lips(beats: Sequence[Beat], board: Board) -> None:
    """Move the lips of who speaks, where that was asked for."""
    if not any(isinstance(beat, Speak) and beat.on_lips and beat.text for beat in beats):
        return
    voice = next(step.id for step in board.draft.steps if step.id.startswith("voice"))
    media = {MediaKind.AUDIO: [f"${voice}.output"]}
    if board.film.clips:
        media[MediaKind.VIDEO] = [board.film.clips[-1].reference]
    elif board.pictures:
        media[MediaKind.IMAGE] = [board.pictures[-1][0]]
    board.draft.made_from("lips", "Lips in time with the voice", Task.LIP_SYNC, media, "")
