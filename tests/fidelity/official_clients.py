"""The vendors' own clients, in an environment of their own, against the emulated vendors."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
TOOLS = HERE.parents[1] / ".tools"
SECONDS = 120
LISTS = ("requirements.txt", "requirements-older.txt")
"""What each environment holds; a client of before needs one of its own."""


def python(requirements: str = "requirements.txt") -> Path:
    """Return the Python that has the clients of a list, made where it is missing."""
    wanted = (HERE / requirements).read_text("utf-8")
    folder = TOOLS / f"fidelity-{hashlib.sha256(wanted.encode()).hexdigest()[:12]}"
    found = folder / "bin" / "python"
    whole = folder / "whole"
    if whole.is_file():
        return found
    if not (TOOLS / "bin" / "uv").is_file():
        pytest.skip("`make fidelity` fetches the vendors' clients")
    with (TOOLS / "fidelity.lock").open("w") as lock:
        # Several processes run tests; one of them makes it.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not whole.is_file():
            uv = TOOLS / "bin" / "uv"
            shutil.rmtree(folder, ignore_errors=True)
            known = _trusting()
            subprocess.run(
                [uv, "venv", "--quiet", "--python", sys.executable, folder], check=True, env=known
            )
            install = [uv, "pip", "install", "--quiet", "--python", found]
            wanted_there = [*install, "--requirement", HERE / requirements]
            done = subprocess.run(wanted_there, check=False, env=known)
            if done.returncode != 0:
                shutil.rmtree(folder, ignore_errors=True)
                _not_there()
            whole.touch()
    return found


def _trusting() -> dict[str, str]:
    """Return the environment of uv: it trusts whom this machine trusts, as `make setup` has it."""
    if not Path("/etc/ssl/certs/ca-certificates.crt").exists():
        return dict(os.environ)
    return {"UV_SYSTEM_CERTS": "true", **os.environ}


def _not_there() -> None:
    """Do without the clients where nobody can fetch them, but never where all is to be proved."""
    why = "the vendors' clients could not be fetched: once online, `make fidelity` does that"
    if os.environ.get("CI"):
        pytest.fail(why)
    pytest.skip(why)


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


def fetch() -> None:
    """Make every environment that is missing; without a network, tests do without."""
    for each in LISTS:
        try:
            python(each)
        except (pytest.skip.Exception, pytest.fail.Exception) as missing:
            sys.stderr.write(f"Warning: {missing.msg}.\n")


if __name__ == "__main__":
    fetch()
