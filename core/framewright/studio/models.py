"""The models of a workspace: which there are, what can be made with them, taking in, taking out."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from framewright.studio.importing import import_model, remove_model

if TYPE_CHECKING:
    from framewright.catalog.catalog import Catalog
    from framewright.catalog.summary import Summary
    from framewright.domain.media import MediaKind
    from framewright.domain.model_card import ModelCard
    from framewright.domain.plan import Task
    from framewright.studio.importing import ImportedModel, RemovedModel
    from framewright.studio.live_catalog import LiveCatalog
    from framewright.studio.workspace import Workspace


class Models:
    """The part of a studio that knows models."""

    workspace: Workspace
    _catalogs: LiveCatalog

    @property
    def catalog(self) -> Catalog:
        """The catalog as its files are now."""
        return self._catalogs.now()

    def card(self, model: str) -> ModelCard | None:
        """Return the card of a model as the catalog has it now."""
        return self.catalog.cards.get(model)

    def models(self, task: Task | None = None) -> tuple[ModelCard, ...]:
        """Return the models this workspace knows, or those that do a task."""
        return tuple(card for card in self.catalog.cards.values() if task in {None, card.task})

    def capabilities(self) -> Summary:
        """Return what can be made here, task by task; made once for each state of the catalog."""
        return self.catalog.summary

    async def import_model(
        self, provider: str, model: str, source: Path | str, output: MediaKind | None = None
    ) -> ImportedModel:
        """Take a vendor's model into the workspace's catalog, from a file that describes it."""
        folder = self.workspace.folder
        return await asyncio.to_thread(import_model, folder, provider, model, Path(source), output)

    async def remove_model(self, model: str) -> RemovedModel:
        """Take a model out of the workspace's own catalog."""
        return await asyncio.to_thread(remove_model, self.workspace.folder, model)
