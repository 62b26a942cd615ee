"""Status as a monitoring check: what is covered, late, wrong or out of reach; its words, JSON, metrics and exit."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from archive.errors import ExitCode
from tests.arrivals import StoppedClock
from tests.commandline import DOCUMENT, ROOT, STORY, new_archive, run

if TYPE_CHECKING:
    from pathlib import Path

BEGIN = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock(BEGIN)


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of twelve objects, taken in as the clock began."""
    place = new_archive(tmp_path_factory.mktemp("begun"))
    run("ingest", "--manifest", STORY / "manifest.csv", at=place, clock=StoppedClock(BEGIN))
    return place


@pytest.fixture
def fresh(begun: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return shutil.copytree(begun, tmp_path / "news")


def look(archive: Path, clock: StoppedClock, *words: str) -> tuple[int, dict[str, Any]]:
    ran = run("status", "--json", *words, at=archive, clock=clock)
    [found] = ran.objects
    assert found["status"] == ran.status
    return ran.status, found


def promise(archive: Path, clock: StoppedClock, *words: str) -> None:
    """Have a schedule in force, as `schedule run` enters it; the loop itself is left out."""
    from unittest.mock import patch

    with patch("archive.jobs.loop.run_always"):
        assert run("schedule", "run", *words, at=archive, clock=clock).status == 0


def objects(archive: Path) -> list[Path]:
    return sorted((archive / "objects" / "sha256").glob("*/*"))


# Coverage


def test_nothing_held_is_nothing_wrong(tmp_path: Path) -> None:
    ran = run("status", at=new_archive(tmp_path))
    assert ran.status == 0
    assert "covered    nothing held yet" in ran.out


def test_what_was_never_checked_is_late_only_once_the_time_is_over(fresh: Path, clock: StoppedClock) -> None:
    held = len(objects(fresh))
    status, found = look(fresh, clock)
    assert (status, found["covered"]["objects"], found["covered"]["never"]) == (0, 0, held)
    assert found["covered"]["share"] == 0
    clock.wait(days=89)
    assert look(fresh, clock)[0] == 0
    clock.wait(days=2)
    status, found = look(fresh, clock)
    assert (status, found["covered"]["overdue"]) == (ExitCode.INCOMPLETE, held)
    assert look(fresh, clock, "--cover", "120d")[0] == 0


def test_a_check_covers_until_it_is_too_old(fresh: Path, clock: StoppedClock) -> None:
    held, size = len(objects(fresh)), sum(path.stat().st_size for path in objects(fresh))
    run("verify", at=fresh, clock=clock)
    clock.wait(days=30)
    run("ingest", DOCUMENT, at=fresh, clock=clock)
    status, found = look(fresh, clock)
    reach = found["covered"]
    assert (status, reach["objects"], reach["never"], reach["overdue"]) == (0, held, 1, 0)
    assert reach["share"] == round(held / (held + 1), 6)
    assert reach["size"] == size
    assert reach["oldest"] == reach["last_pass"] == "2026-03-04T12:00:00.000000Z"
    clock.wait(days=61)
    status, found = look(fresh, clock)
    reach = found["covered"]
    assert (status, reach["objects"], reach["size"], reach["overdue"]) == (ExitCode.INCOMPLETE, 0, 0, held)
    ran = run("status", at=fresh, clock=clock)
    assert f"OVERDUE    {held} objects not checked within 90 days" in ran.out
    run("verify", at=fresh, clock=clock)
    assert look(fresh, clock)[1]["covered"]["share"] == 1


def test_a_part_of_a_pass_covers_a_part(fresh: Path, clock: StoppedClock) -> None:
    run("verify", "--subset", "1/2", at=fresh, clock=clock)
    _, found = look(fresh, clock)
    with contextlib.closing(sqlite3.connect(fresh / "catalog.db")) as connection:
        checked = connection.execute("SELECT sum(objects), sum(size) FROM fixity_batch").fetchone()
    assert 0 < checked[0] < len(objects(fresh))
    assert (found["covered"]["objects"], found["covered"]["size"]) == checked
    assert found["covered"]["last_pass"] is None
    assert "no whole pass yet" in run("status", at=fresh, clock=clock).out


# Findings


@pytest.mark.parametrize("where", ["archive", "replica"])
def test_a_finding_is_open_until_it_is_mended(
    fresh: Path, clock: StoppedClock, tmp_path: Path, where: str
) -> None:
    run("replica", "add", tmp_path / "copy", at=fresh, clock=clock)
    run("replica", "sync", at=fresh, clock=clock)
    store = tmp_path / "copy" if where == "replica" else fresh / "objects"
    victim = min((store / "sha256").glob("*/*"))
    victim.unlink()
    run("verify", at=fresh, clock=clock)
    status, found = look(fresh, clock)
    assert (status, found["findings"]) == (ExitCode.CHECK_FAILED, {"missing": 1})
    assert "FINDINGS   1 missing" in run("status", at=fresh, clock=clock).out
    run("verify", "--accession", "2026-0001", "--only", "ledger", at=fresh, clock=clock)
    assert look(fresh, clock)[0] == ExitCode.CHECK_FAILED, "a look at something else mends nothing"
    run("repair", at=fresh, clock=clock)
    status, found = look(fresh, clock)
    assert (status, found["findings"]) == (0, {})
    assert found["last_check"]["state"] == "all intact", "a repair is no check"


def test_what_is_of_no_object_is_open_until_the_next_run_does_not_find_it(
    fresh: Path, clock: StoppedClock
) -> None:
    stray = fresh / "objects" / "stray"
    stray.write_text("")
    run("verify", at=fresh, clock=clock)
    assert look(fresh, clock)[1]["findings"] == {"unverifiable": 1}
    stray.unlink()
    run("verify", at=fresh, clock=clock)
    assert look(fresh, clock)[0] == 0


def test_what_is_late_is_not_a_finding_of_a_fault(fresh: Path, clock: StoppedClock) -> None:
    promise(fresh, clock)
    clock.wait(days=3)
    ran = run("verify", "--json", at=fresh, clock=clock)
    assert ran.status == ExitCode.INCOMPLETE
    assert [(one["code"], one["subject"]) for one in ran.objects[:-1]] == [("overdue", "schedule")]
    status, found = look(fresh, clock)
    assert (status, found["findings"], found["last_check"]["state"]) == (0, {}, "all intact")


# The schedule


@pytest.mark.parametrize(
    ("every", "late", "overdue"),
    [
        ("day", timedelta(hours=29), False),
        ("day", timedelta(hours=31), True),
        ("hour", timedelta(minutes=119), False),
        ("hour", timedelta(minutes=121), True),
        ("week", timedelta(days=8, hours=17), False),
        ("week", timedelta(days=8, hours=19), True),
    ],
)
def test_a_run_that_did_not_begin_is_overdue(
    fresh: Path, clock: StoppedClock, every: str, late: timedelta, overdue: bool
) -> None:
    promise(fresh, clock, "--every", every)
    for before in (False, True):
        if before:
            run("verify", at=fresh, clock=clock)
        clock.at += late
        status, found = look(fresh, clock)
        assert found["schedule"]["overdue"] is overdue
        assert status == (ExitCode.INCOMPLETE if overdue else 0)
        words = run("status", at=fresh, clock=clock).out
        assert ("OVERDUE    a check every" in words) is overdue


def test_the_promise_is_what_is_asked_about(fresh: Path, clock: StoppedClock) -> None:
    promise(fresh, clock, "--every", "week", "--cover", "30d")
    run("verify", at=fresh, clock=clock)
    clock.wait(days=8)
    run("verify", "--subset", "1/12", at=fresh, clock=clock)
    assert look(fresh, clock)[1]["covered"]["within_seconds"] == 30 * 86_400
    clock.wait(days=23)
    assert look(fresh, clock)[1]["covered"]["overdue"] > 0
    ran = run("verify", "--sample", "0.0001%", "--json", at=fresh, clock=clock)
    late = [(one["code"], one["subject"]) for one in ran.objects if one["type"] == "finding"]
    assert late == [("overdue", "schedule"), ("overdue", "objects")]


def test_the_same_promise_is_entered_once(fresh: Path, clock: StoppedClock) -> None:
    for words in ((), (), ("--every", "week"), ("--every", "week")):
        promise(fresh, clock, *words)
    with contextlib.closing(sqlite3.connect(fresh / "catalog.db")) as connection:
        assert connection.execute("SELECT count(*) FROM schedule").fetchone() == (2,)


def test_a_removed_schedule_is_not_missed(fresh: Path, clock: StoppedClock) -> None:
    promise(fresh, clock)
    assert run("schedule", "remove", at=fresh, clock=clock).status == 0
    clock.wait(days=10)
    assert look(fresh, clock)[1]["schedule"] is None


# Runs that did not come to their end


def test_a_killed_run_is_seen_as_killed_and_a_running_one_as_running(archive_of_seeds: Path) -> None:
    archive = archive_of_seeds
    settled = {name: value for name, value in os.environ.items() if not name.startswith("CLAIMTRAIL_")}
    command = [sys.executable, "-m", "archive.cli", "verify", "--rate", "100", "--archive", str(archive)]
    with subprocess.Popen(
        command, env={**settled, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE
    ) as running:
        for _ in range(200):
            found = run("status", "--json", at=archive).objects[0]
            if found["last_check"]:
                break
            time.sleep(0.05)
        assert found["last_check"]["state"] == "running"
        assert found["status"] == 0
        running.send_signal(signal.SIGKILL)
    ran = run("status", at=archive)
    assert ran.status == ExitCode.INCOMPLETE
    assert "KILLED before its end" in ran.out
    assert run("verify", at=archive).status == 0
    assert run("status", at=archive).status == 0


# What cannot be reached


def test_a_replica_that_is_gone_and_a_notice_that_waits(
    fresh: Path, clock: StoppedClock, tmp_path: Path
) -> None:
    run("replica", "add", tmp_path / "copy", at=fresh, clock=clock)
    assert look(fresh, clock)[0] == 0
    (tmp_path / "copy").rename(tmp_path / "aside")
    status, found = look(fresh, clock)
    assert (status, bool(found["replicas"][0]["unreachable"])) == (ExitCode.INCOMPLETE, True)
    (tmp_path / "aside").rename(tmp_path / "copy")
    (fresh / "notices").mkdir()
    (fresh / "notices" / "one.json").write_text("{}")
    status, found = look(fresh, clock)
    assert (status, found["unsent"]) == (ExitCode.INCOMPLETE, 1)


# Metrics


def families(text: str) -> dict[str, Any]:
    return {family.name: family for family in text_string_to_metric_families(text)}


def test_the_metrics_are_read_by_prometheus_and_say_what_json_says(
    fresh: Path, clock: StoppedClock, tmp_path: Path
) -> None:
    run("replica", "add", tmp_path / "copy", at=fresh, clock=clock)
    run("replica", "sync", at=fresh, clock=clock)
    promise(fresh, clock)
    objects(fresh)[0].unlink()
    run("verify", at=fresh, clock=clock)
    status, found = look(fresh, clock)
    ran = run("status", "--metrics", at=fresh, clock=clock)
    assert ran.status == status == ExitCode.CHECK_FAILED
    read = families(ran.out)
    values = {name: family.samples[0].value for name, family in read.items() if len(family.samples) == 1}
    assert values["claimtrail_status"] == 1
    assert values["claimtrail_objects"] == found["objects"]
    assert values["claimtrail_objects_covered"] == found["covered"]["objects"]
    assert values["claimtrail_bytes_covered"] == found["covered"]["size"]
    assert values["claimtrail_last_pass_timestamp_seconds"] == BEGIN.timestamp()
    assert values["claimtrail_schedule_seconds"] == 86_400
    open_now = {s.labels["verdict"]: s.value for s in read["claimtrail_findings_open"].samples}
    assert open_now == {"missing": 1, "altered": 0, "unreadable": 0, "unverifiable": 0, "overdue": 0}
    state = {s.labels["state"]: s.value for s in read["claimtrail_last_run_state"].samples}
    assert [name for name, value in state.items() if value] == [found["last_check"]["state"]]
    [copies] = read["claimtrail_replica_copies"].samples
    assert (copies.labels["replica"], copies.value) == (str(tmp_path / "copy"), found["objects"])
    for family in read.values():
        assert family.type == "gauge"
        assert family.documentation
        assert {sample.labels["archive"] for sample in family.samples} == {str(fresh)}


def test_odd_paths_come_out_as_labels(tmp_path: Path) -> None:
    folder = tmp_path / 'a "b" \\n {c}'
    folder.mkdir()
    archive = new_archive(folder)
    read = families(run("status", "--metrics", at=archive).out)
    assert read["claimtrail_objects"].samples[0].labels == {"archive": str(archive)}


def test_every_measure_is_documented() -> None:
    page = (ROOT / "docs" / "how-to" / "monitor-with-prometheus.md").read_text()
    source = (ROOT / "archive" / "render" / "metrics.py").read_text()
    plain = set(re.findall(r'(?:_one|Gauge)\(\s*"(\w+)"', source))
    times = {f"{name}_timestamp_seconds" for name in re.findall(r'_time\(\s*"(\w+)"', source)}
    documented = set(re.findall(r"^\| .*", page, re.MULTILINE))
    named = set(re.findall(r"`claimtrail_(\w+)`", "\n".join(documented)))
    assert plain | times == named


@pytest.mark.skipif(not shutil.which("promtool"), reason="promtool is not installed")
def test_promtool_has_nothing_to_say(seeded: Path) -> None:
    text = run("status", "--metrics", at=seeded).out
    said = subprocess.run(
        ["promtool", "check", "metrics"], input=text, capture_output=True, text=True, check=False
    )
    assert (said.returncode, said.stderr) == (0, "")


def test_one_form_of_output_at_a_time(seeded: Path) -> None:
    assert run("status", "--metrics", "--json", at=seeded).status == ExitCode.USAGE


def test_it_is_the_same_on_postgresql(postgres_url: str, tmp_path: Path) -> None:
    archive = tmp_path / "news"
    run("init", archive, "--catalog", postgres_url)
    run("ingest", DOCUMENT, at=archive)
    run("verify", at=archive)
    found = run("status", "--json", at=archive).objects[0]
    assert (found["status"], found["covered"]["share"], found["covered"]["size"]) == (0, 1, found["size"])
    objects(archive)[0].unlink()
    run("verify", at=archive)
    assert run("status", "--json", at=archive).objects[0]["findings"] == {"missing": 1}
