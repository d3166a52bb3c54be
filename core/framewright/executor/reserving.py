"""What a job asks its budgets for, right before it is handed to the router."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.projection.pricing import cost

if TYPE_CHECKING:
    from framewright.domain.job import JobRequest
    from framewright.executor.work import Work


def reserving(request: JobRequest, work: Work) -> JobRequest:
    """Return a request with the most it may cost, as the estimate of the run counted it."""
    card = work.catalog.cards[request.model]
    found = cost(card, request.inputs, work.history.get(card.id, ()))
    reserve = None if found is None else found.reserve
    return request if reserve == 0 else request.model_copy(update={"reserve": reserve})
