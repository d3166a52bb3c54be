"""Makes every pointer a reference: whatever dialect, name, title or number it is written with."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from framewright.checks.near import nearest
from framewright.checks.repair.draft import written
from framewright.checks.repair.plan.dialects import Pointer, pointer
from framewright.checks.repair.plan.ids import Names, slug
from framewright.domain import refs

if TYPE_CHECKING:
    from collections.abc import Callable

    from framewright.catalog.ports import Port
    from framewright.checks.repair.draft import Case, Path, StepDict

_INSIDE = re.compile(r"\$?\{\{?\s*([^{}]{1,80}?)\s*\}\}?")


def settle_references(case: Case, names: Names) -> None:
    """Rewrite every pointer of every step as a reference, or say why it can not be."""
    for at, step in enumerate(case.draft.steps):
        ports = case.ports(step)
        used: dict[int, int] = {}
        for field, value in list(step["inputs"].items()):
            port = ports.get(field)
            step["inputs"][field] = _settled(case, names, at, (field,), value, port, used)
        _settle_order(case, names, at)


def _settled(
    case: Case,
    names: Names,
    at: int,
    path: Path,
    value: Any,
    port: Port | None,
    used: dict[int, int],
) -> Any:
    if isinstance(value, list):
        return [
            _settled(case, names, at, (*path, number), each, port, used)
            for number, each in enumerate(value)
        ]
    if isinstance(value, dict):
        return _object(case, names, at, path, value, port, used)
    if not isinstance(value, str):
        if port is not None and isinstance(value, int) and not isinstance(value, bool):
            number = Pointer(str(value), value, 0 if value == 0 else 1, explicit=True)
            return _resolved(case, names, at, path, value, number, port, used)
        return value
    if port is None:
        return _in_text(case, names, at, path, value)
    if port.many and len(path) == 1 and (parts := _listed(case, names, at, value)):
        return [
            _settled(case, names, at, (*path, number), each, port, used)
            for number, each in enumerate(parts)
        ]
    found = pointer(value)
    if found is None or _is_good(case, names, value):
        return value
    return _resolved(case, names, at, path, value, found, port, used)


def _object(
    case: Case,
    names: Names,
    at: int,
    path: Path,
    value: dict[str, Any],
    port: Port | None,
    used: dict[int, int],
) -> Any:
    """Read an object as a reference, or mend the references inside it."""
    if port is not None and len(value) == 1 and pointer(value) is None:
        # A reference in a wrapping of its own: {"video": "$clip.output"}.
        (inner,) = value.values()
        if isinstance(inner, str):
            step = case.draft.steps[at]
            message = f"{step['id']}: took {written(path)} out of its object."
            case.record.change(
                "input_type_wrong", message, "set", step["id"], written(path), value, inner
            )
            return _settled(case, names, at, path, inner, port, used)
    found = pointer(value)
    if found is not None and (port is not None or _target(case, names, at, found, None, {})):
        return _resolved(case, names, at, path, value, found, port, used)
    return {
        key: _settled(case, names, at, (*path, key), inner, None, used)
        for key, inner in value.items()
    }


def _listed(case: Case, names: Names, at: int, value: str) -> list[str]:
    """Return the parts of several references written as one text."""
    parts = [
        part for part in re.split(r"\s*[,;|]\s*|\s+(?:and|und|\+)\s+|\s+(?=\$)", value) if part
    ]
    if len(parts) < 2:
        return []
    pointers = [pointer(part) for part in parts]
    known = [p is not None and bool(_target(case, names, at, p, None, {})) for p in pointers]
    if not all(known):
        return []
    step = case.draft.steps[at]
    message = f"{step['id']}: made a list of the references in one text."
    case.record.change(
        "input_scalar_for_array", message, "set", step["id"], before=value, after=parts
    )
    return parts


def _is_good(case: Case, names: Names, value: str) -> bool:
    """Tell whether a value is a reference as it should be, to something unmistakable."""
    match refs.parse(value):
        case refs.StepRef(name):
            return names.by_id.get(name, []) != [] and len(names.by_id[name]) == 1
        case refs.UploadRef(name):
            return case.uploads is None or name in case.uploads
        case refs.AssetRef():
            return True
    return False


def _in_text(case: Case, names: Names, at: int, path: Path, value: str) -> str:
    """Mend references inside ordinary text; what is no reference stays word for word."""
    step = case.draft.steps[at]
    if isinstance(refs.parse(value), refs.Ref) and _is_good(case, names, value):
        return value
    whole = pointer(value) if value.strip().startswith(("$", "{{", "@")) else None
    if whole is not None and whole.explicit:
        found = _target(case, names, at, whole, None, {})
        if len(found) == 1 and not (value.startswith("{{") and refs.templates(value)):
            new = refs.write(refs.StepRef(case.draft.steps[found[0]]["id"], whole.output))
            return str(_say(case, step, path, value, new, _code(names, whole)))
    text = (
        _INSIDE.sub(lambda match: _inner(case, names, at, match), value) if "{" in value else value
    )
    if text != value:
        _say(case, step, path, value, text, "ref_bad_syntax")
    if isinstance(refs.parse(text), (refs.Malformed, refs.StepRef, refs.UploadRef)):
        known = refs.parse(text)
        if isinstance(known, refs.StepRef):
            return text
        escaped = refs.escape(text)
        message = f"{step['id']}: {written(path)} begins with a dollar that is meant as one."
        case.record.change(
            "sec_template_expression", message, "set", step["id"], written(path), text, escaped
        )
        return escaped
    return text


def _inner(case: Case, names: Names, at: int, match: re.Match[str]) -> str:
    written_right = refs.templates(match[0])
    if written_right and written_right[0].step in names.by_id:
        return match[0]
    found = pointer("{{" + match[1] + "}}")
    if found is None or (found.upload is not None and found.name not in names.by_id):
        return match[0]
    if not re.search(r"output|result|step|node", match[1], re.IGNORECASE) and not match[
        0
    ].startswith(("{{", "$")):
        return match[0]
    target = _target(case, names, at, found, None, {}, near=False)
    if len(target) != 1:
        return match[0]
    return f"{{{{{case.draft.steps[target[0]]['id']}.output}}}}"


def _resolved(
    case: Case,
    names: Names,
    at: int,
    path: Path,
    value: Any,
    found: Pointer,
    port: Port | None,
    used: dict[int, int],
) -> Any:
    step = case.draft.steps[at]
    if found.upload is not None and found.name not in names.by_id:
        return _upload(case, step, path, value, found.upload, port)
    targets = _target(case, names, at, found, port, used)
    if len(targets) == 1:
        used[targets[0]] = used.get(targets[0], 0) + 1
        new = refs.write(refs.StepRef(case.draft.steps[targets[0]]["id"], found.output))
        return _say(case, step, path, value, new, _code(names, found))
    if len(targets) > 1:
        choices = [f"${case.draft.steps[target]['id']}.output" for target in targets]
        message = f"{step['id']}: {written(path)} says {value!r}, which can mean several steps."
        case.record.ask_person("ref_ambiguous", message, *choices)
        return value
    if isinstance(value, str) and port is not None and (name := _named_upload(case, found.name)):
        return _say(case, step, path, value, f"$upload.{name}", "ref_bad_syntax")
    return value


def _code(names: Names, found: Pointer) -> str:
    if found.index is not None or found.previous:
        return "ref_by_index"
    if found.name in names.by_id or slug(found.name) in names.by_slug:
        return "ref_bad_syntax"
    return "ref_by_title" if slug(found.name) in names.by_title else "ref_dangling"


def _target(
    case: Case,
    names: Names,
    at: int,
    found: Pointer,
    port: Port | None,
    used: dict[int, int],
    *,
    near: bool = True,
) -> list[int]:
    """Return the positions of the steps a pointer can mean; one, when it is clear."""
    if found.upload is not None:
        return names.by_id.get(found.name, [])
    tries: tuple[Callable[[], list[int]], ...] = (
        lambda: names.by_id.get(found.name, []),
        lambda: names.by_slug.get(slug(found.name), []) if found.name else [],
        lambda: _by_number(case, at, found, port),
        lambda: names.by_title.get(slug(found.name), []) if found.name else [],
        lambda: _alike(case, names, at, found) if near else [],
    )
    known = next((positions for each in tries if (positions := each())), [])
    return _narrowed(case, at, known, port, used)


def _narrowed(
    case: Case, at: int, known: list[int], port: Port | None, used: dict[int, int]
) -> list[int]:
    """Keep those candidates that can stand here: not the step itself, and of the right medium."""
    if len(known) == 1:
        return known
    others = [one for one in known if one != at]
    if port is not None:
        fitting = [one for one in others if case.output(case.draft.steps[one]) is port.media]
        others = fitting or others
        # A list that names the same step as often as there are steps of that name means each.
        fresh = [one for one in others if one not in used]
        if port.many and fresh and len(others) > 1:
            return fresh[:1]
    return others


def _by_number(case: Case, at: int, found: Pointer, port: Port | None) -> list[int]:
    if found.previous:
        return [at - 1] if at > 0 else []
    if found.index is None:
        return []
    tries = [found.index - found.base, found.index - (1 - found.base)]
    for number in tries:
        if not 0 <= number < len(case.draft.steps) or number == at:
            continue
        if port is None or case.output(case.draft.steps[number]) in {port.media, None}:
            return [number]
    return [number for number in tries[:1] if 0 <= number < len(case.draft.steps)]


def _alike(case: Case, names: Names, at: int, found: Pointer) -> list[int]:
    """Return the step whose id is most like the name, when no other comes near."""
    if len(found.name) < 3 or len(case.draft.steps) > 500:
        return []
    ids = [step["id"] for number, step in enumerate(case.draft.steps) if number != at]
    best = nearest(found.name, ids)
    if best is None:
        return []
    rivals = [name for name in ids if name != best and _as_near(found.name, name, best)]
    return [names.by_id[name][0] for name in [best, *rivals] if name in names.by_id]


def _as_near(wanted: str, name: str, best: str) -> bool:
    from rapidfuzz import fuzz

    return bool(fuzz.ratio(wanted, name) > fuzz.ratio(wanted, best) - 6)


def _named_upload(case: Case, name: str) -> str | None:
    uploads = case.uploads or {}
    stem = re.split(r"[/\\]", name)[-1]
    wanted = {name, stem, slug(stem), slug(stem.rsplit(".", 1)[0])}
    return next((each for each in uploads if each in wanted or slug(each) in wanted), None)


def _upload(
    case: Case, step: StepDict, path: Path, value: Any, name: str, port: Port | None
) -> Any:
    """Point to an upload that is there; ask for one that is not."""
    uploads = case.uploads
    if uploads is None or name in uploads:
        return _say(case, step, path, value, f"$upload.{name}", "ref_bad_syntax")
    known = _named_upload(case, name) or nearest(name, uploads)
    fitting = [each for each, kind in uploads.items() if port is None or kind is port.media]
    if known is None and len(fitting) == 1:
        known = fitting[0]
    if known is not None:
        return _say(case, step, path, value, f"$upload.{known}", "ref_upload_missing")
    message = f"{step['id']}: there is no upload {name!r}."
    choices = [f"Use {each}" for each in fitting] or ["Upload the file first."]
    case.record.ask_person("ref_upload_missing", message, *choices)
    return value


def _say(case: Case, step: StepDict, path: Path, value: Any, new: str, code: str) -> str:
    if value != new:
        message = f"{step['id']}: wrote {str(value)[:60]!r} as {new}."
        case.record.change(code, message, "set", step["id"], written(path), value, new)
    return new


def _settle_order(case: Case, names: Names, at: int) -> None:
    """Make `depends_on` a list of ids, each once and none of the step itself."""
    step = case.draft.steps[at]
    settled: dict[str, None] = {}
    for entry in step["depends_on"]:
        name = _needed(case, names, at, entry)
        if name is not None:
            settled[name] = None
    step["depends_on"] = list(settled)


def _needed(case: Case, names: Names, at: int, entry: Any) -> str | None:
    step = case.draft.steps[at]
    if isinstance(entry, int) and not isinstance(entry, bool):
        found: Pointer | None = Pointer(str(entry), entry, 0 if entry == 0 else 1)
    else:
        found = pointer(entry)
    targets = [] if found is None else _target(case, names, at, found, None, {})
    if len(targets) > 1:
        # Waiting for all it can mean is never wrong; what it takes in is settled elsewhere.
        targets = [target for target in targets if target < at] or targets
    if not targets:
        message = f"{step['id']}: left out depends_on {str(entry)[:60]!r}, which is no step."
        case.record.change("ref_dangling", message, "unset", step["id"], "depends_on", entry)
        return None
    name = str(case.draft.steps[targets[0]]["id"])
    if targets[0] == at:
        message = f"{step['id']}: it can not wait for itself."
        case.record.change("ref_self", message, "unset", step["id"], "depends_on", entry)
        return None
    if entry != name and found is not None:
        message = f"{step['id']}: wrote {str(entry)[:60]!r} in depends_on as {name}."
        case.record.change(
            _code(names, found), message, "set", step["id"], "depends_on", entry, name
        )
    return name
