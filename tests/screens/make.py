"""Make the contact sheets of `prompts.toml` anew: `.venv/bin/python tests/screens/make.py`.

Each becomes a JPEG beside this file. They are for people to look at, not compared by tests.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

from PIL import Image

from framewright_providers.local.scene.still import render_still
from framewright_providers.local.scene.turnaround import render_turnaround

HERE = Path(__file__).parent
CELL = (400, 225)
COLUMNS = 4
SHEET_OF = "Mara, a young woman with curly red hair in a green coat and a yellow scarf"


def contact_sheet(prompts: list[str]) -> Image.Image:
    """Return the stills of prompts in rows, the first with seed 1, the second with 2, and so on."""
    rows = -(-len(prompts) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * CELL[0], rows * CELL[1]))
    for number, prompt in enumerate(prompts):
        picture = Image.fromarray(render_still(prompt, seed=number + 1))
        small = picture.resize(CELL, Image.Resampling.LANCZOS)
        row, column = divmod(number, COLUMNS)
        sheet.paste(small, (column * CELL[0], row * CELL[1]))
    return sheet


def main(names: list[str]) -> None:
    """Write the sheets with these names, or all of them."""
    listed = tomllib.loads((HERE / "prompts.toml").read_text("utf-8"))["sheet"]
    for each in listed:
        if not names or each["name"] in names:
            made = contact_sheet(each["prompts"])
            made.save(HERE / f"{each['name']}.jpg", quality=82, optimize=True)
    if not names or "turnaround" in names:
        person = Image.fromarray(render_turnaround(SHEET_OF))
        person.resize((1200, 675), Image.Resampling.LANCZOS).save(
            HERE / "turnaround.jpg", quality=84
        )


if __name__ == "__main__":
    main(sys.argv[1:])
