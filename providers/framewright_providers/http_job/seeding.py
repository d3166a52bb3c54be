"""The seed of a job, put where its model takes one, so that the same can be made again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from framewright_providers.http_job.provider import HttpProvider

if TYPE_CHECKING:
    from collections.abc import Callable

    from framewright.domain.model_card import ModelCard
    from framewright.protocols import ProviderRequest

FIELD = "seed"
USUAL_MOST = 65_535
"""Greatest seed where a card names no maximum: the least of those that models are known to have."""


class SeedingProvider(HttpProvider):
    """A vendor of many models, of which some take a seed: their cards say which."""

    _card_of: Callable[[str], ModelCard | None] | None = None

    def read_cards(self, card_of: Callable[[str], ModelCard | None]) -> None:
        """Take what looks up a card by the model's id."""
        self._card_of = card_of

    def seeded(self, request: ProviderRequest) -> dict[str, Any]:
        """Return a job's inputs, with its seed where the model takes one and nobody chose it."""
        card = self._card_of(request.model) if self._card_of else None
        fields = card.inputs_schema.get("properties", {}) if card else {}
        if FIELD not in fields or request.inputs.get(FIELD) is not None:
            return request.inputs
        return {**request.inputs, FIELD: within(fields[FIELD], request.seed)}


def within(field: Any, seed: int) -> int:
    """Return a seed within what a field of a JSON Schema takes, the same for the same seed."""
    bounds = field if isinstance(field, dict) else {}
    low, high = bounds.get("minimum"), bounds.get("maximum")
    least = int(low) if isinstance(low, (int, float)) else 0
    most = int(high) if isinstance(high, (int, float)) else max(USUAL_MOST, least)
    return least + seed % (max(most - least, 0) + 1)
