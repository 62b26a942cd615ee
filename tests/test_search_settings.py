"""Every bound of a search is a setting: reaching it is said, with the setting's name."""

from __future__ import annotations

import shutil
from dataclasses import fields
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from archive.archive import open_archive, search_bounds
from archive.settings import FILE, load_settings
from index import Bounds
from tests.commandline import run

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def taken(untouched: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shutil.copytree(untouched, tmp_path_factory.mktemp("bounds") / "news")


@pytest.fixture
def place(taken: Path) -> Path:
    (taken / FILE).write_text("")
    return taken


def bounded(place: Path, **bounds: float) -> None:
    (place / FILE).write_text("".join(f"search_{name} = {value}\n" for name, value in bounds.items()))


def test_the_bounds_are_as_set_and_by_default_those_of_the_index(tmp_path: Path) -> None:
    assert search_bounds(load_settings(tmp_path, environment={})) == Bounds()
    environment = {f"CLAIMTRAIL_SEARCH_{bound.name.upper()}": "7" for bound in fields(Bounds)}
    told = search_bounds(load_settings(tmp_path, environment=environment))
    assert [getattr(told, bound.name) for bound in fields(Bounds)] == [7] * len(fields(Bounds))


@pytest.mark.parametrize(
    ("bound", "value", "query"),
    [
        ("length", 20, "water water water water"),
        ("clauses", 2, "water pipe lane"),
        ("depth", 1, "((water OR pipe) lane)"),
        ("prefix", 5, "wate*"),
        ("expansions", 2, "wat* OR the*"),
        ("distance", 3, '"water lane"~4'),
    ],
)
def test_a_query_beyond_a_bound_is_refused_with_a_caret_and_the_setting(
    place: Path, bound: str, value: int, query: str
) -> None:
    assert run("search", query, at=place).status == 0
    bounded(place, **{bound: value})
    refused = run("search", query, at=place)
    assert refused.status == 2
    assert refused.err.rstrip().endswith(f"(setting search_{bound})")
    assert "^" in refused.err


def test_hits_and_nearest_words_that_are_cut_off_are_said(place: Path) -> None:
    bounded(place, page=3, fuzzy=1)
    assert "a page holds at most 3 hits (setting search_page)" in run("search", "water", at=place).out
    assert "1 nearest words only (setting search_fuzzy)" in run("search", "watir~2", at=place).out
    said = run("search", "water", "--limit", "3", at=place).out
    assert "search_page" not in said


def test_a_search_that_runs_out_of_time_says_so(place: Path) -> None:
    bounded(place, seconds=0)
    ran = run("search", "water", at=place)
    assert ran.status == 0
    assert "there may be more (setting search_seconds)" in ran.flat
    assert run("search", "water", "--json", at=place).objects[-1]["incomplete"] is True


def test_a_word_the_archive_holds_elsewhere_is_not_called_a_mistake(place: Path) -> None:
    assert "did you mean" not in run("search", "headline:Abernoth", at=place).out
    assert "did you mean 'abernoth' instead of 'abernot'" in run("search", "Abernot", at=place).out


def test_a_rebuild_uses_every_core_when_there_is_enough_to_do(place: Path) -> None:
    asked: list[int] = []
    with open_archive(place) as archive:
        real = archive.index.rebuild

        def watched(*args: object, workers: int, **named: object) -> object:
            asked.append(workers)
            return real(*args, workers=workers, **named)  # type: ignore[arg-type]

        with (
            patch.object(archive.index, "rebuild", watched),
            patch("archive.indexing.os.sched_getaffinity", lambda _: {0, 1, 2}),
        ):
            from archive import indexing

            assert indexing.rebuild(archive) == 11
            with patch.object(indexing, "PART", 5):
                assert indexing.rebuild(archive) == 11
    assert asked == [1, 2]
    assert run("verify", "--index", at=place).status == 0
