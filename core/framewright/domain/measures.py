"""What is measured of a media file when it is decoded to its end."""

from __future__ import annotations

from framewright.domain.value import Value


class PictureMeasures(Value):
    """What is measured of moving pictures; lengths in seconds."""

    frames: int
    """Those that decode."""
    damaged: int
    """Packets and frames that do not."""
    seconds: float
    """From the first frame to the end of the last."""
    fps: float
    variable: bool | None = None
    """Whether frames are shown for uneven lengths (VFR); absent for a single one."""
    shortest_frame_seconds: float | None = None
    longest_frame_seconds: float | None = None
    """From a frame to the next one, the least and the most."""
    brightness: float
    """Mean of all frames, 0 for black to 1 for white."""
    contrast: float
    """The largest range of brightness within a frame, 0 to 1."""
    black_seconds: float
    """In all."""
    still_seconds: float
    """The longest stretch without any change."""


class SoundMeasures(Value):
    """What is measured of sound; lengths in seconds."""

    seconds: float
    peak_dbfs: float
    """Of its samples, below full scale; -120 for digital silence."""
    true_peak_dbtp: float | None
    """Between the samples too; None for digital silence."""
    lufs: float | None
    """Integrated loudness (EBU R 128); None for silence."""
    range_lu: float
    """Loudness range."""
    silent_seconds: float
    """In all, below -60 dBFS."""
    clipped: int
    """Places where several samples in a row are at full scale."""
    damaged: int = 0
    """Packets that can not be decoded."""
    packets: int = 0
    """Those that can."""
    told_seconds: float | None = None
    """How long the file says its sound is, where it is of a kind that knows."""


class Measures(Value):
    """What is measured of a file."""

    picture: PictureMeasures | None = None
    """None for what has no moving picture."""
    sound: SoundMeasures | None = None
