"""Does jobs and meets each refusal with Runway's own client; prints what it saw as JSON."""

from __future__ import annotations

import json
import os
import sys

import runwayml
from runwayml.lib import polling

polling.POLL_TIME, polling.POLL_JITTER = 0.01, 0.0
client = runwayml.RunwayML(api_key=os.environ["KEY"], base_url=sys.argv[1], max_retries=0)
seen = {}

image = client.uploads.create_ephemeral(file=("in.png", b"\x89PNG fake")).uri
seen["upload"] = image
clip = {"model": "gen4_turbo", "prompt_image": image, "prompt_text": "go", "ratio": "1280:720"}
made = client.image_to_video.create(**clip, duration=5, seed=7)
seen["waiting"] = client.tasks.retrieve(made.id).status
done = made.wait_for_task_output()
seen["status"], seen["output"], seen["cost"] = done.status, done.output, done.cost.credits
old = client.text_to_image.create(
    model="gen4_image", prompt_text="a red kite", ratio="1280:720", seed=7,
    reference_images=[{"uri": image}],
)  # fmt: skip
client.tasks.delete(old.id)
try:
    client.tasks.retrieve(old.id)
except runwayml.NotFoundError:
    seen["deleted"] = True
client.text_to_speech.create(
    model="eleven_multilingual_v2", prompt_text="Hello",
    voice={"type": "runway-preset", "preset_id": "Maya"},
)  # fmt: skip
client.character_performance.create(
    model="act_two", character={"type": "image", "uri": image},
    reference={"type": "video", "uri": image}, seed=7,
)  # fmt: skip

seen["refused"] = []
for _ in range(4):
    try:
        client.image_to_video.create(**clip).wait_for_task_output()
    except runwayml.APIStatusError as error:
        seen["refused"].append([error.status_code, error.body["error"][:20]])
    except runwayml.TaskFailedError as error:
        seen["refused"].append([error.task_details.status, error.task_details.failure_code])
print(json.dumps(seen))
