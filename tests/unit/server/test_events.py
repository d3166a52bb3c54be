"""Streams of events: cut anywhere and taken up again, nothing is lost and nothing comes twice."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from framewright import Plan, Studio
from framewright.domain.event import Event as LogEvent
from framewright.domain.event import RunEnded, RunStarted
from framewright.protocols import FakeProvider
from framewright.server import streams
from framewright.server.problems import RefusedError
from served import Far, served, told

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("each_workspace")


def plan(count: int) -> dict[str, Any]:
    step = {"title": "", "kind": "text", "model": "fake/text", "inputs": {"prompt": "x"}}
    return {"title": "T", "steps": [{**step, "id": f"s{at}"} for at in range(count)]}


def test_a_stream_goes_on_where_it_broke_off(tmp_path: Path) -> None:
    async def work() -> None:
        async with served(tmp_path) as server:
            run = (await server.client.post("/v1/runs", json={"plan": plan(4)})).json()["id"]
            await server.ended(run)
            path = f"/v1/runs/{run}/events"

            async def taken(after: int, most: int) -> list[int | None]:
                found: list[int | None] = []
                back = {"Last-Event-ID": str(after)} if after else {}
                async with server.client.stream("GET", path, headers=back) as stream:
                    async for name, number, _ in told(stream):
                        if name == "end" or len(found) == most:
                            break
                        found.append(number)
                return found

            whole = await taken(0, 1_000)
            assert len(whole) > 12
            assert whole == sorted(set(whole))
            for cut in range(1, len(whole)):
                first = await taken(0, cut)
                assert first[-1] is not None
                assert first + await taken(first[-1], 1_000) == whole
            last = {"Last-Event-ID": str(whole[-1])}
            assert (await server.client.get(path, headers=last)).status_code == 204
            # The header wins: a browser comes back with the address it was given first.
            both = await server.client.get(path, headers=last, params={"after": 0})
            assert both.status_code == 204

    asyncio.run(work())


def test_a_stream_that_is_cut_while_work_goes_on_tells_all_of_it(tmp_path: Path) -> None:
    async def work() -> None:
        async with served(tmp_path) as server:
            runs = [
                (await server.client.post("/v1/runs", json={"plan": plan(3)})).json()["id"]
                for _ in range(4)
            ]
            heard: list[tuple[int, str]] = []
            ended: set[str] = set()
            while len(ended) < len(runs):
                after = heard[-1][0] if heard else 0
                async with server.client.stream("GET", f"/v1/events?after={after}") as stream:
                    count = 0
                    async for _, number, data in told(stream):
                        assert number is not None
                        heard.append((number, data["run"]))
                        if data["body"]["type"] == "run-ended":
                            ended.add(data["run"])
                        count += 1
                        if count == 7 or len(ended) == len(runs):
                            break
            numbers = [number for number, _ in heard]
            assert numbers == sorted(set(numbers))
            async with server.client.stream("GET", "/v1/events") as stream:
                again = []
                async for _, number, data in told(stream):
                    again.append((number, data["run"]))
                    if number == heard[-1][0]:
                        break
            assert again == heard

    asyncio.run(work())


def test_what_another_process_does_is_told_too(tmp_path: Path) -> None:
    async def work() -> None:
        async with served(tmp_path) as server:
            other = Studio.open(
                tmp_path / "ws",
                catalogs=[tmp_path / "cards.json"],
                providers={"fake": FakeProvider()},
            )
            async with other as beside, server.client.stream("GET", "/v1/events") as stream:
                run = await beside.start(Plan.model_validate(plan(2)))
                names = []
                async for name, _, data in told(stream):
                    assert data["run"] == run
                    names.append(name)
                    if name == "run-ended":
                        break
                assert names[0] == "run-created"
            assert (await server.ended(run))["state"] == "succeeded"

    asyncio.run(work())


def test_a_silent_stream_says_that_it_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "HEARTBEAT_SECONDS", 0.05)

    async def work() -> None:
        far = Far()
        async with (
            served(tmp_path, {"far": far}) as server,
            server.client.stream("GET", "/v1/events") as stream,
        ):
            assert stream.headers["content-type"] == "text/event-stream; charset=utf-8"
            assert (await server.client.head("/v1/events")).status_code == 200
            beats = 0
            async for line in stream.aiter_lines():
                beats += line == ": still here"
                if beats == 3:
                    break

    asyncio.run(work())


def test_streams_end_with_the_server(tmp_path: Path) -> None:
    async def work() -> None:
        far = Far()
        async with served(tmp_path, {"far": far}) as server:
            async with server.client.stream("GET", "/v1/events") as stream:
                server.stopping.set()
                assert [name async for name, _, _ in told(stream)] == ["stopping"]
            await server.serving
            with pytest.raises(httpx.ConnectError):
                await server.client.get("/v1/runs")

    asyncio.run(work())


@pytest.mark.parametrize("last", ["x", "-1", "1.5", "9" * 19, "1\u0661", "0x1", "1 2"])
def test_what_is_no_place_in_the_log_is_refused(last: str) -> None:
    with pytest.raises(RefusedError):
        streams.read_cursor(last)


def test_an_event_is_one_block_whatever_it_says() -> None:
    for text in ("a\nb", "a\r\n\r\nid: 7\n", "\u2028\x85\x0b", "data: x"):
        event = LogEvent(
            seq=3, at_ms=1, tenant="ann", run=text, body=RunEnded(state="succeeded")
        )  # fmt: skip
        written = streams.written(event).decode()
        assert written.endswith("\n\n")
        lines = written.removesuffix("\n\n").split("\n")
        assert [line.split(": ")[0] for line in lines] == ["id", "event", "data"]
        assert "\r" not in written
        assert "ann" not in written
    assert streams.written(event).startswith(b"id: 3\n")
    assert RunStarted().type == "run-started"
