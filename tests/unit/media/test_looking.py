"""Small pictures of media: thumbnails, filmstrips, waveforms, the best frames; small files."""

from __future__ import annotations

import io
from fractions import Fraction

import numpy as np
import pytest
from PIL import Image, ImageFilter

from framewright.errors import MediaError
from framewright.media import thumbnails
from framewright.media.best_frames import best_frames
from framewright.media.prepare_image import prepare_image
from framewright.media.probe import probe
from framewright.media.sound import write_wav
from framewright.media.thumbnails import filmstrip, thumbnail
from framewright.media.waveform import draw_waveform, peaks
from framewright.media.write import VideoWriter
from media_samples import huge_png, number_of, photo, tone, turned_video, video


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.gif", "a.avif"])
def test_a_thumbnail_looks_like_its_picture(tmp_path, name):
    image = photo(1600, 1200)
    image.save(tmp_path / name)
    small = thumbnail(tmp_path / name, 200)
    assert small.size == (200, 150)
    wanted = np.asarray(image.resize((200, 150), Image.Resampling.LANCZOS)).astype(int)
    seen = np.asarray(small.convert("RGB")).astype(int)
    assert np.abs(seen - wanted).mean() < (6 if name == "a.gif" else 3)


def test_a_thumbnail_is_upright_and_never_larger(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = photo(1200, 800)
    turned.save(tmp_path / "a.jpg", exif=exif)
    small = thumbnail(tmp_path / "a.jpg", 150)
    assert small.size == (100, 150)
    wanted = turned.transpose(Image.Transpose.ROTATE_270).resize((100, 150))
    assert np.abs(np.asarray(small).astype(int) - np.asarray(wanted)).mean() < 3
    photo(40, 30).save(tmp_path / "b.png")
    assert thumbnail(tmp_path / "b.png", 150).size == (40, 30)


def test_a_thumbnail_keeps_transparency_without_dark_edges(tmp_path):
    image = Image.new("RGBA", (800, 800), (0, 0, 0, 0))
    image.paste((255, 0, 0, 255), (200, 200, 601, 601))
    image.save(tmp_path / "a.png")
    pixels = np.asarray(thumbnail(tmp_path / "a.png", 100))
    assert pixels.shape == (100, 100, 4)
    covered = pixels[pixels[:, :, 3] > 20]
    assert covered[:, 0].min() > 240


def test_a_thumbnail_refuses_what_is_too_large_or_broken(tmp_path):
    with pytest.raises(MediaError, match="million"):
        thumbnail(huge_png(tmp_path / "a.png"))
    (tmp_path / "b.jpg").write_bytes(b"\xff\xd8\xff" + b"x" * 50)
    with pytest.raises(MediaError):
        thumbnail(tmp_path / "b.jpg")
    for side in (0, 5_000):
        with pytest.raises(MediaError):
            thumbnail(tmp_path / "a.png", side)


def tiles(strip, count):
    width = strip.width // count
    return [
        number_of(strip.crop((at * width, 0, (at + 1) * width, strip.height)))
        for at in range(count)
    ]


def test_a_filmstrip_has_the_middle_of_each_part_or_its_keyframe(tmp_path):
    clip = video(tmp_path / "a.mp4", 40, 24)
    assert filmstrip(clip, count=4, height=36).size == (256, 36)
    assert tiles(filmstrip(clip, count=4, height=36), 4) == [0, 15, 25, 35]


def test_a_filmstrip_takes_keyframes_where_they_are_near(tmp_path, monkeypatch):
    clip = video(tmp_path / "a.mp4", 240, 24)

    def no_decoding(*_):
        raise AssertionError

    monkeypatch.setattr(thumbnails, "_met", no_decoding)
    first, second = tiles(filmstrip(clip, count=2, height=36), 2)
    assert 0 <= first < 120 <= second < 240


def test_a_filmstrip_of_a_turned_or_short_video(tmp_path):
    assert filmstrip(turned_video(tmp_path / "t.mp4", 90), count=3, height=96).size == (192, 96)
    assert tiles(filmstrip(video(tmp_path / "a.mp4", 1), count=3), 3) == [0, 0, 0]
    for wrong in ({"count": 0}, {"count": 61}, {"height": 8}):
        with pytest.raises(MediaError):
            filmstrip(tmp_path / "a.mp4", **wrong)


def test_peaks_are_how_far_a_sound_swings(tmp_path):
    sound = np.concatenate([tone(1) * 0.2, tone(1) * 2 * 0.8, tone(1) * 0], axis=1)
    sound[:, 60_000] = -0.95
    write_wav(tmp_path / "a.wav", sound, 48_000)
    found = peaks(tmp_path / "a.wav", 30)
    assert found.shape == (30, 2)
    assert np.abs(found[1:9] - (-0.1, 0.1)).max() < 0.01
    assert found[12, 0] == pytest.approx(-0.95, abs=0.01)
    assert np.abs(found[21:]).max() < 0.01
    assert peaks(tmp_path / "a.wav", 5_000).shape == (5_000, 2)


def test_a_waveform_is_drawn_from_left_to_right(tmp_path):
    write_wav(tmp_path / "a.wav", np.concatenate([tone(1) * 0, tone(1) * 2], axis=1), 48_000)
    pixels = np.asarray(draw_waveform(tmp_path / "a.wav", width=100, height=50)).astype(int)
    inked = (pixels[:, :, 2] > 120).sum(axis=0)
    assert inked[5:45].max() <= 2
    assert inked[55:95].min() >= 48
    with pytest.raises(MediaError):
        draw_waveform(video(tmp_path / "v.mp4", 5))
    with pytest.raises(MediaError):
        peaks(tmp_path / "a.wav", 0)


def test_the_best_frames_are_sharp_lit_and_unlike_each_other(tmp_path):
    rng = np.random.default_rng(1)
    one, two = (Image.fromarray(rng.integers(0, 255, (9, 16, 3), np.uint8)) for _ in range(2))
    scenes = [each.resize((160, 90), Image.Resampling.NEAREST) for each in (one, two)]
    black, blurred = Image.new("RGB", (160, 90)), scenes[0].filter(ImageFilter.GaussianBlur(12))
    with VideoWriter(tmp_path / "a.mp4", 160, 90, Fraction(10)) as writer:
        for shot in (black, blurred, scenes[0], scenes[1]):
            for _ in range(10):
                writer.frame(shot)
    found = best_frames(tmp_path / "a.mp4", 2)
    assert {int(time) for time, _ in found} == {2, 3}
    assert found[0][1].size == (160, 90)
    assert int(best_frames(tmp_path / "a.mp4", 4)[-1][0]) in {0, 1, 2, 3}
    with pytest.raises(MediaError):
        best_frames(tmp_path / "a.mp4", 0)


@pytest.mark.parametrize("form", ["jpeg", "png", "webp", "avif"])
def test_a_picture_is_made_to_keep_to_bytes_and_pixels(tmp_path, form):
    rng = np.random.default_rng(2)
    noise = Image.fromarray(rng.integers(0, 255, (600, 800, 3), np.uint8))
    noise.save(tmp_path / "a.png")
    kept = prepare_image(
        tmp_path / "a.png", tmp_path / "b", formats=(form,), max_bytes=60_000, max_pixels=200_000
    )
    info = probe(tmp_path / "b")
    assert kept == (form, (info.width, info.height))
    assert info.mime == f"image/{form}"
    assert info.bytes <= 60_000
    assert info.width * info.height <= 200_000


def test_transparency_goes_into_avif(tmp_path):
    image = photo(200, 100).convert("RGBA")
    image.putalpha(Image.linear_gradient("L").resize((200, 100)))
    image.save(tmp_path / "a.png")
    prepare_image(tmp_path / "a.png", tmp_path / "b.avif", formats=("avif",))
    with Image.open(io.BytesIO((tmp_path / "b.avif").read_bytes())) as made:
        assert made.mode == "RGBA"
        assert abs(np.asarray(made)[50, 100, 3].astype(int) - 128) < 12
