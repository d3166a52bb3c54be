"""What can be measured of a sound: onsets, notes, brightness, bands, pitch. Mono, 48 kHz."""

from __future__ import annotations

from typing import Any

import numpy as np

RATE = 48_000
HOP = 480
"""Samples between two values of the flux: 10 ms."""

Mono = np.ndarray[Any, Any]


def level(sound: Mono) -> float:
    """Return the level as root mean square, in dBFS."""
    return float(20 * np.log10(np.sqrt(np.mean(sound.astype(float) ** 2)) + 1e-9))


def flux(sound: Mono) -> Mono:
    """Return how much of the spectrum is new, every 10 ms."""
    starts = np.arange(0, sound.size - 2_048, HOP)
    frames = sound[starts[:, None] + np.arange(2_048)] * np.hanning(2_048)
    spectrum = np.log1p(100 * np.abs(np.fft.rfft(frames)))
    return np.maximum(0, np.diff(spectrum, axis=0)).sum(axis=1)


def onsets(sound: Mono, share: float = 0.3) -> Mono:
    """Return the seconds at which something begins: peaks above a share of the strongest."""
    new = flux(sound)
    peak = new > share * new.max()
    peak[1:] &= new[1:] > new[:-1]
    peak[:-1] &= new[:-1] >= new[1:]
    # A peak stands where the sound has come about half way into the window.
    return (np.flatnonzero(peak) * HOP + 1_024 + HOP) / RATE


def notes(sound: Mono) -> Mono:
    """Return the power of each of the twelve notes, from C."""
    power = np.abs(np.fft.rfft(sound * np.hanning(sound.size))) ** 2
    hertz = np.fft.rfftfreq(sound.size, 1 / RATE)
    heard = (hertz > 60) & (hertz < 1_500)
    note = np.round(69 + 12 * np.log2(hertz[heard] / 440)).astype(int) % 12
    return np.bincount(note, weights=power[heard], minlength=12)


def brightness(sound: Mono) -> float:
    """Return the middle of the spectrum up to 8 kHz, in hertz, weighted by amplitude."""
    heights = np.abs(np.fft.rfft(sound))
    hertz = np.fft.rfftfreq(sound.size, 1 / RATE)
    heights = heights * (hertz < 8_000)
    return float((heights * hertz).sum() / heights.sum())


def band(sound: Mono, low: float, high: float) -> float:
    """Return the share of the power that lies between two frequencies."""
    power = np.abs(np.fft.rfft(sound)) ** 2
    hertz = np.fft.rfftfreq(sound.size, 1 / RATE)
    return float(power[(hertz >= low) & (hertz < high)].sum() / power.sum())


def pitch(sound: Mono, low: float = 60, high: float = 450) -> float:
    """Return the middle of a voice's pitch in hertz: the lag at which it is most like itself."""
    size = 2_048
    found = []
    for start in range(0, sound.size - size, size // 2):
        part = sound[start : start + size] * np.hanning(size)
        alike = np.fft.irfft(np.abs(np.fft.rfft(part, 2 * size)) ** 2)
        lags = alike[int(RATE / high) : int(RATE / low)]
        at = int(np.argmax(lags))
        if level(part) > -40 and lags[at] > 0.45 * alike[0]:
            found.append(RATE / (int(RATE / high) + at))
    return float(np.median(found))
