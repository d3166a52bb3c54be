"""Any server that speaks the images API of OpenAI: one's own, or of a vendor without a module.

`url` below `[providers.openai-compatible]` in `settings.toml` says where it is, such as
`http://127.0.0.1:8000/v1`; a model's id is `openai-compatible/` and the server's own name for it.
`response_format` there is sent where the inputs name none. OpenAI's own API has no seed; where a
model's card has a field `seed`, as for vLLM-Omni or LocalAI, that of the job is sent in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typing_extensions import override

from framewright_providers.http_job.answering import AnsweringProvider
from framewright_providers.http_job.seeding import SeedingProvider
from framewright_providers.http_job.vendor import Vendor, error_object
from framewright_providers.openai_images import pictures

if TYPE_CHECKING:
    from pathlib import Path

    from framewright.protocols import ProviderRequest
    from framewright_providers.http_job.answering import Made

VENDOR = Vendor(
    name="openai-compatible",
    title="The OpenAI-compatible server",
    own_error=error_object,
    url="",
    needs_url=True,
    key_variables=("OPENAI_COMPATIBLE_API_KEY",),
    key_optional=True,
    options=("response_format",),
    concurrency=4,
)


class CompatibleProvider(AnsweringProvider, SeedingProvider):
    """Has pictures made at a server that speaks OpenAI's images API."""

    def __init__(self, **options: Any) -> None:
        """Take what `AnsweringProvider` takes."""
        super().__init__(VENDOR, **options)

    @override
    async def make(self, request: ProviderRequest, folder: Path) -> Made:
        """Have pictures made; what is answered as an address is fetched later."""
        inputs = dict(self.seeded(request))
        if form := self.connection.option("response_format", ""):
            inputs.setdefault("response_format", form)
        return await pictures(self, request.model.removeprefix(f"{self.name}/"), inputs, folder)


def provider() -> CompatibleProvider:
    """Return a new instance; nothing is opened before its first job."""
    return CompatibleProvider()
