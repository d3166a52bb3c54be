"""Processes that carry jobs are killed, and no job is lost, stuck or submitted twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import kill_rounds
from framewright.domain.job import JobState

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("seed", [1, 2])
def test_killed_at_any_moment_every_job_ends_once(tmp_path: Path, seed: int) -> None:
    outcome, tally = kill_rounds.kill_rounds(tmp_path, seed, rounds=10, jobs=500)
    told = kill_rounds.account(tmp_path, outcome, tally)
    assert kill_rounds.problems(tmp_path, outcome, tally) == [], told
    # It was worth the trouble: some were killed, and some jobs were cut in two by it.
    assert outcome.kills >= 5
    states = {row.state for row in kill_rounds.stored(tmp_path).values()}
    assert states >= {JobState.SUCCEEDED, JobState.DEAD}, told
