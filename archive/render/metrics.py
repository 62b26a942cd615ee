"""The state of the archive for Prometheus, in its text exposition format (version 0.0.4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.render.shown import shown
from archive.status import RunState
from archive.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from archive.status import Status

PREFIX = "claimtrail_"


@dataclass(frozen=True, slots=True)
class Gauge:
    """One measure: what it means, and its values, each with its labels."""

    name: str
    meaning: str
    values: tuple[tuple[dict[str, str], float], ...]


def metrics(found: Status) -> Iterator[str]:
    """The lines, without their line breaks. Times are seconds since 1970, sizes bytes."""
    for gauge in _gauges(found):
        name = PREFIX + gauge.name
        yield f"# HELP {name} {_help(gauge.meaning)}"
        yield f"# TYPE {name} gauge"
        for labels, value in gauge.values:
            yield f"{name}{_labels({'archive': found.path, **labels})} {_number(value)}"


def _gauges(found: Status) -> Iterator[Gauge]:
    yield from _holdings(found)
    yield from _coverage(found)
    yield from _runs(found)
    yield from _replicas(found)


def _holdings(found: Status) -> Iterator[Gauge]:
    yield _one(
        "status", "Exit status of the check: 0 good, 1 findings, 3 overdue or incomplete.", found.exit_code
    )
    yield _one("objects", "Objects held.", found.totals.objects)
    yield _one("object_bytes", "Bytes of all objects held.", found.totals.size)
    yield _one("ledger_events", "Events in the ledger.", found.totals.events)
    yield _one("index_lag_versions", "Versions recorded and not yet indexed.", found.lag.behind)
    yield _one("disk_free_bytes", "Room left on the disk of the archive.", found.free)
    yield _one("notices_unsent", "Notices that could not be sent yet.", found.unsent)
    by_verdict = tuple(
        ({"verdict": verdict.value}, float(found.findings.get(verdict, 0)))
        for verdict in Verdict
        if verdict is not Verdict.INTACT
    )
    yield Gauge("findings_open", "What is wrong now, by verdict.", by_verdict)


def _coverage(found: Status) -> Iterator[Gauge]:
    reach = found.covered
    yield _one(
        "cover_seconds", "Within which time every object is to be checked.", reach.within.total_seconds()
    )
    yield _one("objects_covered", "Objects found intact within that time.", reach.covered)
    if reach.size is not None:
        yield _one("bytes_covered", "Bytes of the objects found intact within that time.", reach.size)
    yield _one("objects_never_checked", "Objects not checked since they were taken in.", reach.never)
    yield _one(
        "objects_overdue", "Objects not checked within that time that should have been.", reach.overdue
    )
    yield from _time("oldest_check", "The oldest last check of an object.", reach.oldest)
    yield from _time("last_pass", "End of the last run that left nothing out.", reach.last_pass)


def _runs(found: Status) -> Iterator[Gauge]:
    run, promise = found.last_run, found.promise
    yield from _time("last_run_started", "Begin of the last run.", run.started if run else None)
    yield from _time("last_run_ended", "End of the last run, if it came to one.", run.ended if run else None)
    states = tuple(({"state": state.value}, float(found.last_state is state)) for state in RunState)
    yield Gauge("last_run_state", "How the last run ended: 1 for its state.", states)
    yield _one("run_overdue", "1 where a scheduled run has not begun in time.", found.run_overdue)
    if promise:
        yield _one("schedule_seconds", "Time between two scheduled runs.", promise.every_seconds)


def _replicas(found: Status) -> Iterator[Gauge]:
    if not found.replicas:
        return
    up = [({"replica": each.replica.address}, float(not each.unreachable)) for each in found.replicas]
    yield Gauge("replica_reachable", "1 where the replica can be reached.", tuple(up))
    lacking = [({"replica": each.replica.address}, float(each.counts.uncopied)) for each in found.replicas]
    yield Gauge("replica_uncopied_objects", "Objects not copied to the replica yet.", tuple(lacking))
    copies = [
        ({"replica": each.replica.address, "verdict": verdict.value}, float(count))
        for each in found.replicas
        for verdict, count in sorted(each.counts.verdicts.items())
    ]
    if copies:
        yield Gauge("replica_copies", "Copies in the replica by their last verdict.", tuple(copies))


def _one(name: str, meaning: str, value: float) -> Gauge:
    return Gauge(name, meaning, (({}, float(value)),))


def _time(name: str, meaning: str, at: datetime | None) -> Iterator[Gauge]:
    """A time that may not be there: then the measure is left out, as nothing can be said."""
    if at is not None:
        yield _one(f"{name}_timestamp_seconds", meaning, at.timestamp())


def _labels(labels: Mapping[str, str]) -> str:
    return "{" + ",".join(f'{name}="{_label(value)}"' for name, value in labels.items()) + "}"


def _label(value: str) -> str:
    """A label's value, with the three characters escaped that the format escapes, once it can be shown at all."""
    return shown(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _help(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n")


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() else repr(value)
