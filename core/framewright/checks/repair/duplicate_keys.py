"""Decides between two values of one key where the brief does; leaves the rest to the model."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from framewright.checks.repair.record import Record
    from framewright.checks.repair.text.lenient_json import Conflict


def settle_conflicts(conflicts: list[Conflict], brief: str, record: Record) -> None:
    """Take for each doubled key the value the brief names, or the union of two lists of names."""
    for conflict in conflicts:
        named = [value for value in conflict.values if _in_brief(value, brief)]
        filled = [value for value in conflict.values if value not in (None, "", [], {})]
        if len(named) == 1:
            conflict.holder[conflict.key] = named[0]
        elif len(filled) == 1:
            conflict.holder[conflict.key] = filled[0]
        elif all(isinstance(value, dict) for value in conflict.values):
            merged = _union(conflict.values)
            if merged is None:
                _ask(conflict, record)
            else:
                conflict.holder[conflict.key] = merged
        elif conflict.key == "depends_on" and all(isinstance(v, list) for v in conflict.values):
            both = [each for value in conflict.values for each in value]
            conflict.holder[conflict.key] = [e for at, e in enumerate(both) if e not in both[:at]]
        else:
            _ask(conflict, record)


def _ask(conflict: Conflict, record: Record) -> None:
    values = " and ".join(repr(value)[:60] for value in conflict.values[:3])
    message = f"The key {conflict.key!r} stands twice, with {values}. Write it once."
    record.ask_model("json_duplicate_key", message)


def _union(values: list[Any]) -> dict[str, Any] | None:
    made: dict[str, Any] = {}
    for value in values:
        for key, inner in value.items():
            if key in made and made[key] != inner:
                return None
            made[key] = inner
    return made


def _in_brief(value: Any, brief: str) -> bool:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)) or not str(value):
        return False
    return bool(re.search(rf"(?<![\w.]){re.escape(str(value).lower())}(?!\w|\.\d)", brief.lower()))
