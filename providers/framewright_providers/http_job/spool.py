"""Results of vendors that answer with the result itself: on disk before anybody is told.

Such a vendor has no job that could be asked for again: what was paid for and not kept is lost. So
the answer is written here, under the key of its submission, and stays until some days after it was
fetched. After a crash between the answer and its record it is found here, and not paid for twice.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framewright.domain.job import ErrorCategory
from framewright.protocols import ProviderFailure, SubmitError

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER_VARIABLE = "FRAMEWRIGHT_RESULTS"
"""Environment variable that says where such results are kept."""
KEPT_DAYS = 14
_ABOUT = "about.json"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")


@dataclass(frozen=True, slots=True)
class Kept:
    """A result that is on disk."""

    files: tuple[Path, ...]
    urls: tuple[str, ...]
    """Where further files lie that the vendor only named."""
    text: str | None
    cost: float | None
    """In US dollars; None where the vendor did not say."""
    notes: tuple[str, ...]


class Spool:
    """Kept results of one vendor; its methods touch the disk, and belong on a thread."""

    def __init__(self, vendor: str, folder: Path | None = None) -> None:
        """Keep results below `folder`, by default in the person's folder for such files."""
        self._vendor, self._given = vendor, folder

    @property
    def folder(self) -> Path:
        """Where the results are."""
        if self._given is not None:
            return self._given / self._vendor
        if named := os.environ.get(FOLDER_VARIABLE):
            return Path(named) / self._vendor
        import platformdirs

        return platformdirs.user_state_path("framewright") / "results" / self._vendor

    def begin(self, submission: str) -> Path:
        """Return an empty folder for what is coming; raises `SubmitError` where it can not be."""
        self._forget_old()
        coming = self._coming(submission)
        try:
            if _told(coming) is not None:
                # A whole answer that was paid for, and could not be kept to the end.
                coming.rename(self._kept(submission))
            if coming.exists():
                shutil.rmtree(coming)
            coming.mkdir(parents=True, mode=0o700)
        except OSError as error:
            # Nothing has been asked for yet: a result that can not be kept is not paid for.
            words = f"Results can not be kept in {self.folder}: {error.strerror}."
            failure = ProviderFailure(ErrorCategory.UNKNOWN, words, "Free some space there.")
            raise SubmitError(failure) from None
        return coming

    def finish(
        self,
        submission: str,
        files: tuple[Path, ...],
        *,
        urls: tuple[str, ...] = (),
        text: str | None = None,
        cost: float | None = None,
        notes: tuple[str, ...] = (),
    ) -> str:
        """Keep what has come, all of it or nothing, and return the id that it has from now on."""
        coming = self._coming(submission)
        sizes = [path.stat().st_size for path in files]
        names = [path.name for path in files]
        about = {"files": names, "sizes": sizes, "text": text, "cost": cost}
        told = json.dumps({**about, "urls": urls, "notes": notes})
        # First of all, so that what is whole is found where a full disk stops what follows.
        (coming / _ABOUT).write_text(told, "utf-8")
        for path in (*files, coming / _ABOUT):
            with path.open("rb") as file:
                os.fsync(file.fileno())
        _sync_folder(coming)
        kept = self._kept(submission)
        if kept.exists():
            shutil.rmtree(kept)
        coming.rename(kept)
        _sync_folder(self.folder)
        return submission

    def drop(self, submission: str) -> None:
        """Forget a submission that came to nothing."""
        shutil.rmtree(self._coming(submission), ignore_errors=True)

    def find(self, submission: str) -> Kept | None:
        """Return what was kept of a submission; None where nothing whole is there."""
        if _NAME.fullmatch(submission) is None:
            return None
        kept = self._kept(submission)
        if (told := _told(kept, any_size=True)) is None:
            kept = self._coming(submission)
            if (told := _told(kept)) is None:
                return None
        files = tuple(kept / Path(name).name for name in told["files"])
        urls, notes = (tuple(told.get(each, ())) for each in ("urls", "notes"))
        return Kept(files, urls, told.get("text"), told.get("cost"), notes)

    def copy(self, submission: str, folder: Path) -> Kept:
        """Copy the files of a result into a folder, which is made; raises `SubmitError`."""
        found = self.find(submission)
        if found is None or not all(each.is_file() for each in found.files):
            raise SubmitError(self.missing())
        folder.mkdir(parents=True, exist_ok=True)
        copies = tuple(Path(shutil.copy2(each, folder / each.name)) for each in found.files)
        return replace(found, files=copies)

    def missing(self) -> ProviderFailure:
        """Return the failure of a result that was kept, and is not there."""
        words = "The result was kept on this machine, and is not there any more."
        action = f"See whether {self.folder} was emptied; another machine may have it."
        return ProviderFailure(ErrorCategory.NOT_FOUND, words, action)

    def _coming(self, submission: str) -> Path:
        return self.folder / f".{_checked(submission)}.coming"

    def _kept(self, submission: str) -> Path:
        return self.folder / _checked(submission)

    def _forget_old(self, now: Callable[[], float] = time.time) -> None:
        """Remove what was kept long ago."""
        if not self.folder.is_dir():
            return
        oldest = now() - KEPT_DAYS * 86_400
        # Another process may do the same just now.
        with suppress(OSError):
            for each in self.folder.iterdir():
                if each.stat().st_mtime < oldest:
                    shutil.rmtree(each, ignore_errors=True)


def _told(folder: Path, *, any_size: bool = False) -> dict[str, Any] | None:
    """Return what is said of the answer in a folder; None where it is not whole.

    With `any_size` also where a file is not there, or is shorter than it was.
    """
    try:
        told: dict[str, Any] = json.loads((folder / _ABOUT).read_text("utf-8"))
        if not any_size:
            found = [(folder / Path(name).name).stat().st_size for name in told["files"]]
            return told if found == told["sizes"] else None
    except (OSError, ValueError, KeyError):
        return None
    return told


def _checked(submission: str) -> str:
    if _NAME.fullmatch(submission) is None:
        raise ValueError(f"{submission!r} is no key of a submission.")
    return submission


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
