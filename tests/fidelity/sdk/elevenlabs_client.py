"""Has sounds made with ElevenLabs' own client; prints what it saw as JSON."""

from __future__ import annotations

import hashlib
import json
import os
import sys

from elevenlabs import ElevenLabs, VoiceSettings
from elevenlabs.core.api_error import ApiError

client = ElevenLabs(api_key=os.environ["KEY"], base_url=sys.argv[1])
once = {"max_retries": 0}
seen = {}


def digest(pieces):
    return hashlib.sha256(b"".join(pieces)).hexdigest()


seen["speech"] = digest(
    client.text_to_speech.convert(
        "JBFqnCBsd6RMkjVDRZzb",
        text="hi",
        model_id="eleven_multilingual_v2",
        voice_settings=VoiceSettings(stability=0.5, similarity_boost=0.75),
        seed=1,
        output_format="mp3_44100_128",
    )
)
seen["effect"] = digest(
    client.text_to_sound_effects.convert(
        text="boom",
        duration_seconds=2,
        prompt_influence=0.3,
        model_id="eleven_text_to_sound_v2",
        output_format="wav_44100",
    )
)
seen["music"] = digest(
    client.music.compose(
        prompt="calm", music_length_ms=10000, model_id="music_v1", output_format="auto"
    )
)
seen["refused"] = []
for _ in range(6):
    try:
        b"".join(client.text_to_speech.convert("v", text="a", request_options=once))
    except ApiError as error:
        detail = error.body["detail"]
        told = detail["status"] if isinstance(detail, dict) else detail[0]["type"]
        seen["refused"].append([type(error).__name__, error.status_code, told])
print(json.dumps(seen))
