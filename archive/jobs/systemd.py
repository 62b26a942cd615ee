"""A systemd timer: its two files, and telling systemd of them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from archive.jobs import unit
from archive.jobs.programs import KeeperFailed, ask, insist

if TYPE_CHECKING:
    from archive.jobs.job import Job

SYSTEM_UNITS = Path("/etc/systemd/system")


class Systemd:
    """The timers of the system where we are root, else those of the user."""

    name = "systemd"

    def __init__(self, unit_dir: Path | None = None, *, user: bool | None = None) -> None:
        self._user = os.geteuid() != 0 if user is None else user
        self._folder = unit_dir or (_user_units() if self._user else SYSTEM_UNITS)

    def text(self, job: Job) -> str:
        """Both files, each after its path."""
        return "\n".join(f"# {path}\n{text}" for path, text in self._files(job).items())

    def install(self, job: Job) -> list[str]:
        """Write and enable; what the archivist should know beside. Leaves nothing where it fails."""
        files = self._files(job)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            for path, text in files.items():
                path.write_bytes(os.fsencode(text))
            insist([*self._systemctl(), "daemon-reload"])
            insist([*self._systemctl(), "enable", "--now", f"{job.name}.timer"])
        except OSError as error:
            _unlink(files)
            raise KeeperFailed(
                f"{error.filename or self._folder}: {error.strerror}; nothing was installed"
            ) from error
        except KeeperFailed as error:
            _unlink(files)
            ask([*self._systemctl(), "daemon-reload"])
            raise KeeperFailed(f"{error}; nothing was installed") from error
        if self._user:
            return ["it runs while you are logged in; `loginctl enable-linger` lets it run at all times"]
        return []

    def remove(self, job: Job) -> bool:
        """Disable and remove; whether there was anything."""
        files = [path for path in self._files(job) if path.exists()]
        if not files:
            return False
        insist([*self._systemctl(), "disable", "--now", f"{job.name}.timer"])
        _unlink(files)
        insist([*self._systemctl(), "daemon-reload"])
        return True

    def _files(self, job: Job) -> dict[Path, str]:
        return {
            self._folder / f"{job.name}.service": unit.service(job, user=self._user),
            self._folder / f"{job.name}.timer": unit.timer(job),
        }

    def _systemctl(self) -> list[str]:
        return ["systemctl", "--user"] if self._user else ["systemctl"]


def running() -> bool:
    """Whether systemd runs this machine (sd_booted(3))."""
    return Path("/run/systemd/system").is_dir()


def _user_units() -> Path:
    base = os.environ.get("XDG_CONFIG_HOME") or "~/.config"
    return Path(base).expanduser() / "systemd" / "user"


def _unlink(paths: dict[Path, str] | list[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
