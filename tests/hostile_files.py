"""Files meant to do harm: real ones changed at random, and texts that name other files."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING

import av
import numpy as np
from PIL import Image, ImageCms

from framewright.protocols import ProviderRequest, silent
from framewright_providers.local.models import work_for
from media_samples import photo, tone, video

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence
    from pathlib import Path

_NUMBERS = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
_MOST_BYTES = 300_000
"""Of a file that is changed: whatever is longer takes longer and shows no more."""


def samples(folder: Path) -> list[bytes]:
    """Return small files of every kind that is read here, made on the spot."""
    film = video(folder / "film.mp4", 12, size=(64, 36), sound=tone(0.5))
    made = [film.read_bytes()]
    for codec, sound, form in (
        ("mpeg4", "mp3", "avi"),
        ("libvpx", "libopus", "webm"),
        ("libx264", "aac", "mpegts"),
        ("libx265", "pcm_s16le", "matroska"),
        ("mpeg2video", "mp2", "mpeg"),
        ("gif", None, "gif"),
        ("libx264", None, "h264"),
        (None, "pcm_s16le", "wav"),
        (None, "libmp3lame", "mp3"),
        (None, "flac", "flac"),
        (None, "libopus", "ogg"),
        (None, "aac", "adts"),
    ):
        made.append(_coded(folder / "made", codec, sound, form))
    exif = Image.Exif()
    exif[0x0112] = 6
    icc = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for form, more in (
        ("PNG", {"icc_profile": icc}),
        ("JPEG", {"exif": exif, "icc_profile": icc}),
        ("WEBP", {"quality": 50}),
        ("GIF", {}),
        ("BMP", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("TIFF", {"compression": "jpeg"}),
        ("AVIF", {"quality": 50}),
    ):
        out = io.BytesIO()
        photo(32, 24).save(out, form, **more)
        made.append(out.getvalue())
    return [*made, _solid(folder)]


def _solid(folder: Path) -> bytes:
    """Return a textured model as .glb."""
    request = ProviderRequest("j", "j", "local/text-to-3d", "", {"prompt": "a red ball"}, 1)
    (made,) = work_for(request.model)(request, folder, silent)
    assert made.path is not None
    return made.path.read_bytes()


def _coded(path: Path, picture: str | None, sound: str | None, form: str) -> bytes:
    with av.open(str(path), "w", format=form) as container:
        seen = container.add_stream(picture, rate=25) if picture else None
        heard = container.add_stream(sound, rate=48_000) if sound else None
        if seen is not None:
            seen.width, seen.height = 64, 48
            seen.options = {"x265-params": "log-level=none"} if picture == "libx265" else {}
            seen.pix_fmt = "rgb8" if picture == "gif" else "yuv420p"
            for number in range(6):
                pixels = np.roll(np.asarray(photo(64, 48)), 5 * number, axis=1)
                container.mux(seen.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
            container.mux(seen.encode(None))
        if heard is not None:
            frame = av.AudioFrame.from_ndarray(tone(0.6), format="fltp", layout="stereo")
            frame.sample_rate = 48_000
            for each in av.AudioResampler(heard.format, "stereo", 48_000).resample(frame):
                container.mux(heard.encode(each))
            container.mux(heard.encode(None))
    return path.read_bytes()


def playlists(canary: Path, port: int) -> list[bytes]:
    """Return texts that name another file or a server, in every form a reader might follow."""
    here, web = str(canary), f"http://127.0.0.1:{port}/x.mp4"
    texts = []
    for place in (here, f"file:{here}", canary.name, web, f"tcp://127.0.0.1:{port}"):
        texts += [
            f"ffconcat version 1.0\nfile '{place}'\n",
            f"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{place}\n#EXT-X-ENDLIST\n",
            f"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n{place}\n",
            f'#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="{place}"\n#EXTINF:5,\n{place}\n',
            f'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><Period>'
            f"<BaseURL>{place}</BaseURL></Period></MPD>",
            f"<?xml version='1.0'?><!DOCTYPE s [<!ENTITY x SYSTEM '{place}'>]><svg>&x;</svg>",
            f"[playlist]\nFile1={place}\nNumberOfEntries=1\n",
            f"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n({place}) run\n",
        ]
    texts.append(f"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nm=video {port} RTP/AVP 96\n")
    return [text.encode() for text in texts]


def quicktime_reference(canary: Path) -> bytes:
    """Return a film whose header says that its samples lie in another file (`dref` of `alis`)."""
    record = str(canary).encode()

    def box(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", 8 + len(body)) + kind + body

    alias = box(b"alis", b"\0\0\0\0" + bytes(150) + record)
    links = box(b"dref", b"\0\0\0\0" + struct.pack(">I", 1) + alias)
    return box(b"ftyp", b"qt  \0\0\0\0qt  ") + box(
        b"moov", box(b"trak", box(b"mdia", box(b"minf", box(b"dinf", links))))
    )


def changed(data: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    """Return a file with a few things wrong with it."""
    found = bytearray(data[:_MOST_BYTES])
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        if not found:
            break
        chance.choice(_CHANGES)(found, others, chance)
    return bytes(found)


def _place(found: bytearray, chance: random.Random) -> int:
    # What stands at the beginning says most about the rest.
    most = min(len(found), chance.choice((64, 512, 4_096, len(found))))
    return chance.randrange(most)


def _flip(found: bytearray, others: Sequence[bytes], chance: random.Random) -> None:
    del others
    found[_place(found, chance)] ^= 1 << chance.randrange(8)


def _number(found: bytearray, others: Sequence[bytes], chance: random.Random) -> None:
    del others
    at, size = _place(found, chance), chance.choice((1, 2, 4))
    value = chance.choice(_NUMBERS) & ((1 << 8 * size) - 1)
    found[at : at + size] = value.to_bytes(size, chance.choice(("big", "little")))


def _noise(found: bytearray, others: Sequence[bytes], chance: random.Random) -> None:
    del others
    at = _place(found, chance)
    found[at : at + chance.randrange(1, 64)] = chance.randbytes(chance.randrange(64))


def _cut(found: bytearray, others: Sequence[bytes], chance: random.Random) -> None:
    del others
    del found[_place(found, chance) + 1 :]


def _drop(found: bytearray, others: Sequence[bytes], chance: random.Random) -> None:
    del others
    at = _place(found, chance)
    del found[at : at + chance.randrange(1, 2_000)]


def _double(found: bytearray, others: Sequence[bytes], chance: random.Random) -> None:
    del others
    at = _place(found, chance)
    found[at:at] = found[at : at + chance.randrange(1, 2_000)]


def _splice(found: bytearray, others: Sequence[bytes], chance: random.Random) -> None:
    other = chance.choice(others)[:_MOST_BYTES]
    if other:
        at = chance.randrange(len(other))
        found[_place(found, chance) :] = other[at : at + chance.randrange(1, 20_000)]


_CHANGES: tuple[Callable[[bytearray, Sequence[bytes], random.Random], None], ...] = (
    _flip,
    _flip,
    _number,
    _number,
    _number,
    _noise,
    _cut,
    _drop,
    _double,
    _splice,
)
