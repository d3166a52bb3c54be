"""Plans that are quick to run for real."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


def step(name: str, model: str, kind: str = "utility", **inputs: Any) -> dict[str, Any]:
    return {"id": name, "title": name, "kind": kind, "model": f"local/{model}", "inputs": inputs}


def twelve_steps() -> dict[str, Any]:
    """Return a small film of twelve steps: pictures, sounds, and what joins them."""
    return {
        "title": "Twelve",
        "steps": [
            step("still", "previz-still", "image", prompt="a red kite over a meadow"),
            step("small", "resize-image", image="$still.output", width=160, height=90),
            step("clip", "previz-camera", "video", first_frame="$small.output", duration=1),
            step("frame", "extract-frame", video="$clip.output", position="last"),
            step("clip_2", "previz-camera", "video", first_frame="$frame.output", duration=1),
            step("merge", "merge-videos", videos=["$clip.output", "$clip_2.output"]),
            step("voice", "speech", "audio", text="Up it goes"),
            step("voice_2", "speech", "audio", text="and down it comes"),
            step("music", "music", "audio", prompt="happy guitar", duration_seconds=2),
            step("sound", "sound", "audio", prompt="wind", duration_seconds=2),
            step(
                "mix",
                "mix-audio",
                tracks=["$voice.output", "$voice_2.output", "$music.output", "$sound.output"],
                duck=True,
            ),
            step("film", "mux-audio", video="$merge.output", audio="$mix.output"),
        ],
    }


def sounds(count: int, seconds: float = 0.5) -> dict[str, Any]:
    """Return a plan of that many sounds, each waiting for the one before."""
    made = []
    for at in range(count):
        one = step(f"s{at}", "sound", "audio", prompt=f"rain {at}", duration_seconds=seconds)
        made.append({**one, "depends_on": [f"s{at - 1}"] if at else []})
    return {"title": "Sounds", "steps": made}


def write(plan: dict[str, Any], path: Path) -> Path:
    path.write_text(json.dumps(plan), "utf-8")
    return path
