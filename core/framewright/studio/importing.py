"""Takes a vendor's model into the catalog of a workspace, from what the vendor publishes of it."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from framewright.catalog.catalog import build_catalog, read_cards
from framewright.catalog.vendor.card import vendor_card
from framewright.domain.model_card import Source, SourceKind
from framewright.errors import InputError, NotFoundError
from framewright.protocols import Describes
from framewright.settings import load_settings
from framewright.store.locks import FileLock
from framewright.studio.catalogs import FOLDER, own_catalogs, read_json
from framewright.studio.installed_providers import close_all, installed_provider
from framewright.studio.plan_files import write_text
from framewright.studio.readiness import configure
from framewright.studio.workspace import prepare

if TYPE_CHECKING:
    from pathlib import Path

    from framewright.domain.media import MediaKind
    from framewright.domain.model_card import ModelCard


@dataclass(frozen=True, slots=True)
class ImportedModel:
    """What an import has brought."""

    card: ModelCard
    file: Path
    """The catalog file of the workspace that holds the card now."""
    replaced: bool
    """Whether a card of that id was there before."""


@dataclass(frozen=True, slots=True)
class RemovedModel:
    """What a removal has taken."""

    card: ModelCard
    files: tuple[Path, ...]
    """The catalog files of the workspace that held the card."""


def import_model(
    folder: Path,
    provider: str,
    model: str,
    source: Path,
    output: MediaKind | None = None,
    *,
    ask: bool = False,
) -> ImportedModel:
    """Write the card of a model into the workspace's own catalog, made where it is missing.

    `source` is a file with the vendor's OpenAPI document or JSON Schema, or what the provider
    reads instead, such as a ComfyUI workflow; `output` says what the model makes where that does
    not; `ask` has such a provider look up what it takes. Raises `NotFoundError` for a missing file,
    `InputError` for one that tells no inputs and `ProviderError` where the provider does not
    answer; then nothing has changed. Not to be called where an event loop runs.
    """
    document = read_json(source)
    reader = installed_provider(provider)
    if isinstance(reader, Describes):
        configure(load_settings(folder), {provider: reader})
        made = asyncio.run(_described(reader, model, document, output, ask=ask))
    elif ask:
        message = f"{provider} can not be asked what a model takes."
        raise InputError(message, action="Leave --server out: the file says it.")
    else:
        # A document tells what was so when it was written down, not when it is taken in.
        when = datetime.fromtimestamp(source.stat().st_mtime, UTC).date()
        from_file = Source(where=source.name, read=when, kind=SourceKind.VERBATIM)
        told = vendor_card(document, provider, model, output)
        made = told.model_copy(update={"source": from_file})
    return put_card(folder, build_catalog([made]).cards[made.id], provider)


def remove_model(folder: Path, model: str) -> RemovedModel:
    """Take a model out of the workspace's own catalog files, which keep whatever else they hold.

    Where a model of that id ships with Framewright, that one counts again. Raises `NotFoundError`
    for a model that is not in these files.
    """
    place = prepare(folder).folder
    lock = FileLock(place / ".locks" / "catalog.lock")
    lock.acquire()
    try:
        held = [(file, card) for file in own_catalogs(place) if (card := _take(model, file))]
    finally:
        lock.release()
    if not held:
        message = f"{model} is not in the catalog of {place}."
        action = "Only what was imported or put there can be removed; the rest is not used unasked."
        raise NotFoundError(message, action=action)
    return RemovedModel(held[-1][1], tuple(file for file, _ in held))


async def _described(
    reader: Describes, model: str, document: Any, output: MediaKind | None, *, ask: bool
) -> ModelCard:
    try:
        return await reader.describe(model, document, output, ask=ask)
    finally:
        await close_all([reader])


def put_card(folder: Path, card: ModelCard, name: str) -> ImportedModel:
    """Write a card into a catalog file of the workspace, in the place of one of the same id."""
    workspace = prepare(folder)
    file = workspace.folder / FOLDER / f"{name}.json"
    # Two imports at the same time must not lose one another's card.
    lock = FileLock(workspace.folder / ".locks" / "catalog.lock")
    lock.acquire()
    try:
        replaced = _put(card, file)
    finally:
        lock.release()
    return ImportedModel(card, file, replaced)


def _take(model: str, file: Path) -> ModelCard | None:
    """Write a catalog file without a model and return that; None where it is not in it."""
    document: Any = read_json(file)
    known = read_cards(document, file.name)
    taken = [card for card in known if card.id == model]
    if not taken:
        return None
    entries = document if isinstance(document, list) else document["models"]
    left = [entry for entry, card in zip(entries, known, strict=True) if card.id != model]
    if left or (isinstance(document, dict) and set(document) - {"models", "version"}):
        whole = left if isinstance(document, list) else {**document, "models": left}
        write_text(json.dumps(whole, indent=2, ensure_ascii=False) + "\n", file)
    else:
        file.unlink()
    return taken[-1]


def _put(card: ModelCard, file: Path) -> bool:
    document: Any = read_json(file) if file.exists() else {"models": []}
    # What is there has to be a catalog before it is written again; all else in it stays.
    known = read_cards(document, file.name)
    if isinstance(document, list):
        document = {"models": document}
    entry = card.model_dump(mode="json")
    at = next((at for at, other in enumerate(known) if other.id == card.id), None)
    entries = list(document["models"])
    if at is None:
        entries.append(entry)
    else:
        entries[at] = entry
    text = json.dumps({**document, "models": entries}, indent=2, ensure_ascii=False)
    write_text(text + "\n", file)
    return at is not None
