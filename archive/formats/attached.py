"""What a mail carries beside its body: attached files, attached mails, invitations, and Outlook's winmail.dat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage, MIMEPart

_NO_TEXT = ("image", "audio", "video", "font")
_SIGNED = ("pgp-signature", "pkcs7-signature", "x-pkcs7-signature")


@dataclass(frozen=True, slots=True)
class Attached:
    """One attached thing: its name, its bytes, the charset its headers declare; `mail` where it is a mail."""

    name: str
    content: bytes
    charset: str | None = None
    mail: EmailMessage | None = None


def attachments(message: EmailMessage) -> Iterator[Attached]:
    """What is attached, wherever it stands; alternatives of the body, pictures and signatures are left out."""
    body = message.get_body(("html", "plain"))
    waiting: list[tuple[MIMEPart, bool]] = [(message, False)]
    while waiting:
        part, is_alternative = waiting.pop()
        if part.get_content_type() == "message/rfc822":
            yield from _mails(part)
        elif part.is_multipart():
            within = part.get_content_subtype() in ("alternative", "related") and not _is_digest(part)
            waiting += [(child, within) for child in reversed(list(part.iter_parts()))]
        elif part is not message and part is not body and _is_document(part, is_alternative):
            yield _file(part)


def _is_digest(part: MIMEPart) -> bool:
    return part.get_content_subtype() == "digest"


def _is_document(part: MIMEPart, is_alternative: bool) -> bool:
    """Whether it is to be read by itself: a file, a further text, or an invitation, even as an alternative."""
    if part.get_content_maintype() in _NO_TEXT or part.get_content_subtype() in _SIGNED:
        return False
    if part.get_content_disposition() == "attachment" or part.get_filename():
        return True
    return part.get_content_subtype() == "calendar" or (
        part.get_content_maintype() == "text" and not is_alternative
    )


def _mails(part: MIMEPart) -> Iterator[Attached]:
    from email.message import EmailMessage
    from email.policy import default

    for inner in part.iter_parts() if part.is_multipart() else ():
        name = part.get_filename() or "without a name"
        if isinstance(inner, EmailMessage):
            yield Attached(name, _written(inner, default.clone(refold_source="none")), None, inner)


def _written(message: EmailMessage, policy: object) -> bytes:
    try:
        return message.as_bytes(policy=policy)  # type: ignore[arg-type]  # it is a policy of the library
    except (ValueError, LookupError, TypeError, AttributeError):
        # What the library cannot write again lies whole in the mail that is kept.
        return b""


def _file(part: MIMEPart) -> Attached:
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    name = part.get_filename() or f"without a name ({part.get_content_type()})"
    return Attached(name, content, part.get_content_charset())
