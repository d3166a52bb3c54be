"""What follows when a job failed: the class of its error decides. Pure; nothing is done here."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from framewright.domain.job import ErrorCategory

if TYPE_CHECKING:
    from framewright.domain.job import JobError

_PASSING = frozenset({ErrorCategory.RATE_LIMIT, ErrorCategory.CAPACITY, ErrorCategory.OUTAGE})
"""Troubles of the provider that are gone in a while."""
_OF_INPUTS = frozenset({ErrorCategory.INPUT_MEDIA, ErrorCategory.INVALID_PARAMETERS})
"""Troubles with what was asked."""


class Decision(StrEnum):
    """What is done about a failed job."""

    REPAIR = "repair"
    """The inputs are made plainer, and then once more."""
    REROUTE = "reroute"
    """Another provider's model that does the same."""
    ASK = "ask"
    """Only a person can say what is to be done: the step has failed."""


def decide(error: JobError, *, repairable: bool, elsewhere: bool) -> Decision:
    """Return what follows a failure that the router does not try again as it was.

    `repairable` says that its inputs can be made plainer, `elsewhere` that another provider has
    a model for it that costs no more. Bills, and what a provider will not make, are for a
    person. Nothing here is ever decided for a job of unknown outcome: that one may have been
    paid for.
    """
    if error.category in _PASSING or (error.category is ErrorCategory.UNKNOWN and error.retryable):
        return Decision.REROUTE if elsewhere else Decision.ASK
    if error.category in _OF_INPUTS and repairable:
        return Decision.REPAIR
    return Decision.ASK
