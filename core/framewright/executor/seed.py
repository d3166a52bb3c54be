"""Seeds: the same step asked for in the same way comes out the same."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def seed_for(step: str, model: str, inputs: dict[str, Any]) -> int:
    """Return the seed of a step run, 0 to 2^31 - 1.

    The plan's own `seed` wins; else it follows from the step's id, model and inputs, so that
    two shots with one prompt differ and a repeated run does not.
    """
    given = inputs.get("seed")
    if isinstance(given, int) and not isinstance(given, bool):
        return given % 2**31
    written = json.dumps([step, model, inputs], sort_keys=True, ensure_ascii=True)
    return int.from_bytes(hashlib.sha256(written.encode()).digest()[:4]) >> 1
