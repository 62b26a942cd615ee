"""Packs of evidence as the command makes them: what is in them, who can check them, what an edit of each file meets."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from archive.digest import Digest
from archive.ledger.pack import verify
from archive.ledger.pack.build import MANIFEST, manifest
from tests.commandline import DOCUMENT, new_archive, run

if TYPE_CHECKING:
    from pathlib import Path

CLAIM = "2,300 households in Port Ellery were left without running water for 19 hours"
OWN_WORD = {"report.html", "provenance.jsonl", "trail.jsonl", "verify.py", "verify.sh"}
"""What the maker of a pack says himself: an edit shows against the manifest, and not if that is edited too."""


@pytest.fixture(scope="module")
def place(untouched: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = shutil.copytree(untouched, tmp_path_factory.mktemp("evidence") / "news")
    for words in (("verify",), ("keys", "rotate"), ("outlets", "add", "Beacon Post"), ("verify",)):
        assert run(*words, at=made).status == 0
    digest = Digest.of(DOCUMENT.read_bytes()).hex
    assert run("attribute", digest, "1", "--source", "Nora Quill", "--note", "she says", at=made).status == 0
    return made


@pytest.fixture(scope="module")
def whole(place: Path) -> Path:
    """A pack about the sample document."""
    out = place.parent / "pack"
    ran = run("evidence", Digest.of(DOCUMENT.read_bytes()).hex, "--out", out, at=place)
    assert ran.status == 0, ran.err
    return out


@pytest.fixture(scope="module")
def claimed(place: Path) -> Path:
    """A pack about a claim that several outlets state."""
    out = place.parent / "claim"
    assert run("evidence", *CLAIM.split(), "--out", out, at=place).status == 0
    return out


def checked(pack: Path, *options: str) -> tuple[int, str]:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        status = verify.main([str(pack), *options])
    return status, said.getvalue()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where one pack is checked a hundred times, each signature is computed once."""
    monkeypatch.setattr(verify, "signed", functools.cache(verify.signed))


def files(pack: Path) -> list[str]:
    return sorted(p.relative_to(pack).as_posix() for p in pack.rglob("*") if p.is_file())


def relist(pack: Path) -> None:
    """Let the manifest fit what is there."""
    listed = {path: Digest.of((pack / path).read_bytes()) for path in files(pack) if path != MANIFEST}
    (pack / MANIFEST).write_bytes(manifest(listed))


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x01
    path.write_bytes(bytes(content))


@pytest.mark.parametrize("name", ["whole", "claimed"])
def test_a_stranger_checks_it_with_python_alone(name: str, request: pytest.FixtureRequest) -> None:
    pack = request.getfixturevalue(name)
    program = [sys.executable, "-I", "-S", "verify.py"]
    done = subprocess.run(program, cwd=pack, env={}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "FAILED" not in done.stdout
    for words in (
        "What was recorded with leaf",
        "A check, ended by leaf",
        "is to M. Tansley",
        "continues, unchanged",
    ):
        assert words in done.stdout
    assert "not here" not in done.stdout, "every object and text that a leaf names is in the pack"


@pytest.mark.parametrize("name", ["whole", "claimed"])
def test_and_with_a_shell_alone(name: str, request: pytest.FixtureRequest) -> None:
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed")
    pack = request.getfixturevalue(name)
    done = subprocess.run(["sh", "verify.sh"], cwd=pack, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout[:6]) == (0, "Shown:")


def test_a_checkpoint_that_was_kept_and_the_fingerprint_are_used(place: Path, whole: Path) -> None:
    kept = min((place / "ledger").glob("*.checkpoint"))
    fingerprint = run("keys", "--json", at=place).objects[-1]["fingerprint"]
    status, said = checked(whole, "--checkpoint", str(kept), "--fingerprint", fingerprint)
    assert status == 0
    for words in ("the checkpoint you kept", "the key that you gave"):
        assert words in said


@pytest.mark.usefixtures("quick")
def test_every_file_edited_is_found(whole: Path, tmp_path: Path) -> None:
    """Against the manifest; and where somebody lets that fit, against the ledger."""
    for path in files(whole):
        pack = shutil.copytree(whole, tmp_path / "pack")
        flipped(pack / path)
        assert checked(pack)[0] == 1, path
        if path not in OWN_WORD | {MANIFEST}:
            relist(pack)
            assert checked(pack)[0] == 1, f"{path}, with a manifest that fits"
        shutil.rmtree(pack)


@pytest.mark.usefixtures("quick")
def test_every_file_taken_away_is_found(whole: Path, tmp_path: Path) -> None:
    for path in files(whole):
        if path in (MANIFEST, "verify.py"):
            continue
        pack = shutil.copytree(whole, tmp_path / "pack")
        (pack / path).unlink()
        status, said = checked(pack)
        assert (status, f"{path} is missing" in said) == (1, True)
        if path.startswith(("objects/", "texts/", "records/")):
            relist(pack)
            status, said = checked(pack)
            assert status == 1 or "it is not here" in said, f"{path}, with a manifest that fits"
        shutil.rmtree(pack)


def test_a_file_added_is_found(whole: Path, tmp_path: Path) -> None:
    pack = shutil.copytree(whole, tmp_path / "pack")
    (pack / "records" / "7").mkdir()
    (pack / "records" / "7" / "statement.jsonl").write_text("{}\n")
    assert checked(pack)[0] == 1
    relist(pack)
    assert checked(pack)[0] == 1


def test_records_of_one_table_are_not_taken_for_another_s(whole: Path, tmp_path: Path) -> None:
    pack = shutil.copytree(whole, tmp_path / "pack")
    one, other = (pack / "records" / "1" / f"{name}.jsonl" for name in ("statement", "capture"))
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)
    relist(pack)
    status, said = checked(pack)
    assert (status, "records/1/capture.jsonl is not what leaf 1 is bound to" in said) == (1, True)


# What is in it


def test_it_holds_the_original_and_its_text_with_spans(whole: Path) -> None:
    content = DOCUMENT.read_bytes()
    assert (whole / "objects" / hashlib.sha256(content).hexdigest()).read_bytes() == content
    (text,) = (whole / "texts").iterdir()
    written = text.read_text()
    rows = [json.loads(line) for line in (whole / "records" / "1" / "passage.jsonl").read_text().splitlines()]
    assert len(rows) > 5
    assert all(written[row["start"] : row["end"]].strip() for row in rows)


def test_no_salt_and_no_secret_is_given_out(place: Path, claimed: Path) -> None:
    """The salts of those who act in it are: they show who it was. Keys never leave the archive."""
    secret = (place / "keys" / "ledger.key").read_text().strip()
    for path in files(claimed):
        assert secret.encode() not in (claimed / path).read_bytes()
        assert b"salt" not in (claimed / path).read_bytes() or path.startswith(("openings", "verify"))


class Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.loads: list[str] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.loads += [str(value) for name, value in attrs if name in ("src", "href", "srcset", "style")]

    def handle_data(self, data: str) -> None:
        self.words += data


def seen(page: str) -> Seen:
    parser = Seen()
    parser.feed(page)
    return parser


def test_the_report_says_what_was_shown_how_to_check_it_and_what_was_not(place: Path, claimed: Path) -> None:
    report = seen((claimed / "report.html").read_text())
    assert (report.loads, report.tags & {"script", "img", "link", "iframe"}) == ([], set())
    words = " ".join(report.words.split())
    for part in (
        "What this shows",
        "How to check it",
        "python3 verify.py --fingerprint",
        "sh verify.sh",
        "The trail of the claim",
        "Ellery Water Authority",
        "numbers differ",
        "What was done, as the ledger has it",
        "When the bytes were checked",
        "nobody outside the archive attests",
        "What this does not show",
        "That what it says is true.",
    ):
        assert part in words
    for line in re.findall(r"sha256sum (objects/[0-9a-f]{64})", words):
        assert hashlib.sha256((claimed / line).read_bytes()).hexdigest() == line.partition("/")[2]


def test_archived_text_does_nothing_to_the_report(tmp_path: Path) -> None:
    place = new_archive(tmp_path)
    hostile = tmp_path / "hostile.txt"
    hostile.write_text("Taps dry\n\nThe mayor wrote <script>alert(1)</script> \u202e </style></h1> & more.\n")
    assert run("ingest", hostile, "--outlet", "<b>Beacon</b>", at=place).status == 0
    digest = Digest.of(hostile.read_bytes()).hex
    assert run("evidence", digest, "--out", tmp_path / "pack", at=place).status == 0
    page = (tmp_path / "pack" / "report.html").read_text()
    assert not seen(page).tags & {"script", "b"}
    assert "\u202e" not in page
    assert "<script>alert(1)</script>" in seen(page).words


def test_evidence_of_what_is_not_held_or_into_a_used_folder_is_refused(place: Path, tmp_path: Path) -> None:
    ran = run("evidence", "a zeppelin landed on the moon", "--out", tmp_path / "pack", at=place)
    assert (ran.status, "no version in this archive states that" in ran.err) == (2, True)
    assert run("evidence", "2020-0001.1", "--out", tmp_path / "pack", at=place).status == 2
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "file").write_text("")
    ran = run("evidence", *CLAIM.split(), "--out", tmp_path / "used", at=place)
    assert (ran.status, "name a new folder" in ran.err) == (2, True)


def test_an_altered_object_is_not_given_out_as_evidence(place: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(place, tmp_path / "news")
    digest = Digest.of(DOCUMENT.read_bytes()).hex
    held = copy / "objects" / "sha256" / digest[:2] / digest
    held.chmod(0o644)
    flipped(held)
    ran = run("evidence", digest, "--out", tmp_path / "pack", at=copy)
    assert (ran.status != 0, "run `claimtrail verify`" in ran.err) == (True, True)
