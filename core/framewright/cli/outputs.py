"""The data of each command's JSON answer; a field's meaning does not change within a version."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from framewright.agents.offline.interpretation import Interpretation
from framewright.catalog.form import FormField
from framewright.catalog.summary import Summary
from framewright.checks.repair.outcome import Change, Outcome, Question, Repair
from framewright.domain.asset import Provenance
from framewright.domain.budget import Spend
from framewright.domain.event import StepRetried
from framewright.domain.finding import Finding
from framewright.domain.job import ErrorCategory, JobError, JobSummary, QueueRow
from framewright.domain.measures import Measures
from framewright.domain.media import MediaInfo, MediaKind
from framewright.domain.model_card import ModelCard
from framewright.domain.plan import Plan
from framewright.domain.run import RunState, StepState
from framewright.domain.value import Value
from framewright.failures.diagnosis import Fault
from framewright.projection.alerts import Alert, alerts
from framewright.projection.estimate import Estimate
from framewright.studio.api_keys import ApiKey
from framewright.studio.diagnosis import Diagnosis
from framewright.studio.export import Export
from framewright.studio.files import Frame
from framewright.studio.provider_list import InstalledProvider, KeyPlace
from framewright.studio.run_diff import RunDiff
from framewright.studio.summary import RunSummary

if TYPE_CHECKING:
    from framewright.cli.stopping import OpenJobs
    from framewright.edits.history import History
    from framewright.projection.run_view import RunView, StepView
    from framewright.studio.workspace import Workspace


class InitData(Value):
    """`init`."""

    workspace: Path
    created: bool


class PlanData(Value):
    """`plan`."""

    interpretation: Interpretation
    findings: tuple[Finding, ...]
    file: Path | None
    """Where the plan was written, if it was."""


class CheckData(Value):
    """`check`."""

    findings: tuple[Finding, ...]
    errors: int
    """What keeps the plan from running; 0 also where a run would mend it all by itself."""
    steps: int
    mended: tuple[Finding, ...] = ()
    """What a run would change so that it can run; each also stands among the findings."""


class RepairData(Value):
    """`repair`."""

    outcome: Outcome
    plan: Plan | None
    findings: tuple[Finding, ...]
    changes: tuple[Change, ...]
    questions: tuple[Question, ...]
    instruction: str | None
    file: Path | None
    """Where the plan was written, if it was."""

    @classmethod
    def of(cls, found: Repair, file: Path | None) -> RepairData:
        """Return a repair as the command answers it."""
        return cls(**{name: getattr(found, name) for name in Repair.model_fields}, file=file)


class EditData(Value):
    """`edit`."""

    plan: Plan
    understood: tuple[str, ...]
    missed: tuple[str, ...]
    notes: tuple[str, ...]
    changed: tuple[str, ...]
    """Steps that are other than they were."""
    added: tuple[str, ...]
    removed: tuple[str, ...]
    edits: int
    """How many edits the history holds."""
    edits_done: int
    """How many of them are done; the others were undone."""

    @classmethod
    def of(
        cls,
        before: Plan,
        history: History,
        understood: tuple[str, ...],
        missed: tuple[str, ...],
        notes: tuple[str, ...] = (),
    ) -> EditData:
        """Return what an edit changed."""
        old = {step.id: step for step in before.steps}
        new = {step.id: step for step in history.plan.steps}
        return cls(
            plan=history.plan,
            understood=understood,
            missed=missed,
            notes=notes,
            changed=tuple(name for name, step in new.items() if name in old and old[name] != step),
            added=tuple(name for name in new if name not in old),
            removed=tuple(name for name in old if name not in new),
            edits=len(history.edits),
            edits_done=history.at,
        )


class OutputData(Value):
    """One result of a step."""

    kind: MediaKind
    path: Path | None
    """The file among the workspace's assets; absent for text."""
    asset: str | None
    text: str | None
    info: MediaInfo | None


class StepData(Value):
    """One step of a run."""

    id: str
    title: str
    model: str
    state: StepState
    seconds: float | None
    cost: float
    outputs: tuple[OutputData, ...]
    error: JobError | None
    findings: tuple[Finding, ...]
    mended: tuple[Finding, ...]
    """What was changed so that it can run."""
    retries: tuple[StepRetried, ...]
    """Each time its job failed and something else was tried."""
    approved: bool | None
    """What a person said of it; null for nothing yet."""


class RunData(Value):
    """`make`, `run`, `resume`, `rerun`, `show`, `cancel`, `approve`, `replan`."""

    run: str
    title: str
    state: RunState
    workspace: Path
    seconds: float | None
    """From the start of its last stretch of work to its end."""
    cost: float
    """What its steps' last jobs cost, in US dollars."""
    steps: tuple[StepData, ...]
    spent: float | None = None
    """What all its jobs and attempts have cost so far, also those that came to nothing."""
    folder: Path | None = None
    """Where the results were exported to, if they were."""
    files: tuple[Path, ...] = ()
    """The exported files, the plan first."""
    understood: str | None = None
    """What `make` understood, in one line."""
    interrupted: bool = False
    """Whether `show` found it left unfinished by a process that ended."""
    stopping: tuple[str, ...] = ()
    """Ids of jobs that were called off, and of which their provider has not said that they are
    over."""
    alerts: tuple[Alert, ...] = ()
    """What a person should mend at once, each once: a bill, a key."""
    undecided: tuple[str, ...] = ()
    """Ids of jobs of which nobody knows whether their provider has them."""


class RunsData(Value):
    """`runs`."""

    runs: tuple[RunSummary, ...]


class JobsData(Value):
    """`jobs list` and `jobs dead`; `jobs show` and `jobs cancel` answer with one of them."""

    jobs: tuple[JobSummary, ...]


class RedriveData(Value):
    """`jobs redrive` and `jobs retry`."""

    jobs: tuple[JobSummary, ...]
    """The jobs as they stand now."""
    runs: tuple[RunData, ...]
    """The runs they are of, which went on with them."""
    busy: tuple[str, ...] = ()
    """Runs at work in other processes, to be resumed when they have ended."""


class PurgeData(Value):
    """`jobs purge`."""

    jobs: int
    """How many are gone."""


class QueueData(Value):
    """`queue`."""

    rows: tuple[QueueRow, ...]
    spending: tuple[Spend, ...] = ()
    """Of the workspace, and of each tenant."""


class AssetData(Value):
    """One stored file."""

    hash: str
    path: Path
    kind: MediaKind
    info: MediaInfo
    created_ms: int
    provenance: tuple[Provenance, ...]


class AssetsData(Value):
    """`assets`."""

    assets: tuple[AssetData, ...]


class ModelsData(Value):
    """`models`."""

    models: tuple[ModelCard, ...]
    lacks: dict[str, str]
    """What providers want before their models can be used here, by their name."""


class ModelData(Value):
    """`models show`."""

    model: ModelCard
    fields: tuple[FormField, ...]
    """What it takes, in words, the needed first."""
    lacks: str | None
    """What its provider wants before it can be used here."""


class RemovalData(Value):
    """`models remove`."""

    model: ModelCard
    files: tuple[Path, ...]
    """The catalog files of the workspace that held it."""
    still_there: bool
    """Whether a model of that id ships with Framewright, and counts again."""


class ImportData(Value):
    """`models import` and `models add-local`."""

    model: ModelCard
    file: Path
    """The catalog file of the workspace that holds the model now."""
    replaced: bool


class KeysData(Value):
    """`keys`, `keys set` and `keys forget`."""

    keys: tuple[KeyPlace, ...]


class ApiKeyData(Value):
    """`keys api create`."""

    key: ApiKey
    secret: str
    """The key itself; nothing tells it again."""


class ApiKeysData(Value):
    """`keys api list` and `keys api revoke`."""

    keys: tuple[ApiKey, ...]


class ServeData(Value):
    """`serve`, once it can be asked."""

    url: str
    workspace: Path
    needs_keys: bool
    """Whether nobody may ask without an API key."""
    calling_back: tuple[str, ...]
    """Providers that call its webhooks."""


class ProvidersData(Value):
    """`providers`."""

    providers: tuple[InstalledProvider, ...]


class ExportData(Value):
    """`export`."""

    folder: Path
    export: Export


class ProbeData(Value):
    """`probe`."""

    path: Path
    info: MediaInfo


class InspectData(Value):
    """`inspect`."""

    path: Path
    info: MediaInfo
    measures: Measures
    findings: tuple[Finding, ...]
    """What is wrong with it, the worst first."""


class FramesData(Value):
    """`frames`."""

    frames: tuple[Frame, ...]


class MergeData(Value):
    """`merge` and `subtitle`."""

    path: Path
    info: MediaInfo
    remarks: tuple[str, ...] = ()
    """What is not as a person may expect, one sentence each."""


class ExplainErrorData(Value):
    """`explain-error`."""

    category: ErrorCategory
    retryable: bool
    """Whether the very same request may go through later."""
    fault: Fault
    """Whose it is to mend."""
    field: str | None
    """The input at fault, where the provider names it."""
    retry_after_seconds: float | None
    """How long the provider asks to wait."""
    code: str
    """The provider's own code or type; empty where it gives none."""
    message: str
    action: str
    urgent: bool
    """Whether nothing will work there before a person has mended it."""


class SchemaData(Value):
    """`schema`."""

    of: str
    json_schema: dict[str, Any]


ANSWERS: dict[str, type[Value]] = {
    "make": RunData,
    "plan": PlanData,
    "check": CheckData,
    "repair": RepairData,
    "edit": EditData,
    "run": RunData,
    "resume": RunData,
    "rerun": RunData,
    "cancel": RunData,
    "approve": RunData,
    "diff": RunDiff,
    "estimate": Estimate,
    "init": InitData,
    "runs": RunsData,
    "jobs": JobsData,
    "jobs redrive": RedriveData,
    "jobs purge": PurgeData,
    "queue": QueueData,
    "show": RunData,
    "assets": AssetsData,
    "models": ModelsData,
    "models show": ModelData,
    "models --summary": Summary,
    "models remove": RemovalData,
    "models import": ImportData,
    "models add-local": ImportData,
    "providers": ProvidersData,
    "keys": KeysData,
    "keys api create": ApiKeyData,
    "keys api": ApiKeysData,
    "serve": ServeData,
    "export": ExportData,
    "probe": ProbeData,
    "inspect": InspectData,
    "frames": FramesData,
    "merge": MergeData,
    "subtitle": MergeData,
    "explain-error": ExplainErrorData,
    "schema": SchemaData,
    "doctor": Diagnosis,
}
"""What stands under `data` in the answer of each command."""


def run_data(view: RunView, workspace: Workspace, **more: Any) -> RunData:
    """Return the answer about a run."""
    seconds = None
    if view.started_ms is not None and view.ended_ms is not None:
        seconds = (view.ended_ms - view.started_ms) / 1_000
    return RunData(
        run=view.run,
        title=view.title,
        state=view.state,
        workspace=workspace.folder,
        seconds=seconds,
        cost=view.cost,
        steps=tuple(_step(step, workspace) for step in view.steps.values()),
        alerts=alerts(view),
        **more,
    )


def with_open(data: RunData, left: OpenJobs) -> RunData:
    """Return the answer about a run with what is still open of it."""
    ids = {"stopping": left.stopping, "undecided": left.undecided}
    return data.model_copy(update={name: tuple(j.id for j in of) for name, of in ids.items()})


def _step(step: StepView, workspace: Workspace) -> StepData:
    return StepData(
        id=step.outline.id,
        title=step.outline.title,
        model=step.model,
        state=step.state,
        seconds=step.seconds,
        cost=step.cost,
        outputs=tuple(
            OutputData(
                kind=output.kind,
                path=workspace.file_of(output),
                asset=output.asset,
                text=output.text,
                info=output.info,
            )
            for output in step.outputs
        ),
        error=step.error,
        findings=step.findings,
        mended=step.mended,
        retries=step.retries,
        approved=step.approved,
    )
