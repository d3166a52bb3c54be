"""What Runway wants of a job: which endpoint, and fields in its own shapes.

From the request types of `runwayml` 5.24.0. A field that has its vendor's shape already stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from framewright.domain.job import ErrorCategory
from framewright.protocols import MediaFile, ProviderFailure, SubmitError

if TYPE_CHECKING:
    from framewright.protocols import ProviderRequest

_OF_TASKS = {
    "text-to-video": "text_to_video",
    "image-to-video": "image_to_video",
    "video-to-video": "video_to_video",
    "text-to-image": "text_to_image",
    # There is one endpoint for pictures; it takes others as references.
    "image-to-image": "text_to_image",
    "lip-sync": "character_performance",
    "text-to-speech": "text_to_speech",
    "text-to-sound": "sound_effect",
}
_OF_MODELS = {
    "act_two": "character_performance",
    "eleven_multilingual_sts_v2": "speech_to_speech",
    "eleven_voice_dubbing": "voice_dubbing",
    "eleven_voice_isolation": "voice_isolation",
    "magnific_precision_upscaler_v2": "image_upscale",
    "magnific_video_upscaler_creative": "video_upscale",
    "enhance_frame_rate": "video_upscale",
    "ruby": "video_to_hdr",
}
"""Models that do one thing, whatever it is called elsewhere."""
ENDPOINTS = frozenset({*_OF_TASKS.values(), *_OF_MODELS.values(), "video_to_audio"})
_SEEDED = frozenset(
    {
        *("act_two", "aleph2", "bria_fibo_1_5", "bria_fibo_edit_1_5", "eleven_v3", "eleven_v4"),
        *("gen4.5", "gen4_image", "gen4_image_turbo", "gen4_turbo", "h3_max", "mirelo_sfx_2_0"),
        *("recraft_v4_1_flash", "seedance2", "seedance2_5", "seedance2_fast", "seedance2_mini"),
        *("veo3.1", "veo3.1_fast"),
    }
)
"""Models that take a `seed`, 0 to 2^32 - 1; others refuse a field that they do not know."""
_LISTS = {"referenceImages": "", "references": "", "referenceVideos": "video",
          "referenceAudio": "audio"}  # fmt: skip
_POSITIONS = ("first", "last")


def asked(request: ProviderRequest) -> tuple[str, dict[str, Any]]:
    """Return the endpoint of a job and its body, files still in it; raises `SubmitError`.

    A model that does several things is named with its endpoint where the task does not tell:
    `runway/gen4.5/image_to_video`.
    """
    model, _, told = request.model.removeprefix("runway/").partition("/")
    endpoint = told or _OF_MODELS.get(model) or _OF_TASKS.get(request.task, "")
    if endpoint not in ENDPOINTS:
        words = f"Framewright does not know what Runway's {model} is to do."
        action = f"Name it with its endpoint, such as runway/{model}/image_to_video."
        raise SubmitError(ProviderFailure(ErrorCategory.INVALID_PARAMETERS, words, action))
    fields = {name: _shaped(name, value) for name, value in request.inputs.items()}
    if model in _SEEDED:
        fields.setdefault("seed", request.seed % 2**32)
    return endpoint, {"model": model, **fields}


def _shaped(name: str, value: Any) -> Any:
    if name in _LISTS and isinstance(value, (list, tuple)):
        kind = {"type": _LISTS[name]} if _LISTS[name] else {}
        return [{**kind, "uri": each} if _is_plain(each) else each for each in value]
    if name in {"character", "reference", "media"} and isinstance(value, MediaFile):
        return {"type": str(value.info.kind), "uri": value}
    if name == "promptImage" and isinstance(value, (list, tuple)):
        pairs = zip(_POSITIONS, value, strict=False)
        return [{"position": at, "uri": each} for at, each in pairs]
    if name == "voice" and isinstance(value, MediaFile):
        return {"type": "reference-audio", "audioUri": value}
    if name == "voice" and isinstance(value, str):
        return {"type": "runway-preset", "presetId": value}
    return value


def _is_plain(value: Any) -> bool:
    return isinstance(value, (MediaFile, str))
