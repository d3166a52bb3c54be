"""OpenAI: pictures and speech, answered with the result itself.

The protocol as its Python client 3.52.0 has it. Its video API was shut down on 24 September 2026,
`gpt-image-1` on 23 October 2026; the speech models listed there end on 6 January 2027.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from framewright_providers.http_job.answering import AnsweringProvider, Made
from framewright_providers.http_job.vendor import Vendor, error_object
from framewright_providers.openai_images import pictures, plain_inputs

if TYPE_CHECKING:
    from pathlib import Path

    from framewright.protocols import ProviderRequest

VENDOR = Vendor(
    name="openai",
    title="OpenAI",
    own_error=error_object,
    url="https://api.openai.com/v1",
    key_variables=("OPENAI_API_KEY",),
    key_page="platform.openai.com/api-keys",
    options=("organization", "project"),
    concurrency=8,
)
_ACCOUNT = {
    "organization": ("OpenAI-Organization", "OPENAI_ORG_ID"),
    "project": ("OpenAI-Project", "OPENAI_PROJECT_ID"),
}
"""Settings that say whose account pays, each with its header and the client's own variable."""
_SOUNDS = frozenset({"mp3", "opus", "aac", "flac", "wav"})


class OpenAIProvider(AnsweringProvider):
    """Has pictures and speech made at OpenAI."""

    def __init__(self, **options: Any) -> None:
        """Take what `AnsweringProvider` takes."""
        super().__init__(VENDOR, **options)

    @override
    async def make(self, request: ProviderRequest, folder: Path) -> Made:
        """Have a picture or speech made, as the task or the inputs have it."""
        # What follows the model's own name says which of its uses a card is of.
        model = request.model.removeprefix("openai/").partition("/")[0]
        if request.task == "text-to-speech" or "voice" in request.inputs:
            return await self._speech(model, plain_inputs(request.inputs), folder)
        return await pictures(self, model, request.inputs, folder, self._account())

    async def _speech(self, model: str, inputs: dict[str, Any], folder: Path) -> Made:
        notes: tuple[str, ...] = ()
        form = inputs.setdefault("response_format", "mp3")
        if form not in _SOUNDS:
            # Bare samples say neither their rate nor their form: nobody could play the file.
            form = inputs["response_format"] = "wav"
            notes = ("It is a WAV file: bare samples can not be kept.",)
        asked = {"model": model, **inputs}
        async with self.answer("audio/speech", headers=self._account(), json=asked) as answer:
            path = await self.written(answer, folder / f"result1.{form}")
        return Made((path,), notes=notes)

    def _account(self) -> dict[str, str]:
        """Return the headers that say whose account pays."""
        found = {
            header: self.connection.option(name, os.environ.get(variable, "")).strip()
            for name, (header, variable) in _ACCOUNT.items()
        }
        return {header: value for header, value in found.items() if value}


def provider() -> OpenAIProvider:
    """Return a new instance; nothing is opened before its first job."""
    return OpenAIProvider()
