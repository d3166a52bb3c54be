"""The base of every value that is stored or crosses a seam."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, SerializerFunctionWrapHandler, model_serializer


class Value(BaseModel):
    """A frozen value; unknown keys are an error; its JSON round trip is exact."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="constants")


class SparseValue(Value):
    """A value that writes its required fields and those that were given, as people write files."""

    always_written: ClassVar[frozenset[str]] = frozenset()
    """Optional fields that are written even when they were left out."""

    @model_serializer(mode="wrap")
    def _write_given(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        written: dict[str, Any] = handler(self)
        kept = self.model_fields_set | self.always_written
        fields = type(self).model_fields
        return {
            name: value
            for name, value in written.items()
            if name in kept or fields[name].is_required()
        }
