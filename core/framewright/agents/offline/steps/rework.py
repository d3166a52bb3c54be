"""Changes to media that are there, whether given or just made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from framewright.agents.offline.steps.choose import SCALE, choose, figure_for
from framewright.agents.offline.steps.film import Clip
from framewright.agents.offline.steps.own_files import is_many
from framewright.agents.offline.steps.tools import TOOLS, apply_tool
from framewright.agents.offline.words.measures import plain_number
from framewright.domain.media import MediaKind
from framewright.domain.plan import Task

if TYPE_CHECKING:
    from framewright.agents.offline.clauses.intents import Change
    from framewright.agents.offline.steps.board import Board

_WHOLE_DAY = 86_400.0
"""An end no video reaches: trimming goes to where the video ends."""
_NOTHING = {
    "trim": "There is no video to trim.",
    "extract": "There is no video to take a frame from.",
    "resize": "There is nothing to resize.",
    "upscale": "There is no image to enlarge.",
    "edit": "There is no image to change.",
    "describe": "There is no image to describe.",
    "transcribe": "There is no recording to write down.",
    "3d": "There is no image to make a 3D model of.",
}


def rework(change: Change, board: Board) -> None:
    """Add the step for a change, or note that there is nothing to change."""
    if change.what in TOOLS:
        apply_tool(change, board)
        return
    done = _DOERS[change.what](change, board)
    if not done and change.what in _NOTHING:
        board.draft.notes.append(_NOTHING[change.what])


def _clip(change: Change, board: Board) -> Clip | None:
    """Take the clip that is meant out of the film: the one named, or the last."""
    named = board.pool.speaks_of(change.phrase, MediaKind.VIDEO, board.lexicon)
    if not named and not board.film.clips and not board.pictures:
        named = board.pool.left(MediaKind.VIDEO)[:1]
    if named and (named[0].id not in board.pool.used):
        return Clip(board.pool.take(named[0]), named[0].seconds or 0.0, own=True)
    return board.film.clips.pop() if board.film.clips else None


def _image(change: Change, board: Board) -> tuple[str, str] | None:
    """Take the image that is meant: the one named, the last made, or the one given."""
    named = board.pool.speaks_of(change.phrase, MediaKind.IMAGE, board.lexicon)
    if named and named[0].id not in board.pool.used:
        return board.pool.take(named[0]), ""
    if board.pictures:
        return board.pictures.pop()
    left = board.pool.left(MediaKind.IMAGE)
    return (board.pool.take(left[0]), "") if left else None


def _trim(change: Change, board: Board) -> bool:
    clip = _clip(change, board)
    if clip is None:
        return False
    start = float(change.values.get("start", 0.0))
    end = float(change.values.get("end", clip.seconds if clip.seconds > start else _WHOLE_DAY))
    made = board.draft.utility(
        "trim",
        f"Trim: {start:g} s to the end" if end == _WHOLE_DAY else f"Trim: {start:g} to {end:g} s",
        Task.TRIM,
        {MediaKind.VIDEO: [clip.reference]},
        start_seconds=plain_number(start),
        end_seconds=plain_number(end),
    )
    length = 0.0 if end == _WHOLE_DAY else end - start
    board.film.add_clip(made, length, own=clip.own)
    return True


def _extract(change: Change, board: Board) -> bool:
    clip = _clip(change, board)
    if clip is None:
        return False
    source = {MediaKind.VIDEO: [clip.reference]}
    if (at := change.values.get("time")) is not None:
        seconds = plain_number(float(at))
        title = f"Frame at {seconds} s"
        made = board.draft.utility("frame", title, Task.EXTRACT_FRAME, source, time_seconds=seconds)
    else:
        which = str(change.values.get("position", "first"))
        title = f"{which.title()} frame"
        made = board.draft.utility("frame", title, Task.EXTRACT_FRAME, source, position=which)
    if not clip.own or board.whole.merge:
        # Where all is to be joined, the clip the frame comes from is part of it.
        board.film.clips.append(clip)
    board.pictures.append((made, ""))
    return True


def _resize(change: Change, board: Board) -> bool:
    width, height = change.values.get("width"), change.values.get("height")
    wanted: dict[str, Any] = {"fit": change.values.get("fit", "contain")}
    if width and height:
        wanted |= {"width": int(float(width)), "height": int(float(height))}
        title = f"Resize to {wanted['width']} x {wanted['height']}"
    else:
        wanted["aspect_ratio"] = board.whole.aspect or "16:9"
        title = f"Resize to {wanted['aspect_ratio']}"
    wants_image = board.pool.speaks_of(change.phrase, MediaKind.IMAGE, board.lexicon)
    clip = None if wants_image else _clip(change, board)
    if clip is not None:
        made = board.draft.resized(MediaKind.VIDEO, clip.reference, title, wanted)
        board.film.add_clip(made, clip.seconds, own=clip.own)
        return True
    image = _image(change, board)
    if image is not None:
        made = board.draft.resized(MediaKind.IMAGE, image[0], title, wanted)
        board.pictures.append((made, image[1]))
    return image is not None


def _upscale(change: Change, board: Board) -> bool:
    image = _image(change, board)
    if image is None:
        return False
    source = {MediaKind.IMAGE: [image[0]]}
    more: dict[str, Any] = {}
    card = choose(board.draft.catalog, Task.UPSCALE)
    if card is not None and "factor" in change.values:
        asked = float(change.values["factor"])
        more, given = figure_for(card, SCALE, asked)
        if not more:
            board.draft.notes.append(f"{card.id} takes no factor: it enlarges as it does.")
        elif abs(given - asked) > 0.01:
            board.draft.notes.append(f"{card.id} enlarges {given:g} times, not {asked:g}.")
    made = board.draft.made_from("upscale", "Enlarged", Task.UPSCALE, source, "", **more)
    board.pictures.append((made, image[1]))
    return True


def _edit(change: Change, board: Board) -> bool:
    if is_many(change.phrase) and len(board.pictures) > 1:
        chosen, board.pictures = board.pictures, []
        prompt = str(change.values.get("prompt", ""))
        board.pictures = [
            (board.draft.still(prompt, each), shown or prompt) for each, shown in chosen
        ]
        return True
    image = _image(change, board)
    if image is None:
        return False
    prompt = str(change.values.get("prompt", ""))
    if "keep" in change.values:
        board.pictures.append(image)
        prompt = ", ".join(part for part in (image[1], prompt) if part)
        if choose(board.draft.catalog, Task.IMAGE_TO_IMAGE) is None and image[1]:
            # Nothing here changes a picture: the same words with others beside them come near.
            board.pictures.append((board.draft.still(prompt), prompt))
            return True
    shown = prompt if "keep" in change.values else image[1] or prompt
    board.pictures.append((board.draft.still(prompt, image[0]), shown))
    return True


def _model(change: Change, board: Board) -> bool:
    image = _image(change, board)
    if image is not None:
        source = {MediaKind.IMAGE: [image[0]]}
        board.draft.made_from("model", "3D model", Task.IMAGE_TO_3D, source, "")
    return image is not None


def _describe(change: Change, board: Board) -> bool:
    image = _image(change, board)
    if image is not None:
        source = {MediaKind.IMAGE: [image[0]]}
        board.draft.made_from("text", "Description", Task.IMAGE_TO_TEXT, source, "")
    return image is not None


def _transcribe(change: Change, board: Board) -> bool:
    del change
    left = board.pool.left(MediaKind.AUDIO)
    if left:
        source = {MediaKind.AUDIO: [board.pool.take(left[0])]}
        board.draft.made_from("text", "Transcript", Task.SPEECH_TO_TEXT, source, "")
    return bool(left)


def _replace_sound(change: Change, board: Board) -> bool:
    del change
    board.film.replace_sound = True
    return True


_DOERS = {
    "trim": _trim,
    "extract": _extract,
    "resize": _resize,
    "upscale": _upscale,
    "edit": _edit,
    "3d": _model,
    "describe": _describe,
    "transcribe": _transcribe,
    "replace-sound": _replace_sound,
}
