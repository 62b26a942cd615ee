"""Schedules for systemd and cron: what is written, that other lines stay, and the loop that needs neither."""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import shlex
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.amounts import BadAmount
from archive.errors import ExitCode
from archive.jobs import cron, unit
from archive.jobs.every import TimeSpan
from archive.jobs.job import BadJob, Job
from tests.commandline import ROOT, new_archive, run

DAY = TimeSpan.parse("day")
QUARTER = TimeSpan.parse("90d")

FAKE_SYSTEMCTL = """#!/bin/sh
echo "$@" >> "$CALLS"
case "$*" in *"$REFUSES"*) echo "no bus" >&2; exit 1;; esac
"""

FAKE_CRONTAB = """#!/bin/sh
echo "$@" >> "$CALLS"
if [ "$1" = -l ]; then
    if [ -e "$CRONTAB" ]; then cat "$CRONTAB"; else echo "no crontab for tansley" >&2; exit 1; fi
else
    cat > "$CRONTAB"
fi
"""


class Machine:
    """Programs on the PATH that write down how they were called."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls_file, self.crontab = folder / "calls", folder / "crontab"
        self.units = folder / "units"
        programs = folder / "bin"
        programs.mkdir()
        for name, text in (("systemctl", FAKE_SYSTEMCTL), ("crontab", FAKE_CRONTAB)):
            (programs / name).write_text(text)
            (programs / name).chmod(0o755)
        monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
        monkeypatch.setenv("CALLS", str(self.calls_file))
        monkeypatch.setenv("CRONTAB", str(self.crontab))
        monkeypatch.setenv("REFUSES", "nothing at all")

    @property
    def calls(self) -> list[str]:
        return self.calls_file.read_text().splitlines() if self.calls_file.exists() else []


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path, monkeypatch)


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """An archive at a path with what a shell, systemd and cron each take for something else."""
    folder = tmp_path / "my 100%n $HOME's \\ news"
    folder.mkdir()
    return new_archive(folder)


def job(path: Path = Path("/srv/news"), every: str = "day", notify: tuple[str, ...] = ()) -> Job:
    return Job(path, TimeSpan.parse(every), QUARTER, TimeSpan.parse("20m"), notify, "M. Tansley")


# Spans


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("hour", 3600), ("day", 86_400), ("week", 604_800), ("20m", 1200), ("2w", 1_209_600)],
)
def test_spans_are_read(text: str, seconds: int) -> None:
    assert TimeSpan.parse(text).seconds == seconds


@pytest.mark.parametrize("text", ["", "0d", "-1d", "1", "d", "1.5s", "month", "1h30m", "9" * 12 + "d"])
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(BadAmount):
        TimeSpan.parse(text)


@given(st.integers(1, 9_999_999))
def test_a_span_reads_as_what_it_is_written_as(seconds: int) -> None:
    assert TimeSpan.parse(str(TimeSpan(seconds))).seconds == seconds


def test_a_promise_that_cannot_be_kept_is_refused(tmp_path: Path) -> None:
    archive = new_archive(tmp_path)
    ran = run("schedule", "show", "--with", "cron", "--every", "week", "--cover", "10d", at=archive)
    assert ran.status == ExitCode.USAGE
    assert "--cover must be at least 14d" in ran.err


# systemd


def test_install_writes_both_units_and_enables_the_timer(machine: Machine, odd: Path) -> None:
    ran = run(
        "schedule",
        "install",
        "--every",
        "day",
        "--for",
        "20m",
        "--cover",
        "90d",
        "--unit-dir",
        machine.units,
        at=odd,
    )
    assert ran.status == 0, ran.err
    service, timer = sorted(machine.units.iterdir())
    assert (service.suffix, timer.suffix) == (".service", ".timer")
    assert machine.calls == ["daemon-reload", f"enable --now {timer.name}"]
    assert "OnCalendar=daily\nPersistent=true\nRandomizedDelaySec=3600s\n" in timer.read_text()
    for line in (
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "IOSchedulingClass=idle",
        "Nice=19",
        "Type=oneshot",
    ):
        assert f"\n{line}\n" in service.read_text()


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
@pytest.mark.parametrize("every", ["hour", "day", "week", "6h", "15m", "7h"])
def test_systemd_takes_the_units_without_a_word(machine: Machine, odd: Path, every: str) -> None:
    run("schedule", "install", "--every", every, "--unit-dir", machine.units, at=odd)
    checked = subprocess.run(
        ["systemd-analyze", "verify", *machine.units.iterdir()], capture_output=True, text=True, check=False
    )
    ours = [line for line in checked.stderr.splitlines() if "claimtrail" in line]
    assert (checked.returncode, ours) == (0, [])


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
@pytest.mark.parametrize("every", ["hour", "day", "week", "6h", "15m"])
def test_the_calendar_elapses_as_often_as_it_should(every: str) -> None:
    (calendar,) = re.findall(r"OnCalendar=(.+)", unit.timer(job(every=every)))
    said = subprocess.run(
        ["systemd-analyze", "calendar", "--iterations=3", calendar],
        capture_output=True, text=True, check=True, env={**os.environ, "TZ": "UTC"},
    ).stdout  # fmt: skip
    times = re.findall(
        r"(?:Next elapse|Iter\. #\d|Iteration #\d): \w+ (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)", said
    )
    seconds = [time.mktime(time.strptime(each, "%Y-%m-%d %H:%M:%S")) for each in times]
    assert len(seconds) == 3
    assert {later - earlier for earlier, later in itertools.pairwise(seconds)} == {
        float(TimeSpan.parse(every).seconds)
    }


def unquoted(text: str) -> list[str]:
    """The words of an ExecStart as systemd reads them (systemd.syntax(7))."""
    words = re.findall(r'"((?:[^"\\]|\\.)*)"', text)
    return [re.sub(r"\\(.)", r"\1", word).replace("%%", "%").replace("$$", "$") for word in words]


def test_systemd_is_given_the_path_as_it_is(odd: Path) -> None:
    text = unit.service(job(odd), user=False)
    (start,) = re.findall(r"^ExecStart=(.+)$", text, re.MULTILINE)
    assert unquoted(start) == list(job(odd).command)
    (writable,) = re.findall(r"^ReadWritePaths=(.+)$", text, re.MULTILINE)
    assert writable == '"' + str(odd).replace("%", "%%") + '"'


def test_mail_from_a_user_is_not_kept_in_by_a_sandbox() -> None:
    with_mail = job(notify=("mailto:tansley@example.org",))
    assert "NoNewPrivileges" not in unit.service(with_mail, user=True)
    assert "NoNewPrivileges=yes" in unit.service(with_mail, user=False)
    assert "-/var/spool" in unit.service(with_mail, user=False)
    assert "/var/spool" not in unit.service(job(), user=False)
    assert "NoNewPrivileges=yes" in unit.service(job(), user=True)


def test_an_archive_below_tmp_is_not_hidden_from_its_own_check() -> None:
    assert "PrivateTmp" not in unit.service(job(Path("/tmp/news")), user=False)
    assert "PrivateTmp=yes" in unit.service(job(), user=False)


def test_where_systemd_refuses_nothing_is_left(
    machine: Machine, odd: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REFUSES", "enable")
    ran = run("schedule", "install", "--unit-dir", machine.units, at=odd)
    assert ran.status == ExitCode.INCOMPLETE
    assert "no bus" in ran.err
    assert "nothing was installed" in ran.err
    assert list(machine.units.iterdir()) == []
    assert run("status", "--json", at=odd).objects[0]["schedule"] is None


def test_remove_takes_both_away(machine: Machine, odd: Path) -> None:
    run("schedule", "install", "--unit-dir", machine.units, at=odd)
    other = machine.units / "other.timer"
    other.write_text("")
    ran = run("schedule", "remove", "--unit-dir", machine.units, at=odd)
    assert ran.status == 0, ran.err
    assert list(machine.units.iterdir()) == [other]
    assert [call.split()[0] for call in machine.calls[2:]] == ["disable", "daemon-reload"]
    assert run("schedule", "remove", "--unit-dir", machine.units, at=odd).status == ExitCode.USAGE


def test_show_changes_nothing(machine: Machine, odd: Path) -> None:
    ran = run("schedule", "show", "--unit-dir", machine.units, at=odd)
    assert ran.status == 0
    assert "[Timer]" in ran.out
    assert "[Service]" in ran.out
    assert not machine.units.exists()
    assert machine.calls == []


# cron

OTHERS = b"MAILTO=ops@example.org\n# m h\n5 4 * * * echo 100\\% \xff\n"


def test_other_lines_of_the_crontab_stay_to_the_byte(machine: Machine, odd: Path) -> None:
    machine.crontab.write_bytes(OTHERS)
    for _ in range(2):
        assert run("schedule", "install", "--with", "cron", at=odd).status == 0
    written = machine.crontab.read_bytes()
    assert written.startswith(OTHERS)
    assert written.count(b"# begin claimtrail-") == 1
    assert run("schedule", "remove", "--with", "cron", at=odd).status == 0
    assert machine.crontab.read_bytes() == OTHERS


def test_two_archives_have_a_block_each(machine: Machine, tmp_path: Path, odd: Path) -> None:
    second = tmp_path / "second"
    run("init", second)
    for archive in (odd, second):
        run("schedule", "install", "--with", "cron", at=archive)
    run("schedule", "remove", "--with", "cron", at=odd)
    left = machine.crontab.read_text()
    assert str(second) in left
    assert left.count("# begin") == left.count("# end") == 1


def test_a_crontab_without_a_last_line_break_and_none_at_all(machine: Machine, odd: Path) -> None:
    run("schedule", "install", "--with", "cron", at=odd)
    assert machine.crontab.read_text().startswith("# begin claimtrail-")
    machine.crontab.write_bytes(b"1 1 * * * true")
    run("schedule", "install", "--with", "cron", at=odd)
    assert machine.crontab.read_text().startswith("1 1 * * * true\n# begin claimtrail-")


def test_a_block_without_its_end_is_left_alone(machine: Machine, odd: Path) -> None:
    run("schedule", "install", "--with", "cron", at=odd)
    cut = b"".join(machine.crontab.read_bytes().splitlines(keepends=True)[:-1])
    machine.crontab.write_bytes(cut)
    ran = run("schedule", "install", "--with", "cron", at=odd)
    assert ran.status == ExitCode.INCOMPLETE
    assert "nothing was changed" in ran.err
    assert machine.crontab.read_bytes() == cut


def test_the_line_is_the_command_once_cron_and_a_shell_have_read_it(odd: Path) -> None:
    line = cron.line(job(odd))
    command = line.split(maxsplit=5)[5]
    assert not re.search(r"(?<!\\)%", command), "a bare percent sign ends a command of cron"
    asked = command.replace(r"\%", "%").replace("nice -n 19 ", "printf '%s\\n' ") + '; printf "%s\\n" "$out"'
    said = subprocess.run(["/bin/sh", "-c", asked], capture_output=True, text=True, check=True).stdout
    assert said.splitlines() == list(job(odd).command)


def test_the_line_prints_only_where_the_check_fails(tmp_path: Path) -> None:
    failing = tmp_path / "it fails"
    failing.write_text("#!/bin/sh\necho found something\nexit 1\n")
    failing.chmod(0o755)
    for program, expected in (("true", ""), (shlex.quote(str(failing)), "found something\n")):
        words = shlex.join(job().command)
        command = cron.line(job()).split(maxsplit=5)[5].replace(words, program)
        ran = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=False)
        assert ran.stdout == expected


@pytest.mark.parametrize("every", ["7h", "2d", "45m", "90s"])
def test_what_cron_cannot_say_is_refused(every: str) -> None:
    with pytest.raises(BadJob):
        cron.line(job(every=every))


# In the foreground


def looping(archive: Path, *words: str, **more: str) -> subprocess.Popen[str]:
    settled = {name: value for name, value in os.environ.items() if not name.startswith("CLAIMTRAIL_")}
    return subprocess.Popen(
        [sys.executable, "-m", "archive.cli", "schedule", "run", *words, "--archive", str(archive)],
        env={**settled, "PYTHONPATH": str(ROOT), "CLAIMTRAIL_ARCHIVIST": "M. Tansley", **more},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def ended_runs(archive: Path) -> int:
    with contextlib.closing(sqlite3.connect(f"file:{archive}/catalog.db?mode=ro", uri=True)) as connection:
        count: int = connection.execute("SELECT count(*) FROM fixity_end").fetchone()[0]
    return count


def wait_for_runs(archive: Path, count: int) -> None:
    for _ in range(300):
        if ended_runs(archive) >= count:
            return
        time.sleep(0.1)
    raise AssertionError("no run came to its end")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_checks_at_once_and_ends_cleanly_when_told(archive_of_seeds: Path, number: int) -> None:
    archive = archive_of_seeds
    loop = looping(archive)
    wait_for_runs(archive, 1)
    time.sleep(0.2)
    loop.send_signal(number)
    out, err = loop.communicate(timeout=30)
    assert loop.returncode == 0, err
    assert "all intact" in out
    assert err.splitlines()[-1] == "claimtrail: stopped"
    found = run("status", "--json", at=archive).objects[0]
    assert found["schedule"]["keeper"] == "foreground"
    assert found["last_check"]["outcome"] == "suc"


def test_after_a_restart_it_waits_for_its_turn(seeded: Path, tmp_path: Path) -> None:
    archive = shutil.copytree(seeded, tmp_path / "news")
    run("verify", at=archive)
    loop = looping(archive)
    assert loop.stderr is not None
    first = re.fullmatch(
        r"claimtrail: a check every 1d; the first in (\d+) seconds\n", loop.stderr.readline()
    )
    assert first is not None
    assert 86_000 < int(first[1]) <= 86_400
    loop.send_signal(signal.SIGTERM)
    assert loop.wait(timeout=30) == 0
