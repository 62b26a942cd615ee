"""Each system call that writes to the archive is cut off or fails once; nothing that was received is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults import strace
from tests.faults.scene import Scene
from tests.faults.target import TARGETS, Target, name_of

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(strace.missing, reason="strace is not installed")

FAULTS = ["signal=KILL", "error=EIO", "error=ENOSPC", "error=ENOSPC+"]
"""The last: from that call on, as a disk that is full stays full."""

EVERY = pytest.param(True, marks=pytest.mark.long)


@pytest.mark.parametrize("target", TARGETS, ids=name_of)
@pytest.mark.parametrize("every", [False, EVERY], ids=["some", "every"])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_at_each_call_that_writes(target: Target, fault: str, every: bool, tmp_path: Path) -> None:
    log = tmp_path / "strace.log"
    stride = 1 if every else 5 * (target.stride // 2 or 1)
    found, hits = [], 0
    with Scene(target, tmp_path) as scene:
        whole = scene.run(strace.trace_writes(log))
        assert whole.status == 0, whole
        points = strace.points(log.read_text(encoding="utf-8"), scene.archive)
        assert len(points) > 90
        for point in points[FAULTS.index(fault) % stride :: stride]:
            if fault.endswith("+") and point.name in ("write", "writev"):
                continue  # they would also silence what the command says
            ended = scene.run(strace.inject(point, fault, log))
            hits += "INJECTED" in log.read_text(encoding="utf-8") or ended.status == -9
            found += [f"{point}: {loss}" for loss in scene.losses(ended)]
            found += [f"{point}: {wrong}" for wrong in unclear(fault, ended.status, ended.err)]
    assert found == []
    assert hits >= len(points) // stride * 0.9 or fault.endswith("+")


def unclear(fault: str, status: int, err: str) -> list[str]:
    """A failure is told in words; only a killed command says nothing."""
    if "Traceback" in err:
        return [f"a traceback: {err[-800:]}"]
    if status not in (0, -9) and not err.strip():
        return [f"exit status {status} without a word"]
    return [f"exit status {status}"] if fault != "signal=KILL" and status not in (0, 3) else []
