"""Turns of phrase about how many and how long, brought into the forms the planner reads."""

from __future__ import annotations

import re

_NUMBER = r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,3})"
_CLIPS = r"(?:shots|scenes|clips|parts)"
_SECONDS = r"(?:\d{1,4}(?:[.,]\d{1,3})?|[a-z]+)[ -]?(?:s|secs?|seconds?)\b"
_LENGTH = r"\d{1,3}(?:\.\d)?(?: ?(?:s|secs?|seconds?))?"
_CHAINED = ", each continuing from the last frame of the one before"
COUNTING_FORMS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), form)
    for pattern, form in (
        # What is not wanted between clips is a cut.
        (
            r",? ?\b(?:and |but )?(?:without|no|don't|do not|never|not)(?: use| add| any| an?)*"
            r" (?:cross-?fad(?:es?|ing)|dissolves?)(?: between (?:them|clips|scenes|shots))?\b",
            "",
        ),
        (r"\bhalf a second\b", "0.5 seconds"),
        # "A balloon rises. Drone shot." says how the balloon is seen.
        (
            r"(?<=\w)\. (?P<how>drone|aerial|handheld|close-up|wide|low[- ]angle|high[- ]angle"
            r"|tracking|bird's[- ]eye|macro) (?P<noun>shot|view)(?=[.\n]|$)",
            r", \g<how> \g<noun>",
        ),
        # What every film here has anyway.
        (r",? ?\b(?:at |in )?24 ?(?:fps|frames (?:per|a) second)\b", ""),
        (
            r"\b(?:don't|do not|never) animate (?:it|them|this)(?=$|[.;,\n])",
            "",
        ),
        (
            r"\b(?:with |there is |there should be )?no camera (?:movement|motion|moves?)\b",
            "static camera",
        ),
        (r"\bper (?:scene|shot|clip|image|photo|picture|slide)\b", "each"),
        (
            rf"(?P<count>{_NUMBER} (?:[\w-]+ )?)chained (?P<noun>{_CLIPS})(?P<rest>[^,.;\n]*)",
            rf"\g<count>\g<noun>\g<rest>{_CHAINED}",
        ),
        (
            r"\b(?:chain|link) (?:the|these|those|all(?: the| of)?|them)(?: (?:scenes|clips|shots"
            r"|them))?(?: together)?(?=$|[,.;\n])",
            "each continuing from the last frame of the one before",
        ),
        # "A trailer: 6 clips of 3 seconds" counts the trailer's own clips.
        (
            rf"\b(?:make |create )?an? (?:short )?(?:music video|trailer|ad|film|video|movie|teaser"
            rf"|reel): (?=(?P<count>{_NUMBER}) {_CLIPS} (?:of|showing|in which|where)"
            rf" (?!{_SECONDS}))",
            "",
        ),
        (
            rf"(?:: |, )(?P<count>{_NUMBER}) (?P<noun>{_CLIPS})"
            rf"(?: of|,| at)? (?:about )?(?P<length>{_SECONDS})(?: long)?(?: each)?",
            r" in \g<count> \g<noun>, \g<length> each",
        ),
        (
            rf", (?P<count>{_NUMBER}) (?P<noun>{_CLIPS}), of (?P<what>[^,.;\n]+)",
            r" in \g<count> \g<noun> of \g<what>",
        ),
        (
            r"\b(?P<count>two|three|four|five|six|\d) (?P<noun>options|versions|variants|variations"
            r"|ideas|concepts) for (?P<what>an?|the|my|our) ",
            r"\g<count> \g<noun> of \g<what> ",
        ),
        (
            rf"(?P<said>\b(?:all|each|every)(?: of)?(?: the)? (?:scenes?|shots?|clips?)"
            rf"(?: (?:is|are|lasts?|should be|takes?))? {_SECONDS}(?: long)?), (?!except)",
            r"\g<said>. ",
        ),
        (
            r"(?<!from )(?<!between )(?<![\d:.-])(?P<least>\d{1,3}) ?(?:-|to) ?"
            r"(?P<most>\d{1,3})[ -]?(?P<unit>s|secs?|seconds?)\b(?! ?:)",
            r"\g<most> \g<unit>",
        ),
        # "4, 5 and 6 seconds" are the lengths of three.
        (
            rf"(?:^|[.,;\n] ?|: )(?P<lengths>(?:{_LENGTH}, ?){{1,12}}(?:and )?{_LENGTH}|{_LENGTH}"
            rf"(?:, ?{_LENGTH}){{0,12}} and {_LENGTH})(?<=s|d)(?: long)?(?=$|[.;\n])",
            r". Lengths in turn: \g<lengths>. ",
        ),
        # "A video of it walking" moves the picture before.
        (
            r"(?:,? and |, )(?:then )?an? (?P<long>[\w-]+ second )?(?:video|clip|animation) of"
            r" (?:it|him|her|them) ",
            r", animate it \g<long>",
        ),
        (
            r"(?:^|(?<=[.;\n] ))(?:convert|reformat|change)(?: it| this)? to (?=\d{1,2}:\d"
            r"|vertical|portrait|square|landscape|widescreen)",
            "resize it to ",
        ),
    )
)
