"""Turns of phrase about what is heard, brought into the forms the planner reads."""

# ruff: noqa: E501 - patterns: one meaning a line

from __future__ import annotations

import re

from framewright.agents.offline.words.normalise import MARK

_SHOWN = (
    r"(?P<shown>(?:an? |the |\w+ )?(?:[\w-]+ ){0,3}?(?:clips?|videos?|films?|shots?|scenes?"
    r"|footage|images?|pictures?|photos?) (?:of|showing) [^.;\n]+)"
)
_NOISE = (
    r"(?:whoosh|swoosh|boom|chime|ding|gong|thunderclap|rumble|roar|scream|bang|beep|siren|howl"
    r"|(?:low|deep|dark|ominous|eerie|distant) drone|(?:train|steam|factory) whistle"
    r"|church bells?|door slam|gunshot|explosion)"
)
_END = r"(?=$|[,.;\n]| (?:at|in|over|under|between|throughout|before|after)\b)"
_SECONDS = r"(?:\d{1,4}(?:[.,]\d{1,3})?|[a-z]+)[ -]?(?:s|secs?|seconds?)\b"
SOUNDING_FORMS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), form)
    for pattern, form in (
        # "A voice-over saying 'Hi' over a clip of a city" asks for the clip first.
        (
            r"(?:^|(?<=[.;\n] ))(?P<what>(?:an? |the )?(?:[\w-]+ ){0,3}?(?:voice-?over|voice"
            rf"|narrator|narration)\b[^.;\n{MARK[1:-1]}]{{0,60}}{MARK}),? (?:over|on|with|under)"
            rf" {_SHOWN}",
            r"\g<shown>. \g<what>",
        ),
        (
            r"(?:^|(?<=[.;\n] ))(?P<what>(?:(?!(?:clip|video|film)\b)[\w-]+ ){0,3}?music) (?:over"
            rf"|under|behind|for|beneath) {_SHOWN}",
            r"\g<shown>. \g<what>",
        ),
        (
            rf"\b(?P<lead>with|plus|and|then|add) (?P<noise>(?:an? |some |the )?(?:[\w-]+ ){{0,2}}?"
            rf"{_NOISE}){_END}",
            r"\g<lead> the sound of \g<noise>",
        ),
        (
            rf"(?P<lead>, | and )(?P<noise>(?:an? )?(?:[\w-]{{1,30}} )?(?:{_NOISE}|thunder))"
            r" (?=at \d)",
            r". The sound of \g<noise> ",
        ),
        # "The rain sound I uploaded" is theirs.
        (
            r"\b(?:the|my) (?:[\w-]+ )?(?P<what>sound|music|song|recording|track|audio|voice)"
            r" (?:that )?I(?:'ve| have)? (?:uploaded|gave|attached|recorded|sent)\b",
            r"my \g<what>",
        ),
        (r"\bambient pads?\b", "ambient music"),
        (
            r"\badd (?:some |the )?(?P<noise>wind|rain|thunder|birdsong|waves|crickets|traffic"
            r"|applause|laughter|footsteps|birds)"
            r"(?= sounds?\b|$|[.,;\n]| (?:at|in|to|under|over)\b)(?: sounds?)?",
            r"add the sound of \g<noise>",
        ),
        # Who reads words aloud speaks them; a sign that reads them does not.
        (
            r"\b(?P<who>anchor|teacher|narrator|man|woman|voice|boy|girl|host|presenter|speaker"
            rf"|reporter|actor|child|announcer|he|she) reads:? (?=(?P<mark>{MARK}))",
            r"\g<who> says ",
        ),
        (
            r"\b(?:talks|speaks|looks|talking|speaking|looking) (?:directly |straight )?(?:in)?to (?:the )?"
            r"(?:camera|lens) and (?P<says>says|asks|tells us|announces)",
            r"\g<says> to the camera",
        ),
        (
            r"\bmake (?P<what>(?:my|the|this|that) (?:[\w-]+ )?(?:photo|picture|image|portrait|drawing"
            r"|painting|selfie)) (?:talk|speak)[:,.;]? (?:and )?(?P<who>(?:he|she|it|they)?) ?(?:says?"
            rf"|saying)?:? ?(?=(?P<mark>{MARK}))",
            r"make \g<what> (\g<who>) say ",
        ),
        # "A child says in German: 'Hallo'" is a child in German who says it.
        (
            rf"\b(?P<says>says|asks|answers|replies|whispers|shouts) (?P<how>in (?-i:[A-Z])[a-z]+),?:?"
            rf" (?=(?P<mark>{MARK}))",
            r"\g<how> \g<says> ",
        ),
        # "A brand called 'Dusk'" has a name; "a film called 'Dusk'" has a title.
        (
            r"\b(?P<thing>(?!(?:film|video|clip|movie|short|ad|trailer|teaser|documentary|story|series"
            r"|episode|reel|animation|it|them|this|scene|is|be)\b)[\w-]{1,40}) (?:called|named)"
            rf" (?=(?P<mark>{MARK}))",
            r"\g<thing> by the name ",
        ),
        (
            r"\b(?P<how>upbeat|catchy|modern|indie|dreamy|electro|euro|synth|happy|summer)[ -]pop\b"
            r"(?! (?:art|culture|up|star|song|music))",
            r"\g<how> pop music",
        ),
        # A length behind a sound, a voice or words is the film's.
        (
            rf"(?P<before>\b(?:sounds?|noise|voice-?over|voice|title|text|words?|caption|bell"
            rf"|slogan)\b[^.;\n]{{0,80}}), (?:about |around )?(?P<length>{_SECONDS})"
            r"(?: long)?(?P<after>$|[.;\n]|, (?:no|without|in|for) )",
            r"\g<before>. \g<length>\g<after>",
        ),
        (
            rf"(?:,? (?:and )?with|,) (?:an? )?lower[- ]third:? (?P<mark>{MARK})",
            r". The text \g<mark> as a lower third. ",
        ),
        # One after the other: the words, each for itself.
        (rf"(?P<one>{MARK}),? (?:and )?then (?=(?P<next>{MARK}))", r"\g<one>, then the words "),
        (rf"(?:^|(?<=[.;,\n] ))(?:end|closing) card: ?(?P<mark>{MARK})", r"the words \g<mark> at"
            " the end"),
        (
            r" without (?:any )?(?P<what>music|voice-?over|narration|voice|sound|text|titles?)"
            r"(?: (?:or|and) (?P<more>music|voice-?over|narration|voice|sound|text|titles?))?:"
            r"(?P<rest>[^.;\n]+)",
            r":\g<rest>. No \g<what>. No \g<more>",
        ),
        (r" ?\((?P<inside>no [^()]{2,60})\)", r". \g<inside>. "),
    )
)  # fmt: skip
