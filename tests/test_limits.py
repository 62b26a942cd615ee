"""How far a reader may go is a setting: listed, taken from where settings are, and obeyed by the workers."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import pytest

import archive.limits
from archive.limits import SETTING_PREFIX, Limits
from archive.settings import FILE, SETTINGS, load_settings
from tests.commandline import new_archive, program, run
from tests.test_formats_containers import PAGE, record, warc

if TYPE_CHECKING:
    from pathlib import Path

NAMES = [field.name for field in fields(Limits)]


@pytest.mark.parametrize("name", NAMES)
def test_each_limit_is_a_named_constant_and_the_default_of_a_setting(name: str) -> None:
    [setting] = [each for each in SETTINGS if each.name == SETTING_PREFIX + name]
    assert setting.default == getattr(archive.limits, name.upper()) == getattr(Limits(), name)
    assert setting.words


def test_settings_lists_them_with_where_they_come_from(tmp_path: Path) -> None:
    place = new_archive(tmp_path)
    with (place / FILE).open("a") as file:
        file.write("limit_cpu_seconds = 3\nlimit_mail_parts = 7\n")
    found = {one["name"]: one for one in run("settings", "--json", at=place).objects}
    assert {SETTING_PREFIX + name for name in NAMES} <= set(found)
    assert (found["limit_mail_parts"]["value"], found["limit_mail_parts"]["from"]) == (7, "file")
    assert (found["limit_memory"]["value"], found["limit_memory"]["from"]) == (1 << 30, "default")
    limits = load_settings(place, environment={"CLAIMTRAIL_LIMIT_MAIL_PARTS": "9"}).limits()
    assert limits == Limits(cpu_seconds=3.0, mail_parts=9)


def test_an_ingest_obeys_the_archives_own_limits(tmp_path: Path) -> None:
    place = new_archive(tmp_path)
    with (place / FILE).open("a") as file:
        file.write("limit_elements = 20\nlimit_parts = 2\n")
    page, pages, plain = tmp_path / "1.html", tmp_path / "2.warc", tmp_path / "3.txt"
    page.write_bytes(PAGE + b"<p>x</p>" * 30)
    pages.write_bytes(warc(record(1), record(2), record(3)))
    plain.write_text("The dam is full.\n")
    *lines, _ = run("ingest", page, pages, plain, "--json", at=place).objects
    assert [one["state"] for one in lines] == ["refused", "read", "read", "refused", "read"]
    assert "more than 20 elements" in lines[0]["reason"]
    assert "more than 2 records" in lines[3]["reason"]
    again = run("ingest", page, plain, "--json", at=place).objects[:2]
    assert [one["novelty"] for one in again] == ["already held", "already held"]
    (place / FILE).write_text("limit_elements = 2000\n")
    first, second, _ = run("ingest", page, plain, "--json", at=place).objects
    assert (first["novelty"], first["state"]) == ("new version", "read")
    assert first["id"] == lines[0]["id"].replace("@1", "@2")
    assert second["novelty"] == "already held"
    assert run("ingest", page, "--json", at=place).objects[0]["id"] == first["id"]


def test_a_dry_run_reads_a_container_longer_than_a_document_may_be(tmp_path: Path) -> None:
    place = new_archive(tmp_path)
    (place / FILE).write_text("limit_input_size = 800\n")
    pages = tmp_path / "2.warc"
    pages.write_bytes(warc(record(1), record(2), record(3)))
    *lines, receipt = run("ingest", "--dry-run", pages, "--json", at=place).objects
    assert [one["state"] for one in lines] == ["read"] * 3
    assert (receipt["findings"], receipt["dry_run"]) == (0, True)


def test_read_obeys_the_environment_and_needs_no_archive(tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_text("The dam is full, the engineer said.\n")
    ran = program("read", tmp_path / "long.txt", shell='CLAIMTRAIL_LIMIT_INPUT_SIZE=10 "$@"')
    assert ran.returncode == 3
    assert b"larger than the 10 bytes" in ran.stdout


def test_more_memory_than_a_machine_can_count_is_no_limit(tmp_path: Path) -> None:
    page = tmp_path / "1.html"
    page.write_bytes(PAGE)
    ran = program("read", page, shell=f'CLAIMTRAIL_LIMIT_MEMORY={10**30} "$@"')
    assert ran.returncode == 0, ran.stdout
