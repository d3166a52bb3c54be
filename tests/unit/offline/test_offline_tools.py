"""What is done to files that are given, or just made: backwards, faster, looped, smaller."""

import pytest

from framewright.agents.offline.planner import interpret
from framewright.errors import BriefError
from unit.offline.offline_graphs import everything, graph, upload

CATALOG = everything()
FILES = {
    "video": "v1 video walk.mp4 8",
    "audio": "a1 audio talk.wav 8",
    "image": "u1 image hut.png",
}


def plan(brief, *kinds):
    return interpret(brief, CATALOG, [upload(FILES[kind]) for kind in kinds])


@pytest.mark.parametrize(
    ("brief", "kind", "lines"),
    [
        ("Run this clip backwards", "video", ["reverse = reverse | video: $upload.v1"]),
        ("Please reverse my footage", "video", ["reverse = reverse | video: $upload.v1"]),
        ("Play my video three times as fast", "video",
         ["speed = change-speed | video: $upload.v1 | factor: 3"]),
        ("Show this clip at 50% speed", "video",
         ["speed = change-speed | video: $upload.v1 | factor: 0.5"]),
        ("Make this video half as fast", "video",
         ["speed = change-speed | video: $upload.v1 | factor: 0.5"]),
        ("Make my clip twice as slow", "video",
         ["speed = change-speed | video: $upload.v1 | factor: 0.5"]),
        ("Show my video in slow motion", "video",
         ["speed = change-speed | video: $upload.v1 | factor: 0.5"]),
        ("Loop my clip for half a minute", "video",
         ["loop = loop | video: $upload.v1 | seconds: 30"]),
        ("Repeat this video twice", "video", ["loop = loop | video: $upload.v1 | seconds: 16"]),
        ("A contact sheet of my video with eight frames", "video",
         ["filmstrip = filmstrip | video: $upload.v1 | count: 8"]),
        ("Draw the waveform of my song", "audio", ["waveform = waveform | audio: $upload.a1"]),
        ("A 240p proxy of my footage", "video", ["proxy = proxy | video: $upload.v1 | rows: 240"]),
        ("Bring my video to \N{MINUS SIGN}14 LUFS", "video",
         ["loudness = normalize-loudness | video: $upload.v1 | lufs: -14"]),
        ("Normalize this recording to -23 LUFS", "audio",
         ["loudness = normalize-loudness | audio: $upload.a1 | lufs: -23"]),
        ("Shrink this photo to at most 250 kB", "image",
         ["compressed = compress-image | image: $upload.u1 | max_bytes: 250000"]),
        ("Save this picture as a webp under 1.5 MB", "image",
         ["compressed = compress-image | image: $upload.u1 | max_bytes: 1500000 | format: webp"]),
        ("Pick the best still of this video", "video",
         ["frame = extract-frame | video: $upload.v1"]),
        ("The two best frames of my clip", "video",
         ["frame = extract-frame | video: $upload.v1 | rank: 1",
          "frame_2 = extract-frame | video: $upload.v1 | rank: 2"]),
        ("Grab the first frame of my clip and turn it into a drawing, then upscale it", "video",
         ["frame = extract-frame | video: $upload.v1 | position: first",
          "still = image-to-image | prompt: turn it into a drawing | image: $frame",
          "upscale = upscale | image: $still"]),
        ("Take the frame at 2 seconds of this video and make it night", "video",
         ["frame = extract-frame | video: $upload.v1 | time_seconds: 2",
          "still = image-to-image | prompt: make it night | image: $frame"]),
        ("Trim this video to the first 3 seconds and reverse it", "video",
         ["trim = trim | video: $upload.v1 | start_seconds: 0 | end_seconds: 3",
          "reverse = reverse | video: $trim"]),
    ],
)  # fmt: skip
def test_a_file_that_is_given_is_worked_on_and_nothing_is_passed_over(brief, kind, lines):
    found = plan(brief, kind)
    assert graph(found.plan, CATALOG) == lines
    assert not [note for note in found.notes if "passed over" in note or "not kept" in note]
    assert not any(clause.missed for clause in found.clauses)


def test_what_is_made_is_worked_on_too():
    assert graph(plan("A clip of a horse, played in reverse").plan, CATALOG)[1] == (
        "reverse = reverse | video: $clip"
    )
    lines = graph(plan("A clip of waves at half speed with piano music").plan, CATALOG)
    assert lines[1] == "speed = change-speed | video: $clip | factor: 0.5"
    assert "duration_seconds: 10" in lines[2]


def test_of_several_clips_the_whole_film_is_meant():
    brief = "Two scenes: a fox runs, a bear sleeps. Add drums. Then play it backwards."
    lines = graph(plan(brief).plan, CATALOG)
    assert lines[-1] == "reverse = reverse | video: $film"


def test_music_goes_under_a_clip_that_is_turned_round():
    lines = graph(plan("Reverse this video and add soft music", "video").plan, CATALOG)
    assert lines[0] == "reverse = reverse | video: $upload.v1"
    assert lines[-1].startswith("film = mux-audio | video: $reverse | audio: $music | mode: mix")


@pytest.mark.parametrize(
    ("brief", "kind", "why"),
    [
        ("Make this clip longer by 5 seconds", "video", "makes a given video longer"),
        ("Extend my video by 4 seconds", "video", "makes a given video longer"),
        ("Squeeze this video to 3 MB", "video", "takes an image"),
        ("The waveform of my video", "video", "takes a sound"),
        ("Stabilise my clip", "video", "“walk.mp4” is nothing that is known"),
        ("Make my video look like a painting", "video", "“walk.mp4” is nothing that is known"),
        ("Reverse this video", "image", "needs a video"),
    ],
)
def test_what_can_not_be_done_is_refused_and_no_other_film_made(brief, kind, why):
    with pytest.raises(BriefError, match=why):
        plan(brief, kind)


@pytest.mark.parametrize(
    "brief",
    [
        "A clip of a man walking backwards",
        "A clip of a sprinter in slow motion",
        "An image of a fast car at high speed",
        "A picture of the best dog",
        "A clip of a loop of rope",
        "Extend this photo to 16:9",
    ],
)
def test_what_only_sounds_like_an_order_is_a_picture(brief):
    kinds = ["image"] if "photo" in brief else []
    assert len(plan(brief, *kinds).plan.steps) == 1
    assert plan(brief, *kinds).plan.steps[0].kind in {"image", "video"}
