"""The tools of the cutting room on what is there: backwards, faster, looped, smaller."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from framewright.agents.offline.steps.film import Clip
from framewright.agents.offline.words.measures import plain_number
from framewright.domain.media import MediaKind
from framewright.domain.plan import Task
from framewright.errors import BriefError

if TYPE_CHECKING:
    from framewright.agents.offline.clauses.intents import Change
    from framewright.agents.offline.steps.board import Board

_BEST = re.compile(r"\bbest\b", re.IGNORECASE)
_MOST_FRAMES = 24
_TASKS = {
    "reverse": Task.REVERSE,
    "speed": Task.CHANGE_SPEED,
    "loop": Task.LOOP,
    "loudness": Task.NORMALIZE_LOUDNESS,
    "filmstrip": Task.FILMSTRIP,
    "waveform": Task.WAVEFORM,
    "proxy": Task.PROXY,
    "compress": Task.COMPRESS_IMAGE,
    "best": Task.EXTRACT_FRAME,
}
TOOLS = frozenset([*_TASKS, "longer"])
"""The changes that this module makes."""
_CHANGES_CLIP = frozenset({"reverse", "speed", "loop", "loudness"})
"""What takes the place of the clip it was made from."""
_TITLES = {
    "reverse": "Backwards",
    "loudness": "As loud as asked for",
    "filmstrip": "Filmstrip",
    "waveform": "Waveform",
    "proxy": "Proxy",
    "compress": "Compressed",
}
_WANTS = {
    MediaKind.VIDEO: "a video",
    MediaKind.AUDIO: "a sound",
    MediaKind.IMAGE: "an image",
}


def apply_tool(change: Change, board: Board, film: str | None = None) -> None:
    """Add the step for a tool, or refuse what no tool here can do to what is there.

    `film` is the finished film, for what is done to all of it. Where there are several clips or
    sounds to come, the tool waits for that: it is put by in `board.after`.
    """
    kinds = _kinds(change.what, board)
    source, seconds, own = (film, board.film.seconds, False) if film else ("", 0.0, False)
    kind = MediaKind.VIDEO
    if film is None:
        kind = _kind_meant(change, kinds, board)
        if kind is MediaKind.VIDEO and len(board.film.clips) > 1 and not _named(change, board):
            board.after.append(change)
            return
        if kind is MediaKind.VIDEO:
            clip = _clip(change, board)
            source, seconds, own = clip.reference, clip.seconds, clip.own
        else:
            source = _other(change, kind, board)
    made, length = _steps(change, kind, source, seconds, board)
    if film is None and kind is MediaKind.VIDEO:
        changed = change.what in _CHANGES_CLIP
        if changed:
            board.film.add_clip(made, length, own=own)
        elif not own:
            board.film.clips.append(Clip(source, seconds, own))
    if change.what in {"filmstrip", "waveform", "compress", "best"}:
        board.pictures.append((made, ""))
        board.shown.add(made)
    elif film is None and kind is MediaKind.AUDIO:
        board.film.give(made)


def _steps(
    change: Change, kind: MediaKind, source: str, seconds: float, board: Board
) -> tuple[str, float]:
    """Add the step, or one for each picture; return the last, and how long it is."""
    what, values, length = change.what, change.values, seconds
    wanted: dict[str, Any] = {}
    title = _TITLES.get(what, "")
    if what == "speed":
        factor = float(values["factor"])
        wanted, title = {"factor": plain_number(factor)}, f"At {factor:g} times the speed"
        length = round(seconds / factor, 3)
    elif what == "loop":
        length = float(values.get("seconds", 0)) or seconds * float(values["times"])
        if not length:
            raise BriefError(
                "How long the looped video is to be is not known.",
                action="Say it in seconds: “loop it to 20 seconds”.",
            )
        wanted, title = {"seconds": plain_number(length)}, f"Looped to {length:g} s"
    elif what == "loudness" and "lufs" in values:
        wanted = {"lufs": plain_number(float(values["lufs"]))}
    elif what == "proxy" and "rows" in values:
        wanted = {"rows": int(values["rows"])}
    elif what == "filmstrip" and "count" in values:
        wanted = {"count": int(values["count"])}
    elif what == "compress":
        wanted = {"max_bytes": int(values["bytes"])} if "bytes" in values else {}
        wanted |= {"format": values["format"]} if "format" in values else {}
    if what == "best":
        return _best(int(values.get("count", 1)), source, board), length
    name = what if what in {"filmstrip", "waveform", "proxy", "loop", "reverse"} else _NAMES[what]
    return board.draft.worked(name, title, _TASKS[what], kind, source, wanted), length


_NAMES = {"speed": "speed", "loudness": "loudness", "compress": "compressed"}


def _best(count: int, source: str, board: Board) -> str:
    made = ""
    count = min(count, _MOST_FRAMES)
    for rank in range(1, count + 1):
        wanted = {"rank": rank} if count > 1 else {}
        title = "Best frame" if rank == 1 else f"Best frame, no. {rank}"
        made = board.draft.worked(
            "frame", title, Task.EXTRACT_FRAME, MediaKind.VIDEO, source, wanted, _BEST
        )
        if rank < count:
            board.pictures.append((made, ""))
            board.shown.add(made)
    return made


def _kinds(what: str, board: Board) -> list[MediaKind]:
    """Return the kinds of files that models here do this to; refuse what none does."""
    if what == "longer" and not any(
        upload.kind is MediaKind.VIDEO for upload in board.pool.uploads
    ):
        raise BriefError("There is no video to make longer.", action="Give it: --upload FILE.")
    if what == "longer":
        raise BriefError(
            "No model here makes a given video longer.",
            action="“Loop it to 20 seconds” repeats it; “play it at half speed” slows it down.",
        )
    purpose = _BEST if what == "best" else None
    order = (MediaKind.VIDEO, MediaKind.AUDIO, MediaKind.IMAGE)
    kinds = [kind for kind in order if board.draft.tool(_TASKS[what], kind, purpose)]
    if not kinds:
        raise BriefError(f"No available model does {_TASKS[what]}.")
    return kinds


def _kind_meant(change: Change, kinds: list[MediaKind], board: Board) -> MediaKind:
    """Return the kind of file that is meant among those the tools take."""
    pool = board.pool
    told = [kind for kind in MediaKind if pool.speaks_of(change.phrase, kind, board.lexicon)]
    there = {MediaKind.VIDEO: bool(board.film.clips), MediaKind.IMAGE: bool(board.pictures)}
    if told and not set(told) & set(kinds):
        wants, task = _WANTS[kinds[0]], _TASKS[change.what]
        raise BriefError(
            f"{task} takes {wants}, and “{change.phrase}” is about {_WANTS.get(told[0], told[0])}.",
            action=f"Give {wants}: --upload FILE.",
        )
    for kind in [*(each for each in told if each in kinds), *kinds]:
        if kind in told or there.get(kind) or pool.left(kind):
            return kind
    wants = " or ".join(_WANTS[kind] for kind in kinds)
    raise BriefError(
        f"There is nothing to do this to: “{change.phrase}” needs {wants}.",
        action=f"Give {wants}: --upload FILE.",
    )


def _named(change: Change, board: Board) -> bool:
    return bool(board.pool.speaks_of(change.phrase, MediaKind.VIDEO, board.lexicon))


def _clip(change: Change, board: Board) -> Clip:
    """Take the clip that is meant out of the film, or the one that was given."""
    named = board.pool.speaks_of(change.phrase, MediaKind.VIDEO, board.lexicon)
    fresh = [each for each in named if each.id not in board.pool.used]
    if board.film.clips and not fresh:
        return board.film.clips.pop()
    left = fresh or board.pool.left(MediaKind.VIDEO)
    return Clip(board.pool.take(left[0]), left[0].seconds or 0.0, own=True)


def _other(change: Change, kind: MediaKind, board: Board) -> str:
    named = board.pool.speaks_of(change.phrase, kind, board.lexicon)
    fresh = [each for each in named if each.id not in board.pool.used]
    if kind is MediaKind.IMAGE and board.pictures and not fresh:
        return board.pictures.pop()[0]
    left = fresh or board.pool.left(kind) or named
    return board.pool.take(left[0])
