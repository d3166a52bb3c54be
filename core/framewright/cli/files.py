"""Commands on plain media files: probe, inspect, frames, merge, subtitle."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from framewright.cli.places import AsJson
from framewright.cli.places import run as wait

if TYPE_CHECKING:
    from collections.abc import Generator

    from framewright.domain.measures import Measures, PictureMeasures
    from framewright.domain.media import MediaInfo


def probe(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An image, video or audio file.")],
    count: Annotated[
        bool, typer.Option("--count", help="Decode a video to its end and count its frames.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Say what a media file holds."""
    from framewright.cli.answer import console, say_json
    from framewright.cli.outputs import ProbeData
    from framewright.studio import files

    info = wait(files.probe(file, count=count))
    if as_json:
        say_json(ProbeData(path=file, info=info))
        return
    for name, value in _described(info):
        console().print(f"{name:<11}{value}")
    if count and info.video is not None:
        console().print(f"{'Frames':<11}{info.video.frames} that decode")


def inspect(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An image, video or audio file.")],
    expect: Annotated[
        list[str] | None,
        typer.Option(
            "--expect",
            metavar="WHAT",
            help="kind=video, size=1280x720, ratio=16:9, duration=5, fps=24 or moves; "
            "may be repeated.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Decode a media file to its end, measure it, and say what is wrong with it."""
    from framewright.cli.answer import console, say_json
    from framewright.cli.findings import print_findings
    from framewright.cli.outputs import InspectData
    from framewright.domain.finding import errors
    from framewright.studio import files
    from framewright.studio.expected import Expected

    found = wait(files.inspect(file, Expected.read(expect or ())))
    # What was asked for in so many words is no mere warning where it does not hold.
    bad = bool(found.findings if expect else errors(found.findings))
    if as_json:
        data = InspectData(
            path=file, info=found.info, measures=found.measures, findings=found.findings
        )
        say_json(data, ok=not bad)
    else:
        for name, value in (*_described(found.info), *_measured(found.measures)):
            console().print(f"{name:<11}{value}")
        if found.findings:
            print_findings(found.findings)
        else:
            console().print("Nothing is wrong with it.", style="green")
    raise typer.Exit(1 if bad else 0)


def frames(
    video: Annotated[Path, typer.Argument(metavar="VIDEO", help="A video file.")],
    first: Annotated[bool, typer.Option("--first", help="The first frame.")] = False,
    last: Annotated[bool, typer.Option("--last", help="The last frame.")] = False,
    at: Annotated[
        list[float] | None,
        typer.Option("--at", metavar="S", help="The frame shown at S seconds; may be repeated."),
    ] = None,
    every: Annotated[
        float | None, typer.Option("--every", metavar="S", help="One frame each S seconds.")
    ] = None,
    best: Annotated[
        int | None,
        typer.Option("--best", metavar="N", help="The N that would make the best stills."),
    ] = None,
    out: Annotated[
        Path, typer.Option("-o", "--out", metavar="DIR", help="Folder for the pictures.")
    ] = Path(),
    force: Annotated[bool, typer.Option("--force", help="Replace files that exist.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write frames of a video as PNG pictures."""
    from framewright.cli.answer import console, say_json
    from framewright.cli.outputs import FramesData
    from framewright.cli.waiting import bar
    from framewright.studio import files

    which = files.Which(first=first, last=last, at=tuple(at or ()), every=every, best=best)
    with bar("Reading frames", quiet=as_json) as tell:
        found = wait(files.frames(video, out, which, overwrite=force, tell=tell))
    if as_json:
        say_json(FramesData(frames=found))
        return
    for frame in found:
        console().print(str(frame.path), soft_wrap=True)


def merge(
    clips: Annotated[list[Path], typer.Argument(metavar="CLIP", help="Videos, in order.")],
    out: Annotated[
        Path, typer.Option("-o", "--out", metavar="FILE", help="File to write, an MP4.")
    ],
    crossfade: Annotated[
        float | None, typer.Option("--crossfade", metavar="S", help="Blend over S seconds.")
    ] = None,
    transition: Annotated[
        str | None,
        typer.Option(
            "--transition",
            metavar="NAME",
            help="crossfade, fade-black, wipe-left, slide-left (and right, up, down).",
        ),
    ] = None,
    seconds: Annotated[
        float | None,
        typer.Option("--seconds", metavar="S", help="How long a transition takes: 0.5."),
    ] = None,
    fit: Annotated[
        str,
        typer.Option(
            "--fit", metavar="HOW", help="Other shapes: contain (bars), cover (cut), blur."
        ),
    ] = "contain",
    fps: Annotated[
        float | None, typer.Option("--fps", metavar="N", help="Frames a second, 1 to 120.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
    as_json: AsJson = False,
) -> None:
    """Join clips into one MP4; sizes and rates follow the first."""
    from framewright.cli.answer import say_json
    from framewright.cli.outputs import MergeData
    from framewright.cli.waiting import bar
    from framewright.errors import InputError
    from framewright.studio import files

    if crossfade is not None and (transition or seconds is not None):
        message = "--crossfade S is --transition crossfade --seconds S already."
        raise InputError(message, action="Give the one or the others.")
    if seconds is not None and transition in {None, "cut"}:
        message = "--seconds says how long a transition takes, and there is none."
        raise InputError(message, action="Say which: --transition crossfade.")
    with bar("Merging", quiet=as_json) as tell:
        work = files.merge(
            clips,
            out,
            transition=transition or ("cut" if crossfade is None else "crossfade"),
            seconds=next((each for each in (crossfade, seconds) if each is not None), 0.5),
            fit=fit,
            fps=fps,
            overwrite=force,
            tell=tell,
        )
        film = wait(work)
    if as_json:
        say_json(MergeData(path=out, info=film.info, remarks=film.remarks))
        return
    _said(out, film.remarks)


def subtitle(
    video: Annotated[Path, typer.Argument(metavar="VIDEO", help="A video file.")],
    words: Annotated[Path, typer.Argument(metavar="WORDS", help="An SRT or WebVTT file.")],
    out: Annotated[
        Path, typer.Option("-o", "--out", metavar="FILE", help="File to write, an MP4.")
    ],
    soft: Annotated[
        bool,
        typer.Option("--soft", help="As a track that players show or hide, not in the picture."),
    ] = False,
    language: Annotated[
        str | None,
        typer.Option("--language", metavar="CODE", help="Of that track: eng, deu, fra, …"),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
    as_json: AsJson = False,
) -> None:
    """Set subtitles on a video: into its picture, or as a track of their own."""
    from framewright.cli.answer import say_json
    from framewright.cli.outputs import MergeData
    from framewright.cli.waiting import bar
    from framewright.errors import InputError
    from framewright.studio import files

    if language is not None and not soft:
        message = "--language is that of a track, and words in the picture have none."
        raise InputError(message, action="Add --soft, or leave it out.")
    with bar("Setting subtitles", quiet=as_json) as tell:
        work = files.subtitle(
            video, words, out, soft=soft, language=language or "und", overwrite=force, tell=tell
        )
        film = wait(work)
    if as_json:
        say_json(MergeData(path=out, info=film.info, remarks=film.remarks))
        return
    _said(out, film.remarks)


def _said(out: Path, remarks: tuple[str, ...]) -> None:
    """Print where a film is, and what is not as a person may expect."""
    from framewright.cli.answer import console

    console().print(str(out), soft_wrap=True)
    for each in remarks:
        console(errors=True).print(f"Note: {each}", style="yellow", soft_wrap=True)


def _measured(measures: Measures) -> Generator[tuple[str, str]]:
    if (picture := measures.picture) is not None:
        damaged = f", {picture.damaged} damaged" if picture.damaged else ""
        yield "Frames", f"{picture.frames}{damaged} · {picture.fps:.3f} fps{_uneven(picture)}"
        yield "Brightness", f"{picture.brightness:.0%} · contrast {picture.contrast:.0%}"
        yield "Black", f"{picture.black_seconds:.2f} s"
        yield "Stands", f"still for {picture.still_seconds:.2f} s at most"
    if (sound := measures.sound) is not None:
        loud = "silent" if sound.lufs is None else f"{sound.lufs:.1f} LUFS"
        peak = "" if sound.true_peak_dbtp is None else f" · peak {sound.true_peak_dbtp:.1f} dBTP"
        yield "Loudness", f"{loud} · range {sound.range_lu:.1f} LU{peak}"
        yield "Silence", f"{sound.silent_seconds:.2f} of {sound.seconds:.2f} s"
        yield "Clipped", f"{sound.clipped} places"


def _uneven(picture: PictureMeasures) -> str:
    shortest, longest = picture.shortest_frame_seconds, picture.longest_frame_seconds
    if not picture.variable or shortest is None or longest is None:
        return ""
    return f" on average, each shown for {shortest * 1000:.0f} to {longest * 1000:.0f} ms"


def _described(info: MediaInfo) -> Generator[tuple[str, str]]:
    yield "Kind", f"{info.kind} · {info.mime}"
    if info.width is not None:
        yield "Size", f"{info.width} x {info.height}"
    if info.duration is not None:
        yield "Duration", f"{info.duration.seconds:.3f} s"
    if info.video is not None:
        rate = f" · {info.video.fps.seconds:.3f} fps" if info.video.fps else ""
        if rate and info.video.variable is not None:
            rate += " on average, variable" if info.video.variable else " constant"
        turned = f" · turned {info.video.rotation}°" if info.video.rotation else ""
        form = f"{info.video.codec} {info.video.pixel_format}"
        colours = f" · {info.video.colours}" if info.video.colours else ""
        yield "Picture", f"{form}{rate}{turned}{colours}"
    if info.audio is not None:
        sound = info.audio
        yield "Sound", f"{sound.codec} · {sound.sample_rate} Hz · {sound.channels} channels"
    yield "File size", f"{info.bytes:,} bytes"
