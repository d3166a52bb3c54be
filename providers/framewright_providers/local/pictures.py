"""Picture jobs: stills."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PIL import Image

from framewright_providers.local.scene.note import Note, note_of, write_noted
from framewright_providers.local.scene.still import render_still

if TYPE_CHECKING:
    from pathlib import Path

    from framewright.protocols import Tell


def still(inputs: dict[str, Any], seed: int, folder: Path, tell: Tell) -> Path:
    """Render a still."""
    sheets = tuple(
        held.prompt
        for given in inputs.get("characters") or ()
        if (held := note_of(given.path)) is not None and held.sheet
    )
    note = Note(str(inputs["prompt"]), seed, inputs["aspect_ratio"], sheets)
    picture = render_still(
        note.prompt, aspect_ratio=note.aspect_ratio, seed=seed, sheets=sheets, tell=tell
    )
    target = folder / "still.png"
    write_noted(Image.fromarray(picture), note, target)
    return target
