"""Single words that hint at a cause, asked where nothing else says more than `bad request`.

Only of causes that no retry mends: a wrong guess here sends nobody round in circles.
"""

from __future__ import annotations

from framewright.domain.job import ErrorCategory as Category
from framewright.failures.patterns.rule import Rule, anyof

HINTS: tuple[Rule, ...] = (
    Rule(
        Category.CONTENT_POLICY,
        anyof(
            r"\b(?:sensitive|illegal|audit|prohibited|banned|inappropriate|unsafe|offensive"
            r"|violat\w+|moderat\w+|compliance|copyrighted)\b",
        ),
        anyof(r"\b(?:case|type|locale)[- ]sensitive\b", r"\billegal (?:argument|character|value)"),
    ),
    Rule(
        Category.BILLING,
        anyof(
            r"\b(?:credits?|balance|billing|payments?|subscriptions?|invoices?|wallet|prepaid)\b"
        ),
        anyof(r"\bwhite balance\b", r"\bcredits? (?:have been|were|are) (?:refunded|returned)"),
    ),
    Rule(
        Category.INPUT_MEDIA,
        anyof(
            r"\b(?:faces?|facial|codecs?|pixels?|mime|keyframes?|silent|corrupt\w*|bitrate"
            r"|sample rate|transparency|alpha channel|exif|watermark)\b",
            r"\b(?:image|video|audio|picture|photo|file|media|clip)s? (?:format|file|url|type|data"
            r"|content|quality|track|stream|metadata|resolution|dimensions?|duration|length)\b",
        ),
        anyof(
            r"\b(?:required|provided|specified|parameter|argument|must be|one of|output)\b",
            r"\b(?:restore|swap)_?faces?\b",
        ),
    ),
    Rule(
        Category.AUTHENTICATION,
        anyof(
            r"\b(?:permissions?|not a member|credentials?|log ?in|logged in|api keys?|whitelist)\b"
        ),
    ),
)
