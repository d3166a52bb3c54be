"""A model card: one entry of the catalog."""

from __future__ import annotations

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
    """What it does; when absent, read from its kind, inputs and output."""
    description: str = ""
    limits: dict[str, Any] = Field(default_factory=dict)
    price: Price | None = None
    """Absent when unknown; zero for what runs here."""
    typical_seconds: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    """Usual wall time of one job."""
    available: bool = True
    weights: str | None = None
    """Where a model of a person's own lies: a folder of this machine, or the name of a model in
    its Hugging Face cache."""
