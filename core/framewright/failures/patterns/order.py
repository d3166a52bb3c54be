"""The order in which the words of a failed answer are asked: what leaves the least doubt first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.failures.patterns import access, inputs, limits, outages, refusals

if TYPE_CHECKING:
    from framewright.failures.patterns.rule import Rule

OF_TEXTS: tuple[Rule, ...] = (
    inputs.NAMED,
    refusals.CANCELLED,
    refusals.POLICY,
    limits.CAPACITY,
    limits.RATE,
    limits.RATE_OF_QUOTA,
    limits.BILLING,
    inputs.MEDIA_READ,
    inputs.MEDIA_KIND,
    access.NO_MODEL,
    access.AUTHENTICATION,
    access.NOT_FOUND,
)

OF_LESSER_TEXTS: tuple[Rule, ...] = (outages.SLOW, inputs.PARAMETERS, outages.OUTAGE)
"""What is asked where neither these words nor a sure status say more."""
