"""Where notices can go: `mailto:`, `https://`, `exec:`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from archive.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from archive.notify.notice import Notice


class BadAddress(UsageError):
    """An address to which no notice can be sent."""


class Address(Protocol):
    """One way of telling somebody; its text is what it was parsed from."""

    def check(self) -> None:
        """Raises `NotDelivered` where what it needs of this machine is not there."""
        ...

    def deliver(self, notice: Notice) -> None:
        """Send it, once; raises `NotDelivered`."""
        ...


def parse_address(text: str, key: Path) -> Address:
    """The address that a text names; raises `BadAddress`. `key` is the file with the key for web requests."""
    scheme, mark, rest = text.partition(":")
    if mark and rest.isprintable():
        if scheme == "mailto" and "@" in rest and not rest.startswith("-") and " " not in rest:
            from archive.notify.mail import Mail

            return Mail(rest)
        if scheme == "exec" and rest.startswith("/"):
            from archive.notify.command import Command

            return Command(rest)
        if scheme in ("http", "https"):
            return _webhook(text, key)
    raise BadAddress(
        f"{text!r} is no address for notices: say mailto:NAME@HOST, https://HOST/PATH or exec:/PATH/OF/A/PROGRAM"
    )


def _webhook(text: str, key: Path) -> Address:
    from urllib.parse import urlsplit

    from archive.notify.webhook import LOOPBACK, Webhook

    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError as error:
        raise BadAddress(f"{text!r} is no web address: {error}") from error
    if not host or " " in text:
        raise BadAddress(f"{text!r} is no web address")
    if parts.username or parts.password:
        raise BadAddress("a web address for notices may hold no password: the notice is signed instead")
    if parts.scheme == "http" and host not in LOOPBACK:
        raise BadAddress(f"{text!r}: notices go by https, or by http to this machine itself")
    return Webhook(text, key)
