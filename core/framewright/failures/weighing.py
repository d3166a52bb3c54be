"""Weighs what a failed answer says: codes and types first, then words, its status last."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from framewright.domain.job import ErrorCategory as Category
from framewright.failures.codes import GENERAL, VAGUE, VENDORS, plain
from framewright.failures.patterns import outages
from framewright.failures.patterns.codewords import OF_CODES
from framewright.failures.patterns.hints import HINTS
from framewright.failures.patterns.order import OF_LESSER_TEXTS, OF_TEXTS
from framewright.failures.patterns.rule import meant
from framewright.failures.statuses import BLAMES, CERTAIN, SURE, of_status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from framewright.failures.shape import Shape

_FIRST = (
    Category.CONTENT_POLICY,
    Category.BILLING,
    Category.AUTHENTICATION,
    Category.CAPACITY,
    Category.RATE_LIMIT,
    Category.INPUT_MEDIA,
    Category.NOT_FOUND,
    Category.CANCELLED,
    Category.INVALID_PARAMETERS,
    Category.OUTAGE,
)
"""Of several codes in one body the one that says most."""
_MOST_WORDS = 6_000
_MOST_CODES = 20
_NO_KEY = 401
_PASSING = frozenset({Category.RATE_LIMIT, Category.CAPACITY, Category.OUTAGE})
"""What no wrong key is, whatever is said of how busy they are."""
_SAYS = frozenset({"", "failed", "fail", "failure", "error", "false", "completed", "none"})
"""Words of states, which are no codes."""
_GENERAL = frozenset({None, Category.INVALID_PARAMETERS})
"""What a status means that says no more than that something is wrong."""
_SOFT = frozenset({Category.INVALID_PARAMETERS, Category.OUTAGE})
_TELLING = tuple(rule for rule in OF_CODES if rule.category not in _SOFT)
"""What codes say that goes before words; the others are as vague as `invalid_request`."""
_FILE = re.compile(r"\b(?:image|video|audio|mask|frame|media|file|face|photo)s?\d?\b")
_FILE_IN_NAME = re.compile(r"_(?=(?:image|video|audio|media|mask|file|url)s?(?:_|\b))")
"""What joins a file to other words: `reference_video_urls`."""
_OF_A_FILE = re.compile(
    r"\b(?:size|strength|count|num|number|quality|style|format|ratio|length|duration|fps|rate"
    r"|weight|guidance|scale|model|type|name|id)s?$|\bnum\b"
)
"""Ends of names of settings that are no files: `image_size`, `num_frames`."""


def weighed(provider: str, status: int | None, said: Shape) -> tuple[Category, str]:
    """Return the category, and the provider's code that says so, or else its first one."""
    found = _of_tables(provider, said.codes)
    for category in _FIRST:
        if category in found:
            return category, found[category]
    first = next((each for each in said.codes if plain(each).strip("0123456789") not in _SAYS), "")
    telling = [each for each in said.codes[:_MOST_CODES] if plain(each) not in VAGUE]
    codes = "\n".join(map(as_words, telling))
    texts = _about(said)[:_MOST_WORDS]
    around = "\n".join((texts, *map(as_words, said.codes[:_MOST_CODES])))
    inner = status if (status or 0) >= 400 else next(iter(said.statuses), None)
    ways: tuple[Callable[[], Category | None], ...] = (
        lambda: CERTAIN.get(inner or 0),
        lambda: meant(_TELLING, codes, around),
        lambda: meant(OF_TEXTS, texts, around),
        lambda: of_status(status) if status in SURE else None,
        lambda: meant(OF_LESSER_TEXTS, texts, around),
        lambda: _of_vague(said.codes, status, texts, around),
        lambda: meant(OF_CODES, codes, around),
        lambda: meant(HINTS, texts, around) if of_status(status) in _GENERAL else None,
        lambda: of_status(status),
        lambda: meant(OF_TEXTS + OF_LESSER_TEXTS, said.tales[-1], "") if said.tales else None,
        lambda: of_status(inner),
        lambda: meant((outages.VAGUE,), texts, around),
    )
    for way in ways:
        told = way()
        if told is not None and not (status == _NO_KEY and told in _PASSING):
            return told, first
    return Category.UNKNOWN, first


def _of_vague(codes: list[str], status: int | None, texts: str, around: str) -> Category | None:
    """Return what the codes mean that say little: words that hint, or a status, may say more."""
    found = next((VAGUE[plain(each)] for each in codes if plain(each) in VAGUE), None)
    if found is Category.OUTAGE and status in BLAMES:
        return None
    if found is Category.INVALID_PARAMETERS:
        return meant(HINTS, texts, around) or found
    return found


def _of_tables(provider: str, codes: list[str]) -> dict[Category, str]:
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


def _about(said: Shape) -> str:
    """Return what is said in sentences, and of which file where it is said of one."""
    words = _FILE_IN_NAME.sub(" ", said.words)
    field = as_words(said.fields[0]) if said.fields else ""
    if _FILE.search(field) and not _OF_A_FILE.search(field):
        return f"{field}: {words}"
    return words


def _names(code: str) -> Iterator[str]:
    """Yield a code as tables may hold it: whole, and the last part of `SAFETY.INPUT.TEXT`."""
    yield plain(code)
    for separator in (".", ":", "#", "/"):
        if separator in code:
            yield plain(code.rsplit(separator, 1)[-1])


def as_words(code: str) -> str:
    """Return a code as words: `insufficientUserQuota` and `insufficient_user_quota` alike."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", code[:120])
    return re.sub(r"[_.\-:/#]+", " ", spaced).lower()
