"""Threads that need the codecs at the same moment all get them whole."""

from __future__ import annotations

import subprocess
import sys

import pytest

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


@pytest.mark.parametrize("attempt", range(4))
def test_first_imports_at_once(attempt: int) -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True)
    assert done.returncode == 0, f"{attempt}: {done.stderr}"
