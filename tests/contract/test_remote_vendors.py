"""Every adapter against its emulated vendor: what a job can meet, from its submission to its file.

The emulator itself is held against the vendors' own clients by tests/fidelity.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from starlette.responses import JSONResponse

from emulator.server import application, serving
from emulator.world import Fault, World
from framewright.domain.job import ErrorCategory
from framewright.errors import FramewrightError
from framewright.media.probe import probe
from framewright.protocols import Finished, ProviderFailure, SubmitError, Working
from framewright_providers.http_job.connection import AnswerLostError
from remote_vendors import CASES, KEY, Case, at_once, ended, request

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

    from starlette.types import ASGIApp, Receive, Scope, Send

    from framewright.protocols import Provider

    Story = Callable[[Provider], Awaitable[Any]]


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture(autouse=True)
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRAMEWRIGHT_RESULTS", str(tmp_path / "results"))


@pytest.fixture
def address(world: World) -> Iterator[str]:
    with serving(world) as url:
        yield url


def told(address: str, case: Case, story: Story) -> Any:
    """Play a story with a new instance of an adapter, and close it."""

    async def play() -> Any:
        url = f"{address}/{case.name}{case.path}"
        provider = case.make(key=KEY, url=url, pause=at_once)
        try:
            return await story(provider)
        finally:
            await provider.close()

    return asyncio.run(play())


def job(case: Case, submission: str = "job-1") -> Any:
    return request(case.model, case.inputs, task=case.task, submission=submission)


def refusal(address: str, case: Case) -> ProviderFailure:
    """The failure that a submission meets at once, or the job a little later."""

    async def story(provider: Provider) -> ProviderFailure:
        try:
            remote_id = await provider.submit(job(case))
        except SubmitError as error:
            return error.failure
        status = await ended(provider, remote_id)
        assert isinstance(status, ProviderFailure)
        return status

    failure: ProviderFailure = told(address, case, story)
    assert KEY not in repr(failure)
    assert failure.message
    return failure


def having(*faults: Fault) -> pytest.MarkDecorator:
    cases = [case for case in CASES if not case.without.intersection(faults)]
    return pytest.mark.parametrize("case", cases, ids=lambda case: case.name)


every = having()
fetching = pytest.mark.parametrize(
    "case", [case for case in CASES if case.fetches], ids=lambda case: case.name
)
cancelling = pytest.mark.parametrize(
    "case", [case for case in CASES if case.cancels], ids=lambda case: case.name
)


@every
def test_a_job_ends_with_its_file(case: Case, world: World, address: str, tmp_path: Path) -> None:
    async def story(provider: Provider) -> None:
        remote_id = await provider.submit(job(case))
        assert isinstance(await ended(provider, remote_id), Finished)
        outputs = await provider.fetch(remote_id, tmp_path / "out")
        assert [probe(each.path).kind for each in outputs if each.path] == [outputs[0].kind]

    told(address, case, story)
    assert world.submitted[case.name] == 1


@every
def test_another_process_goes_on_with_a_job(case: Case, address: str, tmp_path: Path) -> None:
    async def begin(provider: Provider) -> str:
        return await provider.submit(job(case))

    remote_id = told(address, case, begin)

    async def go_on(provider: Provider) -> None:
        assert isinstance(await ended(provider, remote_id), Finished)
        assert await provider.fetch(remote_id, tmp_path / "out")

    told(address, case, go_on)


@having(Fault.RATE_LIMIT)
def test_a_rate_limit_says_how_long_to_wait(case: Case, world: World, address: str) -> None:
    world.plan(case.name, Fault.RATE_LIMIT)
    failure = refusal(address, case)
    assert failure.category is ErrorCategory.RATE_LIMIT
    assert failure.retryable
    assert (failure.retry_after_seconds == 1) if case.hints else True


@having(Fault.RATE_LIMIT_BARE)
def test_a_rate_limit_without_a_word_may_be_tried_again(
    case: Case, world: World, address: str
) -> None:
    world.plan(case.name, Fault.RATE_LIMIT_BARE)
    failure = refusal(address, case)
    assert (failure.category, failure.retryable) == (ErrorCategory.RATE_LIMIT, True)
    assert failure.retry_after_seconds is None


@pytest.mark.parametrize(
    ("fault", "category"),
    [
        (Fault.BILLING, ErrorCategory.BILLING),
        (Fault.AUTHENTICATION, ErrorCategory.AUTHENTICATION),
        (Fault.NOT_FOUND, ErrorCategory.NOT_FOUND),
        (Fault.INVALID, ErrorCategory.INVALID_PARAMETERS),
        (Fault.POLICY, ErrorCategory.CONTENT_POLICY),
    ],
    ids=lambda each: each.name.lower(),
)
@every
def test_what_a_person_must_mend_is_never_tried_again(
    case: Case, fault: Fault, category: ErrorCategory, world: World, address: str
) -> None:
    if fault in case.without:
        pytest.skip("not part of this vendor's protocol")
    world.plan(case.name, fault)
    failure = refusal(address, case)
    assert (failure.category, failure.retryable) == (category, False)
    assert failure.action


@having(Fault.CAPACITY)
def test_an_overload_may_pass(case: Case, world: World, address: str) -> None:
    world.plan(case.name, Fault.CAPACITY)
    failure = refusal(address, case)
    assert failure.category in {ErrorCategory.CAPACITY, ErrorCategory.OUTAGE}
    assert failure.retryable


@pytest.mark.parametrize("fault", [Fault.LOST_AFTER, Fault.LOST_BEFORE, Fault.GATEWAY])
@every
def test_a_submission_without_an_answer_is_left_open(
    case: Case, fault: Fault, world: World, address: str
) -> None:
    if fault in case.without:
        pytest.skip("not part of this vendor's protocol")
    world.plan(case.name, fault)

    async def story(provider: Provider) -> None:
        with pytest.raises(FramewrightError) as caught:
            await provider.submit(job(case))
        # A `SubmitError` would say that nothing was begun, and the job would be sent again.
        assert not isinstance(caught.value, SubmitError)
        assert KEY not in str(caught.value)

    told(address, case, story)


def before(world: World, method: str, *answers: tuple[int, Any]) -> ASGIApp:
    """The vendors behind somebody who answers questions of a kind first, with these answers."""
    vendors, left = application(world), list(answers)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if left and scope["type"] == "http" and scope["method"] == method:
            status, body = left.pop(0)
            await JSONResponse(body, status)(scope, receive, send)
        else:
            await vendors(scope, receive, send)

    return app


EVERYTHING = {"title": "x", "detail": "x", "error": {"message": "x"}, "errors": ["x"], "name": "x"}
"""An error in the form of every vendor at once."""
GATEWAYS = (
    (500, {"message": "Internal Server Error"}),
    (502, {"message": "Bad Gateway"}),
    (503, {"message": "Service Unavailable"}),
    (503, {}),
    (503, {**EVERYTHING, "cloudflare_error": True}),
    *((status, EVERYTHING) for status in (504, *range(520, 528), 530)),
)


@every
def test_what_a_gateway_says_in_json_leaves_a_submission_open(case: Case, world: World) -> None:
    async def story(provider: Provider) -> None:
        for number, (status, body) in enumerate(GATEWAYS):
            with pytest.raises(FramewrightError) as caught:
                await provider.submit(job(case, f"job-{number}"))
            if (case.name, status) not in OWN_WORD:
                assert isinstance(caught.value, AnswerLostError), (status, body)

    with serving(world, app=before(world, "POST", *GATEWAYS)) as url:
        told(url, case, story)


OWN_WORD = {("google", 504)}
"""Where a vendor says in its own form that it made nothing, and has nothing to ask after."""


@having(Fault.FAILS)
def test_a_job_that_fails_is_a_failure(case: Case, world: World, address: str) -> None:
    world.plan(case.name, Fault.FAILS)
    assert refusal(address, case)


@having(Fault.EMPTY)
def test_done_with_nothing_is_no_success(case: Case, world: World, address: str) -> None:
    world.plan(case.name, Fault.EMPTY)
    assert not refusal(address, case).retryable


@cancelling
def test_a_job_is_stopped_early(case: Case, world: World, address: str) -> None:
    world.plan(case.name, Fault.STUCK)

    async def story(provider: Provider) -> None:
        remote_id = await provider.submit(job(case))
        await provider.cancel(remote_id)
        status = await ended(provider, remote_id)
        assert isinstance(status, ProviderFailure)
        assert status.category is ErrorCategory.CANCELLED
        await provider.cancel(remote_id)

    told(address, case, story)
    assert world.of(case.name)[0].cancelled


waited = pytest.mark.parametrize(
    "case",
    [case for case in CASES if not case.at_once and case.name != "comfyui"],
    ids=lambda case: case.name,
)


@waited
def test_a_job_that_its_vendor_does_not_have_stays_open(
    case: Case, world: World, tmp_path: Path
) -> None:
    # As with the key of another account.
    missing = [(404, {"detail": "Not found", "error": {"code": 404}})] * 2

    async def story(provider: Provider) -> None:
        remote_id = await provider.submit(job(case))
        with pytest.raises(AnswerLostError):
            await provider.poll(remote_id, 0)
        with pytest.raises(AnswerLostError):
            await provider.fetch(remote_id, tmp_path / "early")
        assert isinstance(await ended(provider, remote_id), Finished)
        assert await provider.fetch(remote_id, tmp_path / "out")

    with serving(world, app=before(world, "GET", *missing)) as url:
        told(url, case, story)
    assert world.submitted[case.name] == 1


@cancelling
def test_a_job_that_another_process_stopped_is_stopped_once_more(
    case: Case, world: World, address: str
) -> None:
    world.plan(case.name, Fault.STUCK)

    async def first(provider: Provider) -> str:
        remote_id = await provider.submit(job(case))
        await provider.cancel(remote_id)
        return remote_id

    remote_id = told(address, case, first)

    async def second(provider: Provider) -> None:
        await provider.cancel(remote_id)
        status = await ended(provider, remote_id)
        assert isinstance(status, ProviderFailure)
        if case.name != "comfyui":
            assert status.category is ErrorCategory.CANCELLED

    told(address, case, second)


@cancelling
def test_a_job_that_is_done_is_not_stopped(case: Case, address: str, tmp_path: Path) -> None:
    async def story(provider: Provider) -> None:
        remote_id = await provider.submit(job(case))
        assert isinstance(await ended(provider, remote_id), Finished)
        await provider.cancel(remote_id)
        assert isinstance(await provider.poll(remote_id, 0), Finished)
        assert await provider.fetch(remote_id, tmp_path / "out")

    told(address, case, story)


@fetching
@pytest.mark.parametrize(
    ("fault", "category"),
    [
        (Fault.EXPIRED, ErrorCategory.NOT_FOUND),
        (Fault.HUGE, ErrorCategory.UNKNOWN),
        (Fault.HTML, ErrorCategory.UNKNOWN),
        (Fault.PRIVATE, ErrorCategory.UNKNOWN),
        (Fault.FOREIGN, ErrorCategory.UNKNOWN),
    ],
    ids=lambda each: each.name.lower(),
)
def test_a_result_that_can_not_be_fetched_says_why(
    case: Case, fault: Fault, category: ErrorCategory, world: World, address: str, tmp_path: Path
) -> None:
    if fault in case.without:
        pytest.skip("not part of this vendor's protocol")
    world.plan(case.name, fault)

    async def story(provider: Provider) -> None:
        remote_id = await provider.submit(job(case))
        assert isinstance(await ended(provider, remote_id), Finished)
        with pytest.raises(SubmitError) as caught:
            await provider.fetch(remote_id, tmp_path / "out")
        assert caught.value.failure.category is category
        assert not caught.value.failure.retryable
        assert KEY not in repr(caught.value.failure)

    told(address, case, story)
    assert not world.media_served


@fetching
def test_a_result_that_broke_off_comes_whole_the_next_time(
    case: Case, world: World, address: str, tmp_path: Path
) -> None:
    world.plan(case.name, Fault.SHORT)

    async def story(provider: Provider) -> None:
        remote_id = await provider.submit(job(case))
        await ended(provider, remote_id)
        with pytest.raises(SubmitError) as caught:
            await provider.fetch(remote_id, tmp_path / "out")
        assert caught.value.failure.retryable
        outputs = await provider.fetch(remote_id, tmp_path / "again")
        assert outputs[0].path is not None
        assert probe(outputs[0].path).kind is outputs[0].kind

    told(address, case, story)


@fetching
def test_a_slow_drip_is_fetched_whole(
    case: Case, world: World, address: str, tmp_path: Path
) -> None:
    world.plan(case.name, Fault.DRIP)

    async def story(provider: Provider) -> None:
        remote_id = await provider.submit(job(case))
        await ended(provider, remote_id)
        outputs = await provider.fetch(remote_id, tmp_path / "out")
        assert outputs[0].path is not None
        assert probe(outputs[0].path).kind is outputs[0].kind

    told(address, case, story)


@every
def test_a_vendor_that_is_not_there_surely_began_nothing(case: Case) -> None:
    async def story(provider: Provider) -> None:
        with pytest.raises(SubmitError) as caught:
            await provider.submit(job(case))
        assert caught.value.failure.retryable
        assert caught.value.failure.category is ErrorCategory.OUTAGE

    # Port 9 is that of discard, where nobody listens.
    told("http://127.0.0.1:9", case, story)


@pytest.mark.parametrize("case", [c for c in CASES if not c.at_once], ids=lambda case: case.name)
def test_progress_is_told_on_the_way(case: Case, world: World, address: str) -> None:
    world.polls_needed = 6

    async def story(provider: Provider) -> None:
        remote_id = await provider.submit(job(case))
        assert isinstance(await provider.poll(remote_id, 0), Working)

    told(address, case, story)


@every
def test_without_a_key_it_says_what_is_missing(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    provider = case.make(pause=at_once)
    vendor = provider.connection.vendor  # type: ignore[attr-defined]
    for name in vendor.key_variables:
        monkeypatch.delenv(name, raising=False)
    if not vendor.key_variables and not vendor.needs_url:
        return
    lack = provider.lacks()  # type: ignore[attr-defined]
    assert lack is not None
    assert lack.action
