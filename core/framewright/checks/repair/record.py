"""The record a repair keeps while it works: changes, and what it could not decide."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from framewright.checks.repair.outcome import Change, Operation, Question
from framewright.domain.finding import Finding, Severity

Op = Literal["read", "set", "unset", "rename", "add", "remove", "move"]


@dataclass(slots=True)
class Record:
    """Everything that was done and everything that is open."""

    changes: list[Change] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    """For the person."""
    open: list[Finding] = field(default_factory=list)
    """For the language model."""
    refused: list[Finding] = field(default_factory=list)

    def size(self) -> int:
        """Return how much is on record; a round that adds nothing has changed nothing."""
        return len(self.changes) + len(self.questions) + len(self.open) + len(self.refused)

    def read(self, code: str, message: str) -> None:
        """Note something that was done to the text or its frame, once for each code."""
        if all(each.code != code for each in self.changes):
            self.changes.append(Change(code=code, message=message, operation=Operation(op="read")))

    def change(
        self,
        code: str,
        message: str,
        op: Op,
        step: str | None = None,
        path: str | None = None,
        before: Any = None,
        after: Any = None,
    ) -> None:
        """Note a change of the plan."""
        given = {"step": step, "path": path, "before": before, "after": after}
        parts = {name: value for name, value in given.items() if value is not None}
        self.changes.append(Change(code=code, message=message, operation=Operation(op=op, **parts)))

    def ask_person(self, code: str, message: str, *choices: str) -> None:
        """Leave a decision to the person."""
        asked = Question(code=code, message=message, choices=choices)
        if asked not in self.questions:
            self.questions.append(asked)

    def ask_model(
        self, code: str, message: str, step: str | None = None, at: str | None = None
    ) -> None:
        """Leave something to the language model; the message tells it what to do."""
        self._note(self.open, code, message, step, at)

    def refuse(
        self, code: str, message: str, step: str | None = None, at: str | None = None
    ) -> None:
        """Refuse the whole answer."""
        self._note(self.refused, code, message, step, at)

    @staticmethod
    def _note(
        into: list[Finding], code: str, message: str, step: str | None, at: str | None
    ) -> None:
        parts = {name: value for name, value in (("step", step), ("field", at)) if value}
        found = Finding(code=code, severity=Severity.ERROR, message=message, **parts)
        if found not in into:
            into.append(found)
