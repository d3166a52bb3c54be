"""From a stored job to what its provider is handed: literals as they read, media as files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from framewright.domain import refs
from framewright.errors import StorageError
from framewright.protocols import MediaFile, ProviderRequest
from framewright.store import assets

if TYPE_CHECKING:
    from framewright.domain.job import JobRequest
    from framewright.protocols import Provider
    from framewright.store.blobs import Blobs
    from framewright.store.database import Database


async def provider_request(
    job: str, request: JobRequest, submission: int, database: Database, blobs: Blobs
) -> ProviderRequest:
    """Return the job with `$asset.<hash>` replaced by the files and `$$` by a dollar.

    `submission` counts how often it is submitted, from 1. Raises `StorageError` when a file is
    gone.
    """
    hashes = asset_hashes(request.inputs)
    found = await database.read(assets.find(request.tenant, hashes)) if hashes else {}
    files: dict[str, MediaFile] = {}
    for each in hashes:
        stored = found.get(each)
        path = None if stored is None else blobs.path(each, stored.suffix)
        if stored is None or path is None or not path.is_file():
            message = f"The file {each[:12]}… is missing from the workspace's assets."
            raise StorageError(message, action="Run the step that made it again.")
        files[each] = MediaFile(path.absolute(), stored.info, each)

    def change(text: str) -> Any:
        found = refs.parse(text)
        return files[found.asset] if isinstance(found, refs.AssetRef) else refs.literal(text)

    return ProviderRequest(
        job=job,
        key=request.key,
        submission=provider_key(job, submission),
        model=request.model,
        task=request.task,
        inputs=refs.replace(request.inputs, change),
        seed=request.seed,
        correlation=request.correlation,
    )


def provider_key(job: str, submission: int) -> str:
    """Return the key that a job's n-th submission has at its provider, and nothing else has.

    One that knows keys would answer the next attempt with the failure of the last.
    """
    return job if submission == 1 else f"{job}-{submission}"


def step_of(request: JobRequest) -> str:
    """Return the step a job is of: the key of an executor's job is run:step:cycle."""
    return request.key.partition(":")[2].partition(":")[0]


def is_own_work(request: JobRequest, provider: Provider | None) -> bool:
    """Whether the results are made by this process alone, and of nothing that came to it.

    A file that somebody gave can lie whole in one that was made of it.
    """
    return provider is not None and provider.in_process and not asset_hashes(request.inputs)


def asset_hashes(inputs: dict[str, Any]) -> tuple[str, ...]:
    """Return the hashes of the assets that go into a job, each once, in order."""
    found = (refs.parse(text) for _, text in refs.strings(inputs))
    return tuple(dict.fromkeys(each.asset for each in found if isinstance(each, refs.AssetRef)))
