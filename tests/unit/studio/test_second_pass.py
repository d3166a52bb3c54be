"""Right before it runs, a plan and each step are made to fit; what was changed is on record."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from framewright import Plan, Studio
from framewright.domain.media import MediaKind
from framewright.domain.run import RunState
from framewright.errors import MediaError, PlanInvalidError
from framewright.media.prepare_image import prepare_image
from framewright.protocols import FakeProvider, MediaFile, ProviderOutput

if TYPE_CHECKING:
    from pathlib import Path

MODELS: list[dict[str, Any]] = [
    {
        "id": "fake/text",
        "kind": "text",
        "task": "text-generation",
        "output": "text",
        "inputs_schema": {"type": "object", "properties": {"prompt": {"type": "string"}}},
    },
    {
        "id": "fake/film",
        "kind": "video",
        "task": "image-to-video",
        "output": "text",
        "inputs_schema": {
            "type": "object",
            "properties": {
                "prompt": {"type": "string"},
                "first_frame": {
                    "type": "string",
                    "format": "media-ref",
                    "x-media": "image",
                    "x-formats": ["jpeg", "png"],
                    "x-max-bytes": 20_000,
                    "x-max-side": 400,
                },
                "duration": {"type": "integer", "minimum": 1, "maximum": 10},
                "ratio": {"type": "string", "enum": ["16:9", "9:16"]},
                "loop": {"type": "boolean"},
                "seconds": {"type": ["number", "null"]},
                "noise_seed": {"type": "integer"},
                "loose": {"type": "number", "minimum": "1", "maximum": 10},
                "length_ms": {"type": "integer"},
                "num_frames": {"type": "integer"},
                "rate": {"type": "integer", "enum": [24, 30], "title": "Frames per second"},
            },
        },
    },
]


@dataclass
class Answers(FakeProvider):
    """Text models answer with their prompt."""

    seen: list[dict[str, Any]] = field(default_factory=list)

    async def fetch(self, remote_id: str, folder: Path) -> tuple[ProviderOutput, ...]:
        del folder
        request = self.requests[int(remote_id)]
        return (ProviderOutput(MediaKind.TEXT, text=str(request.inputs.get("prompt", ""))),)


def _open(folder: Path, provider: FakeProvider) -> Any:
    cards = [{**card, "provider": "fake"} for card in MODELS]
    (folder / "fake.json").write_text(json.dumps(cards))
    return Studio.open(folder / "ws", catalogs=[folder / "fake.json"], providers={"fake": provider})


def _step(name: str, kind: str, model: str, **inputs: Any) -> dict[str, Any]:
    return {"id": name, "title": name, "kind": kind, "model": model, "inputs": inputs}


def _plan(*steps: dict[str, Any]) -> Plan:
    return Plan.model_validate({"title": "T", "steps": steps})


def _run(folder: Path, plan: Plan, uploads: tuple[Path, ...] = ()) -> tuple[Any, Answers]:
    provider = Answers()

    async def work() -> Any:
        async with _open(folder, provider) as studio:
            for path in uploads:
                await studio.upload(path)
            run = await studio.start(plan)
            async for _ in studio.watch(run):
                pass
            return await studio.show(run)

    return asyncio.run(work()), provider


def test_slips_in_a_plan_are_mended_and_said(tmp_path: Path) -> None:
    slips = _step("a", "video", "fake/flim", prompt="x", duration="7", ratio="16 : 9", sped=3)
    view, provider = _run(tmp_path, _plan(slips))
    assert view.state is RunState.SUCCEEDED
    assert provider.requests[0].inputs == {"prompt": "x", "duration": 7, "ratio": "16:9"}
    said = {finding.code for finding in view.steps["a"].mended}
    assert "model_unknown_near" in said
    assert len(view.steps["a"].mended) == 4


@pytest.mark.parametrize(
    "step",
    [
        _step("a", "video", "other/model-x", prompt="x"),
        _step("a", "text", "fake/text", prompt="$b.output"),
    ],
)
def test_what_is_no_slip_is_refused(tmp_path: Path, step: dict[str, Any]) -> None:
    with pytest.raises(PlanInvalidError):
        _run(tmp_path, _plan(step))


@pytest.mark.parametrize(
    ("field_name", "answer", "value"),
    [
        ("duration", "7", 7),
        ("duration", " 7 seconds.", 7),
        ("duration", "7.0s", 7),
        ("seconds", "1.5 seconds", 1.5),
        ("noise_seed", "9007199254740993", 9007199254740993),
        ("noise_seed", "1,000", 1000),
        ("loose", "7", 7),
        ("rate", "24 fps", 24),
        ("ratio", "9 : 16", "9:16"),
        ("ratio", '"16:9"', "16:9"),
        ("loop", "Yes.", True),
    ],
)
def test_an_answer_becomes_the_value_its_field_takes(
    tmp_path: Path, field_name: str, answer: str, value: Any
) -> None:
    asks = _step("ask", "text", "fake/text", prompt=answer)
    film = _step("film", "video", "fake/film", **{field_name: "$ask.output"})
    view, provider = _run(tmp_path, _plan(asks, film))
    assert view.state is RunState.SUCCEEDED, view.steps["film"].error
    assert provider.requests[1].inputs[field_name] == value
    assert [each.code for each in view.steps["film"].mended] == ["value_normalised"]


@pytest.mark.parametrize(
    ("field_name", "said"),
    [
        ("duration", "a while"),
        ("duration", "nan"),
        ("duration", "inf"),
        ("duration", '" "'),
        ("duration", "10 minutes"),
        ("duration", "5 or 6"),
        ("duration", "5-"),
        ("duration", "100"),
        ("duration", "0"),
        ("duration", "2.5"),
        ("duration", "7 px"),
        ("duration", "5 %"),
        ("noise_seed", "7 seconds"),
        ("length_ms", "7 seconds"),
        ("num_frames", "7 s"),
        ("loose", "5 or 6"),
        ("loose", "100"),
        ("rate", "240"),
        ("rate", "24 s"),
        ("ratio", "16:91"),
    ],
)
def test_an_answer_that_is_no_such_value_ends_the_step_before_it_is_paid(
    tmp_path: Path, field_name: str, said: str
) -> None:
    asks = _step("ask", "text", "fake/text", prompt=said)
    film = _step("film", "video", "fake/film", **{field_name: "$ask.output"})
    view, provider = _run(tmp_path, _plan(asks, film))
    assert view.state is RunState.FAILED
    assert len(provider.requests) == 1
    assert "which it does not take" in view.steps["film"].error.message


def _noise(path: Path, size: tuple[int, int], mode: str = "RGB") -> Path:
    chance = np.random.Generator(np.random.PCG64(1))
    planes = chance.integers(0, 255, (size[1], size[0], len(mode)), np.uint8)
    Image.fromarray(planes, mode).save(path)
    return path


def test_a_picture_that_is_too_large_is_made_smaller_and_that_is_said(tmp_path: Path) -> None:
    picture = _noise(tmp_path / "noise.png", (900, 600))
    plan = _plan(_step("film", "video", "fake/film", first_frame="$upload.noise"))
    view, provider = _run(tmp_path, plan, (picture,))
    assert view.state is RunState.SUCCEEDED, view.steps["film"].error
    given = provider.requests[0].inputs["first_frame"]
    assert isinstance(given, MediaFile)
    assert given.path.stat().st_size <= 20_000
    assert max(given.info.width or 0, given.info.height or 0) <= 400
    (said,) = view.steps["film"].mended
    assert said.code == "media_prepared"
    assert "jpeg" in said.message


def test_a_picture_that_fits_goes_as_it_is(tmp_path: Path) -> None:
    Image.new("RGB", (300, 200), "red").save(tmp_path / "small.png")
    plan = _plan(_step("film", "video", "fake/film", first_frame="$upload.small"))
    view, provider = _run(tmp_path, plan, (tmp_path / "small.png",))
    assert view.steps["film"].mended == ()
    assert provider.requests[0].inputs["first_frame"].info.mime == "image/png"


def test_transparency_is_kept_where_the_format_takes_it_and_else_laid_on_white(
    tmp_path: Path,
) -> None:
    Image.new("RGBA", (80, 80), (255, 0, 0, 0)).save(tmp_path / "clear.png")
    prepare_image(tmp_path / "clear.png", tmp_path / "a", formats=("webp",), max_side=40)
    assert Image.open(tmp_path / "a").convert("RGBA").getpixel((5, 5))[3] == 0
    prepare_image(tmp_path / "clear.png", tmp_path / "b", formats=("jpeg",), max_side=40)
    assert Image.open(tmp_path / "b").convert("RGB").getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("most", "formats"),
    [
        (3_000, ("jpeg",)),
        (8_000, ("webp",)),
        # Noise is the worst there is for a format that loses nothing.
        (30_000, ("png",)),
        (8_000, ("jpeg", "png", "webp")),
        (90_000, ("jpeg", "png", "webp")),
    ],
)
def test_the_bytes_are_kept_to_in_every_format(
    tmp_path: Path, most: int, formats: tuple[str, ...]
) -> None:
    source = _noise(tmp_path / "n.png", (320, 240))
    target = tmp_path / "out"
    form, size = prepare_image(source, target, formats=formats, max_bytes=most)
    assert form in formats
    assert target.stat().st_size <= most
    with Image.open(target) as made:
        assert made.size == size
        assert (made.format or "").lower() == form
    assert abs(size[0] / size[1] - 4 / 3) < 0.05


def test_the_same_picture_is_prepared_to_the_same_bytes(tmp_path: Path) -> None:
    source = _noise(tmp_path / "n.png", (320, 240), "RGBA")
    for name in ("a", "b"):
        prepare_image(source, tmp_path / name, formats=("webp",), max_bytes=9_000)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_limits_that_leave_no_picture_are_refused(tmp_path: Path) -> None:
    source = _noise(tmp_path / "n.png", (320, 240))
    with pytest.raises(MediaError, match="bytes"):
        prepare_image(source, tmp_path / "o", formats=("jpeg",), max_bytes=200)
    with pytest.raises(MediaError, match="not written here"):
        prepare_image(source, tmp_path / "o", formats=("exr",))
    thin = _noise(tmp_path / "t.png", (3_000, 100))
    with pytest.raises(MediaError, match="long and thin"):
        prepare_image(thin, tmp_path / "o", max_side=4_096, min_side=256)
    strip = _noise(tmp_path / "s.png", (2_000, 20))
    with pytest.raises(MediaError, match="long and thin"):
        prepare_image(strip, tmp_path / "o", max_side=500, min_side=64)
