"""What there is in a workspace, for people and programs that look on."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from framewright.domain.run import RunState
from framewright.errors import NotFoundError
from framewright.store import assets, runs
from framewright.studio.summary import RunSummary, StoredAsset, UploadSummary

if TYPE_CHECKING:
    from framewright.store.blobs import Blobs
    from framewright.store.database import Database
    from framewright.store.runs import RunRecord
    from framewright.studio.conductor import Conductor
    from framewright.studio.workspace import Workspace


class Lists:
    """The part of a studio that only looks."""

    workspace: Workspace
    _tenant: str
    _database: Database
    _blobs: Blobs
    _conductor: Conductor

    async def runs(
        self, most: int = 100, before: tuple[int, str] | None = None
    ) -> tuple[RunSummary, ...]:
        """Return the newest runs, newest first.

        `before` is the `created_ms` and id of the last one of the page before, here and in all
        lists.
        """
        from framewright.store.library import list_runs

        place, tenant = self.workspace.place, self._tenant
        found = await asyncio.to_thread(list_runs, place, tenant, most, before)
        return tuple([RunSummary.of(each, live=await self._is_live(each)) for each in found])

    async def is_interrupted(self, run: str) -> bool:
        """Tell whether a run was left unfinished by a process that ended: `resume` goes on."""
        record = await self._record(run)
        return record.state is RunState.RUNNING and not await self._is_live(record)

    async def _is_live(self, record: RunRecord) -> bool:
        running = record.state is RunState.RUNNING
        return running and await asyncio.to_thread(self._conductor.is_live, record.id)

    async def assets(
        self, most: int = 1_000, before: tuple[int, str] | None = None
    ) -> tuple[StoredAsset, ...]:
        """Return the newest assets with where they came from, newest first."""
        return await self._assets(most, before, None)

    async def asset(self, asset: str) -> StoredAsset:
        """Return one asset, named by its hash; raises `NotFoundError`."""
        found = await self._assets(1, None, asset)
        if not found:
            message = f"There is no asset {asset[:64]} in {self.workspace.folder}."
            raise NotFoundError(message, action="`framewright assets` lists them.")
        return found[0]

    async def _assets(
        self, most: int, before: tuple[int, str] | None, asset: str | None
    ) -> tuple[StoredAsset, ...]:
        from framewright.store.library import list_assets

        place, tenant = self.workspace.place, self._tenant
        found = await asyncio.to_thread(list_assets, place, tenant, most, before, asset)
        return tuple(
            StoredAsset(asset=asset, path=self._blobs.path(asset.hash, ending))
            for asset, ending in found
        )

    async def uploads(self) -> tuple[UploadSummary, ...]:
        """Return the files that were given, oldest first."""
        found = await self._database.read(assets.uploads(self._tenant))
        return tuple(map(UploadSummary.of, found))

    async def _record(self, run: str) -> RunRecord:
        record = await self._database.read(runs.find(self._tenant, run))
        if record is None:
            message = f"There is no run {run} in {self.workspace.folder}."
            raise NotFoundError(message, action="`framewright runs` lists them.")
        return record
