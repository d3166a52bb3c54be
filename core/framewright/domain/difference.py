"""How far apart two media files are, in figures."""

from __future__ import annotations

from framewright.domain.value import Value


class Difference(Value):
    """Two files of the same kind, measured against each other."""

    seconds: tuple[float, float] | None = None
    """Their lengths, where they have any."""
    size: tuple[tuple[int, int], tuple[int, int]] | None = None
    """Their widths and heights in pixels, where they have any."""
    psnr_db: float | None = None
    """Peak signal-to-noise ratio of their pictures: 100 for none, under 30 for plain to see.

    10 log10(255² / mean squared error) over red, green and blue; of a video over nine
    moments at the same parts of both lengths.
    """
    loudness_db: tuple[float, float] | None = None
    """Root mean square of their sound, decibels below full scale."""
