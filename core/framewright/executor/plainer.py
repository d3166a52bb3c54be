"""Inputs made plainer after a provider refused them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from framewright.catalog.limits import MediaLimits
from framewright.catalog.ports import ports, properties
from framewright.domain.job import ErrorCategory
from framewright.domain.media import MediaKind

if TYPE_CHECKING:
    from framewright.domain.job import JobError
    from framewright.domain.model_card import ModelCard

PLAIN_IMAGE = MediaLimits(formats=("jpeg",), max_bytes=4_000_000, max_side=2_048)
"""What every provider takes for an image."""


def without_refused(
    card: ModelCard, inputs: dict[str, Any], error: JobError
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the inputs without the optional settings the refusal names, and their names.

    Media, and the words that say what is to be made, are never left out.
    """
    if error.category is not ErrorCategory.INVALID_PARAMETERS:
        return inputs, ()
    named = set(re.findall(r"[A-Za-z][A-Za-z0-9_]+", f"{error.message} {error.code}"))
    needed = set(card.inputs_schema.get("required") or ())
    media = {port.field for port in ports(card)}
    known = properties(card)
    gone = tuple(
        name
        for name in inputs
        if name in named
        and name not in needed | media
        and (known.get(name, {}).get("type") != "string" or "enum" in known.get(name, {}))
    )
    return {name: value for name, value in inputs.items() if name not in gone}, gone


def has_pictures(card: ModelCard, inputs: dict[str, Any]) -> bool:
    """Tell whether there are images that could be written in a plainer form."""
    return any(port.media is MediaKind.IMAGE and port.field in inputs for port in ports(card))
