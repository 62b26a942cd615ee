"""What somebody meets who does not know the commands yet, or works in a small window."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import sys
import termios
from typing import TYPE_CHECKING

import pytest

from tests.commandline import ROOT, program, run

if TYPE_CHECKING:
    from pathlib import Path

ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def on_terminal(columns: int, *words: str, at: Path) -> list[str]:
    """The lines that a command prints on a terminal so wide, without emphasis."""
    pid, terminal = pty.fork()
    if pid == 0:
        kept = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
        settled = kept | {"CLAIMTRAIL_ARCHIVE": str(at), "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        os.execve(sys.executable, [sys.executable, "-m", "archive.cli", *words], settled)
    said = b""
    while True:
        try:
            more = os.read(terminal, 65_536)
        except OSError:
            break
        if not more:
            break
        said += more
    os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    return ESCAPES.sub("", said.decode()).replace("\r", "").splitlines()


@pytest.mark.parametrize("columns", [50, 72, 200])
def test_paragraphs_fit_a_terminal_and_are_never_very_wide(seeded: Path, columns: int) -> None:
    lines = on_terminal(columns, "search", "households", "--limit", "3", at=seeded)
    passages = [line for line in lines if line.startswith("    ")]
    assert max(map(len, passages)) <= min(columns, 100)
    assert max(map(len, passages)) > min(columns, 100) - 20
    assert "\u00ab" not in "".join(passages)


def test_a_passage_that_is_asked_for_is_shown(seeded: Path) -> None:
    label = run("trace", "415 million people have renounced their membership", "--json", at=seeded).objects[
        0
    ]["id"]
    out = run("show", label, at=seeded).flat
    assert f"passage #{label.partition('#')[2]} Because around 415 million people around the world" in out
    ran = run("show", label.partition("#")[0] + "#999", at=seeded)
    assert (ran.status, ran.out) == (2, "")
    assert "has no passage 999" in ran.err


@pytest.mark.parametrize("words", [(), ("outlets",), ("schedule",)])
def test_without_a_command_it_shows_how_it_is_used(words: tuple[str, ...]) -> None:
    ran = run(*words)
    assert ran.status == 2
    assert ran.err.startswith("Usage: claimtrail")
    assert "(see --help)" not in ran.err


def test_the_archive_named_before_the_command_is_put_right(seeded: Path) -> None:
    ran = run("--archive", str(seeded), "status")
    assert ran.status == 2
    assert "`claimtrail status --archive DIR`" in ran.err


def test_what_may_stand_for_a_record_is_said(seeded: Path) -> None:
    ran = run("show", "abcde", at=seeded)
    assert ran.status == 2
    assert "a digest with six of its digits or more" in ran.err


def test_a_setting_that_is_none_is_told_with_its_file(archive_of_seeds: Path) -> None:
    file = archive_of_seeds / "claimtrail.toml"
    file.write_text(file.read_text("utf-8") + "serch_page = 3\n", "utf-8")
    ran = run("status", at=archive_of_seeds)
    assert ran.status == 2
    assert f"{file}: there is no setting 'serch_page'; did you mean 'search_page'?" in ran.err


@pytest.mark.parametrize("command", [("search", "water"), ("claims",)])
def test_until_counts_its_day_in_every_command(seeded: Path, command: tuple[str, ...]) -> None:
    day = run(*command, "--since", "2024-04-16", "--until", "2024-04-16", "--json", at=seeded)
    before = run(*command, "--until", "2024-04-15", "--json", at=seeded)
    assert [one for one in day.objects if one["type"] in ("hit", "claim")]
    assert not [one for one in before.objects if one["type"] in ("hit", "claim")]


def test_an_accession_is_shown_as_a_list_of_what_came_in_with_it(seeded: Path) -> None:
    label = run("search", "reservoir", "--json", at=seeded).objects[0]["id"].partition(".")[0]
    ran = run("show", label, at=seeded)
    assert ran.status == 0
    assert "10 versions of items that came in new with accession" in ran.out
    assert ran.out.count("  outlet     ") == 10
    assert "named in" not in ran.out
    assert len(run("show", label, "--json", at=seeded).objects) == 10


@pytest.mark.parametrize("order", ["date", "oldest"])
def test_all_that_is_held_can_be_listed(seeded: Path, order: str) -> None:
    ran = run("search", "--sort", order, "--group", "none", "--json", at=seeded)
    assert len([one for one in ran.objects if one["type"] == "hit"]) == 11
    refused = run("search", at=seeded)
    assert refused.status == 2
    assert "--sort date for all that is held" in refused.err


def test_a_claim_may_come_from_standard_input(seeded: Path) -> None:
    claim = b"415 million people have renounced\ntheir membership\n"
    ran = program("trace", "-", at=seeded, given=claim)
    assert ran.returncode == 0
    assert ran.stdout.startswith(b"Claim: 415 million people have renounced their membership\n")
    assert b"1 occurrence held" in ran.stdout
