"""The short form of `make fuzz`: a few hundred changed files through every reader."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from framewright.catalog.catalog import ports
from framewright.studio.catalogs import load_catalog
from framewright_providers.local.errands import LocalJob
from fuzz import READERS, Place, fuzz
from fuzz_texts import fuzz_texts
from hostile_files import changed, samples

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

CASES = 330
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


def test_every_file_that_a_local_model_is_given_is_fuzzed(tmp_path: Path) -> None:
    names = ("bad", "desk", "film", "wave", "picture", "words")
    place = Place(*(tmp_path / name for name in names))
    jobs = [each for _, make in READERS.values() if isinstance(each := make(place), LocalJob)]
    fuzzed = {
        (job.model, field)
        for job in jobs
        for field, value in job.inputs.items()
        if _holds(value, [each.path == place.bad for each in job.files])
    }
    cards = load_catalog([]).cards.values()
    taken = {
        (card.id, port.field) for card in cards if card.provider == "local" for port in ports(card)
    }
    assert taken <= fuzzed


def _holds(value: Any, bad: Sequence[bool]) -> bool:
    """Tell whether a file of a job, or of a list of them, is the one that is changed."""
    if isinstance(value, list):
        return any(_holds(each, bad) for each in value)
    return isinstance(value, dict) and any(bad[at] for at in value.values())


def test_a_case_is_the_same_each_time(tmp_path: Path) -> None:
    files = samples(tmp_path)
    one = [changed(files[0], files, random.Random(f"1:{number}")) for number in range(50)]
    assert one == [changed(files[0], files, random.Random(f"1:{number}")) for number in range(50)]
    assert len(set(one)) > 40
