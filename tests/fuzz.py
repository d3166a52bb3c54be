"""Every reader over files changed at random: no crash here, no hang, no network, no other file.

Exit codes: 0 nothing went wrong, 1 something did. A case is known by the seed and its number:
`--seed S --only N` does it again, and `--keep DIR` keeps its file.
"""
# ruff: noqa: T201 - a program of its own, which prints

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framewright.domain.media import MediaInfo, MediaKind
from framewright.errors import (
    FramewrightError,
    MediaCrashError,
    MediaMemoryError,
    MediaSlowError,
)
from framewright.isolation import Errand, Isolation
from framewright.media.errands import MergeClips, Prepare, Probe, Subtitle, WriteFrames
from framewright.protocols import MediaFile, ProviderRequest
from framewright.quality.errands import CompareFiles, ReviewFile
from framewright.quality.review import Expectation
from framewright_providers.local.errands import LocalJob, errand_for
from fuzz_texts import fuzz_texts
from hostile_files import changed, playlists, quicktime_reference, samples
from media_samples import photo, tone, video
from watched_file import callers, trap, watched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

SLOW_SECONDS = 120.0
"""Longer than any of these small files may take on a busy machine."""


@dataclass(frozen=True)
class Place:
    """Where a case is at home: a file to read, a folder to write to, and good files."""

    bad: Path
    desk: Path
    film: Path
    wave: Path
    picture: Path
    words: Path


_FIELDS = {
    **dict.fromkeys(("image", "images", "first_frame", "characters"), MediaKind.IMAGE),
    **dict.fromkeys(("audio", "tracks", "voices", "music"), MediaKind.AUDIO),
}
"""What the fields of models take; others take a video."""


def _local(
    model: str, place: Place, values: dict[str, Any], **files: Path | list[Path]
) -> LocalJob:
    def given(path: Path, field: str) -> MediaFile:
        kind = _FIELDS.get(field, MediaKind.VIDEO)
        return MediaFile(path, MediaInfo(kind=kind, mime="", container="", bytes=1), "0" * 64)

    fields = {
        name: given(each, name) if isinstance(each, Path) else [given(one, name) for one in each]
        for name, each in files.items()
    }
    errand = errand_for(ProviderRequest("j", "j", model, "", {**values, **fields}, 1), place.desk)
    assert errand is not None
    return errand


def _prepare(kind: MediaKind, most: int | None, form: str) -> Callable[[Place], Errand[Any]]:
    def errand(place: Place) -> Errand[Any]:
        return Prepare(
            kind=kind,
            source=place.bad,
            target=place.desk / "made",
            formats=(form,),
            max_bytes=most,
            max_side=512,
        )

    return errand


def _frames(**which: Any) -> Callable[[Place], Errand[Any]]:
    return lambda place: WriteFrames(video=place.bad, folder=place.desk, stem="f", **which)


_CUE = "1\n00:00:00,000 --> 00:00:01,000\nHello\n"
_SHOT = {"lengths": [0.2]}
_FOX, _DUSK, _LAST = {"prompt": "a fox"}, {"prompt": "make this dusk"}, {"position": "last"}

READERS: dict[str, tuple[int, Callable[[Place], Errand[Any]]]] = {
    "probe": (12, lambda at: Probe(path=at.bad)),
    "first frame": (3, _frames(first=True)),
    "last frame": (5, _frames(last=True)),
    "frame at": (3, _frames(at=(0.2,))),
    "frames every": (2, _frames(every=0.1)),
    "gate, image": (4, lambda at: ReviewFile(path=at.bad, expected=Expectation(MediaKind.IMAGE))),
    "gate, video": (6, lambda at: ReviewFile(path=at.bad, expected=Expectation(MediaKind.VIDEO))),
    "gate, sound": (4, lambda at: ReviewFile(path=at.bad, expected=Expectation(MediaKind.AUDIO))),
    "gate, 3d": (2, lambda at: ReviewFile(path=at.bad, expected=Expectation(MediaKind.MODEL3D))),
    "compare": (2, lambda at: CompareFiles(first=at.bad, second=at.film)),
    "prepare image": (4, _prepare(MediaKind.IMAGE, 20_000, "jpeg")),
    "prepare clip": (2, _prepare(MediaKind.VIDEO, None, "mp4")),
    "carry clip over": (2, _prepare(MediaKind.VIDEO, None, "mkv")),
    "prepare sound": (3, _prepare(MediaKind.AUDIO, None, "mp3")),
    "merge": (1, lambda at: MergeClips(clips=(at.bad, at.film), target=at.desk / "m.mp4")),
    "merge behind": (1, lambda at: MergeClips(clips=(at.film, at.bad), target=at.desk / "m.mp4")),
    "trim": (
        1,
        lambda at: _local(
            "local/trim", at, {"start_seconds": 0.1, "end_seconds": 0.3}, video=at.bad
        ),
    ),
    "mux picture": (1, lambda at: _local("local/mux-audio", at, {}, video=at.bad, audio=at.wave)),
    "mux sound": (1, lambda at: _local("local/mux-audio", at, {}, video=at.film, audio=at.bad)),
    "mix": (1, lambda at: _local("local/mix-audio", at, {}, tracks=[at.bad, at.wave])),
    "caption": (1, lambda at: _local("local/caption", at, {"text": "Hello"}, video=at.bad)),
    "resize": (1, lambda at: _local("local/resize", at, {"width": 96}, video=at.bad)),
    "resize image": (1, lambda at: _local("local/resize-image", at, {"width": 96}, image=at.bad)),
    "move camera": (
        1,
        lambda at: _local("local/previz-camera", at, {"duration": 0.2}, first_frame=at.bad),
    ),
    "animatic": (1, lambda at: _local("local/animatic", at, _SHOT, images=[at.bad])),
    "animatic clips": (1, lambda at: _local("local/animatic", at, _SHOT, clips=[at.bad])),
    "animatic sound": (
        1,
        lambda at: _local("local/animatic", at, _SHOT, images=[at.picture], voices=[at.bad]),
    ),
    "animatic sound below": (
        1,
        lambda at: _local("local/animatic", at, _SHOT, images=[at.picture], music=at.bad),
    ),
    "image of a still": (1, lambda at: _local("local/previz-still", at, _FOX, characters=[at.bad])),
    "edit image": (1, lambda at: _local("local/previz-edit", at, _DUSK, image=at.bad)),
    "larger image": (1, lambda at: _local("local/upscale", at, {"factor": 2}, image=at.bad)),
    "solid image": (1, lambda at: _local("local/image-to-3d", at, {}, image=at.bad)),
    "lips, sound": (
        1,
        lambda at: _local("local/lip-sync", at, {}, image=at.picture, audio=at.bad),
    ),
    "lips, image": (1, lambda at: _local("local/lip-sync", at, {}, image=at.bad, audio=at.wave)),
    "lips, video": (1, lambda at: _local("local/lip-sync", at, {}, video=at.bad, audio=at.wave)),
    "extract frame": (1, lambda at: _local("local/extract-frame", at, _LAST, video=at.bad)),
    "join": (1, lambda at: _local("local/merge-videos", at, {}, videos=[at.film, at.bad])),
    "best frame": (1, lambda at: _local("local/best-frame", at, {}, video=at.bad)),
    "subtitle": (1, lambda at: _local("local/subtitle", at, {"text": _CUE}, video=at.bad)),
    "soft subtitle": (
        1,
        lambda at: Subtitle(video=at.bad, words=at.words, target=at.desk / "s.mp4", soft=True),
    ),
    "reverse": (1, lambda at: _local("local/reverse", at, {}, video=at.bad)),
    "speed": (1, lambda at: _local("local/change-speed", at, {"factor": 1.5}, video=at.bad)),
    "loop": (1, lambda at: _local("local/loop", at, {"seconds": 1}, video=at.bad)),
    "loudness": (1, lambda at: _local("local/normalize-loudness", at, {}, audio=at.bad)),
    "normalise film": (
        1,
        lambda at: _local("local/normalize-video-loudness", at, {}, video=at.bad),
    ),
    "compress": (1, lambda at: _local("local/compress-image", at, {}, image=at.bad)),
    "filmstrip": (1, lambda at: _local("local/filmstrip", at, {}, video=at.bad)),
    "waveform": (1, lambda at: _local("local/waveform", at, {}, audio=at.bad)),
    "proxy": (1, lambda at: _local("local/proxy", at, {}, video=at.bad)),
}
"""How often each is asked, and what for."""


_KINDS = {
    "probe": "any",
    "3d": "solid",
    "clips": "video",
    **dict.fromkeys(("sound", "mix", "loudness", "waveform"), "audio"),
    **dict.fromkeys(("image", "camera", "compress", "animatic"), "image"),
}
"""Of which kind the files are that a reader reads, by a word of its name; else video."""
_AUDIO = (b"ID3", b"fLaC", b"OggS", b"\xff\xf1", b"\xff\xfb", b"\xff\xf9")
_AVIF = (b"avif", b"avis")
_IMAGE = (b"\x89PNG", b"\xff\xd8", b"BM", b"II*\0", b"MM\0*", b"GIF8")


def kind_of(data: bytes) -> str:
    """Return what a whole file is, as far as its first bytes say."""
    if data.startswith(b"glTF"):
        return "solid"
    if data.startswith(_IMAGE) or data[8:12] in {b"WEBP", *_AVIF}:
        return "image"
    return "audio" if data.startswith(_AUDIO) or data[8:12] == b"WAVE" else "video"


@dataclass
class Report:
    """What came of all cases."""

    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, reader: str, case: str, outcome: str, seconds: float, what: str = "") -> None:
        """Note one case; `what` is what should not have been."""
        with self.lock:
            self.outcomes[reader, outcome] += 1
            self.slowest = max(self.slowest, (seconds, f"{reader}, {case}"))
            if what:
                self.found.append(f"{case}, {reader}: {what}")


@dataclass
class Fuzz:
    """All cases of a seed; case n is the same in every run with the same samples."""

    seed: int
    folder: Path
    originals: Sequence[bytes]
    texts: Sequence[bytes]
    keep: Path | None = None

    def file(self, number: int, reader: str, chance: random.Random) -> bytes:
        """Return the file of a case: the harmful texts first, as they are and then changed.

        Most are changed from what the reader reads: what is of another kind does not lead far.
        """
        if number < len(self.texts):
            return self.texts[number]
        known = self.texts if chance.random() < 0.05 else self.originals
        if known is self.originals and chance.random() < 0.7:
            wanted = next((kind for word, kind in _KINDS.items() if word in reader), "video")
            known = [data for data in known if kind_of(data) == wanted] or known
        return changed(chance.choice(known), self.originals, chance)

    def case(self, number: int, place: Place, isolation: Isolation, report: Report) -> None:
        """Do one case, and note what came of it."""
        chance = random.Random(f"{self.seed}:{number}")
        weights = [weight for weight, _ in READERS.values()]
        reader = chance.choices(list(READERS), weights)[0]
        data = self.file(number, reader, chance)
        place.bad.write_bytes(data)
        errand = READERS[reader][1](place)
        case, began = f"seed {self.seed} case {number}", time.monotonic()
        outcome, what = "read", ""
        try:
            isolation.run(errand)
        except (MediaCrashError, MediaSlowError, MediaMemoryError) as error:
            outcome, what = error.code, error.message
            if self.keep is not None:
                (self.keep / f"{self.seed}-{number}").write_bytes(data)
        except FramewrightError as error:
            outcome = "refused"
            if not error.message.strip():
                what = "refused without a word"
        seconds = time.monotonic() - began
        if seconds > SLOW_SECONDS:
            what = what or f"it took {seconds:.0f} seconds"
        report.note(reader, case, outcome, seconds, what)
        for made in place.desk.iterdir():
            made.unlink()


def places(folder: Path, how_many: int) -> list[Place]:
    """Make good files, and for each worker a desk of its own."""
    film = video(folder / "good.mp4", 6, size=(64, 36), sound=tone(0.25))
    from framewright.media.sound import write_wav

    write_wav(folder / "good.wav", tone(0.25), 48_000)
    photo(48, 32).save(folder / "good.png")
    found = []
    for number in range(how_many):
        desk = folder / f"desk{number}"
        desk.mkdir()
        words = folder / "good.srt"
        words.write_text(_CUE, "utf-8")
        # Names that say nothing, and names that say too much.
        bad = folder / f"bad{number}.mp4"
        found.append(Place(bad, desk, film, folder / "good.wav", folder / "good.png", words))
    return found


def fuzz(
    folder: Path,
    seed: int,
    numbers: Iterator[int],
    originals: Sequence[bytes] = (),
    *,
    workers: int = 2,
    until: float = float("inf"),
    keep: Path | None = None,
    options: Sequence[str] = (),
    say: Callable[[str], None] = lambda text: None,
) -> Report:
    """Do these cases with so many workers until `time.monotonic` says so, and report."""
    canary = video(folder / "canary.mp4", 4, size=(48, 32))
    report, turn = Report(), threading.Lock()
    own = samples(folder)
    with Isolation(workers, options) as isolation, trap() as server, watched(canary) as watch:
        texts = playlists(canary, server.getsockname()[1])
        texts.append(quicktime_reference(canary))
        cases = Fuzz(seed, folder, [*own, *originals], texts, keep)

        def work(place: Place) -> None:
            while time.monotonic() < until:
                with turn:
                    number = next(numbers, None)
                if number is None:
                    return
                cases.case(number, place, isolation, report)
                if number % 100 == 0:
                    say(f"{number:,} cases, {len(report.found)} findings")

        threads = [threading.Thread(target=work, args=(at,)) for at in places(folder, workers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if opened := watch.times():
            report.found.append(f"another file was opened or read {opened} times")
        if called := callers(server):
            report.found.append(f"a server was called {called} times")
    return report


def _say(text: str) -> None:
    print(f"\r{text}\033[K", end="", file=sys.stderr, flush=True)


def main() -> int:
    """Run it, print what came of it, and return the exit code."""
    parser = argparse.ArgumentParser(description="Read files changed at random, in every way.")
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=None, help="another one each time, if not said")
    parser.add_argument("--minutes", type=float, default=30, help="at most")
    parser.add_argument("--samples", type=Path, help="folder with more files to change")
    parser.add_argument("--only", type=int, help="number of the one case to do")
    parser.add_argument("--keep", type=Path, help="folder for files that went wrong")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    seed = random.SystemRandom().randrange(10**6) if options.seed is None else options.seed
    more = sorted(options.samples.iterdir()) if options.samples else []
    originals = [path.read_bytes() for path in more if path.is_file() and path.stat().st_size]
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    print(f"Seed {seed}; {len(originals)} more files to change.", flush=True)
    numbers = iter([options.only]) if options.only is not None else iter(range(options.cases))
    with tempfile.TemporaryDirectory(prefix="framewright-fuzz-") as name:
        report = fuzz(
            Path(name),
            seed,
            numbers,
            originals,
            workers=options.workers,
            until=began + options.minutes * 60,
            keep=options.keep,
            say=_say if sys.stderr.isatty() else lambda text: None,
        )
    if options.only is None:
        with tempfile.TemporaryDirectory(prefix="framewright-fuzz-") as name:
            report.found += fuzz_texts(Path(name), seed, range(options.cases))
    return tell(report, time.monotonic() - began)


def tell(report: Report, seconds: float) -> int:
    """Print a report; return 1 where something went wrong."""
    done = sum(report.outcomes.values())
    kinds = sorted({outcome for _, outcome in report.outcomes})
    print(
        f"\n{done:,} cases in {seconds:.0f} s; the slowest took {report.slowest[0]:.1f} s", end=""
    )
    print(f" ({report.slowest[1]})")
    print("and as many plans, catalogs, vendors' documents and settings")
    for reader in READERS:
        counts = ", ".join(f"{report.outcomes[reader, kind]} {kind}" for kind in kinds)
        print(f"  {reader:<16}{counts}")
    print(*report.found or ["Nothing went wrong."], sep="\n")
    return 1 if report.found else 0


if __name__ == "__main__":
    sys.exit(main())
