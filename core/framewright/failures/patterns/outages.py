"""Words of a provider that is down, or that could not be reached."""

from __future__ import annotations

from framewright.domain.job import ErrorCategory as Category
from framewright.failures.patterns.rule import Rule, anyof

SLOW = Rule(
    Category.OUTAGE,
    anyof(
        r"\b(?:timed out|took too long)\b",
        r"\bexceed\w* (?:[\w-]+ ){0,3}(?:processing|execution|running|run|wall|time)[ -]?"
        r"(?:time|limit)\b",
        r"\b(?:processing|execution|running|generation|task) time(?:out)? (?:limit )?exceeded",
    ),
)

OUTAGE = Rule(
    Category.OUTAGE,
    anyof(
        r"\binternal\b.{0,20}\b(?:error|failure|issue|problem|fault)|\bserver error\b",
        r"\bservice (?:is )?(?:\w+ )?unavailable|\bbad gateway|\bgateway time-?out",
        r"\btemporar(?:il)?y (?:\w+ )?(?:unavailable|failure|error|issue|down|unable)",
        r"\btim(?:ed|e|ing)[ -]?out|\btimeout|\bdeadline (?:exceeded|expired)|\btook too long",
        r"\bconnection (?:\w+ ){0,2}(?:reset|refused|aborted|error|closed|lost|failed|broken"
        r"|dropped)|\bconnection error|\bserver ?disconnected|\bremote end closed"
        r"|\bdisconnected\b|\bpeer closed|\bsocket hang ?up|\bbroken pipe",
        r"\bincomplete (?:read|chunked|response)|\bfailed to (?:establish|connect)"
        r"|\b(?:can|could) ?not connect|\bfetch failed|\bfailed to fetch|\bnetwork[ _](?:error"
        r"|issue|problem|failure|unreachable)|\bunreachable\b|\bmax retries exceeded",
        r"\be(?:conn|host|net)\w{3,12}|\betimedout|\beai_again|\benotfound|\bepipe\b",
        r"\bname or service not known|\bname resolution|\bgetaddrinfo|\bnodename nor|\bdns\b"
        r"|\b(?:ssl|tls)\b|\bcertificate|\beof occurred",
        r"\bmaintenance\b|\boutage\b|\bserver is down|\bhost error|\borigin\b.{0,30}\b(?:down"
        r"|unreachable|error)|\bupstream\b|\bdownstream\b",
        r"服务器错误|内部错误|超时",
    ),
)

VAGUE = Rule(
    Category.OUTAGE,
    anyof(
        r"\bsomething went wrong|\bunexpected (?:\w+ )?error|\bunknown (?:server )?error"
        r"|\ban error (?:has )?occurred|\bunavailable\b",
        r"\b(?:try|retry)\b.{0,20}\b(?:again )?(?:later|in a (?:few|moment|while|minute))"
        r"|\bplease (?:re)?try",
        r"稍后再试|稍后重试",
    ),
    anyof(r"\bcuda\b"),
)
"""What is said of any fault; a status that blames the request says more."""
