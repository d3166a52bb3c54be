"""What a card keeps of a workflow: the graph, where each field goes, and which nodes save."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from framewright.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

Places = tuple[tuple[str, str], ...]
"""Where a field goes: pairs of a node's id and the name of its input."""
SEED = "seed"
"""How fields that hold a seed begin."""
MOST_SEED = 2**32 - 1
"""The largest seed that every sampler takes; many nodes stop there."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """A workflow that is run for a model."""

    workflow: Mapping[str, Any]
    """The graph in API format."""
    fields: Mapping[str, Places]
    seeds: Places = ()
    """Where a seed goes that nobody set."""
    outputs: tuple[str, ...] = ()
    """Nodes whose files are the result, in order."""

    def written(self) -> dict[str, Any]:
        """Return it as a card keeps it."""
        return {
            "workflow": self.workflow,
            "fields": {name: [list(at) for at in places] for name, places in self.fields.items()},
            "seeds": [list(at) for at in self.seeds],
            "outputs": list(self.outputs),
        }

    def filled(self, inputs: Mapping[str, Any], seed: int) -> dict[str, Any]:
        """Return the graph with inputs in their places; media are names of files at the server.

        `seed` goes wherever a seed is drawn that the inputs do not name. A field that the recipe
        does not have raises `InputError`.
        """
        graph: dict[str, Any] = copy.deepcopy(dict(self.workflow))
        for node, name in self.seeds:
            graph[node]["inputs"][name] = seed % (MOST_SEED + 1)
        for field, value in inputs.items():
            if field not in self.fields:
                raise InputError(f"This workflow has no input {field[:80]}.")
            for node, name in self.fields[field]:
                graph[node]["inputs"][name] = value
        return graph

    def field_at(self, node: str, name: str) -> str | None:
        """Return the field that goes to a node's input, None where none does."""
        return next((each for each, to in self.fields.items() if (node, name) in to), None)


def read_recipe(told: Any) -> Recipe:
    """Return the recipe that a card keeps; raises `InputError` for what is none."""
    try:
        workflow = {str(name): dict(node) for name, node in told["workflow"].items()}
        fields = {str(name): _places(places, workflow) for name, places in told["fields"].items()}
        seeds = _places(told.get("seeds", ()), workflow)
        outputs = tuple(str(each) for each in told.get("outputs", ()))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        message = "This model's card holds no workflow that could be run."
        raise InputError(message, action="Import the workflow again.") from error
    return Recipe(workflow, fields, seeds, outputs)


def _places(told: Any, workflow: Any) -> Places:
    found = tuple((str(node), str(name)) for node, name in told)
    for node, _ in found:
        if not isinstance(workflow[node]["inputs"], dict):
            raise TypeError(node)
    return found
