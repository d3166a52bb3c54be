"""Picture jobs: stills."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PIL import Image

from framewright_providers.local.scene.note import Note, note_of, write_noted
from framewright_providers.local.scene.still import draw_still

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
    drawn = draw_still(
        note.prompt, aspect_ratio=note.aspect_ratio, seed=seed, sheets=sheets, tell=tell
    )
    target = folder / "still.png"
    write_noted(Image.fromarray(drawn.pixels), replace(note, mouth=drawn.mouth), target)
    return target
