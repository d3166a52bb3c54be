"""Writes a run's results into a folder as files that people can open."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from typing import TYPE_CHECKING

from pydantic import ValidationError

from framewright.domain.media import suffix
from framewright.domain.value import Value
from framewright.errors import InputError, StorageError, as_storage_error
from framewright.media.replacing import replacing
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


class _Names:
    """Hands out file names of one export; none twice, and none of a file that is not ours."""

    def __init__(self, folder: Path, ours: dict[str, str]) -> None:
        self._folder = folder
        self._ours = ours
        self._taken = {MANIFEST}

    def take(self, stem: str, ending: str) -> str:
        """Return `<stem><ending>`, with a number where that name is not free."""
        number, name = 1, stem + ending
        while not self._is_free(name):
            number += 1
            name = f"{stem}-{number}{ending}"
        self._taken.add(name.casefold())
        return name

    def _is_free(self, name: str) -> bool:
        if name.casefold() in self._taken:
            return False
        path = self._folder / name
        return not os.path.lexists(path) or _unchanged(path, self._ours)


class Export(Value):
    """What lies in an export folder; kept there as `run.json`."""

    run: str
    title: str
    state: str
    files: tuple[ExportedFile, ...]


def write_export(view: RunView, plan: Plan, folder: Path, blobs: Blobs) -> Export:
    """Write the outputs as `<step>.<ending>`, the plan, and `run.json` that lists them.

    What another run's export left here unchanged moves to `archive/<run>/`. A file of this run's
    own earlier export is replaced; anything else of that name stays, and the new file gets a
    number. Raises `StorageError` or `InputError` when the folder can
    not be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _archive_other_run(folder, view, plan)
        names = _Names(folder, _written_earlier(folder))
        files = [_write_plan(plan, folder, names)]
        for step, output, stem in _outputs(view):
            name, digest = _write_output(output, stem, folder, blobs, names)
            outline = step.outline
            files.append(
                ExportedFile(
                    name=name,
                    sha256=digest,
                    step=outline.id,
                    model=step.model,
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
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Rights alone do not tell: nobody writes into /proc or onto a read-only disk.
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        message = f"{folder} can not be written."
        raise StorageError(message, action="Choose another folder.") from error
    _written_earlier(folder)


def _outputs(view: RunView) -> Iterator[tuple[StepView, Output, str]]:
    for step in view.steps.values():
        for number, output in enumerate(step.outputs, 1):
            name = step.outline.id
            yield step, output, name if number == 1 else f"{name}_{number}"


def _write_plan(plan: Plan, folder: Path, names: _Names) -> ExportedFile:
    name = names.take("plan", ".json")
    return ExportedFile(name=name, sha256=_write_text(folder / name, plan_text(plan)))


def _write_output(
    output: Output, stem: str, folder: Path, blobs: Blobs, names: _Names
) -> tuple[str, str]:
    if output.asset is None or output.info is None:
        name = names.take(stem, ".txt")
        return name, _write_text(folder / name, output.text or "")
    ending = suffix(output.info)
    name = names.take(stem, ending)
    source = blobs.path(output.asset, ending)
    if not source.is_file():
        message = f"The file {source.name} is missing from the workspace's assets."
        raise StorageError(message, action="Run the step that made it again.")
    with replacing(folder / name) as draft:
        shutil.copyfile(source, draft)
    return name, output.asset


def _archive_other_run(folder: Path, view: RunView, plan: Plan) -> None:
    """Put another run's files aside, as far as this run does not bring the very same ones."""
    earlier = _earlier(folder)
    if earlier is None or earlier.run == view.run:
        return
    brought = {_digest(output) for step in view.steps.values() for output in step.outputs}
    brought.add(hashlib.sha256(plan_text(plan).encode()).hexdigest())
    ours = {file.name: file.sha256 for file in earlier.files}
    gone = [
        name
        for name, digest in ours.items()
        if digest not in brought and _unchanged(folder / name, ours)
    ]
    if not gone:
        return
    archive = folder / "archive" / earlier.run
    archive.mkdir(parents=True, exist_ok=True)
    for name in gone:
        (folder / name).replace(archive / name)
    _write_text(archive / MANIFEST, earlier.model_dump_json(indent=2) + "\n")


def _digest(output: Output) -> str:
    """Return the digest of the file a result is written as."""
    return output.asset or hashlib.sha256((output.text or "").encode()).hexdigest()


def _written_earlier(folder: Path) -> dict[str, str]:
    """Return name and digest of what an earlier export wrote here."""
    earlier = _earlier(folder)
    return {} if earlier is None else {file.name: file.sha256 for file in earlier.files}


def _earlier(folder: Path) -> Export | None:
    """Return the list of what lies here from before; raises `InputError` for a foreign one."""
    manifest = folder / MANIFEST
    if not manifest.exists():
        return None
    try:
        return Export.model_validate_json(manifest.read_bytes())
    except ValidationError as error:
        message = f"{manifest} is not from Framewright and would be overwritten."
        raise InputError(message, action="Choose another folder.") from error


def _unchanged(path: Path, ours: dict[str, str]) -> bool:
    if path.name not in ours or not path.is_file():
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == ours[path.name]


def _write_text(target: Path, text: str) -> str:
    content = text.encode()
    with replacing(target) as draft:
        draft.write_bytes(content)
    return hashlib.sha256(content).hexdigest()
