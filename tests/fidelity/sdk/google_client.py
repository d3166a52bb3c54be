"""Has a picture and a clip made with Google's own client; prints what it saw as JSON."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import sys

from google import genai
from google.genai import errors, types

picture = base64.b64decode(sys.stdin.read())
seen = {}


def client(mount: str) -> genai.Client:
    options = types.HttpOptions(
        base_url=f"{sys.argv[1]}/{mount}", retry_options=types.HttpRetryOptions(attempts=1)
    )
    return genai.Client(api_key=os.environ["KEY"], http_options=options)


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


images = client("google")
answer = images.models.generate_content(
    model="gemini-2.5-flash-image",
    contents=["a red kite", types.Part.from_bytes(data=picture, mime_type="image/png")],
    config=types.GenerateContentConfig(
        response_modalities=["IMAGE"],
        seed=7,
        image_config=types.ImageConfig(aspect_ratio="16:9", image_size="2K"),
    ),
)
parts = answer.candidates[0].content.parts
seen["pictures"] = [digest(each.inline_data.data) for each in parts if each.inline_data]
seen["thoughts"] = [bool(each.thought) for each in parts]
seen["refused"] = []
for _ in range(5):
    try:
        images.models.generate_content(model="gemini-2.5-flash-image", contents="a")
    except errors.APIError as error:
        seen["refused"].append([error.code, error.status])

clips = client("google-interactions")
begun = clips.interactions.create(
    model="veo-3.1-generate-preview",
    input=[
        {"type": "text", "text": "it flies"},
        {"type": "image", "data": base64.b64encode(picture).decode(), "mime_type": "image/png"},
    ],
    background=True,
    generation_config={"video_config": {"task": "image_to_video"}},
    response_format={"type": "video", "delivery": "uri", "aspect_ratio": "16:9"},
)
seen["states"] = [begun.status]
while begun.status in ("queued", "in_progress"):
    begun = clips.interactions.get(begun.id)
    seen["states"].append(begun.status)
seen["video"] = [begun.output_video.uri.rpartition("/")[2], begun.output_video.mime_type]
stopped = clips.interactions.create(model="veo-3.1-generate-preview", input="a", background=True)
seen["stopped"] = clips.interactions.cancel(stopped.id).status
print(json.dumps(seen))
