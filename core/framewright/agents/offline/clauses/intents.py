"""What a part of a brief asks for: one frozen value for each kind of request."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Create:
    """Make pictures or clips."""

    kind: str
    """`image`, `video` or `model3d`."""
    subject: str
    """The prompt, without style; empty where the words name none."""
    count: int = 1
    noun: str = ""
    seconds: float | None = None
    camera: str | None = None
    series: bool = False
    """Several that belong to one film."""
    variants: bool = False
    total: bool = False
    """`seconds` is the length of all together."""
    phrase: str = ""
    """The words this came from, for references to uploads."""
    styles: tuple[str, ...] = ()
    """Looks of its own, where another picture has others."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One listed scene or picture of a series."""

    subject: str
    number: int
    seconds: float | None = None
    camera: str | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """A description without a word for what it should become."""

    subject: str
    seconds: float | None = None
    camera: str | None = None
    showing: bool = False
    """Whether it says "of …" or "showing …": then it is about a picture."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """What is said of one among several: "the second one at night"."""

    number: int
    """From 1; 0 is the last."""
    subject: str
    seconds: float | None = None
    camera: str | None = None


@dataclass(frozen=True, slots=True)
class Animate:
    """Set pictures in motion."""

    phrase: str
    motion: str = ""
    seconds: float | None = None
    camera: str | None = None


@dataclass(frozen=True, slots=True)
class Speak:
    """Spoken words."""

    text: str | None
    """None where the brief wants a voice and gives no words."""
    speaker: str = ""
    phrase: str = ""
    on_lips: bool = False
    """Whether a face is to say them."""
    lines: tuple[str, ...] = ()
    """The words in pieces, where each belongs to a scene of its own."""
    scene: int | None = None
    """The scene it is spoken in, from 1; 0 for the last, None for the whole film."""
    start: float | None = None
    """When it begins, in seconds from the film's beginning."""
    at_end: bool = False
    seen: bool = False
    """Whether the brief shows who says them."""


@dataclass(frozen=True, slots=True)
class Music:
    """A music bed."""

    prompt: str
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """An ambience or a single sound."""

    prompt: str
    seconds: float | None = None
    hit: bool = False
    at_end: bool = False
    scene: int | None = None
    """The scene it is heard in, from 1; 0 for the last, None for the whole film."""
    follows: bool = False
    """Whether it begins when the sound before it is over."""
    start: float | None = None
    """When it begins, in seconds from the film's beginning."""


@dataclass(frozen=True, slots=True)
class Caption:
    """Words on the picture."""

    text: str | None
    """None asks for what is spoken."""
    position: str = "center"
    when: str = ""
    """`start`, `end`, or empty for all the time."""
    seconds: float | None = None
    scene: int | None = None
    """The scene it is shown in, from 1; 0 for the last, None for the whole film."""
    start: float | None = None
    """When it appears, in seconds from the film's beginning."""
    until: float | None = None
    """When it goes."""


@dataclass(frozen=True, slots=True)
class BurnIn:
    """What is written into an animatic: `shot`, `timecode` and `action`."""

    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds for everything: shape, style, length, what must not be seen or heard."""

    styles: tuple[str, ...] = ()
    seconds: float | None = None
    each: bool = False
    without: str = ""
    silent: frozenset[str] = frozenset()
    camera: str | None = None
    lengths: tuple[float, ...] = ()
    """Of the clips, in turn."""


@dataclass(frozen=True, slots=True)
class Merge:
    """Join clips."""

    phrase: str


@dataclass(frozen=True, slots=True)
class Change:
    """Something is done to media that are there: trimmed, resized, edited, described."""

    what: str
    """`trim`, `extract`, `resize`, `upscale`, `edit`, `3d`, `describe`, `transcribe`,
    `replace-sound`, or what `utilities` reads: `reverse`, `speed`, `loop`, …"""
    phrase: str
    values: dict[str, str | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Use:
    """Uploads are to be used."""

    phrase: str


@dataclass(frozen=True, slots=True)
class Write:
    """A text is to be written."""

    prompt: str


Intent = (
    Create
    | Scene
    | Content
    | OneOf
    | Animate
    | Speak
    | Music
    | Effect
    | Caption
    | BurnIn
    | Settings
    | Merge
    | Change
    | Use
    | Write
)
