"""A pattern of words and what it means; pieces that many patterns are made of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from framewright.domain.job import ErrorCategory


class Rule(NamedTuple):
    """Words that mean a category, and what else is said or not said."""

    category: ErrorCategory
    says: re.Pattern[str]
    unless: re.Pattern[str] | None = None
    """Words beside which it means something else."""
    beside: re.Pattern[str] | None = None
    """Words without which it means something else; codes count as such."""


def anyof(*patterns: str) -> re.Pattern[str]:
    """Return a pattern for any of these, in any case.

    Gaps in them are bounded, so that no text makes them slow.
    """
    return re.compile("|".join(f"(?:{each})" for each in patterns), re.IGNORECASE)


def meant(rules: tuple[Rule, ...], words: str, around: str) -> ErrorCategory | None:
    """Return what words mean; `around` is all that was said, codes included."""
    for rule in rules:
        if rule.says.search(words) is None:
            continue
        if rule.unless is not None and rule.unless.search(around):
            continue
        if rule.beside is None or rule.beside.search(around):
            return rule.category
    return None


FEW = r"(?:[\w'-]+ ){0,3}"
"""Up to three words in between."""
NEAR = r".{0,40}"
IS = r"(?:(?:is|was|are|were|be|been|has been|have been|got) )?"
MEDIA = (
    r"(?:images?|pictures?|photos?|videos?|audios?|clips?|media|masks?|frames?|files?|assets?"
    r"|archives?|zip|portraits?|footage|recordings?|selfies?|pixels|sound|documents?|pdf)"
)
GONE = r"(?:deprecated|removed|retired|decommissioned|discontinued|sunset|shut ?down|deleted)"
