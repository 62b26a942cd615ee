"""Another package adds a format by an entry point; whatever its code does, the batch and the other formats go on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from archive.errors import ExitCode
from tests.commandline import ROOT, new_archive

if TYPE_CHECKING:
    from pathlib import Path

TELEX = '''
"""Telex, as a third party might write it: against what `archive.formats` offers and nothing else."""
import os, signal
from archive.formats import Format, Unreadable
from archive.formats.compose import claim, compose
from archive.model import Method, ParagraphKind, Property

BY = Method("telex", "3.2")

def recognises(head):
    if head.startswith(b"ZCZC?"):
        raise IndexError("a recogniser with a fault")
    return head.startswith(b"ZCZC")

def read(content, context):
    lines = content.decode("ascii").split("\\n")
    if "KILL" in lines[0]:
        os.kill(os.getpid(), signal.SIGKILL)
    if "NNNN" not in lines:
        raise Unreadable("the telex has no end")
    said = [claim(Property.TITLE, lines[1], BY, "second line")]
    return compose("telex", BY, [(ParagraphKind.HEADLINE, lines[1]), (ParagraphKind.TEXT, lines[2])], said)

FORMAT = Format("telex", "a telex, from ZCZC to NNNN", recognises, read)
'''


def installed(site: Path, name: str, code: str, target: str) -> None:
    """A distribution as an installer leaves it: its module, its metadata, its entry points."""
    described = site / f"{name}-3.2.dist-info"
    described.mkdir(parents=True)
    (site / f"{name}.py").write_text(code)
    (described / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 3.2\n")
    (described / "entry_points.txt").write_text(f"[claimtrail.formats]\n{name} = {target}\n")
    (described / "RECORD").write_text(f"{name}.py,,\n")


def claimtrail(*words: str | Path, site: Path, at: Path | None = None) -> subprocess.CompletedProcess[str]:
    settled = {name: value for name, value in os.environ.items() if not name.startswith("CLAIMTRAIL_")}
    settled |= {"PYTHONPATH": os.pathsep.join([str(site), str(ROOT)])}
    if at:
        settled["CLAIMTRAIL_ARCHIVE"] = str(at)
    command = [sys.executable, "-m", "archive.cli", *map(str, words)]
    return subprocess.run(command, env=settled, capture_output=True, text=True, check=False)


def objects(ran: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ran.stdout.splitlines()]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    installed(tmp_path / "site", "telex", TELEX, "telex:FORMAT")
    return tmp_path / "site"


def test_it_is_listed_read_and_taken_in_with_good_files_around_it(site: Path, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "1.txt").write_text("Bridge closed\n\nThe bridge was closed, the mayor said.\n")
    (folder / "2").write_text("ZCZC 004\nDAM FULL\nTHE DAM IS FULL, THE ENGINEER SAID.\nNNNN\n")
    (folder / "3").write_text("ZCZC KILL\nA\nB\nNNNN\n")
    (folder / "4").write_text("ZCZC 005\nNO END\n")
    (folder / "5").write_text("ZCZC? The dam is full.\n\nSo it says here.\n")
    (folder / "6").write_text("ZCZC 006\nMILL BURNED\nTHE MILL HAS BURNED.\nNNNN\n")
    assert ("telex", False) in [
        (one["name"], one["container"]) for one in objects(claimtrail("formats", "--json", site=site))
    ]
    place = new_archive(tmp_path)
    ran = claimtrail("ingest", folder, "--json", site=site, at=place)
    assert ran.returncode == 0, ran.stderr
    lines = {one["name"].rpartition("/")[2]: one for one in objects(ran) if one["type"] == "recorded"}
    assert [lines[name]["state"] for name in lines] == ["read", "read", "failed", "failed", "read", "read"]
    assert "SIGKILL" in lines["3"]["reason"]
    assert lines["4"]["reason"] == "the telex has no end"
    [shown] = objects(claimtrail("show", lines["2"]["id"], "--json", site=site, at=place))
    assert (shown["format"], shown["reader"], shown["text"]) == (
        "telex",
        "telex/3.2",
        "DAM FULL\nTHE DAM IS FULL, THE ENGINEER SAID.",
    )


@pytest.mark.parametrize(
    ("code", "target", "words"),
    [
        ("import nothing_of_this_name\n", "broken:FORMAT", "nothing_of_this_name"),
        ("FORMAT = 7\n", "broken:FORMAT", "names no format"),
        ("FORMAT = 7\n", "broken:MISSING", "cannot be loaded"),
    ],
)
def test_a_package_that_is_broken_is_named(tmp_path: Path, code: str, target: str, words: str) -> None:
    installed(tmp_path / "site", "broken", code, target)
    ran = claimtrail("formats", site=tmp_path / "site")
    assert ran.returncode == ExitCode.INCOMPLETE
    assert "'broken'" in ran.stderr
    assert words in ran.stderr
    assert "Traceback" not in ran.stderr
