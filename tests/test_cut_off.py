"""A command that is killed loses nothing that it gave a receipt for, and the next one finishes its work."""

from __future__ import annotations

import time
from random import Random
from typing import TYPE_CHECKING

import pytest

from tests.faults.scene import Scene
from tests.faults.target import TARGETS, Target, name_of

if TYPE_CHECKING:
    from pathlib import Path

KILLS = 50
MANY = {f"{number}.txt": f"Story {number % 10} of the harbour. The clerk told it." for number in range(12)}


@pytest.mark.parametrize("target", TARGETS, ids=name_of)
@pytest.mark.parametrize("seed", [1, *(pytest.param(n, marks=pytest.mark.long) for n in range(2, 10))])
def test_kill_9_at_random_moments(target: Target, seed: int, tmp_path: Path) -> None:
    chance, cut, found = Random(seed), 0, []
    with Scene(target, tmp_path, stories=MANY) as scene:
        start = time.perf_counter()
        assert scene.run().status == 0
        whole = time.perf_counter() - start
        for number in range(KILLS * 10):
            ended = scene.run(kill_after=chance.uniform(0, whole))
            cut += ended.status == -9
            if number % 3 == 1:
                assert scene.warm.run(target.next_command(scene.archive)).status == 0
            if number % 3 == 2:  # the command that finishes it may be killed as well
                scene.warm.run(target.next_command(scene.archive), kill_after=chance.uniform(0, whole / 4))
            found += [f"kill {number}: {loss}" for loss in scene.losses(ended)]
            if cut == KILLS:
                break
    assert found == []
    assert cut == KILLS, "the commands end before they are killed"
