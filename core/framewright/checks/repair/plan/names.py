"""Which field of a model a wrong name means: near spellings, and words of the same meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.checks.near import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

_MEANINGS = (
    ("first_frame", "image", "start_frame", "start_image", "image_url", "input_image", "init_image",
     "source_image", "first_image", "reference_image", "frame", "picture", "still", "img", "photo",
     "first_frame_image", "keyframe", "image_input", "portrait", "source"),
    ("last_frame", "end_frame", "end_image", "tail_image", "final_frame", "last_frame_image"),
    ("prompt", "description", "text_prompt", "text", "caption", "instruction", "instructions",
     "positive_prompt", "prompt_text", "content", "query", "style_prompt"),
    ("text", "script", "speech", "words", "transcript", "narration", "line", "content", "prompt",
     "input_text", "voiceover", "voice_over", "dialogue", "say", "message"),
    ("negative_prompt", "negative", "avoid", "exclude", "neg_prompt"),
    ("duration", "length", "seconds", "duration_seconds", "clip_length", "video_length",
     "duration_s", "dur", "time", "len", "duration_sec", "length_seconds", "secs"),
    ("duration_seconds", "duration", "length", "seconds", "length_seconds", "duration_s", "dur",
     "time", "music_length", "duration_sec"),
    ("aspect_ratio", "ratio", "aspect", "format", "frame_size", "orientation", "size",
     "dimensions", "image_size"),
    ("num_images", "n", "count", "number_of_images", "batch_size", "num_outputs", "samples",
     "number", "images"),
    ("seed", "random_seed", "rng_seed"),
    ("fps", "frame_rate", "framerate", "frames_per_second"),
    ("resolution", "quality", "size", "video_resolution"),
    ("voice", "voice_id", "speaker", "voice_name", "narrator"),
    ("speed", "rate", "speaking_rate", "pace", "tempo"),
    ("language", "lang", "locale", "language_code"),
    ("strength", "denoise", "denoising_strength", "intensity", "influence", "weight"),
    ("scale", "factor", "upscale_factor", "upscale", "ratio", "zoom"),
    ("video", "clip", "input_video", "video_url", "source_video", "footage", "movie", "file",
     "source", "input", "film", "video_input"),
    ("videos", "clips", "video_urls", "inputs", "scenes", "sources", "files", "items", "segments",
     "shots", "video_list", "parts"),
    ("audio", "sound", "audio_url", "audio_track", "track", "input_audio", "soundtrack", "music",
     "voice", "speech", "file", "voiceover", "audio_input", "song"),
    ("tracks", "audios", "audio_tracks", "inputs", "audio", "sources", "audio_urls", "files",
     "layers", "stems", "audio_files"),
    ("gains_db", "gains", "volumes", "levels", "volumes_db", "gain", "gain_db"),
    ("position", "frame", "which", "frame_position", "at", "where"),
    ("time_seconds", "timestamp", "time", "at_seconds", "seconds", "at", "offset"),
    ("start_seconds", "start", "from", "start_time", "begin", "in", "in_point", "start_s"),
    ("end_seconds", "end", "to", "end_time", "until", "out", "stop", "out_point", "end_s"),
    ("transition", "transition_type", "effect", "cut"),
    ("mode", "method", "audio_mode"),
    ("reference_images", "references", "ref_images", "style_images", "images", "reference_image",
     "style_reference", "image_references"),
    ("max_words", "word_limit", "words", "length", "word_count", "max_length"),
    ("texture", "textured", "with_texture"),
    ("image", "images", "picture", "photo", "input_image", "source_image", "img", "image_url",
     "source", "file", "first_frame", "portrait", "face", "input", "frame"),
)  # fmt: skip
_LIKENESS_APART = 6


def counterpart(name: str, known: Mapping[str, object]) -> str | None:
    """Return the field of another model that a field of one model corresponds to, by meaning.

    Unlike `same_field`, both names are right, each for its own model: `first_frame` here is
    `image_url` there.
    """
    if name in known:
        return name
    plain = _plain(name)
    for words in _MEANINGS:
        group = [_plain(word) for word in words]
        if plain not in group:
            continue
        # The group's first words mean most surely what the group is about.
        among = [each for each in known if _plain(each) in group]
        if among:
            return min(among, key=lambda each: group.index(_plain(each)))
    return same_field(name, known)


def same_field(name: str, known: Mapping[str, object]) -> str | None:
    """Return the known field a name means: itself, one spelled like it, one of its meaning."""
    if name in known:
        return name
    plain = _plain(name)
    by_plain = {_plain(each): each for each in known}
    if plain in by_plain:
        return by_plain[plain]
    meant = [
        words[0] for words in _MEANINGS if words[0] in known and plain in {_plain(w) for w in words}
    ]
    if len(dict.fromkeys(meant)) == 1:
        return meant[0]
    if meant:
        return _best_meaning(plain, meant)
    near = nearest(name, known)
    return near if near is not None and _alone(name, near, known) else None


def _plain(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "").replace(" ", "")


def _best_meaning(plain: str, meant: list[str]) -> str | None:
    """Of several fields with that meaning, take the one that lists it earliest."""
    ranked = sorted(
        (next(at for at, w in enumerate(words) if _plain(w) == plain), words[0])
        for words in _MEANINGS
        if words[0] in meant and plain in {_plain(w) for w in words}
    )
    first, second = ranked[0], ranked[1]
    return first[1] if first[0] < second[0] or first[1] == second[1] else None


def _alone(name: str, near: str, known: Mapping[str, object]) -> bool:
    """Tell whether no other field is about as near."""
    from rapidfuzz import fuzz

    best = fuzz.ratio(name.lower(), near)
    return all(
        each == near or fuzz.ratio(name.lower(), each) < best - _LIKENESS_APART for each in known
    )
