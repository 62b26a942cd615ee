"""The text of a systemd service and its timer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.jobs.every import DAY, HOUR, MINUTE
from archive.jobs.job import BadJob

if TYPE_CHECKING:
    from pathlib import Path

    from archive.jobs.every import TimeSpan
    from archive.jobs.job import Job

LONGEST_DELAY_SECONDS = HOUR
"""Archives on one machine, and machines on one disk, do not all begin at midnight."""

_CALENDAR = {HOUR: "hourly", DAY: "daily", 7 * DAY: "weekly"}

_TEMPORARY = ("/tmp", "/var/tmp")  # noqa: S108 - named to leave them visible, nothing is made there

_HARDENED = """\
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=read-only
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
LockPersonality=yes
SystemCallArchitectures=native
"""

_MAIL_OF_A_USER = """\
# The local mail program gets its rights from its set-group-ID bit, which a sandbox of a user takes away:
# so there is none here. Use a webhook instead of mail, or install as root, to have one.
"""


def service(job: Job, *, user: bool) -> str:
    """The service: one check with idle priority, able to write to the archive and nowhere else."""
    lines = [
        "[Unit]",
        f"Description=Check the Claimtrail archive {_specified(str(job.path))}",
        f"RequiresMountsFor={_places((job.path, *job.beside))}",
        "",
        "[Service]",
        "Type=oneshot",
        f"ExecStart={' '.join(map(_word, job.command))}",
        f"Environment={_word(f'CLAIMTRAIL_ARCHIVIST={job.by}', dollars=False)}",
        "Nice=19",
        "IOSchedulingClass=idle",
        "UMask=0077",
    ]
    return "\n".join(lines) + "\n" + _sandbox(job, user=user)


def timer(job: Job) -> str:
    """The timer: a run that was missed because the machine was off is made up for."""
    delay = min(job.every.seconds // 12, LONGEST_DELAY_SECONDS)
    return (
        "[Unit]\n"
        f"Description=Check the Claimtrail archive {_specified(str(job.path))} every {job.every}\n"
        "\n"
        "[Timer]\n"
        f"{_times(job.every)}"
        "Persistent=true\n"
        f"RandomizedDelaySec={delay}s\n"
        "AccuracySec=1min\n"
        "\n"
        "[Install]\n"
        "WantedBy=timers.target\n"
    )


def _times(every: TimeSpan) -> str:
    """When the timer elapses: by the calendar where that can say it, else counted from the last run."""
    seconds = every.seconds
    if seconds in _CALENDAR:
        return f"OnCalendar={_CALENDAR[seconds]}\n"
    if seconds % HOUR == 0 and DAY % seconds == 0:
        return f"OnCalendar=*-*-* 00/{seconds // HOUR}:00:00\n"
    if seconds % MINUTE == 0 and HOUR % seconds == 0:
        return f"OnCalendar=*-*-* *:00/{seconds // MINUTE}:00\n"
    return f"OnBootSec=15min\nOnActiveSec=1min\nOnUnitActiveSec={seconds}s\n"


def _sandbox(job: Job, *, user: bool) -> str:
    mail = any(address.startswith("mailto:") for address in job.notify)
    if user and mail:
        return _MAIL_OF_A_USER
    writable = _places((job.path, *job.beside))
    if mail:
        writable += " -/var/spool -/var/mail"
    hidden = any(job.path.is_relative_to(place) for place in _TEMPORARY)
    private = "" if hidden else "PrivateTmp=yes\n"
    return f"{_HARDENED}{private}ReadWritePaths={writable}\n"


def _specified(text: str) -> str:
    return text.replace("%", "%%")


def _word(word: str, *, dollars: bool = True) -> str:
    """A word of a command line (systemd.service(5), COMMAND LINES; systemd.syntax(7), QUOTING)."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{_specified(escaped.replace("$", "$$") if dollars else escaped)}"'


def _places(paths: tuple[Path, ...]) -> str:
    """Paths in a list of paths, where a backslash is itself and a quote can only stand in the other kind."""
    return " ".join(_place(_specified(str(path))) for path in paths)


def _place(path: str) -> str:
    quote = "'" if '"' in path else '"'
    if quote in path:
        raise BadJob(f"systemd cannot be given a path with both kinds of quotes: {path}")
    return f"{quote}{path}{quote}"
