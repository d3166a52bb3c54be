"""Google: pictures answered with the result itself, and clips that are waited for.

Settings: `video` is `interactions`, as its client 3.4.0 asks for clips, or `long-running`, as its
client 1.56.0 did; whether Google's server still answers that with a key is not known. `version` of
the API is `v1`, and `v1beta` of long operations, where nothing else is said.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from typing_extensions import override

from framewright.errors import SettingsError
from framewright.protocols import ProviderFailure, ProviderOutput, SubmitError
from framewright_providers import google_image, google_video
from framewright_providers.http_job.answering import AnsweringProvider, Made
from framewright_providers.http_job.connection import AnswerLostError
from framewright_providers.http_job.download import suffix_of
from framewright_providers.http_job.media_out import fetched, kind_of
from framewright_providers.http_job.patience import news
from framewright_providers.http_job.vendor import Vendor, error_object

if TYPE_CHECKING:
    from collections.abc import Mapping

    from framewright.protocols import ProviderRequest, Status
    from framewright_providers.http_job.connection import Answered
    from framewright_providers.http_job.lifting import Lifted

VENDOR = Vendor(
    name="google",
    title="Google",
    own_error=error_object,
    url="https://generativelanguage.googleapis.com",
    key_variables=("GEMINI_API_KEY", "GOOGLE_API_KEY"),
    authorization=lambda key: {"x-goog-api-key": key},
    key_page="aistudio.google.com/apikey",
    hosts=("googleapis.com", "googleusercontent.com", "usercontent.google.com"),
    options=("video", "version"),
    concurrency=8,
)
_INTERACTIONS, _LONG = "interactions", "long-running"
_ID = re.compile(r"[A-Za-z0-9_.~=-]{1,512}")
_OPERATION = re.compile(r"(?:models/[A-Za-z0-9_.-]{1,100}/)?operations/[A-Za-z0-9_.-]{1,200}")
_POLL_SECONDS = 5.0
"""How long before a clip is asked for once more: its own client waits for 10."""


class GoogleProvider(AnsweringProvider):
    """Has pictures and clips made at Google.

    A picture's id is the key of its submission; a clip's is its address below the version.
    """

    def __init__(self, **options: Any) -> None:
        """Take what `AnsweringProvider` takes."""
        super().__init__(VENDOR, **options)

    @override
    def configure(self, options: Mapping[str, str | int | float | bool]) -> None:
        """Take its settings; raises `SettingsError`."""
        super().configure(options)
        if self._wire() not in {_INTERACTIONS, _LONG}:
            message = f"settings.toml: providers.google.video is {_INTERACTIONS} or {_LONG}."
            raise SettingsError(message, action="Correct video.")

    @override
    async def submit(self, request: ProviderRequest) -> str:
        """Have a picture made, or begin a clip; return its id."""
        if not request.task.endswith("-to-video") and not _is_of_clips(request.model):
            return await super().submit(request)
        model, _, use = request.model.removeprefix("google/").partition("/")
        title = self.connection.vendor.title
        inputs = dict(request.inputs)
        if self._wire() == _LONG:
            body = await google_video.operation(inputs, title)
            where = f"{self._version(_LONG)}/models/{quote(model, safe='')}:predictLongRunning"
        else:
            body = await google_video.interaction(model, use, request.task, inputs, title)
            where = f"{self._version(_INTERACTIONS)}/interactions"
        answered = await self.connection.ask("POST", where, seconds=300, json=body)
        self.note(answered)
        if not answered.ok:
            raise self._clip_refusal(answered)
        told = answered.object()
        if (name := told.get("name")) and _OPERATION.fullmatch(str(name)):
            return str(name)
        if (known := told.get("id")) and _ID.fullmatch(str(known)):
            return f"{_INTERACTIONS}/{known}"
        raise AnswerLostError("Google took the job and named none.")

    @override
    async def make(self, request: ProviderRequest, folder: Path) -> Made:
        """Have a picture made and write it into a folder."""
        model = request.model.removeprefix("google/").partition("/")[0]
        where = f"{self._version('')}/models/{quote(model, safe='')}:generateContent"
        title = self.connection.vendor.title
        seed = request.inputs.get("seed", request.seed)
        body = await google_image.image_question(request.inputs, seed, title)
        async with self.answer(where, json=body) as answer:
            told = await self.lifted(answer, folder)
        files = await asyncio.to_thread(google_image.image_files, told, folder)
        if not files:
            raise SubmitError(google_image.refused(told, self.name))
        await asyncio.to_thread(told.drop)
        return Made(files)

    @override
    async def poll(self, remote_id: str, wait_seconds: float) -> Status:
        """Say that a picture is there; ask how a clip stands, until it goes on or so long."""
        if "/" not in remote_id:
            return await super().poll(remote_id, wait_seconds)
        return await news(
            lambda: self._status(remote_id), wait_seconds, self.pause, first_seconds=_POLL_SECONDS
        )

    @override
    async def cancel(self, remote_id: str) -> None:
        """Stop an interaction; a picture is made already, and a long operation goes on."""
        if not remote_id.startswith(f"{_INTERACTIONS}/"):
            return
        answered = await self.connection.ask("POST", f"{self._at(remote_id)}/cancel")
        if not answered.ok and answered.status not in {400, 404, 409}:
            raise AnswerLostError(f"Google did not stop {remote_id} (HTTP {answered.status}).")
        self.stopped(remote_id)

    @override
    async def fetch(self, remote_id: str, folder: Path) -> tuple[ProviderOutput, ...]:
        """Write a picture or the clips of a job into a folder."""
        if "/" not in remote_id:
            return await super().fetch(remote_id, folder)
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as beside:
            told = await self._asked(remote_id, Path(beside))
            if isinstance(told, ProviderFailure):
                raise SubmitError(told)
            if not remote_id.startswith(f"{_INTERACTIONS}/"):
                urls = tuple(google_video.operation_clips(told.fields))
                return await fetched(urls, folder, await self.fetching(key=True))
            return await self._clips(told, folder)

    @override
    def refusal(self, answered: Answered) -> SubmitError | AnswerLostError:
        """Return the error of a submission that was answered by no job.

        Of a picture: what Google says in its own form has come to nothing, also that it took too
        long, for nothing is left to ask after.
        """
        if answered.status in {499, 504} and self.is_own(answered):
            return SubmitError(self.failed(answered))
        return super().refusal(answered)

    def _clip_refusal(self, answered: Answered) -> SubmitError | AnswerLostError:
        """Return the error of a clip that was answered by no job.

        A clip goes on by itself: it may have begun whatever went wrong at Google afterwards. Only
        that Google is overloaded says surely that it took nothing.
        """
        told = answered.object().get("error")
        said = str(told.get("message", "")).lower() if isinstance(told, dict) else ""
        if answered.status == 499 or answered.status >= 500:
            if answered.status == 503 and "overloaded" in said:
                return SubmitError(self.failed(answered))
            words = f"Google does not say whether it took the job (HTTP {answered.status})."
            return AnswerLostError(words)
        return super().refusal(answered)

    async def _clips(self, told: Lifted, folder: Path) -> tuple[ProviderOutput, ...]:
        """Write the clips of an interaction: those that it holds, and those that it names."""
        outputs, urls = [], []
        for number, each in enumerate(google_video.interaction_clips(told), 1):
            path = folder / f"inline{number}{suffix_of(str(each.get('mime_type')), '') or '.mp4'}"
            if await asyncio.to_thread(told.decode, each.get("data"), path):
                outputs.append(ProviderOutput(kind_of(path), path))
            elif each.get("uri"):
                urls.append(told.text(each["uri"]))
        if urls:
            outputs += await fetched(tuple(urls), folder, await self.fetching(key=True))
        return tuple(outputs)

    async def _status(self, remote_id: str) -> Status:
        with tempfile.TemporaryDirectory(prefix="framewright-") as folder:
            told = await self._asked(remote_id, Path(folder))
            if isinstance(told, ProviderFailure):
                return told
            if remote_id.startswith(f"{_INTERACTIONS}/"):
                return google_video.of_interaction(told, self.name)
            return google_video.of_operation(told.fields, self.name)

    async def _asked(self, remote_id: str, folder: Path) -> Lifted | ProviderFailure:
        params = {"stream": "false"} if remote_id.startswith(_INTERACTIONS) else None
        async with self.connection.stream("GET", self._at(remote_id), params=params) as answer:
            if answer.is_success:
                return await self.lifted(answer, folder)
            answered = await self.connection.whole(answer)
        if answered.status == 404:
            return self.gone(remote_id)
        # It says nothing of the job, which goes on.
        raise AnswerLostError(f"Google does not tell (HTTP {answered.status}).")

    def _at(self, remote_id: str) -> str:
        wire = _INTERACTIONS if remote_id.startswith(f"{_INTERACTIONS}/") else _LONG
        return f"{self._version(wire)}/{remote_id}"

    def _wire(self) -> str:
        return self.connection.option("video", _INTERACTIONS)

    def _version(self, wire: str) -> str:
        return self.connection.option("version", "v1beta" if wire == _LONG else "v1")


def provider() -> GoogleProvider:
    """Return a new instance; nothing is opened before its first job."""
    return GoogleProvider()


def _is_of_clips(model: str) -> bool:
    name = model.removeprefix("google/").partition("/")[0]
    return name.startswith("veo") or "-omni-" in name
