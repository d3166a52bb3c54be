"""Runs workflows with ComfyUI's own command line; prints what it answered as JSON."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

COMFY = Path(sys.executable).parent / "comfy"
where = urlsplit(sys.argv[1])
place = ["--host", str(where.hostname), "--port", str(where.port)]
given = json.loads(sys.stdin.read())


def comfy(*words: str) -> dict[str, object]:
    """Return what a command answers: its last line is one JSON object."""
    done = subprocess.run([COMFY, *words], capture_output=True, text=True, check=False)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if not lines:
        raise SystemExit(f"comfy {words}: {done.stdout[-1_000:]} {done.stderr[-1_000:]}")
    return json.loads(lines[-1])


folder = Path(given["folder"])
subprocess.run([COMFY, "tracking", "disable"], capture_output=True, check=False)
(folder / "good.json").write_text(json.dumps(given["good"]))
(folder / "bad.json").write_text(json.dumps(given["bad"]))
(folder / "in.png").write_bytes(b"\x89PNG of a kite")
run = ("run", "--wait", *place, "--workflow")
seen = {
    "good": comfy(*run, str(folder / "good.json")),
    "bad": comfy(*run, str(folder / "bad.json")),
    "upload": comfy("upload", str(folder / "in.png"), *place),
    "jobs": comfy("jobs", "ls", *place),
}
print(json.dumps(seen))
