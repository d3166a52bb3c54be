"""Which devices there are, what a person can settle about them, and what a worker gets to see."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from framewright.errors import SettingsError
from framewright.protocols import Configured, Needs, Provider, ReadsCards
from framewright_providers.gpu import provider
from framewright_providers.gpu.adapter import GpuProvider
from framewright_providers.gpu.devices import Options, devices_here, options_in
from framewright_providers.gpu.installed import missing, worker_command, worker_environment

if TYPE_CHECKING:
    from pathlib import Path


def test_the_provider_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRAMEWRIGHT_GPU_DEVICE", "cpu")
    made: Provider = provider()
    assert isinstance(made, Needs)
    assert isinstance(made, Configured)
    assert isinstance(made, ReadsCards)
    assert (made.name, made.in_process, made.concurrency) == ("gpu", True, 1)


@pytest.mark.skipif(sys.platform != "linux", reason="reads what Linux says of its devices")
def test_the_drivers_list_the_devices(tmp_path: Path) -> None:
    assert devices_here({}, tmp_path) == ()
    nodes = tmp_path / "sys/class/kfd/kfd/topology/nodes"
    for number, name in enumerate(("0", "51234")):
        (nodes / str(number)).mkdir(parents=True)
        (nodes / str(number) / "gpu_id").write_text(f"{name}\n", "utf-8")
    assert devices_here({}, tmp_path) == ("cuda:0",)
    for name in ("0000:01:00.0", "0000:02:00.0", "0000:03:00.0"):
        (tmp_path / "proc/driver/nvidia/gpus" / name).mkdir(parents=True)
    assert devices_here({}, tmp_path) == ("cuda:0", "cuda:1", "cuda:2")
    for visible, count in (("", 0), ("-1", 0), ("2", 1), ("0,1", 2), ("0,-1,2", 1), ("0,1,2,3", 3)):
        assert len(devices_here({"CUDA_VISIBLE_DEVICES": visible}, tmp_path)) == count


def test_options_come_from_settings_and_variables_win() -> None:
    settled = Options().changed({"device": "cuda:0, cuda:1", "memory_gb": 1.5, "step_seconds": 9})
    assert settled.devices == ("cuda:0", "cuda:1")
    assert (settled.memory, settled.step_seconds) == (3 * 2**29, 9.0)
    over = options_in({"FRAMEWRIGHT_GPU_DEVICE": "cpu", "FRAMEWRIGHT_GPU_PYTHON": "/p"}, settled)
    assert (over.devices, over.python, over.memory) == (("cpu",), "/p", 3 * 2**29)


@pytest.mark.parametrize(
    "given",
    [
        {"device": "gpu"},
        {"device": "cuda:0,cuda:0"},
        {"device": ""},
        {"memory_gb": "much"},
        {"memory_gb": 0},
        {"memory_gb": float("nan")},
        {"step_seconds": -1},
        {"devise": "cpu"},
    ],
)
def test_wrong_options_are_told(
    given: dict[str, str | float], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SettingsError) as raised:
        Options().changed(given)
    assert raised.value.action
    monkeypatch.setenv("FRAMEWRIGHT_GPU_DEVICE", "gpu")
    assert (lack := GpuProvider().lacks()) is not None
    assert "device of the gpu provider is a name of torch's" in lack.message


def test_a_worker_sees_nothing_secret() -> None:
    seen = worker_environment(
        {
            "PATH": "/bin",
            "CUDA_VISIBLE_DEVICES": "1",
            "HF_TOKEN": "secret",
            "REPLICATE_API_TOKEN": "secret",
            "PGPASSWORD": "secret",
            "PYTHONPATH": "/elsewhere",
        }
    )
    assert "secret" not in seen.values()
    assert (seen["PATH"], seen["CUDA_VISIBLE_DEVICES"]) == ("/bin", "1")
    assert (seen["HF_HUB_OFFLINE"], seen["PYTHONSAFEPATH"]) == ("1", "1")
    assert "PYTHONPATH" not in seen


def test_another_python_is_taken_at_its_word(tmp_path: Path) -> None:
    assert missing(str(tmp_path / "python")) == (str(tmp_path / "python"),)
    (tmp_path / "python").touch()
    assert missing(str(tmp_path / "python")) == ()
    command = worker_command("/py", "cuda:1", 7)
    assert command[0] == "/py"
    assert command[-6:-5] == ("--device",)
    assert command[-1] == "7"
