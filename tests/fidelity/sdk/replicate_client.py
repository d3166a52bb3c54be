"""Does one job and meets one refusal with Replicate's own client; prints what it saw as JSON."""

from __future__ import annotations

import io
import json
import os
import sys

import replicate
from replicate.exceptions import ReplicateError
from replicate.webhook import Webhooks, WebhookSigningSecret

client = replicate.Client(api_token=os.environ["KEY"], base_url=sys.argv[1])
seen = {}

file = client.files.create(io.BytesIO(b"\x89PNG fake"), filename="in.png")
seen["upload"] = file.urls["get"].rpartition("/")[2]
made = client.predictions.create(
    model="black-forest-labs/flux-1.1-pro", input={"prompt": "a red kite"}
)
made.wait()
seen["status"], seen["output"] = made.status, made.output
old = client.predictions.create(version="0" * 64, input={"prompt": "a red kite"})
old.cancel()
seen["cancelled"] = old.status

seen["refused"] = []
for _ in range(2):
    try:
        client.predictions.create(model="a/b", input={})
    except ReplicateError as error:
        seen["refused"].append([error.status, error.title])

failed = client.predictions.create(model="a/b", input={})
failed.wait()
seen["failed"], seen["error"] = failed.status, failed.error

secret = client.webhooks.default.secret()
seen["secret"] = secret.key
headers, body = json.loads(sys.stdin.read())
Webhooks.validate(headers=headers, body=body, secret=WebhookSigningSecret(key=secret.key))
seen["webhook"] = "valid"
print(json.dumps(seen))
