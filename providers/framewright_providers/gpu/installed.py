"""What has to be installed before a model can run here, and the command that starts a worker."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import framewright_providers

if TYPE_CHECKING:
    from collections.abc import Mapping

PACKAGES = ("torch", "diffusers", "transformers", "accelerate", "safetensors")
INSTALL = "Install them: pip install 'framewright[gpu]'"
_BEGIN = (
    "import sys; sys.path.append(sys.argv.pop(1)); "
    "from framewright_providers.gpu.worker.main import main; sys.exit(main())"
)
_PASSED = frozenset(
    {
        *("PATH", "HOME", "USER", "LANG", "TZ", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "WINDIR"),
        *("USERPROFILE", "APPDATA", "LOCALAPPDATA", "PROGRAMDATA", "XDG_CACHE_HOME", "HF_HOME"),
    }
)
_PASSED_KINDS = (
    *("LC_", "LD_LIBRARY_PATH", "DYLD_", "CUDA", "NVIDIA_", "NCCL_", "CUBLAS_", "PYTORCH_"),
    *("TORCH", "TRITON_", "HIP_", "HSA_", "ROCR_", "ROCM_", "GPU_", "OMP_", "MKL_"),
)
"""Variables a worker sees: whatever else is in ours, keys above all, is none of its business."""
_SETTLED = {
    "PYTHONSAFEPATH": "1",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "TOKENIZERS_PARALLELISM": "false",
}


def missing(python: str) -> tuple[str, ...]:
    """Return the packages that a Python lacks; of another one than ours that is not known."""
    if python != sys.executable:
        return () if Path(python).is_file() else (python,)
    return tuple(name for name in PACKAGES if find_spec(name) is None)


def worker_command(python: str, device: str, memory: int) -> tuple[str, ...]:
    """Return what starts a worker for a device; behind the other packages of its Python stand ours.

    `memory` is how many bytes of weights it may keep, 0 for what it thinks right.
    """
    ours = str(Path(framewright_providers.__path__[0]).parent)
    options = ("--device", device, "--parent", str(os.getpid()), "--memory", str(memory))
    return (python, "-c", _BEGIN, ours, *options)


def worker_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that a worker sees."""
    passed = {
        name: value
        for name, value in environment.items()
        if name.upper() in _PASSED or name.upper().startswith(_PASSED_KINDS)
    }
    return {**passed, **_SETTLED}
