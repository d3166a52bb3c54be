"""Has a clip made with Google's client of before; prints what it saw as JSON."""

from __future__ import annotations

import base64
import json
import os
import sys

from google import genai
from google.genai import types

picture = base64.b64decode(sys.stdin.read())
options = types.HttpOptions(base_url=f"{sys.argv[1]}/google-operations")
client = genai.Client(api_key=os.environ["KEY"], http_options=options)
begun = client.models.generate_videos(
    model="veo-3.1-generate-preview",
    prompt="it flies",
    image=types.Image(image_bytes=picture, mime_type="image/png"),
    config=types.GenerateVideosConfig(
        number_of_videos=1,
        duration_seconds=8,
        aspect_ratio="16:9",
        resolution="720p",
        negative_prompt="rain",
        last_frame=types.Image(image_bytes=picture, mime_type="image/png"),
        reference_images=[
            types.VideoGenerationReferenceImage(
                image=types.Image(image_bytes=picture, mime_type="image/png"),
                reference_type="asset",
            )
        ],
    ),
)
asked = 0
while not begun.done:
    begun = client.operations.get(begun)
    asked += 1
videos = [each.video.uri.rpartition("/")[2] for each in begun.response.generated_videos]
print(json.dumps({"name": begun.name, "asked": asked, "videos": videos}))
