"""Numbers that every rule can reckon with: what a catalog or a text writes may be none."""

from __future__ import annotations

import sys
from typing import Any, TypeGuard


def is_finite(value: Any) -> TypeGuard[int | float]:
    """Tell whether a value is a number that a float can hold, and no truth."""
    good = isinstance(value, (int, float)) and not isinstance(value, bool)
    return good and -sys.float_info.max <= value <= sys.float_info.max


def bound(schema: dict[str, Any], name: str) -> int | float | None:
    """Return a schema's bound; None where there is none, or it is no number."""
    value = schema.get(name)
    return value if is_finite(value) else None
