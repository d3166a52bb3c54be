"""Results go into fields by what they are, not by what they were called."""

import pytest

from framewright.catalog.ports import Port
from framewright.domain.asset import Output
from framewright.domain.media import MediaKind
from framewright.domain.plan import Step
from framewright.errors import InputError
from framewright.executor.inputs import wired

IMAGE = Output(kind=MediaKind.IMAGE, asset="a" * 64)
VIDEO = Output(kind=MediaKind.VIDEO, asset="b" * 64)
TEXT = Output(kind=MediaKind.TEXT, text="said $5")
PORTS = {
    "frame": Port("frame", MediaKind.IMAGE, many=False, required=True),
    "frames": Port("frames", MediaKind.IMAGE, many=True, required=False),
}


def step(**inputs: object) -> Step:
    return Step.model_validate(
        {"id": "s", "title": "S", "kind": "video", "model": "m", "inputs": inputs}
    )


def test_the_result_of_the_fields_kind_is_taken():
    got = wired(step(frame="$a.output"), {"a": (VIDEO, IMAGE)}, {}, PORTS)
    assert got == {"frame": f"$asset.{'a' * 64}"}


def test_the_one_pointed_to_comes_first_where_it_fits():
    other = Output(kind=MediaKind.IMAGE, asset="c" * 64)
    got = wired(step(frame="$a.output[1]"), {"a": (IMAGE, other)}, {}, PORTS)
    assert got == {"frame": f"$asset.{'c' * 64}"}


def test_lists_and_nested_values_are_wired_through():
    got = wired(
        step(frames=["$a.output", "$upload.u"], more={"deep": ["$a.output", "x {{t.output}}"]}),
        {"a": (IMAGE,), "t": (TEXT,)},
        {"u": "d" * 64},
        PORTS,
    )
    assert got["frames"] == [f"$asset.{'a' * 64}", f"$asset.{'d' * 64}"]
    assert got["more"] == {"deep": [f"$asset.{'a' * 64}", "x said $5"]}


@pytest.mark.parametrize("given", [(VIDEO,), (TEXT,)])
def test_where_nothing_fits_it_is_said_before_anybody_is_asked(given):
    with pytest.raises(InputError, match="frame takes image, and a gave"):
        wired(step(frame="$a.output"), {"a": given}, {}, PORTS)


def test_a_result_that_is_not_there_is_said():
    with pytest.raises(InputError, match="number 3 is not among them"):
        wired(step(frame="$a.output[3]"), {"a": (IMAGE,)}, {}, PORTS)
