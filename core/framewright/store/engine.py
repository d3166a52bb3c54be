"""What a `Database` needs of one kind of database, and what operations and questions see of it.

Statements are written once, in the words that SQLite and PostgreSQL share: `?` for a value,
`TRUE` and `FALSE`, `RETURNING`, `ON CONFLICT`. The little that they do not share is in
`postgres_statements`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from framewright.errors import StorageError
    from framewright.store.place import Place

T = TypeVar("T")


class Answer(Protocol):
    """What came of a statement; rows are tuples."""

    @property
    def rowcount(self) -> int:
        """How many rows it changed."""
        ...

    def fetchone(self) -> Any:
        """Return the next row, None behind the last."""
        ...

    def fetchall(self) -> list[Any]:
        """Return all rows that are left."""
        ...

    def __iter__(self) -> Iterator[Any]:
        """Yield the rows that are left."""
        ...


class Connection(Protocol):
    """An open database, as operations and questions see it."""

    def execute(self, statement: str, values: Sequence[Any] = (), /) -> Answer:
        """Run one statement."""
        ...

    def executemany(self, statement: str, rows: Iterable[Sequence[Any]], /) -> object:
        """Run one statement for each row."""
        ...


class Engine(Protocol):
    """One kind of database; each group of methods belongs to one thread."""

    @property
    def place(self) -> Place:
        """Where the database is."""
        ...

    # ---- on the writer's thread

    def begin_writing(self) -> None:
        """Connect, and create or migrate the database where needed."""
        ...

    def transaction(self) -> AbstractContextManager[Connection]:
        """Begin a transaction, the only one of all processes, and commit it behind the block.

        An error from the block undoes it. Raises `StoreUnreachableError` where the connection
        was lost and nothing of the block is stored, and `CommitInDoubtError` where nobody can
        say for now whether it is.
        """
        ...

    def was_stored(self) -> bool:
        """Tell what became of the transaction that was in doubt.

        Raises `StoreUnreachableError` where that can not be asked now, and `StorageError` where
        it never will be known.
        """
        ...

    def end_writing(self) -> None:
        """Let go of the database."""
        ...

    # ---- on the reader's thread

    def ask(self, question: Callable[[Connection], T]) -> T:
        """Answer a question from what is committed."""
        ...

    def end_reading(self) -> None:
        """Let go of the database."""
        ...

    # ---- on the event loop

    async def listen(self, room: Callable[[], None], news: Callable[[], None]) -> bool:
        """Call `room` whenever another process made room for jobs, and `news` for its events.

        Answers False where processes do not hear of one another.
        """
        ...

    def end_listening(self) -> None:
        """Stop calling."""
        ...

    # ---- on any

    def told(self, error: Exception) -> StorageError:
        """Return what a person should see when this database can not be worked on."""
        ...
