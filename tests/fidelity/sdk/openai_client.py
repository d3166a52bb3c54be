"""Has pictures and speech made with OpenAI's own client; prints what it saw as JSON."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import sys

import openai

client = openai.OpenAI(
    api_key=os.environ["KEY"], base_url=f"{sys.argv[1]}/v1", max_retries=0, organization="org-1"
)
first, second, mask = (base64.b64decode(each) for each in json.loads(sys.stdin.read()))
seen = {}


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


made = client.images.generate(
    model="gpt-image-2", prompt="a red kite", n=2, quality="low", size="1024x1024"
)
seen["pictures"] = [digest(base64.b64decode(each.b64_json)) for each in made.data]
seen["usage"] = made.usage.total_tokens
edited = client.images.edit(
    model="gpt-image-2",
    prompt="dusk",
    image=[("a.png", first, "image/png"), ("b.png", second, "image/png")],
    mask=("m.png", mask, "image/png"),
    n=1,
)
seen["edited"] = digest(base64.b64decode(edited.data[0].b64_json))
client.images.edit(model="gpt-image-2", prompt="dusk", image=("a.png", first, "image/png"))
spoken = client.audio.speech.create(
    model="gpt-4o-mini-tts", input="hi", voice="alloy", response_format="mp3"
)
seen["spoken"] = digest(spoken.content)
seen["refused"] = []
for _ in range(7):
    try:
        client.images.generate(model="gpt-image-2", prompt="a")
    except openai.APIStatusError as error:
        kind = type(error).__name__
        wait = error.response.headers.get("retry-after-ms")
        seen["refused"].append([kind, error.status_code, error.code, wait])
print(json.dumps(seen))
