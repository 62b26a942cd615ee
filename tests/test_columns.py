"""Rows are read by a map of their columns, given on the command line or in a manifest; identifiers stay with them."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.digest import Digest
from archive.errors import ExitCode
from archive.formats import Context, parts
from archive.formats.columns import COLUMNS, BadColumns, columns
from archive.model import Property, ReadingState
from tests.commandline import new_archive, run

if TYPE_CHECKING:
    from pathlib import Path

ROWS = (
    {
        "key": "wire:4711/2",
        "body": "The mill has burned down, the mayor said.",
        "head": "Mill burned",
        "lang": "en",
    },
    {"key": "wire:4712/1", "body": "The dam is full.", "head": "Dam full", "lang": "en"},
)
MAP = "text=body, title=head,id=key,language=lang"


def written(folder: Path) -> Path:
    path = folder / "export.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    return path


def test_the_map_is_followed_and_the_identifier_found_everywhere(tmp_path: Path) -> None:
    place, rows = new_archive(tmp_path), written(tmp_path)
    ran = run("ingest", rows, "--columns", MAP, "--json", at=place)
    assert ran.status == 0
    assert [one["external_id"] for one in ran.objects[:2]] == [row["key"] for row in ROWS]
    for words in (("id:wire:4711/2",), ('id:"wire:4711/2"',)):
        hit, sums = run("search", *words, "--json", at=place).objects
        assert (hit["external_id"], hit["title"], sums["total"]) == ("wire:4711/2", "Mill burned", 1)
    [shown] = run("show", hit["id"], "--json", at=place).objects
    [title] = shown["statements"]["title"]
    assert title["evidence"]["place"] == "column head"
    assert shown["external_id"] == "wire:4711/2"
    assert "wire:4711/2" in run("show", hit["id"], at=place).out
    traced = run("trace", "The mill has burned down", "--json", at=place).objects
    assert traced[0]["external_id"] == "wire:4711/2"
    [said] = shown["statements"]["columns"]
    assert (said["value"], said["basis"]) == (MAP, "asserted")
    again = run("verify", "--only", "readings", at=place)
    assert (again.status, "ALTERED" in again.out) == (0, False), again.out


def test_a_manifest_gives_a_map_a_file(tmp_path: Path) -> None:
    place, rows = new_archive(tmp_path), written(tmp_path)
    manifest = tmp_path / "files.csv"
    manifest.write_text(f'file,columns,outlet\n{rows.name},"{MAP}",The Wire\n')
    ran = run("ingest", "--manifest", manifest, "--json", at=place)
    assert [one["state"] for one in ran.objects[:2]] == ["read", "read"]
    assert [one["external_id"] for one in ran.objects[:2]] == [row["key"] for row in ROWS]


@pytest.mark.parametrize(
    ("given_", "words"),
    [
        ("body=text", "no column 'body'"),
        ("text", "not a map"),
        ("text=", "not a map"),
        ("text=a,text=b", "mapped twice"),
    ],
)
@pytest.mark.parametrize("command", ["read", "ingest"])
def test_a_map_that_cannot_be_is_refused_before_anything_is_done(
    tmp_path: Path, command: str, given_: str, words: str
) -> None:
    place = new_archive(tmp_path)
    ran = run(command, written(tmp_path), "--columns", given_, at=place)
    assert ran.status == ExitCode.USAGE
    assert words in ran.err
    assert run("log", "--json", at=place).objects == []


def test_a_row_without_any_text_column_says_what_it_has() -> None:
    row = json.dumps({"body": "The mill has burned.", "head": "Mill"}).encode()
    (part,) = parts(row, Context(columns={"text": "bodie"}))
    assert part.reading.state is ReadingState.EMPTY
    assert (
        part.reading.reason == "it has neither a column bodie nor a column html; its columns are body, head"
    )


def test_every_column_that_can_be_mapped_is_read() -> None:
    row = {f"x-{name}": "2024-03-04T10:00:00Z" for name in COLUMNS}
    (part,) = parts(json.dumps(row).encode(), Context(columns={name: f"x-{name}" for name in COLUMNS}))
    about = {each.about for each in part.reading.statements}
    assert about >= {
        Property.TITLE, Property.BYLINE, Property.OUTLET, Property.ADDRESS, Property.PUBLISHED, Property.MODIFIED,
        Property.RETRIEVED, Property.LANGUAGE, Property.SECTION, Property.EXTERNAL_ID,
    }  # fmt: skip
    assert part.reading.text == "2024-03-04T10:00:00Z"


THEIRS = st.sampled_from(["body", "a=b", "x.y", "Größe in m", "text", "-", "a:b/c"])


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # the first draw reads the project
@given(st.dictionaries(st.sampled_from(COLUMNS), THEIRS))
def test_a_map_reads_back(found: dict[str, str]) -> None:
    assert columns(",".join(f"{ours}={theirs}" for ours, theirs in found.items())) == found


@given(st.text(max_size=30))
def test_any_words_are_a_map_or_refused(words: str) -> None:
    with suppress(BadColumns):
        assert set(columns(words)) <= set(COLUMNS)


def test_a_manifests_map_that_cannot_be_refuses_its_file_and_the_rest_goes_on(tmp_path: Path) -> None:
    place, rows = new_archive(tmp_path), written(tmp_path)
    (tmp_path / "good.txt").write_text("The dam is full.\n")
    manifest = tmp_path / "files.csv"
    manifest.write_text(f"file,columns\n{rows.name},nothing=body\ngood.txt,\n")
    refused, recorded, _ = run("ingest", "--manifest", manifest, "--json", at=place).objects
    assert (refused["type"], recorded["type"]) == ("refused", "recorded")
    assert "no column 'nothing'" in refused["reason"]


def test_an_interrupted_ingest_is_finished_with_its_map() -> None:
    from archive.ingest.journal import Opening, Pending, read_note, write_note
    from archive.ingest.told import Told
    from archive.record import HeldObject
    from tests.arrivals import CLOCK, NOON

    held = HeldObject(Digest.of(b"x"), 1)
    pending = Pending(CLOCK.new_id(), held, "export.jsonl", None, NOON, Told(columns=MAP))
    opening = Opening(CLOCK.new_id(), "M. Tansley", "tool", "origin", None)
    _, [again] = read_note(write_note(opening, [pending]))
    assert again == pending
    assert again.told.column_map == {"text": "body", "title": "head", "id": "key", "language": "lang"}
