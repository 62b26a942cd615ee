"""What is printed where: the answer alone to standard output, and as a whole as it was read and approved.

The approved outputs lie under `tests/snapshots/`; `python -m tests.test_cli_output` writes them anew.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

import pytest

from tests.commandline import ROOT, SEEDS, program, run
from tests.transcript import StoppedClock, medium_settled

SNAPSHOTS = ROOT / "tests" / "snapshots"
MODIFIED = 1_795_000_000

COMMANDS = {
    "init": ("init", "news"),
    "ingest": ("ingest", "seeds/000_4b77468e57cc8906.txt"),
    "ingest-manifest": ("ingest", "--manifest", "seeds/port-ellery/manifest.csv"),
    "ingest-again-and-refused": ("ingest", "seeds/000_4b77468e57cc8906.txt", "seeds/absent.txt"),
    "ingest-json": ("ingest", "--dry-run", "--json", "seeds/port-ellery/untitled.txt"),
    "show": ("show", "2026-0001.1"),
    "show-mail": ("show", "2026-0002.1"),
    "show-html-text": ("show", "2026-0002.5", "--text"),
    "search": ("search", "households", "AND", "officials"),
    "search-nothing": ("search", "zeppelin"),
    "trace": ("trace", "415 million people have renounced their membership"),
    "trace-story": ("trace", "2,300 households in Port Ellery were left without running water for 19 hours"),
    "trace-nothing": ("trace", "a zeppelin landed on the moon"),
    "versions": ("versions", "2026-0002.4"),
    "attributions": ("attributions", "2026-0001.1"),
    "sources-unheld": ("sources", "--unheld"),
    "verify": ("verify",),
    "log": ("log", "--limit", "5"),
    "settings": ("settings",),
    "formats": ("formats",),
}


def outputs(folder: Path) -> dict[str, str]:
    """Every command in turn, in a folder with the seeds, with the clock stopped between."""
    shutil.copytree(SEEDS, folder / "seeds")
    for path in folder.rglob("*"):
        os.utime(path, (MODIFIED, MODIFIED))
    clock, said = StoppedClock(), {}
    with contextlib.chdir(folder):
        for name, words in COMMANDS.items():
            clock.move()
            ran = run(*words, at=None if name == "init" else Path("news"), clock=clock)
            said[name] = medium_settled(f"{ran.out}{ran.err}[exit {ran.status}]\n")
    return said


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return outputs(tmp_path_factory.mktemp("output"))


@pytest.mark.parametrize("name", COMMANDS)
def test_the_output_is_as_approved(said: dict[str, str], name: str) -> None:
    approved = (SNAPSHOTS / f"{name}.txt").read_text(encoding="utf-8")
    assert said[name] == approved, "if that is better, run `python -m tests.test_cli_output`"


def test_no_snapshot_is_left_over() -> None:
    assert {path.stem for path in SNAPSHOTS.iterdir()} == set(COMMANDS)


@pytest.mark.parametrize(
    "words", [("verify",), ("search", "water"), ("status",), ("reindex",)], ids=lambda words: words[0]
)
def test_where_it_is_piped_there_is_the_answer_and_nothing_else(
    archive_of_seeds: Path, words: tuple[str, ...]
) -> None:
    ran = program(*words, at=archive_of_seeds)
    assert ran.returncode == 0
    assert ran.stderr == b""
    assert ran.stdout
    assert b"\x1b" not in ran.stdout
    assert b"\r" not in ran.stdout


def test_a_reader_that_leaves_is_no_failure(seeded: Path) -> None:
    ran = program("search", "water", "--json", at=seeded, shell='"$@" | head -c 10')
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == b""
    assert len(ran.stdout) == 10


def test_a_terminal_that_knows_no_unicode_gets_escapes(seeded: Path) -> None:
    ran = program("search", "415 million", at=seeded, shell='PYTHONIOENCODING=ascii "$@"')
    assert ran.returncode == 0, ran.stderr
    assert b"\\xab415 million\\xbb" in ran.stdout


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        now = outputs(Path(name))
    SNAPSHOTS.mkdir(exist_ok=True)
    for left in SNAPSHOTS.iterdir():
        left.unlink()
    for command, out in now.items():
        (SNAPSHOTS / f"{command}.txt").write_text(out, encoding="utf-8")
