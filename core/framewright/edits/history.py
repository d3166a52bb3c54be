"""Every edit of a plan in order, with the way back: unlimited undo and redo."""

from __future__ import annotations

from framewright.domain.plan import Plan
from framewright.domain.value import Value
from framewright.edits.apply import apply, difference
from framewright.edits.operation import Operation, Patch
from framewright.errors import EditError


class Edit(Value):
    """One edit: what was asked for, and how it is undone and done again."""

    said: str
    """In words, for the list a person sees."""
    operations: tuple[Operation, ...]
    forward: Patch
    back: Patch


class History(Value):
    """A plan and all its edits; `at` says how many of them are done."""

    plan: Plan
    edits: tuple[Edit, ...] = ()
    at: int = 0

    def done(self, operations: tuple[Operation, ...], said: str) -> History:
        """Return the history after an edit; what had been undone before is gone.

        All operations land or none does. Raises `EditError`.
        """
        after = self.plan
        for each in operations:
            after = apply(after, each)
        edit = Edit(
            said=said,
            operations=operations,
            forward=difference(self.plan, after),
            back=difference(after, self.plan),
        )
        return History(plan=after, edits=(*self.edits[: self.at], edit), at=self.at + 1)

    def undone(self) -> History:
        """Return the history with the last edit undone; raises `EditError` at the beginning."""
        if self.at == 0:
            raise EditError("There is nothing to undo.")
        plan = apply(self.plan, self.edits[self.at - 1].back)
        return self.model_copy(update={"plan": plan, "at": self.at - 1})

    def redone(self) -> History:
        """Return the history with the next edit done again; raises `EditError` at the end."""
        if self.at == len(self.edits):
            raise EditError("There is nothing to do again.")
        plan = apply(self.plan, self.edits[self.at].forward)
        return self.model_copy(update={"plan": plan, "at": self.at + 1})
