"""Findings as lines for people: the worst first, each with what would mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from framewright.cli.answer import console
from framewright.domain.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framewright.domain.finding import Finding

_STYLES = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "bright_black"}


def print_findings(findings: Sequence[Finding]) -> None:
    """Print each finding on a line, with its fix on the next."""
    order = list(_STYLES)
    for finding in sorted(findings, key=lambda each: order.index(each.severity)):
        style = _STYLES[finding.severity]
        where = ".".join(part for part in (finding.step, finding.field) if part)
        line = Text.assemble((f"{finding.severity:<8}", style), (f"{where}  ", "cyan"))
        console().print(line + Text(finding.message) + Text(f"  {finding.code}", "bright_black"))
        if finding.fix:
            console().print(Text(f"        {finding.fix}", "bright_black"))
