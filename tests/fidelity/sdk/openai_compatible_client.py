"""Asks a server that speaks OpenAI's images API with OpenAI's own client; prints what it saw."""

from __future__ import annotations

import json
import os
import sys

import openai

client = openai.OpenAI(api_key=os.environ["KEY"], base_url=f"{sys.argv[1]}/v1", max_retries=0)
made = client.images.generate(
    model="Qwen/Qwen-Image", prompt="a red kite", response_format="url", extra_body={"seed": 7}
)
print(json.dumps({"urls": [each.url for each in made.data]}))
