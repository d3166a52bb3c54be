"""The planner finds its way in catalogs whose fields have other names."""

import pytest

from framewright.agents.offline.planner import interpret
from framewright.catalog.catalog import build_catalog
from framewright.checks.repair.plan.spelling import named_shape
from framewright.domain.model_card import ModelCard
from unit.offline.offline_graphs import graph, shipped, upload

IMAGE = {"type": "string", "format": "media-ref", "x-media": "image"}
VIDEO = {"type": "string", "format": "media-ref", "x-media": "video"}
TEXT = {"type": "string"}


def card(name, task, kind, output, fields, price=0.0, seconds=1.0, **more):
    return ModelCard.model_validate(
        {
            "id": name,
            "kind": kind,
            "task": task,
            "output": output,
            "inputs_schema": {"type": "object", "properties": fields, **more},
            "price": {"amount": price},
            "typical_seconds": seconds,
        }
    )


OTHER = build_catalog(
    [
        card(
            "far/dear",
            "text-to-image",
            "image",
            "image",
            {"text": TEXT, "image_size": {"enum": ["1:1", "9:16", "16:9"]}},
            price=0.5,
        ),
        card(
            "far/cheap",
            "text-to-image",
            "image",
            "image",
            {"text_prompt": TEXT, "size": {"enum": ["1:1", "16:9"]}},
            price=0.1,
        ),
        card("far/slow", "text-to-image", "image", "image", {"prompt": TEXT}, price=0.1, seconds=9),
        card(
            "far/move",
            "image-to-video",
            "video",
            "video",
            {
                "prompt": TEXT,
                "mask": IMAGE,
                "start_image": IMAGE,
                "seconds": {"type": "string", "enum": ["5", "10"]},
            },
            required=["start_image"],
        ),
        card("far/talk", "text-to-speech", "audio", "audio", {"input": TEXT}),
        card(
            "far/edit",
            "image-to-image",
            "image",
            "image",
            {"prompt": TEXT, "image_url": IMAGE},
            required=["image_url"],
        ),
        card(
            "far/big",
            "upscale",
            "image",
            "image",
            {"image": IMAGE, "scale": {"type": "integer"}},
            required=["image"],
        ),
        card("far/write", "text-generation", "text", "text", {"prompt": TEXT}),
        card(
            "far/sound-on",
            "mux-audio",
            "utility",
            "video",
            {"clip": VIDEO, "track": {**IMAGE, "x-media": "audio"}},
            required=["clip", "track"],
        ),
    ]
)


def lines(brief, *uploads):
    return graph(interpret(brief, OTHER, [upload(each) for each in uploads]).plan, OTHER)


def models(brief):
    return [step.model for step in interpret(brief, OTHER).plan.steps]


def test_prefers_what_can_take_the_shape_then_the_price_then_the_speed():
    assert models("a vertical image of a fox") == ["far/dear"]
    assert models("a square image of a fox") == ["far/cheap"]
    assert models("an image of a fox") == ["far/cheap"]


def test_fills_fields_by_what_they_are_called():
    brief = "A square image of a fox, animate it for 9 seconds, a voice says 'Hi'"
    assert lines(brief) == [
        "still = text-to-image | text_prompt: a fox | size: 1:1",
        "clip = image-to-video | prompt: a fox | start_image: $still | seconds: 10",
        "voice = text-to-speech | input: Hi",
        "film = mux-audio | clip: $clip | track: $voice",
    ]


def test_notes_a_length_that_the_model_can_not_do():
    found = interpret("An image of a fox, animate it for 9 seconds", OTHER)
    assert any("10 s long" in note and "9 s" in note for note in found.notes)


def test_makes_a_clip_of_an_image_where_no_model_makes_one_of_words():
    assert lines("a 5 second video of a fox") == [
        "still = text-to-image | text_prompt: a fox | size: 16:9",
        "clip = image-to-video | prompt: a fox | start_image: $still | seconds: 5",
    ]


def test_says_the_camera_in_words_where_there_is_no_field_for_it():
    step = interpret("an image of a fox, animate it with a slow zoom in", OTHER).plan.step("clip")
    assert step.inputs["prompt"] == "a fox, camera: push in"


def test_uses_models_that_change_pictures():
    photo = "p image old.jpg"
    assert lines("Upscale my photo 4x", photo) == [
        "upscale = upscale | image: $upload.p | scale: 4"
    ]
    assert lines("Turn my photo into a watercolour", photo) == [
        "still = image-to-image | prompt: Turn my photo into a watercolour | image_url: $upload.p"
    ]
    assert lines("Write a poem about the sea") == [
        "text = text-generation | prompt: a poem about the sea"
    ]


def test_keeps_the_step_and_says_so_where_no_model_does_it():
    found = interpret("soft music for 10 seconds", OTHER)
    assert [(step.task, step.model) for step in found.plan.steps] == [("text-to-music", None)]
    assert found.notes == ("No available model does text-to-music.",)


def test_says_what_was_not_used():
    found = interpret("an image of a fox", shipped(), [upload("v video walk.mp4")])
    assert found.notes == ("“walk.mp4” is not used.",)


def test_tells_words_that_changed_nothing():
    found = interpret("an image of a fox. Trim it to 4 seconds zigzag", shipped())
    assert any("zigzag" in clause.missed for clause in found.clauses)


def test_a_model_that_needs_what_nobody_has_comes_last():
    fields = {"prompt": TEXT, "duration": {"enum": [4, 8]}, "aspect_ratio": {"enum": ["16:9"]}}
    between = {**fields, "end_image_url": IMAGE, "image_url": IMAGE}
    catalog = build_catalog(
        [
            card("far/still", "text-to-image", "image", "image", {"prompt": TEXT}),
            card(
                "far/between",
                "image-to-video",
                "video",
                "video",
                between,
                required=["image_url", "end_image_url"],
            ),
            card(
                "far/move",
                "image-to-video",
                "video",
                "video",
                {"promptText": TEXT, "end_image_url": IMAGE, "image_url": IMAGE},
                price=1.0,
            ),
        ]
    )
    found = interpret("An image of a fox, animate it into a 4 second clip in 16:9", catalog)
    moved = next(step for step in found.plan.steps if step.model == "far/move")
    assert moved.inputs["image_url"].startswith("$")
    assert "end_image_url" not in moved.inputs
    assert "promptText" in moved.inputs


@pytest.mark.parametrize(
    ("choices", "asked", "named"),
    [
        (["portrait_16_9", "landscape_16_9"], "16:9", "landscape_16_9"),
        (["landscape_16_9", "portrait_16_9"], "9:16", "portrait_16_9"),
        (["1280:720", "720:1280"], "9:16", "720:1280"),
        (["1360:768", "1024:1024"], "16:9", "1360:768"),
        (["1104:832", "1280:720"], "16:9", "1280:720"),
        (["1536x1024", "1024x1024"], "16:9", None),
        (["square_hd", "square"], "1:1", "square_hd"),
        (["1280:720"], "16", None),
        (["0:720", "x"], "16:9", None),
    ],
)
def test_a_shape_is_known_by_any_name(choices, asked, named):
    assert named_shape(asked, choices) == named


def test_what_a_model_needs_is_filled_in():
    voice = {"enum": ["anna", "otto"]}
    ratio = {"enum": ["720:1280", "1280:720"]}
    catalog = build_catalog(
        [
            card("far/still", "text-to-image", "image", "image", {"prompt": TEXT}),
            card(
                "far/say",
                "text-to-speech",
                "audio",
                "audio",
                {"text": TEXT, "voice": voice, "style": {"type": "string", "default": "calm"}},
                required=["text", "voice", "style"],
            ),
            card(
                "far/move",
                "image-to-video",
                "video",
                "video",
                {"promptText": TEXT, "promptImage": IMAGE, "ratio": ratio},
                required=["promptImage", "ratio"],
            ),
            card(
                "far/tune",
                "text-to-music",
                "audio",
                "audio",
                {"prompt": TEXT, "music_length_ms": {"type": "integer", "minimum": 3000}},
            ),
        ]
    )
    said = interpret("A voice-over saying 'Wake up'", catalog).plan.steps[0]
    assert said.inputs == {"text": "Wake up", "voice": "anna", "style": "calm"}
    moved = interpret("An image of a fox, animate it into a clip", catalog).plan.steps[-1]
    assert moved.inputs["ratio"] == "1280:720"
    tall = interpret("An image of a fox in 9:16, animate it into a clip", catalog).plan.steps[-1]
    assert tall.inputs["ratio"] == "720:1280"
    tune = interpret("Calm piano music, 20 seconds", catalog)
    assert tune.plan.steps[0].inputs["music_length_ms"] == 20_000
    assert not any("20" in note for note in tune.notes)
    assert (
        interpret("Piano music, 1 second", catalog).plan.steps[0].inputs["music_length_ms"] == 3_000
    )
