"""What holds for every test: its own home, no leaked thread, settled Hypothesis settings."""

from __future__ import annotations

import itertools
import os
import threading
import time
from typing import TYPE_CHECKING

import hypothesis
import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator
    from pathlib import Path

    from framewright.store.engine import Engine
    from framewright.store.place import Place, PostgresUrl
    from postgres_server import PostgresServer

OURS = "framewright"
"""How the names of our own threads begin."""
PATIENCE_SECONDS = 2.0
"""How long threads that are about to end may take after their test."""
HOME_FOLDERS = {
    "HOME": "",
    "XDG_CONFIG_HOME": ".config",
    "XDG_DATA_HOME": ".local/share",
    "XDG_STATE_HOME": ".local/state",
    "XDG_CACHE_HOME": ".cache",
}
ABOUT_THE_TERMINAL = ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "PY_COLORS", "GITHUB_ACTIONS")
"""Variables that change what the command line prints."""
OF_OURS = (
    "FRAMEWRIGHT_", "REPLICATE_", "FAL_", "OPENAI_", "GEMINI_", "GOOGLE_", "RUNWAYML_", "LUMAAI_",
    "ELEVENLABS_", "STABILITY_",
)  # fmt: skip
"""How variables begin that change what a test meets: a developer's own keys among them."""

# Media work is slow now and then, so there is no deadline; CI tries the same examples every time.
hypothesis.settings.register_profile(
    "house", deadline=None, print_blob=True, derandomize=bool(os.environ.get("CI"))
)
hypothesis.settings.load_profile("house")


def leaked(before: Iterable[threading.Thread], patience: float) -> list[str]:
    """Return the names of threads that are not of `before` and outlive `patience` seconds.

    Foreign daemon threads do not count: they hold nothing of ours and never keep a process alive.
    """
    known = set(before)
    suspects = [
        thread
        for thread in threading.enumerate()
        if thread not in known and (not thread.daemon or thread.name.startswith(OURS))
    ]
    end = time.monotonic() + patience
    for thread in suspects:
        thread.join(max(0.0, end - time.monotonic()))
    return sorted(thread.name for thread in suspects if thread.is_alive())


@pytest.fixture(scope="session")
def _homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("homes")
    numbers = itertools.count()
    return (folder / str(number) for number in numbers)


@pytest.fixture(autouse=True)
def _own_home(_homes: Iterator[Path]) -> Generator[None]:
    """Keep the settings, workspaces and variables of whoever runs the tests out of them."""
    home = next(_homes)
    home.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(OF_OURS)]:
            patch.delenv(name)
        for name in ABOUT_THE_TERMINAL:
            patch.delenv(name, raising=False)
        for name, folder in HOME_FOLDERS.items():
            patch.setenv(name, str(home / folder))
        yield


@pytest.fixture(autouse=True)
def _no_leaked_thread(_own_home: None) -> Generator[None]:
    """Fail a test that leaves a thread behind."""
    before = threading.enumerate()
    yield
    if names := leaked(before, PATIENCE_SECONDS):
        pytest.fail(f"The test left threads running: {', '.join(names)}.")


@pytest.fixture(scope="session")
def postgres() -> Generator[PostgresServer]:
    """A PostgreSQL server of this session, or of one worker of it; tests are skipped without."""
    from postgres_server import LackingError, PostgresServer

    try:
        server = PostgresServer.start()
    except LackingError as why:
        pytest.skip(str(why))
    yield server
    server.stop()


@pytest.fixture
def postgres_place(postgres: PostgresServer) -> PostgresUrl:
    """A database of its own on the server, with nothing in it."""
    return postgres.new_store()


@pytest.fixture(params=["sqlite", "postgres"])
def each_store(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Either kind of store: on PostgreSQL each file is a database of the server instead."""
    if request.param == "postgres":
        from framewright.store import database

        server: PostgresServer = request.getfixturevalue("postgres")
        engine_of = database.engine_of
        places: dict[Place, PostgresUrl] = {}

        def elsewhere(place: Place) -> Engine:
            if place not in places:
                places[place] = server.new_store()
            return engine_of(places[place])

        monkeypatch.setattr(database, "engine_of", elsewhere)
    return str(request.param)


@pytest.fixture(params=["sqlite", "postgres"])
def each_workspace(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """A workspace on either kind of store; there is only one in a test."""
    if request.param == "postgres":
        place: PostgresUrl = request.getfixturevalue("postgres_place")
        monkeypatch.setenv("FRAMEWRIGHT_STORE_URL", place.url)
    return str(request.param)


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """A new store, once of either kind."""
    if request.param == "sqlite":
        return tmp_path / "workspace.db"
    place: PostgresUrl = request.getfixturevalue("postgres_place")
    return place
