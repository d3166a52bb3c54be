"""What a workflow says of itself: its inputs by name, what it makes, and what it is refused for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comfy_workflows import FRAMED, TEXT_TO_IMAGE, text_to_image
from emulator.comfyui import OBJECT_INFO
from framewright.catalog.catalog import build_catalog
from framewright.domain.media import MediaKind
from framewright.domain.plan import StepKind, Task
from framewright.errors import InputError
from framewright_providers.comfyui.card import workflow_card
from framewright_providers.comfyui.recipe import read_recipe

if TYPE_CHECKING:
    from framewright.domain.model_card import ModelCard


def card(graph: Any, **more: Any) -> ModelCard:
    made = workflow_card("flow", graph, **more)
    return build_catalog([made]).cards[made.id]


def places(made: ModelCard) -> dict[str, list[str]]:
    recipe = read_recipe(made.recipe)
    return {name: [".".join(at) for at in to] for name, to in recipe.fields.items()}


def node(kind: str, title: str = "", **inputs: Any) -> dict[str, Any]:
    return {"class_type": kind, "inputs": inputs, "_meta": {"title": title}}


def test_the_usual_workflow_has_its_usual_inputs() -> None:
    made = card(TEXT_TO_IMAGE)
    assert places(made) == {
        "seed": ["3.seed"],
        "steps": ["3.steps"],
        "cfg": ["3.cfg"],
        "denoise": ["3.denoise"],
        "width": ["5.width"],
        "height": ["5.height"],
        "batch_size": ["5.batch_size"],
        "prompt": ["6.text"],
        "negative_prompt": ["7.text"],
    }
    fields = made.inputs_schema["properties"]
    assert made.inputs_schema["required"] == ["prompt"]
    assert fields["negative_prompt"]["default"] == "text, watermark"
    assert fields["steps"] == {"type": "integer", "minimum": 1, "maximum": 10_000, "default": 20}
    assert "default" not in fields["seed"]
    assert (made.id, made.task, made.kind) == ("comfyui/flow", Task.TEXT_TO_IMAGE, StepKind.IMAGE)
    assert (made.output, made.price and made.price.amount) == (MediaKind.IMAGE, 0)


def test_words_are_known_by_which_side_of_the_sampler_they_feed() -> None:
    swapped = json.loads(json.dumps(TEXT_TO_IMAGE))
    swapped["3"]["inputs"] |= {"positive": ["7", 0], "negative": ["6", 0]}
    found = places(card(swapped))
    assert (found["prompt"], found["negative_prompt"]) == (["7.text"], ["6.text"])


def test_words_are_followed_through_what_stands_between() -> None:
    graph = text_to_image(
        n12=node("ControlNetApplyAdvanced", positive=["6", 0], negative=["7", 0], image=["5", 0]),
        n13=node("FluxGuidance", conditioning=["12", 0], guidance=3.5),
    )
    graph["3"]["inputs"] |= {"positive": ["13", 0], "negative": ["12", 1]}
    found = places(card(graph))
    assert (found["prompt"], found["negative_prompt"]) == (["6.text"], ["7.text"])
    assert found["guidance"] == ["13.guidance"]


def test_a_negative_that_is_emptied_takes_no_words() -> None:
    graph = text_to_image(n7=node("ConditioningZeroOut", conditioning=["6", 0]))
    found = places(card(graph))
    assert found["prompt"] == ["6.text"]
    assert "negative_prompt" not in found


def test_words_of_a_guider_and_of_several_encoders_are_one_prompt() -> None:
    graph = {
        "1": node("CLIPTextEncodeFlux", clip_l="a kite", t5xxl="a kite", clip=["9", 0]),
        "2": node("BasicGuider", conditioning=["1", 0], model=["9", 0]),
        "3": node("SamplerCustomAdvanced", guider=["2", 0], noise=["4", 0]),
        "4": node("RandomNoise", noise_seed=5),
        "5": node("SaveImage", images=["3", 0], filename_prefix="f"),
        "9": node("DualCLIPLoader", clip_name1="a", clip_name2="b"),
    }
    found = places(card(graph))
    assert found == {"prompt": ["1.clip_l", "1.t5xxl"], "seed": ["4.noise_seed"]}


def test_words_that_another_node_holds_are_set_there() -> None:
    graph = text_to_image(n20=node("PrimitiveStringMultiline", "Prompt", value="a kite"))
    graph["6"]["inputs"]["text"] = ["20", 0]
    assert places(card(graph))["prompt"] == ["20.value"]


def test_titles_that_people_gave_name_what_has_no_role() -> None:
    graph = text_to_image(
        n10=node("LoadImage", "Style reference", image="a.png"),
        n11=node("LoadImage", "Load Image", image="b.png"),
        n12=node("LoadImage", "Load Image", image="c.png"),
        n13=node("ImageBatch", image1=["10", 0], image2=["11", 0], image3=["12", 0]),
    )
    graph["8"]["inputs"]["more"] = ["13", 0]
    made = card(graph)
    found = places(made)
    assert found["style_reference"] == ["10.image"]
    assert found["image"] == ["11.image"]
    assert found["image_12"] == ["12.image"]
    assert made.inputs_schema["required"] == ["prompt", "style_reference", "image", "image_12"]
    assert made.inputs_schema["properties"]["image"]["x-media"] == "image"


def test_a_second_text_has_its_title_or_its_nodes_number() -> None:
    join = node("ConditioningConcat", conditioning_to=["6", 0], conditioning_from=["20", 0])
    for title, name in (("Camera move", "camera_move"), ("CLIP Text Encode (Prompt)", "prompt_20")):
        graph = text_to_image(
            n20=node("CLIPTextEncode", title, text="slow", clip=["4", 1]), n21=join
        )
        graph["3"]["inputs"]["positive"] = ["21", 0]
        found = places(card(graph))
        assert (found["prompt"], found[name]) == (["6.text"], ["20.text"])


def test_marked_nodes_are_the_only_inputs() -> None:
    graph = text_to_image()
    graph["6"]["_meta"]["title"] = "Scene (input)"
    graph["5"]["_meta"]["title"] = "Canvas (Input)"
    made = card(graph)
    assert places(made) == {
        "canvas_width": ["5.width"],
        "canvas_height": ["5.height"],
        "canvas_batch_size": ["5.batch_size"],
        "scene": ["6.text"],
    }
    # A seed that is not marked stays as its author set it.
    assert read_recipe(made.recipe).seeds == ()
    graph["3"]["_meta"]["title"] = "Sampling (input)"
    made = card(graph)
    assert "seed" in places(made)
    assert read_recipe(made.recipe).seeds == (("3", "seed"),)
    assert made.inputs_schema["properties"]["sampling_sampler_name"]["type"] == "string"


def test_what_does_not_lead_to_a_saved_file_is_no_input() -> None:
    graph = text_to_image(
        n30=node("CLIPTextEncode", "Unused", text="x", clip=["4", 1]),
        n31=node("LoadImage", "Unused", image="u.png"),
    )
    assert places(card(graph)) == places(card(TEXT_TO_IMAGE))


@pytest.mark.parametrize(
    ("kind", "settings_", "made", "task"),
    [
        ("SaveImage", {}, MediaKind.IMAGE, Task.TEXT_TO_IMAGE),
        ("VHS_VideoCombine", {"save_output": True, "frame_rate": 24}, MediaKind.VIDEO, "t2v"),
        ("SaveVideo", {}, MediaKind.VIDEO, "t2v"),
        ("SaveWEBM", {"fps": 24.0}, MediaKind.VIDEO, "t2v"),
        ("SaveAudioMP3", {}, MediaKind.AUDIO, Task.TEXT_TO_MUSIC),
        ("SaveGLB", {}, MediaKind.MODEL3D, Task.TEXT_TO_3D),
    ],
)
def test_what_it_makes_is_told_by_what_saves(
    kind: str, settings_: dict[str, Any], made: MediaKind, task: Task | str
) -> None:
    found = card(text_to_image(n9=node(kind, images=["8", 0], **settings_)))
    assert found.output is made
    assert found.task is (Task.TEXT_TO_VIDEO if task == "t2v" else task)
    assert ("fps" in places(found)) is bool({"fps", "frame_rate"} & set(settings_))


def test_of_several_kinds_a_video_is_the_result_or_what_is_asked_for() -> None:
    graph = text_to_image(n10=node("SaveVideo", video=["8", 0]))
    assert read_recipe(card(graph).recipe).outputs == ("10",)
    still = card(graph, output=MediaKind.IMAGE)
    assert (still.output, read_recipe(still.recipe).outputs) == (MediaKind.IMAGE, ("9",))
    with pytest.raises(InputError, match="saves no audio"):
        card(graph, output=MediaKind.AUDIO)


def test_a_workflow_that_keeps_nothing_is_refused_unless_a_person_knows() -> None:
    for last in (node("PreviewImage", images=["8", 0]), node("MySaver", images=["8", 0])):
        graph = text_to_image(n9=last)
        with pytest.raises(InputError, match="saves nothing"):
            card(graph)
    found = card(graph, output=MediaKind.IMAGE)
    assert read_recipe(found.recipe).outputs == ("9",)
    only_shown = node("VHS_VideoCombine", images=["8", 0], save_output=False)
    with pytest.raises(InputError, match="saves nothing"):
        card(text_to_image(n9=only_shown))


def test_a_server_tells_ranges_and_choices() -> None:
    made = card(TEXT_TO_IMAGE, server=OBJECT_INFO)
    fields = made.inputs_schema["properties"]
    assert fields["checkpoint"] == {
        "type": "string",
        "enum": ["a.safetensors", "b.safetensors"],
        "default": "a.safetensors",
    }
    assert fields["sampler"]["enum"] == ["euler", "dpmpp_2m"]
    assert fields["scheduler"]["default"] == "normal"
    assert (fields["cfg"]["minimum"], fields["cfg"]["maximum"]) == (0.0, 100.0)
    assert fields["seed"]["maximum"] == 2**53 - 1


def test_a_file_that_the_server_does_not_have_must_be_chosen() -> None:
    graph = text_to_image()
    graph["4"]["inputs"]["ckpt_name"] = "gone.safetensors"
    made = card(graph, server=OBJECT_INFO)
    assert "default" not in made.inputs_schema["properties"]["checkpoint"]
    assert "checkpoint" in made.inputs_schema["required"]


def test_nodes_that_the_server_does_not_have_are_named() -> None:
    with pytest.raises(InputError, match="ImageInvert"):
        card(FRAMED, server=OBJECT_INFO)


def test_what_stands_beyond_a_usual_range_still_fits() -> None:
    graph = text_to_image()
    graph["3"]["inputs"]["cfg"] = 250
    assert card(graph).inputs_schema["properties"]["cfg"]["maximum"] == 250


def test_the_body_of_a_request_is_taken_too() -> None:
    assert card({"prompt": TEXT_TO_IMAGE, "client_id": "x"}) == card(TEXT_TO_IMAGE)


def test_the_recipe_fills_the_graph_and_leaves_the_card_alone() -> None:
    made = card(TEXT_TO_IMAGE)
    graph = read_recipe(made.recipe).filled({"prompt": "a kite", "steps": 4}, 9)
    assert graph["6"]["inputs"]["text"] == "a kite"
    assert (graph["3"]["inputs"]["seed"], graph["3"]["inputs"]["steps"]) == (9, 4)
    assert made.recipe is not None
    assert made.recipe["workflow"] == TEXT_TO_IMAGE
    with pytest.raises(InputError, match="no input sky"):
        read_recipe(made.recipe).filled({"sky": "blue"}, 9)


@pytest.mark.parametrize("told", [None, {}, {"workflow": {}}, {"workflow": 3, "fields": {}},
                                  {"workflow": {}, "fields": {"a": [["1", "x"]]}}])  # fmt: skip
def test_a_recipe_that_is_none_is_refused(told: Any) -> None:
    with pytest.raises(InputError, match="no workflow"):
        read_recipe(told)


def test_a_workflow_of_the_editors_form_says_how_to_export_one() -> None:
    document = {"last_node_id": 9, "nodes": [{"id": 1, "type": "KSampler"}], "links": []}
    with pytest.raises(InputError) as caught:
        card(document)
    assert "Export (API)" in caught.value.action


def _deep() -> Any:
    inner: Any = 1
    for _ in range(60):
        inner = {"a": inner}
    return inner


@pytest.mark.parametrize(
    "graph",
    [
        [],
        {},
        "workflow",
        {"1": 3},
        {"1": {"inputs": {}}},
        {"1": {"class_type": "KSampler", "inputs": []}},
        {"1": node("SaveImage", images=["2", 0])},
        {"1": node("A", x=["2", 0]), "2": node("SaveImage", images=["1", 0])},
        {"1": node("SaveImage", images=["1", 0])},
        {"1": node("SaveImage", text="x" * 300_000)},
        {"1": node("SaveImage", deep=_deep())},
        {"1": node("SaveImage", half="\ud800")},
        {"1": node("SaveImage", **{f"a{at}": 1 for at in range(400)})},
        {str(at): node("SaveImage") for at in range(3_000)},
        {"n" * 300: node("SaveImage")},
    ],
    ids=range(15),
)
def test_hostile_workflows_are_refused_in_a_sentence(graph: Any) -> None:
    with pytest.raises(InputError) as caught:
        card(graph)
    assert len(caught.value.message) < 300


def test_a_long_chain_is_read_in_time() -> None:
    graph = {str(at): node("ImageInvert", image=[str(at + 1), 0]) for at in range(1_998)}
    graph["1998"] = node("EmptyImage", width=64, height=64, batch_size=1, color=0)
    graph["last"] = node("SaveImage", images=["0", 0])
    assert places(card(graph))["width"] == ["1998.width"]


@pytest.mark.parametrize("name", ["", "a b", "../x", "a/b", "x" * 200])
def test_names_that_are_none_are_refused(name: str) -> None:
    with pytest.raises(InputError):
        workflow_card(name, TEXT_TO_IMAGE)


_links = st.lists(st.sampled_from(["3", "4", "6", "9", "x"]) | st.integers(0, 2), max_size=3)
_values = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | _links
_nodes = st.fixed_dictionaries(
    {},
    optional={
        "class_type": st.sampled_from(
            ["KSampler", "CLIPTextEncode", "LoadImage", "SaveImage", "EmptyLatentImage", "X", 3]
        ),
        "inputs": st.dictionaries(
            st.sampled_from(["text", "seed", "image", "positive", "negative", "width", "clip"]),
            _values,
        )
        | _values,
        "_meta": _values | st.fixed_dictionaries({"title": _values | st.just("Kite (input)")}),
    },
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(["3", "4", "6", "9"]), _nodes | _values), st.booleans())
def test_whatever_the_document_there_is_a_card_or_a_sentence(graph: Any, known: bool) -> None:
    whole = {**TEXT_TO_IMAGE, **graph}
    try:
        made = card(whole, server=OBJECT_INFO if known else None)
    except InputError:
        return
    recipe = read_recipe(json.loads(made.model_dump_json())["recipe"])
    assert recipe.filled({}, 1).keys() == whole.keys()
    assert set(recipe.fields) == set(made.inputs_schema["properties"])
