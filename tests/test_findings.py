"""What is wrong with a container is a finding: on the receipt, in the ledger, beside the capture, in the status."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from archive.catalog import create_catalog
from archive.errors import ExitCode
from archive.finding import LONGEST, Check, Finding
from tests.arrivals import CLOCK, copy, take
from tests.commandline import new_archive, run
from tests.test_formats_containers import PAGE, record, sha1, wacz, warc, warcinfo

if TYPE_CHECKING:
    from pathlib import Path

    from tests.commandline import Ran

WRONG = "sha1:" + "A" * 32


def hexadecimal(content: bytes) -> str:
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()


SPELLINGS = (
    "sha1:" + sha1(PAGE),
    "SHA1:" + sha1(PAGE).lower(),
    "sha-1:" + hexadecimal(PAGE),
    "Sha-1:" + hexadecimal(PAGE).upper(),
    "sha256:" + hashlib.sha256(PAGE).hexdigest().upper(),
    "SHA-256:" + base64.b32encode(hashlib.sha256(PAGE).digest()).decode(),
    "sha-256:" + base64.b32encode(hashlib.sha256(PAGE).digest()).decode().rstrip("=").lower(),
    "md5:" + hashlib.md5(PAGE, usedforsecurity=False).hexdigest(),
)


def other(digest: str) -> str:
    """A digest in the same spelling that is not the same."""
    return digest[:-8] + ("b" if digest[-8] not in "bB" else "c") + digest[-7:]


def page(number: int, **more: str) -> bytes:
    where = {"WARC_Target_URI": f"https://pages.example/{number}", "WARC_Date": "2023-06-01T12:00:00Z"}
    return record(number, PAGE + b"<!-- %d -->" % number, **(where | more))


WHOLE = warc(page(7), page(8), page(9))
SQUEEZED = warc(page(4), page(5), page(6), compressed=True)
REVISIT = record(2, b"", "revisit", WARC_Payload_Digest=f"sha1:{sha1(PAGE)}")
UNKNOWN = record(3, b"", "revisit", WARC_Payload_Digest=f"sha1:{sha1(b'elsewhere')}")
FILES = {
    "bad.warc": warc(warcinfo(), page(1), page(2, WARC_Payload_Digest=WRONG)),
    "cut.warc": WHOLE[:-150],
    "cut.warc.gz": SQUEEZED[:-150],
    "forged.wacz": wacz(warc(page(10)), forged="sha256:" + "0" * 64),
    "climbs.wacz": wacz(warc(page(11)), path="archive/../../escaped.warc"),
    "odd.warc": warc(page(12, WARC_Payload_Digest="tiger:" + "A" * 3000)),
    "spellings.warc": warc(*(record(1, WARC_Payload_Digest=each) for each in SPELLINGS)),
    "wrong.warc": warc(*(record(1, WARC_Payload_Digest=other(each)) for each in SPELLINGS)),
    "revisits.warc": warc(record(1), REVISIT, UNKNOWN),
}


@dataclass(frozen=True, slots=True)
class Taken:
    """An archive that all the files were brought into at once."""

    folder: Path
    place: Path
    ran: Ran

    def lines(self, name: str) -> list[dict[str, Any]]:
        path = str(self.folder / name)
        return [
            one for one in self.ran.objects if one.get("name") == path or f"{path}, " in one.get("name", "")
        ]

    def leaves(self, name: str) -> list[dict[str, Any]]:
        versions = {one["id"] for one in self.lines(name)}
        log = [one["leaf"] for one in run("log", "--json", "--limit", "1000", at=self.place).objects]
        return [leaf for leaf in log if "code" in leaf.get("finding", ()) and leaf["version"] in versions]

    def show(self, reference: str) -> dict[str, Any]:
        [shown] = run("show", reference, "--json", at=self.place).objects
        return shown


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Taken:
    folder = tmp_path_factory.mktemp("findings")
    place = new_archive(folder)
    for name, content in FILES.items():
        (folder / name).write_bytes(content)
    return Taken(folder, place, run("ingest", *(folder / name for name in FILES), "--json", at=place))


def found(line: dict[str, Any]) -> list[str]:
    return [each["code"] for each in line["findings"]]


def test_the_receipt_counts_them_and_the_status_says_so(taken: Taken) -> None:
    *lines, receipt = taken.ran.objects
    assert taken.ran.status == ExitCode.INCOMPLETE
    assert receipt["refused"] == 0
    assert receipt["findings"] == sum(len(line["findings"]) for line in lines) > 0
    ended = [
        one["leaf"] for one in run("log", "--json", at=taken.place).objects if one["leaf"]["type"] == "ing"
    ]
    assert [(leaf["outcome"], leaf["findings"]) for leaf in ended] == [("war", receipt["findings"])]


def test_a_digest_that_differs_is_a_failed_fixity_check(taken: Taken) -> None:
    first, second = taken.lines("bad.warc")
    assert first["findings"] == []
    [finding] = second["findings"]
    assert (finding["check"], finding["outcome"]) == ("fixity", "failure")
    assert finding["found"] == "sha1:" + hexadecimal(PAGE + b"<!-- 2 -->")
    [leaf] = taken.leaves("bad.warc")
    assert (leaf["type"], leaf["outcome"], leaf["version"]) == ("fix", "fai", second["id"])
    assert leaf["finding"]["expected"] == "sha1:" + "0" * 40
    shown = taken.show(second["id"])
    assert found(shown) == ["payload digest differs"]
    assert leaf["subject"] in [each["id"] for each in shown["captures"]]
    assert (shown["findings"][0]["capture"], shown["findings"][0]["position"]) == (
        leaf["subject"],
        leaf["position"],
    )


def test_it_stands_beside_the_capture_and_in_the_log(taken: Taken) -> None:
    first, second = taken.lines("bad.warc")
    assert "payload digest differs" in run("show", second["id"], at=taken.place).out
    assert "payload digest differs" not in run("show", first["id"], at=taken.place).out
    log = run("log", "--limit", "1000", at=taken.place).out
    for words in (
        "fixity checked",
        "validated",
        "[failure]",
        "[warning]",
        "payload digest differs",
        "truncated",
    ):
        assert words in log


def test_a_digest_that_cannot_be_checked_is_a_warning(taken: Taken) -> None:
    [line] = taken.lines("odd.warc")
    assert [(each["code"], each["outcome"]) for each in line["findings"]] == [
        ("payload digest unverifiable", "warning")
    ]
    [leaf] = taken.leaves("odd.warc")
    assert (leaf["type"], leaf["outcome"]) == ("fix", "war")
    assert len(leaf["finding"]["expected"]) == LONGEST


def test_a_digest_in_any_spelling_is_checked(taken: Taken) -> None:
    assert [found(line) for line in taken.lines("spellings.warc")] == [[]] * len(SPELLINGS)
    assert [found(line) for line in taken.lines("wrong.warc")] == [["payload digest differs"]] * len(
        SPELLINGS
    )


@pytest.mark.parametrize(("name", "size"), [("cut.warc", len(WHOLE)), ("cut.warc.gz", len(SQUEEZED))])
def test_a_web_archive_that_breaks_off_is_said_with_how_much_was_read(
    taken: Taken, name: str, size: int
) -> None:
    *read, last = taken.lines(name)
    assert [each["state"] for each in read] == ["read", "read"]
    assert last["state"] == "failed"
    assert "2 records were read whole" in last["reason"]
    [finding] = last["findings"]
    assert (finding["code"], finding["expected"]) == ("truncated", f"{size - 150} bytes")
    assert int(finding["found"].split()[0]) < size - 150
    assert [(leaf["type"], leaf["outcome"]) for leaf in taken.leaves(name)] == [("val", "fai")]
    assert last["sha256"] == hashlib.sha256(FILES[name]).hexdigest()


@pytest.mark.parametrize(
    ("name", "code", "kind"),
    [("forged.wacz", "resource digest differs", "fix"), ("climbs.wacz", "path climbs out", "val")],
)
def test_a_package_that_is_not_what_it_says(taken: Taken, name: str, code: str, kind: str) -> None:
    *_, last = taken.lines(name)
    assert found(last) == [code]
    leaves = [(leaf["type"], leaf["outcome"], leaf["finding"]["code"]) for leaf in taken.leaves(name)]
    assert leaves == [(kind, "fai", code)]
    assert not list(taken.folder.parent.rglob("escaped.warc"))


def test_a_dry_run_says_the_same_and_records_nothing(taken: Taken, tmp_path: Path) -> None:
    place = new_archive(tmp_path)
    ran = run("ingest", "--dry-run", taken.folder / "bad.warc", "--json", at=place)
    assert ran.status == ExitCode.INCOMPLETE
    assert found(ran.objects[1]) == ["payload digest differs"]
    assert run("log", "--json", at=place).objects == []


def test_read_shows_what_is_wrong_and_ends_so(taken: Taken) -> None:
    ran = run("read", taken.folder / "bad.warc", taken.folder / "forged.wacz", "--json")
    assert ran.status == ExitCode.INCOMPLETE
    assert [found(one) for one in ran.objects] == [
        [],
        ["payload digest differs"],
        [],
        ["resource digest differs"],
    ]


def test_the_ledger_is_intact_with_findings_in_it(taken: Taken) -> None:
    assert run("verify", at=taken.place).status == 0


def test_a_revisit_is_a_capture_of_what_it_refers_to(taken: Taken) -> None:
    first, second, third = taken.lines("revisits.warc")
    assert (second["novelty"], second["id"]) == ("already held", first["id"])
    assert third["novelty"] == "new item"
    assert "elsewhere" not in third["reason"]
    retrieved = [each["value"] for each in taken.show(first["id"])["statements"]["retrieved"]]
    assert {"2023-05-01T12:00:00Z", "2023-05-02T12:00:00Z"} <= set(retrieved)


FOUND = (
    Finding("payload digest differs", "record 1", "sha1:0", "sha1:1", Check.FIXITY),
    Finding("digest unverifiable\x00", "record 1 \udc80", "tiger:0", "", Check.FIXITY, is_warning=True),
    Finding("truncated", "x" * (LONGEST + 9), "9 bytes", "7 bytes"),
    Finding("misplaced", "y" * LONGEST, "z" * LONGEST, "w" * LONGEST),
)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_the_catalogue_gives_back_what_was_found(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    from dataclasses import replace

    sqlite = f"sqlite:{tmp_path / 'catalog.db'}"
    address = sqlite if engine == "sqlite" else request.getfixturevalue("postgres_url")
    catalog = create_catalog(address, CLOCK)
    try:
        sound, broken = copy("The dam is full.\n"), replace(copy("The bridge is shut.\n"), findings=FOUND)
        take(catalog, sound, broken)
        with catalog.read() as reader:
            first, second = reader.holdings(reader.find(f"{CLOCK.now().year}-0001"))
        assert first.findings == ()
        assert [each.capture_id for each in second.findings] == [broken.capture_id] * 4
        back = [each.finding for each in second.findings]
        assert back[0] == FOUND[0]
        assert (back[1].code, back[1].is_warning) == ("digest unverifiable\\x00", True)
        assert back[2].subject == "x" * LONGEST
        assert back[3] == FOUND[3], "what is too long for a leaf comes back whole"
    finally:
        catalog.close()
