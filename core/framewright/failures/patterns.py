"""What the words of a failed answer mean: patterns in the order in which they are asked.

`OF_CODES` are asked of codes written as words (`insufficient_user_quota` → `insufficient user
quota`), so that one that no table knows still says what it means; `OF_TEXTS` of whole sentences.
Every pattern is bounded, so that no text makes it slow.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from framewright.domain.job import ErrorCategory as Category


class Rule(NamedTuple):
    """Words that mean a category, and what else is said or not said."""

    category: Category
    says: re.Pattern[str]
    unless: re.Pattern[str] | None = None
    """Words beside which it means something else."""
    beside: re.Pattern[str] | None = None
    """Words without which it means something else; codes count as such."""


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{each})" for each in patterns), re.IGNORECASE)


_FEW = r"(?:[\w'-]+ ){0,3}"
"""Up to three words in between."""
_NEAR = r".{0,40}"
_IS = r"(?:(?:is|was|are|were|be|been|has been|have been|got) )?"
_MEDIA = (
    r"(?:images?|pictures?|photos?|videos?|audios?|audio|clips?|media|masks?|frames?|files?|assets?"
    r"|archives?|zip|portraits?|footage|recordings?|selfies?|pixels|sound)"
)
_MONEY = r"(?:credits?|balance|funds?|money|wallet|coins|api tokens|points|tokens balance)"
_GONE = r"(?:deprecated|removed|retired|decommissioned|discontinued|sunset|shut ?down|deleted)"
_THING = (
    r"(?:model|version|voice|deployment|engine|task|job|prediction|generation|endpoints?"
    r"|application|app|workflow|resource|page|route|project|repository|lora|checkpoint|avatar"
    r"|function|collection|template|style|path|key|object|sampler|scheduler|node|url|id)"
)

OF_CODES: tuple[Rule, ...] = (
    Rule(
        Category.CONTENT_POLICY,
        _any(
            r"\bsafety\b(?! checker (?:version|tolerance))",
            r"\bmoderat\w+",
            r"\b(?:nsfw|sensitive|inappropriate|unsafe|prohibited|illegal|celebrity|copyright)\b",
            r"\bpolicy\b",
            r"\brisk (?:detection|control)\b",
            r"\bcontent (?:filter|violation|blocked|check|inspection)",
            r"\bviolation\b",
        ),
        _any(r"\b(?:illegal|prohibited) (?:argument|parameter|state|operation|access)"),
    ),
    Rule(
        Category.CAPACITY,
        _any(
            r"\bout of memory\b",
            r"\boom\b",
            r"\boverload",
            r"\b(?:busy|capacity|queue full)\b",
            r"\bnot ready\b",
            r"\b(?:insufficient|no) (?:gpu|capacity|instance|worker|resources?)",
        ),
    ),
    Rule(
        Category.RATE_LIMIT,
        _any(
            r"\brate[ -]?limit",
            r"\bthrottl",
            r"\btoo many\b",
            r"\bconcurren",
            r"\b(?:rpm|tpm|qps|ipm)\b",
            r"\bslow ?down\b",
            r"\b(?:daily|minute|hourly) (?:\w+ )?limit",
        ),
    ),
    Rule(
        Category.BILLING,
        _any(
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
        _any(
            r"\bunauthori[sz]ed\b",
            r"\bunauthenticated\b",
            r"\bauth(?:entication|orization)?\b",
            r"\b(?:invalid|missing|expired|incorrect|wrong|bad|revoked) (?:\w+ )?"
            r"(?:key|token|signature|credentials?)\b",
            r"\baccess (?:denied|forbidden|restricted)",
            r"\bpermissions?\b",
            r"\baccount (?:\w+ )?(?:suspended|disabled|deactivated|locked|banned|blocked)",
        ),
        _any(r"\bprompt key\b"),
    ),
    Rule(
        Category.INPUT_MEDIA,
        _any(
            r"\bface\b",
            rf"\b{_MEDIA}\b (?:\w+ ){{0,3}}(?:invalid|error|exceed|mismatch|too|not|no|unsupported"
            r"|download|fail|corrupt|large|size|dimension|format|process)",
            rf"\b(?:invalid|unsupported|corrupt\w*|bad|broken|empty|illegal) (?:\w+ )?{_MEDIA}\b",
            r"\bremote content\b",
            r"\b(?:payload|entity|request) too large\b",
            r"\bdownload\w* (?:\w+ )?(?:error|failed|failure)",
        ),
        _any(r"\bnot found\b", r"\bsize (?:param|value)"),
    ),
    Rule(
        Category.NOT_FOUND,
        _any(
            r"\bnot (?:found|exists?|open)\b",
            r"\bdoes not exist\b",
            r"\b(?:unknown|no such) (?:\w+ )?(?:model|voice|endpoint|task|version)",
            rf"\b(?:model|version|endpoint) (?:\w+ )?{_GONE}",
            r"\bclosed endpoint\b",
        ),
    ),
    Rule(
        Category.CANCELLED,
        _any(
            r"\bcancell?ed\b",
            r"\bcancell?ation\b",
            r"\binterrupt(?:ed|ion)\b",
            r"\binterrupt processing",
            r"\baborted\b",
        ),
    ),
    Rule(
        Category.OUTAGE,
        _any(
            r"\bunavailable\b",
            r"\btimed? ?out\b",
            r"\binternal\b",
            r"\b(?:server|service|upstream|gateway|network|connection|system) (?:\w+ )?"
            r"(?:error|fail\w*|fault|reset|closed)\b",
            r"\bbad output\b",
            r"\bdisconnected\b",
            r"\bmaintenance\b",
        ),
        _any(r"\bnot internal\b"),
    ),
    Rule(
        Category.INVALID_PARAMETERS,
        _any(
            r"\binvalid\b",
            r"\bmissing\b",
            r"\blacking\b",
            r"\bunwanted\b",
            r"\brequired\b",
            r"\bvalidation\b",
            r"\bbad (?:request|prompt|param)",
            r"\bout of range\b",
            r"\bunsupported\b",
            r"\btoo (?:long|short|large|small|big)\b",
            r"\bnot (?:supported|allowed|permitted|valid)\b",
            r"\bmalformed\b",
        ),
    ),
)

OF_TEXTS: tuple[Rule, ...] = (
    Rule(
        Category.INVALID_PARAMETERS,
        _any(
            r"\b(?:unknown|unexpected|unrecogni[sz]ed|extra|additional) (?:\w+ )?"
            r"(?:parameters?|fields?|arguments?|propert(?:y|ies)|keys?|inputs?)\b",
            r"\bfield (?:is )?required\b",
            r"\bmissing required (?:parameter|field|argument|input|property)",
            r"\bsupported values are\b",
            r"\bvalue not in list\b",
            r"\bmust be one of\b(?!.{0,40}\b(?:mime|format|codec))",
        ),
    ),
    Rule(
        Category.CANCELLED,
        _any(
            rf"\b{_IS}(?:cancell?ed|interrupted|aborted) (?:by|on) (?:\w+ )?(?:the )?(?:user|client"
            r"|caller|request|admin)",
            r"\b(?:task|job|prediction|request|generation|prompt|operation|run|execution) "
            rf"{_IS}(?:cancell?ed|aborted)\b(?! (?:due|because))",
            r"\bexecution interrupted\b",
            r"^\W*(?:[\w.]*\.)?(?:cancell?ed|aborted|interrupted)(?:error|exception)?\W*$",
            r"\buser (?:has )?(?:cancell?ed|aborted|stopped)\b",
        ),
    ),
    Rule(
        Category.CONTENT_POLICY,
        _any(
            r"\b(?:content|usage|safety|use|community|ai|moderation|management) "
            r"(?:polic(?:y|ies)|guidelines|standards|rules)\b",
            r"\bsafety (?:system|filter|check|settings|reasons?|review|violation|restrict|concern"
            r"|measures|classifier)",
            r"\bmoderat(?:ion|ed|or)\b",
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
            rf"\bviolat\w+ {_FEW}(?:\w+ )?(?:polic|guideline|terms|rules|usage|standards|safety"
            r"|law|regulation|aup)",
            r"\bcontent (?:filter|violation|restrict|inspection|checker|check|safety|security)",
            rf"\b(?:content|material) {_IS}(?:blocked|rejected|not allowed|prohibited|filtered)",
            r"\brisk[ -]control\b",
            r"\b(?:copyright\w*|trademark\w*|likeness(?:es)?|public figures?|celebrit\w+"
            r"|intellectual property|real (?:people|persons?|human))\b",
            r"\b(?:harmful|hate speech|violen(?:t|ce)|self[- ]harm|terroris\w+|child safety"
            r"|minors)\b",
            rf"\b(?:prompt|request|input|image|output|text|content|generation)s? {_IS}"
            r"(?:blocked|rejected|filtered|refused|denied|caught)\b(?! (?:by|because) (?:\w+ )?"
            r"(?:rate|quota|billing))",
            r"\bi(?:'m| am)? (?:can ?not|can't|unable to|sorry|not able to)\b",
            r"\b(?:can't|cannot|unable to) (?:create|generate|make|help|assist|fulfil\w*) "
            rf"{_FEW}(?:that|of|with|because|due)\b",
            r"\bprompt\b.{0,60}\bnot allowed\b",
            r"敏感|违规|违禁|色情|审核|不合规|涉黄|内容安全",
        ),
    ),
    Rule(
        Category.CAPACITY,
        _any(
            r"\bout of (?:\w+ )?memory\b",
            r"\boom\b",
            r"\boutofmemory",
            r"\b(?:can'?t|can ?not|failed to|unable to) allocate (?:\w+ )?memory",
            r"\bcuda\b.{0,40}\bmemory\b",
            r"\ballocation on device",
            r"\b(?:requires?|needs?) more (?:\w+ )?memory",
            r"\bcu(?:blas|dnn)_?status_?(?:alloc_failed|not_initialized)",
            r"\b(?:insufficient|no|not enough|lack of|out of) (?:\w+ ){0,2}"
            r"(?:capacity|gpus?|instances?|workers?|runners?|compute|vram|memory|containers?)\b",
            r"\boverload",
            r"\b(?:over|at|at full|at max|exceeds?|no|out of) capacity\b",
            r"\bcapacity (?:exceeded|exhausted|constraints?|limit|issue|error|is|reached|not)",
            r"\b(?:high|heavy|peak|unusually high) (?:demand|load|traffic|volume|usage)\b",
            r"\b(?:is|are|too|currently|very|system|server|service|model)(?: too| currently| very)?"
            r" busy\b",
            r"\bqueue (?:is )?(?:full|too long|at capacity|size exceeded)",
            r"\bunable to handle (?:\w+ ){0,2}requests",
            r"\bresources? (?:are |is )?(?:\w+ )?(?:deplet|unavailable)",
            r"\bmodel\b.{0,80}\b(?:is|still|currently) (?:\w+ )?(?:loading|starting|warming"
            r"|booting|initiali[sz]ing)",
            r"\b(?:is|still) (?:currently )?loading\b",
            r"\b(?:is|are) not (?:yet )?ready\b",
            r"\bcold[- ](?:start|boot)",
            r"\bwarming up\b",
            r"\b(?:no|zero) (?:\w+ ){0,2}(?:runner|worker|machine|server|replica|gpu)s? "
            r"(?:are )?(?:currently )?(?:available|online|ready)",
            r"系统繁忙|服务繁忙|负载过高|资源不足",
        ),
        _any(r"\brate limit\b", r"\bat capacity for your (?:plan|account)"),
    ),
    Rule(
        Category.RATE_LIMIT,
        _any(
            r"\brate[ -]?limit",
            r"\bthrottl",
            r"\btoo many (?:[\w-]+ ){0,3}(?:requests?|predictions?|jobs?|tasks?|generations?|calls"
            r"|attempts?|tokens|connections|images|videos)",
            r"\b(?:requests?|images?|tokens?|generations?|calls|queries|predictions|videos"
            r"|characters) (?:per|/|a) ?(?:second|minute|min|hour|day)",
            r"\brequests_per_|\bper[_ ](?:minute|second|hour|day)\b",
            r"\bconcurren(?:t|cy)\b.{0,80}\b(?:limit|exceed|reach|max|many|allow)",
            r"\b(?:limit|exceed|reach|max|many)\w*\b.{0,80}\bconcurren(?:t|cy)",
            r"\bslow(?:ing)? (?:it )?down\b",
            r"\b(?:too|request) (?:fast|frequent)",
            r"\b(?:daily|hourly|weekly) (?:\w+ ){0,3}(?:limit|quota|maximum|allowance)",
            r"\bparallel (?:\w+ ){0,2}(?:limit|tasks?|jobs?|requests?)",
            r"\b(?:active|running|pending|queued|ongoing|in[- ]progress) (?:tasks?|jobs?|requests?"
            r"|generations?)\b",
            r"\b(?:tasks?|jobs?|requests?|generations?) (?:are )?(?:already )?in progress",
            r"\b(?:rpm|tpm|qps|rps|ipm|tpd|rpd)\b",
            r"\brequest rate\b",
            r"\berror (?:code: )?1015\b",
            r"\bexceeded the (?:limit|number) of (?:\w+ ){0,2}(?:generation|request|task|job)",
            r"频繁|限流|并发",
        ),
        _any(r"\bout of credits\b", r"\binsufficient (?:credit|balance|fund)"),
    ),
    Rule(
        Category.RATE_LIMIT,
        _any(r"\bquota (?:is |was )?(?:exceeded|exhausted)", r"\bexceed\w* (?:\w+ ){0,4}quota"),
        _any(
            r"\binsufficient\b",
            r"\blimit: 0\b",
            r"\b(?:credits?|balance|prepa\w+|monthly)\b",
        ),
        # Google says the same of its rates as others say of their bills.
        _any(r"\bresource exhausted\b", r"\bquota increase\b", r"\bretry ?info\b"),
    ),
    Rule(
        Category.BILLING,
        _any(
            rf"\b(?:insufficient|(?:not|n't|not have|n't have) enough|inadequate|lacks?|lacking"
            rf"|low|no|zero|negative|without|exhausted|exceed\w*|deplet\w+|consum\w+|used up|spent"
            rf"|requires? more|need more|run out of|ran out of|out of) {_FEW}{_MONEY}\b",
            rf"\b{_MONEY}\b {_FEW}(?:exhausted|depleted|insufficient|too low|not enough|expired"
            r"|used up|required|needed|limit|negative|empty|ran out|run out|below|short)",
            rf"\b(?:purchase|buy|add|top[ -]?up|recharge|refill) {_FEW}(?:{_MONEY}|account|plan)\b",
            r"\btop[ _-]?up\b|\brecharge\b",
            r"\bpayment\b(?! intent object)",
            r"\b(?:past due|overdue|unpaid|arrears?|outstanding (?:invoice|balance))\b",
            r"\bbilling\b|\bbilled (?:users|accounts|customers)\b",
            r"\bspend(?:ing)? (?:limit|cap)|\b(?:usage|budget|cost) (?:cap|limit|exceeded)",
            rf"\b(?:exceed|over|reach|hit)\w* {_FEW}(?:\w+ )?(?:budget|quota|allowance)\b",
            r"\bquota\b.{0,40}\b(?:exceed|exhaust|reach|used|insufficient)",
            r"\b(?:free|monthly|included) (?:\w+ ){0,2}(?:limit|quota|allowance|credits|tier)"
            r"\b.{0,40}\b(?:exceed|reach|exhaust|used|hit|ended|over)",
            r"\b(?:exceed|reach|exhaust|used|hit)\w*\b.{0,40}\b(?:free|monthly|included) "
            r"(?:\w+ ){0,2}(?:limit|quota|allowance|credits|tier|usage)",
            r"\b(?:trial|subscription|plan) (?:has |is |period )*(?:expired|ended|over|required"
            r"|inactive|cancell?ed)",
            r"\b(?:requires?|needs?|need|upgrade to) (?:a |an |your )?(?:paid|active|higher|pro"
            r"|premium|enterprise) (?:\w+ ){0,2}(?:plan|subscription|tier|account)",
            r"\b(?:can )?only afford\b",
            r"余额不足|欠费|充值|额度不足|积分不足|余额",
        ),
        _any(r"\bunauthori[sz]ed\b(?!.{0,80}(?:credit|quota|balance))", r"\bbilling address\b"),
    ),
    Rule(
        Category.INPUT_MEDIA,
        _any(
            r"\bcannot identify image|\bunidentified ?image|\bimage file is truncated",
            r"\bbroken data stream|\bmoov atom|\binvalid data found when processing"
            r"|\bdecompression ?bomb|\btranscod\w+ (?:failed|error)",
            r"\b(?:no|multiple|more than one|without) (?:\w+ ){0,2}(?:faces?|person|people|audio"
            r"|speech|audio track|video stream|audio stream)\b(?! (?:id|model))",
            r"\bfaces?\b.{0,30}\b(?:not|detect|found|visible|too|small)",
            r"\b(?:detect|find|locate|recogni[sz]e) (?:\w+ ){0,3}faces?\b",
            r"\b(?:failed|fails?|unable|could ?n[o']?t|can ?not|can't|error|problem|not able|issue)"
            r"\b(?: to| while| when| in)? ?(?:be )?(?:\w+ ){0,2}(?:download|load|fetch|open|read"
            rf"|decod|process|pars|access|retriev|identif|upload|convert|get)\w*\b{_NEAR}\b{_MEDIA}"
            r"\b",
            rf"\b{_MEDIA}\b{_NEAR}\b(?:could ?n[o']?t|can ?not|can't|failed to|unable to|not) "
            r"(?:be )?(?:\w+ )?(?:download|load|fetch|open|read|decod|process|pars|access|retriev"
            r"|identif)",
            r"\b(?:while|when|error|failed to|unable to|could not|cannot) (?:\w+ )?"
            r"(?:download|fetch|retriev)(?:ing|e)?\b.{0,40}(?:https?:|url|input|asset|file|image"
            r"|video|audio)",
            rf"\b(?:invalid|unsupported|corrupt\w*|damaged|malformed|broken|empty|unreadable|bad"
            rf"|incompatible) (?:\w+ ){{0,2}}{_MEDIA}\b(?!_| ?(?:size|quality|ratio|model|count"
            r"|number|style|id|param))",
            rf"\b{_MEDIA}\b (?:\w+ ){{0,4}}(?:too (?:large|small|big|long|short|many|wide|tall"
            r"|low|high)|corrupt\w*|unreadable|damaged|truncated|empty|(?:not|n't) (?:a )?valid"
            r"|(?:not|n't) supported|(?:not|n't) contain|invalid|unsupported|quality)\b",
            r"\b(?:mime|media|content|file)[ -]?types?\b.{0,30}\b(?:unsupported|not|invalid|image"
            r"|video|audio|text/html|application/)|\bunsupported (?:mime|media|file)",
            r"\b(?:payload|entity|content|body|request|upload) (?:is |was )?(?:too large|larger)",
            r"\bbase64\b",
            r"\bincorrect padding\b",
            r"\burl\b.{0,60}\b(?:accessib|reachab|download|fetch|publicly|unreachable|expired)",
            r"\bremote server hosting\b",
        ),
    ),
    Rule(
        Category.INPUT_MEDIA,
        _any(
            rf"\b{_MEDIA}\b(?:'s)?[ :,.]{{1,2}}(?:\w+ ){{0,4}}(?:file ?size|dimensions?|resolution"
            r"|width|height|duration|length|aspect ratio|format|type|codec|sides?|pixels?|size"
            r"|frame rate)\b.{0,80}\b(?:exceed|too|must|should|not|invalid|at least|at most"
            r"|minimum|maximum|between|larger|smaller|greater|less|outside|limit|mismatch|match"
            r"|expected|within|only)",
            rf"\b(?:exceed\w*|larger|bigger|maximum|max|over|minimum)\b{_NEAR}\b(?:file ?size"
            r"|(?:image|video|audio) (?:file )?(?:size|dimensions?|length|duration|resolution)"
            r"|upload size)\b",
            rf"\b{_MEDIA}\b.{{0,40}}\b(?:exceeds?|larger than|smaller than|bigger than|shorter than"
            r"|longer than|greater than|over the)\b",
            rf"\b{_MEDIA}\b.{{0,40}}\b(?:must|should|needs? to|has to) be .{{0,40}}(?:\d ?(?:px"
            r"|pixels?|kb|mb|mib|gb|s|sec|seconds?|minutes?|ms|fps)\b|png|jpe?g|webp|mp4|mp3|wav)",
            rf"\b{_MEDIA}\b.{{0,40}}\b(?:between|at least|at most|within|up to) .{{0,30}}(?:px"
            r"|pixels?|kb|mb|mib|gb|seconds?|minutes?|ms|fps)\b",
            r"\basset aspect ratio\b",
            r"\btotal pixels\b|\bpixel count\b",
        ),
        _any(
            r"\b(?:image|video|output|frame)_(?:size|length|duration|ratio|count|num|quality)\b",
            r"\bnum(?:ber)?_?(?:of_)?(?:images|frames|videos)\b",
        ),
    ),
    Rule(
        Category.NOT_FOUND,
        _any(
            r"\b(?:model|version|endpoint|deployment|voice)\b.{0,120}\b(?:does(?: not|n't) exist"
            r"|not found|could not be found)",
            r"\b(?:not a valid model|no such model|unknown model|model identifier)\b",
        ),
    ),
    Rule(
        Category.AUTHENTICATION,
        _any(
            r"\b(?:api|access|secret|subscription)[ _-]?(?:key|token)s?\b",
            r"\b(?:unauthenticated|unauthori[sz]ed|not authori[sz]ed|unauthori[sz]ation)\b",
            r"\bauthori[sz]ation\b|\bauthenticat(?:e|ion|ed)\b|\bcredentials?\b",
            r"\b(?:permission|access) (?:is |was |has been )?(?:denied|restricted|forbidden"
            r"|revoked)|\bpermission_denied\b",
            rf"\b(?:not|n't) have {_FEW}(?:permissions?|access)\b",
            rf"\b(?:missing|lacks?|insufficient|requires?) {_FEW}(?:permissions?|scopes?)\b",
            rf"\b(?:invalid|expired|missing|bad|wrong|no|incorrect) {_FEW}(?:token|jwt|signature"
            r"|bearer|login|cookie)\b",
            r"\b(?:token|jwt|signature|session|login|key) (?:has |is |was )?(?:expired|invalid"
            r"|missing|revoked|malformed|does not match|failed|fail|seems invalid)",
            r"\blogin fail",
            r"\bmust be verified\b|\bverify (?:your )?(?:organi[sz]ation|account|email|identity)",
            r"\b(?:account|user|organi[sz]ation|project|workspace|key) (?:\w+ ){0,3}(?:suspended"
            r"|deactivated|disabled|banned|locked|terminated|frozen|blocked)",
            r"\b(?:country|region|territory|location)\b.{0,60}\bnot (?:supported|available"
            r"|allowed|permitted)",
            r"\bgated (?:repo|model)|\b(?:not allowed|not permitted|forbidden) to (?:access|use)",
            r"\b(?:unusual|suspicious) activity\b|\byou have been blocked\b|\bforbidden\b",
            r"鉴权|未授权|密钥|无权限",
        ),
    ),
    Rule(
        Category.NOT_FOUND,
        _any(
            rf"\b{_THING}\b.{{0,100}}\b(?:not found|(?:does|do|did)(?: not|n't) exist|not exist"
            rf"|could not be found|is unknown|no longer|{_IS}{_GONE})",
            rf"\b(?:no|unknown|unrecogni[sz]ed|nonexistent|find|found) (?:such |a |any )?"
            rf"(?:\w+ ){{0,2}}{_THING}\b(?:.{{0,30}}\bfound)?(?! (?:provided|specified|given))",
            r"\bnot found\b|\bno such (?:file|model|key|bucket)",
            r"\bno longer (?:available|supported)|\b(?:deprecated|decommissioned)\b|\breached (?:the |its )?end of (?:its )?life",
            r"\bhas not activated\b|\bnot activated\b",
            r"不存在|未找到",
        ),
        _any(r"\bname or service\b", r"\b(?:cannot find|unknown) (?:field|parameter)", r"\bdns\b"),
    ),
    Rule(
        Category.INVALID_PARAMETERS,
        _any(
            r"\b(?:missing|required) (?:\w+ ){0,3}(?:field|parameter|argument|property|input|key"
            r"|value|prompt|header)s?\b|\bis (?:a )?required\b",
            r"\bcan ?(?:not|'t) be (?:empty|blank|null|used)|\bmust not be\b",
            r"\b(?:must|should) (?:\w+ ){0,2}(?:be|have|match|contain|not|start|end|equal|provide"
            r"|specify|include)\b",
            r"\bexpected\b.{0,40}\b(?:but|got|one of|to be|actual|given|received)\b",
            r"\bis not (?:a |an |one |in |within |yet )?(?:\w+ )?(?:valid|allowed|supported"
            r"|permitted|of type|of|list|range|recogni[sz]ed|multiple|divisible)\b",
            r"\b(?:not|n't) match\b.{0,30}\b(?:schema|pattern|format|type)|\bonly supports?\b",
            r"\b(?:invalid|unsupported|illegal|bad|wrong|incorrect) (?:[\w-]+ ){0,3}(?:values?"
            r"|enum|type|parameters?|params?|arguments?|fields?|inputs?|json|format|aspect|ratio"
            r"|size|duration|prompt|seed|resolution|keyword|propert\w+|option|number|body|request"
            r"|length|dimensions?|string|transcript|text|payload)\b",
            r"\binput was invalid\b|\binputs? (?:is|are) (?:invalid|not valid)",
            r"\b(?:greater|less|larger|smaller|more|fewer|longer|shorter|higher|lower) than\b",
            r"\bat (?:least|most) \d|\bbetween \d|\bmultiple of \d|\bdivisible by\b",
            r"\b(?:number|value|param\w*|argument|ratio|size|resolution|duration|\d) (?:is |was )?"
            r"out of (?:range|bounds?)|\bout of bounds?\b(?!.{0,20}index)",
            r"\btoo (?:long|short|large|small|big)\b",
            rf"\bexceed\w* {_FEW}(?:\w+ )?(?:length|maximum|characters|size)",
            r"\bmaximum (?:\w+ ){0,2}(?:length|characters|context|tokens)",
            r"\bvalidation (?:of \w+ )?(?:failed|errors?)|\bfailed validation|\bmalformed\b"
            r"|\bunprocessable\b|\bbad request\b|\bjson (?:parse|decode)|\bnot permitted\b",
            r"\bcontent-type\b|\bmultipart/form-data",
            r"\bsizes? of tensors?\b|\bmust match the (?:size|existing)"
            r"|\bshapes\b.{0,40}\b(?:mismatch|cannot|incompatible|multiplied)",
            r"参数",
        ),
    ),
    Rule(
        Category.OUTAGE,
        _any(
            r"\binternal\b.{0,20}\b(?:error|failure|issue|problem|fault)|\bserver error\b",
            r"\bservice (?:is )?(?:\w+ )?unavailable|\bbad gateway|\bgateway time-?out",
            r"\btemporar(?:il)?y (?:\w+ )?(?:unavailable|failure|error|issue|down|unable)",
            r"\btim(?:ed|e|ing)[ -]?out|\btimeout|\bdeadline (?:exceeded|expired)|\btook too long",
            r"\bconnection (?:\w+ ){0,2}(?:reset|refused|aborted|error|closed|lost|failed|broken"
            r"|dropped)|\bconnection error|\bserver ?disconnected|\bremote end closed"
            r"|\bdisconnected\b|\bpeer closed|\bsocket hang ?up|\bbroken pipe",
            r"\bincomplete (?:read|chunked|response)|\bfailed to (?:establish|connect)"
            r"|\bcan ?not connect|\bfetch failed|\bfailed to fetch|\bnetwork (?:error|issue"
            r"|problem|failure|unreachable)|\bunreachable\b|\bmax retries exceeded",
            r"\becon\w{3,12}|\betimedout|\beai_again|\benotfound|\bepipe\b",
            r"\bname or service not known|\bname resolution|\bgetaddrinfo|\bnodename nor|\bdns\b"
            r"|\b(?:ssl|tls)\b|\bcertificate|\beof occurred",
            r"\bmaintenance\b|\boutage\b|\bserver is down|\bhost error|\borigin\b.{0,30}\b(?:down"
            r"|unreachable|error)|\bupstream\b|\bdownstream\b",
            r"\bsomething went wrong|\bunexpected (?:\w+ )?error|\bunknown (?:server )?error"
            r"|\ban error (?:has )?occurred|\bunavailable\b",
            r"\b(?:try|retry)\b.{0,20}\b(?:again )?(?:later|in a (?:few|moment|while|minute))"
            r"|\bplease retry",
            r"服务器错误|内部错误|超时|稍后再试|稍后重试",
        ),
    ),
)


def meant(rules: tuple[Rule, ...], words: str, around: str) -> Category | None:
    """Return what words mean; `around` is all that was said, codes included."""
    for rule in rules:
        if rule.says.search(words) is None:
            continue
        if rule.unless is not None and rule.unless.search(around):
            continue
        if rule.beside is None or rule.beside.search(around):
            return rule.category
    return None
