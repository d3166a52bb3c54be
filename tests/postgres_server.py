"""A PostgreSQL server for tests: in a folder of its own, reached by its socket, gone at the end.

It does not sync to the disk: tests do not cut the power, and are ten times as fast for it.
"""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

from framewright.store import postgres_schema
from framewright.store.place import PostgresUrl

if TYPE_CHECKING:
    from collections.abc import Iterator

DEBIAN = Path("/usr/lib/postgresql")
PATIENCE_SECONDS = 60
MODEL = "model_of_stores"
OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "200",
}
# By words: what depends on the order of code points has to ask for it, as with a person's server.
LOCALES = (("--locale-provider=icu", "--icu-locale=en-US", "--locale=C.UTF-8"), ("--locale=C",))


class LackingError(Exception):
    """No server can be had here."""


@dataclass
class PostgresServer:
    """A running server."""

    folder: Path
    process: subprocess.Popen[bytes]
    programs: Path
    user: dict[str, Any]
    """As whom it runs."""
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _has_model: bool = False

    @classmethod
    def start(cls) -> PostgresServer:
        """Start a server; raises `LackingError`."""
        programs = _programs()
        # Short, because the name of a socket is, and open to the user the server runs as.
        folder = Path(tempfile.mkdtemp(prefix="framewright-pg-", dir="/tmp"))
        try:
            user = _user()
            if user:
                shutil.chown(folder, user["user"], user["group"])
            _make(programs, folder, user)
            process = _launch(programs, folder, user)
        except BaseException:
            shutil.rmtree(folder)
            raise
        server = cls(folder, process, programs, user)
        try:
            server.wait_until_ready()
        except BaseException:
            server.stop()
            raise
        return server

    def wait_until_ready(self) -> None:
        """Wait until it answers; raises `LackingError` where it ends instead."""
        for _ in range(PATIENCE_SECONDS * 50):
            try:
                psycopg.connect(self.url()).close()
            except psycopg.OperationalError:
                try:
                    self.process.wait(0.02)
                except subprocess.TimeoutExpired:
                    continue
                break
            return
        log = (self.folder / "log").read_text("utf-8", "replace")
        raise LackingError(f"PostgreSQL does not start: {log[-500:]}")

    def stop(self) -> None:
        """Stop it without waiting for its clients, and remove its folder."""
        if self.process.poll() is None:
            self.go_away()
        shutil.rmtree(self.folder)

    def go_away(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop without waiting for clients; SIGINT ends their sessions, SIGQUIT is as a crash."""
        self.process.send_signal(how)
        self.process.wait(PATIENCE_SECONDS)

    def come_back(self) -> None:
        """Start again with all that was stored."""
        self.process = _launch(self.programs, self.folder, self.user)
        self.wait_until_ready()

    def url(self, schema: str = "public", database: str = "postgres") -> str:
        """Return how a schema is reached."""
        return (
            f"postgresql://framewright@/{database}?host={self.folder}"
            f"&options=-csearch_path%3D{schema}"
        )

    def new_store(self) -> PostgresUrl:
        """Return a database that has its tables and nothing in them."""
        if not self._has_model:
            self._has_model = True
            self.run(f"CREATE DATABASE {MODEL}")
            postgres_schema.bring_up_to_date(PostgresUrl(self.url(database=MODEL)))
        name = f"d{next(self._numbers)}"
        # Five times as fast as migrations from the beginning.
        self.run(f"CREATE DATABASE {name} TEMPLATE {MODEL}")
        return PostgresUrl(self.url(database=name))

    def new_schema(self) -> PostgresUrl:
        """Return a schema that nobody has used, without tables."""
        name = f"t{next(self._numbers)}"
        self.run(f"CREATE SCHEMA {name}")
        return PostgresUrl(self.url(name))

    def run(self, statement: str, *values: Any) -> list[Any]:
        """Run a statement beside all others and return its rows."""
        with psycopg.connect(self.url(), autocommit=True) as at:
            cursor = at.execute(statement, values)
            return cursor.fetchall() if cursor.description else []


def _programs() -> Path:
    """Return the folder of the newest programs that are installed."""
    found = shutil.which("postgres")
    if found and shutil.which("initdb", path=str(Path(found).parent)):
        return Path(found).parent
    folders = [each.parent for each in DEBIAN.glob("*/bin/initdb")]
    if not folders:
        raise LackingError("PostgreSQL is not installed: apt-get install postgresql")
    return max(folders, key=lambda each: float(each.parent.name))


def _user() -> dict[str, Any]:
    """Return as whom to run it: root is refused."""
    if os.geteuid() != 0:
        return {}
    known = {each.pw_name: each for each in pwd.getpwall()}
    for name in ("postgres", "nobody"):
        if name in known:
            return {"user": name, "group": known[name].pw_gid, "extra_groups": []}
    raise LackingError("PostgreSQL does not run as root, and nobody else is here.")


def _launch(programs: Path, folder: Path, user: dict[str, Any]) -> subprocess.Popen[bytes]:
    options = {**OPTIONS, "unix_socket_directories": str(folder)}
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            [
                programs / "postgres",
                *("-D", folder / "data"),
                *(f"--{name}={value}" for name, value in options.items()),
            ],
            cwd=folder,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            # Not for whom Ctrl-C is meant: the tests still need it to end themselves.
            start_new_session=True,
            **user,
        )


def _make(programs: Path, folder: Path, user: dict[str, Any]) -> None:
    for locale in LOCALES:
        done = subprocess.run(
            [
                programs / "initdb",
                *("-D", folder / "data", "-U", "framewright", "-A", "trust", "-E", "UTF8"),
                *locale,
                "--no-sync",
            ],
            cwd=folder,
            capture_output=True,
            text=True,
            **user,
        )
        if done.returncode == 0:
            return
    raise LackingError(f"initdb fails: {done.stderr[-500:]}")
