"""What the README shows runs as it stands there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from command import run

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")


def _blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


@pytest.mark.parametrize("code", _blocks("python"))
def test_each_python_example(tmp_path: Path, code: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, timeout=120, env=os.environ
    )
    assert done.returncode == 0, done.stderr.decode()
    assert b"run-ended" in done.stdout


def test_the_plan_can_run(tmp_path: Path) -> None:
    (plan,) = _blocks("json")
    (tmp_path / "plan.json").write_text(plan, "utf-8")
    assert run("check", "plan.json", cwd=tmp_path).code == 0


def test_every_command_of_the_table_is_there(tmp_path: Path) -> None:
    told = run("--help", cwd=tmp_path).out
    table = README.split("## The command line")[1].split("A **workspace**")[0]
    named = set(re.findall(r"[`·] ?`?(?:framewright )?([a-z]+)", table))
    listed = set(re.findall(r"^  ([a-z]+) ", told.split("Commands:")[1], re.MULTILINE))
    assert listed <= named
    assert listed
