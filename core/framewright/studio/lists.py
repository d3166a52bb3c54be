"""What there is in a workspace, for people and programs that look on."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from framewright.domain.run import RunState
from framewright.errors import NotFoundError
from framewright.store import runs
from framewright.studio.summary import RunSummary, StoredAsset

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

    async def runs(self) -> tuple[RunSummary, ...]:
        """Return the newest runs, newest first."""
        from framewright.store.library import list_runs

        found = await asyncio.to_thread(list_runs, self.workspace.place, self._tenant)
        return tuple([RunSummary.of(each, live=await self._is_live(each)) for each in found])

    async def is_interrupted(self, run: str) -> bool:
        """Tell whether a run was left unfinished by a process that ended: `resume` goes on."""
        record = await self._record(run)
        return record.state is RunState.RUNNING and not await self._is_live(record)

    async def _is_live(self, record: RunRecord) -> bool:
        running = record.state is RunState.RUNNING
        return running and await asyncio.to_thread(self._conductor.is_live, record.id)

    async def assets(self) -> tuple[StoredAsset, ...]:
        """Return the newest assets with where they came from, newest first."""
        from framewright.store.library import list_assets

        found = await asyncio.to_thread(list_assets, self.workspace.place, self._tenant)
        return tuple(
            StoredAsset(asset=asset, path=self._blobs.path(asset.hash, ending))
            for asset, ending in found
        )

    async def _record(self, run: str) -> RunRecord:
        record = await self._database.read(runs.find(self._tenant, run))
        if record is None:
            message = f"There is no run {run} in {self.workspace.folder}."
            raise NotFoundError(message, action="`framewright runs` lists them.")
        return record
