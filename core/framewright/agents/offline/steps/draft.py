"""A plan in the making: steps with short ids, titles for people, and models from the catalog."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from framewright.agents.offline.steps.choose import (
    NEGATIVE,
    SHAPE,
    SPOKEN,
    WORDS,
    Wanted,
    choices_of,
    choose,
    field_of,
    figure_for,
    is_for,
    length_for,
    literal,
    media_for,
    needed_for,
    shape_for,
    words_for,
)
from framewright.agents.offline.words.measures import plain_number
from framewright.agents.offline.words.people import is_person
from framewright.catalog.ports import properties
from framewright.domain import refs
from framewright.domain.media import MediaKind
from framewright.domain.plan import Plan, Step, StepKind, Task

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from framewright.agents.offline.clauses.settings import Whole
    from framewright.catalog.catalog import Catalog
    from framewright.domain.model_card import ModelCard

_KINDS = {
    Task.TEXT_TO_IMAGE: StepKind.IMAGE,
    Task.IMAGE_TO_IMAGE: StepKind.IMAGE,
    Task.UPSCALE: StepKind.IMAGE,
    Task.TEXT_TO_VIDEO: StepKind.VIDEO,
    Task.IMAGE_TO_VIDEO: StepKind.VIDEO,
    Task.TEXT_TO_SPEECH: StepKind.AUDIO,
    Task.TEXT_TO_MUSIC: StepKind.AUDIO,
    Task.TEXT_TO_SOUND: StepKind.AUDIO,
    Task.TEXT_TO_3D: StepKind.MODEL3D,
    Task.IMAGE_TO_3D: StepKind.MODEL3D,
    Task.LIP_SYNC: StepKind.LIPSYNC,
    Task.IMAGE_TO_TEXT: StepKind.TEXT,
    Task.SPEECH_TO_TEXT: StepKind.TEXT,
    Task.TEXT_GENERATION: StepKind.TEXT,
}
_SHEETS = re.compile(
    r"\bcharacter[ -](?:\w+[ -])?sheets?\b|\bturn-?arounds?\b|\bmodel sheets?\b", re.IGNORECASE
)
_TITLE = 60
MOST_STEPS = 1_000
"""Where a plan stops: a film of many hundred shots fits, a slip of the keys does not run away."""


class Draft:
    """Collects steps; whoever adds one gets the reference to its output."""

    def __init__(self, catalog: Catalog, whole: Whole) -> None:
        self.catalog = catalog
        self.steps: list[Step] = []
        self.notes: list[str] = []
        self.kept_free = 0
        """Steps that the end of the film will need."""
        self.promised = 0
        """Steps that will follow from those that are there: a clip of every still."""
        self._left_out: Counter[str] = Counter()
        self._named: Counter[str] = Counter()
        self._sheets: dict[str, str] = {}
        """The character sheet of each name."""
        self._ratio = whole.aspect
        self._style = ", ".join(whole.styles)
        self._without = whole.without

    def still(
        self,
        subject: str,
        source: str | None = None,
        *,
        shape: str | None = None,
        variant: int | None = None,
    ) -> str:
        """Add an image from words, or from an image and words.

        `shape` is what such a thing usually has; `variant` counts alternatives, which differ
        by their seed where the model has one.
        """
        task = Task.TEXT_TO_IMAGE if source is None else Task.IMAGE_TO_IMAGE
        card = choose(self.catalog, task, Wanted(ratio=self._ratio))
        inputs = self._picture_inputs(card, subject)
        if card is not None and source is not None:
            inputs |= media_for(card, self.catalog, MediaKind.IMAGE, [source])
        if card is not None and source is None:
            inputs |= self._shape(card, shape)
        if card is not None and variant is not None and field_of(card, ("seed",)):
            inputs["seed"] = variant
        if card is not None and source is None and "characters" in self.catalog.ports[card.id]:
            shown = [sheet for name, sheet in self._sheets.items() if name in subject]
            inputs |= {"characters": shown} if shown else {}
        return self._add("still", f"Still: {subject}", task, card, inputs)

    def sheet(self, who: str) -> str:
        """Add a sheet that shows one person from all sides, by a model that is for those."""
        wanted = Wanted(ratio=self._ratio, purpose=_SHEETS)
        card = choose(self.catalog, Task.TEXT_TO_IMAGE, wanted)
        if card is None or not (is_for(card, wanted) and is_person(who)):
            what = "character sheet" if is_person(who) else "turnaround"
            return self.still(f"{what} of {who}, from the front, the side and the back")
        inputs = self._picture_inputs(card, who) | self._shape(card, None)
        made = self._add("sheet", f"Character sheet: {who}", Task.TEXT_TO_IMAGE, card, inputs)
        self._sheets[who.split(",")[0]] = made
        return made

    def scene(
        self,
        subject: str,
        seconds: float,
        camera: str | None,
        *,
        shape: str | None = None,
        variant: int | None = None,
    ) -> tuple[str, float]:
        """Add a clip from words; return it and its length."""
        wanted = Wanted(self._ratio, seconds)
        card = choose(self.catalog, Task.TEXT_TO_VIDEO, wanted)
        if card is None and choose(self.catalog, Task.IMAGE_TO_VIDEO, wanted) is not None:
            still = self.still(subject, shape=shape, variant=variant)
            return self.moving(still, subject, seconds, camera)
        inputs = self._picture_inputs(card, subject)
        if card is not None:
            inputs |= self._shape(card, shape)
        if card is not None and variant is not None and field_of(card, ("seed",)):
            inputs["seed"] = variant
        return self._timed(
            "clip", f"Clip: {subject}", Task.TEXT_TO_VIDEO, card, inputs, seconds, camera
        )

    def moving(
        self,
        image: str,
        subject: str,
        seconds: float,
        camera: str | None,
        *,
        follows: bool = False,
    ) -> tuple[str, float]:
        """Add a clip that begins with an image; return it and its length.

        `follows`: the image is the last frame of another clip, the words are new.
        """
        card = choose(self.catalog, Task.IMAGE_TO_VIDEO, Wanted(seconds=seconds))
        inputs = self._picture_inputs(card, subject)
        if card is not None:
            inputs |= media_for(card, self.catalog, MediaKind.IMAGE, [image])
        if card is not None and follows and _only_camera(card):
            self.notes.append(
                f"{card.id} only moves a camera over the frame it begins with: new words show"
                " nothing new. Leave out the chaining, or use a model that films."
            )
        title = f"Clip: {subject}" if subject else "Clip"
        return self._timed("clip", title, Task.IMAGE_TO_VIDEO, card, inputs, seconds, camera)

    def voice(self, words: str, language: str | None = None, speaker: str = "") -> str:
        """Add speech, to the letter, by a language's voice and a speaker where the model can."""
        card = choose(self.catalog, Task.TEXT_TO_SPEECH)
        inputs = {} if card is None else words_for(card, words, SPOKEN)
        if card is not None and language in choices_of(card, "voice"):
            inputs["voice"] = language
        if card is not None and speaker:
            fields = properties(card).items()
            told = (name for name, field in fields if field.get("x-steers") == "voice")
            inputs |= dict.fromkeys(told, speaker)
        return self._add("voice", f"Voice: {words}", Task.TEXT_TO_SPEECH, card, inputs)

    def can_sound_different(self, kinds: Collection[tuple[str, str | None]]) -> bool:
        """Tell whether these voices, as words and languages, are more than one to the model."""
        card = choose(self.catalog, Task.TEXT_TO_SPEECH)
        if card is None:
            return False
        steered = any(field.get("x-steers") == "voice" for field in properties(card).values())
        choices = choices_of(card, "voice")
        heard = {
            (words if steered else "", language if language in choices else None)
            for words, language in kinds
        }
        return len(heard) > 1

    def in_turn(self, sounds: Sequence[str], pause: float, lengths: Sequence[float]) -> str:
        """Add the sounds one after the other; `lengths` are guesses for models that need starts."""
        card = choose(self.catalog, Task.MIX_AUDIO)
        if card is not None and field_of(card, ("in_turn",)):
            more: dict[str, Any] = {
                "starts_seconds": [0, *[plain_number(pause)] * (len(sounds) - 1)],
                "in_turn": True,
            }
        else:
            at = [sum(lengths[:number]) + pause * number for number in range(len(lengths))]
            more = {"starts_seconds": [plain_number(each) for each in at]}
        tracks = {MediaKind.AUDIO: list(sounds)}
        return self.utility("mix", "Lines in turn", Task.MIX_AUDIO, tracks, **more)

    def sound(self, subject: str, seconds: float, task: Task) -> str:
        """Add music or an effect of a length."""
        card = choose(self.catalog, task, Wanted(seconds=seconds))
        inputs = {} if card is None else words_for(card, subject)
        if card is not None:
            given, length = length_for(card, seconds)
            inputs |= given
            self._note_length(subject, seconds, length)
        name = "music" if task is Task.TEXT_TO_MUSIC else "sound"
        return self._add(name, f"{name.title()}: {subject}", task, card, inputs)

    def words(self, subject: str) -> str:
        """Add a written text."""
        card = choose(self.catalog, Task.TEXT_GENERATION)
        inputs = {} if card is None else words_for(card, subject)
        return self._add("text", f"Text: {subject}", Task.TEXT_GENERATION, card, inputs)

    def utility(
        self, name: str, title: str, task: Task, media: dict[MediaKind, list[str]], **more: Any
    ) -> str:
        """Add a local utility; inputs of `more` that the model does not know are left out."""
        card = choose(self.catalog, task)
        inputs: dict[str, Any] = {}
        if card is not None:
            for kind, given in media.items():
                inputs |= media_for(card, self.catalog, kind, given)
            inputs |= {key: value for key, value in more.items() if field_of(card, (key,))}
        return self._add(name, title, task, card, inputs)

    def resized(self, kind: MediaKind, source: str, title: str, wanted: dict[str, Any]) -> str:
        """Add an image or video in another shape; the model must take that kind."""
        return self.worked("resize", title, Task.RESIZE, kind, source, wanted)

    def worked(
        self,
        name: str,
        title: str,
        task: Task,
        kind: MediaKind,
        source: str,
        wanted: dict[str, Any],
        purpose: re.Pattern[str] | None = None,
    ) -> str:
        """Add what a utility makes of a file of one kind; its model must take that kind.

        Of `wanted`, what the model does not know is left out, and figures are the nearest it takes.
        """
        card = self.tool(task, kind, purpose)
        inputs: dict[str, Any] = {}
        if card is not None:
            inputs = media_for(card, self.catalog, kind, [source])
            for key, value in wanted.items():
                if field_of(card, (key,)) is None:
                    continue
                figure = isinstance(value, (int, float)) and value > 0
                inputs |= figure_for(card, (key,), value)[0] if figure else {key: value}
        return self._add(name, title, task, card, inputs)

    def tool(
        self, task: Task, kind: MediaKind, purpose: re.Pattern[str] | None = None
    ) -> ModelCard | None:
        """Return the model that does a task on files of a kind, if there is one."""
        wanted = Wanted(purpose=purpose)
        able = [
            card
            for card in self.catalog.for_task(task)
            if any(port.media is kind for port in self.catalog.ports[card.id].values())
            and is_for(card, wanted)
        ]
        return able[0] if able else None

    def made_from(
        self,
        name: str,
        title: str,
        task: Task,
        media: dict[MediaKind, list[str]],
        subject: str,
        **more: Any,
    ) -> str:
        """Add a step from media and words: enlarging, describing, a 3D model, moving lips."""
        card = choose(self.catalog, task)
        inputs: dict[str, Any] = {}
        if card is not None:
            inputs = words_for(card, subject)
            for kind, given in media.items():
                inputs |= media_for(card, self.catalog, kind, given)
            inputs |= {key: value for key, value in more.items() if field_of(card, (key,))}
        return self._add(name, title, task, card, inputs)

    def fits(self, steps: int = 1) -> bool:
        """Tell whether so many more steps have room beside those that are kept free."""
        return len(self.steps) + steps <= MOST_STEPS - self.kept_free - self.promised

    def leave_out(self, what: str, count: int = 1) -> None:
        """Count things, named in the singular, that are not made because the plan is full."""
        self._left_out[what] += count

    def note_left_out(self) -> None:
        """Say what was left out because the plan is full."""
        if not self._left_out:
            return
        left = (f"{n:,} {what}{'s' * (n > 1)}" for what, n in self._left_out.items())
        self.notes.append(f"The plan stops at {MOST_STEPS:,} steps. Left out: {', '.join(left)}.")

    def step(
        self, name: str, title: str, task: Task, card: ModelCard, inputs: dict[str, Any]
    ) -> str:
        """Add a step of a model that is chosen, with inputs that are its own."""
        return self._add(name, title, task, card, inputs)

    def styled(self, subject: str) -> str:
        """Return a subject with the looks that hold for everything."""
        return ", ".join(part for part in (subject, self._style) if part)

    def plan(self, title: str) -> Plan:
        """Return the finished plan."""
        return Plan(title=title, steps=tuple(self.steps))

    def _shape(self, card: ModelCard, usual: str | None) -> dict[str, Any]:
        asked = self._ratio or usual
        given = shape_for(card, asked or "16:9")
        if asked is not None and not given:
            self.notes.append(f"{card.id} can not make the shape {asked}.")
        return given

    def _picture_inputs(self, card: ModelCard | None, subject: str) -> dict[str, Any]:
        if card is None:
            return {}
        prompt = ", ".join(part for part in (subject, self._style) if part)
        negative = field_of(card, NEGATIVE)
        if self._without and negative is None and prompt:
            prompt += "".join(f", without {each}" for each in self._without)
        inputs = words_for(card, prompt)
        if self._without and negative is not None:
            inputs[negative] = literal(", ".join(self._without))
        return inputs

    def _timed(
        self,
        name: str,
        title: str,
        task: Task,
        card: ModelCard | None,
        inputs: dict[str, Any],
        seconds: float,
        camera: str | None,
    ) -> tuple[str, float]:
        length = seconds
        if card is not None:
            given, length = length_for(card, seconds)
            inputs |= given
            self._note_length(title, seconds, length)
            if camera is not None and camera in choices_of(card, "camera"):
                inputs["camera"] = camera
            elif camera is not None:
                self._say_camera(card, inputs, camera)
        return self._add(name, title, task, card, inputs), length

    def _say_camera(self, card: ModelCard, inputs: dict[str, Any], camera: str) -> None:
        """Tell a model without a field for it how the camera moves, in its prompt."""
        words = f"camera: {camera.replace('-', ' ')}"
        if (prompt := field_of(card, WORDS)) is not None:
            said = inputs.get(prompt)
            inputs[prompt] = f"{said}, {words}" if said else words

    def _note_length(self, what: str, asked: float, given: float) -> None:
        if given and abs(asked - given) > 0.05:
            self.notes.append(
                f"“{_short(what)}” is {given:g} s long: its model can not do {asked:g} s."
            )

    def _add(
        self, name: str, title: str, task: Task, card: ModelCard | None, inputs: dict[str, Any]
    ) -> str:
        self._named[name] += 1
        number = self._named[name]
        step_id = name if number == 1 else f"{name}_{number}"
        kind = card.kind if card is not None else _KINDS.get(task, StepKind.UTILITY)
        given: dict[str, Any] = {"model": card.id} if card is not None else {"task": task}
        if card is not None:
            shape = field_of(card, SHAPE)
            if shape not in inputs and shape in (card.inputs_schema.get("required") or ()):
                inputs |= shape_for(card, self._ratio or "16:9")
            inputs |= needed_for(card, inputs)
        if card is None:
            self.notes.append(f"No available model does {task}.")
        step = Step(id=step_id, title=_short(title), kind=kind, inputs=inputs, **given)
        needs = tuple(dict.fromkeys(ref.step for ref in refs.step_refs(step)))
        self.steps.append(step.model_copy(update={"depends_on": needs}))
        return f"${step_id}.output"


def _only_camera(card: ModelCard) -> bool:
    """Tell whether words steer nothing but the camera, as the card says of its field for them."""
    field = field_of(card, WORDS)
    return field is not None and properties(card)[field].get("x-steers") == "camera"


def _short(text: str) -> str:
    # More words than the title has letters need no look, in a text that can be very long.
    plain = " ".join(text.split(maxsplit=_TITLE))
    return plain if len(plain) <= _TITLE else plain[: _TITLE - 1].rstrip(" ,") + "…"
