"""Says what providers have not stopped yet of a run that was called off."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from framewright.studio.studio import Studio

MOST_JOBS = 1_000


async def still_stopping(studio: Studio, run: str) -> str:
    """Return a sentence on the jobs of a run that are still to be stopped; none, no words."""
    found = [job for job in await studio.jobs(run=run, most=MOST_JOBS) if job.called_off]
    if not found:
        return ""
    many = "1 job is" if len(found) == 1 else f"{len(found)} jobs are"
    where = " and ".join(sorted({job.provider for job in found}))
    words = f"{many} still being stopped at {where}, and may yet be done and paid for; they keep"
    return (
        f"{words} their places until {where} says that they are over. Whatever works on this "
        f"workspace finds that out. `framewright jobs list --run {run}` shows them."
    )
