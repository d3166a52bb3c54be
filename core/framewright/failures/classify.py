"""Reads a failed answer into one category, with what a person should hear of it. Pure and total."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.domain.job import URGENT
from framewright.domain.job import ErrorCategory as Category
from framewright.failures.diagnosis import Diagnosis as Diagnosis
from framewright.failures.diagnosis import Fault as Fault
from framewright.failures.naming import named_field
from framewright.failures.redaction import redacted
from framewright.failures.shape import shape
from framewright.failures.waits import wait_seconds
from framewright.failures.weighing import weighed
from framewright.failures.words import happened, next_action, telling

if TYPE_CHECKING:
    from collections.abc import Mapping

    from framewright.failures.answer import Answer
    from framewright.failures.shape import Shape

_PASSING = frozenset({Category.RATE_LIMIT, Category.CAPACITY, Category.OUTAGE})
"""What is gone in a while, so that the same request may go through later."""
_NEVER = frozenset({401, 402})
"""Statuses of keys and bills: whatever else is said, the same again would not go through."""
_OF_INPUTS = frozenset({Category.INPUT_MEDIA, Category.INVALID_PARAMETERS})
_QUOTED = frozenset(
    {
        Category.AUTHENTICATION,
        Category.INPUT_MEDIA,
        Category.INVALID_PARAMETERS,
        Category.NOT_FOUND,
        Category.UNKNOWN,
    }
)
"""Kinds of which a person can not know what to do without the provider's own words."""


_FAULTS = {
    Category.CAPACITY: Fault.PROVIDER,
    Category.OUTAGE: Fault.PROVIDER,
    Category.CANCELLED: Fault.NOBODY,
    Category.UNKNOWN: Fault.UNCLEAR,
}


def classify(answer: Answer, *, now_ms: int | None = None) -> Diagnosis:
    """Return what a failed answer means; never raises, whatever is in it.

    `now_ms` is Unix time in milliseconds, for a `Retry-After` that names a moment where the answer
    has no `Date` of its own.
    """
    said = shape(answer.body)
    headers = {str(name).lower(): str(value)[:400] for name, value in answer.headers.items()}
    if told := headers.get("x-fal-error-type"):
        said.codes.insert(0, told)
    category, code = weighed(answer.provider, answer.status, said)
    if headers.get("cf-mitigated") == "challenge":
        # Who stands before the provider takes us for no person: the key was not looked at.
        category, code = Category.OUTAGE, ""
    again = answer.status not in _NEVER and _retryable(category, headers)
    resets = category in {Category.RATE_LIMIT, Category.CAPACITY}
    wait = wait_seconds(headers, said, resets=resets, now_ms=now_ms)
    field = _field(category, said)
    quoted = telling(said.texts) if category in _QUOTED else ""
    return Diagnosis(
        category=category,
        retryable=again,
        fault=_FAULTS.get(category, Fault.YOURS),
        field=field,
        message=happened(category, answer.provider, field, quoted),
        action=next_action(category, answer.provider, field, wait, again=again),
        retry_after_seconds=wait,
        code=redacted(code)[:80],
        urgent=category in URGENT,
    )


def _field(category: Category, said: Shape) -> str | None:
    """Return the input at fault: where the body says so, or else in its words."""
    if said.fields:
        return redacted(said.fields[0])
    named = named_field(said.texts) if category in _OF_INPUTS else None
    return redacted(named) if named else None


def _retryable(category: Category, headers: Mapping[str, str]) -> bool:
    """Tell whether the same may go through later; a provider's own word counts for some."""
    told = next(
        (
            headers[name].strip().lower()
            for name in ("x-should-retry", "x-fal-retryable", "x-fal-needs-retry")
            if name in headers
        ),
        "",
    )
    if category in _PASSING:
        return told not in {"false", "0"}
    return category is Category.UNKNOWN and told in {"true", "1"}
