"""Words of what was wrong with a request, or with the files in it."""

from __future__ import annotations

from framewright.domain.job import ErrorCategory as Category
from framewright.failures.patterns.rule import FEW, MEDIA, NEAR, Rule, anyof

NAMED = Rule(
    Category.INVALID_PARAMETERS,
    anyof(
        r"\b(?:unknown|unexpected|unrecogni[sz]ed|extra|additional) (?:\w+ )?"
        r"(?:parameters?|fields?|arguments?|propert(?:y|ies)|keys?|inputs?)\b",
        r"\bfield (?:is )?required\b",
        r"\bmissing required (?:parameter|field|argument|input|property)",
        r"\bsupported values are\b",
        r"\bcontext (?:window|length|limit|budget)\b|\bmodel token limit\b|上下文",
        r"\bno (?:[\w, ]{1,40} )?(?:file|image|video|audio|prompt|script|text|url|voice|avatar)s? "
        r"(?:was |were |is |are )?(?:provided|specified|given|supplied)\b",
        r"\bvalue not in list\b",
        r"\bmust be one of\b(?!.{0,40}\b(?:mime|format|codec))",
    ),
)
"""Says what is wrong with a setting, whatever else the sentence speaks of."""

MEDIA_READ = Rule(
    Category.INPUT_MEDIA,
    anyof(
        r"\bcannot identify image|\bunidentified ?image|\bimage file is truncated",
        r"\bbroken data stream|\bmoov atom|\binvalid data found when processing"
        r"|\bdecompression ?bomb|\btranscod\w+ (?:failed|error)",
        r"\b(?:no|multiple|more than one|without) (?:\w+ ){0,2}(?:faces?|person|people|audio"
        r"|speech|audio track|video stream|audio stream)\b(?! (?:id|model))",
        r"\b(?:more than|multiple|exactly|at least|only) (?:\w+ )?faces?\b",
        r"\b(?:wav|mp3|mp4|png|jpe?g|webp|gif|tiff?|heic|avi|mov|webm|flac|ogg) (?:header|data|file"
        r"|stream|image|audio|video)\b",
        r"\bfaces?\b.{0,30}\b(?:not|detect|found|visible|too|small)",
        r"\b(?:detect|find|locate|recogni[sz]e) (?:\w+ ){0,3}faces?\b",
        r"\b(?:failed|fails?|unable|could ?n[o']?t|can ?not|can't|error|problem|not able|issue)"
        r"\b(?: to| while| when| in)? ?(?:be )?(?:\w+ ){0,2}(?:download|load|fetch|open|read"
        rf"|decod|process|pars|access|retriev|identif|upload|convert|get)\w*\b{NEAR}\b{MEDIA}"
        r"\b",
        rf"\b{MEDIA}\b{NEAR}\b(?:could ?n[o']?t|can ?not|can't|failed to|unable to|not) "
        r"(?:be )?(?:\w+ )?(?:download|load|fetch|open|read|decod|process|pars|access|retriev"
        r"|identif)",
        r"\b(?:while|when|error|failed to|unable to|could not|cannot) (?:\w+ )?"
        r"(?:download|fetch|retriev)(?:ing|e)?\b.{0,40}(?:url|input|asset|file|image|video"
        r"|audio|https?:\S{1,200}\.(?:png|jpe?g|webp|gif|mp4|mov|webm|mp3|wav|m4a|flac|zip))",
        r"\b(?:download(?:ing)?) (?:from )?https?:",
        r"\bunsupported codec|\bcodec\b.{0,30}\b(?:unsupported|not supported)",
        rf"\b(?:invalid|unsupported|corrupt\w*|damaged|malformed|broken|empty|unreadable|bad"
        rf"|incompatible) (?:\w+ ){{0,2}}{MEDIA}\b(?!_| ?(?:size|quality|ratio|model|count"
        r"|number|style|id|param))",
        rf"\b{MEDIA}\b (?:\w+ ){{0,4}}(?:too (?:large|small|big|long|short|many|wide|tall"
        r"|low|high)|corrupt\w*|unreadable|damaged|truncated|empty|(?:not|n't) (?:a )?valid"
        r"|(?:not|n't) supported|(?:not|n't) contain|invalid|unsupported|quality)\b",
        r"\b(?:mime|media|content|file)[ -]?types?\b.{0,30}\b(?:unsupported|not|invalid|image"
        r"|video|audio|text/html|application/)|\bunsupported (?:mime|media|file)",
        r"\b(?:payload|entity|content|body|request|upload|document)(?: payload)? "
        r"(?:is |was |size ){0,3}(?:\(\d+\) )?(?:too (?:large|big)|larger|exceeds?|limit)\b",
        r"\bbase64\b",
        r"\bincorrect padding\b",
        r"\burl\b.{0,60}\b(?:accessib|reachab|download|fetch|publicly|unreachable|expired)",
        rf"\b{MEDIA}\b.{{0,40}}\bformat (?:is )?(?:not supported|unsupported|invalid)\b",
        r"\bfailed to download\b|\burl error\b",
        r"\bremote server hosting\b|\bunknown (?:image|video|audio|file) (?:format|type)\b",
        r"\b(?:source|reference|input|ur[il]|asset)s?\b.{0,40}\b(?:not |un|in)(?:reachable"
        r"|accessible)",
        r"(?:图片|图像|视频|音频|文件).{0,12}(?:无法|失败|不支持|过大|格式|错误|损坏)",
    ),
    anyof(
        r"\b(?:load|download|find|read|open) (?:the )?(?:model|checkpoint|weights|lora|vae)\b",
        r"\b(?:upload|save|stor|deliver|writ|download|fetch)\w* (?:the |a )?(?:generated|output"
        r"|result|final|finished)",
    ),
)
"""A file that could not be had or read."""

MEDIA_KIND = Rule(
    Category.INPUT_MEDIA,
    anyof(
        rf"\b{MEDIA}\b(?:'s| urls?)?[ :,.]{{1,2}}(?:\w+ ){{0,4}}(?:file ?size|dimensions?"
        r"|resolution|width|height|duration|length|aspect ratio|format|type|codec|sides?|pixels?"
        r"|size|frame rate)\b.{0,80}\b(?:exceed|too|must|should|not|invalid|at least|at most"
        r"|minimum|maximum|between|larger|smaller|greater|less|outside|limit|mismatch|match"
        r"|expected|within|only)",
        rf"\b(?:exceed\w*|larger|bigger|maximum|max|over|minimum)\b{NEAR}\b(?:file ?size"
        r"|(?:image|video|audio) (?:file )?(?:size|dimensions?|length|duration|resolution)"
        r"|upload size)\b",
        rf"\b{MEDIA}\b.{{0,40}}\b(?:exceeds?|larger than|smaller than|bigger than|shorter than"
        r"|longer than|greater than|over the)\b",
        rf"\b{MEDIA}\b.{{0,40}}\b(?:must|should|needs? to|has to) be .{{0,40}}(?:\d ?(?:px"
        r"|pixels?|kb|mb|mib|gb|s|sec|seconds?|minutes?|ms|fps)\b|png|jpe?g|webp|mp4|mp3|wav)",
        rf"\b{MEDIA}\b.{{0,40}}\b(?:between|at least|at most|within|up to) .{{0,30}}(?:px"
        r"|pixels?|kb|mb|mib|gb|seconds?|minutes?|ms|fps)\b",
        r"\b(?:image|video|audio|mask) (?:should|must|needs? to) be (?:between|at least|at most"
        r"|larger|smaller|within|longer|shorter|under|over)\b",
        rf"\b{MEDIA} (?:must|should|does not|doesn't|do not|don't|did not) match\b.{{0,60}}"
        r"\b(?:width|height|size|dimensions?|resolution|aspect|format|image)\b",
        rf"\b{MEDIA} (?:must|should|needs? to|has to) (?:have|contain|be) (?!provided"
        r"|specified|set\b|given|supplied|one of|an? (?:valid )?(?:string|url|uri|list|array|data)"
        r"|of type|null|empty|defined|present|used|true|false|image\b|video\b|added|removed)",
        r"\bformat not recogni[sz]ed\b|\bopening '[^']{1,200}\.\w{2,5}'",
        rf"\b{MEDIA} (?:dimensions?|size|resolution|length|duration)\b.{{0,30}}\bout of\b",
        rf"\b{MEDIA} (?:must|should|has to) be .{{0,20}}\d{{2,5}} ?x ?\d{{2,5}}",
        r"\bresolution (?:is )?too (?:big|large|high|low|small)\b",
        r"\basset aspect ratio\b",
        r"\btotal pixels\b|\bpixel count\b",
    ),
    anyof(
        r"\b(?:image|video|output|frame)_(?:size|length|duration|ratio|count|num|quality)\b",
        r"\bnum(?:ber)?_?(?:of_)?(?:images|frames|videos)\b",
    ),
)
"""A file that is of the wrong size, length or shape."""

PARAMETERS = Rule(
    Category.INVALID_PARAMETERS,
    anyof(
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
        rf"\bexceed\w* {FEW}(?:\w+ )?(?:length|maximum|characters|size)",
        r"\bmaximum (?:\w+ ){0,2}(?:length|characters|context|tokens)",
        r"\bvalidation (?:of \w+ )?(?:failed|errors?)|\bfailed validation|\bmalformed\b"
        r"|\bunprocessable\b|\bbad request\b|\bjson (?:parse|decode)|\bnot permitted\b",
        r"\bcontent-type\b|\bmultipart/form-data",
        r"\bexpected input\[|\bexpected .{0,40} channels\b",
        r"\b(?:does not|doesn't) (?:contain|have|include) (?:a|an|any|the) \w+",
        r"\brequires? [\w ]{1,30} to be (?:enabled|set|disabled)\b|\bcannot be disabled\b",
        r"\bexceeds\b|\bparameter verification\b",
        r"\btype mismatch\b|\bwhen validating\b",
        r"\bsizes? of tensors?\b|\bmust match the (?:size|existing)"
        r"|\bshapes\b.{0,40}\b(?:mismatch|cannot|incompatible|multiplied)",
        r"参数",
    ),
)
