"""What an ingest says it did is what it did: new, already held, refused; and a rehearsal leaves no trace."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.commandline import DOCUMENT, STORY, new_archive, program, run

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return new_archive(tmp_path)


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def sums(archive: Path) -> tuple[int, int, int]:
    [state] = run("status", "--json", at=archive).objects
    return state["items"], state["versions"], state["captures"]


def test_a_new_file_is_a_new_item(archive: Path) -> None:
    ran = run("ingest", DOCUMENT, at=archive)
    [line, end] = ran.out.splitlines()
    assert line.startswith("new item")
    assert line.endswith(f".1@1  {DOCUMENT}")
    assert end.startswith("accession ")
    assert "1 new item, 0 new versions, 0 captures of what was already held, 0 refused" in end
    assert ran.err == ""


def test_the_same_bytes_again_are_a_new_capture_and_no_error(archive: Path) -> None:
    run("ingest", DOCUMENT, at=archive)
    ran = run("ingest", DOCUMENT, at=archive)
    assert ran.status == 0
    assert ran.out.startswith("new capture")
    assert "already held; same bytes" in ran.out
    assert sums(archive) == (1, 1, 2)


def test_a_bad_file_does_not_stop_the_others(archive: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.txt"
    link.symlink_to(DOCUMENT)
    ran = run("ingest", tmp_path / "absent.txt", link, DOCUMENT, at=archive)
    assert ran.status == 3
    assert "there is no such file" in ran.out
    assert "1 new item" in ran.out
    assert "2 refused" in ran.out
    assert sums(archive) == (1, 1, 1)


def test_an_empty_file_is_kept_and_said_to_be_empty(archive: Path, tmp_path: Path) -> None:
    ran = run("ingest", written(tmp_path / "empty.txt", ""), at=archive)
    assert ran.status == 0
    assert "kept; nothing to read in it" in ran.out


def test_a_folder_is_taken_in_file_by_file_in_the_order_of_names(archive: Path, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "b").mkdir(parents=True)
    written(folder / "b" / "two.txt", "The second of two texts.")
    written(folder / "a.txt", "The first of two texts, and the longer one.")
    lines = run("ingest", folder, at=archive).out.splitlines()
    assert [line.rsplit("/", 1)[1] for line in lines[:2]] == ["a.txt", "two.txt"]


def test_standard_input_is_taken_in(archive: Path) -> None:
    ran = program("ingest", "-", at=archive, given=DOCUMENT.read_bytes())
    assert ran.returncode == 0, ran.stderr
    assert b"1 new item" in ran.stdout
    shown = run("show", "6625bdbcd6ee", at=archive).out
    assert "[inferred from the clock]" in shown


def test_what_is_said_on_receipt_is_asserted_in_the_archivists_name(archive: Path) -> None:
    ran = run(
        *("ingest", DOCUMENT, "--outlet", "The Example", "--url", "https://news.example/a"),
        *(
            "--retrieved",
            "2026-11-01T10:00:00+02:00",
            "--retrieved-by",
            "a colleague",
            "--published",
            "2026-10-31",
        ),
        *("--claimed-source", "Somebody", "--note", "as it came"),
        at=archive,
    )
    assert ran.status == 0, ran.err
    shown = run("show", "6625bdbcd6ee", at=archive).flat
    for words in (
        "outlet The Example [asserted by M. Tansley]",
        "address https://news.example/a [asserted by M. Tansley]",
        "retrieved 2026-11-01T10:00:00+02:00 [asserted by M. Tansley]",
        "retrieved by a colleague [asserted by M. Tansley]",
        "published 2026-10-31 [asserted by M. Tansley]",
        "source Somebody [asserted by M. Tansley]",
        "note as it came [asserted by M. Tansley]",
    ):
        assert words in shown


def test_a_second_version_of_a_named_item(archive: Path, tmp_path: Path) -> None:
    first = run("ingest", DOCUMENT, "--json", at=archive).objects[0]["id"]
    item = first.split("@")[0]
    changed = written(tmp_path / "later.txt", DOCUMENT.read_text(encoding="utf-8").replace("415", "451"))
    ran = run("ingest", changed, "--item", item, at=archive)
    assert f"new version   {item}@2" in ran.out
    assert "451" in run("versions", item, at=archive).out


def test_an_item_that_is_not_held_is_refused(archive: Path) -> None:
    ran = run("ingest", DOCUMENT, "--item", "1999-0001.1", at=archive)
    assert ran.status == 3
    assert "there is no item 1999-0001.1 in this archive" in ran.out
    assert sums(archive) == (0, 0, 0)


def test_a_rehearsal_says_what_would_be_done_and_leaves_no_trace(archive: Path) -> None:
    before = trace_of(archive)
    ran = run("ingest", "--dry-run", "--manifest", STORY / "manifest.csv", at=archive)
    assert ran.status == 0
    assert "dry run, nothing was recorded: 9 new items, 1 new version" in ran.out
    assert trace_of(archive) == before


def test_a_rehearsal_says_what_then_happens(archive: Path) -> None:
    words = ("ingest", "--manifest", STORY / "manifest.csv")
    rehearsed, done = run(*words, "--dry-run", at=archive), run(*words, at=archive)
    assert rehearsed.out.splitlines()[:-1] == done.out.splitlines()[:-1]


def test_a_manifest_in_json_lines_says_the_same(archive: Path, tmp_path: Path) -> None:
    row = {"file": str(DOCUMENT), "outlet": "The Example", "published": "2026-10-31"}
    manifest = written(tmp_path / "rows.jsonl", json.dumps(row) + "\n")
    assert run("ingest", "--manifest", manifest, at=archive).status == 0
    assert "outlet The Example [asserted by M. Tansley]" in run("show", "6625bdbcd6ee", at=archive).flat


def test_a_manifests_row_wins_over_an_option(archive: Path, tmp_path: Path) -> None:
    manifest = written(tmp_path / "rows.csv", f"file,outlet\n{DOCUMENT},From the row\n")
    run("ingest", "--manifest", manifest, "--outlet", "From the option", at=archive)
    shown = run("show", "6625bdbcd6ee", at=archive).out
    assert "From the row" in shown
    assert "From the option" not in shown


def test_a_row_with_a_bad_date_is_refused_with_its_line_and_the_rest_stands(
    archive: Path, tmp_path: Path
) -> None:
    other = written(tmp_path / "other.txt", "Another text, about something else.")
    manifest = written(
        tmp_path / "rows.csv", f"file,published\n{DOCUMENT},yesterday-ish\n{other},2026-10-31\n"
    )
    ran = run("ingest", "--manifest", manifest, at=archive)
    assert ran.status == 3
    assert "rows.csv line 2" in ran.out
    assert "1 new item" in ran.out


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("rows.csv", "file,publisher\na.txt,b\n", "has a column 'publisher'; known are file, outlet"),
        ("rows.csv", "outlet\nb\n", "has no column 'file'"),
        ("rows.csv", "file,outlet\na.txt\n", "line 2: not as many fields"),
        ("rows.csv", "file\na.txt\na.txt\n", "twice"),
        ("rows.jsonl", '{"file": "a.txt"\n', "line 1: not JSON"),
        ("rows.jsonl", '{"file": 3}\n', "line 1: not an object of strings"),
        ("rows.txt", "file\na.txt\n", "neither .csv nor .jsonl"),
    ],
)
def test_a_manifest_that_cannot_be_used_takes_nothing_in(
    archive: Path, tmp_path: Path, name: str, text: str, words: str
) -> None:
    ran = run("ingest", "--manifest", written(tmp_path / name, text), at=archive)
    assert ran.status == 2
    assert words in ran.err
    assert "nothing was taken in" in ran.err.lower()
    assert sums(archive) == (0, 0, 0)


def test_files_of_a_manifest_are_named_from_its_folder(archive: Path) -> None:
    run("ingest", "--manifest", STORY / "manifest.csv", at=archive)
    shown = run("show", "--json", run("search", "Tidings", "--json", at=archive).objects[0]["id"], at=archive)
    assert shown.objects[0]["captures"][0]["name"] == str(STORY / "tidings-2024-04-16.txt")


def trace_of(archive: Path) -> dict[str, tuple[int, int]]:
    """Every file of an archive with its size and time of change, the database's scratch files apart."""
    return {
        str(path.relative_to(archive)): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in sorted(archive.rglob("*"))
        if path.is_file() and not path.name.endswith(("-wal", "-shm", ".lock"))
    }
