"""Edits change what they say and keep the rest; sheets carry a character into other pictures."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from framewright.errors import MediaError
from framewright_providers.local import edits, pictures
from framewright_providers.local.scene import still as still_module
from framewright_providers.local.scene.grade import graded, sky_of
from framewright_providers.local.scene.note import Note, note_of, write_noted
from framewright_providers.local.scene.reshape import reshaped
from framewright_providers.local.scene.revise import revised
from framewright_providers.local.scene.still import SIZES
from framewright_providers.local.scene.turnaround import described, render_turnaround
from framewright_providers.local.scene.words import read

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Render at a quarter of the size: what is tested does not depend on it."""
    small = {shape: (width // 8 * 2, height // 8 * 2) for shape, (width, height) in SIZES.items()}
    monkeypatch.setattr(still_module, "SIZES", small)


def silent(fraction: float) -> None:
    del fraction


def still(folder: Path, prompt: str, seed: int = 4, **more: Any) -> Path:
    inputs = {"prompt": prompt, "aspect_ratio": "16:9", "characters": None, **more}
    folder.mkdir(parents=True, exist_ok=True)
    return pictures.still(inputs, seed, folder, silent)


def edited(source: Path, instruction: str, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    inputs = {"image": SimpleNamespace(path=source), "prompt": instruction}
    return edits.edit(inputs, 1, folder, silent)


def pixels(path: Path) -> NDArray[np.float32]:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"), np.float32)


def vivid(picture: NDArray[np.float32]) -> float:
    return float(np.ptp(picture, axis=2).mean())


def warmth(picture: NDArray[np.float32]) -> float:
    return float((picture[..., 0] - picture[..., 2]).mean())


def photograph(path: Path) -> Path:
    """Write a picture without a note: blue sky over speckled green, a red post before both."""
    random = np.random.Generator(np.random.PCG64(3))
    picture = np.zeros((180, 320, 3), np.float32)
    picture[:90] = (120, 170, 235)
    picture[90:] = (70, 110, 50)
    picture[90:] += random.normal(0, 22, (90, 320, 1))
    picture[40:150, 150:180] = (190, 30, 30)
    Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8)).save(path)
    return path


@pytest.mark.parametrize(
    ("prompt", "instruction", "new"),
    [
        ("a fox on a beach at noon", "make this dusk", "a fox on a beach, dusk"),
        ("a fox on a beach at noon", "move it to a forest", "a fox at noon, forest"),
        ("a red car in the desert", "make the car blue", "a blue car in the desert"),
        ("a woman in a green coat", "turn her coat red", "a woman in a red coat"),
        ("a man and a dog in a park", "remove the dog", "a man in a park"),
        ("a boat on a lake, watercolour", "pencil style", "a boat on a lake, pencil"),
        ("Wide shot of Mara in a cafe", "close-up", "close-up, Mara in a cafe"),
        ("a red fox at noon", "A red fox at noon, a night version", "a red fox, night"),
        ("a house at night", "add rain", "a house at night with rain"),
    ],
)
def test_an_instruction_changes_the_words_it_means(prompt: str, instruction: str, new: str) -> None:
    assert revised(prompt, instruction) == new


def test_a_still_remembers_what_it_was_drawn_from(tmp_path: Path) -> None:
    path = still(tmp_path, "a fox in snow", seed=9)
    assert note_of(path) == Note("a fox in snow", 9, "16:9")


def test_the_same_still_has_the_same_bytes(tmp_path: Path) -> None:
    one, other = (still(tmp_path / name, "a man in a red coat in a cafe") for name in "ab")
    assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize(
    "held",
    [
        [],
        {"prompt": 3, "seed": 1, "aspect_ratio": "16:9", "cast": []},
        {"prompt": "a", "seed": -1, "aspect_ratio": "16:9", "cast": []},
        {"prompt": "a", "seed": 1, "aspect_ratio": "huge", "cast": []},
        {"prompt": "a", "seed": 1, "aspect_ratio": "16:9", "cast": ["b"] * 99},
        {"prompt": "a" * 9_000, "seed": 1, "aspect_ratio": "16:9", "cast": []},
    ],
)
def test_a_forged_note_is_none(held: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("framewright_providers.local.scene.note.asdict", lambda note: held)
    write_noted(Image.new("RGB", (4, 4)), Note("", 0), tmp_path / "x.png")
    assert json.dumps(held, sort_keys=True).encode() in (tmp_path / "x.png").read_bytes()
    assert note_of(tmp_path / "x.png") is None


@pytest.mark.parametrize("cut", [0, 4, 20, 60, 90])
def test_a_broken_file_has_no_note(cut: int, tmp_path: Path) -> None:
    path = still(tmp_path, "a fox")
    broken = tmp_path / "broken.png"
    broken.write_bytes(path.read_bytes()[:cut])
    assert note_of(broken) is None


def test_night_keeps_the_composition_and_takes_the_light(tmp_path: Path) -> None:
    day = still(tmp_path, "a red house on a meadow at noon")
    night = edited(day, "make it night", tmp_path / "night")
    assert pixels(night).mean() < 0.45 * pixels(day).mean()

    def columns(path: Path) -> NDArray[np.intp]:
        shown = pixels(path)
        red = shown[..., 0] > 1.7 * shown[..., 2] + 8
        return np.flatnonzero(red[60:].mean(axis=0) > 0.08)

    before, after = columns(day), columns(night)
    assert before.size > 10
    assert abs(before.mean() - after.mean()) < 6
    held = note_of(night)
    assert held is not None
    assert "night" in held.prompt


@pytest.mark.parametrize(
    ("size", "instruction"),
    [
        ((200, 40), "extend to 9:16"),
        ((40, 200), "extend to 16:9"),
        ((200, 40), "extend the top to 9:16"),
        ((90, 2), "extend to 9:16"),
        ((1, 1), "extend"),
    ],
)
def test_however_much_is_added_no_band_stays_black(size: tuple[int, int], instruction: str) -> None:
    made = np.asarray(reshaped(Image.new("RGB", size, (200, 90, 60)), instruction))
    assert made.shape[1] >= size[0]
    assert made.shape[0] >= size[1]
    assert (made == (200, 90, 60)).all()


@pytest.mark.parametrize("size", [(64, 36), (65, 37), (37, 65)])
def test_the_picture_itself_stays_as_it_is_when_it_is_extended(size: tuple[int, int]) -> None:
    noise = np.random.Generator(np.random.PCG64(2)).integers(0, 256, (*size[::-1], 3), np.uint8)
    image = Image.fromarray(noise)
    made = reshaped(image, "extend the right")
    inside = (0, 0, size[0] - 8, size[1] // 2 * 2)
    assert made.crop(inside).tobytes() == image.crop(inside).tobytes()


def test_more_pixels_than_are_opened_are_refused() -> None:
    with pytest.raises(MediaError, match="12000x40 extended to 12000x21332") as caught:
        reshaped(Image.new("RGB", (12_000, 40)), "extend to 9:16")
    assert "50 million" in caught.value.action


def test_an_extended_still_is_drawn_wider(tmp_path: Path) -> None:
    wide = edited(still(tmp_path, "a boat on a lake"), "extend to 21:9", tmp_path / "wide")
    height, width, _ = pixels(wide).shape
    assert width / height == pytest.approx(21 / 9, rel=0.02)


def test_a_photographs_sky_is_found_and_its_post_is_none(tmp_path: Path) -> None:
    sky = sky_of(pixels(photograph(tmp_path / "p.png")) / 255)
    assert sky[10:80, 20:130].mean() > 0.85
    assert sky[100:].mean() < 0.05
    assert sky[50:80, 156:174].mean() < 0.2


def test_dusk_on_a_photograph_darkens_the_ground_and_recolours_the_sky(tmp_path: Path) -> None:
    source = photograph(tmp_path / "p.png")
    before, after = pixels(source), pixels(edited(source, "make this dusk", tmp_path / "e"))
    assert after[110:].mean() < 0.8 * before[110:].mean()
    assert warmth(after[60:85, :120]) > warmth(before[60:85, :120]) + 40


@pytest.mark.parametrize(
    ("instruction", "holds"),
    [
        ("brighter", lambda old, new: new.mean() > 1.05 * old.mean()),
        ("darker", lambda old, new: new.mean() < 0.9 * old.mean()),
        ("more contrast", lambda old, new: new.std() > 1.1 * old.std()),
        ("desaturate it", lambda old, new: vivid(new) < 0.7 * vivid(old)),
        ("warmer", lambda old, new: warmth(new) > warmth(old) + 8),
        ("black and white", lambda old, new: np.ptp(new, axis=2).max() < 3),
        ("foggy", lambda old, new: new.std() < 0.9 * old.std()),
    ],
)  # fmt: skip
def test_a_grade_does_what_it_says(instruction: str, holds: Any, tmp_path: Path) -> None:
    source = photograph(tmp_path / "p.png")
    assert holds(pixels(source), pixels(edited(source, instruction, tmp_path / "e")))


def test_an_edit_nobody_understands_leaves_the_photograph_and_says_so(tmp_path: Path) -> None:
    source = photograph(tmp_path / "p.png")
    same = edited(source, "give it more soul", tmp_path / "e")
    assert np.array_equal(pixels(source), pixels(same))
    (said,) = edits.edit_remarks("give it more soul", source)
    assert "understood nothing" in said
    assert edits.edit_remarks("make it night", still(tmp_path, "a fox")) == ()


def test_snow_falls_on_a_photograph(tmp_path: Path) -> None:
    picture = pixels(photograph(tmp_path / "p.png")).astype(np.uint8)
    words = read("snow falling on a meadow")
    after, known = graded(picture, "snow falling", words, 1)
    assert known
    assert (after.min(axis=2) > 200).mean() > 2 * (picture.min(axis=2) > 200).mean() + 0.001


@pytest.mark.parametrize(
    ("instruction", "size"),
    [
        ("crop to square", (180, 180)),
        ("crop to 9:16", (100, 180)),
        ("crop it tighter", (230, 130)),
        ("extend to the left", (400, 180)),
        ("outpaint all around", (480, 270)),
        ("nothing of that", (320, 180)),
    ],
)
def test_a_shape_is_as_asked(instruction: str, size: tuple[int, int]) -> None:
    assert reshaped(Image.new("RGB", (320, 180)), instruction).size == size


def test_cropping_to_a_side_keeps_that_side_and_extending_keeps_the_middle() -> None:
    picture = np.zeros((180, 320, 3), np.uint8)
    picture[:, :160] = 200
    image = Image.fromarray(picture)
    left, right = (
        np.asarray(reshaped(image, f"crop to 9:16 on the {side}")) for side in ("left", "right")
    )
    assert left.mean() > 190
    assert right.mean() < 10
    wide = np.asarray(reshaped(image, "extend to the right"))
    assert np.array_equal(wide[60:120, 20:300], picture[60:120, 20:300])
    mirrored = np.asarray(reshaped(image, "flip it"))
    assert mirrored[:, :150].mean() < 10


def test_an_enlarged_picture_is_larger_and_sharp(tmp_path: Path) -> None:
    source = photograph(tmp_path / "p.png")
    inputs = {"image": SimpleNamespace(path=source), "scale": 2.5}
    large = pixels(edits.upscale(inputs, 1, tmp_path, silent))
    assert large.shape == (450, 800, 3)
    step = np.abs(np.diff(large[200, 350:400, 0])).max()
    blurry = np.asarray(
        Image.open(source).convert("RGB").resize((800, 450), Image.Resampling.BILINEAR), np.float32
    )
    assert step > 1.2 * np.abs(np.diff(blurry[200, 350:400, 0])).max()


def test_too_large_a_picture_is_refused(tmp_path: Path) -> None:
    Image.new("RGB", (4_000, 4_000)).save(tmp_path / "big.png")
    inputs = {"image": SimpleNamespace(path=tmp_path / "big.png"), "scale": 4}
    with pytest.raises(MediaError, match="too many pixels"):
        edits.upscale(inputs, 1, tmp_path, silent)


def test_a_sheet_shows_four_sides_and_the_colours() -> None:
    person = "Mara, a woman with black hair in a red coat"
    sheet = render_turnaround(person).astype(int)
    assert sheet.shape == (900, 1600, 3)
    red = (sheet[..., 0] > 1.8 * sheet[..., 2]) & (sheet[..., 0] > 90)
    for number in range(4):
        assert red[200:720, 60 + number * 268 : 250 + number * 268].mean() > 0.10
    for number, colour in enumerate(described(person).palette):
        chip = sheet[846, 80 + number * 96] / 255
        assert np.abs(chip - np.asarray(colour)).max() < 0.01
    # From behind there is hair where the face is in front.
    front, back = sheet[130:190, 130:170].mean(), sheet[130:190, 934:974].mean()
    assert back < 0.75 * front


def test_a_character_given_by_a_sheet_plays_in_a_still(tmp_path: Path) -> None:
    prompt = "Mara, a woman with blonde hair in a yellow coat"
    sheet = edits.character({"prompt": prompt}, 1, tmp_path, silent)
    alone = pixels(still(tmp_path / "a", "medium shot of Mara in a blue room"))
    given = SimpleNamespace(path=sheet)
    played = pixels(still(tmp_path / "b", "medium shot of Mara in a blue room", characters=[given]))

    def yellow(picture: NDArray[np.float32]) -> float:
        return float(
            (
                (picture[..., 0] > 1.7 * picture[..., 2])
                & (picture[..., 1] > 1.4 * picture[..., 2])
                & (picture[..., 0] > 90)
            ).mean()
        )

    assert yellow(played) > yellow(alone) + 0.03
    held = note_of(tmp_path / "b" / "still.png")
    assert held is not None
    assert held.cast == (prompt,)
