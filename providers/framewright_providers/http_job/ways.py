"""Ways out of this machine: straight to an address that was checked, or by a person's proxy."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx
from typing_extensions import override

from framewright_providers.http_job.body import UNPACKED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from framewright_providers.http_job.address import Target

_CONNECT_SECONDS = 15.0
_PINNED = "framewright.pinned"
"""Extension of a request whose URL holds an address that was checked: by no proxy."""


def proxy_of(url: str) -> str | None:
    """Return the proxy that this machine's settings name for a URL; None for the straight way."""
    parts, named = urlsplit(url), getproxies()
    proxy = named.get(parts.scheme) or named.get("all")
    host = parts.netloc.rpartition("@")[2]
    if not proxy or proxy_bypass(host) or proxy_bypass(parts.hostname or ""):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


class Ways(httpx.AsyncBaseTransport):
    """Sends each request straight or by the proxy for its URL; a pinned one always straight."""

    def __init__(self) -> None:
        """Open nothing yet; reads this machine's certificates."""
        self._limits = httpx.Limits(max_connections=64, max_keepalive_connections=16)
        self._verify = httpx.create_ssl_context()
        self._open: dict[str | None, httpx.AsyncHTTPTransport] = {}

    @override
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        pinned = _PINNED in request.extensions
        proxy = None if pinned else proxy_of(str(request.url))
        return await self._way(proxy).handle_async_request(request)

    @override
    async def aclose(self) -> None:
        for each in self._open.values():
            await each.aclose()

    def _way(self, proxy: str | None) -> httpx.AsyncHTTPTransport:
        if proxy not in self._open:
            try:
                self._open[proxy] = httpx.AsyncHTTPTransport(
                    verify=self._verify, limits=self._limits, proxy=proxy
                )
            except (ImportError, ValueError) as error:
                # SOCKS wants a package that is not here.
                raise httpx.ConnectError(f"This proxy can not be used: {error}") from None
        return self._open[proxy]


def new_client() -> httpx.AsyncClient:
    """Return a client that follows nothing; takes half a second, and belongs on a thread."""
    for name in ("httpx", "httpcore"):
        # They write down addresses that are signed, and headers that hold keys.
        logging.getLogger(name).setLevel(logging.WARNING)
    agent = {"User-Agent": "framewright"}
    return httpx.AsyncClient(
        transport=Ways(), trust_env=False, follow_redirects=False, headers=agent
    )


async def send(
    client: httpx.AsyncClient,
    method: str,
    target: Target,
    *,
    headers: Mapping[str, str],
    silent_seconds: float,
    **content: Any,
) -> httpx.Response:
    """Send to a checked target, to its next address where one can not be reached.

    Return the answer, of which nothing is read yet; raises as httpx does.
    """
    timeout = httpx.Timeout(silent_seconds, connect=_CONNECT_SECONDS)
    if not target.addresses:
        request = client.build_request(
            method, target.url, headers={**headers, **UNPACKED}, timeout=timeout, **content
        )
        return await client.send(request, stream=True)
    # Connections are kept by address: one opened for a host would carry the next one's questions.
    carried = {**headers, **UNPACKED, "Host": target.named, "Connection": "close"}
    failed: httpx.TransportError | None = None
    for url in target.pinned:
        request = client.build_request(
            method,
            url,
            headers=carried,
            extensions={"sni_hostname": target.host, _PINNED: True},
            timeout=timeout,
            **content,
        )
        try:
            return await client.send(request, stream=True)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            failed = error
    assert failed is not None
    raise failed
