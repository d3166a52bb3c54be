"""Real media bytes of each kind, small, and different for each number; and how they are served."""

from __future__ import annotations

import io
import json
import struct
import tempfile
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
from PIL import Image
from starlette.responses import RedirectResponse, Response, StreamingResponse

from emulator.world import Fault
from framewright.media.write import VideoWriter
from media_samples import tone

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from emulator.world import Job, World

TYPES = {
    "image": ("image/png", ".png"),
    "video": ("video/mp4", ".mp4"),
    "audio": ("audio/wav", ".wav"),
    "model3d": ("model/gltf-binary", ".glb"),
}


@lru_cache(maxsize=256)
def media_bytes(kind: str, number: int = 1) -> bytes:
    """A whole, sound file of a kind: image, video, audio (a tone in WAV), mp3 or model3d."""
    chance = np.random.Generator(np.random.PCG64(number))
    if kind == "image":
        target = io.BytesIO()
        pixels = chance.integers(0, 255, (72, 128, 3), np.uint8)
        Image.fromarray(pixels).resize((256, 144)).save(target, "PNG")
        return target.getvalue()
    with tempfile.TemporaryDirectory() as folder:
        if kind == "video":
            path = Path(folder) / "clip.mp4"
            with VideoWriter(path, 192, 108, Fraction(24), sound_rate=48_000) as writer:
                for _ in range(24):
                    writer.frame(chance.integers(0, 255, (108, 192, 3), np.uint8))
                writer.sound(tone(1.0, 220 + 20 * (number % 20)))
            return path.read_bytes()
    if kind in {"audio", "mp3"}:
        samples = tone(1.0, 220 + 20 * (number % 20), channels=1)[0]
        return _wave(samples) if kind == "audio" else _mp3(samples)
    return _triangle()


def _wave(samples: np.ndarray, rate: int = 48_000) -> bytes:
    body = (samples * 32_000).astype("<i2").tobytes()
    head = struct.pack("<4sI8sIHHIIHH4sI", b"RIFF", 36 + len(body), b"WAVEfmt ", 16, 1, 1, rate,
                       rate * 2, 2, 16, b"data", len(body))  # fmt: skip
    return head + body


def _mp3(samples: np.ndarray, rate: int = 48_000) -> bytes:
    target = io.BytesIO()
    with av.open(target, "w", format="mp3") as container:
        stream = container.add_stream("libmp3lame", rate=rate)
        frame = av.AudioFrame.from_ndarray(samples[np.newaxis], format="fltp", layout="mono")
        frame.sample_rate = rate
        for each in (frame, None):
            container.mux(stream.encode(each))
    return target.getvalue()


def _triangle() -> bytes:
    """The least valid glTF 2.0 binary with something to see."""
    points = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0]], "<f4").tobytes()
    told = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}}]}],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3",
             "min": [0, 0, 0], "max": [1, 1, 0]}
        ],
        "bufferViews": [{"buffer": 0, "byteLength": len(points)}],
        "buffers": [{"byteLength": len(points)}],
    }  # fmt: skip
    text = json.dumps(told).encode()
    text += b" " * (-len(text) % 4)
    whole = 12 + 8 + len(text) + 8 + len(points)
    return (
        struct.pack("<4sII", b"glTF", 2, whole)
        + struct.pack("<I4s", len(text), b"JSON") + text
        + struct.pack("<I4s", len(points), b"BIN\0") + points
    )  # fmt: skip


def kind_of(model: str) -> str:
    """What a model makes, read from its name: the emulator has no catalog."""
    words = model.lower()
    for kind, names in {
        "video": ("video", "wan", "veo", "kling", "i2v", "t2v"),
        "audio": ("music", "speech", "tts", "bark", "tango"),
        "text": ("llama", "llava", "blip", "caption"),
        "model3d": ("3d", "trellis", "dream"),
    }.items():
        if any(name in words for name in names):
            return kind
    return "image"


def served(world: World, job: Job, kind: str) -> Response:
    """Answer for the media of a job, as its fault has it."""
    body, media_type = media_bytes(kind, job.number), TYPES[kind][0]
    if job.fault is Fault.EXPIRED:
        return Response("Request has expired", 403, media_type="application/xml")
    if job.fault is Fault.HTML:
        return Response("<html>Sign in</html>", media_type="text/html")
    if job.fault is Fault.PRIVATE:
        return RedirectResponse("http://169.254.169.254/latest/meta-data/", 302)
    if job.fault is Fault.FOREIGN:
        return RedirectResponse("https://media.example.org/stolen.png", 302)
    if job.fault is Fault.HUGE:
        headers = {"content-length": str(10**12)}
        return StreamingResponse(pieces(body), headers=headers, media_type=media_type)
    if job.fault is Fault.SHORT:
        job.fault = None  # The next time it comes whole.
        headers = {"content-length": str(len(body))}
        half = body[: len(body) // 2]
        return StreamingResponse(pieces(half), headers=headers, media_type=media_type)
    world.media_served[job.id] += 1
    if job.fault is Fault.DRIP:
        return StreamingResponse(pieces(body, 97), media_type=media_type)
    return Response(body, media_type=media_type)


def inline(whole: Response, fault: Fault | None) -> Response:
    """An answer that is the result itself, as its fault has it."""
    body, media_type = bytes(whole.body), whole.media_type
    if fault is Fault.SHORT:
        headers = {"content-length": str(len(body))}
        half = pieces(body[: len(body) // 2])
        return StreamingResponse(half, headers=headers, media_type=media_type)
    if fault is Fault.DRIP:
        return StreamingResponse(pieces(body, 997), media_type=media_type)
    return whole


async def pieces(body: bytes, size: int = 4_096) -> AsyncIterator[bytes]:
    """A body, so many bytes at a time."""
    for at in range(0, len(body), size):
        yield body[at : at + size]
