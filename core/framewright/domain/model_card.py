"""A model card: one entry of the catalog."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - pydantic reads it
from enum import StrEnum
from typing import Any

from pydantic import Field

from framewright.domain.media import MediaKind  # noqa: TC001 - pydantic reads it
from framewright.domain.plan import StepKind, Task  # noqa: TC001 - pydantic reads it
from framewright.domain.value import SparseValue


class Price(SparseValue):
    """What one unit costs."""

    amount: float = Field(ge=0, allow_inf_nan=False)
    currency: str = "USD"
    per: str = "run"
    """What is counted: `run`, `second`, `image`, `megapixel` or `1000 characters`."""


class SourceKind(StrEnum):
    """How near a source is to what the vendor itself publishes."""

    VERBATIM = "verbatim"
    """The vendor's own document, as it was served."""
    REPUBLISHED = "republished"
    """A copy by somebody else; it may be abridged."""
    CLIENT_TYPES = "client-types"
    """Read from the types in the vendor's official client, which leave out many limits."""


class Source(SparseValue):
    """Where a card's facts come from."""

    where: str = Field(min_length=1)
    """File, package or page, precise enough to find it again."""
    read: date
    """When it was read there."""
    kind: SourceKind = SourceKind.VERBATIM


class ModelCard(SparseValue):
    """One model or utility: who runs it, what it takes, what it makes."""

    id: str = Field(min_length=1)
    kind: StepKind
    output: MediaKind
    inputs_schema: dict[str, Any]
    """JSON Schema; a media field has `"format": "media-ref"` and `"x-media"`, a media kind."""
    provider: str = ""
    """Name of the provider that runs it; when absent, what stands before `/` in the id."""
    task: Task | None = None
    """What it does; when absent, read from its kind, inputs and output; null for none of these."""
    description: str = ""
    limits: dict[str, Any] = Field(default_factory=dict)
    price: Price | None = None
    """Absent when unknown; zero for what runs here."""
    typical_seconds: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    """Usual wall time of one job."""
    available: bool = True
    source: Source | None = None
    """Absent for what is described here by those who made it."""
    weights: str | None = None
    """Folder of this machine that a model of a person's own lies in."""
    recipe: dict[str, Any] | None = None
    """What its provider makes it by, in the provider's own form, such as a ComfyUI workflow."""
