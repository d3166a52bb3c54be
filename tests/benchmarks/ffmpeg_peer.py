"""The FFmpeg that benchmarks measure against, in an environment of its own."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

_PACKAGE = "imageio-ffmpeg==0.8.1"
_TOOLS = Path(__file__).parents[2] / ".tools"


def ffmpeg() -> Path:
    """Return FFmpeg's program, fetched at the first call."""
    folder = _TOOLS / f"ffmpeg-{hashlib.sha256(_PACKAGE.encode()).hexdigest()[:12]}"
    python = folder / "bin" / "python"
    if not (folder / "whole").is_file():
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", _PACKAGE], check=True)
        (folder / "whole").touch()
    asked = [python, "-c", "import imageio_ffmpeg as f; print(f.get_ffmpeg_exe())"]
    done = subprocess.run(asked, check=True, capture_output=True, text=True)
    return Path(done.stdout.strip())
