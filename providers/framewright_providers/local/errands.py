"""Jobs that are given files, as errands for another process; those made of words stay here."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from framewright.domain.media import MediaInfo
from framewright.domain.value import Value
from framewright.isolation.desk import check_made
from framewright.isolation.errand import GIB, Errand, Limits, Place
from framewright.protocols import MediaFile, ProviderOutput, ProviderRequest
from framewright_providers.local.models import MODELS, work_for

if TYPE_CHECKING:
    from pathlib import Path

    from framewright.protocols import Tell


_FILE = "\0file"
"""Key of what stands for a file; no JSON value of a plan has it."""


class GivenFile(Value):
    """A media input, as it crosses to another process."""

    path: Place
    info: MediaInfo
    hash: str


class LocalJob(Errand[str]):
    """Do a job that is given files; the answer is the name of what it made in the folder."""

    answer: ClassVar[Any] = str
    needs: ClassVar[tuple[str, ...]] = (
        "framewright_providers.local.utilities",
        "framewright_providers.local.motion.clips",
        "framewright.media.pillow_plugins",
    )
    limits: ClassVar[Limits] = Limits(
        seconds=6 * 3_600, memory_bytes=8 * GIB, file_bytes=64 * GIB, open_files=1_024
    )
    job: str
    model: str
    task: str
    seed: int
    inputs: dict[str, Any]
    """Field to JSON value; where a file was given, its number stands."""
    files: tuple[GivenFile, ...]
    folder: Place

    @override
    def reads(self) -> tuple[Path, ...]:
        """Return the files that were given."""
        return tuple(each.path for each in self.files)

    @override
    def writes(self) -> tuple[Path, ...]:
        """Return the folder for the result."""
        return (self.folder,)

    @override
    def do(self, tell: Tell) -> str:
        """Do it; raises what the model's function raises."""
        inputs = {field: _filled(each, self.files) for field, each in self.inputs.items()}
        request = ProviderRequest(self.job, self.job, self.model, self.task, inputs, self.seed)
        (made,) = work_for(self.model)(request, self.folder, tell)
        assert made.path is not None
        return made.path.name


def errand_for(request: ProviderRequest, folder: Path) -> LocalJob | None:
    """Return the job as an errand; None where it is given no file."""
    files: list[GivenFile] = []
    inputs = {field: _emptied(each, files) for field, each in request.inputs.items()}
    if not files:
        return None
    return LocalJob(
        job=request.job,
        model=request.model,
        task=request.task,
        seed=request.seed,
        inputs=inputs,
        files=tuple(files),
        folder=folder,
    )


def made_by(errand: LocalJob, name: str) -> ProviderOutput:
    """Return what a job has made, by the name it says; no name leads out of the folder."""
    _, _, kind = MODELS[errand.model]
    path = errand.folder / PurePath(name).name
    check_made(path)
    return ProviderOutput(kind, path=path)


def _emptied(value: Any, files: list[GivenFile]) -> Any:
    """Return a value with numbers in the place of its files, which are put with the others."""
    if isinstance(value, MediaFile):
        files.append(GivenFile(path=value.path, info=value.info, hash=value.hash))
        return {_FILE: len(files) - 1}
    if isinstance(value, dict):
        return {key: _emptied(each, files) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_emptied(each, files) for each in value]
    return value


def _filled(value: Any, files: tuple[GivenFile, ...]) -> Any:
    if isinstance(value, dict):
        if value.keys() == {_FILE}:
            given = files[value[_FILE]]
            return MediaFile(given.path, given.info, given.hash)
        return {key: _filled(each, files) for key, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, files) for each in value]
    return value
