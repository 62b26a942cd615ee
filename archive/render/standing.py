"""What is checked, overdue and wrong: the part of `claimtrail status` that a monitoring program reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.render.copies import replica_json, replica_words
from archive.render.jsonlines import instant
from archive.render.words import plural, size, span, when
from archive.status import RunState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archive.render.jsonlines import Object
    from archive.render.page import Page
    from archive.status import Covered, Status

_RUN_WORDS = {
    RunState.ALL_INTACT: "",
    RunState.FOUND_FAULTS: " (FAULTS)",
    RunState.INTERRUPTED: " (interrupted before its end)",
}


def standing(page: Page, found: Status) -> None:
    """A line for each thing that may be wrong, in words; the loud ones in capitals."""
    page.line(f"verified   {_last_run(found)}")
    page.line(f"covered    {_covered(found)}")
    if found.covered.oldest:
        page.line(f"oldest     {_oldest(found.covered)}")
    for line in (*_late(found), *_wrong(found)):
        page.line(line)


def _last_run(found: Status) -> str:
    run, state = found.last_run, found.last_state
    if run is None or state is None:
        return "never: run `claimtrail verify`"
    counts = ", ".join(f"{count:,} {verdict}" for verdict, count in sorted(found.last_counts.items()))
    if run.ended is None:
        still = "still running" if state is RunState.RUNNING else "KILLED before its end"
        return f"begun {when(run.started)}, {still}: {counts or 'nothing checked yet'}"
    return f"{when(run.ended)}: {counts or 'nothing to check'}{_RUN_WORDS.get(state, '')}"


def _covered(found: Status) -> str:
    reach = found.covered
    if not reach.objects:
        return "nothing held yet"
    share = f"{int(reach.share * 1000) / 10:g} % of the objects, {reach.covered:,} of {reach.objects:,},"
    if reach.size is not None:
        share += f" and {size(reach.size)} of {size(found.totals.size)},"
    never = f"; {reach.never:,} never checked" if reach.never else ""
    return f"{share} within {span(reach.within)}{never}"


def _oldest(reach: Covered) -> str:
    whole = f"last whole pass {when(reach.last_pass)}" if reach.last_pass else "no whole pass yet"
    return f"check {when(reach.oldest)}, {whole}" if reach.oldest else whole


def _late(found: Status) -> Iterator[str]:
    reach, promise = found.covered, found.promise
    if reach.overdue:
        yield (
            f"OVERDUE    {plural(reach.overdue, 'object')} not checked within {span(reach.within)}: "
            "run `claimtrail verify`"
        )
    if promise and found.next_run:
        every = f"a check every {span(promise.every_seconds)} by {promise.keeper} on {promise.machine}"
        if found.run_overdue:
            last = (
                f"the last began {when(found.last_run.started)}" if found.last_run else "none has begun yet"
            )
            yield f"OVERDUE    {every}: one was due {when(found.next_run)}, and {last}"
        else:
            yield f"schedule   {every}; the next is due {when(found.next_run)}"


def _wrong(found: Status) -> Iterator[str]:
    if found.findings:
        counts = ", ".join(f"{count:,} {verdict}" for verdict, count in sorted(found.findings.items()))
        names = "`claimtrail verify --index` names them"
        yield f"FINDINGS   {counts}: {names}; `claimtrail repair` restores objects from a replica"
    for replica in found.replicas:
        yield f"replica    {replica.replica.address}: {replica_words(replica)}"
        if replica.unreachable:
            yield f"NOT THERE  {replica.unreachable}"
    if found.unsent:
        yield f"NOT SENT   {plural(found.unsent, 'notice')}; the next `claimtrail verify` tries again"


def facts(found: Status) -> Object:
    """The same for a program: further keys of the status object."""
    reach, promise = found.covered, found.promise
    return {
        "status": int(found.exit_code),
        "covered": {
            "within_seconds": int(reach.within.total_seconds()),
            "objects": reach.covered,
            "share": round(reach.share, 6),
            "size": reach.size,
            "never": reach.never,
            "overdue": reach.overdue,
            "oldest": instant(reach.oldest),
            "last_pass": instant(reach.last_pass),
        },
        "findings": {verdict.value: count for verdict, count in sorted(found.findings.items())},
        "schedule": {
            "keeper": promise.keeper,
            "machine": promise.machine,
            "every_seconds": promise.every_seconds,
            "cover_seconds": promise.cover_seconds,
            "run_seconds": promise.run_seconds,
            "by": promise.by,
            "since": instant(promise.since),
            "next_run": instant(found.next_run),
            "overdue": found.run_overdue,
        }
        if promise
        else None,
        "replicas": [replica_json(each) for each in found.replicas],
        "unsent": found.unsent,
    }
