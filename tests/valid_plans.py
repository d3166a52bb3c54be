"""Random valid plans over any catalog: each step takes what earlier ones made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from framewright.catalog.ports import properties

if TYPE_CHECKING:
    from framewright.catalog.catalog import Catalog
    from framewright.domain.media import MediaKind
    from framewright.domain.model_card import ModelCard

WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Co", "Cn"]),
    min_size=1,
    max_size=40,
)
PROMPTS = st.one_of(
    st.sampled_from(
        [
            "a red fox in the snow", "it's 5 o'clock, don't {panic}", "costs $5 (not $$6)",
            'a sign that says "OPEN"', "C:\\new\\table and ```fences```", "[1, 2, {three}] // no",
            "emoji 🦊 and accents é", "{{7*7}} stays", "line one, line two", "# not a comment",
        ]
    ),
    WORDS.filter(lambda text: text.strip() and not text.strip().startswith(("$", "{{", "@"))),
)  # fmt: skip


@st.composite
def valid_plans(draw: st.DrawFn, catalog: Catalog, most: int = 8) -> dict[str, Any]:
    """Draw a plan in which every step can run; what it makes need not make sense."""
    steps: list[dict[str, Any]] = []
    made: dict[MediaKind, list[str]] = {}
    cards = list(catalog.cards.values())
    for number in range(draw(st.integers(1, most))):
        able = [card for card in cards if _can_run(catalog, card, made)]
        card = draw(st.sampled_from(able))
        inputs = draw(_inputs(catalog, card, made))
        used = [text[1:-7] for value in inputs.values() for text in _refs(value)]
        name = f"s{number + 1}"
        steps.append(
            {
                "id": name,
                "title": draw(st.sampled_from(["A scene", "Music", name])),
                "kind": card.kind.value,
                "model": card.id,
                "inputs": inputs,
                "depends_on": list(dict.fromkeys(used)),
            }
        )
        made.setdefault(card.output, []).append(name)
    return {"title": "T", "steps": steps}


def _refs(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, str) and each.endswith(".output")]


def _can_run(catalog: Catalog, card: ModelCard, made: dict[MediaKind, list[str]]) -> bool:
    return all(
        len(made.get(port.media, ())) >= _least(card, port.field)
        for port in catalog.ports[card.id].values()
        if port.required
    )


def _least(card: ModelCard, field: str) -> int:
    schema = properties(card)[field]
    return int(schema.get("minItems", 1))


@st.composite
def _inputs(
    draw: st.DrawFn, catalog: Catalog, card: ModelCard, made: dict[MediaKind, list[str]]
) -> dict[str, Any]:
    required = set(card.inputs_schema.get("required") or ())
    ports = catalog.ports[card.id]
    inputs: dict[str, Any] = {}
    for field, schema in properties(card).items():
        if field not in required and not draw(st.booleans()):
            continue
        if (port := ports.get(field)) is not None:
            known = [f"${name}.output" for name in made.get(port.media, ())]
            if port.many:
                least, most = _least(card, field), min(int(schema.get("maxItems", 9)), len(known))
                if most < least:
                    continue
                chosen = draw(
                    st.lists(st.sampled_from(known), unique=True, min_size=least, max_size=most)
                )
                inputs[field] = sorted(chosen, key=known.index)
            elif known:
                inputs[field] = draw(st.sampled_from(known))
        else:
            inputs[field] = draw(_literal(schema))
    return _consistent(inputs)


def _literal(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "anyOf" in schema:
        return st.one_of(*map(_literal, schema["anyOf"]))
    kind = schema.get("type")
    if kind == "object":
        fields = {name: _literal(each) for name, each in schema.get("properties", {}).items()}
        needed = {name: fields.pop(name) for name in schema.get("required", ())}
        return st.fixed_dictionaries(needed, optional=fields)
    low = schema.get("minimum", schema.get("exclusiveMinimum", -1) + 1)
    high = min(schema.get("maximum", 100), low + 1_000)
    if kind == "integer":
        return st.integers(low, high)
    if kind == "number":
        return st.floats(low, high, allow_nan=False)
    if kind == "boolean":
        return st.booleans()
    if kind == "array":
        least = schema.get("minItems", 0)
        most = min(schema.get("maxItems", 100), max(1, least))
        return st.lists(_literal(schema.get("items", {})), min_size=least, max_size=most)
    short, long = schema.get("minLength", 0), schema.get("maxLength", 40)
    return PROMPTS.map(lambda text: text[:long].ljust(short, "."))


def _consistent(inputs: dict[str, Any]) -> dict[str, Any]:
    start, end = inputs.get("start_seconds"), inputs.get("end_seconds")
    if start is not None and end is not None and end <= start:
        inputs["end_seconds"] = start + 1
    if "time_seconds" in inputs:
        inputs.pop("position", None)
    return inputs
