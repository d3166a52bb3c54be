"""Reads what a failed answer says, wherever it says it: JSON of any shape, HTML, XML, a traceback.

Bounded in size, depth and number of things whatever the body is. What a provider repeats of the
request (a prompt about a rate limit, an input named `error`) is never taken for its own words.
"""

from __future__ import annotations

import json
import re
from collections import deque
from dataclasses import dataclass, field
from html import unescape
from typing import Any

MOST_CHARACTERS = 60_000
"""Of a body that is read: its beginning, and a last part."""
_TAIL = 8_000
_MOST_THINGS = 1_500
_MOST_DEEP = 14
_MOST_TEXT = 3_000
"""Of one text within the body."""
_MOST_TEXTS = 60
_MOST_OF_PAGE = 300
"""Of a page: its title and its first words; what stands below is of the house, not of the error."""


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_ECHO = _words("""
    input inputs currentinputs currentoutputs prompt request requestbody receivedvalue urls url
    docurl docsurl documentationurl moreinfo helpurl links href instance extradata workflow
    inputconfig outputs webhook model modelid version requestid traceid id predictionid
    taskid createdat completedat startedat updatedat ctx domain service
""")
"""Keys, without case and `_`, under which stands what was asked, or nothing about the failure."""
_CODE = _words("""
    code type errortype errorcode status reason failurecode errcode exceptiontype exception name
    errorname statuscode kind blockreason finishreason finishreasons errorstatus statusname
    category subcode errorsubcode statusmsgcode http httpstatus httpstatuscode httpcode
    ret retcode resultcode classname
""")
_TEXT = _words("""
    message msg detail details error errors errormessage errormsg description errordescription
    failure failurereason failreason reason title exceptionmessage raimediafilteredreasons
    statusmsg statustext hint cause why text taskstatusmsg failmsg errmsg reasons info
    userfacingmessage statusmessage body response data result warnings issues invalidfields
    localizedmessage finishmessage blockreasonmessage raw
""")
_FIELD = _words("""
    loc param field path parameter inputname pointer property instancepath fieldname
    parametername argument attribute
""")
_WAIT = _words("""
    retryafter retryafterseconds retryaftersec retryafterms retryaftermilliseconds retrydelay
    retryin retryinseconds estimatedtime waitseconds waittime backoffseconds
""")
_LAST = frozenset(["logs", "traceback", "stacktrace", "stack", "trace"])
"""Long tales, whose end says what happened; read where nothing else says anything."""
_EXCEPTION = re.compile(
    r"^(?:\w{1,60}\.){0,6}(\w{2,60}(?:Error|Exception|Timeout|Failure|Read))\b"
    r"|\((\w{2,60}(?:Error|Exception))\)",
    re.MULTILINE,
)
"""The class of an exception: a line of a traceback begins with it, or it stands in brackets."""
_SHOUTED = re.compile(r"^([A-Z][A-Z0-9]{1,30}(?:_[A-Z0-9]{1,30}){1,8})\b")
"""A code that begins a sentence: `IMAGE_ERROR_UNSUPPORTED_FORMAT: image_file`."""
_OUTER = frozenset({"body", "query", "path", "header", "root", "params"})

_PAIR = re.compile(
    r"""["']([A-Za-z_]{2,30})["']\s{0,4}[:=]\s{0,4}(?:"([^"\n]{1,600})"|'([^'\n]{1,600})'|(\d{1,6}))"""
)
"""A key and its value in what is nearly JSON: a Python dict in words, an answer cut short."""
_XML = re.compile(r"<(Code|Message|Error|Reason)>([^<]{1,600})</", re.IGNORECASE)
_TAGS = re.compile(
    r"<(?:script|style)\b.{0,20000}?</(?:script|style)>|<[^>]{0,2000}>", re.IGNORECASE | re.DOTALL
)
_HTML = re.compile(r"<(?:!doctype|html|head|body|h1|title|center)\b", re.IGNORECASE)
_SAID_STATUS = re.compile(
    r"(?:\bHTTP(?:/\d(?:\.\d)?)?|\b(?:error|status)[ _]?code|\bstatus|\bserver error|"
    r"\bclient error|\berror|\b(?:returned|received|got)(?: an?)?)(?: code)?"
    r"[ :=('\"]{1,4}([45]\d\d)\b|^\s{0,8}([45]\d\d)(?:[ :]|$)",
    re.IGNORECASE,
)
"""An HTTP status within words: `Error code: 429 - …`, `503 Server Error`, `400: prompt …`."""


@dataclass(slots=True)
class Shape:
    """What a body says, in the order of saying: the outermost first."""

    codes: list[str] = field(default_factory=list)
    """Codes, types and reasons as written."""
    texts: list[str] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)
    """Inputs that are named as being at fault, such as `voice_settings.stability`."""
    waits: list[tuple[str, Any]] = field(default_factory=list)
    """How long to wait: the key, without case and `_`, and its value."""
    statuses: list[int] = field(default_factory=list)
    """HTTP statuses that stand within the body."""
    tales: list[str] = field(default_factory=list)
    """Ends of logs and tracebacks."""

    @property
    def words(self) -> str:
        """All that is said in words."""
        return "\n".join(self.texts)


def shape(body: str) -> Shape:
    """Return what a body says."""
    text = body
    if len(text) > MOST_CHARACTERS:
        text = text[: MOST_CHARACTERS - _TAIL] + "\n" + text[-_TAIL:]
    found = Shape()
    if _HTML.search(text[:2_000]):
        _read_markup(text, found)
    elif not _read_json(body if len(body) <= 4 * MOST_CHARACTERS else text, found):
        _read_words(text.strip(), found)
    _find_statuses(found)
    return found


def _read_json(text: str, found: Shape) -> bool:
    """Read JSON, also as lines or server-sent events; False where there is none."""
    parsed = _parsed(text)
    if not isinstance(parsed, dict | list | str):
        return False
    if isinstance(parsed, str):
        _read_words(parsed, found)
    else:
        _walk(parsed, found)
    return True


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _embedded(text: str) -> Any:
    """Return the first JSON object within words."""
    at = text.find("{")
    decoder = json.JSONDecoder()
    for _ in range(4):
        if at < 0:
            return None
        try:
            value, _end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            at = text.find("{", at + 1)
        else:
            if value:
                return value
            at = text.find("{", at + 1)
    return None


def _read_words(text: str, found: Shape) -> None:
    """Read words, in which JSON or a Python dict may stand."""
    if "<" in text and (pairs := _XML.findall(text)):
        for key, value in pairs[:20]:
            (found.codes if key.lower() == "code" else found.texts).append(unescape(value))
        return
    inner = _embedded(text) if "{" in text else None
    if inner is not None:
        head = text[: text.find("{")].strip(" \n:-")
        if head:
            _add(found.texts, head[-_MOST_TEXT:])
        _walk(inner, found)
        return
    if "{" in text:
        for key, double, single, number in _PAIR.findall(text)[:60]:
            _take(_plain(key), double or single or int(number), found)
    _find_codes(text, found)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > 12 and "Traceback (most recent call last)" in text:
        _add(found.texts, "\n".join(lines[-3:])[-_MOST_TEXT:])
        found.tales.append(text[-_MOST_TEXT:])
    elif len(text) > 2 * _MOST_TEXT:
        _add(found.texts, text[:_MOST_TEXT])
        _add(found.texts, text[-_MOST_TEXT:])
    else:
        _add(found.texts, text)


def _find_codes(text: str, found: Shape) -> None:
    """Note the one word that an answer consists of, and the classes of exceptions in it."""
    shouted = _SHOUTED.match(text)
    if shouted or not re.search(r"\s", text[:120]):
        _add(found.codes, shouted.group(1) if shouted else text[:120])
    for names in _EXCEPTION.findall(text[-_MOST_TEXT:])[-3:]:
        _add(found.codes, names[0] or names[1])


def _read_markup(text: str, found: Shape) -> None:
    """Read a page: what a proxy before the provider shows to people."""
    plain = unescape(_TAGS.sub(" ", text))
    _add(found.texts, " ".join(plain.split())[:_MOST_OF_PAGE])


def _walk(value: Any, found: Shape) -> None:
    """Read a JSON value breadth first, so that what is said outermost comes first."""
    queue: deque[tuple[str, Any, int]] = deque([("error", value, 0)])
    for _ in range(_MOST_THINGS):
        if not queue:
            return
        key, here, deep = queue.popleft()
        if isinstance(here, dict):
            if deep < _MOST_DEEP:
                _read_node(here, found)
                for inner_key, inner in list(here.items())[:200]:
                    name = _plain(str(inner_key))
                    if name not in _ECHO and not _is_result(name, inner):
                        queue.append((name or key, inner, deep + 1))
        elif isinstance(here, list):
            if key in _FIELD:
                _take(key, here, found)
            elif deep < _MOST_DEEP:
                queue.extend((key, inner, deep + 1) for inner in here[:50])
        else:
            _take(key, here, found)


def _is_result(key: str, value: Any) -> bool:
    """Tell what was made, or half made, from where some tell of their failures."""
    return key == "output" and not (isinstance(value, dict) and {"code", "message"} & value.keys())


def _read_node(node: dict[str, Any], found: Shape) -> None:
    """Read what only several keys of one object say together."""
    errors = node.get("node_errors")
    if not isinstance(errors, dict):
        return
    for name, of_node in list(errors.items())[:50]:
        for each in (of_node.get("errors") or ())[:20] if isinstance(of_node, dict) else ():
            if not isinstance(each, dict):
                continue
            # What one node says is more than that the whole prompt is wrong.
            told = ": ".join(str(each[key]) for key in ("message", "details") if each.get(key))
            _add(found.texts, told[:_MOST_TEXT])
            extra = each.get("extra_info")
            if isinstance(extra, dict) and isinstance(extra.get("input_name"), str):
                found.fields.append(f"{name}.{extra['input_name']}"[:120])


def _take(key: str, value: Any, found: Shape) -> None:
    """Note one value by what its key says it is."""
    if isinstance(value, bool) or value is None:
        return
    if key in _WAIT and isinstance(value, str | int | float):
        found.waits.append((key, value))
    elif key in _FIELD:
        _take_field(value, found)
    elif isinstance(value, int | float):
        if key in _CODE:
            _add(found.codes, str(value))
            if key != "type" and 400 <= value <= 599:
                found.statuses.append(int(value))
    elif isinstance(value, str):
        _take_string(key, value.strip(), found)


def _take_string(key: str, value: str, found: Shape) -> None:
    if not value:
        return
    if key in _LAST:
        found.tales.append(value[-_MOST_TEXT:])
        return
    if key in _CODE and len(value) <= 120 and not re.search(r"\s\S+\s", value):
        _add(found.codes, value.rsplit("/", 1)[-1] if "://" in value else value)
    elif key in _TEXT or key in _CODE:
        if value[0] in "{[" or '{"' in value or "{'" in value:
            _read_words(value[: 4 * _MOST_TEXT], found)
        else:
            _add(found.texts, value[:_MOST_TEXT])
            shouted = _SHOUTED.match(value)
            if shouted or not re.search(r"\s", value):
                _add(found.codes, shouted.group(1) if shouted else value[:120])
    elif len(value) > 8 and " " in value:
        # Whoever calls its message by a name of its own still speaks in sentences.
        _add(found.texts, value[:_MOST_TEXT])


def _take_field(value: Any, found: Shape) -> None:
    parts = value if isinstance(value, list) else [value]
    named = [str(part) for part in parts if isinstance(part, str | int) and part != ""]
    while len(named) > 1 and named[0] in _OUTER:
        named = named[1:]
    name = ".".join(named).strip("/$. ").replace("/", ".")[:120]
    if name and name not in _OUTER and re.fullmatch(r"[\w.\[\]\- ]{1,120}", name):
        _add(found.fields, name)


def _find_statuses(found: Shape) -> None:
    for text in found.texts[:8]:
        for match in list(_SAID_STATUS.finditer(text[:600]))[:3]:
            found.statuses.append(int(match.group(1) or match.group(2)))


def _add(to: list[str], value: str) -> None:
    if value and value not in to and len(to) < _MOST_TEXTS:
        to.append(value)


def _plain(key: str) -> str:
    return re.sub(r"[^a-z]", "", key[:40].lower())
