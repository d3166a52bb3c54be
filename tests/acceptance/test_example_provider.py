"""The example of docs/providers.md is installed as any package is, and a job is done with it."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from command import run
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from emulator.media import media_bytes
from emulator.server import serving
from emulator.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "example-provider"
KEY = "ink-secret-0123456789"


class Inkwell:
    """The made-up vendor."""

    def __init__(self) -> None:
        self.drawings: list[dict[str, Any]] = []
        self.asked = 0

    async def create(self, request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {KEY}":
            return JSONResponse({"error": {"code": "invalid_api_key"}}, 401)
        self.drawings.append(json.loads(await request.body()))
        return JSONResponse({"id": f"drawing-{len(self.drawings)}"}, 202)

    async def get(self, request: Request) -> Response:
        self.asked += 1
        if self.asked == 1:
            return JSONResponse({"state": "drawing", "share": 0.5})
        url = f"{request.url.scheme}://{request.url.netloc}/files/1.png"
        return JSONResponse({"state": "done", "files": [url], "dollars": 0.02})

    async def file(self, request: Request) -> Response:
        del request
        return Response(media_bytes("image"), media_type="image/png")

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/v1/drawings", self.create, methods=["POST"]),
                Route("/v1/drawings/{id}", self.get),
                Route("/files/{name}", self.file),
            ]
        )


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the installed example; its builder is part of uv, so no network."""
    # Building leaves nothing in the checkout.
    source = tmp_path_factory.mktemp("source") / "example-provider"
    shutil.copytree(EXAMPLE, source)
    folder = tmp_path_factory.mktemp("installed")
    uv = ROOT / ".tools" / "bin" / "uv"
    words = [uv, "pip", "install", "--quiet", "--offline", "--no-deps", "--target", folder, source]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def inkwell() -> Inkwell:
    return Inkwell()


@pytest.fixture
def around(installed: Path, inkwell: Inkwell) -> Iterator[dict[str, str]]:
    """The environment of a machine on which the example is installed."""
    with serving(World(), app=inkwell.app()) as url:
        yield {
            "PYTHONPATH": str(installed),
            "FRAMEWRIGHT_INKWELL_URL": f"{url}/v1",
            "INKWELL_API_KEY": KEY,
        }


def plan(folder: Path, **inputs: Any) -> None:
    step = {"id": "a", "title": "A", "kind": "image", "model": "inkwell/line", "inputs": inputs}
    (folder / "p.json").write_text(json.dumps({"title": "T", "steps": [step]}), "utf-8")
    shutil.copy(EXAMPLE / "catalog.json", folder / "catalog.json")


RUN = ("run", "p.json", "--catalog", "catalog.json", "-w", "ws", "-o", "out", "--json")


@pytest.mark.timeout(300)
def test_the_installed_example_does_a_job(
    tmp_path: Path, around: dict[str, str], inkwell: Inkwell
) -> None:
    plan(tmp_path, prompt="a red kite", seed=70_000 % 65_536)
    done = run(*RUN, cwd=tmp_path, **around)
    assert done.code == 0, done.err + done.out
    assert (tmp_path / "out" / "a.png").read_bytes() == media_bytes("image")
    assert inkwell.drawings == [{"model": "line", "input": {"prompt": "a red kite", "seed": 4_464}}]
    written = [each for each in (tmp_path / "ws").rglob("*") if each.is_file()]
    assert not [each for each in written if KEY.encode() in each.read_bytes()]


def test_a_wrong_key_is_told_in_words(tmp_path: Path, around: dict[str, str]) -> None:
    plan(tmp_path, prompt="a red kite")
    refused = run(*RUN, cwd=tmp_path, **{**around, "INKWELL_API_KEY": "another"})
    assert refused.code == 1
    assert "does not accept the key" in refused.out


def test_without_a_key_it_is_listed_with_what_it_lacks(
    tmp_path: Path, around: dict[str, str]
) -> None:
    listed = run("providers", "-w", "ws", "--json", cwd=tmp_path, **around).data["providers"]
    assert next(each for each in listed if each["name"] == "inkwell")["ready"]
    bare = {**around, "INKWELL_API_KEY": ""}
    listed = run("providers", "-w", "ws", "--json", cwd=tmp_path, **bare).data["providers"]
    mine = next(each for each in listed if each["name"] == "inkwell")
    assert not mine["ready"]
    assert "INKWELL_API_KEY" in json.dumps(mine)


def test_the_page_names_methods_that_there_are() -> None:
    """Whatever stands in the page's tables is what the protocols have."""
    import re

    from framewright import protocols

    page = (ROOT / "docs" / "providers.md").read_text("utf-8")
    rows = re.findall(r"^\| `(?:(\w+)\.)?(\w+)\(", page, re.MULTILINE)
    assert len(rows) == 12
    for owner, method in rows:
        assert hasattr(getattr(protocols, owner or "Provider"), method), (owner, method)
