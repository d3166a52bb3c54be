"""One piece of work for another process: plain values there, plain values back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Generic, TypeVar

from pydantic import AfterValidator, TypeAdapter

from framewright.domain.value import Value

if TYPE_CHECKING:
    from framewright.protocols import Tell

T = TypeVar("T")

GIB = 2**30

Place = Annotated[Path, AfterValidator(Path.absolute)]
"""A path that means the same in every process."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What an errand may take; what takes more is ended."""

    seconds: float = 60.0
    """From its beginning to its end, whatever it works on."""
    seconds_per_megabyte: float = 10.0
    """So many more for each million bytes of the files it reads."""
    memory_bytes: int = 4 * GIB
    """Of address space."""
    file_bytes: int = 0
    """Of each file it writes."""
    open_files: int = 256

    def wall_seconds(self, reads: tuple[Path, ...]) -> float:
        """Return how long an errand on these files may take."""
        size = sum(path.stat().st_size for path in reads if path.is_file())
        return self.seconds + self.seconds_per_megabyte * size / 1e6


class Errand(Value, Generic[T]):
    """What is to be done, with what: a value that crosses as JSON and does itself over there.

    A subclass names the type of its answer twice, for the type checker and for the JSON, and
    stands at the top of a module, by whose name the other process finds it.
    """

    answer: ClassVar[Any]
    """The type of what `do` returns, which pydantic can write and read."""
    needs: ClassVar[tuple[str, ...]] = ()
    """Modules that `do` works with: loaded once by a worker, and not for each errand."""
    limits: ClassVar[Limits] = Limits()

    def reads(self) -> tuple[Path, ...]:
        """Return the files it may read."""
        return ()

    def writes(self) -> tuple[Path, ...]:
        """Return the folders in which it may make files."""
        return ()

    def do(self, tell: Tell) -> T:
        """Do it, in whichever process this is called; raises `FramewrightError`."""
        raise NotImplementedError


@cache
def answer_of(kind: type[Errand[Any]]) -> TypeAdapter[Any]:
    """Return what writes and reads the answers of a kind of errand."""
    return TypeAdapter(kind.answer)


def name_of(kind: type[Errand[Any]]) -> str:
    """Return the name by which another process finds a kind of errand."""
    return f"{kind.__module__}:{kind.__qualname__}"
