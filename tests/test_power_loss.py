"""The power goes out after any call: what a receipt named is there, and the next command does the rest.

The disk is simulated (`tests.faults.disk`): killing a program never loses what the system has in memory.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.faults import strace
from tests.faults.plant import FAULTS, WAYS
from tests.faults.power import Report, final, simulate, states
from tests.faults.scene import Scene
from tests.faults.target import TARGETS, Claimtrail, Outcome, Small, Target, name_of

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(strace.missing, reason="strace is not installed")


def cut_everywhere(scene: Scene, **how: int) -> Report:
    scene.restart()
    return simulate(scene.warm, scene.archive, scene.ingest, scene.room, earlier=scene.earlier, **how)


@pytest.mark.parametrize("target", TARGETS, ids=name_of)
def test_no_power_cut_loses_anything(target: Target, tmp_path: Path) -> None:
    with Scene(target, tmp_path) as scene:
        report = cut_everywhere(scene, stride=target.stride)
    assert report.lost == []
    assert report.ended.status == 0
    assert report.cuts > 400
    assert report.states > 50


@pytest.mark.parametrize("way", [*WAYS])
def test_no_power_cut_loses_anything_of_a_large_batch(way: str, tmp_path: Path) -> None:
    with Scene(Small(), tmp_path, way) as scene:
        report = cut_everywhere(scene)
    assert report.lost == []
    assert report.states > 50


@pytest.mark.long
@pytest.mark.parametrize("way", ["-", *WAYS])
def test_no_power_cut_during_any_call_of_the_real_ingest_loses_anything(way: str, tmp_path: Path) -> None:
    with Scene(Claimtrail(), tmp_path, way) as scene:
        report = cut_everywhere(scene)
    assert report.lost == []
    assert report.states > 400


@pytest.mark.long
@pytest.mark.parametrize("target", TARGETS, ids=name_of)
def test_no_power_cut_that_takes_some_of_what_was_not_synced_loses_anything(
    target: Target, tmp_path: Path
) -> None:
    with Scene(target, tmp_path) as scene:
        report = cut_everywhere(scene, chances=5)
    assert report.lost == []
    assert report.states > 100


@pytest.mark.parametrize(
    ("target", "stride"),
    [(Small(), 1), pytest.param(Claimtrail(), 10, marks=pytest.mark.long)],
    ids=["small", "claimtrail"],
)
def test_a_second_power_cut_while_the_first_is_mended_loses_nothing(
    target: Target, stride: int, tmp_path: Path
) -> None:
    with Scene(target, tmp_path) as scene:
        scene.restart()
        first = Report(Outcome(0, "", ""))
        walk = states(scene.warm, scene.archive, scene.ingest, tmp_path / "first", 0, first, scene.earlier)
        sealed = [state for state in walk if any(path.endswith("/note") for path in state.tree)]
        assert len(sealed) > 10
        for state in sealed[:: len(sealed) // 4]:
            place = tmp_path / "cut-once"
            state.make(place)
            second = simulate(
                scene.warm, place, target.next_command(place), tmp_path, earlier=state.receipts, stride=stride
            )
            assert second.lost == []
            assert second.states > 5
            shutil.rmtree(place)


@pytest.mark.parametrize("target", TARGETS, ids=name_of)
def test_a_new_archive_is_there_after_a_power_cut(target: Target, tmp_path: Path) -> None:
    with Scene(target, tmp_path) as scene:
        around = tmp_path / "around"
        around.mkdir()
        for state in final(scene.warm, around, target.init(around / "a" / "new"), tmp_path / "trace"):
            state.make(tmp_path / "after")
            checked = scene.warm.run(target.verify(tmp_path / "after" / "a" / "new"))
            assert checked.status == 0, (state.told, checked)
            shutil.rmtree(tmp_path / "after")


@pytest.mark.parametrize("fault", FAULTS)
def test_each_planted_fault_is_found(fault: str, tmp_path: Path) -> None:
    """A test that finds nothing wrong proves little until it has found what was put there for it to find."""
    with Scene(Small(), tmp_path, fault) as scene:
        report = cut_everywhere(scene, enough=1)
    assert report.lost, f"the power cuts do not find {FAULTS[fault].__doc__}"
