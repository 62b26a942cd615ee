"""Cutting the power after every call of a recorded command, and asking each time what is lost."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

from tests.faults.disk import Disk, Loss, fingerprint, materialise
from tests.faults.replay import Call, Replay, calls, record
from tests.faults.target import ROOT, losses

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.faults.disk import Tree
    from tests.faults.target import Outcome, Warm, Words


@dataclass
class Report:
    """How many power cuts were tried, in how many different states, and what was lost in which."""

    ended: Outcome
    cuts: int = 0
    states: int = 0
    lost: list[str] = field(default_factory=list)
    by_loss: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class State:
    """What stands on the disk after a power cut, and the receipts that were printed before it."""

    tree: Tree
    receipts: frozenset[str]
    told: str

    def make(self, place: Path) -> None:
        """Have it as a real folder."""
        materialise(self.tree, place)


def states(
    warm: Warm, archive: Path, words: Words, log: Path, chances: int, report: Report, earlier: frozenset[str]
) -> Iterator[State]:
    """Every different state in which a power cut during the recorded command leaves the archive."""
    replay = Replay(Disk(archive), str(ROOT))
    warm_run = warm.run(words, attach=record(log))
    report.ended = warm_run
    seen: set[tuple[bytes, frozenset[str]]] = set()
    for number, call in enumerate(_all(log)):
        changed = replay.apply(call)
        if number and not changed and call.name != "write":
            continue
        receipts = earlier | warm.target.receipts(replay.out.decode(errors="replace"))
        for kind, tree in _cuts(replay.disk, Random(number), chances):
            report.cuts += 1
            key = (fingerprint(tree), receipts)
            if key not in seen:
                seen.add(key)
                report.states += 1
                yield State(tree, receipts, f"{kind} lost after call {number}: {call.name}({_shown(call)})")
    assert _same(replay.disk.after(Loss.NOTHING), archive), "the replayed disk is not what the command left"


def simulate(
    warm: Warm,
    archive: Path,
    words: Words,
    room: Path,
    *,
    chances: int = 0,
    earlier: frozenset[str] = frozenset(),
    enough: int = 0,
    stride: int = 1,
) -> Report:
    """Run and record the command on the archive, then try each state; stop after `enough` losses (0: never).

    `stride`: of the different states, try only every so many. `chances`: so many more
    states a call, in which each unsynced name and file was lost or was not.
    """
    from tests.faults.target import Outcome

    report = Report(Outcome(0, "", ""))
    place = room / "after-the-cut"
    for state in states(warm, archive, words, room / "trace", chances, report, earlier):
        if report.states % stride:
            continue
        shutil.rmtree(place, ignore_errors=True)
        state.make(place)
        for loss in losses(warm, place, set(state.receipts)):
            report.lost.append(f"{state.told}: {loss}")
        if enough and len(report.lost) >= enough:
            break
    shutil.rmtree(place, ignore_errors=True)
    return report


def final(warm: Warm, around: Path, words: Words, log: Path) -> list[State]:
    """The states of a folder in which a power cut leaves it right after the command."""
    replay = Replay(Disk(around), str(ROOT))
    ended = warm.run(words, attach=record(log))
    assert ended.status == 0, ended
    for call in _all(log):
        replay.apply(call)
    assert _same(replay.disk.after(Loss.NOTHING), around), "the replayed disk is not what the command left"
    return [State(tree, frozenset(), kind) for kind, tree in _cuts(replay.disk, Random(0), 20)]


def _all(log: Path) -> Iterator[Call]:
    yield Call(0, "nothing", "", 0)
    yield from calls(log.read_text(encoding="ascii"))


def _cuts(disk: Disk, chance: Random, chances: int) -> Iterator[tuple[str, Tree]]:
    for loss in Loss:
        yield loss.value, disk.after(loss)
    for _ in range(chances):
        yield "some", disk.by_chance(chance)


def _shown(call: Call) -> str:
    paths = [text.decode(errors="replace") for text in call.texts]
    return ", ".join(path for path in paths if path.startswith("/")) or call.args[:40]


def _same(tree: Tree, archive: Path) -> bool:
    """Whether the tree is what really stands there: the proof that the replay missed nothing."""
    real: Tree = {}
    for path in archive.rglob("*"):
        name = f"/{path.relative_to(archive)}"
        content = None if path.is_dir() else path.read_bytes()
        real[name] = content, path.stat().st_mode & 0o7777
    return fingerprint(tree) == fingerprint(real)
