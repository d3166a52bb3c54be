"""Typed identifiers, so that a job's id never passes for a step's."""

from __future__ import annotations

from typing import NewType, Protocol

TenantId = NewType("TenantId", str)
SessionId = NewType("SessionId", str)
PlanId = NewType("PlanId", str)
StepId = NewType("StepId", str)
RunId = NewType("RunId", str)
JobId = NewType("JobId", str)
ModelId = NewType("ModelId", str)
UploadId = NewType("UploadId", str)
AssetHash = NewType("AssetHash", str)
"""SHA-256 of the file's bytes, 64 lower-case hexadecimal digits."""

LOCAL_TENANT = TenantId("local")
"""The tenant of a workspace that one person uses."""


class Random(Protocol):
    """A source of randomness that a test can replace; `random.Random` is one."""

    def getrandbits(self, k: int, /) -> int:
        """Return `k` random bits as an integer."""
        ...


_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def new_id(prefix: str, at_ms: int, random: Random) -> str:
    """Return an id that sorts by time: prefix, `_`, 9 digits of time, 6 of chance (Crockford 32).

    `at_ms` is Unix time in milliseconds, which 9 digits hold until the year 3084.
    """
    number = (at_ms & (1 << 45) - 1) << 30 | random.getrandbits(30)
    digits = [_ALPHABET[number >> shift & 31] for shift in range(70, -5, -5)]
    return f"{prefix}_{''.join(digits)}"
