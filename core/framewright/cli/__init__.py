"""The headless front door: `framewright` on the command line.

Nothing heavy is imported before a command needs it, so that `--help` answers at once.
"""

from __future__ import annotations


def main() -> None:
    """Run the command line and leave the process with its exit code."""
    from framewright.cli.leave import run_and_leave

    run_and_leave()
