"""The catalog: model cards by id, read from files of the catalog form."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from framewright.catalog.ports import Port, ports
from framewright.catalog.summary import summarize
from framewright.catalog.task import infer_task
from framewright.domain.model_card import ModelCard
from framewright.domain.plan import StepKind
from framewright.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from framewright.catalog.summary import Summary
    from framewright.domain.plan import Task


@dataclass(frozen=True)
class Catalog:
    """All models this workspace knows, in the order the files name them."""

    cards: dict[str, ModelCard]
    lacks: Mapping[str, str] = field(default_factory=dict)
    """What providers want before they can work here, in words for a person, by their name."""

    @cached_property
    def ports(self) -> dict[str, dict[str, Port]]:
        """The media fields of each model, by model id and field name."""
        return {
            name: {port.field: port for port in ports(card)} for name, card in self.cards.items()
        }

    @cached_property
    def summary(self) -> Summary:
        """What can be made with these models, task by task."""
        return summarize(self.cards.values(), self.lacks)

    def for_task(self, task: Task) -> tuple[ModelCard, ...]:
        """Return the available models that do a task."""
        return tuple(card for card in self.cards.values() if card.task is task and card.available)

    def utilities(self, task: Task) -> tuple[ModelCard, ...]:
        """Return the available utilities that do a task; other models where there is none.

        What is cut and joined here for nothing goes before a vendor's model that does the same.
        """
        able = self.for_task(task)
        return tuple(card for card in able if card.kind is StepKind.UTILITY) or able


def build_catalog(cards: Iterable[ModelCard]) -> Catalog:
    """Return a catalog of these cards with provider and task filled in; a later id wins."""
    return Catalog({card.id: _completed(card) for card in cards})


def read_cards(document: Any, name: str) -> tuple[ModelCard, ...]:
    """Read cards from parsed JSON: a list of entries, or an object with them under `models`.

    `name` says in errors which file this was. Keys of an entry that are not part of the
    form are an error, as in every file; other keys beside `models` are left alone.
    """
    entries = document.get("models") if isinstance(document, dict) else document
    if not isinstance(entries, list):
        message = f"{name} is not a catalog: it has no list of models."
        raise InputError(message, action='Write {"models": [...]} as the README shows.')
    cards = []
    for number, entry in enumerate(entries, 1):
        try:
            cards.append(ModelCard.model_validate(entry))
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(map(str, first["loc"])) or "entry"
            message = f"{name}: model {number} is wrong at {where}: {first['msg']}."
            raise InputError(message, action="Compare it with `framewright schema`.") from error
    return tuple(cards)


def _completed(card: ModelCard) -> ModelCard:
    changes: dict[str, Any] = {}
    if not card.provider:
        changes["provider"] = card.id.split("/", 1)[0]
    # A task that is null, and not absent, is none of ours: nobody has to guess one.
    if "task" not in card.model_fields_set and (task := infer_task(card)) is not None:
        changes["task"] = task
    return card.model_copy(update=changes) if changes else card
