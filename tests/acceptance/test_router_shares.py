"""Three processes on one workspace share a provider fairly, and never take more than its places."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import fair_rounds

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.parametrize("places", [1, 8])
@pytest.mark.parametrize("desks", [fair_rounds.together, fair_rounds.apart])
def test_while_all_have_jobs_waiting_they_share_by_weight(
    tmp_path: Path, desks: Callable[[int], list[fair_rounds.Chains]], places: int
) -> None:
    order, tally = fair_rounds.served(tmp_path, desks(30), places)
    assert len(order) > 20
    assert fair_rounds.furthest_apart(order, fair_rounds.WEIGHTS) <= 1e-9, order
    assert 0 < tally.most[f"model {fair_rounds.MODEL}"] <= places


def test_nobody_starves_while_one_tenant_floods_the_queue(tmp_path: Path) -> None:
    places = 4
    found = fair_rounds.flood(tmp_path, jobs=2_000, each=8, places=places)
    # In the order of their coming it would be two thousand turns.
    assert max(found.waited) <= 100 < found.left
    assert found.tally.most[f"model {fair_rounds.MODEL}"] == places
