"""3D models: whole files that any viewer opens, closed, lit from outside, dressed as asked."""

from __future__ import annotations

import io
import json
import struct
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from framewright.domain.media import MediaKind
from framewright.media.model3d import examine_model
from framewright.media.probe import probe
from framewright.protocols import MediaFile, silent
from framewright_providers.local.solid.job import (
    image_to_3d,
    solid_remarks,
    text_to_3d,
    thing_of,
)
from framewright_providers.local.solid.mesh import Mesh, ball, box, cylinder, lathe, outline, ring
from framewright_providers.local.solid.relief import cut_out, relief
from framewright_providers.local.solid.things import THINGS, sculpture

if TYPE_CHECKING:
    from pathlib import Path

SQUARE = np.array([(-0.5, 0.0), (0.5, 0.0), (0.5, 1.0), (-0.5, 1.0)])


def made(folder: Path, prompt: str, seed: int = 1) -> Path:
    folder.mkdir(exist_ok=True)
    return text_to_3d({"prompt": prompt}, seed, folder, silent)


def opened(path: Path) -> tuple[dict[str, Any], bytes]:
    whole = path.read_bytes()
    size = struct.unpack_from("<I", whole, 12)[0]
    return json.loads(whole[20 : 20 + size]), whole[20 + size + 8 :]


def picture_of(path: Path, number: int = 0) -> np.ndarray:
    document, blob = opened(path)
    view = document["bufferViews"][document["images"][number]["bufferView"]]
    block = blob[view["byteOffset"] : view["byteOffset"] + view["byteLength"]]
    return np.asarray(Image.open(io.BytesIO(block)).convert("RGB"), float)


@pytest.mark.parametrize("name", THINGS)
def test_every_thing_is_a_whole_model_about_a_metre_large(tmp_path: Path, name: str) -> None:
    path = made(tmp_path, f"a {THINGS[name][0][0]}")
    info, model = probe(path), examine_model(path)
    assert (info.kind, info.mime) == (MediaKind.MODEL3D, "model/gltf-binary")
    assert 0.4 < max(model.size) < 1.6
    assert model.triangles >= 40
    assert model.pictures == model.materials == len(THINGS[name][2]())


@pytest.mark.parametrize(
    "mesh",
    [
        ball(),
        box(1, 2, 3),
        cylinder(0.5, 0.2, 1),
        lathe([(0, 0), (0.4, 0), (0.2, 0.5), (0, 1)]),
        ring(0.4, 0.1),
        outline(SQUARE, 0.2, 0.1),
        outline(SQUARE[::-1], 0.2),
        *(part[0] for name in ("mug", "heart", "car") for part in THINGS[name][2]()[:1]),
        sculpture("gizmo")[0][0],
    ],
)
def test_faces_and_normals_look_outwards(mesh: Mesh) -> None:
    a, b, c = (mesh.points[mesh.faces[:, corner]] for corner in range(3))
    across = np.cross(b - a, c - a)
    told = mesh.normals[mesh.faces].mean(axis=1)
    agree = (across * told).sum(axis=1) / np.linalg.norm(across, axis=1)
    assert (agree > 0).mean() > 0.995
    # The volume of a body whose faces look outwards is above nothing (divergence theorem).
    assert float((a * np.cross(b, c)).sum()) > 0
    assert np.abs(np.linalg.norm(mesh.normals, axis=1) - 1).max() < 1e-6
    assert mesh.places.min() >= -1e-9
    assert mesh.places.max() <= 1 + 1e-9


def test_a_box_and_a_ball_have_their_volumes() -> None:
    def volume(mesh: Mesh) -> float:
        a, b, c = (mesh.points[mesh.faces[:, corner]] for corner in range(3))
        return float((a * np.cross(b, c)).sum()) / 6

    assert volume(box(1, 2, 3)) == pytest.approx(6)
    assert volume(ball(0.5)) == pytest.approx(np.pi / 6, rel=0.02)
    assert volume(outline(SQUARE, 0.2)) == pytest.approx(0.2)


def test_turning_goes_to_the_left() -> None:
    point = Mesh(
        np.array([(1.0, 0, 0)]), np.array([(1.0, 0, 0)]), np.zeros((1, 2)), np.zeros((0, 3))
    )
    assert point.turned(2, 90).points[0] == pytest.approx((0, 1, 0))
    assert point.turned(1, 90).points[0] == pytest.approx((0, 0, -1))


def test_the_same_words_and_seed_give_the_same_bytes(tmp_path: Path) -> None:
    once, again, other = (
        made(tmp_path / name, "a wooden chair", seed)
        for name, seed in (("a", 1), ("b", 1), ("c", 2))
    )
    assert once.read_bytes() == again.read_bytes() != other.read_bytes()


def test_a_thing_has_the_colour_and_the_stuff_that_are_asked(tmp_path: Path) -> None:
    red, _, blue = picture_of(made(tmp_path / "a", "a blue mug")).mean(axis=(0, 1))
    assert blue > 1.5 * red
    document, _ = opened(made(tmp_path / "b", "a golden vase made of metal"))
    assert document["materials"][0]["pbrMetallicRoughness"]["metallicFactor"] == 1.0
    plain, _ = opened(made(tmp_path / "c", "a vase"))
    assert plain["materials"][0]["pbrMetallicRoughness"]["metallicFactor"] == 0.0


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ("two red apples", "apple"),
        ("a hot air balloon", "balloon"),
        ("an old pine", "pine"),
        ("a boxer", ""),
        ("a dinosaur", ""),
        ("a lamp on a table", "lamp"),
    ],
)
def test_words_name_things(prompt: str, name: str) -> None:
    assert thing_of(prompt) == name
    assert bool(solid_remarks(prompt)) == (not name)


def subject(background: tuple[int, int, int] = (235, 235, 235)) -> Image.Image:
    picture = Image.new("RGB", (300, 200), background)
    ImageDraw.Draw(picture).ellipse((90, 30, 210, 170), fill=(200, 60, 40))
    return picture


class TestRelief:
    def make(self, folder: Path, picture: Image.Image) -> Path:
        path = folder / "in.png"
        picture.save(path)
        inputs = {"image": MediaFile(path, probe(path), "0" * 64)}
        return image_to_3d(inputs, 1, folder, silent)

    def test_the_subject_becomes_a_round_body(self, tmp_path: Path) -> None:
        model = examine_model(self.make(tmp_path, subject()))
        wide, high, deep = model.size
        assert wide == pytest.approx(120 / 300, abs=0.02)
        assert high == pytest.approx(140 / 300, abs=0.02)
        assert 0.1 < deep < 0.4

    def test_it_is_closed_and_looks_outwards(self) -> None:
        mesh, found = relief(subject())
        assert found
        edges = np.sort(
            np.concatenate([mesh.faces[:, [a, b]] for a, b in ((0, 1), (1, 2), (2, 0))])
        )
        # Its halves meet in one line: taken by place and not by number, each edge has two faces.
        places = np.unique(np.round(mesh.points, 9), axis=0, return_inverse=True)[1].reshape(-1)
        met = np.sort(places[edges], axis=1)
        _, counts = np.unique(met, axis=0, return_counts=True)
        assert (counts == 2).mean() > 0.97
        a, b, c = (mesh.points[mesh.faces[:, corner]] for corner in range(3))
        assert float((a * np.cross(b, c)).sum()) > 0

    def test_the_background_is_not_seen_on_it(self, tmp_path: Path) -> None:
        pixels = picture_of(self.make(tmp_path, subject()))
        assert np.abs(pixels - (200, 60, 40)).max() < 40

    @pytest.mark.parametrize("shade", [0, 60])
    def test_a_subject_is_cut_out_of_a_plain_or_shaded_background(self, shade: int) -> None:
        pixels = np.asarray(subject(), float)
        slope = np.linspace(0, -shade, 200)[:, None, None]
        plain = (np.abs(pixels - 235) < 1).all(axis=-1, keepdims=True)
        mask = cut_out(Image.fromarray(np.where(plain, pixels + slope, pixels).astype(np.uint8)))
        assert mask is not None
        y, x = np.mgrid[0:200, 0:300]
        inside = ((x - 150) / 60) ** 2 + ((y - 100) / 70) ** 2
        assert mask[inside < 0.85].min() > 0.5
        assert mask[inside > 1.25].max() < 0.5

    def test_what_is_see_through_is_not_the_subject(self) -> None:
        picture = Image.new("RGBA", (100, 100), (10, 200, 30, 255))
        picture.putalpha(Image.new("L", (100, 100), 0))
        ImageDraw.Draw(picture).rectangle((30, 30, 69, 69), fill=(10, 200, 30, 255))
        mask = cut_out(picture)
        assert mask is not None
        assert mask.sum() == pytest.approx(1600, rel=0.02)

    def test_without_a_subject_it_is_a_panel(self, tmp_path: Path) -> None:
        noise = np.random.Generator(np.random.PCG64(1)).integers(0, 256, (60, 90, 3), np.uint8)
        model = examine_model(self.make(tmp_path, Image.fromarray(noise)))
        assert model.size == pytest.approx((1, 2 / 3, 0.04), abs=1e-5)
