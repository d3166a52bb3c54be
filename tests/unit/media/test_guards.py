from __future__ import annotations

import io
import os
import warnings
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageCms

from framewright.errors import MediaError, NotFoundError
from framewright.media.frames import first_frame
from framewright.media.guards import open_container, open_image_file
from framewright.media.probe import probe
from media_samples import huge_png, photo, video

if TYPE_CHECKING:
    from pathlib import Path

OPENERS = [open_container, open_image_file, probe]


def playlists(target: Path) -> dict[str, str]:
    return {
        "ffconcat.mp4": f"ffconcat version 1.0\nfile {target}\n",
        "list.m3u8": f"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nfile://{target}\n",
        "list.mp4": f"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{target}\n#EXT-X-ENDLIST\n",
        "session.sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nm=video 5004 RTP/AVP 96\n",
        "dash.mpd": '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"/>',
        "drawing.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
        "script.png": "%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n",
        "passwd.mp4": "root:x:0:0:root:/root:/bin/bash\n" * 20,
    }


@pytest.mark.parametrize("name", sorted(playlists(None)))  # type: ignore[arg-type]
@pytest.mark.parametrize("opener", OPENERS)
def test_files_that_name_other_files_are_refused(tmp_path, name, opener):
    path = tmp_path / name
    path.write_text(playlists(video(tmp_path / "real.mp4", 2))[name])
    with pytest.raises(MediaError, match=name):
        opener(path)


@pytest.mark.parametrize("opener", OPENERS)
def test_what_is_no_file_is_refused_without_opening_it(tmp_path, opener):
    (tmp_path / "folder.mp4").mkdir()
    (tmp_path / "empty.mp4").touch()
    os.mkfifo(tmp_path / "pipe.mp4")
    for name, reason in (("folder", "folder"), ("empty", "empty"), ("pipe", "regular")):
        with pytest.raises(MediaError, match=reason):
            opener(tmp_path / f"{name}.mp4")
    with pytest.raises(NotFoundError, match=r"gone\.mp4"):
        opener(tmp_path / "gone.mp4")


@pytest.mark.parametrize(
    "name", ["ünï 日本.mp4", "100%03d.mp4", "concat:a|b.mp4", "-i.mp4", "a'b\"c.mp4", "x.png"]
)
def test_any_name_is_only_a_name(tmp_path, name):
    path = video(tmp_path / "plain.mp4", 2).rename(tmp_path / name)
    assert first_frame(path).size == (128, 72)


def test_too_many_pixels_are_refused_and_filters_left_alone(tmp_path):
    before = list(warnings.filters)
    for size in ((14_000, 10_000), (7_200, 7_200), (20_000, 20_000)):
        with pytest.raises(MediaError, match="50 million"):
            open_image_file(huge_png(tmp_path / "huge.png", *size))
    assert warnings.filters == before


def test_a_truncated_image_is_refused(tmp_path):
    whole = tmp_path / "whole.png"
    photo(200, 200).save(whole)
    for share in (0.3, 0.9):
        cut = tmp_path / "cut.png"
        cut.write_bytes(whole.read_bytes()[: int(whole.stat().st_size * share)])
        with pytest.raises(MediaError, match=r"cut\.png"):
            open_image_file(cut)


def test_an_image_comes_upright(tmp_path):
    image = photo(40, 20)
    exif = Image.Exif()
    exif[0x0112] = 6
    image.save(tmp_path / "turned.jpg", exif=exif, quality=95)
    assert open_image_file(tmp_path / "turned.jpg").size == (20, 40)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"])
def test_every_mode_becomes_rgb_or_rgba(tmp_path, mode):
    path = tmp_path / ("a.tiff" if mode == "CMYK" else "a.png")
    if mode == "I;16":
        Image.new("I;16", (8, 8), 0x8080).save(path)
    else:
        photo(8, 8).convert("RGBA" if mode in {"LA", "RGBA"} else "RGB").convert(mode).save(path)
    image = open_image_file(path)
    assert image.mode == ("RGBA" if mode in {"LA", "RGBA"} else "RGB")
    if mode == "I;16":
        assert image.getpixel((3, 3)) == (128, 128, 128)


def test_a_colour_profile_is_applied(tmp_path):
    # sRGB with red and green exchanged: the first two names in its table of tags.
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = profile.replace(b"rXYZ", b"????").replace(b"gXYZ", b"rXYZ").replace(b"????", b"gXYZ")
    plain = Image.new("RGB", (4, 4), (200, 100, 50))
    plain.save(tmp_path / "p.png", icc_profile=swapped)
    plain.save(tmp_path / "broken.png", icc_profile=b"no profile at all")
    red, green, blue = open_image_file(tmp_path / "p.png").getpixel((0, 0))
    assert (abs(red - 100) <= 3, abs(green - 200) <= 3, abs(blue - 50) <= 3) == (True,) * 3
    assert open_image_file(tmp_path / "broken.png").getpixel((0, 0)) == (200, 100, 50)


def test_a_damaged_avif_is_refused_in_plain_words(tmp_path):
    out = io.BytesIO()
    photo(64, 48).save(out, "AVIF", quality=50)
    body = bytearray(out.getvalue())
    place = body.index(b"mdat") + 4
    body[place:] = bytes(len(body) - place)
    (tmp_path / "a.avif").write_bytes(body)
    with pytest.raises(MediaError, match="damaged"):
        open_image_file(tmp_path / "a.avif")
