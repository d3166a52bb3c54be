"""What a film is made of: its clips, the sound a person gave, and how long it is."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Clip:
    """A piece of the film."""

    reference: str
    seconds: float
    """Its length; 0 where nobody has measured it."""
    own: bool
    """Whether the person gave it: then it may have sound of its own."""


@dataclass(frozen=True, slots=True)
class Track:
    """A piece of the sound."""

    kind: str
    reference: str
    start: float = 0.0


@dataclass(slots=True)
class Film:
    """What the film is made of."""

    clips: list[Clip] = field(default_factory=list)
    given: list[Track] = field(default_factory=list)
    """Sound the person gave."""
    apart: bool = False
    """Whether several clips are alternatives or separate things, not one film."""
    replace_sound: bool = False
    sounding: bool = False
    """Whether its clips have sound that is to be kept: a face that talks."""
    seconds: float = 0.0
    """How long it is; 0 where that shows only later."""
    card_seconds: float = 0.0
    """How long a card at its end is shown; 0 without one."""

    def add_clip(self, reference: str, seconds: float, *, own: bool = False) -> None:
        """Add a clip at the end."""
        self.clips.append(Clip(reference, seconds, own))

    def give(self, reference: str) -> None:
        """Take a sound as the person's own, in the place of the one that was given."""
        kind = self.given.pop().kind if self.given else "given"
        self.given.append(Track(kind, reference))

    def scene(self, number: int | None) -> tuple[float, float] | None:
        """Return when a scene begins and ends; 0 is the last. None where it is not known."""
        count = len(self.clips)
        if number is None or not self.seconds or not 0 <= number <= count or not count:
            return None
        place = (number or count) - 1
        start = sum(clip.seconds for clip in self.clips[:place])
        return start, start + self.clips[place].seconds
