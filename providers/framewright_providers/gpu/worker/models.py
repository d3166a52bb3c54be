"""Models in memory: of safetensors alone, kept warm, the one unused for longest let go."""

from __future__ import annotations

import json
import os
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from framewright_providers.gpu.worker.device import Device

_DENOISERS = ("transformer", "unet")
_BYTES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "F8_E4M3": 1, "F8_E5M2": 1}
_MOST_HEADER = 100_000_000
_AUTO = {
    "text-to-image": "AutoPipelineForText2Image",
    "image-to-image": "AutoPipelineForImage2Image",
    "inpaint": "AutoPipelineForInpainting",
}


class UnfitModelError(Exception):
    """A model can not be loaded as it lies there."""


@dataclass
class Model:
    """One that is loaded; its pipelines share their parts."""

    pipeline: Any
    size: int
    """Bytes of its weights."""
    modes: dict[str, Any] = field(default_factory=dict)

    def pipeline_for(self, mode: str, diffusers: Any) -> Any:
        """Return the pipeline that does a mode, made of the parts that are there."""
        if mode not in self.modes:
            self.modes[mode] = _converted(self.pipeline, mode, diffusers)
            self.modes[mode].set_progress_bar_config(disable=True)
        return self.modes[mode]


class Models:
    """Those that are loaded, by their folder; `limit` is how many bytes of weights there may be."""

    def __init__(self, torch: Any, diffusers: Any, device: Device, limit: int) -> None:
        self._torch = torch
        self._diffusers = diffusers
        self._device = device
        self._limit = limit
        self._warm: OrderedDict[str, Model] = OrderedDict()
        torch.load = _never_unpickle

    @property
    def warm(self) -> list[str]:
        """Folders of those that are loaded, the one used last at the end."""
        return list(self._warm)

    @property
    def size(self) -> int:
        """Bytes of all weights that are loaded."""
        return sum(model.size for model in self._warm.values())

    def get(self, folder: str) -> Model:
        """Return a model, loaded where it is not; others go where there is no room for all."""
        if folder in self._warm:
            self._warm.move_to_end(folder)
            return self._warm[folder]
        place = Path(folder)
        dtype, needed = self._form(place)
        while self._warm and self.size + needed > self._limit:
            self._warm.popitem(last=False)
            self._device.give_back()
        model = self._load(place, dtype)
        self._warm[folder] = model
        return model

    def keep_only(self, folder: str) -> bool:
        """Let go of all others; whether there were any."""
        others = [each for each in self._warm if each != folder]
        for each in others:
            del self._warm[each]
        self._device.give_back()
        return bool(others)

    def _form(self, place: Path) -> tuple[str, int]:
        """Return the numbers a model is loaded as, and how many bytes it has then."""
        stored = next((found for part in _DENOISERS if (found := _stored_as(place / part))), "F32")
        if self._device.name == "cpu":
            dtype = "float32"
        elif stored == "BF16" and _knows_bfloat16(self._torch, self._device.name):
            dtype = "bfloat16"
        else:
            dtype = "float16"
        scale = (4 if dtype == "float32" else 2) / _BYTES.get(stored, 2)
        return dtype, int(sum(each.stat().st_size for each in _weights(place)) * scale)

    def _load(self, place: Path, dtype: str) -> Model:
        if not (place / "model_index.json").is_file():
            raise UnfitModelError(f"there is no model in {place}")
        try:
            pipeline = self._diffusers.DiffusionPipeline.from_pretrained(
                str(place),
                torch_dtype=getattr(self._torch, dtype),
                use_safetensors=True,
                local_files_only=True,
                trust_remote_code=False,
                variant=_variant(place),
            )
        except Exception as error:
            if self._device.is_full(error):
                raise
            raise UnfitModelError(str(error)) from error
        pipeline.set_progress_bar_config(disable=True)
        pipeline.to(self._device.name)
        return Model(pipeline, _size(pipeline))


def _never_unpickle(*given: Any, **more: Any) -> Any:
    """Stand in the place of `torch.load`, which runs whatever program a file brings."""
    del given, more
    raise UnfitModelError("its weights are no safetensors; nothing else is loaded")


def _converted(pipeline: Any, mode: str, diffusers: Any) -> Any:
    if mode not in _AUTO:
        return pipeline
    try:
        return getattr(diffusers, _AUTO[mode]).from_pipe(pipeline)
    except ValueError:
        # The library pairs only the pipelines it lists; others do the one thing they were made for.
        return pipeline


def _size(pipeline: Any) -> int:
    found = 0
    for part in pipeline.components.values():
        if hasattr(part, "parameters"):
            tensors = [*part.parameters(), *part.buffers()]
            found += sum(each.numel() * each.element_size() for each in tensors)
    return found


def _weights(place: Path) -> list[Path]:
    """Return the files that are loaded: those of the variant where there is one."""
    variant = _variant(place)
    files = list(place.glob("*/*.safetensors"))
    chosen = [each for each in files if variant and f".{variant}." in each.name]
    parts = {each.parent for each in chosen}
    others = [each for each in files if each.parent not in parts]
    return [*chosen, *others]


def _variant(place: Path) -> str | None:
    """Return `fp16` where a model has its weights in that form."""
    found = any(any((place / part).glob("*.fp16*.safetensors")) for part in _DENOISERS)
    return "fp16" if found else None


def _stored_as(part: Path) -> str | None:
    """Return the numbers that most of a part is stored as, such as `F16`, by its files' headers.

    A safetensors file begins with the length of its header, 8 bytes, and the header as JSON.
    """
    counts: dict[str, int] = {}
    for path in sorted(part.glob("*.safetensors"))[:1]:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if not 0 < length <= min(_MOST_HEADER, os.path.getsize(path)):  # noqa: PTH202 - as it is open
                return None
            header = json.loads(file.read(length))
        for name, tensor in header.items():
            if name != "__metadata__":
                kind = str(tensor["dtype"])
                counts[kind] = counts.get(kind, 0) + 1
    return max(counts, key=lambda kind: counts[kind]) if counts else None


def _knows_bfloat16(torch: Any, device: str) -> bool:
    return bool(torch.cuda.is_bf16_supported()) if device.startswith("cuda") else True
