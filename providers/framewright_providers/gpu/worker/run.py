"""One order: a pipeline called with what it knows of what was asked, and its pixels written."""

from __future__ import annotations

import inspect
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_AT_ONCE = 8
"""How many frames a video's decoder is given at once, where it can be told: more want more room."""
_NAMES = {
    "steps": ("num_inference_steps",),
    "guidance": ("guidance_scale", "max_guidance_scale"),
    "frames": ("num_frames",),
    "fps": ("fps", "frame_rate"),
    "mask": ("mask_image",),
}
"""What our names are called there, where that is something else."""


class StoppedError(Exception):
    """Leaves a pipeline between two steps when the job was called off."""


class NotANumberError(Exception):
    """What came out are no numbers: the weights do not work in the form they were loaded in."""


class HeldBackError(Exception):
    """The model's own checker does not hand the picture out."""


@dataclass(frozen=True)
class Asked:
    """What a pipeline is to make."""

    arguments: dict[str, Any]
    pictures: dict[str, dict[str, Any]]
    """Field to `path`, `width` and `height` of raw pixels."""
    seed: int
    target: Path
    """Where the pixels go."""


@dataclass(frozen=True)
class Made:
    """Pixels that were written."""

    width: int
    height: int
    frames: int
    passed_over: list[str] = field(default_factory=list)
    """What was asked and this pipeline knows nothing of."""


def make(torch: Any, pipeline: Any, asked: Asked, stepped: Callable[[int, int], None]) -> Made:
    """Call a pipeline and write what it makes; `stepped` hears of each step, and may raise."""
    known = inspect.signature(pipeline.__call__).parameters
    wanted: dict[str, Any] = {
        **asked.arguments,
        **{name: _picture(given, name) for name, given in asked.pictures.items()},
    }
    given, passed_over = _named(wanted, known)
    if "decode_chunk_size" in known:
        given["decode_chunk_size"] = _AT_ONCE
    # Numbers of the processor's generator are the same on every device.
    given["generator"] = torch.Generator(device="cpu").manual_seed(asked.seed)
    given["output_type"] = "np"
    steps = int(asked.arguments.get("steps", 0))
    with _listening(pipeline, known, steps, stepped) as further, torch.inference_mode():
        result = pipeline(**given, **further)
    if any(getattr(result, "nsfw_content_detected", None) or ()):
        raise HeldBackError
    frames = _frames(result)
    _write(frames, asked.target)
    count, height, width, _ = frames.shape
    return Made(width, height, count, passed_over)


def _named(wanted: dict[str, Any], known: Any) -> tuple[dict[str, Any], list[str]]:
    """Return what a pipeline is given, by its own names, and the names of what it does not know."""
    given: dict[str, Any] = {}
    passed_over: list[str] = []
    for name, value in wanted.items():
        there = next((each for each in _NAMES.get(name, (name,)) if each in known), None)
        if there is None:
            passed_over.append(name)
        else:
            given[there] = value
    return given, passed_over


@contextmanager
def _listening(
    pipeline: Any, known: Any, steps: int, stepped: Callable[[int, int], None]
) -> Iterator[dict[str, Any]]:
    """Give the arguments that have a pipeline tell of its steps; some do not, and are watched."""
    if "callback_on_step_end" in known:

        def hear(pipe: Any, step: int, moment: Any, tensors: dict[str, Any]) -> dict[str, Any]:
            del moment
            stepped(step + 1, int(getattr(pipe, "num_timesteps", 0) or steps))
            return tensors

        yield {"callback_on_step_end": hear}
        return
    scheduler = pipeline.scheduler
    plain = scheduler.step
    done = 0

    def step(*given: Any, **more: Any) -> Any:
        nonlocal done
        result = plain(*given, **more)
        done += 1
        stepped(done, max(done, len(scheduler.timesteps)))
        return result

    scheduler.step = step
    try:
        yield {}
    finally:
        del scheduler.step


def _picture(given: dict[str, Any], name: str) -> Any:
    from PIL import Image

    size = (int(given["width"]), int(given["height"]))
    image = Image.frombytes("RGB", size, Path(given["path"]).read_bytes())
    return image.convert("L") if name == "mask" else image


def _frames(result: Any) -> Any:
    """Return what was made as numbers from 0 to 1 of shape (frames, height, width, 3)."""
    import numpy as np

    if hasattr(result, "frames"):
        frames = np.asarray(result.frames[0])
    else:
        frames = np.asarray(result.images)[:1]
    if not np.isfinite(frames).all():
        raise NotANumberError
    return frames


def _write(frames: Any, target: Path) -> None:
    import numpy as np

    with target.open("wb") as file:
        for frame in frames:
            file.write((frame.clip(0, 1) * 255).round().astype(np.uint8).tobytes())
