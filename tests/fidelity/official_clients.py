"""The vendors' own clients, in an environment of their own, against the emulated vendors."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
TOOLS = HERE.parents[1] / ".tools"
SECONDS = 120


def python(requirements: str = "requirements.txt") -> Path:
    """Return the Python that has the clients of a list, made where it is missing."""
    wanted = (HERE / requirements).read_text("utf-8")
    folder = TOOLS / f"fidelity-{hashlib.sha256(wanted.encode()).hexdigest()[:12]}"
    found = folder / "bin" / "python"
    whole = folder / "whole"
    if whole.is_file():
        return found
    with (TOOLS / "fidelity.lock").open("w") as lock:
        # Several processes run tests; one of them makes it.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not whole.is_file():
            uv = TOOLS / "bin" / "uv"
            shutil.rmtree(folder, ignore_errors=True)
            subprocess.run([uv, "venv", "--quiet", folder], check=True)
            install = [uv, "pip", "install", "--quiet", "--python", found]
            subprocess.run([*install, "--requirement", HERE / requirements], check=True)
            whole.touch()
    return found


def run(
    script: str,
    address: str,
    key: str,
    given: str = "",
    *,
    requirements: str = "requirements.txt",
    **variables: str,
) -> Any:
    """Run a script of `sdk/` and return what it prints, JSON; fails with what it complains of."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    done = subprocess.run(
        [python(requirements), HERE / "sdk" / f"{script}.py", address],
        input=given,
        env={**kept, "KEY": key, "NO_PROXY": "*", **variables},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    return json.loads(done.stdout.splitlines()[-1])
