"""A person renders at a vendor from the command line; the vendor is emulated, all else is real."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from command import Answer, run
from plans import step

from emulator.server import serving
from emulator.world import Fault, World

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY = "r8_Zq3vT9xLm2Kp7Wd4Bn6Hc8Js5Fg1Ry0Ue"
MODEL = "replicate/black-forest-labs/flux-schnell"


class Desk:
    """A folder with a plan of some stills at Replicate."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.url = f"{url}/replicate/v1"

    def plan(self, *names: str) -> None:
        steps = [
            {**step(name, "x", "image", prompt=f"a kite, {name}"), "model": MODEL} for name in names
        ]
        (self.folder / "p.json").write_text(json.dumps({"title": "T", "steps": steps}))

    def run(self, *words: str, key: str = KEY) -> Answer:
        known = {"REPLICATE_API_TOKEN": key, "FRAMEWRIGHT_REPLICATE_URL": self.url}
        return run(*words, cwd=self.folder, **known)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def desk(world: World, tmp_path: Path) -> Iterator[Desk]:
    with serving(world) as url:
        yield Desk(tmp_path, url)


def errors(answer: Answer) -> dict[str, Any]:
    return {
        name: each["error"]["category"]
        for name, each in answer.data["steps"].items()
        if each.get("error")
    }


def test_stills_are_rendered_and_paid_for_once(desk: Desk, world: World) -> None:
    desk.plan("a", "b", "c")
    world.plan("replicate", None, Fault.RATE_LIMIT)
    done = desk.run("run", "p.json", "-w", "ws", "-o", "out")
    assert done.code == 0, done.out + done.err
    assert sorted(path.name for path in (desk.folder / "out").glob("*.png")) == [
        "a.png",
        "b.png",
        "c.png",
    ]
    assert world.submitted["replicate"] == 3
    again = desk.run("run", "p.json", "-w", "ws", "-o", "out2")
    assert again.code == 0
    assert world.submitted["replicate"] == 3


def test_a_key_is_found_in_nothing_that_is_written(desk: Desk, world: World) -> None:
    desk.plan("a", "b", "c", "d", "e")
    world.plan(
        "replicate", Fault.AUTHENTICATION, Fault.POLICY, Fault.INVALID, Fault.LOST_AFTER, None
    )
    done = desk.run("run", "p.json", "-w", "ws", "-o", "out", "--json")
    assert done.code == 1
    said = [done.out, done.err]
    for words in (("runs",), ("jobs", "dead"), ("doctor",), ("providers",), ("logs",)):
        told = desk.run(*words, *(["-w", "ws"] if words[0] != "providers" else []))
        said += [told.out, told.err]
    assert KEY not in "".join(said)
    assert KEY[3:20] not in "".join(said)
    home = Path(os.environ["HOME"])
    files = [path for top in (desk.folder, home) for path in top.rglob("*") if path.is_file()]
    assert any(path.name == "workspace.db" for path in files)
    for path in files:
        assert KEY[3:].encode() not in path.read_bytes(), path


def test_without_a_key_nothing_is_asked_and_the_way_is_said(desk: Desk, world: World) -> None:
    desk.plan("a")
    done = desk.run("run", "p.json", "-w", "ws", key="")
    assert done.code == 2
    assert "REPLICATE_API_TOKEN" in done.out + done.err
    assert not world.seen


def test_a_price_that_nobody_knows_is_not_told_as_nothing(desk: Desk) -> None:
    desk.plan("a")
    told = desk.run("estimate", "p.json", "-w", "ws", "--budget", "1")
    assert "Cost  unknown" in told.out
    assert "Nobody knows the price" in told.out
    assert "No budget can hold back" in told.out
