"""A disk that fills up while jobs are carried: none is lost, none is submitted a second time."""

from __future__ import annotations

import asyncio
import subprocess
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from framewright.domain.job import JobResult, JobState
from framewright.errors import StorageError
from shop import Shop, Troubled, shop_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from framewright.protocols import ProviderRequest

KEYS = 40
LONG = "x" * 2_000


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("only root may have a disk of its own here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@contextmanager
def _full(disk: Path) -> Iterator[None]:
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (65_536, 4_096):
            try:
                while file.write(b"\0" * size) == size:
                    pass
            except OSError:
                continue
    try:
        yield
    finally:
        ballast.unlink()


async def _all(shop: Shop) -> Counter[str]:
    """Submit every job and count how they ended."""
    asked = (shop.submit(f"k{number}", prompt=LONG) for number in range(KEYS))
    ends = await asyncio.gather(*asked, return_exceptions=True)
    unforeseen = [each for each in ends if not isinstance(each, (JobResult, StorageError))]
    assert not unforeseen
    return Counter(each.state if isinstance(each, JobResult) else "full" for each in ends)


def _submitted_once(provider: Troubled) -> bool:
    return max(Counter(each.job for each in provider.requests).values(), default=1) == 1


def test_what_can_not_be_accepted_is_not_handed_over(disk: Path) -> None:
    async def work() -> None:
        provider = Troubled(in_process=False)
        async with shop_in(disk / "workspace.db", provider) as shop:
            with _full(disk):
                assert (await _all(shop))["full"] > 0
                assert len(provider.requests) < KEYS
            assert await _all(shop) == {JobState.SUCCEEDED: KEYS}
            assert _submitted_once(provider)
            assert len(provider.requests) == KEYS

    asyncio.run(work())


@pytest.mark.parametrize("restarts", [False, True])
def test_what_was_handed_over_as_the_disk_filled_up_is_not_paid_for_twice(
    disk: Path, restarts: bool
) -> None:
    class Fills(Troubled):
        full: object = None

        async def submit(self, request: ProviderRequest) -> str:
            remote_id = await super().submit(request)
            if self.full is None and len(self.requests) > KEYS // 2:
                self.full = _full(disk)
                self.full.__enter__()
            return remote_id

    async def work() -> None:
        provider = Fills(in_process=False)
        async with shop_in(disk / "workspace.db", provider) as shop:
            ends = await _all(shop)
            assert ends["full"] > 0
            assert provider.full is not None
            provider.full.__exit__(None, None, None)  # type: ignore[attr-defined]
            if not restarts:
                again = await _all(shop)
        if restarts:
            async with shop_in(disk / "workspace.db", provider) as shop:
                again = await _all(shop)
        assert again[JobState.SUCCEEDED] + again[JobState.UNKNOWN] == KEYS, again
        assert _submitted_once(provider)
        if not restarts:
            assert not again[JobState.UNKNOWN], "this process knows them all"

    asyncio.run(work())
