"""Picture jobs: stills."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PIL import Image

from framewright.media.images import write_png
from framewright_providers.local.scene.still import render_still

if TYPE_CHECKING:
    from pathlib import Path

    from framewright.protocols import Tell


def still(inputs: dict[str, Any], seed: int, folder: Path, tell: Tell) -> Path:
    """Render a still."""
    picture = render_still(
        inputs["prompt"], aspect_ratio=inputs["aspect_ratio"], seed=seed, tell=tell
    )
    target = folder / "still.png"
    write_png(Image.fromarray(picture), target)
    return target
