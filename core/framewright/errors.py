"""Every error a caller can meet, as one tree.

FramewrightError
├── InputError                the request is wrong (exit 2)
│   ├── BriefError            the brief cannot be read as a request
│   ├── PlanInvalidError      the plan does not pass the checks
│   ├── EditError             an edit does not fit the plan
│   ├── MediaError            a media file is unreadable or refused
│   │   ├── MediaCrashError   reading it ended the process that read it
│   │   ├── MediaSlowError    reading it took longer than any sound file takes
│   │   └── MediaMemoryError  reading it took more memory than it may have
│   ├── SettingsError         settings.toml or the environment is wrong
│   └── BusyError             somebody else is already doing this
├── NotFoundError             nothing has that name (exit 3)
├── WorkFailedError           the work was tried and failed (exit 1)
│   ├── ProviderError         a provider could not do the job
│   ├── ResultRejectedError   a result did not pass its quality gate
│   ├── UnknownOutcomeError   a submission may or may not have happened
│   └── StorageError          the workspace cannot be read or written
│       ├── StorageFullError  the disk is full
│       ├── StorageLockedError  another program keeps the workspace's database to itself
│       ├── StoreUnreachableError  the database server can not be reached
│       └── CommitInDoubtError  nobody knows yet whether the server stored something
└── CancelledByUserError      a person stopped it (exit 130)
"""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from pathlib import Path


class FramewrightError(Exception):
    """Something a person should hear about: a code, a sentence and the next action."""

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 1
    default_action: ClassVar[str] = ""

    def __init__(self, message: str, *, action: str = "", retryable: bool = False) -> None:
        super().__init__(message)
        self.message = message
        """What happened, to which thing: one sentence."""
        self.action = action or self.default_action
        """What the person can do next: one sentence, or empty when there is nothing to do."""
        self.retryable = retryable
        """Whether doing exactly the same again can help."""


class InputError(FramewrightError):
    """The request itself is wrong."""

    code = "input"
    exit_code = 2


class BriefError(InputError):
    """The brief cannot be read as a request."""

    code = "brief"
    default_action = "Describe what you want to see or hear, for example: an image of a red kite."


class PlanInvalidError(InputError):
    """The plan does not pass the checks."""

    code = "plan-invalid"
    default_action = "Run `framewright check` on the plan to see every finding."


class EditError(InputError):
    """An edit does not fit the plan it was made for."""

    code = "edit"
    default_action = "Look at the plan as it is now, and edit that."


class MediaError(InputError):
    """A media file is unreadable, damaged or refused."""

    code = "media"
    default_action = "Try another file, or re-export this one as MP4, PNG, JPEG or WAV."


class MediaCrashError(MediaError):
    """Reading a media file ended the process that did nothing else."""

    code = "media-crash"
    default_action = "Do not trust this file. Use another one, or re-export it where it was made."


class MediaSlowError(MediaError):
    """Reading a media file took longer than any sound file takes."""

    code = "media-slow"
    default_action = "Give a shorter or smaller file, or re-export this one."


class MediaMemoryError(MediaError):
    """Reading a media file took more memory than it may have."""

    code = "media-memory"
    default_action = "Give a smaller file, or re-export this one with fewer pixels."


class SettingsError(InputError):
    """The settings are wrong."""

    code = "settings"


class BusyError(InputError):
    """Another process is already doing this."""

    code = "busy"


class NotFoundError(FramewrightError):
    """Nothing has that name."""

    code = "not-found"
    exit_code = 3


class WorkFailedError(FramewrightError):
    """The work was tried and failed."""

    code = "work-failed"


class ProviderError(WorkFailedError):
    """A provider could not do the job."""

    code = "provider"


class ResultRejectedError(WorkFailedError):
    """A result did not pass its quality gate."""

    code = "result-rejected"


class UnknownOutcomeError(WorkFailedError):
    """A submission may or may not have reached the provider."""

    code = "unknown-outcome"


class StorageError(WorkFailedError):
    """The workspace cannot be read or written."""

    code = "storage"
    default_action = "Check that the folder exists and that you may write to it."


class StorageFullError(StorageError):
    """The disk is full."""

    code = "disk-full"
    default_action = "Free some space, then run `framewright resume` to go on where it stopped."


class StorageLockedError(StorageError):
    """Another program keeps the workspace's database to itself; nothing of this is stored."""

    code = "storage-locked"
    default_action = "Close the program that has it open, then try again."


class StoreUnreachableError(StorageError):
    """The database server can not be reached; nothing of what was asked for is stored."""

    code = "store-unreachable"
    default_action = "See that the server runs and can be reached, then try again; a run that"
    default_action += " stopped for it goes on with `framewright resume RUN`."


class CommitInDoubtError(StorageError):
    """The database server was lost in the middle of a commit: it may or may not be stored."""

    code = "commit-in-doubt"
    default_action = "Once the server can be reached, look whether it was stored."


def as_storage_error(error: OSError, where: Path) -> StorageError:
    """Return what a person should see for a failed write to or below `where`."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return StorageFullError(f"The disk of {where} is full.")
    return StorageError(f"{where} can not be written: {error.strerror or error}.")


class CancelledByUserError(FramewrightError):
    """A person stopped it."""

    code = "cancelled"
    exit_code = 130
    run: str | None = None
    """Which run that was."""
