"""How far a long work is, told so that it never goes back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from framewright.media.sound_stream import Samples
    from framewright.protocols import Tell


def part_of(tell: Tell, begin: float, end: float) -> Tell:
    """Return what a part of a work tells, which is done while the whole goes from begin to end."""
    return lambda fraction: tell(min(end, begin + (end - begin) * fraction))


def rising(tell: Tell) -> Tell:
    """Return what tells the most that was done so far, also where parts come out of order."""
    most = 0.0

    def told(fraction: float) -> None:
        nonlocal most
        most = max(most, fraction)
        tell(most)

    return told


@dataclass(slots=True)
class Tries:
    """Tells of work that may have to be done several times until it turns out well."""

    tell: Tell
    done: float = 0.0

    def next(self, share: float) -> Tell:
        """Return what the next try tells, which takes a share of all that is left."""
        begin, self.done = self.done, self.done + (1 - self.done) * share
        return part_of(self.tell, begin, self.done)


@dataclass(slots=True)
class Heard:
    """Tells how much of a sound went through, in one pass or in several over the same sound."""

    tell: Tell
    total: float
    """Samples of all passes together; 0 where nobody knows, then nothing is told as done."""
    done: int = 0

    def through(self, blocks: Iterable[Samples]) -> Iterator[Samples]:
        """Yield the blocks, and tell before each."""
        for block in blocks:
            self.tell(min(1.0, self.done / self.total) if self.total else 0.0)
            self.done += block.shape[1]
            yield block
