"""Which size is made, and which would fit: pure, and so tried on many."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framewright_providers.gpu.memory import Shortage, size_that_fits, wanted_bytes
from framewright_providers.gpu.sizes import Length, Size, asked_length, asked_size

LIMITS = {"width": 1024, "height": 576, "sides": 64, "fps": 7, "frames": 1, "most_frames": 25}
GIB = 2**30


@pytest.mark.parametrize(
    ("inputs", "image", "size"),
    [
        ({}, None, Size(1024, 576)),
        ({"width": 70, "height": 81}, None, Size(70, 81)),
        ({"width": 70, "height": 81, "aspect_ratio": "1:1"}, None, Size(70, 81)),
        ({"aspect_ratio": "1:1"}, None, Size(768, 768)),
        ({"aspect_ratio": "9:16"}, None, Size(576, 1024)),
        ({"width": 512}, None, Size(512, 288)),
        ({"height": 512, "aspect_ratio": "1:1"}, None, Size(512, 512)),
        ({}, Size(300, 300), Size(768, 768)),
        ({"width": 512}, Size(200, 100), Size(512, 256)),
        ({}, Size(1, 5_000), Size(384, 1536)),
    ],
)
def test_the_size_follows_from_what_is_asked_then_from_the_picture(
    inputs: dict[str, Any], image: Size | None, size: Size
) -> None:
    assert asked_size(LIMITS, inputs, image) == size


@given(st.integers(1, 5_000), st.integers(1, 5_000), st.sampled_from([8, 16, 32, 64]))
def test_what_is_made_holds_what_is_asked(width: int, height: int, step: int) -> None:
    made = Size(width, height).up_to(step)
    assert made.width % step == made.height % step == 0
    assert 0 <= made.width - width < step
    assert 0 <= made.height - height < step


@pytest.mark.parametrize(
    ("step", "seconds", "fps", "length"),
    [
        (1, 2, 8, Length(16, 16, 8)),
        (8, 2, 24, Length(48, 49, 24)),
        (4, 81 / 16, 16, Length(81, 81, 16)),
        (4, 0.01, 8, Length(1, 1, 8)),
        (1, None, None, Length(25, 25, 7)),
    ],
)
def test_a_length_is_in_frames_that_the_model_makes(
    step: int, seconds: float | None, fps: int | None, length: Length
) -> None:
    inputs = {"duration": seconds, "fps": fps}
    assert asked_length({**LIMITS, "frames": step}, inputs) == length


@given(
    st.integers(8, 4_096),
    st.integers(8, 4_096),
    st.integers(1, 121),
    st.integers(0, 80 * GIB),
    st.integers(0, 80 * GIB),
    st.integers(0, 80 * GIB),
    st.one_of(st.none(), st.floats(1e-6, 1e6)),
)
def test_what_would_fit_is_smaller_and_never_nothing(
    width: int,
    height: int,
    frames: int,
    capacity: int,
    weights: int,
    needed: int,
    per_pixel: float | None,
) -> None:
    fit = size_that_fits(width, height, frames, 8, Shortage(capacity, weights, needed, per_pixel))
    if fit is None:
        return
    assert 8 <= fit.width < width
    assert 8 <= fit.height < height
    taken = fit.width * fit.height * frames
    assert (needed - weights) / (width * height * frames) * taken <= capacity - weights
    assert (per_pixel or 0) * taken <= capacity - weights


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("CUDA out of memory. Tried to allocate 3.00 GiB. GPU 0 has", 3 * GIB),
        ("MPS backend out of memory. Tried to allocate 512.00 MB on private pool", 512 * 2**20),
        ("tried to allocate 20.00 KiB", 20 * 1024),
        ("[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory", 0),
    ],
)
def test_torch_says_how_much_it_wanted(text: str, size: int) -> None:
    assert wanted_bytes(text) == size
