"""Which addresses are asked: a vendor's own, on the public network, and no other behind a name."""

from __future__ import annotations

import asyncio

import pytest

from framewright_providers.http_job.address import (
    AddressRefusedError,
    Allowed,
    Target,
    checked,
)

FAL = Allowed(("fal.media",))
FILE = "https://v3.fal.media/files/a.png?sig=1"


def looked_up(
    *found: str, url: str = FILE, allowed: Allowed = FAL, proxied: bool = False
) -> tuple[Target, list[str]]:
    """Return where a URL leads whose name has these addresses, and the names that were asked."""
    names: list[str] = []

    async def resolve(host: str, port: int) -> tuple[str, ...]:
        names.append(f"{host}:{port}")
        return found

    return asyncio.run(checked(url, allowed, resolve, proxied=proxied)), names


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8",
        "2606:4700::1111",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
    ],
)
def test_public_addresses_are_asked(address: str) -> None:
    assert looked_up(address)[0].addresses == (address,)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "100.64.0.1",
        "169.254.169.254",
        "224.0.0.1",
        "0.0.0.0",
        "::1",
        "fe80::1%eth0",
        "fc00::1",
        "fec0::1",
        "ff02::1",
        # IPv4 in IPv6: mapped, translated, compatible, 6to4 and Teredo.
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "::ffff:224.0.0.1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b::7f00:1",
        "64:ff9b:1::808:808",
        "::7f00:1",
        "::808:808",
        "::ffff:0:7f00:1",
        "2002:7f00:1::1",
        "2002:a9fe:a9fe::1",
        "2001:0:808:808:0:0:80ff:fffe",
        "no address",
    ],
)
def test_addresses_inside_a_network_are_not_asked(address: str) -> None:
    with pytest.raises(AddressRefusedError, match="inside a network"):
        looked_up(address)
    with pytest.raises(AddressRefusedError, match="inside a network"):
        looked_up("8.8.8.8", address)


def test_the_name_is_looked_up_once_and_every_address_kept() -> None:
    target, names = looked_up("8.8.8.8", "2606:4700::1111", url="https://v3.fal.media:444/a")
    assert names == ["v3.fal.media:444"]
    assert target.pinned == ("https://8.8.8.8:444/a", "https://[2606:4700::1111]:444/a")
    assert (target.host, target.named) == ("v3.fal.media", "v3.fal.media:444")


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://v3.fal.media/a", "not https"),
        ("ftp://v3.fal.media/a", "no plain web address"),
        ("file:///etc/passwd", "no plain web address"),
        ("https://evilfal.media/a", "not expected"),
        ("https://fal.media.evil.example/a", "not expected"),
        ("https://evil.example/fal.media", "not expected"),
        ("https://me@v3.fal.media/a", "no plain web address"),
        ("https://:word@v3.fal.media/a", "no plain web address"),
        ("https://v3.fal.media:99999/a", "no address"),
        ("https://[::1/a", "no address"),
    ],
)
@pytest.mark.parametrize("proxied", [False, True])
def test_other_places_are_refused(url: str, why: str, proxied: bool) -> None:
    with pytest.raises(AddressRefusedError, match=why):
        looked_up("8.8.8.8", url=url, proxied=proxied)


def test_a_name_without_an_address_is_refused() -> None:
    with pytest.raises(AddressRefusedError, match="no address"):
        looked_up()


def test_a_persons_own_server_may_be_private() -> None:
    own = Allowed((), "http://127.0.0.1:8188")
    assert looked_up("127.0.0.1", url="http://127.0.0.1:8188/a", allowed=own)[0].addresses
    with pytest.raises(AddressRefusedError):
        looked_up("127.0.0.1", url="http://127.0.0.1:8189/a", allowed=own)


def test_by_a_proxy_no_name_is_looked_up() -> None:
    target, names = looked_up(proxied=True)
    assert (target.addresses, target.pinned, names) == ((), (), [])


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "[::1]",
        "[64:ff9b::7f00:1]",
        "127.1",
        "0x7f.1",
        "2130706433",
        "localhost",
        "a.internal",
        "b.local",
    ],
)
def test_by_a_proxy_too_the_network_inside_is_closed(host: str) -> None:
    with pytest.raises(AddressRefusedError, match="inside a network"):
        looked_up(url=f"https://{host}/a", allowed=Allowed((), anywhere=True), proxied=True)
