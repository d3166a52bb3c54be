"""Money: counted in millionths of a US dollar, so that sums are exact; in dollars at the edges."""

from __future__ import annotations

import math

from framewright.errors import InputError

MICRO = 1_000_000
"""How many of what is counted make a dollar."""
MOST = 10**9 * MICRO
"""A billion dollars: no cost, price or budget in here is above it, so that sums stay sums."""


def micro(dollars: float) -> int:
    """Return an amount in millionths of a dollar, to the nearest.

    Raises `InputError` for what is no amount: negative, infinite, not a number, above a billion.
    """
    if not math.isfinite(dollars) or not 0 <= dollars * MICRO <= MOST:
        message = f"{dollars:g} is no amount of money."
        raise InputError(message, action="Give US dollars, 0 or more, such as 2.50.")
    return round(dollars * MICRO)


def charged(cost: object, reserved: int = 0) -> int:
    """Return what is booked for a job whose provider says that it cost so many dollars.

    A provider's number is foreign: what can not be a cost (negative, infinite, not a number)
    books what was reserved, so that it never makes room for more.
    """
    if isinstance(cost, bool) or not isinstance(cost, (int, float)):
        return reserved
    if not math.isfinite(cost) or not 0 <= cost * MICRO <= MOST:
        return reserved
    return round(cost * MICRO)


def dollars(amount: int) -> float:
    """Return millionths of a dollar as dollars."""
    return amount / MICRO


def words(amount: int) -> str:
    """Return an amount as people write it: two digits behind the point, more where they count."""
    whole, rest = divmod(abs(amount), MICRO)
    digits = f"{rest:06}".rstrip("0").ljust(2, "0")
    return f"{'-' if amount < 0 else ''}${whole:,}.{digits}"
