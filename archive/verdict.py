"""How checks of what is held end, and what they find wrong."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from archive.digest import Digest


class Verdict(StrEnum):
    """How the check of one thing ended; none is ever folded into another."""

    INTACT = "intact"
    ALTERED = "altered"
    MISSING = "missing"
    UNREADABLE = "unreadable"
    UNVERIFIABLE = "unverifiable"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Dependents:
    """What depends on an object: labels of the versions it is a copy of, how many captures, containers, parts.

    `containers` are objects that hold the same bytes as a part; `parts` is how many captures were taken out
    of the object itself. `more` versions are not named.
    """

    versions: tuple[str, ...] = ()
    captures: int = 0
    containers: tuple[str, ...] = ()
    parts: int = 0
    more: int = 0


@dataclass(frozen=True, slots=True)
class IntegrityFinding:
    """One thing a check of what is held found wrong: a code, the subject, what was expected and what was found.

    Of an object also: `size` found, in bytes, `where` it lies, when it was `last_intact`, and `dependents`.
    """

    code: Verdict
    subject: str
    expected: str
    found: str
    detail: str = ""
    size: int | None = None
    where: str = ""
    last_intact: datetime | None = None
    dependents: Dependents | None = None


@dataclass(frozen=True, slots=True)
class FixityResult:
    """The outcome of re-hashing one object in one run."""

    digest: Digest
    verdict: Verdict
    found: str
    at: datetime
