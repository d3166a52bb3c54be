"""Environments of their own for the peers that benchmarks measure against."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

PEERS = Path(__file__).parent / "peers"
TOOLS = Path(__file__).parents[2] / ".tools"


def python_with(requirements: str) -> Path:
    """Return the Python that has what a file in `peers/` lists, made where it is missing."""
    wanted = (PEERS / requirements).read_text("utf-8")
    folder = TOOLS / f"peers-{hashlib.sha256(wanted.encode()).hexdigest()[:12]}"
    python = folder / "bin" / "python"
    if not python.exists():
        uv = TOOLS / "bin" / "uv"
        try:
            install = [uv, "pip", "install", "--quiet", "--python", python]
            subprocess.run([uv, "venv", "--quiet", folder], check=True)
            subprocess.run([*install, "--requirement", PEERS / requirements], check=True)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
    return python
