"""The worker's own ways, with libraries that stand for torch's: orders, steps, ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import framewright_providers
from own_model_folders import model_folder

if TYPE_CHECKING:
    from collections.abc import Generator

STUBS = Path(__file__).parents[2] / "stub_torch"
OURS = Path(framewright_providers.__path__[0]).parent
BEGIN = (
    f"import sys; sys.path[:0] = [{str(STUBS)!r}, {str(OURS)!r}]; "
    "from framewright_providers.gpu.worker.main import main; sys.exit(main())"
)


class Talk:
    """A worker and what is said to it and by it."""

    def __init__(self, *more: str, parent: int | None = None) -> None:
        options = ("--device", "cpu", "--parent", str(parent or os.getpid()), *more)
        self.process = subprocess.Popen(
            [sys.executable, "-c", BEGIN, *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def say(self, **order: object) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()

    def hear(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        said: dict[str, Any] = json.loads(self.process.stdout.readline())
        return said

    def until(self, *sayings: str) -> dict[str, Any]:
        while (said := self.hear())["say"] not in sayings:
            pass
        return said

    def ask(self, folder: Path, job: str = "one", **arguments: object) -> None:
        asked = {"width": 4, "height": 2, "steps": 3, "prompt": "x", **arguments}
        weights = str(asked.pop("weights", folder / "model"))
        order = {"job": job, "weights": weights, "mode": "text-to-image", "pictures": {}}
        self.say(do="run", **order, arguments=asked, seed=51, folder=str(folder))


@contextmanager
def talk(*more: str) -> Generator[Talk]:
    with (made := Talk(*more)).process:
        try:
            assert made.hear()["say"] == "hello"
            yield made
        finally:
            made.process.kill()


def test_an_order_is_done_and_what_libraries_print_is_no_answer(tmp_path: Path) -> None:
    model_folder(tmp_path / "model")
    with talk() as worker:
        worker.ask(tmp_path, guidance=3)
        said = [worker.hear() for _ in range(6)]
        assert [each["say"] for each in said] == ["phase", "phase", "step", "step", "step", "done"]
        assert [each["done"] for each in said[2:5]] == [1, 2, 3]
        done = said[-1]
        assert (done["width"], done["height"], done["frames"]) == (4, 2, 1)
        assert done["passed_over"] == ["guidance"]
        assert (tmp_path / done["file"]).read_bytes() == bytes([51]) * 24


def test_a_job_is_left_between_two_steps_and_the_next_one_done(tmp_path: Path) -> None:
    model_folder(tmp_path / "model")
    with talk() as worker:
        worker.ask(tmp_path, "long", steps=10**9)
        worker.until("step")
        worker.say(do="cancel", job="long")
        assert worker.until("stopped", "done")["say"] == "stopped"
        worker.ask(tmp_path, "next")
        worker.say(do="cancel", job="another")
        said = worker.until("stopped", "done")
        assert (said["say"], said["job"]) == ("done", "next")
        # Called off behind its end: that says nothing of the next one of that name.
        worker.say(do="cancel", job="next")
        worker.ask(tmp_path, "next")
        assert worker.until("stopped", "done")["say"] == "done"


@pytest.mark.parametrize(
    ("prompt", "code"),
    [("full", "out-of-memory"), ("not a number", "not-a-number"), ("held back", "held-back")],
)
def test_what_goes_wrong_is_told_by_its_name(prompt: str, code: str, tmp_path: Path) -> None:
    model_folder(tmp_path / "model")
    with talk() as worker:
        worker.ask(tmp_path, prompt=prompt)
        assert worker.until("failed", "done")["code"] == code
        worker.ask(tmp_path, "next")
        assert worker.until("failed", "done")["say"] == "done"


def test_models_that_are_not_there_or_pickled_are_not_loaded(tmp_path: Path) -> None:
    model_folder(tmp_path / "pickled")
    with talk() as worker:
        for name in ("nowhere", "pickled"):
            worker.ask(tmp_path, weights=tmp_path / name)
            assert worker.until("failed", "done")["code"] == "unfit-model"


def test_it_ends_with_its_orders_whatever_it_does(tmp_path: Path) -> None:
    model_folder(tmp_path / "model")
    with talk() as worker:
        worker.ask(tmp_path, prompt="stuck")
        worker.until("step")
        worker.until("step")
        assert worker.process.stdin is not None
        worker.process.stdin.close()
        assert worker.process.wait(30) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a process with its parent")
def test_it_does_not_begin_for_a_parent_that_is_gone() -> None:
    with Talk(parent=1).process as process:
        assert process.wait(30) == 0


def test_a_device_that_is_not_there_is_said() -> None:
    with Talk("--device", "cuda:0").process as process:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        assert (said["say"], said["what"]) == ("lacking", "device")
        assert process.wait(30) == 1
