"""Threads that need the codecs at the same moment all get them whole."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import framewright

SCRIPT = """
import importlib, sys, threading
names = ["framewright.media.probe", "framewright.media.write", "framewright.quality.technical",
         "framewright.media.sound_stream", "framewright.media.guards", "framewright.media.decode",
         "framewright_providers.local.utilities", "framewright.media.stream_copy"]
sys.setswitchinterval(1e-6)
barrier, problems = threading.Barrier(len(names)), []
def load(name):
    barrier.wait()
    try:
        importlib.import_module(name)
    except Exception as error:
        problems.append(f"{name}: {error!r}")
threads = [threading.Thread(target=load, args=(name,)) for name in names]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
sys.exit("; ".join(problems) or 0)
"""


def _imported(body: list[ast.stmt]) -> set[str]:
    """Return what is imported when the code runs: not what is only for type checkers."""
    found: set[str] = set()
    for node in body:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        match node:
            case ast.Import(names=names):
                found |= {name.name for name in names}
            case ast.ImportFrom(module=str(module)):
                found.add(module)
        for part in ("body", "orelse", "handlers", "finalbody"):
            found |= _imported(getattr(node, part, []))
    return found


def test_there_is_one_way_in_to_pyav() -> None:
    root = Path(framewright.__file__).parent
    users = {
        str(path.relative_to(root))
        for path in root.rglob("*.py")
        if any(
            name.split(".")[0] == "av"
            for name in _imported(ast.parse(path.read_text("utf-8")).body)
        )
    }
    assert users == {"media/codecs.py"}


@pytest.mark.parametrize("attempt", range(8))
def test_first_imports_at_once(attempt: int) -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True)
    assert done.returncode == 0, f"{attempt}: {done.stderr}"
