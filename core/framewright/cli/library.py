"""Commands that look: init, runs, show, assets, export."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from framewright.cli.places import AsJson, WorkspaceOption, opened
from framewright.cli.places import run as wait

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table


def init(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder; made where it is missing.")
    ] = Path(),
    as_json: AsJson = False,
) -> None:
    """Make a workspace in a folder."""

    async def work() -> None:
        from framewright.cli.answer import console, say_json
        from framewright.cli.outputs import InitData
        from framewright.errors import InputError
        from framewright.studio.workspace import Workspace

        if folder.is_file():
            raise InputError(f"{folder} is a file, not a folder.", action="Give a folder.")
        created = not Workspace(folder.absolute()).exists()
        async with opened(folder, create=True) as studio:
            place = studio.workspace.folder
        if as_json:
            say_json(InitData(workspace=place, created=created))
        else:
            console().print(f"{'Made' if created else 'There is'} a workspace in {place}")

    wait(work())


def list_runs(workspace: WorkspaceOption = None, as_json: AsJson = False) -> None:
    """List the runs of the workspace, newest first."""

    async def work() -> None:
        from framewright.cli.answer import say_json
        from framewright.cli.outputs import RunsData

        async with opened(workspace) as studio:
            found = await studio.runs()
        if as_json:
            say_json(RunsData(runs=found))
            return
        rows = [
            (run.id, _when(run.created_ms), _state(run.state, run.interrupted), run.title)
            for run in found
        ]
        table(("Run", "Begun", "State", "Title"), rows, "No runs yet.")

    wait(work())


def show(
    run_id: Annotated[str, typer.Argument(metavar="RUN", help="Id of a run.")],
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Show how a run stands, step by step."""

    async def work() -> None:
        from framewright.cli.answer import say_json
        from framewright.cli.outputs import run_data, with_open
        from framewright.cli.report import report
        from framewright.cli.stopping import OpenJobs, open_jobs
        from framewright.domain.run import RunState

        async with opened(workspace) as studio:
            view, spent = await studio.show(run_id), await studio.spent_on(run_id)
            data = run_data(view, studio.workspace, spent=spent)
            interrupted = await studio.is_interrupted(run_id)
            # What somebody works on may be open for as long as that takes.
            quiet = interrupted or data.state not in {RunState.RUNNING, RunState.WAITING}
            left = await open_jobs(studio, run_id) if quiet else OpenJobs()
            data = with_open(data.model_copy(update={"interrupted": interrupted}), left)
        if as_json:
            say_json(data)
        else:
            report(data, left.words(run_id))

    wait(work())


def assets(workspace: WorkspaceOption = None, as_json: AsJson = False) -> None:
    """List the stored files, newest first, with where they came from."""

    async def work() -> None:
        from framewright.cli.answer import say_json
        from framewright.cli.outputs import AssetData, AssetsData

        async with opened(workspace) as studio:
            found = await studio.assets()
        if as_json:
            data = tuple(
                AssetData(
                    hash=each.asset.hash,
                    path=each.path,
                    kind=each.asset.info.kind,
                    info=each.asset.info,
                    created_ms=each.asset.created_ms,
                    provenance=each.asset.provenance,
                )
                for each in found
            )
            say_json(AssetsData(assets=data))
            return
        rows = []
        for each in found:
            origin = each.asset.provenance[0] if each.asset.provenance else None
            came = "" if origin is None else origin.source or f"{origin.step} · {origin.model}"
            kind = each.asset.info.kind.value
            rows.append((each.asset.hash[:12], kind, _when(each.asset.created_ms), came))
        table(("Asset", "Kind", "Made", "From"), rows, "No assets yet.")

    wait(work())


def export(
    run_id: Annotated[str, typer.Argument(metavar="RUN", help="Id of a run.")],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder for the results.")],
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Write a run's results and its plan into a folder."""

    async def work() -> None:
        from framewright.cli.answer import console, say_json
        from framewright.cli.outputs import ExportData

        async with opened(workspace) as studio:
            made = await studio.export(run_id, folder)
        if as_json:
            say_json(ExportData(folder=folder, export=made))
            return
        for file in made.files:
            console().print(str(folder / file.name), soft_wrap=True)

    wait(work())


def _when(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1_000).astimezone().strftime("%Y-%m-%d %H:%M")


def _state(state: str, interrupted: bool) -> str:
    return "interrupted" if interrupted else state


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]], otherwise: str) -> None:
    """Print rows under their heads, or a sentence where there are none."""
    from framewright.cli.answer import console

    console().print(rows_in(head, rows) if rows else otherwise)


def rows_in(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Table:
    """Return rows under their heads; only the last column folds."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for number, name in enumerate(head):
        last = number == len(head) - 1
        table.add_column(name, no_wrap=not last, overflow="fold" if last else "ellipsis")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table
