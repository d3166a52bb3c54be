"""What a ComfyUI server knows of a job: its queue, its history, and files for inputs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from framewright.domain.job import ErrorCategory
from framewright.failures.answer import Answer
from framewright.failures.failure import failure
from framewright.protocols import ProviderFailure, SubmitError
from framewright_providers.http_job.connection import AnswerLostError
from framewright_providers.http_job.media_in import contents, media_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framewright.protocols import MediaFile
    from framewright_providers.http_job.connection import Connection

MARK = "framewright"
"""Below it stands in `extra_data`, which every server keeps, what a job is for."""
_MOST_UPLOAD = 2_000_000_000
_LOOKED_BACK = 200
"""How many of the last jobs are looked through for a submission."""


@dataclass(frozen=True, slots=True)
class Result:
    """A file that a job has saved at the server."""

    filename: str
    subfolder: str

    @property
    def query(self) -> dict[str, str]:
        """What it is asked for by."""
        return {"filename": self.filename, "subfolder": self.subfolder, "type": "output"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a job stands in the queue."""

    id: str
    running: bool
    submission: str
    """The key of its submission; empty for those of others."""


def mark(submission: str, outputs: tuple[str, ...]) -> dict[str, Any]:
    """Return what a job is marked by: its submission, and the nodes that save its result."""
    return {"submission": submission, "outputs": list(outputs)}


async def queue(connection: Connection) -> tuple[Place, ...]:
    """Return the jobs that run or wait; raises `AnswerLostError`."""
    told = await _asked(connection, "queue")
    return (
        *_places(told.get("queue_running"), running=True),
        *_places(told.get("queue_pending"), running=False),
    )


async def entry(connection: Connection, job: str) -> dict[str, Any] | None:
    """Return what the history has of a job that is over, None where it has nothing."""
    found = (await _asked(connection, f"history/{job}")).get(job)
    return found if isinstance(found, dict) else None


async def marked(connection: Connection, submission: str) -> str | None:
    """Return the job of a submission among the last that are over, None where there is none."""
    for job, told in (await _asked(connection, f"history?max_items={_LOOKED_BACK}")).items():
        if isinstance(told, dict) and _submission(told.get("prompt")) == submission:
            return str(job)
    return None


async def stop_waiting(connection: Connection, job: str) -> None:
    """Take a job out of the queue, where it still waits."""
    await _told(connection, "queue", {"delete": [job]})


async def interrupt(connection: Connection, job: str) -> None:
    """Stop what runs. Newer servers stop this job only, older ones whichever runs."""
    await _told(connection, "interrupt", {"prompt_id": job})


async def upload(connection: Connection, file: MediaFile) -> str:
    """Put a file among the server's inputs and return what a node calls it."""
    body = await contents(file, _MOST_UPLOAD, connection.vendor.title)
    # By its hash, so that the same name always is the same file.
    name = f"{file.hash[:16]}{file.path.suffix}"
    answered = await connection.ask(
        "POST",
        "upload/image",
        data={"overwrite": "true"},
        files={"image": (name, body, media_type(file))},
        seconds=300,
    )
    told = answered.object()
    if not answered.ok or not isinstance(told.get("name"), str):
        answer = Answer("comfyui", answered.status, answered.headers, answered.text)
        raise SubmitError(failure(answer))
    folder = told.get("subfolder")
    return f"{folder}/{told['name']}" if folder else str(told["name"])


def results(told: dict[str, Any]) -> tuple[Result, ...]:
    """Return the files that a job has saved, in order: those of the nodes that it is marked by.

    What each kind of node calls its files is of no matter: `images`, `gifs`, `audio`, `3d`.
    """
    outputs = told.get("outputs")
    if not isinstance(outputs, dict):
        return ()
    nodes = _mark(told.get("prompt")).get("outputs")
    wanted = [each for each in nodes if each in outputs] if isinstance(nodes, list) else []
    found = (each for node in wanted or outputs for each in _files(outputs.get(node)))
    return tuple(dict.fromkeys(found))


def ended(told: dict[str, Any]) -> ProviderFailure | None:
    """Return why a job that is over failed; None where it did not."""
    status = told.get("status")
    if not isinstance(status, dict) or status.get("status_str") != "error":
        return None
    messages = status.get("messages")
    for each in reversed(messages if isinstance(messages, list) else []):
        kind, data = each if isinstance(each, list) and len(each) == 2 else ("", None)
        if kind == "execution_interrupted":
            return ProviderFailure(
                ErrorCategory.CANCELLED,
                "It was interrupted at ComfyUI.",
                "Run the step again if you still want it.",
            )
        if kind == "execution_error" and isinstance(data, dict):
            # What it repeats of the workflow, keys among it, is left out there.
            return failure(Answer("comfyui", None, {}, json.dumps(data)))
    return failure(Answer("comfyui", None, {}, "ComfyUI says that it failed, and not why."))


def _files(told: Any) -> Iterator[Result]:
    for listed in told.values() if isinstance(told, dict) else ():
        for each in listed if isinstance(listed, list) else ():
            if isinstance(each, dict) and each.get("type") == "output":
                name, folder = each.get("filename"), each.get("subfolder") or ""
                if isinstance(name, str) and name and isinstance(folder, str):
                    yield Result(name, folder)


def _places(rows: Any, *, running: bool) -> Iterator[Place]:
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, list) and len(row) > 1 and isinstance(row[1], str):
            yield Place(row[1], running, _submission(row))


def _mark(row: Any) -> dict[str, Any]:
    """Return what a row of the queue is marked by; nothing for those of others."""
    extra = row[3] if isinstance(row, list) and len(row) > 3 else None
    found = extra.get(MARK) if isinstance(extra, dict) else None
    return found if isinstance(found, dict) else {}


def _submission(row: Any) -> str:
    return str(_mark(row).get("submission", ""))


async def _asked(connection: Connection, where: str) -> dict[str, Any]:
    answered = await connection.ask("GET", where)
    told = answered.json()
    if not answered.ok or not isinstance(told, dict):
        # It says nothing of the job, which goes on.
        raise AnswerLostError(f"ComfyUI does not tell (HTTP {answered.status}).")
    return told


async def _told(connection: Connection, where: str, body: dict[str, Any]) -> None:
    answered = await connection.ask("POST", where, json=body)
    if not answered.ok:
        raise AnswerLostError(f"ComfyUI did not stop it (HTTP {answered.status}).")
