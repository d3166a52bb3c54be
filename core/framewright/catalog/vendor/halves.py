"""Finds, in what a vendor publishes about a model, what goes in and what comes out."""

from __future__ import annotations

import re
from typing import Any

from framewright.catalog.vendor.inline import inlined

_WRAPPERS = ("latest_version", "openapi_schema")
"""Replicate's record of a model holds its newest version, and that its OpenAPI document."""
_SAYS_NOTHING = re.compile(r"\s*the openapi schema for the \S+ queue", re.IGNORECASE)
"""What FAL's documents say of every model."""
Halves = tuple[dict[str, Any], dict[str, Any]]


def halves(document: Any) -> Halves:
    """Return the schemas of what goes in and what comes out, without references.

    Each is empty where the document does not have it. Raises `InputError` for one that is
    built to grow without end.
    """
    published = unwrapped(document)
    takes, gives = _ends(published)
    return inlined(takes, takes, published), inlined(gives, gives, published)


def unwrapped(document: Any) -> dict[str, Any]:
    """Return the innermost object that a vendor's answer wraps its schema in."""
    for name in _WRAPPERS:
        if isinstance(document, dict) and isinstance(inner := document.get(name), dict):
            document = inner
    return document if isinstance(document, dict) else {}


def described(document: Any) -> str:
    """Return what the vendor says about the model, empty where it says nothing."""
    info = unwrapped(document).get("info")
    for place in (document, info):
        text = place.get("description") if isinstance(place, dict) else None
        if isinstance(text, str) and _SAYS_NOTHING.match(text) is None:
            return " ".join(text.split())[:300]
    return ""


def category(document: Any) -> str:
    """Return the vendor's own word for what the model does, as FAL writes it; or nothing."""
    place: Any = unwrapped(document)
    for name in ("info", "x-fal-metadata", "category"):
        place = place.get(name) if isinstance(place, dict) else None
    return place if isinstance(place, str) else ""


def _ends(published: dict[str, Any]) -> tuple[Any, Any]:
    if "input_schema" in published:
        return published["input_schema"], published.get("output_schema")
    components = published.get("components")
    schemas = components.get("schemas") if isinstance(components, dict) else None
    if isinstance(schemas, dict):
        asked, answered = _over_http(published.get("paths"))
        takes = schemas.get("Input") or asked or _named(schemas, "Input")
        return takes, schemas.get("Output") or answered or _named(schemas, "Output")
    return (published, None) if published.get("type") == "object" else (None, None)


def _over_http(paths: Any) -> tuple[Any, Any]:
    """Return the schemas of what is posted, and of what is got at last, by FAL's paths."""
    asked = answered = None
    for path, methods in paths.items() if isinstance(paths, dict) else ():
        if not isinstance(methods, dict):
            continue
        asked = asked or _json(_inside(methods.get("post"), "requestBody"))
        if str(path).endswith("/requests/{request_id}"):
            answered = _json(_inside(methods.get("get"), "responses", "200"))
    return asked, answered


def _json(body: Any) -> Any:
    return _inside(body, "content", "application/json", "schema")


def _inside(place: Any, *names: str) -> Any:
    for name in names:
        place = place.get(name) if isinstance(place, dict) else None
    return place


def _named(schemas: dict[str, Any], end: str) -> Any:
    return next((schemas[name] for name in schemas if str(name).endswith(end)), None)
