"""Links follow what is recorded, on either back end, and are those that a rebuild makes."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import archive.linking as linking
from archive.archive import open_archive
from archive.catalog import link_writing
from archive.catalog.link_tables import LinkRow
from archive.catalog.link_writing import enter, restart
from archive.lineage import candidates
from archive.linking import catch_up, lag, rebuild
from archive.linking import crew as crew_module
from archive.linking.manymarks import KnownMarks
from archive.model import Method
from tests.linked import Story, empty, everything, labels, linked_by, record, words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archive.archive import Archive

FOOTER = words("subscribe", 60)


def story(seed: str, length: int = 120) -> str:
    return words(seed, length)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return empty(tmp_path_factory.mktemp("template") / "news")


@pytest.fixture(params=["sqlite", "postgresql"])
def news(request: pytest.FixtureRequest, tmp_path: Path, template: Path) -> Iterator[Archive]:
    """An empty archive on either back end."""
    if request.param == "sqlite":
        place = shutil.copytree(template, tmp_path / "news")
    else:
        place = empty(tmp_path / "news", request.getfixturevalue("postgres_url"))
    with open_archive(place) as held:
        yield held


# What is linked


def test_what_is_recorded_is_linked_and_named_by_what_is_shared(news: Archive) -> None:
    agency = story("agency", 200)
    record(
        news,
        [
            ("A", agency),
            ("B", f"By our staff {agency}"),
            ("C", f"{story('other', 150)} {words('agency', 120)} {story('more', 60)}"),
            ("D", f"{story('else', 300)} {words('agency', 50)}"),
            ("E", f'{story("first", 200)} "{words("said", 30)}" {story("last", 100)}'),
            ("F", f'{story("third", 200)} "{words("said", 30)}" {story("fourth", 100)}'),
            ("G", story("nothing", 200)),
        ],
    )
    assert lag(news).behind == 7
    assert catch_up(news).behind == 0
    assert labels(news) == {
        ("2", "1"): "same text",
        ("3", "1"): "contained",
        ("3", "2"): "contained",
        ("4", "1"): "shares passage",
        ("4", "2"): "shares passage",
        ("4", "3"): "shares passage",
        ("6", "5"): "shares quote",
    }


def test_each_span_is_the_same_words_in_both(news: Archive) -> None:
    shared = "The mayor of Port Ellery said on Monday: " + words("the-taps", 36)
    texts = [f"Before. {shared}, and {story('x', 90)}", f"{story('y', 90)}: {shared.upper()}! {shared} then"]
    record(news, [("A", texts[0]), ("B", texts[1])])
    catch_up(news)
    with news.catalog.read() as reader:
        ((link,),) = reader.links.pages()
        held = reader.links.texts([link.later, link.earlier])
    assert (link.covered, link.covered_there) == (160, 80)
    for start, end, at, to in link.spans:
        assert held[link.later][start:end].casefold() == held[link.earlier][at:to].casefold()


def test_nothing_new_is_linked_twice(news: Archive) -> None:
    record(news, [("A", story("x")), ("B", story("x"))])
    catch_up(news)
    before = everything(news)
    assert catch_up(news).behind == 0
    assert everything(news) == before


# Furniture


def test_furniture_makes_no_links_and_takes_back_those_it_made(news: Archive) -> None:
    record(news, [("A", f"{story('one')} {FOOTER}"), ("A", f"{story('two')} {FOOTER}")])
    catch_up(news)
    assert labels(news) == {("2", "1"): "shares passage"}
    record(news, [("A", f"{story('three')} {FOOTER}")])
    catch_up(news)
    assert labels(news) == {}


def test_what_other_outlets_print_too_is_furniture_no_more(news: Archive) -> None:
    for seed in ("one", "two", "three"):
        record(news, [("A", f"{story(seed)} {FOOTER}")])
        catch_up(news)
    with news.catalog.read() as reader:
        assert reader.links.count() == 0
    record(news, [("B", f"{story('four')} {FOOTER}")])
    catch_up(news)
    with news.catalog.read() as reader:
        found = [link for page in reader.links.pages() for link in page]
    ends = sorted({end for link in found for end in (link.later, link.earlier)})
    assert [(link.later, link.earlier) for link in found] == [
        (later, earlier) for later in ends for earlier in ends if earlier < later
    ]
    assert len(ends) == 4


def test_the_same_text_thrice_in_one_outlet_is_the_same_text(news: Archive) -> None:
    record(news, [("A", story("x")) for _ in range(4)])
    catch_up(news)
    assert set(labels(news).values()) == {"same text"}
    assert len(labels(news)) == 6


def test_versions_of_one_item_are_no_furniture(news: Archive) -> None:
    (label, *_) = record(news, [("A", f"{story('x')} first")])
    for ending in ("second", "third", "fourth"):
        record(news, [("A", f"{story('x')} {ending}")], item=label.partition("@")[0])
    record(news, [("B", f"{story('x')} reprint")])
    catch_up(news)
    with news.catalog.read() as reader:
        found = [link for page in reader.links.pages() for link in page]
    assert len(found) == 10
    assert {link.label for link in found} == {"same text"}


# As it goes, and anew


PIECES = [words(f"p{number}w", length) for number, length in enumerate((8, 12, 25, 30, 45, 60))]
some_stories = st.lists(
    st.tuples(
        st.sampled_from(("A", "A", "A", "B", "C", "")),
        st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map(" and then ".join),
    ),
    min_size=2,
    max_size=14,
)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(some_stories, st.lists(st.integers(1, 5), min_size=1, max_size=4), st.sampled_from((3, 5, 40)))
def test_links_made_as_stories_come_are_those_of_a_rebuild(
    template: Path,
    tmp_path_factory: pytest.TempPathFactory,
    stories: list[Story],
    sizes: list[int],
    most: int,
) -> None:
    place = shutil.copytree(template, tmp_path_factory.mktemp("news") / "news")
    with open_archive(place) as news, patch.object(candidates, "MOST_HOLDERS", most):
        left = list(stories)
        while left:
            some, left = left[: sizes[0] + 2], left[sizes[0] + 2 :]
            record(news, some)
            with linked_by(sizes[len(left) % len(sizes)]):
                catch_up(news)
        as_it_went = everything(news)
        rebuild(news)
        assert everything(news) == as_it_went
        with linked_by(2):
            rebuild(news)
        assert everything(news) == as_it_went
        for learned in (0, linking.LEARNED_FOR_ONE):
            with (
                linked_by(3),
                patch.object(linking, "MANY", 1),
                patch.object(linking, "LEARNED_FOR_ONE", learned),
            ):
                rebuild(news)
            assert everything(news) == as_it_went
    shutil.rmtree(place)


def test_what_was_linked_by_others_meanwhile_is_learned(news: Archive) -> None:
    """Fingerprints are told from memory where there are many: it must follow what others enter."""
    record(
        news, [("A", story(seed)) for seed in ("one", "two", "three")] + [("B", story("two") + " and more")]
    )
    known = KnownMarks()
    desk = linking.Desk(partial(linking._texts, news), many=True)
    with linked_by(1):
        assert linking._one_batch(news, desk, None, known) == 1
        assert linking._one_batch(news, linking.Desk(desk._texts), None, None) == 1
        while linking._one_batch(news, desk, None, known):
            pass
    assert list(labels(news)) == [("4", "2")]


def test_an_outlet_that_is_named_later_counts_from_the_next_rebuild(news: Archive) -> None:
    texts = [f"{story(seed)} {FOOTER}" for seed in ("one", "two", "three")]
    given = [record(news, [("", text)])[0].partition("@")[0] for text in texts]
    catch_up(news)
    with news.catalog.read() as reader:
        assert reader.links.count() == 3
    for item, text in zip(given, texts, strict=True):
        record(news, [("A", text)], item=item)
    assert catch_up(news).links == 3
    assert rebuild(news).links == 0


def test_another_method_begins_anew(news: Archive) -> None:
    record(news, [("A", story("x")), ("B", story("x"))])
    catch_up(news)
    before = everything(news)
    news.catalog.write(lambda writer: restart(writer, Method("older", "0"), rebuilding=False))
    assert lag(news).behind == 2
    assert catch_up(news).behind == 0
    assert everything(news) == before


def test_a_batch_that_another_writer_entered_is_not_entered_again(news: Archive) -> None:
    record(news, [("A", story("x")), ("B", story("x"))])
    seen = []

    def twice(writer: object, *rest: object) -> bool:
        seen.append((rest, enter(writer, *rest)))  # type: ignore[arg-type]  # as it is called
        return seen[-1][1]

    with patch.object(linking, "enter", twice):
        catch_up(news)
    before = everything(news)
    (rest, entered), *_ = seen
    assert entered
    assert not news.catalog.write(lambda writer: enter(writer, *rest))  # type: ignore[arg-type]  # as above
    assert everything(news) == before


# On several cores


def test_workers_find_what_one_finds(template: Path, tmp_path: Path) -> None:
    place = shutil.copytree(template, tmp_path / "news")
    texts = [(outlet, f"{story(f's{n % 5}')} {FOOTER}") for n, outlet in enumerate("AABACBAABCABCCDD")]
    with open_archive(place) as news:
        record(news, texts)
        catch_up(news)
        whole = everything(news)
        with (
            patch.object(crew_module, "FEWEST", 1),
            patch.object(os, "sched_getaffinity", lambda _: {0, 1, 2}),
            linked_by(6),
        ):
            rebuild(news)
        assert everything(news) == whole


def test_a_batch_without_pairs_takes_nothing_from_the_next(template: Path, tmp_path: Path) -> None:
    place = shutil.copytree(template, tmp_path / "news")
    alone = [("A", story(f"alone{n}")) for n in range(4)]
    copied = [("B", story(f"copied{n % 4}")) for n in range(8)]
    with open_archive(place) as news:
        record(news, [*alone, *copied])
        catch_up(news)
        whole = everything(news)
        with (
            patch.object(crew_module, "FEWEST", 1),
            patch.object(os, "sched_getaffinity", lambda _: {0, 1}),
            linked_by(4),
        ):
            rebuild(news)
        assert everything(news) == whole


def test_the_share_of_a_worker_that_is_gone_is_done_here(template: Path, tmp_path: Path) -> None:
    place = shutil.copytree(template, tmp_path / "news")
    with open_archive(place) as news:
        record(news, [("A", story("x")), ("B", story("x")), ("C", story("x")), ("D", story("x"))])
        catch_up(news)
        whole = everything(news)
        with (
            patch.object(crew_module, "FEWEST", 1),
            patch.object(os, "sched_getaffinity", lambda _: {0, 1, 2}),
            patch.object(crew_module, "open_catalog", lambda *_: os.kill(os.getpid(), signal.SIGKILL)),
        ):
            rebuild(news)
        assert everything(news) == whole


# Cut off


@contextmanager
def killed_at(step: int, *, after: bool) -> Iterator[None]:
    """The process is killed at its so many-th write: before anything of it is written, or before the commit."""
    calls = iter(range(step, -1, -1))

    def fatal(writer: object, *rest: object, **named: object) -> object:
        last = next(calls) == 0
        if last and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        entered = enter(writer, *rest, **named)  # type: ignore[arg-type]  # as it is called
        if last:
            os.kill(os.getpid(), signal.SIGKILL)
        return entered

    with patch.object(linking, "enter", fatal):
        yield


def _rebuild_until_killed(place: Path, step: int, after: bool) -> None:
    with open_archive(place) as news, linked_by(2), killed_at(step, after=after):
        rebuild(news)


@pytest.mark.parametrize("after", [False, True])
def test_a_killed_rebuild_is_gone_on_with(template: Path, tmp_path: Path, after: bool) -> None:
    place = shutil.copytree(template, tmp_path / "news")
    texts = [(outlet, f"{story(f's{n % 4}')} {FOOTER}") for n, outlet in enumerate("AABACBAABCAB")]
    with open_archive(place) as news:
        record(news, texts)
        catch_up(news)
        whole = everything(news)
    for step in (0, 1, 3):
        child = multiprocessing.get_context("fork").Process(
            target=_rebuild_until_killed, args=(place, step, after)
        )
        child.start()
        child.join()
        assert child.exitcode == -signal.SIGKILL
        with open_archive(place) as news:
            assert lag(news).behind >= 2
            with news.catalog.read() as reader:
                assert reader.links.state().rebuilding
                known = {(row[0], row[1]) for row in whole["link"]}
                assert {(link.later, link.earlier) for page in reader.links.pages() for link in page} <= known
    with open_archive(place) as news:
        done: list[int] = []
        rebuild(news, done.append)
        assert done[-1] < len(texts), "it goes on where it was killed"
        assert everything(news) == whole


def test_a_failing_write_leaves_the_links_as_they_were(news: Archive) -> None:
    catch_up(news)
    record(news, [("A", story("x")), ("B", story("x"))])
    before = everything(news)
    insert = link_writing.insert_rows

    def fails(session: object, table: type, rows: object) -> None:
        if table is LinkRow:
            raise RuntimeError("cut off")
        insert(session, table, rows)  # type: ignore[arg-type]  # as it is called

    with patch.object(link_writing, "insert_rows", fails), pytest.raises(RuntimeError):
        catch_up(news)
    assert everything(news) == before
    assert catch_up(news).links == 1
