"""What went wrong with a job of a person's own model, in words for them."""

from __future__ import annotations

import errno
import traceback
from typing import TYPE_CHECKING, Any

from framewright.domain.job import ErrorCategory
from framewright.errors import FramewrightError, MediaError
from framewright.protocols import ProviderFailure
from framewright_providers.gpu.installed import INSTALL
from framewright_providers.gpu.memory import Shortage, size_that_fits
from framewright_providers.gpu.process import WorkerGoneError
from framewright_providers.gpu.supervisor import LackingError

if TYPE_CHECKING:
    from framewright_providers.gpu.sizes import Size

_GIB = 2**30
_DRIVER = "See that its driver works: `nvidia-smi` lists it; or set FRAMEWRIGHT_GPU_DEVICE."


def unknown_model(model: str) -> ProviderFailure:
    """Return what is said of a model that no card describes."""
    return ProviderFailure(
        ErrorCategory.NOT_FOUND,
        f"There is no own model {model}.",
        action="`framewright models` lists those there are; `models add-local FOLDER` adds one.",
    )


def not_there(model: str, folder: str) -> ProviderFailure:
    """Return what is said of a model whose folder is gone."""
    return ProviderFailure(
        ErrorCategory.NOT_FOUND,
        f"The weights of {model} are no longer in {folder}.",
        action="Put them back, or add it from where it is: framewright models add-local FOLDER",
        code="weights-missing",
    )


def lacking_packages(names: tuple[str, ...]) -> ProviderFailure:
    """Return what is said where a model can not run for want of packages."""
    return ProviderFailure(
        ErrorCategory.UNKNOWN,
        f"Your own models need {', '.join(names)}, which this Python does not have.",
        action=INSTALL,
        code="gpu-not-installed",
    )


def no_device() -> ProviderFailure:
    """Return what is said on a machine without a GPU."""
    return ProviderFailure(
        ErrorCategory.UNKNOWN,
        "This machine has no GPU that own models could run on.",
        action="On the processor they are very slow; if you want that: FRAMEWRIGHT_GPU_DEVICE=cpu",
        code="gpu-missing",
    )


def as_failure(error: Exception, model: str, device: str) -> ProviderFailure:
    """Return the failure that stands for an error in a job on a device."""
    if isinstance(error, LackingError):
        return _lacking(error, device)
    if isinstance(error, WorkerGoneError):
        return ProviderFailure(
            ErrorCategory.UNKNOWN,
            f"The process that runs {model} on {device} {error.how}; it was ended.",
            action="It begins anew by itself. Should that go on, run with --verbose and look into"
            " its log.",
            detail=error.tail,
            retryable=True,
            code="gpu-worker-gone",
        )
    detail = "".join(traceback.format_exception(error))
    if isinstance(error, FramewrightError):
        category = ErrorCategory.UNKNOWN
        if isinstance(error, MediaError):
            category = ErrorCategory.INPUT_MEDIA
        return ProviderFailure(category, error.message, error.action, retryable=error.retryable)
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        message = "The disk for temporary files is full."
        action = "Free some space, or point TMPDIR to another disk."
        return ProviderFailure(ErrorCategory.OUTAGE, message, action, detail, retryable=True)
    message = f"{model} failed in a way nobody foresaw: {type(error).__name__}."
    return ProviderFailure(ErrorCategory.UNKNOWN, message, "Please report this.", detail)


def told_failure(said: dict[str, Any], model: str, device: str) -> ProviderFailure:
    """Return the failure that a worker tells of, all but a want of memory."""
    code, text = str(said.get("code")), str(said.get("text"))[:2_000]
    if code == "held-back":
        return ProviderFailure(
            ErrorCategory.CONTENT_POLICY,
            f"The safety checker of {model} holds the picture back.",
            action="Ask for something else, or try another seed.",
        )
    messages = {
        "unfit-model": (
            f"{model} can not be loaded: {_sentence(text)}.",
            "Get it as safetensors in the form of diffusers, and add it again.",
        ),
        "not-a-number": (
            f"{model} made no picture: its numbers left the range they can have on {device}.",
            "Use a version of the model in another precision, such as bf16 or fp32.",
        ),
    }
    message, action = messages.get(
        code,
        (
            f"{model} failed on {device}: {_sentence(text)}.",
            "Look whether it asks for inputs of another kind; the log has all it said.",
        ),
    )
    return ProviderFailure(ErrorCategory.UNKNOWN, message, action, detail=text, code=code)


def out_of_memory(
    model: str, device: str, size: Size, frames: int, sides: int, shortage: Shortage
) -> ProviderFailure:
    """Return what is said where memory ran out; which size would fit, and how that is known."""
    what = f"{size.width}x{size.height}" + (f" with {frames} frames" if frames > 1 else "")
    message = f"{model} needs more memory for {what} than there is on {device}"
    if shortage.capacity and shortage.needed > shortage.weights:
        needed, capacity = shortage.needed / _GIB, shortage.capacity / _GIB
        message += f": at least {needed:.1f} GiB, and it may have {capacity:.1f}"
    fit = size_that_fits(size.width, size.height, frames, sides, shortage)
    if fit is None:
        action = f"Try half of it: {_half(size.width, sides)}x{_half(size.height, sides)}"
        action += " (a guess: nothing could be measured)."
    elif fit.measured:
        action = f"About {fit.width}x{fit.height} would fit, by what its other results took."
    else:
        action = f"At most {fit.width}x{fit.height} would fit, by what it had taken until then."
    if frames > 1:
        action += " A shorter clip takes less too."
    return ProviderFailure(ErrorCategory.UNKNOWN, f"{message}.", action, code="out-of-memory")


def weights_too_large(model: str, device: str, size: int, capacity: int) -> ProviderFailure:
    """Return what is said of a model that does not even fit by itself; sizes in bytes."""
    has = f" has {capacity / _GIB:.1f} GiB for it" if capacity else " has less for it"
    return ProviderFailure(
        ErrorCategory.UNKNOWN,
        f"{model} does not fit: its weights are {size / _GIB:.1f} GiB, and {device}{has}.",
        action="No picture is small enough for that: use a smaller model, or close what else"
        " uses the GPU.",
        code="out-of-memory",
    )


def _lacking(error: LackingError, device: str) -> ProviderFailure:
    words = _sentence(error.text)
    if error.what == "device":
        message = f"{device} can not be used: {words}."
        return ProviderFailure(ErrorCategory.UNKNOWN, message, _DRIVER, code="gpu-missing")
    message = f"What runs your own models can not be loaded: {words}."
    return ProviderFailure(ErrorCategory.UNKNOWN, message, INSTALL, code="gpu-not-installed")


def _sentence(text: str) -> str:
    """Return the first line of foreign words, short, without what a terminal takes for commands."""
    line = text.strip().split("\n")[0][:300]
    return "".join(each for each in line if each.isprintable()).rstrip(".")


def _half(side: int, sides: int) -> int:
    return max(sides, side // 2 // sides * sides)
