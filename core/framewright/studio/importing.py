"""Takes a vendor's model into the catalog of a workspace, from what the vendor publishes of it."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from framewright.catalog.catalog import build_catalog, read_cards
from framewright.catalog.vendor.card import vendor_card
from framewright.errors import InputError
from framewright.protocols import Describes
from framewright.settings import load_settings
from framewright.store.locks import FileLock
from framewright.studio.catalogs import FOLDER, read_json
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
        made = vendor_card(document, provider, model, output)
    return put_card(folder, build_catalog([made]).cards[made.id], provider)


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
