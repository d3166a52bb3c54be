"""The OpenAPI document as a page to read: plain, without scripts, and without any other server."""

from __future__ import annotations

import json
from html import escape
from typing import Any

_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;
color:#1b1b1f;background:#fcfcfd}
h1{margin-bottom:.2rem}h2{margin-top:3rem}
code,pre{font:14px/1.45 ui-monospace,monospace}pre{background:#f0f1f4;padding:.8rem;overflow:auto;
border-radius:6px}
details{border:1px solid #d9dbe1;border-radius:6px;margin:.6rem 0;padding:.5rem .8rem}
summary{cursor:pointer}summary b{display:inline-block;min-width:3.5rem}
table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;
padding:.25rem .6rem .25rem 0;border-top:1px solid #e6e7eb}
.muted{color:#666a75}
@media(prefers-color-scheme:dark){body{color:#e6e6ea;background:#17181c}pre{background:#23252b}
details{border-color:#3a3d45}td,th{border-color:#2c2f36}.muted{color:#9a9eaa}}
"""


def page(document: dict[str, Any]) -> str:
    """Return the page of an OpenAPI document."""
    info = document["info"]
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width">',
        f"<title>{escape(info['title'])}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{escape(info['title'])} <span class=muted>{escape(info['version'])}</span></h1>",
        f"<p>{escape(info['description'])}</p>",
        '<p>For programs: <a href="/openapi.json">openapi.json</a></p><h2>What can be asked</h2>',
    ]
    for path, methods in document["paths"].items():
        parts += [_operation(path, method, told) for method, told in methods.items()]
    parts.append("<h2>Forms</h2>")
    for name, schema in sorted(document["components"]["schemas"].items()):
        body = escape(json.dumps(schema, indent=2, ensure_ascii=False))
        title = escape(name)
        parts.append(
            f'<details id="{title}"><summary><code>{title}</code></summary>'
            f"<pre>{body}</pre></details>"
        )
    parts.append("</body></html>\n")
    return "".join(parts)


def _operation(path: str, method: str, told: dict[str, Any]) -> str:
    rows = [
        f"<tr><td><code>{escape(each['name'])}</code><td>{escape(each['in'])}"
        f"<td>{escape(each.get('description', ''))}"
        for each in told["parameters"]
    ]
    table = f"<table><tr><th>Name<th>In<th>Meaning{''.join(rows)}</table>" if rows else ""
    answers = "".join(
        f"<tr><td>{escape(status)}<td>{escape(each['description'])} {_forms(each)}"
        for status, each in told["responses"].items()
    )
    body = f"<p>Body: {_forms(told['requestBody'])}</p>" if "requestBody" in told else ""
    return (
        f"<details><summary><b>{method.upper()}</b> <code>{escape(path)}</code> "
        f"<span class=muted>{escape(told['summary'])}</span></summary>{table}{body}"
        f"<table><tr><th>Answer<th>Meaning{answers}</table></details>"
    )


def _forms(told: dict[str, Any]) -> str:
    """Return links to the forms of a body, or what media it is."""
    found = []
    for media, each in told.get("content", {}).items():
        name = each["schema"].get("$ref", "").rpartition("/")[2]
        found.append(
            f'<a href="#{escape(name)}"><code>{escape(name)}</code></a>'
            if name
            else f"<code>{escape(media)}</code>"
        )
    return ", ".join(found)
