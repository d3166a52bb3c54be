"""Stands for diffusers: a pipeline that draws its seed, and does what its prompt says."""

from __future__ import annotations

import sys
import threading
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch

__version__ = "0"
utils = SimpleNamespace(logging=SimpleNamespace(set_verbosity_error=lambda: None))


class Pipeline:
    components: dict[str, Any] = {}  # noqa: RUF012 - nobody changes it

    def set_progress_bar_config(self, **given: object) -> None:
        assert given == {"disable": True}

    def to(self, device: str) -> None:
        assert device == "cpu"

    def __call__(
        self,
        prompt: str,
        width: int,
        height: int,
        num_inference_steps: int,
        generator: torch.Generator,
        output_type: str,
        callback_on_step_end: Any,
    ) -> Any:
        assert output_type == "np"
        sys.stdout.write("a pipeline that prints\n")
        self.num_timesteps = num_inference_steps
        for step in range(num_inference_steps):
            callback_on_step_end(self, step, step, {})
            if prompt == "full":
                raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 1.00 GiB")
            if prompt == "stuck" and step == 1:
                threading.Event().wait()
        pixels = np.full((1, height, width, 3), generator.seed / 255)
        if prompt == "not a number":
            pixels[0, 0, 0, 0] = np.nan
        flags = [True] if prompt == "held back" else None
        return SimpleNamespace(images=pixels, nsfw_content_detected=flags)


class DiffusionPipeline:
    @classmethod
    def from_pretrained(cls, folder: str, **given: object) -> Pipeline:
        assert given["use_safetensors"] is given["local_files_only"] is True
        assert given["trust_remote_code"] is False
        sys.stdout.write("a library that prints\n")
        if "pickled" in folder:
            torch.load(folder)
        return Pipeline()


class _Auto:
    @staticmethod
    def from_pipe(pipeline: Pipeline) -> Pipeline:
        return pipeline


AutoPipelineForText2Image = AutoPipelineForImage2Image = AutoPipelineForInpainting = _Auto
