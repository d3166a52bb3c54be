"""The OpenAPI document: right in itself, and true of every route, which are driven from it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from PIL import Image

from framewright.server.endpoints import ENDPOINTS
from framewright.server.openapi import openapi
from served import Served, served

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENT = openapi(ENDPOINTS, "http://127.0.0.1:8400")
OPERATIONS = [
    (path, method, told)
    for path, methods in DOCUMENT["paths"].items()
    for method, told in methods.items()
]
PLAN = {
    "title": "T",
    "steps": [
        {
            "id": "a",
            "title": "",
            "kind": "text",
            "model": "fake/text",
            "inputs": {"prompt": "x"},
            "approval": True,
        }
    ],
}
BODIES = {
    "submitRun": {"plan": PLAN},
    "submitJob": {"model": "fake/text", "inputs": {"prompt": "x"}},
    "resumeRun": {"budget": 1.5},
    "approveRun": {"approved": False},
}
ORDER = {"cancelRun": 1, "cancelJob": 1}


def test_the_document_is_right_in_itself() -> None:
    validate(DOCUMENT)
    names = [told["operationId"] for _, _, told in OPERATIONS]
    assert len(names) == len(set(names)) == len(ENDPOINTS)


def follows(schema: dict[str, Any], value: Any) -> None:
    whole = {**schema, "components": DOCUMENT["components"]}
    Draft202012Validator.check_schema(whole)
    Draft202012Validator(whole).validate(value)


async def furnished(server: Served, tmp_path: Path) -> dict[str, str]:
    Image.new("RGB", (8, 8)).save(tmp_path / "a.png")
    upload = await server.studio.upload(tmp_path / "a.png")
    job = (await server.call()).json()
    await server.ended(job["run"])
    ids = {"run": job["run"], "job": job["id"], "step": "call", "number": "0"}
    return {**ids, "asset": upload.file.hash}


async def asked(
    server: Served, path: str, method: str, told: dict[str, Any], more: dict[str, Any]
) -> tuple[int, Any]:
    """Ask, and hold the answer against what is told of it."""
    async with server.client.stream(method, path, **more) as answer:
        told_of = told["responses"].get(str(answer.status_code))
        assert told_of is not None, (method, path, answer.status_code, await answer.aread())
        content = told_of.get("content", {})
        kind = answer.headers.get("content-type", "").partition(";")[0]
        if "application/json" in content:
            assert kind == "application/json"
            await answer.aread()
            follows(content["application/json"]["schema"], answer.json())
        elif content:
            assert kind in content or "*/*" in content
        return answer.status_code, content


def test_every_route_does_what_is_told_of_it(tmp_path: Path) -> None:
    async def work() -> None:
        async with served(tmp_path) as server:
            document = (await server.client.get("/openapi.json")).json()
            assert document["paths"] == DOCUMENT["paths"]
            ids = await furnished(server, tmp_path)
            waiting = await server.client.post("/v1/runs", json={"plan": PLAN})
            done = set()
            for path, method, told in sorted(
                OPERATIONS, key=lambda each: ORDER.get(each[2]["operationId"], 0)
            ):
                name = told["operationId"]
                mine = {**ids, "run": waiting.json()["id"]} if name == "approveRun" else ids
                more: dict[str, Any] = {"json": BODIES[name]} if name in BODIES else {}
                if name in BODIES:
                    follows(
                        told["requestBody"]["content"]["application/json"]["schema"], BODIES[name]
                    )
                if name == "upload":
                    more = {"files": {"file": ("a.png", (tmp_path / "a.png").read_bytes())}}
                status, _ = await asked(server, path.format(**mine), method, told, more)
                assert status < 300, (name, status)
                done.add(name)
            assert len(done) == len(ENDPOINTS)
            assert set(BODIES) <= done

    asyncio.run(work())


WRONG = [
    {"json": {"nonsense": 1}},
    {"content": b"{", "headers": {"Content-Type": "application/json"}},
    {"content": b"x", "headers": {"Content-Type": "text/plain"}},
    {"content": b"x", "headers": {"Content-Type": "multipart/form-data"}},
    {"content": b"x", "headers": {"Content-Type": "multipart/form-data; boundary=b"}},
    {"params": {"nonsense": "1"}},
    {"params": {"limit": "a", "after": "b", "task": "c"}},
    {"headers": {"Last-Event-ID": "x"}},
    {"headers": {"Authorization": "Bearer x"}},
    {"headers": {"Origin": "http://evil.example"}},
]


@pytest.mark.parametrize("known", [True, False])
def test_what_is_refused_is_refused_as_is_told(tmp_path: Path, known: bool) -> None:
    async def work() -> None:
        async with served(tmp_path) as server:
            ids = await furnished(server, tmp_path)
            mine = ids if known else dict.fromkeys(ids, "nothing")
            for path, method, told in OPERATIONS:
                for more in WRONG:
                    refused = await asked(server, path.format(**mine), method, told, more)
                    assert refused[0] < 500

    asyncio.run(work())


def test_a_part_of_a_file_is_sent_as_it_is_asked_for(tmp_path: Path) -> None:
    async def work() -> None:
        async with served(tmp_path) as server:
            ids = await furnished(server, tmp_path)
            path = f"/v1/assets/{ids['asset']}/file"
            whole = await server.client.get(path)
            assert whole.content == (tmp_path / "a.png").read_bytes()
            assert "attachment" in whole.headers["content-disposition"]
            assert "sandbox" in whole.headers["content-security-policy"]
            assert whole.headers["etag"] == f'"{ids["asset"]}"'
            size = len(whole.content)
            for asked_for, status, part in (
                ("bytes=0-3", 206, whole.content[:4]),
                ("bytes=5-", 206, whole.content[5:]),
                ("bytes=-6", 206, whole.content[-6:]),
                (f"bytes={size}-", 416, None),
                ("bytes=9-2", 400, None),
                ("lines=1-2", 400, None),
                ("bytes=" + ",".join(f"{at}-{at}" for at in range(0, 60, 2)), 206, None),
            ):
                answer = await server.client.get(path, headers={"Range": asked_for})
                assert answer.status_code == status, (asked_for, answer.status_code)
                if part is not None:
                    assert answer.content == part
            same = {"Range": "bytes=0-3", "If-Range": whole.headers["etag"]}
            assert (await server.client.get(path, headers=same)).status_code == 206
            other = {"Range": "bytes=0-3", "If-Range": '"other"'}
            assert (await server.client.get(path, headers=other)).status_code == 200
            server.studio._blobs.path(ids["asset"], ".png").unlink()
            assert (await server.client.get(path)).status_code == 404

    asyncio.run(work())
