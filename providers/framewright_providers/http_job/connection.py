"""A connection to a vendor: questions with its key, answers with a limit, and no retries.

Whether something may be tried again is the router's to decide; so is what an answer that never
came means. Only where surely nothing was sent is that said here, by a `SubmitError`.
"""

from __future__ import annotations

import asyncio
import json
import os
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from framewright import keys
from framewright.domain.job import ErrorCategory
from framewright.errors import ProviderError, SettingsError
from framewright.protocols import Lack, ProviderFailure, SubmitError
from framewright_providers.http_job.address import Allowed, origin_of
from framewright_providers.http_job.body import UNPACKED, PackedError, json_bytes, unpacked

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    import httpx

    from framewright_providers.http_job.vendor import Vendor

MOST_BYTES = 96_000_000
"""Largest answer that is held in memory: some pictures in base64."""
QUESTION_SECONDS = 60.0
"""How long an answer to a plain question may be silent."""
_CONNECT_SECONDS = 15.0
_REFUSAL_BYTES = 1 << 20
"""As much of a refusal is read as tells why."""
_LONG_BYTES = 1 << 20
"""Answers over this are parsed on a thread."""
_UNREAD = object()
_NO_KEY = 401


class AnswerLostError(ProviderError):
    """A question left and its answer did not come: nobody knows what became of it."""

    code = "answer-lost"


@dataclass(frozen=True, slots=True)
class Answered:
    """A vendor's answer, whatever its status."""

    status: int
    headers: Mapping[str, str]
    """Names in small letters."""
    body: bytes
    parsed: Any = field(default=_UNREAD, repr=False, compare=False)
    """The body as JSON where somebody has parsed it already."""

    @property
    def ok(self) -> bool:
        """Whether the status says that it went well."""
        return 200 <= self.status < 300

    @property
    def text(self) -> str:
        """The body as words, whatever it holds."""
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """Return the body as JSON, None where it is none."""
        return _parsed(self.body) if self.parsed is _UNREAD else self.parsed

    def object(self) -> dict[str, Any]:
        """Return the body as a JSON object, an empty one where it is none."""
        found = self.json()
        return found if isinstance(found, dict) else {}


class Connection:
    """One vendor's API; belongs to one event loop, and opens nothing before its first question."""

    def __init__(self, vendor: Vendor, *, key: str | None = None, url: str | None = None) -> None:
        """Connect to a vendor; `key` and `url` stand in for what is set on this machine."""
        self.vendor = vendor
        self._key, self._given_url = key, url
        self._key_given = key is not None
        self._options: dict[str, str | int | float | bool] = {}
        self._client: httpx.AsyncClient | None = None
        self._opening = asyncio.Lock()

    def configure(self, options: Mapping[str, str | int | float | bool]) -> None:
        """Take what the settings say; raises `SettingsError` for what they can not."""
        known = ("url", "hosts", *self.vendor.options)
        for name, value in options.items():
            if name not in known:
                message = f"settings.toml: nothing is set by providers.{self.vendor.name}.{name}."
                raise SettingsError(message, action=f"Known there are: {', '.join(known)}.")
            if name in {"url", "hosts"} and not isinstance(value, str):
                message = f"settings.toml: providers.{self.vendor.name}.{name} is a text."
                raise SettingsError(message, action=f"Correct {name}.")
        self._options = dict(options)

    def option(self, name: str, default: str) -> str:
        """Return a setting of the provider's own, as a text."""
        return str(self._options.get(name, default))

    @property
    def url(self) -> str:
        """Where the API is, without a slash at the end; empty where nobody said."""
        variable = os.environ.get(f"FRAMEWRIGHT_{self.vendor.name.upper().replace('-', '_')}_URL")
        told = self._given_url or variable or self._options.get("url") or self.vendor.url
        return str(told).rstrip("/")

    @property
    def allowed(self) -> Allowed:
        """Where its results may be fetched from; further hosts stand in the settings."""
        further = tuple(str(self._options.get("hosts", "")).replace(",", " ").split())
        own = "" if self.url == self.vendor.url else origin_of(self.url)
        return Allowed((*self.vendor.hosts, *further), own)

    def owns(self, url: str) -> bool:
        """Whether an address is the vendor's own, so that its key may go there."""
        return origin_of(url) in {origin_of(each) for each in (self.url, *self._places)}

    def place(self, usual: str) -> str:
        """Return where one of the vendor's `places` is: at the address that a person set, if so."""
        return usual if usual in self._places else self.url

    @property
    def _places(self) -> tuple[str, ...]:
        return self.vendor.places if self.url == self.vendor.url else ()

    def lacks(self) -> Lack | None:
        """Return what is missing before it can be asked: an address, a key."""
        vendor = self.vendor
        if not self.url:
            place = f"below [providers.{vendor.name}] in settings.toml"
            action = f'Write url = "{vendor.example_url}" {place}.'
            title = vendor.title.replace("The ", "the ", 1)
            return Lack(f"Nobody said where {title} is.", action)
        if self._key is not None or not vendor.key_variables or vendor.key_optional:
            return None
        if keys.place_of(vendor.name, vendor.key_variables) is not None:
            return None
        where = f" You get one at {vendor.key_page}." if vendor.key_page else ""
        action = f"Set {vendor.key_variables[0]}, or run `framewright keys set {vendor.name}`."
        return Lack(f"There is no key for {vendor.title} here.", action + where)

    async def key(self) -> str:
        """Return the key; raises `SubmitError` where none can be had."""
        if self._key is None and self.vendor.key_variables:
            asked = (self.vendor.name, self.vendor.key_variables)
            try:
                found = await asyncio.to_thread(keys.find, *asked)
            except keys.KeyringError as error:
                # Nothing leaves this machine without it.
                raise SubmitError(_no_key(error.message, error.action)) from None
            if found is None and self.vendor.key_optional:
                return ""
            if found is None:
                lack = self.lacks()
                assert lack is not None
                raise SubmitError(_no_key(lack.message, lack.action))
            if not (found.secret.isascii() and found.secret.isprintable()):
                words = f"The key of {self.vendor.title} has letters that no key has."
                raise SubmitError(_no_key(words, "Copy it once more, and set it again."))
            self._key = found.secret
        return self._key or ""

    async def ask(
        self,
        method: str,
        where: str,
        *,
        seconds: float = QUESTION_SECONDS,
        most_bytes: int = MOST_BYTES,
        headers: Mapping[str, str] | None = None,
        **content: Any,
    ) -> Answered:
        """Ask a question and return the whole answer.

        `where` is a path below the API's address, or a URL of the vendor's own. `content` is as
        httpx takes it: json, data, files, content, params. `seconds` is how long the answer may
        be silent. Raises `SubmitError` where surely nothing was sent, else `AnswerLostError`.
        """
        stream = self.stream(method, where, seconds=seconds, headers=headers, **content)
        async with stream as answer:
            return await self.whole(answer, most_bytes)

    async def whole(self, answer: httpx.Response, most_bytes: int = MOST_BYTES) -> Answered:
        """Read an answer to its end; raises `AnswerLostError` where that does not come.

        Of a refusal the first MB is enough.
        """
        held: list[bytes] = []
        size = 0
        async for piece in pieces(answer, self.vendor.title):
            held.append(piece)
            size += len(piece)
            if not answer.is_success and size > _REFUSAL_BYTES:
                held = [b"".join(held)[:_REFUSAL_BYTES]]
                break
            if size > most_bytes:
                message = f"{self.vendor.title} answered with over {most_bytes // 10**6} MB."
                raise AnswerLostError(message)
        if size <= _LONG_BYTES:
            return Answered(answer.status_code, _small(answer), b"".join(held))
        body = await asyncio.to_thread(b"".join, held)
        parsed = await asyncio.to_thread(_parsed, body)
        return Answered(answer.status_code, _small(answer), body, parsed)

    @asynccontextmanager
    async def stream(
        self,
        method: str,
        where: str,
        *,
        seconds: float = QUESTION_SECONDS,
        headers: Mapping[str, str] | None = None,
        **content: Any,
    ) -> AsyncGenerator[httpx.Response]:
        """Ask a question whose answer is read piece by piece; raises as `ask` does."""
        import httpx

        client = await self._opened()
        url = where if "://" in where else f"{self.url}/{where.lstrip('/')}"
        if not self.owns(url):
            # The key goes to its own vendor alone.
            raise AnswerLostError(f"{self.vendor.title} named an address that is not its own.")
        key = await self.key()
        carried = {**(self.vendor.authorization(key) if key else {}), **self.vendor.headers}
        timeout = httpx.Timeout(seconds, connect=_CONNECT_SECONDS)
        if "json" in content:
            content["content"] = await asyncio.to_thread(json_bytes, content.pop("json"))
            carried["Content-Type"] = "application/json"
        headers = {**carried, **(headers or {}), **UNPACKED}
        request = client.build_request(method, url, headers=headers, timeout=timeout, **content)
        try:
            answer = await client.send(request, stream=True)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            words = f"{self.vendor.title} can not be reached ({type(error).__name__})."
            raise SubmitError(_out(words, str(error))) from None
        except httpx.HTTPError as error:
            raise _lost(self.vendor.title, error) from None
        if answer.status_code == _NO_KEY and not self._key_given:
            # It may have been changed where it is kept: the next question looks there again.
            self._key = None
        try:
            yield answer
        finally:
            await answer.aclose()

    async def client(self) -> httpx.AsyncClient:
        """Return the client that files are fetched with; it carries no key of itself."""
        return await self._opened()

    async def close(self) -> None:
        """Let go of the connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def _opened(self) -> httpx.AsyncClient:
        # Jobs begin together: the first opens it, for all of them.
        async with self._opening:
            if self._client is None:
                self._client = await asyncio.to_thread(_new_client)
            return self._client


def _new_client() -> httpx.AsyncClient:
    # httpx takes half a second to import and to read its certificates.
    from framewright_providers.http_job.ways import new_client

    return new_client()


async def pieces(answer: httpx.Response, title: str) -> AsyncGenerator[bytes]:
    """Yield an answer as it comes; raises `AnswerLostError` where it breaks off."""
    import httpx

    try:
        async for piece in unpacked(answer):
            yield piece
    except PackedError as error:
        raise AnswerLostError(f"The answer of {title} can not be read: {error.message}") from None
    except httpx.HTTPError as error:
        raise _lost(title, error) from None


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _small(answer: httpx.Response) -> dict[str, str]:
    return {name.lower(): value for name, value in answer.headers.items()}


def _lost(title: str, error: Exception) -> AnswerLostError:
    message = f"The connection to {title} broke off before its answer ({type(error).__name__})."
    return AnswerLostError(message, retryable=True)


def _no_key(message: str, action: str) -> ProviderFailure:
    return ProviderFailure(ErrorCategory.AUTHENTICATION, message, action)


def _out(message: str, detail: str) -> ProviderFailure:
    action = "See that this machine is online; Framewright tries again by itself."
    return ProviderFailure(ErrorCategory.OUTAGE, message, action, detail, retryable=True)
