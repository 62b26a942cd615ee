"""The one family of failures, and what each tells the shell."""

from __future__ import annotations

from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """What a command's exit status means."""

    DONE = 0
    CHECK_FAILED = 1
    USAGE = 2
    INCOMPLETE = 3
    NO_ARCHIVE = 10
    LOCKED = 11
    NEEDS_UPGRADE = 12
    INTERRUPTED = 130


class ArchiveError(Exception):
    """Something the person at the keyboard must be told, in words for a person.

    Each failure is a class of its own beside the code that raises it; its message says what happened
    and, where there is one, what to do next.
    """

    exit_code: ClassVar[ExitCode] = ExitCode.INCOMPLETE


class UsageError(ArchiveError):
    """The command was given something it cannot take."""

    exit_code = ExitCode.USAGE
