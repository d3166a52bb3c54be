"""3D jobs: a thing of a prompt's words, and the subject of a picture, as models for viewers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from framewright.media.images import open_image
from framewright_providers.local.scene.words import read
from framewright_providers.local.solid.gltf import write_glb
from framewright_providers.local.solid.relief import relief, skin
from framewright_providers.local.solid.stuffs import pictured, stuff
from framewright_providers.local.solid.things import THINGS, sculpture

if TYPE_CHECKING:
    from pathlib import Path

    from framewright.protocols import Tell

_MADE_OF = {
    "wood": r"wood(?:en)?|oak|timber",
    "metal": r"metal(?:lic)?|steel|iron|gold(?:en)?|silver|brass|bronze|copper|chrome",
    "stone": r"stone|marble|granite|concrete|clay|terracotta",
    "ceramic": r"ceramic|porcelain|glazed|glass|plastic|glossy",
    "cloth": r"cloth|fabric|velvet|knitted|felt|leather",
}
_PICTURE_SIDE = 1024


def text_to_3d(inputs: dict[str, Any], seed: int, folder: Path, tell: Tell) -> Path:
    """Make a thing of a prompt."""
    prompt = str(inputs["prompt"])
    random = np.random.Generator(np.random.PCG64(seed))
    name = thing_of(prompt)
    colour = read(prompt).colour
    if name:
        _, usual, parts = THINGS[name]
        pieces = parts()
    else:
        usual, pieces = (0.62, 0.58, 0.52), sculpture(_noun(prompt))
    made_of = _made_of(prompt)
    made = []
    for number, (mesh, kind, own) in enumerate(pieces):
        tell(number / len(pieces))
        asked = own is None or (number == 0 and all(each[2] for each in pieces))
        tint = (colour or usual) if own is None else colour if asked and colour else own
        made.append((mesh, stuff((made_of or kind) if asked else kind, tint, random)))
    target = folder / "model.glb"
    write_glb(target, name or _noun(prompt) or "thing", made)
    return target


def image_to_3d(inputs: dict[str, Any], seed: int, folder: Path, tell: Tell) -> Path:
    """Make a body of a picture's subject."""
    del seed
    picture = open_image(inputs["image"].path)
    picture.thumbnail((_PICTURE_SIDE, _PICTURE_SIDE), Image.Resampling.LANCZOS)
    tell(0.2)
    mesh, _ = relief(picture)
    target = folder / "model.glb"
    write_glb(target, "subject", [(mesh, pictured(skin(picture)))])
    return target


def thing_of(prompt: str) -> str:
    """Return the first thing of `THINGS` that a prompt names; empty where it names none."""
    text = " " + " ".join(re.findall(r"[a-z-]+", prompt.lower()[:4_000])) + " "
    found = [
        (at, -len(word), name)
        for name, (words, _, _) in THINGS.items()
        for word in words
        for plural in ("", "s", "es")
        if (at := text.find(f" {word}{plural} ")) >= 0
    ]
    return min(found)[2] if found else ""


def solid_remarks(prompt: str) -> tuple[str, ...]:
    """Return a sentence where a plain form stands for a thing."""
    if thing_of(prompt):
        return ()
    noun = _noun(prompt)
    return (f"Previz has no 3D form of “{noun or prompt[:40]}”: a turned form stands for it.",)


def _noun(prompt: str) -> str:
    said = read(prompt)
    return said.thing or said.subject or ""


def _made_of(prompt: str) -> str | None:
    for kind, words in _MADE_OF.items():
        if re.search(rf"\b(?:{words})\b", prompt[:4_000], re.IGNORECASE):
            return kind
    return None
