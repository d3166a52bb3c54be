"""Writes a run's results into a folder as files that people can open."""

from __future__ import annotations

import hashlib
import os
import shutil
from typing import TYPE_CHECKING

from pydantic import ValidationError

from framewright.domain.media import suffix
from framewright.domain.value import Value
from framewright.errors import InputError, StorageError
from framewright.store.blobs import as_storage_error
from framewright.studio.plan_files import plan_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from framewright.domain.asset import Output
    from framewright.domain.plan import Plan
    from framewright.projection.run_view import RunView, StepView
    from framewright.store.blobs import Blobs

MANIFEST = "run.json"


class ExportedFile(Value):
    """One file in the folder."""

    name: str
    sha256: str
    """Digest of the file as it was written; a file that changed since is never replaced."""
    step: str | None = None
    """The step that made it; absent for the plan."""
    model: str | None = None
    seconds: float | None = None
    """How long its step ran."""


class Export(Value):
    """What lies in an export folder; kept there as `run.json`."""

    run: str
    title: str
    state: str
    files: tuple[ExportedFile, ...]


def write_export(view: RunView, plan: Plan, folder: Path, blobs: Blobs) -> Export:
    """Write the outputs as `<step>.<ending>`, the plan, and `run.json` that lists them.

    A file that an earlier export left unchanged is replaced; anything else of that name stays,
    and the new file gets a number. Raises `StorageError` or `InputError` when the folder can
    not be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        ours = _written_earlier(folder)
        files = [_write_plan(plan, folder, ours)]
        for step, output, stem in _outputs(view):
            name, digest = _write_output(output, stem, folder, blobs, ours)
            outline = step.outline
            files.append(
                ExportedFile(
                    name=name,
                    sha256=digest,
                    step=outline.id,
                    model=outline.model,
                    seconds=step.seconds,
                )
            )
        made = Export(run=view.run, title=view.title, state=view.state, files=tuple(files))
        _write_text(folder / MANIFEST, made.model_dump_json(indent=2) + "\n")
    except (FileExistsError, NotADirectoryError) as error:
        raise InputError(f"{folder} is a file, not a folder.") from error
    except OSError as error:
        raise as_storage_error(error, folder) from error
    return made


def refuse_bad_folder(folder: Path) -> None:
    """Raise now what `write_export` would raise after hours of work, where it can be foreseen."""
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is a file, not a folder.")
    nearest = next(
        each for each in (folder.absolute(), *folder.absolute().parents) if each.exists()
    )
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise StorageError(f"{folder} can not be written.")
    if folder.is_dir():
        _written_earlier(folder)


def _outputs(view: RunView) -> Iterator[tuple[StepView, Output, str]]:
    for step in view.steps.values():
        for number, output in enumerate(step.outputs, 1):
            name = step.outline.id
            yield step, output, name if number == 1 else f"{name}_{number}"


def _write_plan(plan: Plan, folder: Path, ours: dict[str, str]) -> ExportedFile:
    name = _free_name(folder, "plan", ".json", ours)
    return ExportedFile(name=name, sha256=_write_text(folder / name, plan_text(plan)))


def _write_output(
    output: Output, stem: str, folder: Path, blobs: Blobs, ours: dict[str, str]
) -> tuple[str, str]:
    if output.asset is None or output.info is None:
        name = _free_name(folder, stem, ".txt", ours)
        return name, _write_text(folder / name, output.text or "")
    ending = suffix(output.info)
    name = _free_name(folder, stem, ending, ours)
    source = blobs.path(output.asset, ending)
    if not source.is_file():
        message = f"The file {source.name} is missing from the workspace's assets."
        raise StorageError(message, action="Run the step that made it again.")
    part = folder / f".{name}.part"
    try:
        shutil.copyfile(source, part)
        part.replace(folder / name)
    finally:
        part.unlink(missing_ok=True)
    return name, output.asset


def _written_earlier(folder: Path) -> dict[str, str]:
    """Return name and digest of what an earlier export wrote here."""
    manifest = folder / MANIFEST
    if not manifest.exists():
        return {}
    try:
        earlier = Export.model_validate_json(manifest.read_bytes())
    except ValidationError as error:
        message = f"{manifest} is not from Framewright and would be overwritten."
        raise InputError(message, action="Choose another folder.") from error
    return {file.name: file.sha256 for file in earlier.files}


def _free_name(folder: Path, stem: str, ending: str, ours: dict[str, str]) -> str:
    number, name = 1, stem + ending
    while (folder / name).exists() and not _unchanged(folder / name, ours):
        number += 1
        name = f"{stem}-{number}{ending}"
    return name


def _unchanged(path: Path, ours: dict[str, str]) -> bool:
    if path.name not in ours or not path.is_file():
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == ours[path.name]


def _write_text(target: Path, text: str) -> str:
    part = target.with_name(f".{target.name}.part")
    content = text.encode()
    try:
        part.write_bytes(content)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return hashlib.sha256(content).hexdigest()
