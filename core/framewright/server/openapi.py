"""The OpenAPI document, made of the endpoints and the models that they themselves use."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pydantic.json_schema import models_json_schema

from framewright import __version__
from framewright.server.problems import ProblemAnswer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pydantic import BaseModel
    from pydantic.json_schema import JsonSchemaMode

    from framewright.server.endpoint import Endpoint

_REF = "#/components/schemas/{model}"
_PART = re.compile(r"\{(\w+)\}")
_ALWAYS = {
    400: "It can not be read.",
    401: "It needs an API key.",
    403: "The page of another origin asks.",
    429: "Asked too often; `Retry-After` says when to ask again.",
}
DESCRIPTION = """\
A workspace of Framewright over HTTP. Keys are made with `framewright keys api create --tenant NAME`
and sent as `Authorization: Bearer fw_…`; each sees what is its tenant's own. On loopback, where
there are no keys, none is wanted. Events are numbered: a stream goes on behind `Last-Event-ID`.
"""


def openapi(endpoints: Sequence[Endpoint], server: str) -> dict[str, Any]:
    """Return the document (OpenAPI 3.1) of what a server offers at an address."""
    schemas = _schemas(endpoints)
    paths: dict[str, dict[str, Any]] = {}
    for each in endpoints:
        paths.setdefault(each.path, {})[each.method.lower()] = _operation(each, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Framewright", "version": __version__, "description": DESCRIPTION},
        "servers": [{"url": server}],
        "security": [{"key": []}, {}],
        "paths": paths,
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def _schemas(endpoints: Iterable[Endpoint]) -> dict[str, Any]:
    """Return the schemas of all bodies: what goes in as it is read, what comes as it is written."""
    asked: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {
        (ProblemAnswer, "serialization"): None
    }
    for each in endpoints:
        if each.body is not None:
            asked[each.body, "validation"] = None
        if each.query is not None:
            asked[each.query, "validation"] = None
        if not isinstance(each.answer, str):
            asked[each.answer, "serialization"] = None
    found, definitions = models_json_schema(list(asked), ref_template=_REF)
    return {"$defs": definitions.get("$defs", {}), "of": found}


def _operation(endpoint: Endpoint, schemas: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "parameters": _parameters(endpoint, schemas),
        "responses": _responses(endpoint, schemas),
    }
    if endpoint.body is not None:
        schema = schemas["of"][endpoint.body, "validation"]
        told["requestBody"] = {
            "required": not endpoint.optional_body,
            "content": {"application/json": {"schema": schema}},
        }
    if endpoint.file:
        form = {
            "type": "object",
            "properties": {"file": {"type": "string", "contentMediaType": "*/*"}},
            "required": ["file"],
        }
        told["requestBody"] = {
            "required": True,
            "content": {"multipart/form-data": {"schema": form}, "*/*": {"schema": {}}},
        }
    return told


def _parameters(endpoint: Endpoint, schemas: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in _PART.findall(endpoint.path)
    ]
    if endpoint.query is not None:
        form = schemas["of"][endpoint.query, "validation"]
        form = schemas["$defs"][form["$ref"].rpartition("/")[2]] if "$ref" in form else form
        found += [
            {
                "name": name,
                "in": "query",
                "required": name in form.get("required", ()),
                "description": schema.get("description", ""),
                "schema": schema,
            }
            for name, schema in form.get("properties", {}).items()
        ]
    if endpoint.once:
        words = "The same key again gives the same answer, and is never paid for twice."
        schema = {"type": "string", "minLength": 1, "maxLength": 200}
        found.append(
            {"name": "Idempotency-Key", "in": "header", "description": words, "schema": schema}
        )
    if endpoint.answer == "text/event-stream":
        words = "The `id` of the last event that was seen: the stream goes on behind it."
        schema = {"type": "string", "pattern": "^[0-9]{1,18}$"}
        found.append(
            {"name": "Last-Event-ID", "in": "header", "description": words, "schema": schema}
        )
    return found


def _responses(endpoint: Endpoint, schemas: dict[str, Any]) -> dict[str, Any]:
    if isinstance(endpoint.answer, str):
        content: dict[str, Any] = {endpoint.answer: {"schema": {}}}
    else:
        schema = schemas["of"][endpoint.answer, "serialization"]
        content = {"application/json": {"schema": schema}}
    found: dict[str, Any] = {str(endpoint.status): {"description": "Done.", "content": content}}
    if endpoint.answer == "text/event-stream":
        found["204"] = {"description": "It is over; there is nothing left to tell."}
    if endpoint.answer == "*/*":
        found["206"] = {"description": "The part that was asked for.", "content": content}
        found["416"] = {"description": "There is no such part."}
    refusals = _ALWAYS | endpoint.refusals
    if endpoint.body is not None or endpoint.query is not None:
        refusals |= {422: "It is not of the form it should have, or can not be done."}
    if endpoint.body is not None or endpoint.file:
        refusals |= {413: "It is too large.", 408: "It came too slowly."}
    if endpoint.body is not None:
        refusals |= {415: "It is no JSON."}
    problem = schemas["of"][ProblemAnswer, "serialization"]
    for status, words in sorted(refusals.items()):
        told = {"application/json": {"schema": problem}}
        found[str(status)] = {"description": words, "content": told}
    return found
