"""Holds tests/conftest.py to its promises, from inside a test and from a run of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from hypothesis import settings

CONFTEST = Path(__file__).parents[1] / "conftest.py"
INNER = """
import os, threading
from hypothesis import given, strategies

gate = threading.Event()

def test_ends_what_it_starts():
    threading.Thread(target=threading.Event().wait, args=(0.05,)).start()

def test_leaves_a_thread():
    threading.Thread(target=gate.wait, name="stray").start()

def test_leaves_a_daemon_of_ours():
    threading.Thread(target=gate.wait, name="framewright-writer", daemon=True).start()

def test_leaves_a_foreign_daemon():
    threading.Thread(target=gate.wait, name="elsewhere", daemon=True).start()

def test_sees_no_settings():
    assert "FRAMEWRIGHT_WORKSPACE" not in os.environ

@given(strategies.integers())
def test_may_use_hypothesis(number):
    assert number == number

def test_lets_them_go():
    gate.set()
"""


def test_a_leaked_thread_fails_the_test_that_leaked_it(tmp_path: Path) -> None:
    impatient = CONFTEST.read_text("utf-8").replace(
        "PATIENCE_SECONDS = 2.0", "PATIENCE_SECONDS = 0.2"
    )
    (tmp_path / "conftest.py").write_text(impatient, "utf-8")
    (tmp_path / "test_inner.py").write_text(INNER, "utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n", "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rA", "-p", "no:cacheprovider", str(tmp_path)],
        cwd=tmp_path,
        env={**os.environ, "FRAMEWRIGHT_WORKSPACE": "/elsewhere", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    errors = {line.split("::")[1] for line in done.stdout.splitlines() if line.startswith("ERROR")}
    assert errors == {
        "test_leaves_a_thread - Failed: The test left threads running: stray.",
        "test_leaves_a_daemon_of_ours - Failed: The test left threads running: framewright-writer.",
    }, done.stdout
    assert "7 passed, 2 errors" in done.stdout


def test_home_is_an_empty_folder_of_this_test() -> None:
    home = Path.home()
    assert list(home.iterdir()) == []
    (home / "settings.toml").touch()


test_home_is_an_empty_folder_of_the_next_test_too = test_home_is_an_empty_folder_of_this_test


def test_configuration_and_data_belong_to_that_home() -> None:
    names = ("CONFIG", "DATA", "STATE", "CACHE")
    assert {Path(os.environ[f"XDG_{name}_HOME"]).is_relative_to(Path.home()) for name in names} == {
        True
    }


def test_a_slow_machine_fails_no_property() -> None:
    assert settings.default is not None
    assert settings.default.deadline is None
