"""Pictures as raw pixels: given ones on their way in, made ones on their way out."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from framewright.domain.media import MediaKind
from framewright.errors import MediaCrashError
from framewright.isolation.desk import check_made
from framewright.isolation.errand import GIB, Errand, Limits, Place
from framewright.protocols import ProviderOutput

if TYPE_CHECKING:
    from pathlib import Path

    from framewright.protocols import Tell
    from framewright_providers.gpu.sizes import Length, Size


class TakePixels(Errand[tuple[int, int]]):
    """Write a picture as raw pixels, three bytes each; the answer is the size of what is written.

    The picture fills a size, if one is given, and is continued to the right and downwards to
    sides that are multiples of a step, by its last pixels.
    """

    answer: ClassVar[Any] = tuple[int, int]
    needs: ClassVar[tuple[str, ...]] = (
        "framewright.media.images",
        "framewright.media.pillow_plugins",
    )
    limits: ClassVar[Limits] = Limits(seconds=120, file_bytes=4 * GIB)
    source: Place
    target: Place
    width: int | None = None
    height: int | None = None
    step: int = 1

    @override
    def reads(self) -> tuple[Path, ...]:
        """Return the picture."""
        return (self.source,)

    @override
    def writes(self) -> tuple[Path, ...]:
        """Return the folder for the pixels."""
        return (self.target.parent,)

    @override
    def do(self, tell: Tell) -> tuple[int, int]:
        """Write them; raises `MediaError` for what is no picture."""
        import numpy as np

        from framewright.media.colours import on_white
        from framewright.media.images import fit, open_image

        del tell
        image = on_white(open_image(self.source))
        if self.width is not None and self.height is not None:
            image = fit(image, self.width, self.height, "cover")
        pixels = np.asarray(image)
        below, right = (-side % self.step for side in pixels.shape[:2])
        whole = np.pad(pixels, ((0, below), (0, right), (0, 0)), mode="edge")
        self.target.write_bytes(np.ascontiguousarray(whole).tobytes())
        return whole.shape[1], whole.shape[0]


def write_picture(made: Path, size: Size, shown: Size, target: Path) -> ProviderOutput:
    """Write raw pixels of a size as PNG, cut to what is shown of it; raises `MediaCrashError`."""
    import numpy as np
    from PIL import Image

    from framewright.media.images import write_png

    pixels = np.frombuffer(_read(made, size, 1), np.uint8).reshape(size.height, size.width, 3)
    write_png(Image.fromarray(pixels[: shown.height, : shown.width].copy()), target)
    return ProviderOutput(MediaKind.IMAGE, path=target)


def write_clip(
    made: Path, size: Size, shown: Size, frames: int, length: Length, target: Path, tell: Tell
) -> ProviderOutput:
    """Write raw frames as MP4, cut to what is shown of them; raises `MediaCrashError`."""
    import numpy as np

    from framewright.media.write import VideoWriter

    _read(made, size, frames, whole=False)
    film = np.memmap(made, np.uint8, "r", shape=(frames, size.height, size.width, 3))
    count = min(frames, length.shown)
    with VideoWriter(target, shown.width, shown.height, Fraction(length.fps)) as writer:
        for number in range(count):
            tell(number / count)
            writer.frame(np.ascontiguousarray(film[number, : shown.height, : shown.width]))
    return ProviderOutput(MediaKind.VIDEO, path=target)


def _read(made: Path, size: Size, frames: int, *, whole: bool = True) -> bytes:
    """Return what is in a file of pixels, which has to hold exactly those it should."""
    check_made(made)
    expected = size.width * size.height * frames * 3
    if expected <= 0 or made.stat().st_size != expected:
        message = f"{made.name} does not hold {frames} pictures of {size.width}x{size.height}."
        raise MediaCrashError(message, action="Run the step again.")
    return made.read_bytes() if whole else b""
