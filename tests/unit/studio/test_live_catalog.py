"""An open studio sees models that come and go, also by other processes, without being reopened."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import TYPE_CHECKING

import pytest

from framewright import Studio, StudioSync
from framewright.domain.media import MediaKind
from framewright.domain.plan import Task
from framewright.errors import NotFoundError
from framewright.protocols import FakeProvider, Lack
from framewright.studio.importing import import_model, remove_model
from vendor_schemas import CLIP, EFFECTS

if TYPE_CHECKING:
    from pathlib import Path


def _file(folder: Path) -> Path:
    source = folder / "effects.json"
    source.write_text(json.dumps(EFFECTS.document), "utf-8")
    return source


def test_models_come_and_go_while_it_is_open(tmp_path: Path) -> None:
    source = _file(tmp_path)

    async def work() -> None:
        async with Studio.open(tmp_path / "ws", providers={}) as studio:
            before = studio.catalog
            told = studio.capabilities()
            assert studio.catalog is before
            assert studio.capabilities() is told
            assert EFFECTS.id not in before.cards
            # As another process does it.
            made = import_model(tmp_path / "ws", "fal", EFFECTS.model, source)
            assert studio.catalog.cards[EFFECTS.id] == made.card
            assert EFFECTS.id in {card.id for card in studio.models(Task.TEXT_TO_SOUND)}
            assert studio.capabilities() is not told
            doable = {each.task: each.models for each in studio.capabilities().doable}
            assert doable[Task.TEXT_TO_SOUND] == (EFFECTS.id,)
            held = studio.catalog
            remove_model(tmp_path / "ws", EFFECTS.id)
            assert EFFECTS.id not in studio.catalog.cards
            # What works with the one of before goes on with it.
            assert EFFECTS.id in held.cards

    asyncio.run(work())


def test_the_plain_form_does_the_same(tmp_path: Path) -> None:
    source = _file(tmp_path)
    with StudioSync.open(tmp_path / "ws", providers={}) as studio:
        made = studio.import_model("fal", EFFECTS.model, source, MediaKind.AUDIO)
        assert made.card in studio.models(Task.TEXT_TO_SOUND)
        assert "text-to-sound" in studio.capabilities().words.splitlines()[0]
        assert studio.remove_model(EFFECTS.id).card == made.card
        assert made.card not in studio.models()
        with pytest.raises(NotFoundError, match="is not in the catalog"):
            studio.remove_model(EFFECTS.id)


def test_a_file_that_becomes_wrong_changes_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    source = _file(tmp_path)
    made = import_model(tmp_path / "ws", "fal", EFFECTS.model, source)

    async def work() -> None:
        async with Studio.open(tmp_path / "ws", providers={}) as studio:
            made.file.write_text("{", "utf-8")
            with caplog.at_level(logging.WARNING):
                assert EFFECTS.id in studio.catalog.cards
                assert EFFECTS.id in studio.catalog.cards
            told = [each for each in caplog.messages if "stay as they were" in each]
            assert len(told) == 1
            made.file.write_text('{"models": []}', "utf-8")
            assert EFFECTS.id not in studio.catalog.cards

    asyncio.run(work())


class Locked(FakeProvider):
    """Works once somebody has set its key."""

    open: bool = False

    def lacks(self) -> Lack | None:
        return None if self.open else Lack("There is no key.", "Set it.")


def test_a_key_that_is_set_meanwhile_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRAMEWRIGHT_CONFIG_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    provider = Locked(name="fal")

    async def work() -> None:
        async with Studio.open(tmp_path / "ws", providers={"fal": provider}) as studio:
            assert not studio.catalog.cards["fal/fal-ai/flux/schnell"].available
            provider.open = True
            (tmp_path / "home" / "keys.json").write_text('{"keyring": ["fal"]}', "utf-8")
            assert studio.catalog.cards["fal/fal-ai/flux/schnell"].available

    asyncio.run(work())


def test_a_removal_keeps_what_stands_beside(tmp_path: Path) -> None:
    source = _file(tmp_path)
    import_model(tmp_path / "ws", "fal", "one", source)
    import_model(tmp_path / "ws", "fal", "two", source)
    file = tmp_path / "ws" / "catalog" / "fal.json"
    clip = tmp_path / "clip.json"
    clip.write_text(json.dumps(CLIP.document), "utf-8")
    beside = import_model(tmp_path / "ws", "other", CLIP.model, clip).file
    kept = beside.read_bytes()
    gone = remove_model(tmp_path / "ws", "fal/one")
    assert (gone.card.id, gone.files) == ("fal/one", (file,))
    assert [each["id"] for each in json.loads(file.read_text("utf-8"))["models"]] == ["fal/two"]
    assert beside.read_bytes() == kept
    remove_model(tmp_path / "ws", "fal/two")
    assert not file.exists()
    document = {"note": "mine", "models": [json.loads(kept)["models"][0]]}
    beside.write_text(json.dumps(document), "utf-8")
    remove_model(tmp_path / "ws", f"other/{CLIP.model}")
    assert json.loads(beside.read_text("utf-8")) == {"note": "mine", "models": []}
