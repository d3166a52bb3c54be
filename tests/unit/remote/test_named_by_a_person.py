"""An id that a person names for a lost answer: vendors that give none have only what was kept."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from framewright_providers.http_job.spool import Spool
from framewright_providers.openai import OpenAIProvider

if TYPE_CHECKING:
    from pathlib import Path


def test_only_what_was_kept_is_known(tmp_path: Path) -> None:
    spool = Spool("openai", tmp_path)
    folder = spool.begin("job-1")
    (folder / "result1.png").write_bytes(b"x")
    spool.finish("job-1", (folder / "result1.png",))
    provider = OpenAIProvider(key="sk-x", spool=spool)
    assert asyncio.run(provider.knows("job-1")) is None
    refused = asyncio.run(provider.knows("whatever"))
    assert refused is not None
    assert "gives no ids" in refused.message
