"""Records that a value of an input became another, in the words a person reads."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from framewright.checks.repair.draft import written

if TYPE_CHECKING:
    from framewright.checks.repair.draft import Case, StepDict


def say(case: Case, step: StepDict, field: str, before: Any, after: Any, code: str) -> Any:
    """Record the change and return the value after it."""
    message = f"{step['id']}: {field} {_shown(before)} became {_shown(after)}."
    case.record.change(code, message, "set", step["id"], written((field,)), before, after)
    return after


def _shown(value: Any) -> str:
    """Return a value as JSON writes it, so that "4" and 4 differ; the length is bounded."""
    if isinstance(value, str):
        return json.dumps(value[:60], ensure_ascii=False)
    return str(value)[:60]
