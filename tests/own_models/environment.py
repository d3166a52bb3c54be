"""The Python that has torch, for tests and benchmarks of own models.

`TORCH_PYTHON` names one, such as that of a machine with a GPU; else one is made in `.tools/`, for
the processor alone: some 0.7 GB to fetch, 1.5 GB on the disk. PyPI has no build of torch for that
on Linux, and the libraries of CUDA that the one it has names would be 3 GB more. Nothing calls
them where there is no GPU: links to a library of torch's own stand in their place, and names are
looked up when they are called.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
TOOLS = HERE.parents[1] / ".tools"
REQUIREMENTS = HERE / "requirements.txt"
DEVICE = os.environ.get("TORCH_DEVICE", "cpu")
"""Where models run in these tests, by torch's name of it."""
if DEVICE == "cpu":
    # Tiny layers on several threads spend their time waiting for each other.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
_UNUSED = (
    *("libcublas.so.13", "libcublasLt.so.13", "libcudnn.so.9", "libcufft.so.12"),
    *("libcufile.so.0", "libcusparse.so.12", "libcusparseLt.so.0", "libnccl.so.2"),
    "libnvrtc.so.13",
)
_LAZY = "import os, sys; sys.setdlopenflags(os.RTLD_LAZY)\n"


def python_with_torch(*, make: bool = True) -> Path | None:
    """Return it; None where there is none and none is to be made."""
    if given := os.environ.get("TORCH_PYTHON"):
        return Path(given)
    folder = TOOLS / f"torch-{_digest()}"
    python = folder / "bin" / "python"
    if python.exists():
        return python
    if not make:
        return None
    draft = TOOLS / f"torch-draft-{os.getpid()}"
    try:
        _fill(draft)
        # What is half done is not taken for done; nothing in it names its place but scripts.
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return python


def _digest() -> str:
    told = REQUIREMENTS.read_bytes() + Path(__file__).read_bytes()
    return hashlib.sha256(told).hexdigest()[:12]


def _fill(folder: Path) -> None:
    uv, python = TOOLS / "bin" / "uv", folder / "bin" / "python"
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, folder], check=True)
    install = [uv, "pip", "install", "--quiet", "--no-deps", "--python", python]
    subprocess.run([*install, "--requirement", REQUIREMENTS], check=True)
    (packages,) = (folder / "lib").glob("python*/site-packages")
    libraries = packages / "torch" / "lib"
    if (libraries / "libtorch_cuda.so").exists():
        for name in _UNUSED:
            (libraries / name).symlink_to("libc10.so")
        (packages / "lazy.pth").write_text(_LAZY, "utf-8")
