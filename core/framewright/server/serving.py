"""A server from its start to its end: bound, heard by providers, stopped without losing work."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import time
from contextlib import AsyncExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import uvicorn
from typing_extensions import override

from framewright.errors import BusyError, InputError
from framewright.server.app import application
from framewright.server.callers import Callers
from framewright.server.connection import PatientConnection
from framewright.server.endpoint import House
from framewright.server.origins import LOOPBACK, is_loopback, public_host
from framewright.server.secret_paths import SecretPaths
from framewright.server.webhooks import Webhooks

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from contextlib import AbstractContextManager

    from framewright.studio import Studio

LEAVE_SECONDS = 8
"""How long answers on their way may take once the server is to stop."""
MOST_CONNECTIONS = 1_000
MOST_HEAD = 32_768
"""Bytes of the head of a request."""
LOCK = "server"
_log = logging.getLogger("framewright.server")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server is, and how it is reached."""

    host: str = "127.0.0.1"
    port: int = 8_400
    """0 for one that is free."""
    public_url: str | None = None
    """Where the world reaches it, for webhooks; None where it does not."""


@dataclass(frozen=True, slots=True)
class Begun:
    """What whoever started a server is told."""

    url: str
    needs_keys: bool
    calling_back: tuple[str, ...]
    """Providers that call its webhooks."""


async def serve(
    studio: Studio,
    address: Address,
    most_upload: int,
    tell: Callable[[Begun], None],
    stopping: asyncio.Event,
) -> None:
    """Serve a workspace until it is to stop; runs that are at work then are left as they stand.

    Raises `InputError` for an address that can not be had or may not be used, and `BusyError`
    where the workspace is served already.
    """
    _quieten()
    local = is_loopback(address.host)
    host = _host_of(address.public_url)
    if not local and not await studio.wants_api_keys():
        message = f"{address.host} can be reached by others, and there is no API key."
        action = "Make one first: framewright keys api create --tenant NAME"
        raise InputError(message, action=action)
    async with AsyncExitStack() as closing:
        await _alone(studio, closing)
        listening = closing.enter_context(_bound(address))
        port = listening.getsockname()[1]
        named = f"[{address.host}]" if ":" in address.host else address.host
        url = f"http://{named}:{port}"
        paths = SecretPaths.of(studio.workspace.folder)
        # What the world can reach through a tunnel is not only this machine's.
        trusted = local and host is None
        names = {*LOOPBACK, address.host.lower(), *([host] if host else [])} if local else None
        try:
            async with asyncio.TaskGroup() as background:
                callers = Callers(studio, time.monotonic, trusted)
                house = House(callers, background, stopping, most_upload)
                app = application(house, Webhooks(studio, paths), names, address.public_url or url)
                begun = partial(_begin, studio, address, paths, url, trusted)
                server = _Server(_config(app), lambda: tell(begun()))
                background.create_task(_take_up(studio))
                background.create_task(_stop(server, stopping))
                await server.serve([listening])
                stopping.set()
                await studio.leave()
                _end()
        except* _OverError:
            _log.info("the server has stopped")


class _OverError(Exception):
    """Ends what goes on behind answers."""


def _end() -> None:
    """End whatever still waits for others."""
    raise _OverError


class _Server(uvicorn.Server):
    """uvicorn's server; signals are ours to hear."""

    def __init__(self, config: uvicorn.Config, on_started: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_started = on_started

    @override
    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]
        return nullcontext()

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_started()


@contextmanager
def until_signalled() -> Generator[asyncio.Event]:
    """Yield what is set at the first SIGINT or SIGTERM; the second cancels the task."""
    stopping = asyncio.Event()
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None

    def heard() -> None:
        if stopping.is_set():
            task.cancel()
        stopping.set()

    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, heard)
    try:
        yield stopping
    finally:
        for each in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(each)


async def _stop(server: _Server, stopping: asyncio.Event) -> None:
    await stopping.wait()
    server.should_exit = True


def _begin(studio: Studio, address: Address, paths: SecretPaths, url: str, trusted: bool) -> Begun:
    """Let providers know where we are, and return what is told of it."""
    calling: tuple[str, ...] = ()
    if (public := address.public_url) is not None:
        calling = studio.call_back(partial(paths.address, public))
    return Begun(url, not trusted, calling)


async def _take_up(studio: Studio) -> None:
    try:
        for run in await studio.take_up_left():
            _log.info("%s goes on", run)
    except Exception:  # noqa: BLE001 - whatever is wrong with what was left, others are served
        _log.exception("what was left can not be taken up")


async def _alone(studio: Studio, closing: AsyncExitStack) -> None:
    """Be the only server of a workspace, as long as the stack is open.

    Replicas on several machines share a workspace on PostgreSQL: there may be one on each.
    """
    if studio.workspace.server is not None:
        return
    lock = (await studio.workspace.locks()).lock(LOCK)
    if not lock.try_acquire():
        message = f"{studio.workspace.folder} is served already."
        raise BusyError(message, action="Use that server, or stop it.")
    closing.callback(lock.release, remove=True)


@contextmanager
def _bound(address: Address) -> Generator[socket.socket]:
    """Take an address; raises `InputError` where that can not be."""
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(
            address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
    except OSError as error:
        raise InputError(f"{address.host} is no address of this machine.") from error
    with listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind(where)
        except OSError as error:
            message = f"{address.host}:{address.port} can not be had: {error.strerror}."
            action = "Give another one: --port 0 takes any that is free."
            raise InputError(message, action=action) from error
        yield listening


def _host_of(public_url: str | None) -> str | None:
    if public_url is None:
        return None
    host = public_host(public_url)
    if host is None:
        message = "The public URL is none that others can call."
        raise InputError(message, action="Give one such as https://films.example.com.")
    return host


def _quieten() -> None:
    """Keep uvicorn from writing to standard error; what matters, we log."""
    log = logging.getLogger("uvicorn")
    log.propagate = False
    log.addHandler(logging.NullHandler())


def _config(app: object) -> uvicorn.Config:
    return uvicorn.Config(
        app,  # type: ignore[arg-type]
        http=PatientConnection,
        ws="none",
        lifespan="off",
        log_config=None,
        # Paths of webhooks hold a secret: what may be logged, the guard logs.
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=LEAVE_SECONDS,
        limit_concurrency=MOST_CONNECTIONS,
        h11_max_incomplete_event_size=MOST_HEAD,
    )
