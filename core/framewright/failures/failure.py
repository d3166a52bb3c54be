"""A failed answer as the router takes it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from framewright.failures.redaction import redacted
from framewright.protocols import ProviderFailure

if TYPE_CHECKING:
    from framewright.failures.answer import Answer

MOST_DETAIL = 4_000
"""Characters of a provider's text that go to the log."""
_HOLDS_KEYS = frozenset({"current_inputs", "current_outputs", "extra_data", "extra_pnginfo"})
"""Of a ComfyUI server's answer: what a node was given, keys of others among it."""


def failure(answer: Answer, *, cost: float = 0.0, now_ms: int | None = None) -> ProviderFailure:
    """Return what a failed answer means for a job, with `cost` US dollars charged all the same.

    `now_ms` is Unix time in milliseconds, for a wait that names a moment.
    """
    # Its patterns are many; only who fails waits for them.
    from framewright.failures.classify import classify

    found = classify(answer, now_ms=now_ms)
    return ProviderFailure(
        category=found.category,
        message=found.message,
        action=found.action,
        detail=detail(answer),
        retryable=found.retryable,
        retry_after_seconds=found.retry_after_seconds,
        cost=cost,
    )


def detail(answer: Answer) -> str:
    """Return the raw text for the log: bounded, in printable characters, without secrets."""
    body = answer.body[: 4 * MOST_DETAIL]
    if any(key in body for key in _HOLDS_KEYS):
        body = _without_keys(answer.body)
    body = redacted(body)
    clean = "".join(each if each.isprintable() or each == "\n" else " " for each in body).strip()
    if len(clean) > MOST_DETAIL:
        clean = f"{clean[: MOST_DETAIL // 2]} … {clean[-MOST_DETAIL // 2 :]}"
    status = "" if answer.status is None else f"HTTP {answer.status}: "
    return f"{status}{clean}".strip()


def _without_keys(body: str) -> str:
    try:
        return json.dumps(_stripped(json.loads(body), 0))
    except (ValueError, RecursionError):
        # Not JSON after all, or cut short: what stands before is all that can be trusted.
        return re.split("|".join(_HOLDS_KEYS), body, maxsplit=1)[0]


def _stripped(value: Any, deep: int) -> Any:
    if deep > 40:
        return "…"
    if isinstance(value, dict):
        return {
            key: "[left out]" if key in _HOLDS_KEYS else _stripped(inner, deep + 1)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [_stripped(inner, deep + 1) for inner in value]
    return value
