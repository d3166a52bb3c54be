"""A worker whose device is small: `small_device.py PIXELS [the worker's own arguments]`.

The network raises what torch raises where memory runs out, for pictures of more latents than
that, and once where more than one model is loaded; the device counts as one of CUDA's would.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import diffusers
import torch

MOST = int(sys.argv.pop(1))
GIB = 2**30

sys.path.append(str(Path(__file__).parents[2] / "providers"))
from framewright_providers.gpu.worker import main as worker  # noqa: E402 - of another Python
from framewright_providers.gpu.worker.device import Device  # noqa: E402
from framewright_providers.gpu.worker.models import Models  # noqa: E402

_forward = diffusers.UNet2DConditionModel.forward
_loaded: list[Models] = []
_plain_init = Models.__init__


def _remember(self: Models, *given: Any, **more: Any) -> None:
    _plain_init(self, *given, **more)
    _loaded.append(self)


def _small(self: Any, sample: Any, *given: Any, **more: Any) -> Any:
    if sample.shape[-1] * sample.shape[-2] > MOST or len(_loaded[0].warm) > 1:
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has")
    return _forward(self, sample, *given, **more)


Models.__init__ = _remember
diffusers.UNet2DConditionModel.forward = _small
Device.capacity = lambda _: 8 * GIB
Device.peak = lambda _: 5 * GIB

if __name__ == "__main__":
    sys.exit(worker.main())
