"""Picture jobs on pictures that are there: edits, enlarging; and character sheets."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from framewright.errors import MediaError
from framewright.media.colours import on_white
from framewright.media.guards import MAX_PIXELS
from framewright.media.images import open_image, write_png
from framewright_providers.local.progress import within
from framewright_providers.local.scene.grade import graded
from framewright_providers.local.scene.note import Note, note_of, write_noted
from framewright_providers.local.scene.remarks import remarks
from framewright_providers.local.scene.reshape import (
    asks_for_shape,
    enlarged,
    extends,
    ratio_in,
    reshaped,
)
from framewright_providers.local.scene.revise import not_there, revised
from framewright_providers.local.scene.still import SIZES, draw_still
from framewright_providers.local.scene.turnaround import render_turnaround
from framewright_providers.local.scene.words import read

if TYPE_CHECKING:
    from pathlib import Path

    from framewright.protocols import Tell


def edit(inputs: dict[str, Any], seed: int, folder: Path, tell: Tell) -> Path:
    """Change a picture in words: our own stills are drawn anew, others graded and reshaped."""
    source, instruction = inputs["image"].path, str(inputs["prompt"])
    target = folder / "edited.png"
    note = note_of(source)
    if note is not None and not note.sheet:
        shape = _shape(instruction) if extends(instruction) else None
        if shape is not None or not asks_for_shape(instruction):
            _redrawn(note, instruction, shape, target, tell)
            return target
    image = on_white(open_image(source))
    tell(0.2)
    image = reshaped(image, instruction)
    words = replace(read(instruction), setting="meadow")
    made, _ = graded(np.asarray(image), instruction, words, seed)
    write_png(Image.fromarray(made), target)
    tell(1.0)
    return target


def _shape(instruction: str) -> str | None:
    """Return the shape an instruction names, where stills come in it."""
    ratio = ratio_in(instruction)
    name = f"{ratio[0]}:{ratio[1]}" if ratio else ""
    return name if name in SIZES else None


def _redrawn(note: Note, instruction: str, shape: str | None, target: Path, tell: Tell) -> None:
    prompt = note.prompt if shape else revised(note.prompt, instruction)
    new = replace(note, prompt=prompt, aspect_ratio=shape or note.aspect_ratio)
    drawn = draw_still(
        new.prompt, aspect_ratio=new.aspect_ratio, seed=new.seed, sheets=new.cast, tell=tell
    )
    write_noted(Image.fromarray(drawn.pixels), replace(new, mouth=drawn.mouth), target)


def edit_remarks(instruction: str, source: Path) -> tuple[str, ...]:
    """Return what a person should know of an edit: how it was done, and what it could not do."""
    note = note_of(source)
    if note is not None and not note.sheet:
        return _redrawn_remarks(note, instruction)
    said = ["This is no previz still: it was graded and filtered, and nothing in it drawn anew."]
    if extends(instruction):
        said = ["The added edges mirror the picture and are blurred: previz invents nothing there."]
    tiny = np.zeros((4, 4, 3), np.uint8)
    words = replace(read(instruction), setting="meadow")
    known = asks_for_shape(instruction) or graded(tiny, instruction, words, 0)[1]
    if not known:
        said = ["Previz understood nothing of this edit: the photograph is as it was."]
    return tuple(said)


def _redrawn_remarks(note: Note, instruction: str) -> tuple[str, ...]:
    """Return what a still that is drawn anew does not show of its edit."""
    if extends(instruction) and _shape(instruction) is not None:
        return ()
    if asks_for_shape(instruction):
        return ()
    prompt = revised(note.prompt, instruction)
    if missing := not_there(note.prompt, instruction):
        return (f"There is no “{missing}” among the words this picture was drawn from: it stays.",)
    if prompt == note.prompt or read(prompt) == read(note.prompt):
        return (f"Previz knows nothing in “{instruction}” that it could draw: the picture stays.",)
    before = set(remarks(note.prompt))
    return tuple(each for each in remarks(prompt) if each not in before)


def upscale(inputs: dict[str, Any], seed: int, folder: Path, tell: Tell) -> Path:
    """Enlarge a picture."""
    del seed
    image = open_image(inputs["image"].path)
    scale = float(inputs["scale"])
    if image.width * image.height * scale * scale > MAX_PIXELS:
        message = f"{image.width}x{image.height} enlarged {scale:g} times has too many pixels."
        raise MediaError(message, action=f"Stay below {MAX_PIXELS // 10**6} million pixels.")
    tell(0.2)
    target = folder / "enlarged.png"
    write_png(enlarged(image, scale), target)
    return target


def character(inputs: dict[str, Any], seed: int, folder: Path, tell: Tell) -> Path:
    """Draw a character's turnaround sheet, which stills take as a reference."""
    prompt = str(inputs["prompt"])
    picture = render_turnaround(prompt, within(tell, 0.0, 0.9))
    tell(0.9)
    target = folder / "character.png"
    write_noted(Image.fromarray(picture), Note(prompt, seed, sheet=True), target)
    return target
