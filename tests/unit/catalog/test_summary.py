"""What can be made here stands in few words, and what could be, with whom."""

from __future__ import annotations

from framewright.catalog.catalog import Catalog, build_catalog
from framewright.domain.model_card import ModelCard

IMAGE = {"format": "media-ref", "x-media": "image"}


def _card(name: str, task: str | None, *, available: bool = True, needs: bool = True) -> ModelCard:
    fields = {"image": IMAGE, "prompt": {"type": "string"}}
    schema = {"properties": fields, "required": ["image"] if needs else []}
    entry = {"id": name, "kind": "video", "output": "video", "inputs_schema": schema}
    return ModelCard.model_validate({**entry, "task": task, "available": available})


def test_says_what_there_is_and_what_there_is_not() -> None:
    cards = [_card(f"here/{n}", "image-to-video") for n in range(5)]
    cards.insert(1, _card("here/v:" + "a1" * 32, "image-to-video"))
    cards += [_card("far/v", "video-to-video", available=False)]
    cards += [_card("off/v", "video-to-video", available=False)]
    cards += [_card("far/move", "image-to-video", available=False), _card("far/x", None)]
    cards += [_card("here/a", "lip-sync"), _card("here/b", "lip-sync", needs=False)]
    catalog = Catalog(build_catalog(cards).cards, {"far": "Set FAR_KEY.", "other": "Set OTHER."})
    made = catalog.summary
    lines = made.words.splitlines()
    assert lines[0] == ("image-to-video (needs image): here/0, here/v, here/1, here/2 and 2 more")
    assert lines[1] == "lip-sync: here/a, here/b"
    assert lines[2].startswith("Nothing here does: text-to-image, ")
    assert "video-to-video (would with far or off)" in lines[2]
    assert len(lines) == 3
    assert made.wants == {"far": "Set FAR_KEY."}
    assert catalog.summary is made
