"""Reads a failed answer into one category, with what a person should hear of it. Pure and total."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from framewright.domain.job import ErrorCategory as Category
from framewright.failures.codes import GENERAL, VAGUE, VENDORS, plain
from framewright.failures.patterns import STRONG
from framewright.failures.redaction import redacted
from framewright.failures.shape import Shape, shape
from framewright.failures.statuses import of_status
from framewright.failures.waits import wait_seconds
from framewright.failures.words import happened, next_action

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from framewright.failures.answer import Answer

_PASSING = frozenset({Category.RATE_LIMIT, Category.CAPACITY, Category.OUTAGE})
"""What is gone in a while, so that the same request may go through later."""
_URGENT = frozenset({Category.BILLING, Category.AUTHENTICATION})
"""What stops everything at a provider until a person mends it."""
_QUOTED = frozenset({Category.INPUT_MEDIA, Category.INVALID_PARAMETERS, Category.NOT_FOUND})
_FIRST = (
    Category.CONTENT_POLICY,
    Category.BILLING,
    Category.AUTHENTICATION,
    Category.RATE_LIMIT,
    Category.CAPACITY,
    Category.INPUT_MEDIA,
    Category.NOT_FOUND,
    Category.CANCELLED,
    Category.INVALID_PARAMETERS,
    Category.OUTAGE,
)
"""Of several codes in one body the one that says most."""
_MOST_WORDS = 12_000


class Fault(StrEnum):
    """Whose it is to mend."""

    YOURS = "yours"
    """The request, its files, the key, the credit, or how fast you ask."""
    PROVIDER = "provider"
    NOBODY = "nobody"
    """It was called off."""
    UNCLEAR = "unclear"


_FAULTS = {
    Category.CAPACITY: Fault.PROVIDER,
    Category.OUTAGE: Fault.PROVIDER,
    Category.CANCELLED: Fault.NOBODY,
    Category.UNKNOWN: Fault.UNCLEAR,
}


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What a failed answer means. Nothing in it holds a secret or a provider's raw text."""

    category: Category
    retryable: bool
    """Whether the very same request may go through later. Never for what a person must mend."""
    fault: Fault
    field: str | None
    """The input at fault where the body names it, such as `voice_settings.stability`."""
    message: str
    """What happened, to which thing: one sentence."""
    action: str
    """What a person can do next."""
    retry_after_seconds: float | None
    """How long the provider asks to wait."""
    code: str
    """The provider's own code or type; empty where it gives none."""
    urgent: bool
    """Whether a person should hear of it at once: nothing will work there before it is mended."""


def classify(answer: Answer, *, now_ms: int | None = None) -> Diagnosis:
    """Return what a failed answer means; never raises, whatever is in it.

    `now_ms` is Unix time in milliseconds, for a `Retry-After` that names a moment where the answer
    has no `Date` of its own.
    """
    said = shape(answer.body)
    headers = {str(name).lower(): str(value)[:400] for name, value in answer.headers.items()}
    if told := headers.get("x-fal-error-type"):
        said.codes.insert(0, told)
    category, code = _category(answer, said)
    again = _retryable(category, headers)
    resets = category in {Category.RATE_LIMIT, Category.CAPACITY}
    wait = wait_seconds(headers, said, resets=resets, now_ms=now_ms)
    field = redacted(said.fields[0]) if said.fields else None
    quoted = said.texts[0] if category in _QUOTED and said.texts else ""
    return Diagnosis(
        category=category,
        retryable=again,
        fault=_FAULTS.get(category, Fault.YOURS),
        field=field,
        message=happened(category, answer.provider, field, quoted),
        action=next_action(category, answer.provider, field, wait, again=again),
        retry_after_seconds=wait,
        code=redacted(code)[:80],
        urgent=category in _URGENT,
    )


def _category(answer: Answer, said: Shape) -> tuple[Category, str]:
    """Return the category, and the provider's code that says so, or else its first one."""
    found = _of_codes(answer.provider, said.codes)
    for category in _FIRST:
        if category in found:
            return category, found[category]
    first = next((each for each in said.codes if not each.isdigit()), "")
    words = "\n".join((said.words, *map(_as_words, said.codes[:20])))[:_MOST_WORDS]
    ways: tuple[Callable[[], Category | None], ...] = (
        lambda: _of_words(words),
        lambda: next((VAGUE[plain(each)] for each in said.codes if plain(each) in VAGUE), None),
        lambda: of_status(answer.status),
        lambda: _of_words(said.tales[-1]) if said.tales else None,
        lambda: next(filter(None, map(of_status, said.statuses)), None),
    )
    for way in ways:
        meant = way()
        if meant is not None:
            return meant, first
    return Category.UNKNOWN, first


def _of_codes(provider: str, codes: list[str]) -> dict[Category, str]:
    """Return what the codes mean that leave no doubt, each with the first code that says so."""
    own = VENDORS.get(provider.strip().lower(), {})
    found: dict[Category, str] = {}
    for code in codes:
        for name in _names(code):
            category = own.get(name)
            if category is None and name not in VAGUE:
                category = GENERAL.get(name)
            if category is not None:
                found.setdefault(category, code)
    return found


def _names(code: str) -> Iterator[str]:
    """Yield a code as tables may hold it: whole, and the last part of `SAFETY.INPUT.TEXT`."""
    yield plain(code)
    for separator in (".", ":", "#", "/"):
        if separator in code:
            yield plain(code.rsplit(separator, 1)[-1])


def _of_words(words: str) -> Category | None:
    for category, pattern in STRONG:
        if pattern.search(words):
            return category
    return None


def _as_words(code: str) -> str:
    """Return a code as words: `insufficientUserQuota` and `insufficient_user_quota` alike."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", code[:120])
    return re.sub(r"[_.\-:/#]+", " ", spaced).lower()


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
