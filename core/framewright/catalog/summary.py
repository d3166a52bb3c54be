"""What can be made with a catalog, in few words: tasks, and the models that do them.

It is short enough for a language model's prompt, so that no step is planned for what is not there.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from framewright.catalog.ports import ports
from framewright.domain.plan import Task
from framewright.domain.value import Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from framewright.domain.model_card import ModelCard

_VERSION = re.compile(r":[0-9a-f]{40,}$")
SHOWN = 4
"""So many models of a task are named in the words; of the others only how many there are."""


class Doable(Value):
    """One task, and who does it here."""

    task: Task
    takes: tuple[str, ...] = ()
    """Kinds of media that every model of it needs."""
    models: tuple[str, ...]
    """Ids of those that can be used, in the order of the catalog."""


class Missing(Value):
    """One task that nothing here does."""

    task: Task
    providers: dict[str, int]
    """How many models of it each provider has that can not be used here."""


class Summary(Value):
    """What can be made here, and what can not."""

    doable: tuple[Doable, ...]
    missing: tuple[Missing, ...]
    wants: dict[str, str]
    """What the providers of the missing want, in words, where it is known."""

    @property
    def words(self) -> str:
        """All of it as plain lines."""
        lines = [_line(each) for each in self.doable]
        if self.missing:
            lines.append(f"Nothing here does: {', '.join(_told(each) for each in self.missing)}.")
        return "\n".join(lines)


def summarize(cards: Iterable[ModelCard], wants: Mapping[str, str]) -> Summary:
    """Return the summary of these models; `wants` says what providers need before they work."""
    known = [card for card in cards if card.task is not None]
    doable, missing = [], []
    for task in Task:
        here = [card for card in known if card.task is task and card.available]
        if here:
            ids = tuple(card.id for card in here)
            doable.append(Doable(task=task, takes=_needed(here), models=ids))
            continue
        others = Counter(card.provider for card in known if card.task is task)
        missing.append(Missing(task=task, providers=dict(sorted(others.items()))))
    named = {name for each in missing for name in each.providers}
    return Summary(
        doable=tuple(doable),
        missing=tuple(missing),
        wants={name: told for name, told in wants.items() if name in named},
    )


def _needed(cards: list[ModelCard]) -> tuple[str, ...]:
    kinds = [{port.media.value for port in ports(card) if port.required} for card in cards]
    return tuple(sorted(set.intersection(*kinds)))


def _line(doable: Doable) -> str:
    # A version is long, and a name without it is understood wherever a plan is read.
    shown = ", ".join(_VERSION.sub("", model) for model in doable.models[:SHOWN])
    more = len(doable.models) - SHOWN
    rest = f" and {more} more" if more > 0 else ""
    needs = f" (needs {' and '.join(doable.takes)})" if doable.takes else ""
    return f"{doable.task.value}{needs}: {shown}{rest}"


def _told(missing: Missing) -> str:
    if not missing.providers:
        return missing.task.value
    return f"{missing.task.value} (would with {' or '.join(missing.providers)})"
