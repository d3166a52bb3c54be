"""Does one job and meets each refusal with FAL's own client; prints what it saw as JSON."""

from __future__ import annotations

import json
import os
import sys

import fal_client
import fal_client.client

# These two addresses are constants of the client; the queue's host is a variable.
fal_client.client.REST_URL = fal_client.client.CDN_URL = sys.argv[1]
client = fal_client.SyncClient(key=os.environ["KEY"])
seen = {}

seen["upload"] = client.upload(b"\x89PNG fake", "image/png", "in.png").rpartition("/")[2]
made = client.submit(
    "fal-ai/flux/dev", {"prompt": "a red kite"}, webhook_url="https://example.org/hook"
)
seen["states"] = [type(each).__name__ for each in made.iter_events(with_logs=True, interval=0.01)]
seen["output"] = made.get(interval=0.01)["images"][0]["url"]
old = client.submit("fal-ai/flux/dev", {"prompt": "a red kite"})
old.cancel()
seen["cancelled"] = old.status().error_type

seen["refused"] = []
for _ in range(5):
    try:
        client.submit("fal-ai/flux/dev", {}).get(interval=0.01)
    except fal_client.client.FalClientHTTPError as error:
        said = error.message
        said = said[0]["type"] if isinstance(said, list) else said[:14]
        seen["refused"].append([error.status_code, error.error_type, said])
print(json.dumps(seen))
