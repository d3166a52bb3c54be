"""What an imported model is for, where inputs and output alone do not tell.

Lip-sync takes and makes what other video models do, and a voice that is cloned takes a recording
as sound models do: there the vendor's own words decide.
"""

from __future__ import annotations

import re
from typing import Any

from framewright.catalog.ports import media_of
from framewright.catalog.task import takes_words
from framewright.domain.media import MediaKind
from framewright.domain.plan import StepKind, Task

_KINDS = {
    MediaKind.IMAGE: StepKind.IMAGE,
    MediaKind.VIDEO: StepKind.VIDEO,
    MediaKind.AUDIO: StepKind.AUDIO,
    MediaKind.MODEL3D: StepKind.MODEL3D,
    MediaKind.TEXT: StepKind.TEXT,
}
_LIP_SYNC = re.compile(
    r"lip-?_?sync|latent-?sync|wav2lip|sad-?talker|muse-?talk|talking|retalk|avatar|omni-?human"
    r"|speech-to-video|\bs2v\b"
)
_SPEECH = re.compile(
    r"\btts\b|text.to.speech|\bspeech\b|\bspeak(?:s|er|ers|ing)?\b|\bspoken\b|synthesi[sz]e"
    r"|voice.?clon|clon\w* (?:a |the )?voice|narrat"
)
_NO_SPEECH = re.compile(r"sound.?effects?|\bsfx\b|foley|music|\bsongs?\b|lyrics?|melod")
_UTILITIES = {
    "extract-frame": (Task.EXTRACT_FRAME, MediaKind.IMAGE),
    "merge-videos": (Task.MERGE_VIDEOS, MediaKind.VIDEO),
    "trim-video": (Task.TRIM, MediaKind.VIDEO),
    "merge-audio-video": (Task.MUX_AUDIO, MediaKind.VIDEO),
}


def purpose(
    model: str, about: str, fields: dict[str, dict[str, Any]], made: MediaKind
) -> tuple[StepKind, Task | None]:
    """Return the kind of step a model is for, and its task where its vendor's words tell it."""
    name = model.lower()
    media = {found[0] for each in fields.values() if (found := media_of(each)) is not None}
    if made is MediaKind.VIDEO and _LIP_SYNC.search(name):
        return StepKind.LIPSYNC, Task.LIP_SYNC
    task, output = _UTILITIES.get(name.rsplit("/", 1)[-1], (None, None))
    if task is not None and output is made and media:
        return _KINDS[made], task
    if made is MediaKind.AUDIO and media <= {MediaKind.AUDIO} and _speaks(name, about, fields):
        return StepKind.AUDIO, Task.TEXT_TO_SPEECH
    return _KINDS[made], None


def _speaks(name: str, about: str, fields: dict[str, dict[str, Any]]) -> bool:
    if not takes_words(fields):
        return False
    if _NO_SPEECH.search(f"{name} {about}".lower()):
        return False
    told = [name.replace("_", " "), about, *(_told(field, each) for field, each in fields.items())]
    return _SPEECH.search(" ".join(told).lower()) is not None


def _told(name: str, schema: dict[str, Any]) -> str:
    choices = " ".join(str(each) for each in schema.get("enum", ())[:40])
    words = f"{name} {schema.get('description', '')} {choices}"
    return words.replace("_", " ")
