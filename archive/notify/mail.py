"""Mail by the local sendmail program."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.notify.command import run_program
from archive.notify.notice import NotDelivered

if TYPE_CHECKING:
    from archive.notify.notice import Notice

PLACES = ("/usr/sbin", "/usr/lib", "/usr/bin")
"""Where the program may lie when the PATH of a timer or of cron does not lead to it."""

TEMPORARY_FAILURE = 75
"""EX_TEMPFAIL of sysexits.h."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail address on any host; the local mail program takes the message on."""

    address: str

    def __str__(self) -> str:
        return f"mailto:{self.address}"

    def check(self) -> None:
        """Raises `NotDelivered` where there is no mail program."""
        _sendmail()

    def deliver(self, notice: Notice) -> None:
        """Give the message to sendmail; raises `NotDelivered` where that does not take it."""
        ended = run_program([_sendmail(), "-i", "--", self.address], self._message(notice))
        if ended.returncode:
            said = ended.stderr.decode(errors="replace").strip() or "it said nothing"
            raise NotDelivered(f"sendmail ended with status {ended.returncode}: {said}")

    def _message(self, notice: Notice) -> bytes:
        """The message (RFC 5322), marked as made by a program (RFC 3834)."""
        from datetime import UTC, datetime
        from email.message import EmailMessage
        from email.utils import format_datetime

        message = EmailMessage()
        message["To"] = self.address
        message["Subject"] = " ".join(notice.subject.split())
        message["Date"] = format_datetime(datetime.now(UTC))
        message["Message-ID"] = f"<{notice.id}@claimtrail.invalid>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(notice.text)
        return message.as_bytes()


def _sendmail() -> str:
    found = shutil.which("sendmail", path=os.pathsep.join((os.environ.get("PATH", ""), *PLACES)))
    if found is None:
        raise NotDelivered("there is no sendmail program on this machine", may_pass=False)
    return found
