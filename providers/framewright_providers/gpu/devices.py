"""Which devices there are, without asking torch: that would take seconds."""

from __future__ import annotations

import platform
import re
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from framewright.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAME = re.compile(r"^(?:cuda(?::[0-9]{1,2})?|mps|cpu)$")
_GIB = 2**30
OPTIONS = {
    "device": "a name of torch's, or several: cuda:0, cuda:0,cuda:1, mps or cpu",
    "python": "the Python that has torch, where that is another one",
    "memory_gb": "how many GiB of weights may stay loaded on a device",
    "step_seconds": "how long one step may take before the process is taken for dead",
}
"""Settings under `[providers.gpu]`; the first three also as FRAMEWRIGHT_GPU_DEVICE and so on."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a person can change about the provider."""

    devices: tuple[str, ...] | None = None
    """None for those that are found."""
    python: str = sys.executable
    memory: int = 0
    """Bytes of weights that may stay loaded; 0 for three quarters of what the device has."""
    step_seconds: float = 600.0

    def changed(self, given: Mapping[str, str | int | float | bool]) -> Options:
        """Return these with some of them changed; raises `SettingsError`."""
        found = self
        for name, value in given.items():
            if name not in OPTIONS:
                message = f"Nothing of the gpu provider is set by {name}."
                raise SettingsError(message, action=f"Known there are: {', '.join(OPTIONS)}.")
            try:
                found = _changed(found, name, value)
            except (ValueError, OverflowError) as error:
                message = f"{name} of the gpu provider is {OPTIONS[name]}, and not {value}."
                raise SettingsError(message, action="Correct it.") from error
        return found


def options_in(environment: Mapping[str, str], others: Options | None = None) -> Options:
    """Return what variables of the environment say, before others; raises `SettingsError`."""
    names = {"device": "DEVICE", "python": "PYTHON", "memory_gb": "MEMORY_GB"}
    given = {
        name: environment[f"FRAMEWRIGHT_GPU_{variable}"]
        for name, variable in names.items()
        if environment.get(f"FRAMEWRIGHT_GPU_{variable}")
    }
    return (others or Options()).changed(given)


def _changed(options: Options, name: str, value: str | float) -> Options:
    if name == "python":
        return replace(options, python=str(Path(str(value)).expanduser()))
    if name == "device":
        devices = tuple(each.strip() for each in str(value).split(","))
        if not all(_NAME.match(each) for each in devices) or len(set(devices)) < len(devices):
            raise ValueError(value)
        return replace(options, devices=devices)
    number = float(value)
    if not 0 < number < 1e6:
        raise ValueError(value)
    if name == "memory_gb":
        return replace(options, memory=int(number * _GIB))
    return replace(options, step_seconds=number)


def devices_here(environment: Mapping[str, str], root: Path = Path("/")) -> tuple[str, ...]:
    """Return the names of the GPUs of this machine; never the processor, which has to be asked for.

    NVIDIA's driver lists them under /proc, AMD's under /sys; on Windows its presence is a sign of
    one. What CUDA_VISIBLE_DEVICES leaves out is not counted.
    """
    if sys.platform == "darwin":
        return ("mps",) if platform.machine() == "arm64" else ()
    if sys.platform == "win32":
        driver = Path(environment.get("SYSTEMROOT", r"C:\Windows")) / "System32" / "nvcuda.dll"
        count = int(driver.is_file())
    else:
        count = _nvidia(root) or _amd(root) or int((root / "dev" / "dxg").exists())
    visible = environment.get("CUDA_VISIBLE_DEVICES")
    if visible is not None:
        named = [each.strip() for each in visible.split(",")]
        # As CUDA reads it: what follows an unknown one is left out too.
        shown = next((at for at, each in enumerate(named) if each in {"", "-1"}), len(named))
        count = min(count, shown)
    return tuple(f"cuda:{number}" for number in range(count))


def _nvidia(root: Path) -> int:
    folder = root / "proc" / "driver" / "nvidia" / "gpus"
    return sum(1 for _ in folder.iterdir()) if folder.is_dir() else 0


def _amd(root: Path) -> int:
    nodes = (root / "sys/class/kfd/kfd/topology/nodes").glob("*/gpu_id")
    found = 0
    for node in nodes:
        try:
            found += node.read_text("utf-8").strip() not in {"", "0"}
        except OSError:
            continue
    return found
