"""Words of how much there is: room at the provider, requests at once, money."""

from __future__ import annotations

from framewright.domain.job import ErrorCategory as Category
from framewright.failures.patterns.rule import FEW, Rule, anyof

_MONEY = r"(?:credits?|balance|funds?|money|wallet|coins|api tokens|points|tokens balance)"

CAPACITY = Rule(
    Category.CAPACITY,
    anyof(
        r"\bout of (?:\w+ )?memory\b",
        r"\boom\b",
        r"\boutofmemory",
        r"\b(?:can'?t|can ?not|failed to|unable to) allocate (?:\w+ )?memory",
        r"\bcuda\b.{0,40}\bmemory\b",
        r"\ballocation on device",
        r"\b(?:requires?|needs?) more (?:\w+ )?memory",
        r"\bcu(?:blas|dnn)_?status_?(?:alloc_failed|not_initialized)",
        r"\b(?:insufficient|no|not enough|lack of|out of) (?:\w+ ){0,2}"
        r"(?:capacity|gpus?|instances?|workers?|runners?|compute|vram|memory|containers?)\b"
        r"(?! (?:credits?|units?|time|minutes?|hours?|quota|balance|points|budget)\b)",
        r"\boverload",
        r"\b(?:over|at|at full|at max|exceeds?|no|out of) capacity\b",
        r"\bcapacity (?:exceeded|exhausted|constraints?|limit|issue|error|is|reached|not)",
        r"\b(?:high|heavy|peak|unusually high) (?:demand|load|traffic|volume|usage)\b",
        r"\b(?:is|are|too|currently|very|system|server|service|model)(?: too| currently| very)?"
        r" busy\b",
        r"\bqueue (?:is |has |was )?(?:reached|exceeded|full|too long|at capacity|size exceeded)",
        r"\bunable to handle (?:\w+ ){0,3}requests",
        r"\bresources? (?:are |is )?(?:\w+ )?(?:deplet|unavailable)",
        r"\bmodel\b.{0,80}\b(?:is|still|currently) (?:\w+ )?(?:loading|starting|warming"
        r"|booting|initiali[sz]ing|deploying|scaling)",
        r"\b(?:is|still) (?:currently )?loading\b",
        r"\b(?:is|are) not (?:yet )?ready\b",
        r"\bcold[- ](?:start|boot)",
        r"\bwarming up\b",
        r"\b(?:no|zero) (?:\w+ ){0,2}(?:runner|worker|machine|server|replica|gpu)s? "
        r"(?:are )?(?:currently )?(?:available|online|ready)",
        r"系统繁忙|服务繁忙|负载过高|资源不足",
    ),
    anyof(
        r"\brate limit\b",
        r"\bat capacity for your (?:plan|account)",
        r"\billegal memory access\b",
    ),
)

RATE = Rule(
    Category.RATE_LIMIT,
    anyof(
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
        r"\b(?:too|request) (?:fast|frequent)|\bfrequency (?:is |was )?(?:too|limit|exceed)",
        r"\bdaily (?:number of )?(?:generations|requests|images|videos)\b",
        r"\b(?:daily|hourly|weekly) (?:\w+ ){0,3}(?:limit|quota|maximum|allowance|allocation)",
        r"\bparallel (?:\w+ ){0,2}(?:limit|tasks?|jobs?|requests?)",
        r"\b(?:active|running|pending|queued|ongoing|in[- ]progress) (?:tasks?|jobs?|requests?"
        r"|generations?)\b",
        r"\b(?:tasks?|jobs?|requests?|generations?) (?:are )?(?:already )?in progress",
        r"\b(?:rpm|tpm|qps|rps|ipm|tpd|rpd)\b",
        r"\brequest rate\b|\blimit\b.{0,40}\b(?:will reset|resets)\b",
        r"\berror (?:code: )?1015\b",
        r"\bexceeded the (?:limit|number) of (?:\w+ ){0,2}(?:generation|request|task|job)",
        r"频繁|限流|并发",
    ),
    anyof(r"\bout of credits\b", r"\binsufficient (?:credit|balance|fund)"),
)

RATE_OF_QUOTA = Rule(
    Category.RATE_LIMIT,
    anyof(r"\bquota (?:is |was )?(?:exceeded|exhausted)", r"\bexceed\w* (?:\w+ ){0,4}quota"),
    anyof(
        r"\binsufficient\b",
        r"\blimit: 0\b",
        r"\b(?:credits?|balance|prepa\w+|monthly)\b",
    ),
    # Google says the same of its rates as others say of their bills.
    anyof(r"\bresource exhausted\b", r"\bquota increase\b", r"\bretry ?info\b"),
)
"""Google says of its rates what others say of their bills."""

BILLING = Rule(
    Category.BILLING,
    anyof(
        rf"\b(?:insufficient|(?:not|not have|\w+n't have) enough|inadequate|lacks?|lacking"
        rf"|low|no|zero|negative|without|exhausted|exceed\w*|deplet\w+|consum\w+|used up|spent"
        rf"|requires? more|need more|run out of|ran out of|out of) {FEW}{_MONEY}\b",
        rf"\b{_MONEY}\b {FEW}(?:exhausted|depleted|insufficient|too low|not enough|expired"
        r"|used up|required|needed|limit|negative|empty|ran out|run out|below|short)",
        rf"\b(?:purchase|buy|add|top[ -]?up|recharge|refill) {FEW}(?:{_MONEY}|account|plan)\b",
        r"\btop[ _-]?up\b|\brecharge\b",
        r"\bpayment\b(?! intent object)",
        r"\b(?:past due|overdue|unpaid|arrears?|outstanding (?:invoice|balance))\b",
        r"\bbilling\b|\bbilled (?:users|accounts|customers)\b",
        r"\bspend(?:ing)? (?:limit|cap)|\b(?:usage|budget|cost) (?:cap|limit|exceeded)",
        rf"\b(?:exceed|over|reach|hit)\w* {FEW}(?:\w+ )?(?:budget|quota|allowance)\b",
        r"\bquota\b.{0,40}\b(?:exceed|exhaust|reach|used|insufficient)",
        r"\b(?:free|monthly|included) (?:\w+ ){0,2}(?:limit|quota|allowance|credits|tier)"
        r"\b.{0,40}\b(?:exceed|reach|exhaust|used|hit|ended|over)",
        r"\b(?:exceed|reach|exhaust|used|hit)\w*\b.{0,40}\b(?:free|monthly|included) "
        r"(?:\w+ ){0,2}(?:limit|quota|allowance|credits|tier|usage)",
        r"\b(?:trial|subscription|plan) (?:has |is |period )*(?:expired|ended|over|required"
        r"|inactive|cancell?ed)",
        r"\b(?:requires?|needs?|need|upgrade to) (?:a |an |your )?(?:paid|active|higher|pro"
        r"|premium|enterprise) (?:\w+ ){0,2}(?:plan|subscription|tier|account)",
        r"\b(?:can )?only afford\b|\b(?:insufficient|current) plan\b|\bplan tier\b",
        r"\bcompute units\b|\b(?:gpu|compute) (?:minutes|hours|seconds|time|credits)\b",
        r"\bplease upgrade\b|\bupgrade for more\b",
        r"\brequires? (?:a |an |the )?(?:pro|premium|plus|paid|enterprise|business|team|creator)\b",
        r"\bupgrade\b.{0,30}\b(?:plan|pricing|pro|premium|subscription|tier|paid|account)\b",
        r"余额不足|欠费|充值|额度不足|积分不足|余额",
    ),
    anyof(r"\bunauthori[sz]ed\b(?!.{0,80}(?:credit|quota|balance))", r"\bbilling address\b"),
)
