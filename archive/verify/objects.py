"""Re-hashing objects: handed to workers, recorded as they come back, shared with other runs at the same time."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archive.catalog import fixity_entry
from archive.catalog.coverage import last_intact
from archive.catalog.dependents import recorded
from archive.catalog.fixity_entry import Found
from archive.digest import Algorithm, Digest
from archive.lease import EVERYTHING
from archive.store import Coldness, ObjectState
from archive.store.failures import StoreNotThere
from archive.verdict import FixityResult, IntegrityFinding, Verdict
from archive.verify.choosing import Choosing
from archive.verify.crew import LARGEST_SHARE, Crew, Dead, Share, WorkersGone

if TYPE_CHECKING:
    from collections.abc import Callable

    from archive.archive import Archive
    from archive.catalog.fixity import Plan
    from archive.catalog.writing import Writer
    from archive.lease import Lease
    from archive.store import Checked, Inspected
    from archive.verify.choosing import Piece
    from archive.verify.report import Findings
    from archive.verify.scope import Scope

RECORD_OBJECTS = 10_000
RECORD_SECONDS = 1.0
"""Results are recorded when there are so many, or after so long: a run that is killed loses no more."""

WAIT_SECONDS = (0.2, 1.0)
"""Between looks at a range that another run holds: the first, and the longest."""

VERDICTS = {
    ObjectState.INTACT: Verdict.INTACT,
    ObjectState.ALTERED: Verdict.ALTERED,
    ObjectState.MISSING: Verdict.MISSING,
    ObjectState.UNREADABLE: Verdict.UNREADABLE,
}


@dataclass(slots=True)
class Tally:
    """What a run has read so far; sizes in bytes. `unfinished` says in words why it stopped early."""

    objects: int = 0
    size: int = 0
    added: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    coldness: Coldness = field(default_factory=Coldness)
    unfinished: str = ""


class ObjectCheck:
    """One run over the objects. `lease` is None where nothing can be recorded: then everything is read once."""

    def __init__(
        self,
        archive: Archive,
        plan: Plan,
        scope: Scope,
        crew: Crew,
        lease: Lease | None,
        findings: Findings,
        progress: Callable[[int, int], None] | None = None,
        on_wait: Callable[[str], None] | None = None,
    ) -> None:
        self._archive, self._plan, self._scope, self._crew = archive, plan, scope, crew
        self._lease, self._findings = lease, findings
        self._progress, self._on_wait = progress, on_wait
        self._choosing = Choosing(archive, plan, scope, scope.due_at(archive.clock.now()))
        self._deadline = time.monotonic() + scope.length.total_seconds() if scope.length else None
        self._fresh: dict[int, tuple[Piece, Found]] = {}
        self._fresh_objects, self._recorded_at, self._batch = 0, time.monotonic(), 0
        self._stopped, self._out = False, 0
        self._usual_size = 1.0
        if scope.size is not None:
            with archive.catalog.read() as reader:
                totals = reader.totals()
            self._usual_size = max(1.0, totals.size / max(1, totals.objects))
        self.tally = Tally()

    def run(self) -> None:
        """Read until nothing is left, time or bytes are used up, or the store is gone.

        An interruption comes through, with all that came back before it recorded.
        """
        try:
            if self._lease is None:
                self._pass(EVERYTHING)
            else:
                self._share(self._lease)
        except StoreNotThere as error:
            self._record()
            self.tally.unfinished = "the store is gone"
            self._findings.add(IntegrityFinding(Verdict.UNREADABLE, "store", "the store", str(error)))
        except WorkersGone as error:
            self._record()
            self.tally.unfinished = str(error)
        except KeyboardInterrupt:
            self._record()
            raise

    def _share(self, lease: Lease) -> None:
        """Work on the ranges that are ours, until no range has anything left to check."""
        exhausted: set[int] = set()
        wanted, pause = EVERYTHING, WAIT_SECONDS[0]
        while not self._over():
            parts = lease.share(wanted)
            if parts and self._pass(parts):
                # Of what still has something to read another may get half; of what has not, nobody needs any.
                wanted, pause = self._left(exhausted), WAIT_SECONDS[0]
                continue
            exhausted |= parts
            wanted = self._left(exhausted)
            if not wanted:
                return
            if not parts and not self._wait(lease, pause):
                return
            pause = min(2 * pause, WAIT_SECONDS[1]) if not parts else pause

    def _left(self, exhausted: set[int]) -> frozenset[int]:
        """The ranges in which something is still to be checked, so far as is known before any narrowing."""
        return frozenset(self._choosing.pending(EVERYTHING - exhausted))

    def _wait(self, lease: Lease, pause: float) -> bool:
        """Wait for another run that holds what is left to check."""
        if self._on_wait:
            others = ", ".join(job.holder.words for job in lease.others())
            if others:
                self._on_wait(others)
        time.sleep(pause)
        return not self._over()

    def _pass(self, parts: frozenset[int]) -> bool:
        """Read what is to be read in some ranges; whether there was anything. Nothing is under way afterwards."""
        any_read = False
        for piece in self._choosing.pieces(parts):
            any_read = True
            self._hand_out(piece)
            if self._over() or self._asked():
                break
        while self._crew.at_work:
            self._take(self._crew.answers(RECORD_SECONDS))
        self._record()
        return any_read

    def _asked(self) -> bool:
        """Whether another run waits for a share of the work; what is not handed out stays where it stands."""
        return self._lease is not None and self._lease.asked

    def _hand_out(self, piece: Piece) -> None:
        start = 0
        while start < len(piece.wanted) and not self._over() and not self._asked():
            count = min(self._crew.share_size, self._allowance())
            if count and self._crew.has_room():
                values = piece.wanted[start : start + count]
                start += len(values)
                self._out += len(values)
                self._crew.give(Share(values, _of(piece, values), piece))
                continue
            self._take(self._crew.answers(RECORD_SECONDS))

    def _allowance(self) -> int:
        """How many objects more may be handed out within the bytes of the scope, were they of the usual size."""
        if self._scope.size is None:
            return LARGEST_SHARE
        left = max(0, self._scope.size - self.tally.size)
        return max(not self._out, int(left / self._usual_size) - self._out)

    def _over(self) -> bool:
        if self._deadline is not None and time.monotonic() >= self._deadline:
            self._stopped = True
        if self._scope.size is not None and self.tally.size >= self._scope.size:
            self._stopped = True
        return self._stopped

    def _take(self, answers: list[tuple[Share, Inspected] | Dead]) -> None:
        for answer in answers:
            if isinstance(answer, Dead):
                self._say_dead(answer)
            else:
                self._add(*answer)
        late = time.monotonic() - self._recorded_at > RECORD_SECONDS
        if self._fresh_objects >= RECORD_OBJECTS or (late and self._fresh):
            self._record()

    def _say_dead(self, dead: Dead) -> None:
        """A worker's death is a finding; what it had in hand stays to be checked, by this run if it goes on."""
        left = sum(len(share.values) for share in dead.shares)
        self._out -= left
        self._findings.add(
            IntegrityFinding(
                Verdict.UNREADABLE, "reader", f"{left} objects read", dead.words, "they are read again"
            )
        )

    def _add(self, share: Share, found: Inspected) -> None:
        piece: Piece = share.of  # type: ignore[assignment]  # the crew hands back what it was given
        _, fresh = self._fresh.setdefault(id(piece), (piece, Found()))
        bad = {checked.digest.value for checked in found.failures}
        fresh.intact += [value for value in share.values if value not in bad]
        fresh.size += found.size
        fresh.added += found.added
        fresh.failed += [self._result(checked) for checked in found.failures]
        self._fresh_objects += len(share.values)
        self._out -= len(share.values)
        tally = self.tally
        tally.objects += len(share.values)
        tally.size += found.size
        tally.coldness.add(found.coldness)
        if found.failures:
            self._tell(found.failures, piece)
        if self._progress:
            self._progress(tally.objects, tally.size)

    def _result(self, checked: Checked) -> FixityResult:
        return FixityResult(
            checked.digest, VERDICTS[checked.state], words_of(checked), self._archive.clock.now()
        )

    def _tell(self, failures: list[Checked], piece: Piece) -> None:
        """Make findings: what was expected, what was found, since when, and what depends on it."""
        digests = [checked.digest for checked in failures]
        with self._archive.catalog.read() as reader:
            known = recorded(reader.session, digests)
            intact = {} if piece.source else last_intact(reader.session, digests)
        for checked in failures:
            about = known.get(checked.digest)
            size = f", {about.held.size} bytes" if about else ""
            self._findings.add(
                IntegrityFinding(
                    VERDICTS[checked.state],
                    str(checked.digest),
                    f"{checked.digest}{size}",
                    words_of(checked),
                    size=checked.size,
                    where=self._archive.store.where(checked.digest),
                    last_intact=piece.at or intact.get(checked.digest),
                    dependents=about.dependents if about else None,
                )
            )

    def _record(self) -> None:
        """Make what came back durable."""
        self._recorded_at = time.monotonic()
        if not self._fresh:
            return
        found = [piece.found(fresh) for piece, fresh in self._fresh.values()]
        self._fresh, self._fresh_objects = {}, 0
        for each in found:
            self._count(each)
        if self._lease is not None:
            self._batch = self._archive.catalog.write(lambda writer: self._enter(writer, found))

    def _enter(self, writer: Writer, found: list[Found]) -> int:
        assert self._lease is not None  # noqa: S101 - only what holds a lease records
        self._lease.must_be_held(writer)
        by = self._archive.settings.archivist
        return fixity_entry.enter(writer, self._plan, by, self._batch, found)

    def _count(self, found: Found) -> None:
        counts = self.tally.counts
        self.tally.added += len(found.added)
        for verdict in [Verdict.INTACT] * bool(found.intact):
            counts[verdict.value] = counts.get(verdict.value, 0) + len(found.intact)
        for result in found.failed:
            counts[result.verdict.value] = counts.get(result.verdict.value, 0) + 1


def words_of(checked: Checked) -> str:
    """What was found in the place of an object, in words."""
    if checked.state is ObjectState.INTACT:
        return str(checked.digest)
    parts = [checked.reason] if checked.reason else []
    if checked.found:
        parts.append(f"{checked.found}, {checked.size} bytes")
    return "; ".join(parts) or "nothing"


def _of(piece: Piece, values: list[bytes]) -> dict[Digest, tuple[Digest, ...]]:
    """The further digests of some of a piece's objects."""
    if not piece.further:
        return {}
    digests = [Digest(Algorithm.SHA256, value) for value in values]
    return {digest: piece.further[digest] for digest in digests if digest in piece.further}
