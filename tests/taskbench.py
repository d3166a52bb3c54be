"""The multimedia tools and gold graphs of TaskBench, as model cards and plans of ours.

The data (MIT, arXiv 2311.18760) is not part of this project: `FRAMEWRIGHT_TASKBENCH` names the
folder, else `shared/data/taskbench` is looked for beside and above the project.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framewright.domain.media import MediaKind

if TYPE_CHECKING:
    import random

_ENDINGS = {
    "jpg": "image", "jpeg": "image", "png": "image", "wav": "audio", "mp3": "audio", "mp4": "video",
}  # fmt: skip
_STEP_KINDS = {"image": "image", "video": "video", "audio": "audio", "text": "text"}


def folder() -> Path | None:
    """Return where the data lies, or None."""
    if named := os.environ.get("FRAMEWRIGHT_TASKBENCH"):
        return Path(named)
    for parent in Path(__file__).resolve().parents[1:]:
        found = parent / "shared" / "data" / "taskbench"
        if (found / "gold.jsonl").is_file():
            return found
    return None


def tools(data: Path) -> dict[str, dict[str, Any]]:
    """Return each tool by name as an entry of a catalog."""
    listed = json.loads((data / "tools.json").read_text("utf-8"))["nodes"]
    return {tool["id"]: _card(tool) for tool in listed}


def _card(tool: dict[str, Any]) -> dict[str, Any]:
    output = _medium(tool["output-type"][0])
    properties: dict[str, Any] = {}
    for kind in map(_medium, tool["input-type"]):
        name = kind if kind not in properties else f"{kind}_2"
        media = {"type": "string", "format": "media-ref", "x-media": kind}
        properties[name] = {"type": "string"} if kind == "text" else media
    properties.setdefault("text", {"type": "string"})
    return {
        "id": f"taskbench/{slug(tool['id'])}",
        "provider": "taskbench",
        "kind": _STEP_KINDS[output],
        "output": output,
        "description": tool["desc"],
        "inputs_schema": {
            "type": "object",
            "properties": properties,
            "required": [name for name in properties if name != "text"],
            "additionalProperties": False,
        },
    }


def _medium(said: str) -> str:
    return "text" if said.lower() == "url" else said.lower()


def slug(name: str) -> str:
    """Return a tool's name as part of an id."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def gold(data: Path) -> list[dict[str, Any]]:
    """Return the requests with their gold graphs."""
    return [json.loads(line) for line in (data / "gold.jsonl").read_text("utf-8").splitlines()]


def plan_of(record: dict[str, Any], cards: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return a gold graph as a plan: its nodes the steps, its arguments the inputs."""
    nodes = record["tool_nodes"]
    outputs = [cards[node["task"]]["output"] for node in nodes]
    steps = []
    for number, node in enumerate(nodes):
        card = cards[node["task"]]
        inputs: dict[str, Any] = {}
        for argument in node["arguments"]:
            kind, value = _argument(argument, outputs)
            free = [
                f
                for f in card["inputs_schema"]["properties"]
                if f not in inputs and f.split("_")[0] == kind
            ]
            if free:
                inputs[free[0]] = value
        for field in card["inputs_schema"]["required"]:
            inputs.setdefault(field, f"$upload.{field.split('_')[0]}")
        steps.append(_step(f"n{number}", card, inputs))
    for link in record["tool_links"]:
        source, target = f"n{link['source_index']}", steps[link["target_index"]]
        if source not in target["depends_on"]:
            target["depends_on"].append(source)
    return {"title": record["id"], "steps": steps}


def _argument(argument: Any, outputs: list[str]) -> tuple[str, str]:
    text = str(argument)
    if found := re.fullmatch(r"@(\d+)", text):
        return outputs[int(found[1])], f"$n{found[1]}.output"
    if (found := re.fullmatch(r"\S+\.(\w{2,4})", text)) and found[1] in _ENDINGS:
        kind = _ENDINGS[found[1]]
        return ("text", text) if "/" in text else (kind, f"$upload.{kind}")
    return "text", text


def _step(name: str, card: dict[str, Any], inputs: dict[str, Any]) -> dict[str, Any]:
    needs = [v[1:-7] for v in inputs.values() if v.startswith("$") and v.endswith(".output")]
    return {
        "id": name,
        "title": card["id"].split("/")[1].replace("-", " ").capitalize(),
        "kind": card["kind"],
        "model": card["id"],
        "inputs": inputs,
        "depends_on": list(dict.fromkeys(needs)),
    }


def walk(data: Path, cards: dict[str, dict[str, Any]], chance: random.Random) -> dict[str, Any]:
    """Return a random plan along the links of the tool graph; each step may branch off."""
    graph = json.loads((data / "toolgraph.json").read_text("utf-8"))
    links: dict[str, list[str]] = {}
    for link in graph["links"]:
        links.setdefault(link["source"], []).append(link["target"])
    names = [chance.choice(sorted(links))]
    sources: list[int | None] = [None]
    for _ in range(chance.randint(0, 9)):
        at = chance.randrange(len(names))
        if names[at] in links:
            names.append(chance.choice(links[names[at]]))
            sources.append(at)
    steps = []
    for number, (name, source) in enumerate(zip(names, sources, strict=True)):
        card = cards[name]
        inputs: dict[str, Any] = {"text": f"about item {number}"}
        for field in card["inputs_schema"]["required"]:
            inputs[field] = f"$upload.{field.split('_')[0]}"
        if source is not None:
            kind = cards[names[source]]["output"]
            fitting = [f for f in card["inputs_schema"]["properties"] if f.split("_")[0] == kind]
            inputs[chance.choice(fitting)] = f"$n{source}.output"
        steps.append(_step(f"n{number}", card, inputs))
    return {"title": "A walk", "steps": steps}


UPLOADS = {kind: MediaKind(kind) for kind in ("image", "video", "audio")}
