"""Brings a provider's results home: looked at, hashed, and put among the assets."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from framewright.domain.asset import Output, Provenance
from framewright.domain.media import MediaKind, suffix
from framewright.errors import ResultRejectedError
from framewright.router.requests import asset_hashes, step_of
from framewright.store.assets import StoredFile

if TYPE_CHECKING:
    from pathlib import Path

    from framewright.domain.job import JobRequest
    from framewright.domain.media import MediaInfo
    from framewright.isolation import Isolation
    from framewright.protocols import Provider, ProviderOutput
    from framewright.store.blobs import Blobs

MOST_TEXT = 1_000_000
"""Longest text output that is kept, in characters."""


@dataclass(frozen=True, slots=True)
class Collected:
    """The results of one job, safely on disk."""

    outputs: tuple[Output, ...]
    files: tuple[StoredFile, ...]

    def provenance(self, request: JobRequest, cost: float) -> Provenance:
        """Return where these files came from; the key of an executor's job is run:step:cycle."""
        return Provenance(
            run=request.key.partition(":")[0],
            step=step_of(request),
            model=request.model,
            inputs=request.inputs,
            seed=request.seed,
            cost=cost,
            parents=asset_hashes(request.inputs),
        )


async def collect(
    provider: Provider, remote_id: str, job: str, blobs: Blobs, isolation: Isolation | None
) -> Collected:
    """Fetch a finished job's results; raises `ResultRejectedError` for what nobody can use.

    Its files are looked into in `isolation`; None is for those that this process has made itself.
    """
    folder = blobs.incoming(job)
    if folder.exists():
        await asyncio.to_thread(shutil.rmtree, folder)
    try:
        found = await provider.fetch(remote_id, folder)
        if not found:
            raise ResultRejectedError("The provider said it was done and gave no result.")
        if all(each.path is None for each in found):
            return Collected(tuple(_text(each) for each in found), ())
        return await asyncio.to_thread(_keep, found, folder, blobs, isolation)
    finally:
        if folder.exists():
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


def _keep(
    found: tuple[ProviderOutput, ...], folder: Path, blobs: Blobs, isolation: Isolation | None
) -> Collected:
    from framewright.media.digest import sha256_of

    outputs: list[Output] = []
    files: list[StoredFile] = []
    for each in found:
        if each.path is None:
            outputs.append(_text(each))
            continue
        if each.path.is_symlink() or not each.path.resolve().is_relative_to(folder.resolve()):
            raise ResultRejectedError("The provider named a file outside its own folder.")
        info = _look(each.path, isolation)
        stored = StoredFile(sha256_of(each.path), suffix(info), info)
        blobs.adopt(each.path, stored.hash, stored.suffix)
        files.append(stored)
        outputs.append(Output(kind=info.kind, asset=stored.hash, info=info))
    return Collected(tuple(outputs), tuple(files))


def _look(path: Path, isolation: Isolation | None) -> MediaInfo:
    if isolation is not None:
        from framewright.media.errands import Probe

        return isolation.run(Probe(path=path))
    # PyAV and Pillow take a third of a second to import; texts do not need them.
    from framewright.media.probe import probe

    return probe(path)


def _text(output: ProviderOutput) -> Output:
    text = output.text or ""
    if len(text) > MOST_TEXT:
        message = f"The provider answered with {len(text):,} characters, over {MOST_TEXT:,}."
        raise ResultRejectedError(message)
    return Output(kind=MediaKind.TEXT, text=text)
