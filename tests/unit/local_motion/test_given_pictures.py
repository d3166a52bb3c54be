"""Pictures of any kind: what is hidden behind transparency stays hidden, and none is too small."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from framewright.media.frames import first_frame
from framewright.media.images import open_image
from framewright.media.probe import probe
from framewright.protocols import MediaFile, silent
from framewright_providers.local import edits
from framewright_providers.local.animatic.job import animatic
from framewright_providers.local.models import defaults
from framewright_providers.local.motion.clips import camera
from framewright_providers.local.motion.elements import ELEMENTS
from framewright_providers.local.solid.relief import skin

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


def given(path: Path) -> MediaFile:
    return MediaFile(path, probe(path), "0" * 64)


def cut_out(side: int = 64) -> Image.Image:
    """A red square on nothing, and green hidden in the nothing."""
    image = Image.new("RGBA", (side, side), (0, 255, 0, 0))
    quarter = side // 4
    image.paste((255, 0, 0, 255), (quarter, quarter, side - quarter, side - quarter))
    return image


def saved(folder: Path) -> MediaFile:
    cut_out().save(folder / "cut.png")
    return given(folder / "cut.png")


def inputs_of(model: str, **inputs: Any) -> dict[str, Any]:
    return defaults()[f"local/{model}"] | inputs


def shown(job: str, folder: Path) -> NDArray[np.int64]:
    """What a job makes of the cut-out, as pixels."""
    image = saved(folder)
    out = folder / "out"
    out.mkdir()
    if job == "edit":
        inputs = inputs_of("previz-edit", image=image, prompt="extend the left")
        return np.asarray(open_image(edits.edit(inputs, 1, out, silent)), int)
    if job == "camera":
        inputs = inputs_of("previz-camera", first_frame=image, duration=0.1, camera="still")
        return np.asarray(first_frame(camera(inputs, 1, out, silent)), int)
    inputs = inputs_of("animatic", images=[image], lengths=[0.1], burn_in=[], aspect_ratio="1:1")
    return np.asarray(first_frame(animatic(inputs, 1, out, silent)), int)


@pytest.mark.parametrize("job", ["edit", "camera", "animatic"])
def test_what_is_transparent_lies_on_white(tmp_path: Path, job: str) -> None:
    pixels = shown(job, tmp_path)
    assert (pixels[2, 2] > 240).all()
    red, green, blue = (pixels[..., part] for part in range(3))
    assert ((red > 200) & (green < 60) & (blue < 60)).any()
    assert not ((green > red + 40) & (green > blue + 40)).any(), "the hidden green shows"


def test_a_model_shows_no_hidden_colours() -> None:
    # What is nearly all of the picture does not stand out, so the whole of it is shown.
    image = Image.new("RGBA", (64, 64), (255, 0, 0, 255))
    image.paste((0, 255, 0, 0), (0, 0, 2, 2))
    assert skin(image).getpixel((0, 0)) == (255, 255, 255)


@pytest.mark.parametrize("scale", [1.5, 2, 4])
def test_an_enlarged_cut_out_stays_one(tmp_path: Path, scale: float) -> None:
    inputs = inputs_of("upscale", image=saved(tmp_path), scale=scale)
    made = open_image(edits.upscale(inputs, 1, tmp_path, silent))
    assert made.mode == "RGBA"
    pixels = np.asarray(made, int)
    middle = pixels.shape[0] // 2
    assert pixels[2, 2, 3] == 0
    assert list(pixels[middle, middle]) == [255, 0, 0, 255]
    seen = pixels[pixels[..., 3] > 8]
    assert seen[:, 1].max() < 10, "the hidden green shows at the edges"
    assert seen[:, 0].min() > 245, "the edges are dark"


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (3, 3), (400, 2), (2, 400)])
def test_no_picture_is_too_small_for_what_moves_in_it(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    Image.new("RGB", size, (120, 90, 80)).save(tmp_path / "tiny.png")
    image = given(tmp_path / "tiny.png")
    inputs = inputs_of(
        "previz-camera", first_frame=image, duration=0.1, camera="rack-focus", elements=ELEMENTS
    )
    info = probe(camera(inputs, 1, tmp_path, silent))
    assert info.video is not None
    assert info.video.width in {max(2, size[0]), size[0] + 1}
    assert info.video.height in {max(2, size[1]), size[1] + 1}
