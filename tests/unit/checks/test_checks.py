"""Each family finds its defect, where it is, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from framewright.catalog.catalog import Catalog, build_catalog
from framewright.checks.check import check_plan
from framewright.domain.finding import Finding, Severity
from framewright.domain.media import MediaKind
from framewright.domain.model_card import ModelCard
from framewright.domain.plan import Plan
from framewright.studio.catalogs import load_catalog

CATALOG = load_catalog()
GOOD: list[dict[str, Any]] = [
    {
        "id": "still",
        "title": "Still",
        "kind": "image",
        "model": "local/previz-still",
        "inputs": {"prompt": "a red kite", "aspect_ratio": "16:9"},
    },
    {
        "id": "clip",
        "title": "Clip",
        "kind": "video",
        "model": "local/previz-camera",
        "inputs": {"first_frame": "$still.output", "duration": 4},
        "depends_on": ["still"],
    },
    {
        "id": "clip_2",
        "title": "Clip",
        "kind": "video",
        "model": "local/previz-scene",
        "inputs": {"prompt": "waves, $$5 a look"},
    },
    {
        "id": "film",
        "title": "Film",
        "kind": "utility",
        "model": "local/merge-videos",
        "inputs": {"videos": ["$clip.output", "$clip_2.output"]},
    },
]


def _plan(*changes: tuple[str, str, Any], drop: tuple[str, str] | None = None) -> Plan:
    steps = {step["id"]: {**step, "inputs": dict(step["inputs"])} for step in GOOD}
    for step, field, value in changes:
        if field in {"kind", "model", "task", "depends_on", "group", "id"}:
            steps[step][field] = value
        else:
            steps[step]["inputs"][field] = value
    if drop:
        del steps[drop[0]]["inputs"][drop[1]]
    return Plan.model_validate({"title": "T", "steps": list(steps.values())})


def _errors(plan: Plan, catalog: Catalog = CATALOG, **known: Any) -> list[Finding]:
    found = check_plan(plan, catalog, **known)
    return [each for each in found if each.severity is Severity.ERROR]


def test_a_good_plan_has_no_findings() -> None:
    assert check_plan(_plan(), CATALOG) == ()


CASES: list[tuple[str, str, Any, str, str | None]] = [
    ("clip", "first_frame", "$stil.output", "ref_dangling", "Use still"),
    ("clip", "depends_on", ["still", "clip"], "ref_self", None),
    ("clip", "first_frame", "${still}", "ref_bad_syntax", None),
    ("clip", "first_frame", "https://example.com/a.png", "input_url_instead_of_ref", None),
    ("clip", "first_frame", "../../etc/passwd", "input_url_instead_of_ref", None),
    ("clip", "first_frame", "$clip_2.output", "media_mismatch", "extract-frame"),
    ("clip_2", "prompt", "$still.output", "media_mismatch", None),
    ("clip_2", "prompt", "like {{still.output}}", "media_mismatch", None),
    ("clip_2", "prompt", "like {{stlil.output}}", "ref_dangling", "Use still"),
    ("clip", "depends_on", ["nobody"], "ref_dangling", None),
    ("clip", "model", "local/previz-camra", "model_unknown_near", "local/previz-camera"),
    ("clip", "model", "zzz", "model_unknown", None),
    ("clip", "model", None, "model_missing", None),
    ("still", "kind", "audio", "model_kind_mismatch", "image"),
    ("still", "task", "text-to-music", "model_task_mismatch", "text-to-image"),
    ("still", "aspect_ratio", "16:10", "input_enum", None),
    ("clip", "camera", "push in", "input_enum", "push-in"),
    ("clip", "duration", "4", "input_type_string_number", "without quotes"),
    ("clip", "duration", 400, "input_range", None),
    ("clip", "duration", True, "input_type_wrong", None),
    ("clip", "duration", None, "input_null", "Leave it out"),
    ("clip", "duration", [4], "input_array_for_scalar", None),
    ("clip", "duraton", 4, "input_unknown_field_near", "Use duration"),
    ("clip", "xyzzy", 4, "input_unknown_field", None),
    ("film", "videos", "$clip.output", "input_scalar_for_array", None),
    ("film", "videos", ["$clip.output", "$still.output"], "media_mismatch", None),
    ("film", "videos", ["$clip.output"] * 300, "input_max_items", None),
    ("still", "prompt", "x" * 5_000, "input_too_long", None),
    ("still", "prompt", "", "input_too_short", None),
    ("still", "prompt", {"a": 1}, "input_type_wrong", None),
]


@pytest.mark.parametrize(("step", "field", "value", "code", "fix"), CASES)
def test_one_defect_gives_its_code_on_its_step(
    step: str, field: str, value: Any, code: str, fix: str | None
) -> None:
    found = _errors(_plan((step, field, value)))
    assert [(each.code, each.step) for each in found] == [(code, step)]
    assert fix is None or fix in (found[0].fix or "")
    assert len(found[0].message) < 300
    assert "Draft" not in found[0].message


def test_a_missing_required_input() -> None:
    found = _errors(_plan(drop=("clip", "first_frame")))
    assert [(each.code, each.step, each.field) for each in found] == [
        ("input_missing_required", "clip", "first_frame")
    ]


def test_a_merge_of_one() -> None:
    codes = {each.code for each in _errors(_plan(("film", "videos", ["$clip.output"])))}
    assert codes == {"utility_merge_single", "input_min_items"}


def test_an_empty_plan() -> None:
    assert [each.code for each in check_plan(Plan(title="T", steps=()), CATALOG)] == [
        "step_empty_plan"
    ]


def test_two_steps_of_one_id() -> None:
    codes = {each.code for each in _errors(_plan(("clip_2", "id", "clip")))}
    assert "step_duplicate_id" in codes


def test_a_reserved_id() -> None:
    assert "step_reserved_id" in {each.code for each in _errors(_plan(("clip_2", "id", "upload")))}


def test_a_cycle_is_spelled_out_once() -> None:
    plan = _plan(("still", "depends_on", ["film"]))
    (found,) = _errors(plan)
    assert found.code == "ref_cycle"
    assert found.message.endswith("still → clip → film → still.") or "→ still →" in found.message


def test_two_separate_cycles_are_two_findings() -> None:
    steps = [
        {**GOOD[2], "id": name, "inputs": {"prompt": "x"}, "depends_on": [other]}
        for name, other in (("a", "b"), ("b", "a"), ("c", "d"), ("d", "c"), ("e", "a"))
    ]
    found = _errors(Plan.model_validate({"title": "T", "steps": steps}))
    assert [each.code for each in found] == ["ref_cycle", "ref_cycle"]


def test_uploads_and_assets_are_judged_when_they_are_known() -> None:
    plan = _plan(("clip", "first_frame", "$upload.photo"))
    assert _errors(plan) == []
    assert [each.code for each in _errors(plan, uploads={})] == ["ref_upload_missing"]
    assert _errors(plan, uploads={"photo": MediaKind.IMAGE}) == []
    (wrong,) = _errors(plan, uploads={"photo": MediaKind.AUDIO})
    assert wrong.code == "media_mismatch"
    asset = _plan(("clip", "first_frame", "$asset." + "a" * 64))
    assert [each.code for each in _errors(asset, assets={})] == ["ref_asset_missing"]


def test_a_model_that_is_not_available_names_another() -> None:
    cards = [
        card.model_copy(update={"available": card.available and card.id != "local/previz-camera"})
        for card in CATALOG.cards.values()
    ]
    other = CATALOG.cards["local/previz-camera"].model_copy(update={"id": "other/camera"})
    (found,) = _errors(_plan(), build_catalog([*cards, other]))
    assert (found.code, found.fix) == ("model_unavailable", "Use other/camera")


def test_a_version_may_be_left_out_by_mistake() -> None:
    still = CATALOG.cards["local/previz-still"]
    names = ("far/draw:" + "0" * 64, "far/draw-all", "other/previz-still")
    cards = [still.model_copy(update={"id": name}) for name in names]
    gone = still.model_copy(update={"id": "local/previz-stills", "available": False})
    catalog = build_catalog([*CATALOG.cards.values(), gone, *cards])

    def fix(name: str) -> str | None:
        (found,) = _errors(_plan(("still", "model", name)), catalog)
        assert found.code == "model_unknown_near"
        return found.fix

    assert fix("far/draw") == f"Use {names[0]}"
    # One that can be used goes before a nearer one that can not.
    assert fix("local/previz-stillss") == "Use local/previz-still"


HOSTILE: list[dict[str, Any]] = [
    {"type": "string", "pattern": "(a+)+$"},
    {"$ref": "http://127.0.0.1:9/schema.json"},
    {"$ref": "#"},
    {"$ref": "#/$defs/missing"},
    {"type": 5},
    {"allOf": [{"$ref": "#"}]},
    {"type": "string", "enum": "no list"},
]


@pytest.mark.parametrize("schema", HOSTILE)
def test_a_hostile_schema_does_no_harm(schema: dict[str, Any]) -> None:
    card = ModelCard.model_validate(
        {
            "id": "x/y",
            "kind": "text",
            "output": "text",
            "inputs_schema": {"properties": {"prompt": schema}, "required": [1, None]},
        }
    )
    step = {"id": "a", "title": "", "kind": "text", "model": "x/y"}
    plan = Plan.model_validate(
        {"title": "T", "steps": [{**step, "inputs": {"prompt": "a" * 60 + "!"}}]}
    )
    check_plan(plan, build_catalog([card]))


def test_a_chain_of_ten_thousand_is_no_matter() -> None:
    steps = [
        {
            "id": f"s{at}",
            "title": "",
            "kind": "video",
            "model": "local/previz-scene",
            "inputs": {"prompt": "x"},
            "depends_on": [f"s{at + 1}"] if at < 9_999 else ["s0"],
        }
        for at in range(10_000)
    ]
    found = _errors(Plan.model_validate({"title": "T", "steps": steps}))
    assert [each.code for each in found] == ["ref_cycle"]
    assert len(found[0].message) < 300
