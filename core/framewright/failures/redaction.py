"""Takes secrets out of what a provider answers, before it reaches a log or a person."""

from __future__ import annotations

import re

MARK = "[secret]"
"""What stands where a secret stood."""

_WHOLE = re.compile(
    r"""
      \b(?:bearer|basic)\s+[A-Za-z0-9._~+/=:\-]{6,}
    | \bkey\s+[A-Za-z0-9\-_]{4,}:[A-Za-z0-9\-_]{4,}
    | \b(?!(?-i:[A-Z]+(?:_[A-Z]+)+\b))  # a code in capitals is no key
      (?:sk|rk|pk|ak|sess|luma|xai|pplx|fw|nvapi|hf|gsk|r8|key|whsec|gh[pos]|github_pat|tgp|fal
         |csk|rpa|api|secret|token|glpat|xox[abprs]|ya29|dop_v1|shpat)
         [-_.][A-Za-z0-9*][A-Za-z0-9_\-.*]{7,}
    | \bAIza[A-Za-z0-9_\-*]{10,} | \b(?:AKIA|ASIA)[A-Z0-9]{12,}
    | \beyJ[A-Za-z0-9_\-]{8,}(?:\.[A-Za-z0-9_\-]*){0,4}
    | \b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}:[A-Za-z0-9]{8,}
    | (?<![A-Za-z0-9+/_\-])(?=[A-Za-z]{0,39}[0-9])(?=[0-9]{0,39}[A-Za-z])[A-Za-z0-9]{40,}
    """,
    re.IGNORECASE | re.VERBOSE,
)
_NAMED = re.compile(
    r"""((?:api[_-]?key|apikey|xi-api-key|x-goog-api-key|authorization|password|passwd|secret|
          access[_-]?token|auth[_-]?token|client[_-]?secret|access[_-]?key|private[_-]?key|signature|
          credential|\bsig|\bkey|\btoken)
        ["']?\s{0,3}[:=]\s{0,3}["']?)
        (?!\[secret\])([^\s"'&,;<>{}()\[\]]{6,})""",
    re.IGNORECASE | re.VERBOSE,
)
_DATA = re.compile(r"(?:data:[\w.+/\-]{0,60};base64,)?[A-Za-z0-9+/]{120,}={0,2}")


def redacted(text: str) -> str:
    """Return a text without anything that looks like a key, a token, a signature or a file."""
    text = _DATA.sub("[data]", text)
    text = _WHOLE.sub(MARK, text)
    return _NAMED.sub(lambda match: match.group(1) + MARK, text)
