"""How far a job is, read from what its machine logs."""

from __future__ import annotations

import re

_PERCENT = re.compile(r"(\d{1,3})%\|")
_TAIL = 4_000


def fraction(logs: str) -> float | None:
    """Return what the last progress bar of tqdm says, 0 to 1; None where there is none."""
    found = _PERCENT.findall(logs[-_TAIL:])
    return min(int(found[-1]), 100) / 100 if found else None
