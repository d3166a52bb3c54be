"""Single calls of models over the network: asked once, followed, stopped, listed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from framewright.protocols import FakeProvider
from served import Far, served

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("each_workspace")


def test_a_call_ends_with_its_result(tmp_path: Path) -> None:
    async def work() -> None:
        provider = FakeProvider()
        async with served(tmp_path, {"fake": provider}) as server:
            answer = await server.call("a kite")
            assert answer.status_code == 202
            job = answer.json()
            assert answer.headers["location"] == f"/v1/jobs/{job['id']}"
            await server.ended(job["run"])
            shown = (await server.client.get(f"/v1/jobs/{job['id']}")).json()
            assert (shown["state"], shown["inputs"]) == ("succeeded", {"prompt": "a kite"})
            (output,) = shown["outputs"]
            sent = await server.client.get(f"/v1/jobs/{job['id']}/outputs/0")
            assert sent.text == output["text"] == f"fake/text {job['key']}"
            same = await server.client.get(f"/v1/runs/{job['run']}/steps/call/outputs/0")
            assert same.text == sent.text
            for wrong in ("1", "-1", "x", "99999999999999999999", "%D9%A1"):
                absent = await server.client.get(f"/v1/jobs/{job['id']}/outputs/{wrong}")
                assert absent.status_code == 404
            assert len(provider.requests) == 1

    asyncio.run(work())


def test_a_key_that_comes_again_is_the_same_job(tmp_path: Path) -> None:
    async def work() -> None:
        provider = FakeProvider()
        async with served(tmp_path, {"fake": provider}) as server:
            key = {"Idempotency-Key": "one"}
            many = await asyncio.gather(*(server.call(headers=key) for _ in range(8)))
            good = [each for each in many if each.status_code == 202]
            # Whoever comes in the very moment of acceptance is told to ask again.
            assert good
            assert {each.status_code for each in many} <= {202, 409}
            first = good[0].json()
            again = await server.call(headers=key)
            assert again.headers["idempotency-replayed"] == "true"
            assert {each.json()["id"] for each in (*good, again)} == {first["id"]}
            assert sum("idempotency-replayed" not in each.headers for each in good) == 1
            other = await server.call("another", headers=key)
            assert (other.status_code, other.json()["error"]["code"]) == (422, "key-reused")
            await server.ended(first["run"])
            assert len(provider.requests) == 1
            without = [(await server.call()).json()["id"] for _ in range(2)]
            assert len({first["id"], *without}) == 3

    asyncio.run(work())


def test_a_refused_question_does_not_use_its_key_up(tmp_path: Path) -> None:
    async def work() -> None:
        async with served(tmp_path) as server:
            key = {"Idempotency-Key": "one"}
            refused = await server.client.post(
                "/v1/jobs",
                json={"model": "fake/text", "inputs": {"picture": "$upload.none"}},
                headers=key,
            )
            assert (refused.status_code, refused.json()["error"]["code"]) == (422, "plan-invalid")
            assert (await server.call(headers=key)).status_code == 202

    asyncio.run(work())


@pytest.mark.parametrize("key", ["", "x" * 201, "\xe9", "a\tb"])
def test_what_is_no_key_is_refused(tmp_path: Path, key: str) -> None:
    async def work() -> None:
        async with served(tmp_path) as server:
            answer = await server.call(headers={"Idempotency-Key": key.encode("latin-1")})
            assert (answer.status_code, answer.json()["error"]["code"]) == (400, "key")

    asyncio.run(work())


def test_a_model_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    async def work() -> None:
        async with served(tmp_path) as server:
            assert (await server.call(model="fake/none")).status_code == 404
            # One whose provider is not installed.
            assert (await server.call(model="far/text")).status_code == 422
            assert (await server.studio.runs()) == ()

    asyncio.run(work())


def test_a_job_is_stopped_at_its_provider(tmp_path: Path) -> None:
    async def work() -> None:
        far = Far()
        async with served(tmp_path, {"far": far}) as server:
            job = (await server.call(model="far/text")).json()
            answer = await server.client.post(f"/v1/jobs/{job['id']}/cancel")
            assert answer.status_code == 200
            view = await server.ended(job["run"])
            assert view["state"] in {"failed", "cancelled", "succeeded"}
            assert far.cancelled or not far.requests

    asyncio.run(work())


def test_lists_come_in_pages_without_gap_or_double(tmp_path: Path) -> None:
    async def work() -> None:
        async with served(tmp_path) as server:
            jobs = [(await server.call(str(at))).json() for at in range(7)]
            for job in jobs:
                await server.ended(job["run"])
            for what, key in (("jobs", "id"), ("runs", "run")):
                found, cursor = [], None
                while True:
                    asked = {"limit": 3} | ({"cursor": cursor} if cursor else {})
                    page = (await server.client.get(f"/v1/{what}", params=asked)).json()
                    assert len(page[what]) <= 3
                    found += [each["id"] for each in page[what]]
                    cursor = page["next"]
                    if cursor is None:
                        break
                assert found == [job[key] for job in reversed(jobs)]
            one = await server.client.get("/v1/jobs", params={"run": jobs[2]["run"]})
            assert [each["id"] for each in one.json()["jobs"]] == [jobs[2]["id"]]
            for wrong in ({"limit": 0}, {"limit": 201}, {"cursor": "1"}, {"cursor": "1.';--"},
                          {"state": "none"}, {"other": 1}):  # fmt: skip
                refused = await server.client.get("/v1/jobs", params=wrong)
                assert refused.status_code == 422, wrong
            twice = await server.client.get("/v1/jobs?limit=1&limit=2")
            assert twice.status_code == 400

    asyncio.run(work())
