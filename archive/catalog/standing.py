"""What a look at the archive asks of the checks: what is wrong now, what is late. Counted by the database."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import String, and_, func, or_, type_coerce
from sqlmodel import col, select

from archive.catalog.chunks import chunked
from archive.catalog.copy_tables import CopyStateRow, ReplicaEndRow
from archive.catalog.fixity import REPAIR
from archive.catalog.fixity_tables import DIGEST_SIZE, FixityOpenRow, FixityPlanRow, FixityShelfRow
from archive.catalog.fixity_work import FAILED, NEVER
from archive.catalog.tables import EventRow, FixityCheckRow, FixityEndRow, FixityRunRow, ObjectRow
from archive.checks import kinds_of
from archive.digest import Algorithm
from archive.record import EventType, Outcome
from archive.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet
    from datetime import datetime
    from uuid import UUID

    from archive.catalog.reading import Reader

FINDINGS_KEPT = 1000
"""A run records at most so many findings that are of no object, just before its own event."""

RUNS_LOOKED_AT = 400
"""So many runs back a finding counts though nobody has checked since what it is about: a year of daily ones."""

UNKNOWN = frozenset({"all"})
"""What a run checked whose end does not say it: the first ones did not."""

OBJECTS_SUMMED = 20_000
"""Above it the bytes that are not covered are not summed up: a look at an archive is to be quick."""


def open_findings(reader: Reader) -> dict[Verdict, int]:
    """What is wrong now, by verdict: objects, copies, and what else was found and not checked again since."""
    found = Counter(_failed_objects(reader))
    found.update(_failed_copies(reader))
    found.update(_other_findings(reader))
    return dict(found)


def _failed_objects(reader: Reader) -> dict[Verdict, int]:
    """By the check that found each not intact last."""
    check = and_(
        col(FixityCheckRow.run_id) == FixityPlanRow.run_id,
        col(FixityCheckRow.object_digest) == FixityOpenRow.object_digest,
    )
    query = (
        select(col(FixityCheckRow.verdict), func.count())
        .select_from(FixityOpenRow)
        .join(FixityPlanRow, col(FixityPlanRow.number) == FixityOpenRow.run_number)
        .join(FixityCheckRow, check)
        .where(FixityOpenRow.tier == FAILED)
        .group_by(col(FixityCheckRow.verdict))
    )
    return dict(reader.session.exec(query).all())


def _failed_copies(reader: Reader) -> dict[Verdict, int]:
    ended = select(ReplicaEndRow.replica_id)
    query = (
        select(col(CopyStateRow.verdict), func.count())
        .where(col(CopyStateRow.verdict) != Verdict.INTACT, col(CopyStateRow.replica_id).not_in(ended))
        .group_by(col(CopyStateRow.verdict))
    )
    return dict(reader.session.exec(query).all())


def _other_findings(reader: Reader) -> dict[Verdict, int]:
    """What runs found that is of no object, each once, until the kind of check that found it was made again to its end.

    Where it cannot be told which kind that was, until everything was checked again that the run checked.
    """
    found: dict[tuple[str, str], Verdict] = {}
    again: set[str] = set()
    for run, position, outcome, checked in _ends(reader):
        if checked <= again:
            continue
        if outcome is Outcome.FAILURE:
            for leaf in _leaves_of(reader, run, position):
                if not _found_by(leaf, checked) <= again:
                    found[leaf["code"], leaf["subject"]] = Verdict(leaf["code"])
        again |= checked
    return Counter(found.values())


def _found_by(leaf: Mapping[str, str], checked: AbstractSet[str]) -> AbstractSet[str]:
    """Which of the kinds of checks of a run can have made this finding."""
    kinds = frozenset(kind.value for kind in kinds_of(leaf))
    return (kinds if checked == UNKNOWN else kinds & checked) or checked


def _ends(reader: Reader) -> Iterator[tuple[UUID, int, Outcome, frozenset[str]]]:
    """The ends of the newest runs, the newest first, and what each checked: back to one that does not say it."""
    query = (
        select(FixityEndRow.run_id, FixityEndRow.position, FixityEndRow.outcome, EventRow.body)
        .join(FixityRunRow, col(FixityRunRow.id) == FixityEndRow.run_id)
        .join(EventRow, col(EventRow.position) == FixityEndRow.position)
        .where(FixityEndRow.outcome != Outcome.WARNING, FixityRunRow.scope != REPAIR)
        .order_by(col(FixityEndRow.position).desc())
        .limit(RUNS_LOOKED_AT)
    )
    for run, position, outcome, body in reader.session.exec(query):
        checked = json.loads(body).get("checked")
        yield run, position, Outcome(outcome), UNKNOWN if checked is None else frozenset(checked)
        if checked is None:
            return


def _leaves_of(reader: Reader, run: UUID, position: int) -> Iterator[dict[str, str]]:
    """The events just before that of a run's end that name what was expected: its findings that are of no object."""
    bodies = select(EventRow.body).where(
        EventRow.position >= position - FINDINGS_KEPT,
        EventRow.position < position,
        EventRow.type == EventType.FIXITY_CHECK,
        EventRow.outcome == Outcome.FAILURE,
    )
    for leaf in map(json.loads, reader.session.exec(bodies)):
        if leaf.get("run") == str(run) and "expected" in leaf and leaf["code"] != Verdict.OVERDUE:
            yield leaf


def unchecked_before(reader: Reader, since: datetime) -> int:
    """How many objects were taken in before a time and never checked."""
    query = (
        select(func.count())
        .select_from(FixityOpenRow)
        .join(ObjectRow, col(ObjectRow.digest) == FixityOpenRow.object_digest)
        .where(FixityOpenRow.tier == NEVER, ObjectRow.recorded < since)
    )
    return reader.session.exec(query).one()


def run_before(reader: Reader, run: UUID) -> tuple[datetime | None, datetime | None]:
    """When the last run but this one began, and when this one did; repairs are no runs."""
    own = reader.session.exec(select(FixityRunRow.started).where(FixityRunRow.id == run)).first()
    others = (
        select(FixityRunRow.started)
        .join(FixityPlanRow, col(FixityPlanRow.run_id) == FixityRunRow.id)
        .where(FixityRunRow.id != run, FixityRunRow.scope != REPAIR)
        .order_by(col(FixityPlanRow.number).desc())
    )
    return reader.session.exec(others.limit(1)).first(), own


def last_pass(reader: Reader) -> datetime | None:
    """The end of the last run that left nothing out and was not cut off."""
    query = (
        select(FixityEndRow.ended)
        .join(FixityPlanRow, col(FixityPlanRow.run_id) == FixityEndRow.run_id)
        .where(col(FixityPlanRow.whole).is_(True), FixityEndRow.outcome != Outcome.WARNING)
        .order_by(col(FixityPlanRow.number).desc())
        .limit(1)
    )
    return reader.session.exec(query).first()


def size_of_uncovered(reader: Reader, since: datetime, now: datetime) -> int | None:
    """The bytes of the objects not found intact since a time; None where they are too many to be summed up."""
    at = col(FixityShelfRow.at)
    stale = or_(at < since, at > now)
    count = select(func.coalesce(func.sum(FixityShelfRow.objects), 0)).where(stale)
    if reader.session.exec(count).one() > OBJECTS_SUMMED:
        return None
    # As they are written in the column: so many digests made only to be written out again would be slow.
    names = [
        f"{Algorithm.SHA256}:{values[start : start + DIGEST_SIZE].hex()}"
        for values in reader.session.exec(select(FixityShelfRow.digests).where(stale))
        for start in range(0, len(values), DIGEST_SIZE)
    ]
    size = func.coalesce(func.sum(ObjectRow.size), 0)
    unproven = select(size).join(FixityOpenRow, col(FixityOpenRow.object_digest) == ObjectRow.digest)
    total = int(reader.session.exec(unproven).one())
    written = type_coerce(ObjectRow.digest, String)
    for some in chunked(names):
        total += int(reader.session.exec(select(size).where(written.in_(some))).one())
    return total
