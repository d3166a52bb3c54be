"""What callers hear: the bodies of answers. Files are named by where they can be fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from framewright.domain.asset import Provenance
from framewright.domain.finding import Finding
from framewright.domain.job import Attempt, JobError, JobState
from framewright.domain.media import MediaInfo, MediaKind
from framewright.domain.model_card import ModelCard
from framewright.domain.run import RunState, StepState
from framewright.domain.value import Value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from framewright.domain.asset import Output
    from framewright.domain.job import JobSummary
    from framewright.projection.run_view import RunView, StepView
    from framewright.studio.summary import RunSummary, StoredAsset, UploadSummary


class OutputAnswer(Value):
    """One result."""

    kind: MediaKind
    href: str | None
    """Where its file can be fetched; null for a text."""
    asset: str | None
    """Its hash; `$asset.<hash>` stands for it in inputs."""
    text: str | None
    info: MediaInfo | None

    @classmethod
    def of(cls, output: Output) -> OutputAnswer:
        """Return a result as it is told."""
        href = None if output.asset is None else f"/v1/assets/{output.asset}/file"
        found = (output.asset, output.text, output.info)
        return cls(kind=output.kind, href=href, asset=found[0], text=found[1], info=found[2])


class StepAnswer(Value):
    """One step of a run."""

    id: str
    title: str
    model: str
    state: StepState
    fraction: float
    """How much is done, 0 to 1."""
    phase: str
    seconds: float | None
    cost: float
    """In US dollars."""
    outputs: tuple[OutputAnswer, ...]
    error: JobError | None
    findings: tuple[Finding, ...]

    @classmethod
    def of(cls, step: StepView) -> StepAnswer:
        """Return a step as it is told."""
        return cls(
            id=step.outline.id,
            title=step.outline.title,
            model=step.model,
            state=step.state,
            fraction=step.fraction,
            phase=step.phase,
            seconds=step.seconds,
            cost=step.cost,
            outputs=tuple(map(OutputAnswer.of, step.outputs)),
            error=step.error,
            findings=(*step.mended, *step.findings),
        )


class RunAnswer(Value):
    """How a run stands."""

    id: str
    title: str
    state: RunState
    interrupted: bool
    """Whether nobody works on it although it is not over: `resume` goes on."""
    cursor: int
    """The `seq` of its last event that is told of here; events go on from there."""
    cost: float
    """What its steps' last jobs cost, in US dollars."""
    steps: tuple[StepAnswer, ...]

    @classmethod
    def of(cls, view: RunView, *, interrupted: bool) -> RunAnswer:
        """Return a run as it is told."""
        return cls(
            id=view.run,
            title=view.title,
            state=view.state,
            interrupted=interrupted,
            cursor=view.cursor,
            cost=view.cost,
            steps=tuple(map(StepAnswer.of, view.steps.values())),
        )


class RunLine(Value):
    """One run in a list."""

    id: str
    title: str
    state: RunState
    interrupted: bool
    created_ms: int
    """Unix time in milliseconds."""
    ended_ms: int | None


class RunsAnswer(Value):
    """Runs, newest first."""

    runs: tuple[RunLine, ...]
    next: str | None
    """`cursor` of the next page; null after the last."""

    @classmethod
    def of(cls, found: tuple[RunSummary, ...], limit: int) -> RunsAnswer:
        """Return a page of runs."""
        lines = tuple(RunLine(**each.model_dump()) for each in found)
        return cls(runs=lines, next=_next((found[-1].created_ms, found[-1].id), found, limit)
                   if found else None)  # fmt: skip


class JobAnswer(Value):
    """How a job stands."""

    id: str
    run: str
    """The run it is part of: whose events tell of it."""
    key: str
    """The router's idempotency key."""
    provider: str
    model: str
    state: JobState
    created_ms: int
    """Unix time in milliseconds."""
    started_ms: int | None
    updated_ms: int
    called_off: bool
    """Whether it is being stopped."""
    cost: float
    """In US dollars."""
    error: JobError | None
    attempt: int
    attempts: tuple[Attempt, ...]
    """Its submissions that failed; only where one job is asked for."""
    inputs: dict[str, Any] | None
    """Only where one job is asked for."""
    outputs: tuple[OutputAnswer, ...]

    @classmethod
    def of(cls, job: JobSummary) -> JobAnswer:
        """Return a job as it is told."""
        return cls(
            id=job.id,
            run=job.correlation,
            key=job.key,
            provider=job.provider,
            model=job.model,
            state=job.state,
            created_ms=job.created_ms,
            started_ms=job.started_ms,
            updated_ms=job.updated_ms,
            called_off=job.called_off,
            cost=job.cost,
            error=job.error,
            attempt=job.attempt,
            attempts=job.attempts,
            inputs=job.inputs,
            outputs=tuple(map(OutputAnswer.of, job.outputs)),
        )


class JobsAnswer(Value):
    """Jobs, newest first."""

    jobs: tuple[JobAnswer, ...]
    next: str | None
    """`cursor` of the next page; null after the last."""

    @classmethod
    def of(cls, found: tuple[JobSummary, ...], limit: int) -> JobsAnswer:
        """Return a page of jobs."""
        last = None if not found else _next((found[-1].created_ms, found[-1].id), found, limit)
        return cls(jobs=tuple(map(JobAnswer.of, found)), next=last)


class UploadAnswer(Value):
    """A file that was given."""

    id: str
    """`$upload.<id>` stands for it in inputs."""
    name: str
    asset: str
    """Hash of its bytes."""
    href: str
    info: MediaInfo

    @classmethod
    def of(cls, upload: UploadSummary) -> UploadAnswer:
        """Return an upload as it is told."""
        href = f"/v1/assets/{upload.hash}/file"
        found = (upload.hash, upload.info)
        return cls(id=upload.id, name=upload.name, asset=found[0], href=href, info=found[1])


class UploadsAnswer(Value):
    """Files that were given, oldest first."""

    uploads: tuple[UploadAnswer, ...]

    @classmethod
    def of(cls, found: Iterable[UploadSummary]) -> UploadsAnswer:
        """Return uploads as they are told."""
        return cls(uploads=tuple(map(UploadAnswer.of, found)))


class AssetAnswer(Value):
    """One stored file."""

    hash: str
    href: str
    info: MediaInfo
    created_ms: int
    """Unix time in milliseconds."""
    provenance: tuple[Provenance, ...]
    """Each way these bytes came to be."""

    @classmethod
    def of(cls, stored: StoredAsset) -> AssetAnswer:
        """Return an asset as it is told."""
        asset = stored.asset
        return cls(**dict(asset), href=f"/v1/assets/{asset.hash}/file")


class AssetsAnswer(Value):
    """Stored files, newest first."""

    assets: tuple[AssetAnswer, ...]
    next: str | None
    """`cursor` of the next page; null after the last."""

    @classmethod
    def of(cls, found: tuple[StoredAsset, ...], limit: int) -> AssetsAnswer:
        """Return a page of assets."""
        last = found[-1].asset if found else None
        more = None if last is None else _next((last.created_ms, last.hash), found, limit)
        return cls(assets=tuple(map(AssetAnswer.of, found)), next=more)


class ModelsAnswer(Value):
    """Models that can be called."""

    models: tuple[ModelCard, ...]


class WellAnswer(Value):
    """That the server is well."""

    ok: bool = True
    version: str


def _next(last: tuple[int, str], found: tuple[object, ...], limit: int) -> str | None:
    return f"{last[0]}.{last[1]}" if len(found) == limit else None
