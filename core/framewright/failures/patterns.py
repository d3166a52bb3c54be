"""What the words of a failed answer mean: patterns in the order in which they are asked.

`STRONG` are words that leave no doubt, `WEAK` such that only count where no code says more.
Codes are read as words too (`insufficient_user_quota` → `insufficient user quota`), so that one
that no table knows still says what it means.
"""

from __future__ import annotations

import re

from framewright.domain.job import ErrorCategory as Category

_MEDIA = (
    r"(?:image|picture|photo|video|audio|clip|media|mask|frame|file|asset|archive|zip|",
    r"(?:image|video|audio|file)[_ ]?urls?",
    r"thumbnail",
    r"footage",
    r"recording",
    r"sound)s?",
)
_MONEY = r"(?:credits?|balance|funds?|money|tokens balance|wallet|coins?)"


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{each})" for each in patterns), re.IGNORECASE)


STRONG: tuple[tuple[Category, re.Pattern[str]], ...] = (
    (
        Category.CANCELLED,
        _any(
            r"\b(?:was|were|been|is|got) (?:cancell?ed|interrupted|aborted) by",
            r"\bcancell?ed by (?:the )?(?:user|client)",
            r"\b(?:task|job|prediction|request|generation|prompt|operation|run) (?:was|has been|"
            r"is) (?:cancell?ed|aborted)\b",
            r"\bexecution interrupted\b",
            r"\binterrupt ?processing ?exception\b",
            r"^\W*(?:cancell?ed|aborted|interrupted)\W*$",
        ),
    ),
    (
        Category.CONTENT_POLICY,
        _any(
            r"\b(?:content|usage|safety|acceptable use|community|ai) (?:policy|policies|"
            r"guidelines|standards)\b",
            r"\bsafety (?:system|filters?|checker|check|settings|reasons?|guidelines|policies)\b",
            r"\bmoderat(?:ion|ed|or)\b",
            r"\bnsfw\b",
            r"\bnude",
            r"\bnudity",
            r"\bsexual",
            r"\bporn",
            r"\bexplicit (?:content|material|image)",
            r"\bflagged (?:as|by|for|because|due)",
            r"\b(?:was|were|been|is|are|got) flagged\b",
            r"\bresponsible ?ai\b",
            r"\brai (?:policy|filter|media)",
            r"\bsensitive (?:content|words?|information|material|or)\b",
            r"\bflagged as sensitive",
            r"\bprohibited (?:content|use|words?|material)",
            r"\bprohibited by",
            r"\binappropriate (?:content|prompt|image|material|words?)",
            r"\bunsafe (?:content|prompt|image|generation)",
            r"\bviolat\w+ (?:\w+ ){0,4}(?:polic|guideline|terms|rules|usage|standards|safety)",
            r"\bcontent (?:filter|violation|was blocked|is blocked|blocked|restrict|inspection)",
            r"\bdata ?inspection ?failed\b",
            r"\brisk control\b",
            r"\bbanned (?:words?|prompt|content|tokens?)",
            r"\b(?:copyright|trademark|likeness|public figures?|celebrit|real (?:people|person)|"
            r"minors?\b)(?!.{0,20}\bimage size)",
            r"\bharmful\b",
            r"\bhate speech",
            r"\bviolent\b",
            r"\bviolence\b",
            r"\bself.harm",
            r"\bblocked (?:by|due to|for|because of) (?:\w+ ){0,5}(?:safety|policy|content|"
            r"filter|prohibited)",
            r"\b(?:prompt|request|input|image|output) (?:was |has been |is )?(?:blocked|"
            r"rejected) (?:by|due to|for|because)",
            r"\bcould not be (?:generated|submitted) (?:because|as) (?:\w+ ){0,8}(?:polic|"
            r"violat|safety)",
            r"\bi (?:can(?:'|no)t|am unable to|cannot) (?:create|generate|help|assist|fulfil)",
            r"\bunable to (?:create|generate|show) (?:\w+ ){0,4}(?:that|of|because) "
            r".{0,60}(?:polic|guideline|safety)",
        ),
    ),
    (
        Category.CAPACITY,
        _any(
            r"\bout of (?:gpu |cuda |video |system )?memory\b",
            r"\bcuda.{0,40}\bmemory\b",
            r"\boom\b",
            r"\boutofmemory",
            r"\b(?:cublas|cudnn)_?status_?(?:alloc_failed|not_initialized)",
            r"\b(?:insufficient|no|not enough|lack of|out of) (?:\w+ ){0,2}(?:capacity|gpus?\b|"
            r"instances?\b|workers?\b|runners?\b|compute|vram|memory)",
            r"\boverload(?:ed)?\b",
            r"\bover capacity\b",
            r"\bat capacity\b",
            r"\bat full capacity",
            r"\bcapacity (?:exceeded|exhausted|constraint|limit|issue|error|is)",
            r"\bhigh (?:demand|load|traffic)\b",
            r"\bheavy (?:load|traffic|demand)",
            r"\b(?:system|server|service|model|engine|gpu|worker)s? (?:is |are )?(?:currently |"
            r"too |very )?busy\b",
            r"\btoo busy\b",
            r"\ball (?:workers|gpus|runners|servers) (?:are )?busy",
            r"\bqueue (?:is )?(?:full|too long|limit|size)",
            r"\b(?:is |still )?(?:currently )?loading\b.{0,40}\bmodel",
            r"\bmodel\b.{0,80}\b(?:is|still) (?:currently )?(?:loading|starting|warming|booting)",
            r"\bcold (?:start|boot)",
            r"\bwarming up",
            r"\bscal(?:ing|ed) (?:up|from zero|to zero)",
            r"\bmodel not ready\b",
        ),
    ),
    (
        Category.RATE_LIMIT,
        _any(
            r"\brate[ -]?limit(?!s? (?:for|on) free is)",
            r"\bratelimit",
            r"\bthrottl",
            r"\btoo many (?:\w+ ){0,3}(?:requests|predictions|jobs|tasks|generations|calls|"
            r"attempts|tokens)",
            r"\b(?:requests?|images?|tokens?|generations?|calls|queries|predictions|rpm|tpm|qps|"
            r"rps|characters) (?:per|/|a) ?(?:second|minute|min|hour|day)",
            r"\bconcurren(?:t|cy)\b.{0,60}\b(?:limit|exceed|reached|max|many|allow)",
            r"\b(?:limit|exceed|max|many).{0,60}\bconcurren(?:t|cy)",
            r"\bslow(?:ing)? down\b",
            r"\btoo fast\b",
            r"\btoo frequent",
            r"\bfrequency\b",
            r"\b(?:daily|hourly|per.(?:minute|day|hour)|weekly) (?:\w+ ){0,3}(?:limit|quota|"
            r"maximum)",
            r"\bparallel (?:\w+ ){0,2}(?:limit|task|job|request)",
            r"\b(?:rpm|tpm|qps|rps|ipm) (?:limit|exceeded)",
            r"\b(?:limit|exceeded).{0,20}\b(?:rpm|tpm|qps|rps)\b",
            r"\bbeing rate.limited",
            r"\berror 1015\b",
        ),
    ),
    (
        Category.BILLING,
        _any(
            rf"\b(?:insufficient|(?:not|n't) (?:have )?enough|inadequate|"
            rf"lack(?:s|ing)?|no|zero|negative|without|low) (?:\w+ ){{0,3}}"
            rf"(?:{_MONEY}|quota)\b(?! (?:limit )?per)",
            rf"\b(?:run|ran|running|are|is) out of (?:\w+ ){{0,2}}{_MONEY}\b",
            rf"\bout of (?:\w+ ){{0,1}}{_MONEY}\b",
            rf"\b{_MONEY}\b (?:\w+ ){{0,3}}(?:exhausted|depleted|insufficient|is too low|too low|"
            rf"not enough|expired|used up|required|needed|limit)",
            rf"\bexhausted (?:\w+ ){{0,2}}{_MONEY}",
            rf"\b(?:deplet|exceed|us|consum|spent|exhaust)\w* (?:\w+ ){{0,4}}(?:{_MONEY}|free "
            rf"(?:tier|quota|trial)|trial)\b",
            rf"\b(?:purchase|buy|add|top.?up|recharge|refill) (?:\w+ ){{0,3}}(?:{_MONEY}|account|"
            rf"plan)",
            r"\btop.?up\b",
            r"\brecharge\b",
            r"\bpayment (?:required|method|failed|declined|overdue|is|has)",
            r"\bpast due\b",
            r"\boverdue\b",
            r"\bunpaid\b",
            r"\barrear",
            r"\bbilling (?:hard |soft )?(?:limit|not|is not|account|disabled|issue|error|"
            r"details|problem)",
            r"\benable billing",
            r"\bbilling to be enabled",
            r"\bspend(?:ing)? (?:limit|cap)",
            r"\bbudget (?:exceeded|exhausted|limit|reached)",
            r"\b(?:exceed|over)\w* (?:\w+ ){0,4}budget",
            r"\bmonthly (?:\w+ ){0,3}(?:spend|limit|quota|allowance|included)",
            r"\b(?:free )?trial (?:has |is )?(?:expired|ended|over)",
            r"\bsubscription (?:has |is )?(?:expired|required|inactive|ended|cancell?ed|past)",
            r"\b(?:requires?|need) (?:a |an )?(?:paid|active|higher|pro|premium) (?:\w+ "
            r"){0,2}(?:plan|subscription|tier|account)",
            r"\bexceed\w* (?:\w+ ){0,3}(?:current )?quota\b",
            r"\bcredits? (?:are|is) required",
            r"\bpay.as.you.go\b",
        ),
    ),
    (
        Category.AUTHENTICATION,
        _any(
            r"\b(?:api|access|secret|subscription)[ _-]?(?:key|token)s?\b",
            r"\bunauthenticated\b",
            r"\bunauthori[sz]ed\b",
            r"\bnot authori[sz]ed\b",
            r"\bauthori[sz]ation (?:failed|required|header|error)",
            r"\bauthenticat(?:e|ion|ed)\b",
            r"\bcredentials?\b",
            r"\bpermission denied\b",
            r"\b(?:not|n't) have (?:\w+ ){0,3}permissions?",
            r"\bmissing (?:\w+ ){0,3}(?:permission|scope)",
            r"\baccess denied\b",
            r"\bnot permitted\b",
            r"\b(?:token|jwt|signature|session) (?:has |is |was )?(?:expired|invalid|missing|"
            r"revoked|malformed|does not match)",
            r"\b(?:invalid|expired|missing|bad) (?:\w+ ){0,2}(?:token|jwt|signature|bearer)\b",
            r"\borgani[sz]ation must be verified",
            r"\bverify (?:your )?organi[sz]ation",
            r"\b(?:account|user|organi[sz]ation|project) (?:\w+ ){0,3}(?:suspended|deactivated|"
            r"disabled|banned|locked|blocked|terminated)",
            r"\b(?:country|region|territory|location)\b.{0,40}\bnot (?:supported|available|"
            r"allowed)",
            r"\b(?:gated|restricted) (?:repo|model)",
            r"\bnot allowed to (?:access|use)",
            r"\bunusual activity\b",
        ),
    ),
    (
        Category.INPUT_MEDIA,
        _any(
            r"\bcannot identify image file",
            r"\bunidentified ?image ?error",
            r"\bimage file is truncated",
            r"\bbroken data stream",
            r"\bmoov atom not found",
            r"\binvalid data found when processing input",
            r"\bdecompression ?bomb",
            r"\b(?:no|multiple|more than one|could ?n[o']t (?:find|detect)|can ?not (?:find|"
            r"detect)|unable to (?:find|detect)|failed to (?:find|detect)) (?:\w+ ){0,3}faces?\b",
            r"\bface (?:\w+ ){0,2}(?:not|detection|could)",
            rf"\b(?:failed|unable|could ?n[o']?t|can ?not|can't|error|problem|fail|not "
            rf"able)\b(?: to| while| when|)? ?(?:be )?(?:\w+ ){{0,2}}(?:download|load|fetch|open|"
            rf"read|decod|process|pars|access|retriev|identif|upload)\w*\b.{{0,40}}\b{_MEDIA}\b",
            rf"\b{_MEDIA}\b.{{0,60}}\b(?:could ?n[o']?t|can ?not|can't|failed to|unable to) be? "
            rf"?(?:\w+ ){{0,1}}(?:download|load|fetch|open|read|decod|process|pars|access|"
            rf"retriev|identif|opened)",
            rf"\b(?:invalid|unsupported|corrupt(?:ed)?|damaged|malformed|broken|empty|unreadable|"
            rf"bad) (?:\w+ ){{0,2}}{_MEDIA}\b(?!_| (?:size|quality|ratio|model|count|number|"
            rf"style))",
            rf"\b{_MEDIA}\b (?:\w+ ){{0,4}}(?:too (?:large|small|big|long|short|many|wide|tall)|"
            rf"corrupt|unreadable|damaged|truncated|is empty|not (?:a )?valid|invalid|"
            rf"unsupported)",
            rf"\b{_MEDIA}\b(?:'s)? (?:file ?size|dimensions?|resolution|width|height|duration|"
            rf"length|aspect ratio|format|type|codec)\b.{{0,50}}\b(?:exceed|too|must|should|not|"
            rf"invalid|unsupported|at least|at most|minimum|maximum|between|larger|smaller|"
            rf"outside|limit)",
            r"\b(?:exceed|larger|bigger|maximum|max|over).{0,30}\b(?:file ?size|(?:image|video|"
            r"audio) (?:size|dimensions?|length|duration)|upload size)\b",
            r"\bpayload too large",
            r"\brequest entity too large",
            r"\bcontent too large",
            r"\bunsupported media type",
            rf"\b{_MEDIA}\b.{{0,40}}\b(?:exceeds?|larger than|smaller than|bigger than|shorter "
            rf"than|longer than|over the)\b",
            r"\binvalid base64",
            r"\bbase64\b.{0,30}\b(?:invalid|decode|padding)",
            r"\bincorrect padding",
            r"\b(?:failed|unable|error) (?:to )?(?:download|fetch|access|retriev|"
            r"load)\w*\b.{0,30}\b(?:url|http|input)",
            r"\burl\b.{0,40}\b(?:not (?:be )?(?:accessible|reachable|downloaded|fetched|"
            r"publicly)|unreachable|inaccessible)",
        ),
    ),
    (
        Category.NOT_FOUND,
        _any(
            r"\b(?:model|version|voice|deployment|engine|task|job|prediction|generation|"
            r"endpoint|application|app|workflow|resource|page|route|url|path|project|repository|"
            r"lora|checkpoint|function|collection|organi[sz]ation|user|entity|"
            r"id)\b.{0,100}\b(?:not found|(?:does|do|did)(?: not|n't) exist|could not be found|"
            r"not exist|unknown|no longer (?:available|supported|exists?)|(?:been |is |was "
            r")(?:deprecated|removed|retired|decommissioned|discontinued|shut ?down|sunset))",
            r"\b(?:no|not|unknown|unrecogni[sz]ed|nonexistent|find) (?:such |a |any )?(?:\w+ "
            r"){0,2}(?:model|voice|deployment|version|task|prediction|endpoint|generation)\b(?! "
            r"(?:provided|specified|given|parameter))",
            r"\bnot found\b",
            r"\b404\b.{0,20}\bnot\b",
            r"\bno longer (?:available|supported)",
            r"\bdeprecated\b",
            r"\bdecommissioned\b",
        ),
    ),
    (
        Category.INVALID_PARAMETERS,
        _any(
            r"\bfield required\b",
            r"\b(?:missing|required) (?:\w+ ){0,3}(?:field|parameter|argument|property|input|"
            r"key|value|prompt|header)s?\b",
            r"\bis (?:a )?required\b",
            r"\bcan ?(?:not|'t) be (?:empty|blank|null)",
            r"\b(?:must|should) (?:\w+ ){0,2}(?:be|have|match|contain|not|start|end|equal|"
            r"provide|specify)\b",
            r"\bexpected (?:\w+ ){0,3}(?:but|got|one of|to be)",
            r"\bgot an unexpected",
            r"\bis not (?:a |an |one )?(?:\w+ )?(?:valid|allowed|supported|permitted|of type|of|"
            r"in list|recogni[sz]ed|a multiple|divisible)\b",
            r"\b(?:invalid|unsupported|unknown|unexpected|unrecogni[sz]ed|illegal|bad|wrong|"
            r"incorrect|extra) (?:\w+ ){0,3}(?:value|enum|type|parameter|argument|field|input|"
            r"json|format|aspect|ratio|size|duration|prompt|seed|resolution|keyword|property|"
            r"properties|option|key|number|content.type|body|length|dimension|string)s?\b",
            r"\b(?:greater|less|larger|smaller|more|fewer|longer|shorter|higher|lower) than\b",
            r"\bat (?:least|most) \d",
            r"\bout of range",
            r"\bbetween \d",
            r"\btoo (?:long|short|large|small|many|big|few)\b",
            r"\bexceed\w* (?:\w+ ){0,4}(?:length|maximum|limit|characters|tokens|size|number)",
            r"\bmaximum (?:\w+ ){0,3}(?:length|characters|context|tokens|of)",
            r"\bvalidation (?:of \w+ )?(?:failed|errors?)",
            r"\bfailed validation",
            r"\bschema\b",
            r"\bmalformed\b",
            r"\bunprocessable\b",
            r"\bbad request\b",
            r"\bjson (?:parse|decode)",
            r"\bnot in list\b",
            r"\bvalue_?not_?in",
            r"\bmultipart/form-data",
            r"\bcontent-type\b",
            r"\bsizes? of tensors?\b",
            r"\bshapes? .{0,40}(?:mismatch|cannot be|incompatible)",
            r"\bmust match the (?:size|existing)",
        ),
    ),
    (
        Category.OUTAGE,
        _any(
            r"\binternal (?:server )?error",
            r"\bserver error",
            r"\bservice (?:is )?(?:\w+ )?unavailable",
            r"\btemporar(?:il)?y (?:\w+ )?(?:unavailable|failure|error|issue|down)",
            r"\bbad gateway",
            r"\bgateway time-?out",
            r"\btim(?:ed|e|ing)[ -]?out",
            r"\btimeout",
            r"\bdeadline exceeded",
            r"\btook too long",
            r"\bconnection (?:\w+ ){0,2}(?:reset|refused|aborted|error|closed|lost|failed|"
            r"broken|dropped)",
            r"\bsocket hang ?up",
            r"\bbroken pipe",
            r"\bremote end closed",
            r"\bserver disconnected",
            r"\bdisconnected without",
            r"\bincomplete (?:read|chunked|response)",
            r"\bpeer closed",
            r"\bfailed to establish",
            r"\bconnect(?:ion)? error",
            r"\bcannot connect",
            r"\bfailed to (?:connect|fetch)\b",
            r"\bunreachable\b",
            r"\bname or service not known",
            r"\bname resolution",
            r"\bgetaddrinfo",
            r"\bnodename nor",
            r"\bdns\b",
            r"\bssl\b",
            r"\btls\b",
            r"\bcertificate",
            r"\beof occurred",
            r"\bmaintenance\b",
            r"\bunder maintenance",
            r"\boutage\b",
            r"\bweb server is down",
            r"\borigin\b.{0,30}\b(?:unreachable|error|down)",
            r"\bhost error",
            r"\bupstream\b",
            r"\bdownstream\b",
            r"\bsomething went wrong",
            r"\bunexpected (?:server |internal )?error",
            r"\bunknown (?:server )?error",
            r"\ban error occurred",
            r"\btry again (?:later|in a)",
            r"\bplease retry",
            r"\bplease try again",
            r"\bunavailable\b",
        ),
    ),
)
