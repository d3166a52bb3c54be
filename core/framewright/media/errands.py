"""What is done with files that nobody vouches for, each as an errand for another process.

Everything that parses a person's or a provider's media file is one of these, or of
`quality.errands`, or the local provider's own.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from typing_extensions import override

from framewright.domain.media import MediaInfo, MediaKind
from framewright.domain.value import Value
from framewright.errors import MediaError
from framewright.isolation.errand import GIB, Errand, Limits, Place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PIL.Image import Image

    from framewright.protocols import Tell

READERS = (
    "framewright.media.probe",
    "framewright.media.frames",
    "framewright.media.images",
    "framewright.media.pillow_plugins",
)
WRITERS = (*READERS, "framewright.media.clips", "framewright.media.prepare_clip")
MAKING = Limits(seconds=600, seconds_per_megabyte=60, memory_bytes=8 * GIB, file_bytes=64 * GIB)
"""What is encoded takes its time, and room."""


class Probe(Errand[MediaInfo]):
    """Say what a file holds, as `probe.probe` does."""

    answer: ClassVar[Any] = MediaInfo
    needs: ClassVar[tuple[str, ...]] = READERS
    path: Place
    count: bool = False
    """Whether a video's frames are counted by decoding it to its end."""

    @override
    def reads(self) -> tuple[Path, ...]:
        """Return the file."""
        return (self.path,)

    @override
    def do(self, tell: Tell) -> MediaInfo:
        """Return what it holds."""
        from framewright.media.probe import probe

        del tell
        return probe(self.path, count=self.count)


class Picture(Value):
    """A frame that was written."""

    name: str
    """Of its file, in the folder that was given."""
    seconds: float | None
    """Where it stands in the video; None for the last frame."""


class WriteFrames(Errand[tuple[Picture, ...]]):
    """Write frames of a video as PNG; exactly one of the choices is set."""

    answer: ClassVar[Any] = tuple[Picture, ...]
    needs: ClassVar[tuple[str, ...]] = READERS
    limits: ClassVar[Limits] = MAKING
    video: Place
    folder: Place
    stem: str
    """How the names begin."""
    first: bool = False
    last: bool = False
    at: tuple[float, ...] = ()
    every: float | None = None
    best: int | None = None

    @override
    def reads(self) -> tuple[Path, ...]:
        """Return the video."""
        return (self.video,)

    @override
    def writes(self) -> tuple[Path, ...]:
        """Return the folder for the pictures."""
        return (self.folder,)

    @override
    def do(self, tell: Tell) -> tuple[Picture, ...]:
        """Write them; raises `MediaError` for what is no video."""
        from framewright.media.images import write_png
        from framewright.media.probe import probe

        if probe(self.video).kind is not MediaKind.VIDEO:
            raise MediaError(f"{self.video} is not a video.")
        written = []
        for name, seconds, image in self._chosen(tell):
            picture = Picture(name=f"{self.stem}-{name}.png", seconds=seconds)
            write_png(image, self.folder / picture.name)
            written.append(picture)
        return tuple(written)

    def _chosen(self, tell: Tell) -> Iterator[tuple[str, float | None, Image]]:
        from framewright.media.frames import first_frame, frame_at, frames_every, last_frame

        if self.first:
            yield "first", 0.0, first_frame(self.video)
        elif self.last:
            yield "last", None, last_frame(self.video)
        elif self.at:
            for number, seconds in enumerate(self.at, 1):
                yield f"{seconds:07.3f}s", seconds, frame_at(self.video, seconds)
                tell(number / len(self.at))
        elif self.best is not None:
            from framewright.media.best_frames import best_frames

            for number, (seconds, image) in enumerate(best_frames(self.video, self.best, tell), 1):
                yield f"best{number}", seconds, image
        elif self.every is not None:
            for seconds, image in frames_every(self.video, self.every, tell):
                yield f"{seconds:07.3f}s", seconds, image


class Film(Value):
    """A video that was written."""

    info: MediaInfo
    remarks: tuple[str, ...] = ()
    """What is not as a person may expect, one sentence each."""


class MergeClips(Errand[Film]):
    """Join clips into one MP4, as `clips.merge` does."""

    answer: ClassVar[Any] = Film
    needs: ClassVar[tuple[str, ...]] = WRITERS
    limits: ClassVar[Limits] = MAKING
    clips: tuple[Place, ...]
    target: Place
    transition: str = "cut"
    seconds: float = 0.5
    """How long a transition takes."""
    fit: str = "contain"
    fps: float | None = None
    """None for the first clip's."""

    @override
    def reads(self) -> tuple[Path, ...]:
        """Return the clips."""
        return self.clips

    @override
    def writes(self) -> tuple[Path, ...]:
        """Return the folder for the film."""
        return (self.target.parent,)

    @override
    def do(self, tell: Tell) -> Film:
        """Write the film and return what it holds; raises `MediaError` for a bad clip."""
        from framewright.media.clips import merge
        from framewright.media.probe import probe
        from framewright.media.remarks import broken_off

        for clip in self.clips:
            if probe(clip).kind is not MediaKind.VIDEO:
                raise MediaError(f"{clip} is not a video.")
        merge(
            self.clips,
            self.target,
            transition=self.transition,
            transition_seconds=self.seconds,
            fps=None if self.fps is None else Fraction(self.fps).limit_denominator(1001),
            how=self.fit,
            tell=tell,
        )
        return Film(info=probe(self.target), remarks=broken_off(self.clips))


class Subtitle(Errand[Film]):
    """Set subtitles on a video, or beside it as a track, as `subtitles` and `text_track` do."""

    answer: ClassVar[Any] = Film
    needs: ClassVar[tuple[str, ...]] = (
        *WRITERS,
        "framewright.media.text_track",
        "framewright.media.subtitles",
        "pysubs2",
    )
    limits: ClassVar[Limits] = MAKING
    video: Place
    words: Place
    """A file of SubRip or WebVTT."""
    target: Place
    soft: bool = False
    """As a track that players show or hide, and not in the picture."""
    language: str = "und"
    position: Literal["bottom", "top"] = "bottom"

    @override
    def reads(self) -> tuple[Path, ...]:
        """Return the video and the words."""
        return (self.video, self.words)

    @override
    def writes(self) -> tuple[Path, ...]:
        """Return the folder for the film."""
        return (self.target.parent,)

    @override
    def do(self, tell: Tell) -> Film:
        """Write the film and return what it holds; raises `MediaError` for a bad file."""
        from framewright.media.probe import probe
        from framewright.media.remarks import broken_off
        from framewright.media.subtitles import (
            left_out,
            read_subtitles,
            set_subtitles,
            subtitle_text,
        )
        from framewright.media.text_track import add_text_track

        text = subtitle_text(self.words)
        cues = read_subtitles(text)
        remarks = [*broken_off([self.video]), *left_out(text, cues)]
        if self.soft:
            track = (self.video, self.target, cues)
            remarks += add_text_track(*track, language=self.language, tell=tell)
        else:
            set_subtitles(self.video, self.target, cues, position=self.position, tell=tell)
        return Film(info=probe(self.target), remarks=tuple(remarks))


class Prepare(Errand[tuple[str, MediaInfo]]):
    """Make a file fit limits, as `prepare_image`, `prepare_clip` and `prepare_sound` do."""

    answer: ClassVar[Any] = tuple[str, MediaInfo]
    needs: ClassVar[tuple[str, ...]] = (
        *WRITERS,
        "framewright.media.prepare_image",
        "framewright.media.prepare_sound",
    )
    limits: ClassVar[Limits] = MAKING
    kind: MediaKind
    source: Place
    target: Place
    formats: tuple[str, ...] = ()
    max_bytes: int | None = None
    max_pixels: int | None = None
    max_side: int | None = None
    min_side: int | None = None

    @override
    def reads(self) -> tuple[Path, ...]:
        """Return the file."""
        return (self.source,)

    @override
    def writes(self) -> tuple[Path, ...]:
        """Return the folder for the one that fits."""
        return (self.target.parent,)

    @override
    def do(self, tell: Tell) -> tuple[str, MediaInfo]:
        """Write it and return its format and what it holds; raises `MediaError`."""
        sizes: dict[str, Any] = {
            "max_pixels": self.max_pixels,
            "max_side": self.max_side,
            "min_side": self.min_side,
        }
        known: dict[str, Any] = {"formats": self.formats, "max_bytes": self.max_bytes}
        if self.kind is MediaKind.IMAGE:
            from framewright.media.prepare_image import prepare_image
            from framewright.media.probe import probe

            form, _ = prepare_image(self.source, self.target, **known, **sizes)
            return form, probe(self.target)
        if self.kind is MediaKind.VIDEO:
            from framewright.media.prepare_clip import prepare_clip

            return prepare_clip(self.source, self.target, tell=tell, **known, **sizes)
        if self.kind is MediaKind.AUDIO:
            from framewright.media.prepare_sound import prepare_sound

            return prepare_sound(self.source, self.target, tell=tell, **known)
        wanted = " or ".join(self.formats) or "a smaller file"
        raise MediaError(f"A {self.kind} is not converted here.", action=f"Give {wanted}.")
