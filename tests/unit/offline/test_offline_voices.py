"""Who speaks: a voice for each, in their language, in turn; and sounds that follow each other."""

import pytest

from framewright.agents.offline.planner import interpret
from framewright.agents.offline.words.voices import voice_of, who_speaks
from framewright.catalog.catalog import build_catalog, read_cards
from unit.offline.offline_graphs import everything, graph, upload

CATALOG = everything()


def spoken(brief):
    """Return text, speaker and language of each voice."""
    steps = interpret(brief, CATALOG).plan.steps
    return [
        (step.inputs["text"], step.inputs.get("speaker"), step.inputs.get("voice"))
        for step in steps
        if step.model == "local/speech"
    ]


@pytest.mark.parametrize(
    ("brief", "turns"),
    [
        ('Maria says "Wait." Peter answers "Why?" Maria says "Look."',
         [("Wait.", "woman", None), ("Why?", "man", None), ("Look.", "woman", None)]),
        ('Ida, a girl of eight, and Karl, an old man with a beard, sit on a bench. Ida asks "Are'
         ' you cold?" Karl says "A little."',
         [("Are you cold?", "girl", None), ("A little.", "old man", None)]),
        ('A nun says "Pray" and a boy answers "No" in a church',
         [("Pray", "woman", None), ("No", "boy", None)]),
        ('A voice-over by a young woman in Italian: "Ciao" and one in Polish by a man: "Dzień"',
         [("Ciao", "young woman", "it"), ("Dzień", "man", "pl")]),
        ('A woman in French says "Salut"; an old man in German says "Hallo"',
         [("Salut", "woman", "fr"), ("Hallo", "old man", "de")]),
        ('A boy says in Spanish: "Hola"', [("Hola", "boy", "es")]),
    ],
)  # fmt: skip
def test_each_speaker_has_a_voice_and_a_language(brief, turns):
    assert spoken(brief) == turns


def test_voices_are_joined_in_their_order_and_lie_before_the_music():
    brief = 'Maria says "Wait." Peter answers "Why?" A street at night, 8 seconds, with soft jazz'
    lines = graph(interpret(brief, CATALOG).plan, CATALOG)
    assert (
        "mix = mix-audio | tracks: [$voice, $voice_2] | starts_seconds: [0, 0.4] | in_turn: true"
        in lines
    )
    assert any("tracks: [$mix, $music]" in line and "duck: true" in line for line in lines)


def test_one_speaker_has_one_voice_and_no_word_about_others():
    found = interpret('A voice-over by an old woman in French: "Il y avait une fois"', CATALOG)
    assert not found.notes
    assert not any(clause.missed for clause in found.clauses)
    assert all(part.role != "nowhere" for part in found.parts)


def test_speakers_nobody_can_tell_apart_are_said_to_sound_alike():
    found = interpret('Kim says "Hi" and Lee says "Ho"', CATALOG)
    assert any(note.startswith("One voice speaks the lines of all") for note in found.notes)


def plain_catalog():
    def card(name, task, output, fields):
        return {
            "id": f"acme/{name}", "provider": "acme", "kind": "audio", "task": task,
            "output": output,
            "inputs_schema": {"type": "object", "properties": fields},
        }  # fmt: skip

    audio = {"type": "string", "format": "media-ref", "x-media": "audio"}
    words = {"type": "string"}
    languages = {"type": "string", "enum": ["en-us", "de", "fr"]}
    listed = [
        card("speech", "text-to-speech", "audio", {"text": words, "voice": languages}),
        card(
            "mix",
            "mix-audio",
            "audio",
            {
                "tracks": {"type": "array", "items": audio},
                "starts_seconds": {"type": "array", "items": {"type": "number"}},
            },
        ),
    ]
    return build_catalog(read_cards({"models": listed}, "acme.json"))


def test_a_mixer_that_needs_starts_is_given_them_with_room_enough():
    brief = 'A woman in French says "Bonjour, tout le monde"; a man in German says "Hallo"'
    found = interpret(brief.replace(" says", " voice-over says"), plain_catalog())
    mix = found.plan.step("mix")
    first, second = mix.inputs["starts_seconds"]
    assert first == 0
    assert second > 2


def test_a_model_without_voices_says_that_it_has_none():
    found = interpret('A voice-over by a woman: "Hi" and one by a man: "Ho"', plain_catalog())
    assert [step.inputs["text"] for step in found.plan.steps] == ["Hi\nHo"]
    assert any("this model has no others" in note for note in found.notes)


@pytest.mark.parametrize(
    ("said", "who"),
    [
        ("Anna says", "Anna"),
        ("the nurse says", "nurse"),
        ("A voice-over by an old woman in French", "woman"),
        ("Voice", ""),
        ("It should say", ""),
        ("British voice says", ""),
        ("Narration for each", ""),
    ],
)
def test_who_speaks_is_a_name_or_a_person(said, who):
    assert who_speaks(said) == who


@pytest.mark.parametrize(
    ("said", "cast", "voice"),
    [
        ("Ben says", {"Ben": "with a beard in a grey suit"}, "man"),
        ("Toni says", {"Toni": "a man in a coat"}, "man"),
        ("Ruth says", {"Ruth": "a tall woman aged 70"}, "old woman"),
        ("Max says", {"Max": "a ten-year-old in a cap"}, "boy"),
        ("Holm says", {"Captain Holm": "an old sailor"}, "old man"),
    ],
)
def test_a_voice_is_that_of_the_description(said, cast, voice):
    assert voice_of(said, cast) == voice


@pytest.mark.parametrize(
    ("brief", "prompts", "starts", "seconds"),
    [
        ("The sound of a match, then a fire crackling, then rain",
         ["match", "fire crackling", "rain"], [0, 5, 10], 5),
        ("The sound of waves, then the sound of gulls, followed by a ship horn, 12 seconds",
         ["waves", "gulls", "ship horn"], [0, 4, 8], 4),
        ("Sound: knocking, then a scream", ["knocking", "scream"], [0, 5], 5),
    ],
)  # fmt: skip
def test_sounds_follow_each_other(brief, prompts, starts, seconds):
    found = interpret(brief, CATALOG)
    *sounds, mix = found.plan.steps
    assert [step.inputs["prompt"] for step in sounds] == prompts
    assert {step.inputs["duration_seconds"] for step in sounds} == {seconds}
    assert mix.inputs["starts_seconds"] == starts
    assert not found.notes


def test_sounds_in_turn_share_the_film():
    lines = graph(
        interpret("A 6 second clip of a house at night with the sound of steps, then a creak",
                  CATALOG).plan,
        CATALOG,
    )  # fmt: skip
    assert "sound = text-to-sound | prompt: steps | duration_seconds: 3" in lines
    assert any("starts_seconds: [0, 3]" in line for line in lines)


def test_a_picture_and_then_a_sound_are_no_row_of_sounds():
    lines = graph(interpret("A clip of a lake, then the sound of thunder", CATALOG).plan, CATALOG)
    assert "prompt: a lake |" in lines[0]


def test_two_pieces_of_music_with_lengths_of_their_own_are_two():
    brief = "A merry banjo tune of 10 seconds, and a sad violin melody of 25 seconds"
    lines = graph(interpret(brief, CATALOG).plan, CATALOG)
    assert lines == [
        "music = text-to-music | prompt: merry banjo tune | duration_seconds: 10",
        "music_2 = text-to-music | prompt: sad violin melody | duration_seconds: 25",
    ]


def test_music_described_twice_is_one():
    lines = graph(interpret("Calm piano music and soft strings, 20 seconds", CATALOG).plan, CATALOG)
    assert len(lines) == 1


@pytest.mark.parametrize(
    ("brief", "speaker", "shown"),
    [
        ("A talking portrait of a king with a red beard who says 'Kneel'", "man",
         "a king with a red beard"),
        ("A lip-synced video of an old woman in a shawl saying 'Come in'", "old woman",
         "an old woman in a shawl"),
        ("A sailor with an earring talks to the camera and says 'Ahoy'", "",
         "A sailor with an earring"),
        ("A young nurse looks straight into the camera and says 'Rest'", "young woman",
         "A young nurse"),
        ("A boy says to the camera 'Subscribe'", "boy", "A boy"),
    ],
)  # fmt: skip
def test_a_face_that_talks_is_drawn_by_what_moves_its_lips(brief, speaker, shown):
    found = interpret(brief, CATALOG)
    voice, lips = found.plan.steps
    assert voice.inputs.get("speaker", "") == speaker
    assert lips.model == "local/lip-sync"
    assert lips.inputs == {"audio": "$voice.output", "prompt": shown, "aspect_ratio": "16:9"}
    assert not found.notes


def test_music_lies_under_what_a_face_says():
    brief = "A man with glasses talks to the camera and says 'Buy', with soft music"
    lines = graph(interpret(brief, CATALOG).plan, CATALOG)
    assert lines[-1].startswith("film = mux-audio | video: $lips | audio: $music | mode: mix")


@pytest.mark.parametrize(
    "brief",
    [
        "Make my photo talk: she says 'Hello'",
        "Make the woman in this photo say 'Hello'",
        "Lip-sync my portrait to a voice saying 'Hello'",
    ],
)
def test_a_photo_that_is_given_talks_itself(brief):
    steps = interpret(brief, CATALOG, [upload("u1 image ida.png")]).plan.steps
    assert [step.model for step in steps] == ["local/speech", "local/lip-sync"]
    assert steps[1].inputs["image"] == "$upload.u1"


def test_where_a_face_has_to_be_given_it_is_made_first():
    video = {"type": "string", "format": "media-ref", "x-media": "video"}
    image = {**video, "x-media": "image"}
    audio = {**video, "x-media": "audio"}

    def card(name, kind, task, output, fields, required):
        return {
            "id": f"acme/{name}", "provider": "acme", "kind": kind, "task": task, "output": output,
            "inputs_schema": {"type": "object", "properties": fields, "required": required},
        }  # fmt: skip

    words = {"type": "string"}
    listed = [
        card("pics", "image", "text-to-image", "image", {"prompt": words}, ["prompt"]),
        card("say", "audio", "text-to-speech", "audio", {"text": words}, ["text"]),
        card("lips", "lipsync", "lip-sync", "video", {"image": image, "audio": audio},
             ["image", "audio"]),
    ]  # fmt: skip
    catalog = build_catalog(read_cards({"models": listed}, "acme.json"))
    brief = "A talking portrait of a king who says 'Kneel'"
    lines = graph(interpret(brief, catalog).plan, catalog)
    assert lines == [
        "voice = text-to-speech | text: Kneel",
        "still = text-to-image | prompt: portrait of a king, from the front, lips closed",
        "lips = lip-sync | audio: $voice | image: $still",
    ]
