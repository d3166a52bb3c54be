"""Finds the name that was probably meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

LIKENESS = 72.0
"""Least likeness, 0 to 100, at which a name counts as near."""


def nearest(name: str, known: Collection[str]) -> str | None:
    """Return the known name that is most like this one, or None when none is near."""
    from rapidfuzz import fuzz, process, utils

    found = process.extractOne(
        name[:128],
        list(known),
        scorer=fuzz.ratio,
        processor=utils.default_process,
        score_cutoff=LIKENESS,
    )
    return None if found is None else str(found[0])
