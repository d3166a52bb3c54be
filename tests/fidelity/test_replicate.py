"""The emulated Replicate is one to Replicate's own client, and our adapter asks as that does."""

from __future__ import annotations

import asyncio
import json
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from official_clients import run
from standardwebhooks import Webhook

from emulator.replicate import SECRET
from emulator.server import serving
from emulator.world import Fault, World
from framewright.protocols import Call, CallRefusedError, Finished
from framewright_providers.replicate import ReplicateProvider
from remote_vendors import KEY, at_once, ended, request

if TYPE_CHECKING:
    from emulator.world import Seen

BODY = '{"id": "replicate-job-0001", "status": "succeeded", "output": "https://a/b.png"}'


def signed(at: datetime) -> dict[str, str]:
    """The headers of a webhook, made by the library of the specification's authors."""
    signature = Webhook(SECRET).sign("msg_1", at, BODY)
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signature,
    }


def asked(world: World, method: str, path: str) -> list[Seen]:
    return [each for each in world.seen if each.method == method and each.path == path]


@pytest.mark.timeout(300)
def test_its_own_client_does_a_job_and_meets_each_refusal() -> None:
    world = World()
    world.plan("replicate", None, None, Fault.BILLING, Fault.INVALID, Fault.FAILS)
    given = json.dumps([signed(datetime.now(UTC)), BODY])
    with serving(world) as url:
        seen = run(
            "replicate_client", f"{url}/replicate", KEY, given, REPLICATE_POLL_INTERVAL="0.01"
        )
    assert (seen["status"], seen["cancelled"]) == ("succeeded", "canceled")
    assert seen["refused"] == [
        [402, "Insufficient credit"],
        [422, "Input validation failed"],
    ]
    assert (seen["failed"], seen["error"][:4]) == ("failed", "CUDA")
    assert seen["webhook"] == "valid"


@pytest.mark.timeout(300)
def test_our_adapter_asks_as_its_own_client_does() -> None:
    theirs, ours = World(), World()
    theirs.plan("replicate", None, None, Fault.BILLING, Fault.INVALID, Fault.FAILS)
    with serving(theirs) as url:
        given = json.dumps([signed(datetime.now(UTC)), BODY])
        run("replicate_client", f"{url}/replicate", KEY, given, REPLICATE_POLL_INTERVAL="0.01")
    with serving(ours) as url:
        asyncio.run(_job(f"{url}/replicate/v1"))
    where = "/v1/models/black-forest-labs/flux-1.1-pro/predictions"
    their, our = asked(theirs, "POST", where)[0], asked(ours, "POST", where)[0]
    assert json.loads(our.body) == json.loads(their.body)
    for name in ("authorization", "content-type"):
        assert our.headers[name] == their.headers[name]
    assert asked(ours, "GET", "/v1/predictions/replicate-job-0001")
    assert asked(theirs, "GET", "/v1/predictions/replicate-job-0001")


def test_what_calls_back_names_the_submission() -> None:
    world = World()

    async def submit(url: str) -> None:
        provider = ReplicateProvider(key=KEY, url=f"{url}/replicate/v1")
        provider.call_back("https://render.example.org/webhooks/replicate/token")
        await provider.submit(request("replicate/a/b", {"prompt": "x"}, submission="job-9"))
        await provider.close()

    with serving(world) as url:
        asyncio.run(submit(url))
    (job,) = world.of("replicate")
    address = "https://render.example.org/webhooks/replicate/token?submission=job-9"
    assert (job.extra["webhook"], job.extra["events"]) == (address, ["completed"])


async def _job(url: str) -> None:
    provider = ReplicateProvider(key=KEY, url=url, pause=at_once)
    asks = request("replicate/black-forest-labs/flux-1.1-pro", {"prompt": "a red kite"})
    remote_id = await provider.submit(asks)
    assert isinstance(await ended(provider, remote_id), Finished)
    await provider.close()


def _hear(
    headers: dict[str, str], body: str, now: float, query: dict[str, str] | None = None
) -> object:
    async def hear() -> object:
        with serving(World()) as url:
            provider = ReplicateProvider(key=KEY, url=f"{url}/replicate/v1")
            try:
                call = Call(headers, body.encode(), query=query or {})
                return await provider.hear(call, int(now * 1_000))
            finally:
                await provider.close()

    return asyncio.run(hear())


def test_a_signed_webhook_is_heard() -> None:
    headers = signed(datetime.now(UTC))
    heard = _hear(headers, BODY, time.time(), {"submission": "job-1"})
    assert heard.key == "job-1"  # type: ignore[attr-defined]
    assert heard.remote_id == "replicate-job-0001"  # type: ignore[attr-defined]
    assert isinstance(heard.status, Finished)  # type: ignore[attr-defined]


@pytest.mark.parametrize("wrong", ["body", "signature", "old", "unsigned", "later"])
def test_no_other_webhook_is_heard(wrong: str) -> None:
    headers, body, now = signed(datetime.now(UTC)), BODY, time.time()
    if wrong == "body":
        body = body.replace("0001", "0002")
    elif wrong == "signature":
        headers["webhook-signature"] = "v1,AAAA"
    elif wrong == "unsigned":
        headers = {}
    else:
        now += 301 if wrong == "old" else -301
    with pytest.raises(CallRefusedError):
        _hear(headers, body, now)
