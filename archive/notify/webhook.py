"""A signed request to a web address."""

from __future__ import annotations

import hashlib
import hmac
import stat
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.notify.notice import NotDelivered

if TYPE_CHECKING:
    from http.client import HTTPMessage
    from pathlib import Path
    from typing import IO
    from urllib.request import Request

    from archive.notify.notice import Notice

LOOPBACK = ("localhost", "127.0.0.1", "::1")

PATIENCE_SECONDS = 10
LEAST_KEY_BYTES = 16

_MAY_PASS = {408, 425, 429}
"""Of the 4xx answers those that another attempt may change (RFC 9110, RFC 6585, RFC 8470)."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """A web address and the file with the key that signs what is sent there."""

    address: str
    key: Path

    def __str__(self) -> str:
        return self.address

    def check(self) -> None:
        """Raises `NotDelivered` where there is no key, or others may read it."""
        self._key()

    def deliver(self, notice: Notice) -> None:
        """POST the notice as JSON; raises `NotDelivered` unless the answer is 2xx. Redirects are not followed."""
        from http.client import HTTPException
        from urllib.error import HTTPError, URLError
        from urllib.request import Request, build_opener

        body, now = notice.body(), str(int(time.time()))
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Claimtrail",
            "Claimtrail-Notice": str(notice.id),
            "Claimtrail-Timestamp": now,
            "Claimtrail-Signature": signature(self._key(), now, body),
        }
        request = Request(self.address, body, headers, method="POST")  # noqa: S310 - http and https only, by the parser
        try:
            with build_opener(_no_redirects()).open(request, timeout=PATIENCE_SECONDS):
                pass
        except HTTPError as error:
            may_pass = error.code >= 500 or error.code in _MAY_PASS
            raise NotDelivered(
                f"{self.address} answered {error.code} {error.reason}", may_pass=may_pass
            ) from error
        except (URLError, HTTPException, OSError) as error:
            reason = error.reason if isinstance(error, URLError) else error
            raise NotDelivered(f"{self.address} did not answer: {reason}") from error

    def _key(self) -> bytes:
        try:
            key = self.key.read_bytes().strip()
            others = stat.S_IMODE(self.key.stat().st_mode) & 0o077
        except OSError as error:
            raise NotDelivered(
                f"there is no key to sign with ({self.key}: {error.strerror}); make one with "
                f"`(umask 077; openssl rand -hex 32 > {self.key})` and give it to the receiver",
                may_pass=False,
            ) from error
        if others:
            raise NotDelivered(f"others may read the key: `chmod 600 {self.key}`", may_pass=False)
        if len(key) < LEAST_KEY_BYTES:
            raise NotDelivered(
                f"the key in {self.key} is shorter than {LEAST_KEY_BYTES} bytes", may_pass=False
            )
        return key


def signature(key: bytes, timestamp: str, body: bytes) -> str:
    """`v1=` and the HMAC-SHA256 (RFC 2104) of the timestamp, a full stop and the body, in hexadecimal."""
    return "v1=" + hmac.new(key, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _no_redirects() -> type:
    """Without it urllib would send a redirected POST on as a GET, and call that a success."""
    from urllib.request import HTTPRedirectHandler

    class Stay(HTTPRedirectHandler):
        def redirect_request(
            self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
        ) -> None:
            """Let the answer come through as the error that it is for us."""

    return Stay
