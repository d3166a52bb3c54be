"""What a check found: one statement a person can act on."""

from __future__ import annotations

from enum import StrEnum

from framewright.domain.value import SparseValue


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    """The plan can not run."""
    WARNING = "warning"
    """The plan runs, and the result may surprise."""
    NOTE = "note"
    """Worth knowing."""


class Finding(SparseValue):
    """One result of a check."""

    code: str
    """Stable, for example `ref_dangling`; the vocabulary stands in `checks.codes`."""
    severity: Severity
    message: str
    """One sentence: what is wrong, with the names of the things."""
    step: str | None = None
    field: str | None = None
    """Path into the step's inputs, for example `videos[1]`."""
    fix: str | None = None
    """What would mend it, in a few words; absent where only a person knows."""


def errors(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return those findings that keep a plan from running."""
    return tuple(finding for finding in findings if finding.severity is Severity.ERROR)
