"""Files over the network: taken in block by block, and sent in any part."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from starlette.responses import FileResponse

from framewright.errors import NotFoundError
from framewright.server.answers import (
    AssetAnswer,
    AssetsAnswer,
    ModelsAnswer,
    UploadAnswer,
    UploadsAnswer,
)
from framewright.server.bodies import blocks
from framewright.server.multipart import FilePart
from framewright.server.problems import RefusedError

if TYPE_CHECKING:
    from starlette.responses import Response

    from framewright.server.endpoint import Asked
    from framewright.server.questions import ModelsQuery, PageQuery
    from framewright.studio.summary import StoredAsset

_HASH = re.compile(r"[0-9a-f]{64}")
_BOUNDARY = re.compile(r"""boundary=(?:"([^"\\]{1,70})"|([^\s;"]{1,70}))""", re.IGNORECASE)
_AROUND = 100_000
"""Bytes of a form that are no part of the file."""


async def upload(asked: Asked) -> UploadAnswer:
    """Take a file in: the body itself, or the first file of a form."""
    request, most = asked.request, asked.house.most_upload
    kind = request.headers.get("content-type", "")
    if not kind.lower().startswith("multipart/form-data"):
        coming = blocks(request, most)
        return UploadAnswer.of(await asked.studio.receive(asked.query.name, coming, most))
    boundary = _BOUNDARY.search(kind)
    if boundary is None:
        raise RefusedError(400, "multipart", "The form does not say where its parts begin.")
    part = FilePart(blocks(request, most + _AROUND), (boundary[1] or boundary[2]).encode())
    name = await part.name()
    return UploadAnswer.of(await asked.studio.receive(name, part.contents(), most))


async def list_uploads(asked: Asked) -> UploadsAnswer:
    """Return what was given."""
    return UploadsAnswer.of(await asked.studio.uploads())


async def list_assets(asked: Asked) -> AssetsAnswer:
    """Return a page of stored files."""
    query: PageQuery = asked.query
    return AssetsAnswer.of(await asked.studio.assets(query.limit, query.before), query.limit)


async def show_asset(asked: Asked) -> AssetAnswer:
    """Return what is known of a stored file."""
    return AssetAnswer.of(await _asset(asked))


async def asset_file(asked: Asked) -> Response:
    """Send a stored file."""
    return sent(await _asset(asked))


async def list_models(asked: Asked) -> ModelsAnswer:
    """Return the models that can be called."""
    query: ModelsQuery = asked.query
    return ModelsAnswer(models=asked.studio.models(query.task))


def sent(stored: StoredAsset) -> Response:
    """Return a file as an answer, whole or the range that is asked for.

    It is never shown as a page of ours, whatever is in it.
    """
    if not stored.path.is_file():
        raise NotFoundError("The file of this asset is gone.", action="Make it again.")
    asset = stored.asset
    headers = {
        "ETag": f'"{asset.hash}"',
        "Cache-Control": "private, max-age=31536000, immutable",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    name = f"{asset.hash[:16]}{stored.path.suffix}"
    return FileResponse(stored.path, media_type=asset.info.mime, filename=name, headers=headers)


async def _asset(asked: Asked) -> StoredAsset:
    name = asked.part("asset")
    if not _HASH.fullmatch(name):
        raise NotFoundError("That is no hash of an asset.")
    return await asked.studio.asset(name)
