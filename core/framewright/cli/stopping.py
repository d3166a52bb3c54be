"""Says what is still open of a run's jobs: what has not stopped yet, and what nobody knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framewright.domain.job import JobSummary
    from framewright.studio.studio import Studio

MOST_JOBS = 1_000


@dataclass(frozen=True, slots=True)
class OpenJobs:
    """Jobs that a provider may still work on though nobody waits for them here."""

    stopping: tuple[JobSummary, ...] = ()
    """Called off, without their provider having said that they are over."""
    undecided: tuple[JobSummary, ...] = ()
    """Of which nobody knows whether their provider has them: a person has to look there."""

    def words(self, run: str) -> str:
        """Return what a person should know of them, as sentences; none, no words."""
        return " ".join([*_stopping(self.stopping, run), *_undecided(self.undecided)])


async def open_jobs(studio: Studio, run: str) -> OpenJobs:
    """Return what is open of a run that nobody works on any more."""
    found = await studio.jobs(run=run, most=MOST_JOBS)
    lost = tuple(job for job in found if job.state == "unknown" and job.remote_id is None)
    stopping = tuple(job for job in found if job.called_off and job not in lost)
    return OpenJobs(stopping, lost)


async def still_stopping(studio: Studio, run: str) -> str:
    """Return sentences on the jobs of a run that are still open; none, no words."""
    return (await open_jobs(studio, run)).words(run)


def _stopping(found: Sequence[JobSummary], run: str) -> list[str]:
    if not found:
        return []
    one = len(found) == 1
    many = "1 job is" if one else f"{len(found)} jobs are"
    theirs, over = ("its place is", "it is over") if one else ("their places are", "they are over")
    where = " and ".join(sorted({job.provider for job in found}))
    return [
        f"{many} still being stopped at {where}, and may yet be done and paid for; {theirs} taken "
        f"until {where} says that {over}. Whatever works on this workspace finds that out; "
        f"`framewright jobs cancel {found[0].id}` asks now, `framewright jobs list --run {run}` "
        "shows how they stand."
    ]


def _undecided(found: Sequence[JobSummary]) -> list[str]:
    if not found:
        return []
    job = found[0]
    many = "1 job" if len(found) == 1 else f"{len(found)} jobs"
    where = " and ".join(sorted({each.provider for each in found}))
    return [
        f"Nobody knows what became of {many} at {where}: look there. `framewright jobs show "
        f"{job.id}` says how to decide; until then the place and the money stay reserved."
    ]
