"""Files made to kill a reader, brought in among good ones: each is kept and says why it was not read."""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING, Any

import pytest

from archive.errors import ExitCode
from tests.commandline import new_archive, program, run
from tests.test_formats_containers import record, wacz, warc
from tests.test_hostile import KILLERS, MAIL, SENTENCE, page

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BOMB = b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10 if n else b"lol") for n in range(10))
OUTSIDE = b'<!ENTITY a9 SYSTEM "file:///etc/passwd">'
XML = {
    "RSS": b"<!DOCTYPE rss [%s]><rss><channel><item><title>&a9;</title></item></channel></rss>",
    "Atom": b"<!DOCTYPE feed [%s]><feed xmlns='http://www.w3.org/2005/Atom'><entry><title>&a9;</title></entry></feed>",
    "RDF": b"<!DOCTYPE RDF [%s]><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><item>&a9;</item></rdf:RDF>",
    "NewsML-G2": b"<!DOCTYPE newsItem [%s]><newsItem><contentSet><inlineData>&a9;</inlineData></contentSet></newsItem>",
    "NITF": b"<!DOCTYPE nitf [%s]><nitf><body><p>&a9;</p></body></nitf>",
    "XHTML": b"<!DOCTYPE html [%s]><html><body><p>&a9;</p></body></html>",
}  # fmt: skip
MORE: dict[str, Callable[[], bytes]] = {
    **{f"a bomb in {name}": lambda shape=shape: shape % BOMB for name, shape in XML.items()},
    **{f"a file from outside in {name}": lambda shape=shape: shape % OUTSIDE for name, shape in XML.items()},
    "a path that climbs out": lambda: wacz(warc(record(1)), path="archive/../../escaped.warc"),
    "a web archive cut short": lambda: warc(record(4), record(5), compressed=True)[:-100],
    "2,000 mails in one another": lambda: MAIL + b"content-TYPE: message/rfc822\n\nFrom: a@b\n" * 2_000,
    "half a PDF": lambda: KILLERS["a PDF that inflates to gigabytes"]()[:300],
    "XML in XML": lambda: b"<newsItem>" + b"<a>" * 100_000 + b"</a>" * 100_000 + b"</newsItem>",
}  # fmt: skip
QUICK = (
    "200,000 attributes", "a gzip bomb", "a zip that lies about a size", "20,000 encoded words",
    "2,000 nested mail parts", "a bomb in RSS", "a bomb in NewsML-G2", "a bomb in XHTML",
    "a file from outside in Atom", "a file from outside in NITF", "a path that climbs out",
    "a web archive cut short",
)  # fmt: skip
SECONDS_A_FILE = 60


def brought_in(folder: Path, names: tuple[str, ...]) -> tuple[dict[str, list[dict[str, Any]]], float, Path]:
    """What the receipt says of each killer and of the good file after it; the wall time of it all; the archive."""
    place, files = new_archive(folder), folder / "files"
    files.mkdir()
    for number, name in enumerate(names):
        content = (KILLERS | MORE)[name]()
        (files / f"{number:03d} {name}").write_bytes(content)
        (files / f"{number:03d} {name} good").write_bytes(page(SENTENCE + b"<p>Number %d.</p>" % number))
    started = time.monotonic()
    ran = run("ingest", files, "--json", at=place)
    taken = time.monotonic() - started
    found: dict[str, list[dict[str, Any]]] = {}
    for one in ran.objects[:-1]:
        found.setdefault(one["name"].rpartition("/")[2].partition(", ")[0], []).append(one)
    assert ran.status in (ExitCode.DONE, ExitCode.INCOMPLETE), ran.err
    assert ran.objects[-1]["refused"] == 0
    return found, taken, place


def checked(folder: Path, names: tuple[str, ...]) -> None:
    found, taken, place = brought_in(folder, names)
    assert taken < SECONDS_A_FILE * len(names)
    for number, name in enumerate(names):
        killed, good = found[f"{number:03d} {name}"], found[f"{number:03d} {name} good"]
        assert [one["state"] for one in good] == ["read"], name
        assert killed[-1]["state"] in ("failed", "refused", "empty"), name
        assert killed[-1]["reason"], name
        content = (folder / "files" / f"{number:03d} {name}").read_bytes()
        kept = hashlib.sha256(content).hexdigest()
        assert list((place / "objects").rglob(kept)), name
    assert run("verify", at=place).status == 0
    texts = program("search", "root:x:0", "OR", "lollol*", "--json", at=place).stdout
    assert texts.count(b'"hit"') == 0


def test_a_batch_goes_on_past_them(tmp_path: Path) -> None:
    checked(tmp_path, QUICK)


@pytest.mark.long
def test_a_batch_goes_on_past_every_killer_there_is(tmp_path: Path) -> None:
    checked(tmp_path, (*KILLERS, *MORE))


def test_what_is_empty_is_not_called_read(tmp_path: Path) -> None:
    divs = tmp_path / "divs.html"
    divs.write_bytes(KILLERS["100,000 nested divs"]())
    [one] = run("read", divs, "--json").objects
    assert (one["state"], one["text"]) in (("empty", ""), ("failed", ""), ("refused", ""))
    assert one["reason"]
