"""Does jobs and meets each refusal with Luma's own client; prints what it saw as JSON."""

from __future__ import annotations

import json
import os
import sys

import lumaai

client = lumaai.LumaAI(auth_token=os.environ["KEY"], base_url=sys.argv[1], max_retries=0)
seen = {}

frame = {"type": "image", "url": "https://media.example.org/in.png"}
made = client.generations.video.create(
    model="ray-2", prompt="a", aspect_ratio="16:9", duration="5s", resolution="720p", loop=False,
    keyframes={"frame0": frame, "frame1": {"type": "generation", "id": "earlier"}},
    callback_url="https://example.org/hook",
)  # fmt: skip
seen["states"] = [made.state]
while made.state not in {"completed", "failed"}:
    made = client.generations.get(made.id)
    seen["states"].append(made.state)
seen["video"] = made.assets.video
old = client.generations.image.create(
    model="photon-1", prompt="a", image_ref=[{"url": frame["url"]}],
    character_ref={"identity0": {"images": [frame["url"]]}}, format="png",
)  # fmt: skip
client.generations.delete(old.id)
try:
    client.generations.get(old.id)
except lumaai.NotFoundError:
    seen["deleted"] = True
client.generations.video.modify(
    generation_type="modify_video", model="ray-2", mode="adhere_1", prompt="a",
    media={"url": frame["url"]}, first_frame={"url": frame["url"]},
)  # fmt: skip
seen["listed"] = [each.id for each in client.generations.list(limit=100, offset=0).generations]

seen["refused"] = []
for _ in range(3):
    try:
        client.generations.image.create(model="photon-1")
    except lumaai.APIStatusError as error:
        seen["refused"].append([error.status_code, error.body["detail"]])
bad = client.generations.image.create(model="photon-1", prompt="a")
while bad.state not in {"completed", "failed"}:
    bad = client.generations.get(bad.id)
seen["failed"] = bad.failure_reason
print(json.dumps(seen))
