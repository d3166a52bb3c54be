"""The rules of a model's input fields, made ready once for each model from its JSON Schema.

Catalogs come from outside. Regular expressions in them could be built to run for ever, and
references to other documents could reach the network: both are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from framewright.catalog.ports import media_of, properties
from framewright.checks.finite import is_finite

if TYPE_CHECKING:
    from framewright.domain.model_card import ModelCard

_UNSAFE = frozenset({"pattern", "patternProperties", "$dynamicRef", "$schema", "$id"})
_LIST_RULES = ("type", "minItems", "maxItems", "uniqueItems")
_BOUNDS = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"})
_MOST_DEPTH = 24


@dataclass(frozen=True)
class FieldRule:
    """What one field takes."""

    schema: dict[str, Any]
    media: bool
    """Whether it takes a reference to media."""

    @cached_property
    def wants_list(self) -> bool:
        """Whether the field is a list and nothing else."""
        return self.schema.get("type") == "array"

    @cached_property
    def item(self) -> FieldRule | None:
        """The rule for one item of a list."""
        items = self.schema.get("items")
        if not isinstance(items, dict):
            return None
        return FieldRule({**items, **_definitions(self.schema)}, self.media)

    @cached_property
    def validator(self) -> Any:
        """The jsonschema validator of a literal; None for a schema that is none."""
        return _validator(self.schema)

    @cached_property
    def list_validator(self) -> Any:
        """The validator of a list's own rules, whatever its items are."""
        return _validator({name: self.schema[name] for name in _LIST_RULES if name in self.schema})


def field_rules(card: ModelCard) -> dict[str, FieldRule]:
    """Return the rule of each field of a model."""
    shared = _definitions(card.inputs_schema)
    return {
        name: FieldRule(_safe({**_bounded(schema), **shared}, 0), media_of(schema) is not None)
        for name, schema in properties(card).items()
    }


def _bounded(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a field's schema without bounds that are no numbers: the others still bind."""
    return {
        name: value
        for name, value in schema.items()
        if name not in _BOUNDS or (is_finite(value) and (name != "multipleOf" or value > 0))
    }


def _definitions(schema: dict[str, Any]) -> dict[str, Any]:
    return {name: schema[name] for name in ("$defs", "definitions") if name in schema}


def _safe(schema: Any, depth: int) -> Any:
    if isinstance(schema, list):
        return [_safe(each, depth + 1) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if depth > _MOST_DEPTH:
        return {}
    return {
        name: _safe(value, depth + 1)
        for name, value in schema.items()
        if name not in _UNSAFE and not (name == "$ref" and not str(value).startswith("#"))
    }


def _validator(schema: dict[str, Any]) -> Any:
    validator, problem = _library()
    try:
        validator.check_schema(schema)
    except problem:
        return None
    return validator(schema, registry=_empty_registry())


def found_by(validator: Any, value: Any) -> list[Any]:
    """Return the errors of a value, none where the schema can not be followed to an end."""
    from jsonschema import ValidationError
    from referencing.exceptions import Unresolvable

    if validator is None:
        return []
    try:
        return [] if validator.is_valid(value) else list(validator.iter_errors(value))
    except (RecursionError, Unresolvable):
        return []
    except OverflowError:
        # A whole number that no float can hold, measured against one.
        return [ValidationError("too great", validator="multipleOf", instance=value)]


@cache
def _library() -> tuple[Any, type[Exception]]:
    # jsonschema takes a tenth of a second to import; commands that check nothing need not wait.
    from jsonschema import Draft202012Validator, SchemaError

    return Draft202012Validator, SchemaError


@cache
def _empty_registry() -> Any:
    from referencing import Registry

    return Registry()
