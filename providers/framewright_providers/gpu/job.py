"""One job of a person's own model: what a worker is told of it, and what is made of its pixels."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from framewright.domain.media import MediaKind
from framewright.errors import MediaCrashError
from framewright.isolation.stoppable import in_thread
from framewright.protocols import MediaFile
from framewright_providers.gpu.pixels import TakePixels, write_clip, write_picture
from framewright_providers.gpu.sizes import Length, Size, asked_length, asked_size

if TYPE_CHECKING:
    from framewright.domain.model_card import ModelCard
    from framewright.isolation import Isolation
    from framewright.protocols import ProviderOutput, ProviderRequest

_NONE = Size(0, 0)
_WORDS = ("prompt", "negative_prompt")
_NUMBERS = ("steps", "guidance", "strength")
_SIZED = frozenset({"text-to-image", "text-to-video", "image-to-video"})
"""Modes whose size is asked for; that of others follows from the picture they are given."""
_PLAIN = {
    "negative_prompt": "what to leave out",
    "guidance": "how closely to follow the words",
    "steps": "a number of steps",
    "strength": "how far to go from the picture",
}


@dataclass(slots=True)
class Job:
    """One job; `prepare` comes first, then a worker's turn, then `collect`."""

    request: ProviderRequest
    card: ModelCard
    folder: Path
    """Empty, and its own."""
    made: Size = _NONE
    """What the worker is asked for."""
    shown: Size = _NONE
    """What is kept of it."""
    length: Length | None = None
    pictures: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """What the worker calls it."""
        return self.request.job

    @property
    def frames(self) -> int:
        """How many pictures are made at once."""
        return 1 if self.length is None else self.length.made

    async def prepare(self, isolation: Isolation) -> None:
        """Settle the size, and write the pictures that are given as pixels; raises `MediaError`."""
        limits, inputs = self.card.limits, self.request.inputs
        image = inputs.get("image")
        if self.card.output is MediaKind.VIDEO:
            self.length = asked_length(limits, inputs)
        if limits["mode"] in _SIZED:
            seen = _size_of(image) if isinstance(image, MediaFile) else None
            self.shown = asked_size(limits, inputs, seen)
            self.made = self.shown.up_to(limits["sides"])
        elif isinstance(image, MediaFile):
            self.shown = _size_of(image)
        for name in ("image", "mask"):
            given = inputs.get(name)
            if isinstance(given, MediaFile):
                await self._take(name, given, isolation)

    async def _take(self, name: str, given: MediaFile, isolation: Isolation) -> None:
        target = self.folder / f"{name}.rgb"
        # A mask lies over its picture; a video begins with what fills its size.
        fits = self.card.limits["mode"] in _SIZED or name == "mask"
        errand = TakePixels(
            source=given.path,
            target=target,
            width=self.shown.width if fits else None,
            height=self.shown.height if fits else None,
            step=self.card.limits["sides"],
        )
        width, height = await isolation.wait_for(errand)
        if name == "image":
            self.made = Size(width, height)
        self.pictures[name] = {"path": str(target), "width": width, "height": height}

    def order(self) -> dict[str, Any]:
        """Return what a worker is told."""
        inputs = self.request.inputs
        words = {name: str(inputs[name]) for name in _WORDS if inputs.get(name)}
        if "prompt" in self.card.inputs_schema["properties"]:
            words.setdefault("prompt", "")
        arguments: dict[str, Any] = words
        arguments |= {name: inputs[name] for name in _NUMBERS if inputs.get(name) is not None}
        if self.card.limits["mode"] != "upscale":
            # Pipelines that are given a picture do not all keep its size by themselves.
            arguments |= {"width": self.made.width, "height": self.made.height}
        if self.length is not None:
            arguments |= {"frames": self.length.made, "fps": self.length.fps}
        return {
            "do": "run",
            "job": self.id,
            "weights": self.card.weights,
            "mode": self.card.limits["mode"],
            "arguments": arguments,
            "pictures": self.pictures,
            "seed": self.request.seed,
            "folder": str(self.folder),
        }

    async def collect(self, said: dict[str, Any]) -> ProviderOutput:
        """Write what was made as a file; raises `MediaCrashError` where it is not what was said."""
        size, frames = Size(_whole(said, "width"), _whole(said, "height")), _whole(said, "frames")
        made = self.folder / PurePath(str(said.get("file"))).name
        shown = self._shown_of(size)
        if self.length is None:
            work = partial(write_picture, made, size, shown, self.folder / "picture.png")
            return await asyncio.to_thread(work)
        target = self.folder / "clip.mp4"
        writing = partial(write_clip, made, size, shown, frames, self.length, target)
        return await in_thread(writing)

    def _shown_of(self, size: Size) -> Size:
        """Return what is kept of a result: it may be larger by a whole factor than was asked."""
        factor = size.width // max(1, self.made.width)
        if factor and size == Size(self.made.width * factor, self.made.height * factor):
            return Size(self.shown.width * factor, self.shown.height * factor)
        # Some models settle their size by themselves; a video's sides are even.
        even = Size(size.width // 2 * 2, size.height // 2 * 2)
        return size if self.length is None else even

    def notes(self, said: dict[str, Any]) -> tuple[str, ...]:
        """Return what of the wishes this model knows nothing of, a sentence each."""
        passed_over = said.get("passed_over")
        names = passed_over if isinstance(passed_over, list) else []
        asked = [each for each in names if each in _PLAIN and each in self.request.inputs]
        pipeline = self.card.limits.get("pipeline", self.card.id)
        return tuple(f"{pipeline} can not be told {_PLAIN[each]} ({each})." for each in asked)


def _size_of(file: MediaFile) -> Size:
    return Size(file.info.width or 1, file.info.height or 1)


def _whole(said: dict[str, Any], name: str) -> int:
    value = said.get(name)
    if type(value) is not int or not 0 < value <= 1 << 16:
        message = "What runs the model says of its result what can not be."
        raise MediaCrashError(message, action="Run the step again.")
    return value
