"""Words of what a provider will not make, and of what somebody called off."""

from __future__ import annotations

from framewright.domain.job import ErrorCategory as Category
from framewright.failures.patterns.rule import FEW, IS, Rule, anyof

CANCELLED = Rule(
    Category.CANCELLED,
    anyof(
        rf"\b{IS}(?:cancell?ed|interrupted|aborted) (?:by|on) (?:\w+ )?(?:the )?(?:user|client"
        r"|caller|request|admin)",
        r"\b(?:task|job|prediction|request|generation|prompt|operation|run|execution) "
        rf"{IS}(?:cancell?ed|aborted)\b(?! (?:due|because))",
        r"\bexecution interrupted\b",
        r"^\W*(?:[\w.]*\.)?(?:cancell?ed|aborted|interrupted)(?:error|exception)?\W*$",
        r"\buser (?:has )?(?:cancell?ed|aborted|stopped)\b",
    ),
)

POLICY = Rule(
    Category.CONTENT_POLICY,
    anyof(
        r"\b(?:content|usage|safety|use|community|ai|moderation|management) "
        r"(?:polic(?:y|ies)|guidelines|standards|rules)\b",
        r"\bsafety (?:system|filter|check|settings|reasons?|review|violation|restrict|concern"
        r"|measures|classifier)",
        r"\bmoderat(?:ion|ed|or)\b|\bto moderate\b",
        r"\bnsfw\b",
        r"\b(?:nude|nudity|sexual|porn\w*|erotic|gore|gory)\b",
        r"\b(?:explicit|adult|mature|offensive|obscene|hateful) "
        r"(?:content|material|images?|prompt|words?)",
        r"\bflagged\b(?! for (?:review of )?(?:billing|payment))",
        r"\b(?:responsible|trustworthy) ?ai\b",
        r"\brai[ _](?:policy|filter|media)",
        r"\bsensitive (?:content|words?|information|material|topics?|data|input)\b",
        r"\bnew_sensitive\b",
        r"\b(?:prohibited|disallowed|forbidden|banned|blocked|restricted|filtered|blacklisted"
        r"|inappropriate|unsafe|harmful|objectionable) "
        r"(?:content|words?|terms?|material|prompt|tokens?|keywords?|images?|topics?|use)\b",
        rf"\bviolat\w+ {FEW}(?:\w+ )?(?:polic|guideline|terms|rules|usage|standards|safety"
        r"|law|regulation|aup)",
        r"\bcontent (?:filter|violation|restrict|inspection|checker|check|safety|security)",
        rf"\b(?:content|material) {IS}(?:blocked|rejected|not allowed|prohibited|filtered)",
        r"\bagainst (?:our|the|their) (?:\w+ ){0,2}(?:polic|guideline|terms|rules|standards)",
        r"\brisk[ -]control\b",
        r"\b(?:copyright(?:ed|s)?(?! ?(?:©|\(c\)|\d{4}))|trademark\w*|likeness(?:es)?"
        r"|public figures?|celebrit\w+|intellectual property|real (?:people|persons?|human))\b",
        r"\b(?:harmful|hate speech|violen(?:t|ce)|self[- ]harm|terroris\w+|child safety"
        r"|minors)\b",
        rf"\b(?:prompt|response|input|image|output|text|content|video|generation)s? {IS}"
        r"(?:blocked|rejected|filtered|refused|denied|caught)\b(?! (?:by|because) (?:\w+ )?"
        r"(?:rate|quota|billing))",
        rf"\brequest {IS}(?:blocked|rejected|refused|denied)\b(?=[:.]? ?$| ?:|.{{0,40}}\b(?:by our"
        r"|by the|as a result|content|safety|prompt|image|text)\b)",
        r"\bi(?:'m| am)? (?:can ?not|can't|unable to|sorry|not able to)\b",
        r"\b(?:can't|cannot|unable to) (?:create|generate|make|help|assist|fulfil\w*) "
        rf"{FEW}(?:that|of|with|because|due)\b",
        r"\bprompt\b.{0,60}\bnot allowed\b",
        r"敏感|违规|违禁|色情|审核|不合规|涉黄|内容安全",
    ),
)
