"""Turns of phrase, each with the form the planner reads it in; taken in this order."""

# ruff: noqa: E501 - patterns: one meaning a line

from __future__ import annotations

import re

from framewright.agents.offline.words.normalise import MARK

_OWN = (
    r"(?:my|our|the uploaded|the attached) (?:[\w-]+ ){0,2}(?:song|music|track|recording|voice"
    r"|audio|narration|voice memo|jingle|soundtrack|sound)"
)
FORMS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), form)
    for pattern, form in (
        (
            r"\b(?P<count>two|three|four|five|six|seven|eight|\d) (?:quick |fast |hard"
            r" )?cuts\b(?! of)",
            r"\g<count> shots",
        ),
        (
            r"\b(?:it |the \w+ |there |we )?(?:must|should|shall|may|can|does|do)(?: not|n't) "
            r"(?:have|contain|use|include|need|be)(?: any| an?)? (?=[\w-]+ ?(?:[.,;]|$|or |and ))",
            "no ",
        ),
        (r"\bnever any\b", "no"),
        (r"\b(?:an? )?one and a half[- ]minutes?\b", "a 90 second"),
        (
            r"\ball (?:shots|scenes|clips) are (?P<length>[\w.]+ ?(?:s|secs?|seconds?))\b,? except"
            r"(?: for)? the (?P<one>first|second|third|last)(?: one)?,? (?:which is|is|at)? ?"
            r"(?P<other>[\w.]+ ?(?:s|secs?|seconds?))\b",
            r"\g<length> each. The \g<one> is \g<other>",
        ),
        (
            r"then (?:cross-?fades?|dissolves?) (?:over (?P<length>[\w.]+ ?(?:s|secs?|seconds?)) )?"
            r"(?:in)?to (?P<rest>[^.;\n]+)",
            r"then \g<rest>. Joined with crossfades of \g<length>",
        ),
        (
            r",? (?:split|divided|cut) into (?P<count>\w+) (?:equal |short |quick )?"
            r"(?P<noun>shots|scenes|clips|parts)",
            r" in \g<count> \g<noun>",
        ),
        (r"\b(?:please )?(?:don't|do not) (?:add|use|include|show|put in)(?: any| an?)? ", "no "),
        (r",? followed by ", ", then "),
        # Of what is made, as of what is given.
        (
            r"(?<=\w),? (?:and |but |then |it ){0,3}(?:played|playing|shown|running) (?:backwards?|in reverse)\b",
            ". Reverse it. ",
        ),
        (
            r"(?<=\w)(?<!\bthis)(?<!\bit)(?<!\bthat)(?<!\bthem)(?<!this clip)(?<!my clip)"
            r"(?<!the clip)(?<!this video)(?<!my video)(?<!the video)(?<!this film)(?<!the film)"
            r",? (?:and |but |then ){0,2}(?:played |playing |shown )?at "
            r"(?P<speed>(?:half|twice|double|\d+(?:\.\d+)?x|\d+ times|\d{2,3} ?%)(?: of)?(?: the| its)?(?: normal)? speed)\b",
            r". Play it at \g<speed>. ",
        ),
        # The one word of German that asks for nothing else.
        (
            r"\b(?:(?:ein|einen|das) )?(?:charakter(?:blatt|bogen)|modellblatt)"
            r"(?:,| (?:von|für)|:) ?",
            "a character sheet of ",
        ),
        (
            r"(?<=\w),? (?:and )?(?:then )?(?:upscaled|enlarged)"
            r"(?= (?:to|by|\w+ times|\d)|$|[,.;])",
            ". Upscale it",
        ),
        (
            r"\b(?:scene|shot|clip) (?P<number>one|two|three|four|five|six|[1-6]) (?:is|lasts|takes"
            r"|should be|runs)(?: for)? (?P<length>[\w.]+ ?(?:s|secs?|seconds?))\b(?: long)?",
            r"the @\g<number>@ is \g<length>",
        ),
        (
            rf"(?:[.,;] )(?:and )?then (?P<card>(?:an? |the )?(?:title|text|caption|end)(?: card)?"
            rf"(?: saying| with| reading)?:? ?{MARK})",
            r". \g<card> at the end",
        ),
        (
            r" (?:(?:that )?(?:appears?|shows? up|comes up|is shown|shown) )?(?:in|for|during) the "
            r"(?:last|final) (?P<length>[\w.]+ ?(?:s|secs?|seconds?))\b",
            r" at the end for \g<length>",
        ),
        (
            rf"\b(?:an? )?(?P<how>[a-z]+ing|soft|deep|calm|warm|old|young|child's|female"
            rf"|male) voice: "
            rf"(?P<mark>{MARK})",
            r"a \g<how> voice says \g<mark>",
        ),
        (
            r"\btwo (?:versions|cuts) of (?:the same |an? |the )?(?P<what>[^,:.]+?)[,:]? one in "
            r"(?P<one>[\w: ]+?),? and one in (?P<other>[\w:]+)",
            r"a \g<what> in \g<one> and \g<other>",
        ),
        # "Put calm music under a clip of a boat" asks for the clip first.
        (
            r"\b(?:put|lay|place|add|play) (?P<what>(?!it\b|them\b)[^,.;]{2,40}?) (?:under(?:neath)?"
            r"|over|behind|to) "
            r"(?P<shown>an? (?:[\w-]+ ){0,3}?(?:clip|video|film|shot|scene|image|picture|photo) of "
            r"[^,.;]+)",
            r"\g<shown> with \g<what>",
        ),
        (
            rf",? (?:with|and|using|over|to)(?: use| add| put)? (?P<own>{_OWN})"
            r"(?: (?:under(?:neath)?|over|behind|below) (?:it|that)"
            r"| as (?:the |a |its )?(?:voice-?over|voice|narration|music|soundtrack))?"
            r"(?P<rest>[^.;\n]*)",
            r"\g<rest>. Use \g<own>.",
        ),
        (
            r",? ?\b(?:and |but )?(?:do not|don't|not|never|un)[ -]?"
            r"(?:merged?|join(?:ed)?|combined?|stitch(?:ed)?)\b"
            r"(?: (?:them|it|these|the clips|the scenes|together))*",
            r". Kept apart. ",
        ),
        (
            r"\b(?:use|take|with) (?P<own>(?:my|our) (?:[\w-]+ )?(?:photo|picture|image|drawing"
            r"|painting|portrait|selfie)) (?:as|for) the (?:first|opening|last|final)"
            r" (?:scene|shot|clip)"
            r",?(?: (?:and )?then)?,?",
            r"Animate \g<own>.",
        ),
        # What is not wanted as a medium is no wish.
        (
            r"\b(?:do not|don't) (?:make|create|want|need)(?: me)? an? (?:video|clip"
            r"|film|image|picture)"
            r"[,.;]?(?: but| just| only)*",
            " ",
        ),
        (r", (?:but )?not an? (?:video|clip|film|image|picture|photo|animation)\b", ""),
        (
            r" without (?:any )?(?P<what>music|voice-?over|narration|voice|sound|text|titles?) "
            r"(?=(?:of|about|showing) )(?P<rest>[^.;\n]+)",
            r" \g<rest>, no \g<what>",
        ),
        (
            rf"(?P<mark>{MARK}),? (?P<who>(?:he|she|it|they|the \w+|an? \w+|[A-Z][a-z]+)) "
            r"(?P<says>says|said|whispers|asks|replies|answers|shouts)\b"
            rf"(?!:? ?{MARK})",
            r"\g<who> says \g<mark>",
        ),
        (
            r"\banimate (?P<what>an? (?:picture|image|photo|drawing|painting) of [^,.;]+?)"
            r"(?= (?:in)?to | for |,|\.|;|$| and )",
            r"\g<what>, animate it",
        ),
        (
            r"\b(?:an? )?(?:slide ?show|(?:\w+ )?(?:video|film)) (?:of|with|from)"
            r" (?P<count>two|three|four|five|six"
            r"|seven|eight|nine|ten|\d+)"
            r" (?:pictures|images|photos|stills)(?P<rest>[^.\n]*)",
            r"\g<count> images\g<rest>. Animate them. Merge them",
        ),
        (
            r": (?P<count>two|three|four|five|six|seven|eight|\d) (?P<noun>shots|scenes"
            r"|clips)[,:] ",
            r" in \g<count> \g<noun>: ",
        ),
        (
            r", (?P<count>two|three|four|five|six|seven|eight|\d) (?P<noun>shots|scenes"
            r"|clips): ",
            r" in \g<count> \g<noun>: ",
        ),
    )
)
