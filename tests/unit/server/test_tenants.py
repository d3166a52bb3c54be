"""Keys, and that each sees what is its tenant's own: in lists, by name, in events, by reference."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from PIL import Image

from framewright import Studio
from framewright.errors import InputError
from framewright.protocols import FakeProvider
from framewright.server.endpoints import ENDPOINTS
from served import Served, served, told

if TYPE_CHECKING:
    from pathlib import Path


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def picture(tmp_path: Path, name: str, shade: int) -> bytes:
    path = tmp_path / name
    Image.new("RGB", (8, 8), (shade, 0, 0)).save(path)
    return path.read_bytes()


async def furnished(server: Served, tmp_path: Path, who: dict[str, str]) -> dict[str, str]:
    """Let somebody have one of everything; return what each is called."""
    sent = picture(tmp_path, "anns.png", 200)
    upload = await server.client.post(
        "/v1/uploads", files={"file": ("anns.png", sent)}, headers=who
    )
    assert upload.status_code == 201, upload.text
    job = (await server.call(headers=who)).json()
    await server.ended(job["run"], headers=who)
    ids = {"run": job["run"], "job": job["id"], "step": "call", "number": "0"}
    return {**ids, "asset": upload.json()["asset"], "upload": upload.json()["id"]}


def test_nobody_sees_what_is_anothers(tmp_path: Path) -> None:
    async def work() -> None:
        async with served(tmp_path) as server:
            ann = bearer((await server.studio.create_api_key("ann"))[1])
            bob = bearer((await server.studio.create_api_key("bob"))[1])
            hers = await furnished(server, tmp_path, ann)
            before = (await server.client.get(f"/v1/runs/{hers['run']}", headers=ann)).json()
            for each in ENDPOINTS:
                if "{" not in each.path:
                    continue
                path = each.path.format(**hers)
                if each.method == "GET":
                    mine = await server.client.get(path, headers=ann, params=over(path, before))
                    assert mine.status_code in {200, 204}, path
                answer = await server.client.request(each.method, path, headers=bob)
                assert answer.status_code == 404, path
                assert "anns.png" not in answer.text
                assert str(tmp_path) not in answer.text
            for what in ("runs", "jobs", "assets", "uploads"):
                assert (await server.client.get(f"/v1/{what}", headers=ann)).json()[what]
                assert (await server.client.get(f"/v1/{what}", headers=bob)).json()[what] == []
            by_run = await server.client.get(f"/v1/jobs?run={hers['run']}", headers=bob)
            assert by_run.status_code == 404
            for stolen in (f"$asset.{hers['asset']}", f"$upload.{hers['upload']}"):
                body = {"model": "fake/text", "inputs": {"picture": stolen}}
                good = await server.client.post("/v1/jobs", json=body, headers=ann)
                assert good.status_code == 202, good.text
                await server.ended(good.json()["run"], headers=ann)
                bad = await server.client.post("/v1/jobs", json=body, headers=bob)
                assert bad.status_code == 422, bad.text
            brief = {"brief": "animate it into a 2 second clip", "uploads": [hers["upload"]]}
            assert (
                await server.client.post("/v1/runs", json=brief, headers=bob)
            ).status_code == 404
            # The same key of a request's own is another one for each.
            key = {"Idempotency-Key": "same"}
            first = await server.call("a", headers={**ann, **key})
            second = await server.call("b", headers={**bob, **key})
            assert (first.status_code, second.status_code) == (202, 202)
            assert first.json()["run"] != second.json()["run"]
            # What he does himself is the first that he hears of.
            async with server.client.stream("GET", "/v1/events", headers=bob) as stream:
                async for _, _, data in told(stream):
                    assert data["run"] == second.json()["run"]
                    if data["body"]["type"] == "run-ended":
                        break

    asyncio.run(work())


def over(path: str, run: dict[str, Any]) -> dict[str, Any]:
    """A stream that is at its end already, where a path is one."""
    return {"after": run["cursor"]} if path.endswith("/events") else {}


@pytest.mark.parametrize(
    "given",
    ["", "Bearer", "Bearer  x", "Basic Zm86YmFy", "bearer fw_x", "fw_{}", "Bearer {}x",
     "Bearer x{}", "Bearer {} {}", "Bearer " + "f" * 10_000,
     "Bearer fw_000000000000000_" + "A" * 43],
)  # fmt: skip
def test_who_has_no_key_is_let_nowhere(tmp_path: Path, given: str) -> None:
    async def work() -> None:
        async with served(tmp_path) as server:
            _, secret = await server.studio.create_api_key("ann")
            headers = {"Authorization": given.replace("{}", secret)} if given else {}
            for each in ENDPOINTS:
                path = re.sub(r"\{\w+\}", "x", each.path)
                answer = await server.client.request(each.method, path, headers=headers)
                assert answer.status_code == 401, path
                assert answer.headers["www-authenticate"] == "Bearer"
                assert secret not in answer.text

    asyncio.run(work())


def test_a_revoked_key_is_of_no_use_at_once(tmp_path: Path) -> None:
    async def work() -> None:
        async with served(tmp_path) as server:
            key, secret = await server.studio.create_api_key("ann")
            other, _ = await server.studio.create_api_key("ann")
            assert (await server.client.get("/v1/runs", headers=bearer(secret))).status_code == 200
            await server.studio.revoke_api_key(key.id)
            assert (await server.client.get("/v1/runs", headers=bearer(secret))).status_code == 401
            # There still is one, so nobody is let in without.
            assert (await server.client.get("/v1/runs")).status_code == 401
            await server.studio.revoke_api_key(other.id)
            assert (await server.client.get("/v1/runs")).status_code == 200

    asyncio.run(work())


@pytest.mark.parametrize("name", ["Forwarded", "X-Forwarded-For", "Via", "X-Real-IP"])
def test_what_was_passed_on_to_us_needs_a_key(tmp_path: Path, name: str) -> None:
    async def work() -> None:
        async with served(tmp_path) as server:
            answer = await server.client.get("/v1/runs", headers={name: "1.2.3.4"})
            assert answer.status_code == 401

    asyncio.run(work())


def test_a_key_is_kept_nowhere(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def work() -> str:
        async with served(tmp_path) as server:
            _, secret = await server.studio.create_api_key("ann")
            await furnished(server, tmp_path, bearer(secret))
            await server.client.get("/v1/none", headers=bearer(secret))
            return secret

    caplog.set_level("DEBUG")
    secret = asyncio.run(work())
    told_parts = secret.encode(), secret.rpartition("_")[2].encode()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) > 3
    for path in files:
        held = path.read_bytes()
        assert not any(part in held for part in told_parts), path
    assert told_parts[1].decode() not in caplog.text


@pytest.mark.parametrize(
    ("tenant", "rate"),
    [("Ann", "1/second"), ("", "1/second"), ("a b", "1/second"), ("ann", "0/second"),
     ("ann", "1/week"), ("ann", "many"), ("ann", "1/second\n")],
)  # fmt: skip
def test_keys_of_nobody_are_not_made(tmp_path: Path, tenant: str, rate: str) -> None:
    async def work() -> None:
        async with Studio.open(tmp_path / "ws", providers={"fake": FakeProvider()}) as studio:
            with pytest.raises(InputError):
                await studio.create_api_key(tenant, rate)
            assert await studio.api_keys() == ()

    asyncio.run(work())


def test_any_text_but_the_key_itself_is_no_key(tmp_path: Path) -> None:
    async def work() -> None:
        async with Studio.open(tmp_path / "ws", providers={"fake": FakeProvider()}) as studio:
            key, secret = await studio.create_api_key("ann", "5/minute")
            assert await studio.api_key_of(secret) == key
            wrong: list[str] = []

            @given(some.text(max_size=80) | some.integers(0, len(secret) - 1).map(
                lambda at: secret[:at] + ("A" if secret[at] != "A" else "B") + secret[at + 1 :]
            ))  # fmt: skip
            def collected(text: str) -> None:
                wrong.append(text)

            collected()
            for text in wrong:
                assert await studio.api_key_of(text) is None

    asyncio.run(work())
