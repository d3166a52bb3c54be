"""A job's seed goes into its model's own field, within what that takes."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from framewright.domain.media import MediaKind
from framewright.domain.model_card import ModelCard
from framewright.domain.plan import StepKind
from framewright.protocols import ReadsCards
from framewright_providers.fal import FalProvider
from framewright_providers.http_job.seeding import within
from framewright_providers.replicate import ReplicateProvider
from remote_vendors import KEY, request

if TYPE_CHECKING:
    from framewright.protocols import Provider


def card(model: str, **fields: Any) -> ModelCard:
    return ModelCard(
        id=model,
        provider=model.partition("/")[0],
        kind=StepKind.IMAGE,
        output=MediaKind.IMAGE,
        inputs_schema={"type": "object", "properties": {"prompt": {"type": "string"}, **fields}},
    )


def sent(provider: Provider, model: ModelCard, inputs: dict[str, Any]) -> dict[str, Any]:
    """The inputs that a submission carries."""
    bodies: list[dict[str, Any]] = []

    def answer(asked: httpx.Request) -> httpx.Response:
        bodies.append(json.loads(asked.content))
        return httpx.Response(201, json={"id": "p1", "request_id": "p1"})

    transport = httpx.MockTransport(answer)
    provider.connection._client = httpx.AsyncClient(transport=transport)  # type: ignore[attr-defined]
    assert isinstance(provider, ReadsCards)
    provider.read_cards({model.id: model}.get)
    asyncio.run(provider.submit(request(model.id, inputs, seed=70_000)))
    (body,) = bodies
    found: dict[str, Any] = body.get("input", body)
    return found


@pytest.mark.parametrize(
    ("make", "model"),
    [(FalProvider, "fal/fal-ai/flux/dev"), (ReplicateProvider, "replicate/acme/flux")],
)
def test_a_seed_goes_where_the_model_takes_one(make: Any, model: str) -> None:
    seeded = card(model, seed={"type": "integer", "maximum": 100_000})
    assert sent(make(key=KEY), seeded, {"prompt": "x"})["seed"] == 70_000
    assert sent(make(key=KEY), seeded, {"prompt": "x", "seed": 3})["seed"] == 3
    assert "seed" not in sent(make(key=KEY), card(model), {"prompt": "x"})


def test_a_seed_stays_within_what_its_field_takes() -> None:
    assert within({"type": "integer"}, 65_536) == 0
    assert within({"minimum": 1, "maximum": 10}, 12) == 3
    assert within({"minimum": 100_000}, 7) == 100_000
    assert within(True, 9) == 9
