"""The fingerprints of many versions are told apart on arrays as they are one by one."""

from __future__ import annotations

from array import array

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.lineage.shared import Copy
from archive.linking.manymarks import KnownMarks, ManyMarks
from archive.linking.marks import FewMarks
from archive.text.fingerprints import Cut

MARK = st.sampled_from([-(1 << 63), -9, -1, 0, 1, 5, 7, 1 << 40, (1 << 63) - 1])
COPIES = st.lists(st.lists(MARK, max_size=9), min_size=1, max_size=6)


def copies_of(many: list[list[int]]) -> list[Copy]:
    """Copies whose grams are these, every one of them a fingerprint."""
    return [
        Copy(version, "", (Cut.ready(array("q"), array("q", marks), array("i", range(len(marks)))), ([], [])))  # type: ignore[arg-type]  # places are not looked at
        for version, marks in enumerate(many, 3)
    ]


@given(COPIES, st.sets(MARK))
def test_many_are_told_apart_as_few_are(many: list[list[int]], known: set[int]) -> None:
    copies = copies_of(many)
    few, all_together = FewMarks(copies), ManyMarks(copies, None)
    assert sorted(few.asked()) == sorted(all_together.asked())
    known &= set(few.asked())
    one, other = few.told(known), all_together.told(known)
    fresh = [(5, 90, 1), (-1, 91, 0)]
    assert one.rows(fresh) == [*other.rows(fresh)]
    assert {at: marks for at, marks in one.of.items() if marks} == other.of


@given(COPIES)
def test_of_a_fingerprint_that_a_text_has_twice_the_first_place_counts(many: list[list[int]]) -> None:
    told = ManyMarks(copies_of(many), None).told(set())
    for version, marks in enumerate(many, 3):
        places = dict(told.of.get(version, {})) | {
            mark: at for mark, of, at in told.rows([]) if of == version
        }
        assert places == {mark: marks.index(mark) for mark in marks}


@given(st.lists(MARK), st.lists(MARK))
def test_what_was_learned_is_asked_for(learned: list[int], others: list[int]) -> None:
    known = KnownMarks()
    known.learn(learned, None)  # type: ignore[arg-type]  # the state is not looked at
    marks = np.array([*learned, *others], np.int64)
    assert known.may_have(marks)[: len(learned)].all()
    assert set(learned) <= set(ManyMarks(copies_of([[*learned, *others]]), known).asked())


@pytest.mark.parametrize("count", [100_000])
def test_few_that_were_not_learned_are_asked_for(count: int) -> None:
    chance = np.random.default_rng(7)
    known = KnownMarks()
    known.learn(chance.integers(-(1 << 63), 1 << 63, count, np.int64).tolist(), None)  # type: ignore[arg-type]  # as above
    others = chance.integers(-(1 << 63), 1 << 63, count, np.int64)
    assert 0 < known.may_have(others).sum() < count // 500
