"""What codes mean that no table knows, read as words: `insufficientUserQuota`, `NO_FACE`."""

from __future__ import annotations

from framewright.domain.job import ErrorCategory as Category
from framewright.failures.patterns.rule import GONE, MEDIA, Rule, anyof

OF_CODES: tuple[Rule, ...] = (
    Rule(
        Category.CONTENT_POLICY,
        anyof(
            r"\bsafety\b(?! checker (?:version|tolerance))",
            r"\bmoderat\w+",
            r"\b(?:nsfw|sensitive|inappropriate|unsafe|prohibited|illegal|celebrity|copyright)\b",
            r"\bpolicy\b",
            r"\brisk (?:detection|control)\b",
            r"\bcontent (?:filter|violation|blocked|check|inspection)",
            r"\bviolation\b",
        ),
        anyof(r"\b(?:illegal|prohibited) (?:argument|parameter|state|operation|access)"),
    ),
    Rule(
        Category.CAPACITY,
        anyof(
            r"\bout of memory\b",
            r"\boom\b",
            r"\boverload\w*|\bover loaded\b",
            r"\b(?:busy|capacity|queue full)\b",
            r"\bnot ready\b",
            r"\b(?:insufficient|no) (?:gpu|capacity|instance|worker|resources?)",
        ),
    ),
    Rule(
        Category.RATE_LIMIT,
        anyof(
            r"\brate[ -]?limit",
            r"\bthrottl",
            r"\btoo many (?:\w+ )?(?:request|task|job|generation|call|connection|prediction"
            r"|attempt)",
            r"\bconcurren",
            r"\b(?:rpm|tpm|qps|ipm)\b",
            r"\bslow ?down\b",
            r"\b(?:daily|minute|hourly) (?:\w+ )?limit",
        ),
    ),
    Rule(
        Category.BILLING,
        anyof(
            r"\binsufficient (?:\w+ )?(?:credit|balance|fund|quota|token|point|money)",
            r"\b(?:credit|balance|fund|quota|point)s? (?:\w+ )?(?:insufficient|not enough|exceed"
            r"|exhaust|deplet|limit|too low|empty)",
            r"\bnot enough (?:\w+ )?(?:credit|balance|fund|quota|token|point)",
            r"\b(?:no|out of|zero|low) (?:credit|balance|fund|money)",
            r"\bpayment\b",
            r"\bbilling\b",
            r"\b(?:arrear|overdue|unpaid|past due)",
            r"\b(?:subscription|trial|plan) (?:\w+ )?(?:required|expired|ended|inactive|upgrade)",
            r"\b(?:spend\w*|budget) (?:\w+ )?(?:limit|cap|exceeded|exhausted|reached)",
        ),
    ),
    Rule(
        Category.AUTHENTICATION,
        anyof(
            r"\bunauthori[sz]ed\b",
            r"\bunauthenticated\b",
            r"\bauth(?:entication|orization)?\b",
            r"\b(?:invalid|missing|expired|incorrect|wrong|bad|revoked) (?:\w+ )?"
            r"(?:key|token|signature|credentials?)\b",
            r"\bapi key\b",
            r"\baccess (?:denied|forbidden|restricted)",
            r"\bpermissions?\b",
            r"\baccount (?:\w+ )?(?:suspended|disabled|deactivated|locked|banned|blocked)",
        ),
        anyof(r"\b(?:prompt|idempotency) key\b"),
    ),
    Rule(
        Category.INPUT_MEDIA,
        anyof(
            r"\bface\b",
            rf"\b{MEDIA}\b (?:\w+ ){{0,3}}(?:invalid|error|exceed|mismatch|too|not|no|unsupported"
            r"|download|fail|corrupt|large|size|dimension|format|process|inaccessible|unreachable)",
            rf"\b(?:invalid|unsupported|corrupt\w*|bad|broken|empty|illegal) (?:\w+ )?{MEDIA}\b",
            r"\bremote content\b",
            r"\b(?:payload|entity|request) too large\b",
            r"\bdownload\w* (?:\w+ )?(?:error|failed|failure|timeout|timed out)",
            r"\b(?:source|input|reference|asset) (?:\w+ )?ur[il]\b",
            r"\bmalformed (?:image|video|audio|file)\b|\bresolution too\b|\bforeground\b",
        ),
        anyof(
            r"\bnot found\b",
            r"\bsize (?:param|value)",
            r"\b(?:image|video|audio|media) (?:\w+ )?(?:generation|creation|model|service|size"
            r"|api)",
        ),
    ),
    Rule(
        Category.NOT_FOUND,
        anyof(
            r"\bnot (?:found|exists?|open)\b",
            r"\bdoes not exist\b",
            r"\b(?:unknown|no such) (?:\w+ )?(?:model|voice|endpoint|task|version)",
            rf"\b(?:model|version|endpoint) (?:\w+ )?{GONE}",
            r"\bclosed endpoint\b",
        ),
    ),
    Rule(
        Category.CANCELLED,
        anyof(
            r"\bcancell?ed\b",
            r"\bcancell?ation\b",
            r"\binterrupt(?:ed|ion)\b",
            r"\binterrupt processing",
            r"\baborted\b",
        ),
    ),
    Rule(
        Category.OUTAGE,
        anyof(
            r"\bunavailable\b",
            r"\btimed? ?out\b|\btimeout\b",
            r"\binternal\b",
            r"\b(?:server|service|upstream|gateway|network|connection|system) (?:\w+ )?"
            r"(?:error|fail\w*|fault|reset|closed)\b",
            r"\bbad output\b",
            r"\bdisconnected\b",
            r"\bmaintenance\b",
        ),
        anyof(r"\bnot internal\b"),
    ),
    Rule(
        Category.INVALID_PARAMETERS,
        anyof(
            r"\binvalid\b",
            r"\bcontext (?:window|length)\b",
            r"\bmissing\b",
            r"\blacking\b",
            r"\bunwanted\b",
            r"\brequired\b",
            r"\bvalidation\b|\bparam(?:eter)?s?\b",
            r"\bbad (?:request|prompt|param)",
            r"\bout of range\b",
            r"\bunsupported\b",
            r"\btoo (?:long|short|large|small|big)\b",
            r"\bnot (?:supported|allowed|permitted|valid)\b",
            r"\bmalformed\b",
        ),
    ),
)
