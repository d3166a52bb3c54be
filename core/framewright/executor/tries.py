"""The tries of one step: each failure decides what is asked next, and of whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from framewright.domain.event import StepRetried
from framewright.domain.job import JobState
from framewright.executor.decision import Decision, decide
from framewright.executor.elsewhere import equivalents, renamed
from framewright.executor.plainer import has_pictures, without_refused
from framewright.executor.seed import seed_for

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from framewright.catalog.catalog import Catalog
    from framewright.domain.job import JobError, JobRequest, JobResult
    from framewright.domain.model_card import ModelCard
    from framewright.domain.plan import Step


class Tries:
    """What one step asks for, from its first job to its last."""

    def __init__(
        self,
        step: Step,
        request: JobRequest,
        catalog: Catalog,
        peers: Callable[[str], Collection[str]],
    ) -> None:
        self.step = step
        self.request = request
        """The job at hand."""
        self.plainer_pictures = False
        """Whether the next try wants its images in a form that everybody takes."""
        self._catalog = catalog
        self._peers = peers
        self._given_up: set[str] = set()
        self._repaired = False
        self._cycle = int(request.key.rpartition(":")[2])
        self.card = catalog.cards[request.model]

    def after(self, result: JobResult) -> StepRetried | None:
        """Return what is tried next, `request` being that already; None where this is the end."""
        if result.state is not JobState.DEAD or result.error is None:
            return None
        self.plainer_pictures = False
        plain, gone = without_refused(self.card, self.request.inputs, result.error)
        others = self._others()
        decision = decide(
            result.error,
            repairable=not self._repaired
            and (bool(gone) or has_pictures(self.card, self.request.inputs)),
            elsewhere=bool(others),
        )
        if decision is Decision.ASK:
            return None
        if decision is Decision.REPAIR:
            self._repaired = True
            self.plainer_pictures = not gone
            self.take(plain)
        else:
            self._given_up.add(self.card.provider)
            self.card, fields = others[0]
            self._repaired = False
            self._ask_elsewhere(fields)
        self._cycle += 1
        key = f"{self.request.key.rpartition(':')[0]}:{self._cycle}"
        self.request = self.request.model_copy(update={"key": key})
        return self._told(decision, result.error)

    def has_another_way(self) -> bool:
        """Tell whether another provider could do the step, where this one can not."""
        return bool(self._others())

    def _others(self) -> tuple[tuple[ModelCard, dict[str, str]], ...]:
        here = set(self._peers(self.card.provider)) - self._given_up - {self.card.provider}
        return equivalents(self.step, self.card, self._catalog, here) if here else ()

    def take(self, inputs: dict[str, Any]) -> None:
        """Ask for the same with other inputs; the seed stays."""
        self.request = self.request.model_copy(update={"inputs": inputs})

    def _ask_elsewhere(self, fields: dict[str, str]) -> None:
        """Ask another model, which costs no more: what is reserved for it stays."""
        inputs = renamed(self.request.inputs, fields)
        free = self.card.price is not None and self.card.price.amount == 0
        self.request = self.request.model_copy(
            update={
                "provider": self.card.provider,
                "model": self.card.id,
                "inputs": inputs,
                "reserve": 0 if free else self.request.reserve,
                "seed": seed_for(self.step.id, self.card.id, inputs),
            }
        )

    def _told(self, decision: Decision, error: JobError) -> StepRetried:
        return StepRetried(
            step=self.step.id,
            decision=decision.value,
            error=error,
            model=self.card.id,
        )
