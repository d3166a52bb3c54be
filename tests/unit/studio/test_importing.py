"""Imported models lie in the workspace's own catalog; imports at the same time keep each other."""

from __future__ import annotations

import asyncio
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from framewright import Studio
from framewright.studio.bare import catalog_of
from framewright.studio.importing import import_model
from vendor_schemas import CLIP, EFFECTS

if TYPE_CHECKING:
    from pathlib import Path


def test_an_open_studio_knows_them(tmp_path: Path) -> None:
    source = tmp_path / "clip.json"
    source.write_text(json.dumps(CLIP.document), "utf-8")
    made = import_model(tmp_path / "ws", CLIP.provider, CLIP.model, source)

    async def cards() -> dict[str, object]:
        async with Studio.open(tmp_path / "ws", providers={}) as studio:
            return dict(studio.catalog.cards)

    assert asyncio.run(cards())[CLIP.id] == made.card
    # Its provider has no key here.
    told = catalog_of(tmp_path / "ws").cards[CLIP.id]
    assert told == made.card.model_copy(update={"available": told.available})


def test_imports_at_the_same_time_keep_each_other(tmp_path: Path) -> None:
    source = tmp_path / "effects.json"
    source.write_text(json.dumps(EFFECTS.document), "utf-8")
    count = 8
    gate = threading.Barrier(count)

    def one(number: int) -> None:
        gate.wait()
        import_model(tmp_path / "ws", "fal", f"model-{number}", source)

    with ThreadPoolExecutor(count) as pool:
        list(pool.map(one, range(count)))
    known = catalog_of(tmp_path / "ws").cards
    assert {f"fal/model-{number}" for number in range(count)} <= known.keys()


def test_what_stands_beside_stays(tmp_path: Path) -> None:
    source = tmp_path / "effects.json"
    source.write_text(json.dumps(EFFECTS.document), "utf-8")
    file = tmp_path / "ws" / "catalog" / "fal.json"
    file.parent.mkdir(parents=True)
    entry = {"id": "fal/x", "kind": "text", "output": "text", "inputs_schema": {"x-more": [1]}}
    file.write_text(json.dumps({"note": "mine", "models": [entry]}), "utf-8")
    assert not import_model(tmp_path / "ws", "fal", "y", source).replaced
    kept = json.loads(file.read_text("utf-8"))
    assert kept["note"] == "mine"
    assert kept["models"][0] == entry
    assert import_model(tmp_path / "ws", "fal", "y", source).replaced
    assert len(json.loads(file.read_text("utf-8"))["models"]) == 2
