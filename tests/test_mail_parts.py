"""A mail is read with all that is attached to it: pages, mails with their own, invitations, Outlook's wrapping."""

from __future__ import annotations

import struct
from email.message import EmailMessage

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.formats import Context, Limits, Part, parts
from archive.model import Basis, Property, ReadingState
from tests.test_formats_containers import PAGE

INVITATION = """BEGIN:VCALENDAR\r
VERSION:2.0\r
BEGIN:VEVENT\r
UID:77@example.org\r
SUMMARY:Press conference\\, town hall\r
DTSTART:20240304T100000Z\r
LAST-MODIFIED:20240301T080000Z\r
DESCRIPTION:The mayor speaks about\r
  the bridge.\\nAll are welcome.\r
BEGIN:VALARM\r
DESCRIPTION:Reminder\r
END:VALARM\r
END:VEVENT\r
END:VCALENDAR\r
"""


def mail(subject: str, text: str = "See what is attached.\n", charset: str = "utf-8") -> EmailMessage:
    made = EmailMessage()
    made["From"] = "Ann Example <ann@example.org>"
    made["To"] = "desk@example.org"
    made["Date"] = "Tue, 04 Jul 2023 23:30:00 -0500"
    made["Subject"] = subject
    made["Message-ID"] = f"<{subject.casefold()}@example.org>"
    made.set_content(text, charset=charset)
    return made


def found(message: EmailMessage, context: Context | None = None) -> list[Part]:
    return list(parts(message.as_bytes(), context))


def value(part: Part, about: Property) -> str | None:
    first = part.reading.first(about)
    return first.value if first else None


def attribute(level: int, kind: int, content: bytes) -> bytes:
    return struct.pack("<BII", level, kind, len(content)) + content + struct.pack("<H", sum(content) & 0xFFFF)


def winmail(body: bytes, *files: tuple[str, bytes]) -> bytes:
    """As [MS-OXTNEF] has it: the mail's attributes, then those of each file, its long name among the MAPI ones."""
    made = b"\x78\x9f\x3e\x22\x01\x00" + attribute(1, 0x00069007, struct.pack("<II", 1252, 0))
    made += attribute(1, 0x00018004, b"The plan\x00") + attribute(1, 0x0002800C, body + b"\x00")
    for name, content in files:
        long = name.encode("utf-16-le") + b"\x00\x00"
        properties = struct.pack("<IHHII", 1, 0x1F, 0x3707, 1, len(long)) + long
        made += attribute(2, 0x00069002, bytes(14)) + attribute(2, 0x00018010, b"SHORT~1.HTM\x00")
        made += attribute(2, 0x0006800F, content) + attribute(2, 0x00069005, properties)
    return made


def test_an_attached_page_is_read_as_a_page() -> None:
    message = mail("Page")
    message.add_attachment(PAGE.decode(), subtype="html", filename="page.html")
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="x.png")
    own, page = found(message)
    assert own.reading.text == "See what is attached."
    assert value(own, Property.EXTERNAL_ID) == "<page@example.org>"
    assert (page.reading.format, page.place) == ("html", "part 2, attachment page.html")
    assert page.reading.text.startswith("The old bridge")
    assert page.payload is not None
    assert page.payload.rstrip() == PAGE


def test_an_attached_mail_is_read_with_what_is_attached_to_it() -> None:
    innermost = mail("Third", "The mill has burned down.\n")
    inner = mail("Second", "The dam is full, the engineer said.\n")
    inner.add_attachment("The annex says more.\n", filename="annex.txt")
    inner.add_attachment(innermost)
    outer = mail("First")
    outer.add_attachment(inner)
    texts = [(part.number, part.reading.format, part.reading.text) for part in found(outer)]
    assert texts == [
        (1, "mail", "See what is attached."),
        (2, "mail", "The dam is full, the engineer said."),
        (3, "plain", "The annex says more."),
        (4, "mail", "The mill has burned down."),
    ]
    second = found(outer)[1]
    assert value(second, Property.TITLE) == "Second"
    assert second.payload is not None
    (again, *_) = parts(second.payload)
    assert again.reading.text == second.reading.text


def test_an_invitation_is_read() -> None:
    message = mail("Invitation")
    message.add_attachment(INVITATION, subtype="calendar")
    _, invitation = found(message)
    assert invitation.reading.format == "calendar"
    assert invitation.reading.text.split("\n") == [
        "Press conference, town hall",
        "20240304T100000Z",
        "The mayor speaks about the bridge.",
        "All are welcome.",
    ]
    assert value(invitation, Property.EXTERNAL_ID) == "77@example.org"
    assert value(invitation, Property.MODIFIED) == "2024-03-01T08:00:00Z"


def test_what_outlook_wrapped_is_unwrapped() -> None:
    message = mail("Wrapped")
    content = winmail(
        b"Our plan is to close the bridge.", ("Report (final).html", PAGE), ("b.txt", b"The dam.")
    )
    message.add_attachment(content, maintype="application", subtype="ms-tnef", filename="winmail.dat")
    _, body, page, text = found(message)
    assert (body.reading.text, value(body, Property.TITLE)) == (
        "Our plan is to close the bridge.",
        "The plan",
    )
    assert (page.reading.format, page.place) == ("html", "part 3, Report (final).html in winmail.dat")
    assert (page.payload, text.reading.text) == (PAGE, "The dam.")
    assert [part.reading.format for part in parts(content)] == ["tnef", "html", "plain"]


@pytest.mark.parametrize("cut", [7, 20, 60, 200])
def test_a_wrapping_that_breaks_off_is_said(cut: int) -> None:
    content = winmail(b"Our plan is to close the bridge.", ("a.html", PAGE))
    *_, last = parts(content[:cut])
    assert last.reading.state is ReadingState.FAILED or cut == 7
    assert last.reading.state is not ReadingState.READ


def test_a_further_text_is_read_and_an_alternative_is_not() -> None:
    message = mail("Texts")
    message.add_alternative(PAGE.decode(), subtype="html")
    message.make_mixed()
    further = EmailMessage()
    further.set_content("To leave the list, write to the desk.\n")
    message.attach(further)
    assert [part.reading.text.split("\n")[0][:20] for part in found(message)] == [
        "The old bridge over ",
        "To leave the list, w",
    ]


@pytest.mark.parametrize("charset", ["iso-8859-1", "utf-8", "koi8-r"])
def test_the_charset_that_a_body_declares_is_taken_and_recorded(charset: str) -> None:
    words = "Мост закрыт." if charset == "koi8-r" else "Le café est fermé."
    (own,) = found(mail("Charset", words + "\n", charset))
    assert own.reading.text == words
    said = own.reading.first(Property.CHARSET)
    assert said is not None
    assert said.basis is Basis.CLAIMED


def test_when_a_mail_was_received_is_claimed_of_it_and_of_what_is_attached() -> None:
    message = mail("Received")
    message["Received"] = "from a by b; Wed, 05 Jul 2023 06:30:00 +0200"
    message.add_attachment("The dam is full.\n", filename="a.txt")
    for part in found(message):
        retrieved = [s for s in part.statements if s.about is Property.RETRIEVED]
        assert [(s.value, s.basis) for s in retrieved] == [("2023-07-05T06:30:00+02:00", Basis.CLAIMED)]


def test_a_nested_subject_of_encoded_words_is_refused_and_the_rest_read() -> None:
    inner = b"From: a@example.org\nSubject: " + b"\n ".join([b"=?utf-8?q?w?="] * 20_000) + b"\n\nhello\n"
    outer = (
        b"From: a@example.org\nDate: Tue, 4 Jul 2023 23:30:00 -0500\nMIME-Version: 1.0\n"
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nThe dam is full.\n"
        b"--b\nContent-Type: message/rfc822\n\n" + inner + b"\n--b--\n"
    )
    own, nested = parts(outer)
    assert (own.reading.state, nested.reading.state) == (ReadingState.READ, ReadingState.REFUSED)
    assert "Subject" in (nested.reading.reason or "")


def test_more_parts_than_the_limit_are_refused() -> None:
    message = mail("Many")
    for number in range(6):
        message.add_attachment(f"Text {number}.\n", filename=f"{number}.txt")
    *_, last = found(message, Context(limits=Limits(mail_parts=5)))
    assert last.reading.state is ReadingState.REFUSED


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # the first draw reads the project
@given(st.binary(max_size=200))
def test_any_bytes_after_the_mark_are_read_or_refused(content: bytes) -> None:
    assert list(parts(b"\x78\x9f\x3e\x22\x01\x00" + content))
    assert list(parts(b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n" + content))
