"""Words of keys and rights, and of what is not there."""

from __future__ import annotations

from framewright.domain.job import ErrorCategory as Category
from framewright.failures.patterns.rule import FEW, GONE, IS, Rule, anyof

_THING = (
    r"(?:model|version|voice|deployment|engine|task|job|prediction|generation|endpoints?"
    r"|application|app|workflow|resource|page|route|project|repository|lora|checkpoint|avatar"
    r"|function|collection|template|style|path|key|object|sampler|scheduler|node|url|id)"
)

NO_MODEL = Rule(
    Category.NOT_FOUND,
    anyof(
        r"\b(?:model|version|endpoint|deployment|voice)\b.{0,120}\b(?:does(?: not|n't) exist"
        r"|not found|could not be found)",
        r"\b(?:not a valid model|no such model|model identifier)\b",
        r"\b(?:wrong|unknown|invalid|incorrect) model"
        r"(?: (?:name|id|identifier|specified|provided)\b|[ :]*['\"`])",
        r"\bunknown model\b",
    ),
)

AUTHENTICATION = Rule(
    Category.AUTHENTICATION,
    anyof(
        r"\b(?:api|access|secret|subscription)[ _-]?(?:key|token)s?\b",
        r"\b(?:unauthenticated|unauthori[sz]ed|not authori[sz]ed|unauthori[sz]ation)\b",
        r"\bauthori[sz]ation\b|\bauthenticat(?:e|ion|ed)\b|\bcredentials?\b",
        r"\b(?:permission|access) (?:is |was |has been )?(?:denied|restricted|forbidden"
        r"|revoked)|\bpermission_denied\b",
        rf"\b(?:not|n't) have {FEW}(?:permissions?|access)\b",
        rf"\b(?:missing|lacks?|insufficient|requires?) {FEW}(?:permissions?|scopes?)\b",
        rf"\b(?:invalid|expired|missing|bad|wrong|no|incorrect) {FEW}(?:token|jwt|signature"
        r"|bearer|login|cookie)\b",
        r"\b(?:token|jwt|signature|session|login|key) (?:has |is |was )?(?:been )?"
        r"(?:expired|invalid|missing|revoked|disabled|deleted|deactivated|malformed|does not match"
        r"|failed|fail|seems invalid)",
        r"\blogin fail|\bno (?:user|account) (?:was )?found\b",
        r"\bip(?: address)? (?:is )?not allowed\b|\b(?:white|allow|trust) ?list(?:ed)?\b",
        r"\b(?:user|account|token|api key) not found\b|\bno permission\b",
        r"\bmust be verified\b|\bverify (?:your )?(?:organi[sz]ation|account|email|identity)",
        r"\b(?:account|user|organi[sz]ation|project|workspace|key) (?:\w+ ){0,3}(?:suspended"
        r"|deactivated|disabled|banned|locked|terminated|frozen|blocked)",
        r"\b(?:country|region|territory|location)\b.{0,60}\bnot (?:supported|available"
        r"|allowed|permitted)",
        r"\bgated (?:repo|model)|\b(?:not allowed|not permitted|forbidden) to (?:access|use|call)",
        r"\b(?:unusual|suspicious) activity\b|\byou have been blocked\b|\bforbidden\b",
        r"鉴权|未授权|密钥|无权限",
    ),
)

NOT_FOUND = Rule(
    Category.NOT_FOUND,
    anyof(
        rf"\b{_THING}\b.{{0,100}}\b(?:not found|(?:does|do|did)(?: not|n't) exist|not exist"
        rf"|could not be found|is unknown|no longer|{IS}{GONE})",
        rf"\b(?:no|unknown|unrecogni[sz]ed|nonexistent|find|found) (?!error)(?:such |a |any )?"
        rf"(?:\w+ ){{0,2}}{_THING}\b(?:.{{0,30}}\bfound)?(?! (?:provided|specified|given))",
        r"\bnot found\b|\bno such (?:file(?!.{0,40}/tmp/)|model|key|bucket)",
        r"\bno longer (?:available|supported)|\b(?:deprecated|decommissioned)\b",
        r"\breached (?:the |its )?end of (?:its )?life",
        r"\bhas not activated\b|\bnot activated\b",
        r"不存在|未找到",
    ),
    anyof(r"\bname or service\b", r"\b(?:cannot find|unknown) (?:field|parameter)", r"\bdns\b"),
)
