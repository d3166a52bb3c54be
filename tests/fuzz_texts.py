"""Plans, catalogs, vendors' documents and settings changed at random: read or refused, in order."""

from __future__ import annotations

import json
import random
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from framewright.catalog.vendor.card import vendor_card
from framewright.errors import FramewrightError
from framewright.media.subtitles import read_subtitle_file
from framewright.settings import FILE_NAME, load_settings, store_url
from framewright.studio.catalogs import load_catalog, read_json
from framewright.studio.plan_files import read_plan
from hostile_files import changed
from vendor_schemas import BY_HAND

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

_STEP = {
    "id": "still",
    "title": "Still",
    "kind": "image",
    "model": "local/previz-still",
    "inputs": {"prompt": "a red kite", "list": ["$upload.a", 1, None, 0.5]},
    "depends_on": [],
    "when": {"step": "other", "contains": "yes"},
}
_PLAN = {"title": "Kite", "steps": [_STEP, {**_STEP, "id": "other"}], "groups": []}
_SETTINGS = """catalogs = ["a.json"]
max_parallel_steps = 64
tenant = "ann"
[limits]
models = { "local/music" = 1 }
tenants = { ann = { most = 8, weight = 2.0 } }
rates = { replicate = "600/minute" }
[budgets]
per = "day"
project = 50.0
[store]
url = "postgresql://ann@host/films?sslmode=require"
"""
_SUBTITLES = (
    "1\n00:00:00,500 --> 00:00:01,250\nHello <i>you</i>\n\n2\n00:01:02,003 --> 00:01:09,9\n{b}x\n",
    "WEBVTT\n\nNOTE n\n\nSTYLE\n::cue { color: red }\n\n"
    "a\n00:01.000 --> 00:02.000 line:0\n<v A>Hi\n",
    "[Script Info]\nScriptType: v4.00+\n[Events]\nFormat: Layer, Start, End, Style, Text\n"
    "Dialogue: 0,0:00:01.00,0:00:02.00,Default,{\\pos(1,2)}Hi\\Nyou\n",
)
_NASTY = ("[" * 99_999, '{"a":' * 99_999, "9" * 9_999, "1e999", '"\\ud800"', "\0", "NaN", "", "[]")


def _read(path: Path) -> dict[str, Callable[[], object]]:
    return {
        "plan": lambda: read_plan(path),
        "catalog": lambda: load_catalog([path]),
        "vendor": lambda: vendor_card(read_json(path), "far", "far/model"),
        "subtitles": lambda: read_subtitle_file(path),
        "settings": lambda: (load_settings(path.parent), store_url(path.parent)),
    }


def fuzz_texts(folder: Path, seed: int, numbers: Iterable[int]) -> list[str]:
    """Read changed texts, each by every reader; return what was raised that nobody foresaw."""
    shipped = (files("framewright_assets") / "catalog" / "local.json").read_bytes()
    originals = [json.dumps(_PLAN).encode(), shipped, _SETTINGS.encode()]
    originals += [text.encode() for text in _SUBTITLES]
    originals += [json.dumps(each.document).encode() for each in BY_HAND]
    path, found = folder / FILE_NAME, []
    for number in numbers:
        chance = random.Random(f"{seed}:{number}")
        if number < len(_NASTY):
            data = _NASTY[number].encode()
        else:
            data = _changed(chance.choice(originals), originals, chance)
        path.write_bytes(data)
        for name, read in _read(path).items():
            try:
                read()
            except FramewrightError:
                continue
            except Exception as error:  # noqa: BLE001 - that is what is looked for
                found.append(f"seed {seed} text {number}, {name}: {type(error).__name__}: {error}")
    return found


def _changed(data: bytes, originals: list[bytes], chance: random.Random) -> bytes:
    """Return a text changed as bytes, or as what it says: then it is JSON still."""
    if chance.random() < 0.4:
        return changed(data, originals, chance)
    try:
        content = json.loads(data)
    except ValueError:
        return changed(data, originals, chance)
    for _ in range(chance.choice((1, 2, 4))):
        _disturb(content, chance)
    return json.dumps(content).encode()


_VALUES: tuple[Any, ...] = (None, True, -1, 0, 1e308, 10**30, "", "$", "$a.b[", "\ud800", [], {})


def _disturb(content: Any, chance: random.Random) -> None:
    """Change one value somewhere in a document."""
    while isinstance(content, dict | list) and content:
        keys = list(content) if isinstance(content, dict) else list(range(len(content)))
        key = chance.choice(keys)
        if chance.random() < 0.3 or not isinstance(content[key], dict | list):
            value = chance.choice(_VALUES)
            content[key] = {"$ref": "#"} if chance.random() < 0.1 else value
            return
        content = content[key]
