"""The short form of `make fuzz`: a few hundred changed files through every reader."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from fuzz import READERS, fuzz
from fuzz_texts import fuzz_texts
from hostile_files import changed, samples

if TYPE_CHECKING:
    from pathlib import Path

CASES = 250
TEXTS = 150
SEED = 20_261_121


@pytest.mark.timeout(280)
def test_changed_files_are_read_or_refused_and_nothing_else_happens(tmp_path: Path) -> None:
    report = fuzz(tmp_path, SEED, iter(range(CASES)))
    assert report.found == []
    assert sum(report.outcomes.values()) == CASES
    assert {reader for reader, _ in report.outcomes} == set(READERS)
    assert {outcome for _, outcome in report.outcomes} == {"read", "refused"}


def test_changed_plans_catalogs_and_settings_are_read_or_refused(tmp_path: Path) -> None:
    assert fuzz_texts(tmp_path, SEED, range(TEXTS)) == []


def test_a_case_is_the_same_each_time(tmp_path: Path) -> None:
    files = samples(tmp_path)
    one = [changed(files[0], files, random.Random(f"1:{number}")) for number in range(50)]
    assert one == [changed(files[0], files, random.Random(f"1:{number}")) for number in range(50)]
    assert len(set(one)) > 40
