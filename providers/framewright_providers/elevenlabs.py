"""ElevenLabs: speech, sound effects and music, answered as the sound itself.

The protocol as its Python client 2.78.0 has it. Settings: `url` for a host of another region, such
as `https://api.eu.residency.elevenlabs.io`; `concurrency`, how much an account's plan does at once;
`usd_per_1000_credits`, what a person pays there, so that a result's cost is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from typing_extensions import override

from framewright.errors import SettingsError
from framewright_providers.http_job.answering import AnsweringProvider, Made
from framewright_providers.http_job.vendor import Vendor, telling

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from framewright.protocols import ProviderRequest

VENDOR = Vendor(
    name="elevenlabs",
    title="ElevenLabs",
    own_error=telling("detail"),
    url="https://api.elevenlabs.io",
    key_variables=("ELEVENLABS_API_KEY",),
    authorization=lambda key: {"xi-api-key": key},
    key_page="elevenlabs.io/app/settings/api-keys",
    options=("concurrency", "usd_per_1000_credits"),
    # As the plan Creator; there are plans with 2 and with 15.
    concurrency=5,
)
VOICE = "JBFqnCBsd6RMkjVDRZzb"
"""The voice of the vendor's own examples, where the inputs name none."""
_IN_ADDRESS = ("output_format", "enable_logging", "optimize_streaming_latency")
"""Inputs that stand in the address, and not in the body."""
_FORM = "mp3_44100_128"
_SUFFIXES = {"mp3": ".mp3", "opus": ".opus", "wav": ".wav", "auto": ".mp3"}
_MOST_SEED = 2**32 - 1


class ElevenLabsProvider(AnsweringProvider):
    """Has speech, sound effects and music made at ElevenLabs."""

    def __init__(self, **options: Any) -> None:
        """Take what `AnsweringProvider` takes."""
        super().__init__(VENDOR, **options)
        self._dollars: float | None = None
        """What a thousand credits cost; None where nobody said."""

    @override
    def configure(self, options: Mapping[str, str | int | float | bool]) -> None:
        """Take its settings; raises `SettingsError`."""
        super().configure(options)
        most = options.get("concurrency", self.concurrency)
        if not isinstance(most, int) or isinstance(most, bool) or not 1 <= most <= 1_000:
            raise _wrong("concurrency", "a number from 1 to 1000")
        self.concurrency = most
        price = options.get("usd_per_1000_credits")
        if price is not None and (isinstance(price, (str, bool)) or not 0 <= price <= 1_000):
            raise _wrong("usd_per_1000_credits", "a number of dollars, at most 1000")
        self._dollars = price

    @override
    async def make(self, request: ProviderRequest, folder: Path) -> Made:
        """Have a sound made, as the task has it."""
        model = request.model.removeprefix(f"{self.name}/")
        inputs = {name: each for name, each in request.inputs.items() if each is not None}
        where = _where(request.task, model, inputs)
        form, notes = _form(inputs.get("output_format"), music=where == "v1/music")
        if where.startswith("v1/text-to-speech") or "composition_plan" in inputs:
            # Music takes a seed with a plan only, and refuses one beside a prompt.
            inputs.setdefault("seed", min(request.seed, _MOST_SEED))
        params = {name: inputs.pop(name) for name in _IN_ADDRESS if name in inputs}
        params["output_format"] = form
        body = {**inputs, "model_id": model}
        async with self.answer(where, json=body, params=_in_words(params)) as answer:
            suffix = _SUFFIXES[form.partition("_")[0]]
            path = await self.written(answer, folder / f"result1{suffix}")
            cost = self._cost(answer.headers)
        return Made((path,), cost=cost, notes=notes)

    def _cost(self, headers: Mapping[str, str]) -> float | None:
        """Return what an answer costs by its credits, where a person said what those cost."""
        # The name of this header is not in the client; it is from memory of the vendor's pages.
        credits_used = headers.get("character-cost", "")
        if self._dollars is None or not credits_used.isdigit():
            return None
        return int(credits_used) / 1_000 * self._dollars


def provider() -> ElevenLabsProvider:
    """Return a new instance; nothing is opened before its first job."""
    return ElevenLabsProvider()


def _where(task: str, model: str, inputs: dict[str, Any]) -> str:
    """Return where a sound is made; takes the voice out of the inputs, which stands there."""
    if task == "text-to-music" or "music" in model or "composition_plan" in inputs:
        return "v1/music"
    if task == "text-to-sound" or "sound" in model:
        return "v1/sound-generation"
    voice = str(inputs.pop("voice_id", "") or VOICE)
    return f"v1/text-to-speech/{quote(voice, safe='')}"


def _form(asked: object, *, music: bool) -> tuple[str, tuple[str, ...]]:
    """Return the form a sound is asked for in, and what a person should know of it.

    Bare samples say neither their rate nor their form: nobody could play such a file.
    """
    form = str(asked or ("auto" if music else _FORM))
    kind, _, rest = form.partition("_")
    if kind in _SUFFIXES:
        return form, ()
    # Music has no WAV; its best form there is what `auto` gives.
    other = "auto" if music else f"wav_{rest.partition('_')[0] or '44100'}"
    return other, (f"It was made as {other}: bare samples ({form[:20]}) can not be kept.",)


def _in_words(params: dict[str, Any]) -> dict[str, str]:
    words = {True: "true", False: "false"}
    return {
        name: words[value] if isinstance(value, bool) else str(value)
        for name, value in params.items()
    }


def _wrong(name: str, wanted: str) -> SettingsError:
    message = f"settings.toml: providers.elevenlabs.{name} is {wanted}."
    return SettingsError(message, action=f"Correct {name}.")
