"""The plain loop that own models are held against: a diffusers pipeline, called again and again.

A program for the Python that has torch: `plain.py FOLDER DEVICE`. A line of JSON on standard input
is one picture: `prompt`, `steps`, `width`, `height`, `seed` and `target`, a file for it; `count`
asks for more of it, with the next seeds. A line answers with the seconds that took.
"""
# ruff: noqa: T201 - a program of its own, which prints

from __future__ import annotations

import json
import sys
import time

import torch
from diffusers import DiffusionPipeline


def main() -> None:
    """Draw what is asked for until nothing more is."""
    folder, device = sys.argv[1:]
    kind = torch.float32 if device == "cpu" else torch.float16
    pipeline = DiffusionPipeline.from_pretrained(folder, torch_dtype=kind).to(device)
    pipeline.set_progress_bar_config(disable=True)
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        seed, target, count = asked.pop("seed"), asked.pop("target"), asked.pop("count", 1)
        steps = asked.pop("steps")
        began = time.perf_counter()
        for number in range(count):
            generator = torch.Generator("cpu").manual_seed(seed + number)
            made = pipeline(**asked, num_inference_steps=steps, generator=generator)
            made.images[0].save(target)
        print(json.dumps(time.perf_counter() - began), flush=True)


if __name__ == "__main__":
    main()
