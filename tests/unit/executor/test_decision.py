"""The class of an error decides what follows, and never is a job tried that may have been paid."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from framewright import Plan, Studio
from framewright.domain.job import ErrorCategory, JobError
from framewright.domain.media import MediaKind
from framewright.domain.run import RunState
from framewright.executor.decision import Decision, decide
from framewright.protocols import FakeProvider, Finished, ProviderFailure, ProviderOutput, Status

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from framewright.projection.run_view import RunView

pytestmark = pytest.mark.usefixtures("each_store")
PASSING = (ErrorCategory.RATE_LIMIT, ErrorCategory.CAPACITY, ErrorCategory.OUTAGE)


def _error(category: ErrorCategory, *, retryable: bool = False) -> JobError:
    return JobError(category=category, code="x", message="It failed.", retryable=retryable)


@pytest.mark.parametrize("category", PASSING)
def test_passing_troubles_that_stay_are_taken_elsewhere_or_asked(category: ErrorCategory) -> None:
    error = _error(category)
    assert decide(error, repairable=True, elsewhere=True) is Decision.REROUTE
    assert decide(error, repairable=True, elsewhere=False) is Decision.ASK


@pytest.mark.parametrize(
    "category",
    [
        ErrorCategory.BILLING,
        ErrorCategory.CONTENT_POLICY,
        ErrorCategory.AUTHENTICATION,
        ErrorCategory.NOT_FOUND,
        ErrorCategory.CANCELLED,
    ],
)
def test_bills_and_refusals_are_for_a_person(category: ErrorCategory) -> None:
    assert decide(_error(category), repairable=True, elsewhere=True) is Decision.ASK


@pytest.mark.parametrize("category", [ErrorCategory.INPUT_MEDIA, ErrorCategory.INVALID_PARAMETERS])
def test_inputs_are_repaired_where_they_can_be(category: ErrorCategory) -> None:
    assert decide(_error(category), repairable=True, elsewhere=True) is Decision.REPAIR
    assert decide(_error(category), repairable=False, elsewhere=True) is Decision.ASK


def test_what_nobody_knows_is_taken_elsewhere_only_where_the_provider_says_so() -> None:
    unknown = ErrorCategory.UNKNOWN
    assert decide(_error(unknown), repairable=True, elsewhere=True) is Decision.ASK
    again = _error(unknown, retryable=True)
    assert decide(again, repairable=True, elsewhere=True) is Decision.REROUTE


@dataclass
class Troubled(FakeProvider):
    """Fails as it is told, one failure after the other, and then works."""

    troubles: list[ProviderFailure] = field(default_factory=list)

    async def poll(self, remote_id: str, wait_seconds: float) -> Status:
        del remote_id, wait_seconds
        return self.troubles.pop(0) if self.troubles else Finished()

    async def fetch(self, remote_id: str, folder: Path) -> tuple[ProviderOutput, ...]:
        del folder
        return (ProviderOutput(MediaKind.TEXT, text=f"{self.name} {remote_id}"),)


def _trouble(category: ErrorCategory, message: str = "It failed.", **more: Any) -> ProviderFailure:
    return ProviderFailure(category, message, **more)


def _cards() -> list[dict[str, Any]]:
    def film(name: str, frame: str, words: str, price: float) -> dict[str, Any]:
        return {
            "id": f"{name}/film",
            "provider": name,
            "kind": "video",
            "task": "image-to-video",
            "output": "text",
            "price": {"amount": price},
            "inputs_schema": {
                "type": "object",
                "required": [frame],
                "properties": {
                    words: {"type": "string"},
                    frame: {"type": "string", "format": "media-ref", "x-media": "image"},
                    "motion": {"type": "number"},
                },
            },
        }

    return [
        film("one", "first_frame", "prompt", 0.5),
        film("two", "image_url", "text_prompt", 0.4),
        film("dear", "first_frame", "prompt", 0.9),
    ]


async def _run(
    folder: Path, providers: Sequence[Troubled], inputs: dict[str, Any], pauses: list[float]
) -> RunView:
    (folder / "cards.json").write_text(json.dumps(_cards()))
    Image.new("RGB", (80, 60), "red").save(folder / "photo.png")

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    known = {provider.name: provider for provider in providers}
    async with Studio.open(
        folder / "ws", catalogs=[folder / "cards.json"], providers=known, pause=pause
    ) as studio:
        await studio.upload(folder / "photo.png")
        step = {
            "id": "s",
            "title": "S",
            "kind": "video",
            "model": "one/film",
            "inputs": {"prompt": "a fox", "first_frame": "$upload.photo", **inputs},
        }
        run = await studio.start(Plan.model_validate({"title": "T", "steps": [step]}))
        async for _ in studio.watch(run):
            pass
        return await studio.show(run)


def test_a_busy_provider_is_asked_again_under_a_new_key(tmp_path: Path) -> None:
    one = Troubled("one", troubles=[
        _trouble(ErrorCategory.RATE_LIMIT, retry_after_seconds=4),
        _trouble(ErrorCategory.CAPACITY),
    ])  # fmt: skip
    pauses: list[float] = []
    view = asyncio.run(_run(tmp_path, [one], {}, pauses))
    assert view.state is RunState.SUCCEEDED
    assert pauses[0] == 4
    assert 6 <= pauses[1] <= 9
    assert len({request.submission for request in one.requests}) == 3
    assert [tried.decision for tried in view.steps["s"].retries] == ["retry", "retry"]


def test_when_it_stays_down_another_provider_does_it_and_its_wires_follow(tmp_path: Path) -> None:
    down = [_trouble(ErrorCategory.OUTAGE)] * 4
    one, two, dear = Troubled("one", troubles=down), Troubled("two"), Troubled("dear")
    view = asyncio.run(_run(tmp_path, [one, two, dear], {"motion": 3}, []))
    assert view.state is RunState.SUCCEEDED
    assert (len(one.requests), len(two.requests), len(dear.requests)) == (4, 1, 0)
    moved = two.requests[0].inputs
    assert moved["text_prompt"] == "a fox"
    assert moved["image_url"].info.kind is MediaKind.IMAGE
    assert moved["motion"] == 3
    assert view.steps["s"].retries[-1].model == "two/film"


def test_nobody_pays_more_without_a_word(tmp_path: Path) -> None:
    down = [_trouble(ErrorCategory.OUTAGE)] * 4
    one, dear = Troubled("one", troubles=down), Troubled("dear")
    view = asyncio.run(_run(tmp_path, [one, dear], {}, []))
    assert view.state is RunState.FAILED
    assert dear.requests == []


def test_a_refused_setting_is_left_out_and_asked_once_more(tmp_path: Path) -> None:
    refusal = _trouble(ErrorCategory.INVALID_PARAMETERS, "motion is not available today.")
    one = Troubled("one", troubles=[refusal])
    view = asyncio.run(_run(tmp_path, [one], {"motion": 3}, []))
    assert view.state is RunState.SUCCEEDED
    assert "motion" in one.requests[0].inputs
    assert "motion" not in one.requests[1].inputs
    assert "prompt" in one.requests[1].inputs


def test_a_refused_picture_is_written_in_a_plainer_form_once(tmp_path: Path) -> None:
    refusal = _trouble(ErrorCategory.INPUT_MEDIA, "The picture can not be read.")
    one = Troubled("one", troubles=[refusal])
    view = asyncio.run(_run(tmp_path, [one], {}, []))
    assert view.state is RunState.SUCCEEDED
    mimes = [request.inputs["first_frame"].info.mime for request in one.requests]
    assert mimes == ["image/png", "image/jpeg"]
    twice = Troubled("one", troubles=[refusal, refusal])
    (tmp_path / "again").mkdir()
    view = asyncio.run(_run(tmp_path / "again", [twice], {}, []))
    assert view.state is RunState.FAILED
    assert len(twice.requests) == 2


def test_a_refusal_of_content_is_final(tmp_path: Path) -> None:
    one = Troubled("one", troubles=[_trouble(ErrorCategory.CONTENT_POLICY)])
    view = asyncio.run(_run(tmp_path, [one, Troubled("two")], {}, []))
    assert view.state is RunState.FAILED
    assert len(one.requests) == 1
    assert view.steps["s"].retries == ()
