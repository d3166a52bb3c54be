"""Encoding the same frames gives the same file, whatever else the machine does meanwhile."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from framewright.media.write import VideoWriter

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("size", [(320, 180), (208, 368)])
def test_ten_encodes_are_one_file(tmp_path: Path, size: tuple[int, int]) -> None:
    width, height = size
    noise = np.random.Generator(np.random.PCG64(3)).integers(0, 255, (12, 20, 3), np.uint8)
    wide = Image.fromarray(noise).resize((width + 48, height), Image.Resampling.BICUBIC)
    frames = [np.asarray(wide.crop((at, 0, at + width, height))) for at in range(0, 48, 2)]

    def encode(number: int) -> str:
        target = tmp_path / f"{number}.mp4"
        with VideoWriter(target, width, height, Fraction(24)) as writer:
            for frame in frames:
                writer.frame(frame)
        return hashlib.sha256(target.read_bytes()).hexdigest()

    with ThreadPoolExecutor(4) as threads:
        assert len(set(threads.map(encode, range(10)))) == 1
