"""The catalogue records what comes in, answers what is asked, and forgets nothing, on either back end."""

from __future__ import annotations

import json
import shutil
import uuid
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy
from sqlalchemy import event

from archive.attribution.acts import Act, ActKind
from archive.catalog import create_catalog, fixity, fixity_entry, leases, open_catalog
from archive.catalog.authority import enter_act
from archive.catalog.database import BadCatalogAddress, CatalogNotThere, open_database
from archive.catalog.extraction import judge
from archive.catalog.leases import Holder
from archive.catalog.reading import Reader
from archive.catalog.recording import Refused
from archive.catalog.references import Ambiguous, NotHeld
from archive.catalog.replicas import (
    Replica,
    add_replica,
    end_replica,
    record_copies,
    record_copy_checks,
)
from archive.catalog.retry import CatalogDamaged, CatalogFailed
from archive.catalog.schedules import Promise, promise
from archive.catalog.schema import MADE_ANEW, CatalogInUse
from archive.catalog.tables import Row
from archive.digest import Algorithm, Digest
from archive.errors import ExitCode
from archive.label import BadLabel, Label
from archive.ledger.merkle import Frontier, leaf_hash
from archive.model import Basis, Method, Property, ReadingState
from archive.record import EventType, HeldObject, Judgement, Novelty, Outcome, Recorded, Within
from archive.verdict import FixityResult, Verdict
from tests.arrivals import BY, NOON, STORY, StoppedClock, copy, take

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archive.catalog import Catalog
    from archive.catalog.writing import Writer
    from archive.record import Arrival, Holding
    from tests.postgres import Cluster

PAGE = "https://beacon.example/water"
GROWING = [table for table in Row.metadata.tables if table not in {"ledger_head", *MADE_ANEW}]


def recorded(line: Recorded | Refused) -> Recorded:
    assert isinstance(line, Recorded), line
    return line


def one(catalog: Catalog, arrival: Arrival) -> Recorded:
    (line,) = take(catalog, arrival)
    return recorded(line)


def held(catalog: Catalog, reference: str) -> list[Holding]:
    with catalog.read() as reader:
        return reader.holdings(reader.find(reference))


def found(catalog: Catalog, reference: str) -> list[str]:
    with catalog.read() as reader:
        return [str(version.label) for version in reader.find(reference)]


def everything(address: str) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, for comparing before with after."""
    database = open_database(address)
    try:
        with database.engine.connect() as connection:
            return {
                table: sorted(
                    map(tuple, connection.execute(sqlalchemy.text(f'SELECT * FROM "{table}"'))), key=str
                )
                for table in Row.metadata.tables
            }
    finally:
        database.close()


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    seen: list[str] = []

    def see(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE")):
            seen.append(statement)

    event.listen(sqlalchemy.Engine, "before_cursor_execute", see)
    try:
        yield seen
    finally:
        event.remove(sqlalchemy.Engine, "before_cursor_execute", see)


class Contract:
    """What holds on every back end; subclasses say where the catalogue is, which was made once for all tests."""

    @pytest.fixture
    def address(self) -> str:
        raise NotImplementedError

    @pytest.fixture
    def clock(self) -> StoppedClock:
        return StoppedClock()

    @pytest.fixture
    def catalog(self, address: str, clock: StoppedClock) -> Iterator[Catalog]:
        with open_catalog(address, clock) as made:
            yield made

    # Where an arrival belongs

    def test_a_new_copy_is_a_new_item(self, catalog: Catalog) -> None:
        line = one(catalog, copy())
        assert line.novelty is Novelty.ITEM
        assert str(line.version) == "2026-0001.1@1"

    def test_the_same_bytes_again_are_a_capture(self, catalog: Catalog) -> None:
        first, again = one(catalog, copy()), one(catalog, copy(name="again.txt"))
        assert again.novelty is Novelty.CAPTURE
        assert again.version == first.version
        assert "same bytes" in again.because
        (holding,) = held(catalog, "2026-0001.1")
        assert [(c.name, str(c.accession)) for c in holding.captures] == [
            ("copy.txt", "2026-0001"),
            ("again.txt", "2026-0002"),
        ]

    def test_the_same_text_in_other_bytes_at_its_address_is_a_capture(self, catalog: Catalog) -> None:
        one(catalog, copy(url=PAGE))
        again = one(catalog, copy(STORY.replace("\n", "\r\n"), url=PAGE))
        assert again.novelty is Novelty.CAPTURE
        (holding,) = held(catalog, "2026-0001.1")
        assert len({capture.object for capture in holding.captures}) == 2

    def test_other_content_at_the_same_address_is_a_new_version(self, catalog: Catalog) -> None:
        one(catalog, copy(url=PAGE))
        edited = one(
            catalog, copy(STORY.replace("2,300", "1,900"), url=PAGE.replace("beacon", "BEACON") + "#top")
        )
        assert (edited.novelty, str(edited.version)) == (Novelty.VERSION, "2026-0001.1@2")
        assert "same address" in edited.because

    def test_going_back_to_what_it_said_before_is_a_capture_of_that(self, catalog: Catalog) -> None:
        one(catalog, copy(url=PAGE))
        one(catalog, copy(STORY + "More.", url=PAGE))
        back = one(catalog, copy(url=PAGE))
        assert (back.novelty, str(back.version)) == (Novelty.CAPTURE, "2026-0001.1@1")

    @pytest.mark.parametrize("other", [{"outlet": "Tidings"}, {"url": "https://tidings.example/1"}])
    def test_the_same_bytes_under_another_outlet_or_address_are_another_item(
        self, catalog: Catalog, other: dict[str, str]
    ) -> None:
        one(catalog, copy(outlet="Beacon", url=PAGE))
        reprint = one(catalog, copy(**other))
        assert (reprint.novelty, str(reprint.version)) == (Novelty.ITEM, "2026-0002.1@1")
        with catalog.read() as reader:
            assert reader.totals().objects == 1

    def test_an_outlet_in_another_spelling_is_the_same(self, catalog: Catalog) -> None:
        one(catalog, copy(outlet="The Evening  Béacon"))
        assert one(catalog, copy(outlet="evening beacon")).novelty is Novelty.CAPTURE

    def test_the_archivist_has_the_last_word(self, catalog: Catalog) -> None:
        one(catalog, copy(url=PAGE))
        one(catalog, copy("Another story altogether.", url="https://other.example/"))
        line = one(catalog, copy("A third.", url="https://other.example/", item="2026-0001.1"))
        assert (line.novelty, str(line.version)) == (Novelty.VERSION, "2026-0001.1@2")
        assert "archivist" in line.because

    def test_an_item_that_is_not_there_is_refused_and_the_rest_recorded(self, catalog: Catalog) -> None:
        refused, other = take(catalog, copy(item="2020-0001.1"), copy("Another story."))
        assert isinstance(refused, Refused)
        assert "2020-0001.1" in refused.reason
        assert str(recorded(other).version) == "2026-0001.1@1"
        with catalog.read() as reader:
            assert reader.totals().objects == 1, "what was refused left no record"

    def test_the_same_holds_within_one_batch(self, catalog: Catalog) -> None:
        lines = take(
            catalog,
            copy(url=PAGE),
            copy(url=PAGE),
            copy("Edited.", url=PAGE),
            copy(outlet="Tidings", url="https://tidings.example/"),
            copy("Edited.", outlet="Post"),
        )
        assert [(recorded(line).novelty, str(recorded(line).version)) for line in lines] == [
            (Novelty.ITEM, "2026-0001.1@1"),
            (Novelty.CAPTURE, "2026-0001.1@1"),
            (Novelty.VERSION, "2026-0001.1@2"),
            (Novelty.ITEM, "2026-0001.2@1"),
            (Novelty.CAPTURE, "2026-0001.1@2"),
        ]

    def test_a_copy_without_text_is_kept_and_told_apart_by_its_bytes(self, catalog: Catalog) -> None:
        first, other = (
            one(catalog, copy(b"\x00\x01\x02", url=PAGE)),
            one(catalog, copy(b"\x00\x03", url=PAGE)),
        )
        assert (first.novelty, other.novelty) == (Novelty.ITEM, Novelty.VERSION)
        (holding, _) = held(catalog, "2026-0001.1")
        assert holding.version.state is not ReadingState.READ
        assert holding.version.text_digest is None
        assert holding.text == ""

    def test_a_text_that_is_its_own_bytes_is_held_as_both(self, catalog: Catalog) -> None:
        text = "One line that is canonical already."
        one(catalog, copy(text))
        digest = Digest.of(text.encode())
        (holding,) = held(catalog, digest.hex)
        assert holding.version.object == holding.version.text_digest == digest
        assert holding.text == text

    def test_a_revisit_follows_the_copy_it_names(self, catalog: Catalog) -> None:
        container = HeldObject(Digest.of(b"a web archive"), 13)
        whole = replace(copy(url=PAGE), within=Within(container, "record 1", "sha1:aa"))
        bare = replace(copy(b""), within=Within(container, "record 2", None, "sha1:aa"))
        lost = replace(copy(b""), within=Within(container, "record 3", None, "sha1:bb"))
        first, second, third = map(recorded, take(catalog, whole, bare, lost))
        assert (second.novelty, second.version) == (Novelty.CAPTURE, first.version)
        assert (third.novelty, str(third.version)) == (Novelty.ITEM, "2026-0001.2@1")
        (holding,) = held(catalog, str(first.version))
        assert [(c.container, c.place) for c in holding.captures] == [
            (container.digest, "record 1"),
            (container.digest, "record 2"),
        ]
        with catalog.read() as reader:
            assert container in list(reader.objects())

    # Recording

    def test_recording_twice_records_once(self, catalog: Catalog, address: str) -> None:
        copies, accession = [copy(url=PAGE), copy("Another.")], uuid.uuid4()
        assert len(take(catalog, *copies, accession=accession)) == 2
        before = everything(address)
        assert take(catalog, *copies, accession=accession) == []
        assert everything(address) == before

    def test_the_rest_of_a_batch_goes_on_where_it_was_cut_off(self, catalog: Catalog) -> None:
        first, second, accession = copy(), copy("Another."), uuid.uuid4()
        take(catalog, first, accession=accession)
        (line,) = take(catalog, first, second, accession=accession)
        assert str(recorded(line).version) == "2026-0001.2@1"

    def test_labels_are_given_out_in_order_and_begin_anew_each_year(
        self, catalog: Catalog, clock: StoppedClock
    ) -> None:
        labels = [
            str(recorded(line).version) for line in take(catalog, *(copy(f"Story {n}.") for n in range(12)))
        ]
        assert labels == [f"2026-0001.{n}@1" for n in range(1, 13)]
        assert str(one(catalog, copy("Later.")).version) == "2026-0002.1@1"
        clock.at = datetime(2027, 1, 1, tzinfo=UTC)
        assert str(one(catalog, copy("Next year.")).version) == "2027-0001.1@1"
        assert found(catalog, "2026-0001") == labels, "the tenth does not come before the second"

    def test_what_was_read_comes_back_as_it_was(self, catalog: Catalog) -> None:
        arrival = copy(
            url=PAGE,
            outlet="Beacon",
            published="2024-04",
            retrieved="2024-04-16T18:10:22+01:00",
            retrieved_by="M. Tansley",
            note="as found",
        )
        assert arrival.attributions
        line = one(catalog, arrival)
        (holding,) = held(catalog, str(line.version))
        assert holding.text == arrival.reading.text
        assert holding.paragraphs == arrival.reading.paragraphs
        assert holding.passages == arrival.passages
        assert holding.attributions == arrival.attributions
        said = [each.statement for each in holding.said]
        assert sorted(said, key=str) == sorted((*arrival.said, *arrival.reading.statements), key=str)
        (retrieved,) = holding.about(Property.RETRIEVED)
        assert retrieved.moment is not None
        assert retrieved.moment.at == datetime(2024, 4, 16, 17, 10, 22, tzinfo=UTC)
        assert retrieved.moment.original == "2024-04-16T18:10:22+01:00"
        assert holding.captures[0].recorded == holding.version.recorded == NOON
        assert holding.captures[0].size == len(STORY.encode())

    def test_what_was_said_before_is_not_said_again_but_each_retrieval_is(self, catalog: Catalog) -> None:
        for day in ("2026-01-01", "2026-01-02"):
            one(catalog, copy(url=PAGE, outlet="Beacon", retrieved=day, note="found"))
        (holding,) = held(catalog, "2026-0001.1")
        assert [s.value for s in holding.about(Property.OUTLET)] == ["Beacon"]
        assert [s.value for s in holding.about(Property.RETRIEVED)] == ["2026-01-01", "2026-01-02"]
        assert len(holding.about(Property.NOTE)) == 2
        assert {said.capture_id for said in holding.said} == {capture.id for capture in holding.captures}

    def test_two_bases_and_two_persons_never_overwrite_each_other(self, catalog: Catalog) -> None:
        arrival = copy(outlet="Beacon")
        (asserted,) = (s for s in arrival.said if s.about is Property.OUTLET)
        others = (replace(asserted, basis=Basis.CLAIMED), replace(asserted, said_by="someone else"))
        one(catalog, replace(arrival, said=(*arrival.said, *others)))
        (holding,) = held(catalog, "2026-0001.1")
        assert {(s.basis, s.said_by) for s in holding.about(Property.OUTLET)} == {
            (Basis.ASSERTED, BY),
            (Basis.CLAIMED, BY),
            (Basis.ASSERTED, "someone else"),
        }

    @pytest.mark.parametrize("odd", ["a\x00b", "a\udcffb", "a\ud800b"])  # noqa: PT014 - two unlike halves of characters
    def test_texts_that_no_database_takes_do_not_keep_a_copy_out(self, catalog: Catalog, odd: str) -> None:
        arrival = copy(note=odd, outlet=odd, url=odd)
        one(catalog, replace(arrival, name=odd))
        assert one(catalog, replace(copy(outlet=odd, url=odd), name=odd)).novelty is Novelty.CAPTURE
        catalog.write(lambda w: w.append(EventType.FIXITY_CHECK, odd, Outcome.WARNING, odd, {"found": [odd]}))
        (holding,) = held(catalog, "2026-0001.1")
        shown = odd.encode("unicode_escape", "surrogatepass").decode().replace("\\udcff", "\\xff")
        assert [s.value for s in holding.about(Property.OUTLET)] == [shown]
        assert {capture.name for capture in holding.captures} == {shown}
        with catalog.read() as reader:
            (last,) = reader.events(limit=1)
        assert (last.subject, last.agent, json.loads(last.body)["found"]) == (shown, shown, [shown])

    def test_an_event_may_be_about_a_long_path(self, catalog: Catalog) -> None:
        path = "sha256/ab/" + "long" * 200
        catalog.write(lambda w: w.append(EventType.FIXITY_CHECK, path, Outcome.FAILURE, BY, {}))
        with catalog.read() as reader:
            assert [each.subject for each in reader.events(subjects={path})] == [path]

    # All or nothing

    def test_a_failing_work_undoes_everything(self, catalog: Catalog, address: str) -> None:
        one(catalog, copy())
        before = everything(address)

        def work(writer: Writer) -> None:
            opened = writer.accession(uuid.uuid4(), "someone new", "a test", "tests", None)
            writer.record(opened, [copy("Another.")])
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            catalog.write(work)
        assert everything(address) == before
        assert str(one(catalog, copy("Another.")).version) == "2026-0002.1@1", "no label was used up"

    def test_a_failure_of_the_database_undoes_everything_and_is_in_words(
        self, catalog: Catalog, address: str
    ) -> None:
        before = everything(address)

        def work(writer: Writer) -> None:
            opened = writer.accession(uuid.uuid4(), BY, "a test", "tests", None)
            writer.record(opened, [copy()])
            writer.session.execute(sqlalchemy.text("DELETE FROM object"))

        with pytest.raises(CatalogFailed, match="object is append-only"):
            catalog.write(work)
        assert everything(address) == before

    def test_a_rehearsal_says_the_same_and_leaves_nothing(self, catalog: Catalog, address: str) -> None:
        one(catalog, copy(url=PAGE))
        before = everything(address)

        def work(writer: Writer) -> list[str]:
            opened = writer.accession(uuid.uuid4(), "someone new", "a test", "tests", None)
            lines = writer.record(opened, [copy("Edited.", url=PAGE), copy("Another.")])
            return [str(recorded(line).version) for line in lines]

        assert catalog.rehearse(work) == ["2026-0001.1@2", "2026-0002.1@1"]
        assert everything(address) == before
        assert catalog.write(work) == ["2026-0001.1@2", "2026-0002.1@1"]

    # The ledger

    def test_the_ledger_says_what_was_recorded(self, catalog: Catalog, clock: StoppedClock) -> None:
        line = one(catalog, copy())
        with catalog.read() as reader:
            opened, captured = reader.events()
            leaves, head = list(reader.leaves()), reader.ledger_head()
        assert (opened.type, opened.subject) == (EventType.ACCESSION, "2026-0001")
        assert (captured.type, captured.subject) == (EventType.CAPTURE, str(line.arrival.capture_id))
        assert (captured.agent, captured.at, captured.position) == (BY, clock.at, 1)
        said = json.loads(captured.body)
        assert (said["version"], said["object"]) == ("2026-0001.1@1", str(line.arrival.object.digest))
        assert [position for position, _, _ in leaves] == [0, 1]
        assert all(leaf_hash(body) == recorded_hash for _, body, recorded_hash in leaves)
        assert Frontier().extend([made for _, _, made in leaves])[0] == head
        (holding,) = held(catalog, str(line.version))
        assert holding.version.position == 1

    def test_an_editing_of_statements_shows_in_the_leaf(self, catalog: Catalog) -> None:
        one(catalog, copy(outlet="Beacon"))
        one(catalog, copy("Another.", outlet="Post"))
        with catalog.read() as reader:
            rows = [json.loads(made.body).get("rows", {}) for made in reader.events()]
        said = [tables.get("statement") for tables in rows]
        assert len({digest for digest in said if digest}) == 2

    @pytest.mark.parametrize("pages", [1000, 3])
    def test_the_walks_over_whole_tables_leave_nothing_out(
        self, catalog: Catalog, pages: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("archive.catalog.walks.ROWS_A_PAGE", pages)
        copies = [copy(f"Story {n}.") for n in range(8)]
        take(catalog, *copies)
        with catalog.read() as reader:
            objects, leaves = list(reader.objects()), list(reader.leaves())
        assert [held.digest for held in objects] == sorted(each.object.digest for each in copies)
        assert {held.size for held in objects} == {8}
        assert [position for position, _, _ in leaves] == list(range(9))

    def test_a_reader_sees_one_state(self, catalog: Catalog) -> None:
        one(catalog, copy())
        with catalog.read() as reader:
            assert reader.totals().items == 1
            one(catalog, copy("Another."))
            assert reader.totals().items == 1
            assert reader.ledger_head().size == reader.totals().events == 2
        with catalog.read() as reader:
            assert reader.totals().items == 2

    # Finding

    @pytest.fixture
    def shelf(self, catalog: Catalog) -> Catalog:
        take(catalog, copy(url=PAGE, outlet="Beacon"), copy("Another.", outlet="Post"))
        take(catalog, copy(STORY + "More.", url=PAGE))
        return catalog

    def test_it_is_found_by_its_label(self, shelf: Catalog) -> None:
        assert found(shelf, "2026-0001") == ["2026-0001.1@1", "2026-0001.1@2", "2026-0001.2@1"]
        assert found(shelf, "2026-0001.1") == ["2026-0001.1@1", "2026-0001.1@2"]
        assert found(shelf, "2026-0001.1@2") == found(shelf, "2026-0001.1@2#3") == ["2026-0001.1@2"]

    def test_what_is_not_held_is_said_not_to_be(self, shelf: Catalog) -> None:
        too_large = "99999999999999999999"
        absent = ["2026-0009", "2026-0002", "2026-0001.3", "2026-0001.1@3", "ffffff"]
        for reference in (*absent, f"2026-0001.1@{too_large}", f"2026-0001.{too_large}"):
            with pytest.raises(NotHeld) as failure:
                found(shelf, reference)
            assert failure.value.exit_code is ExitCode.USAGE

    def test_what_is_no_reference_is_said_not_to_be(self, catalog: Catalog) -> None:
        for reference in ("", "2026", "0001.1", "abcde", "2026-0001.0", "2026-0001.1@1#x", "%"):
            with pytest.raises(BadLabel):
                found(catalog, reference)

    def test_it_is_found_by_the_digest_of_its_bytes_or_text(self, shelf: Catalog) -> None:
        (holding,) = held(shelf, "2026-0001.1@1")
        for digest in (holding.version.object, holding.version.text_digest):
            assert digest is not None
            for reference in (str(digest), digest.hex, digest.hex.upper(), digest.hex[:6], str(digest)[:14]):
                assert found(shelf, reference) == ["2026-0001.1@1"]

    def test_one_digest_may_name_several_items(self, shelf: Catalog) -> None:
        reprint = one(shelf, copy(outlet="Tidings"))
        digest = Digest.of(STORY.encode())
        labels = ["2026-0001.1@1", str(reprint.version)]
        assert found(shelf, digest.hex) == labels
        with shelf.read() as reader:
            assert [str(label) for label in reader.labels_of(digest)] == labels
            assert reader.labels_of(Digest.of(b"never seen")) == []

    def test_a_prefix_of_two_digests_is_ambiguous(self, catalog: Catalog) -> None:
        first, other = copy(), copy("Another.")
        twin = Digest(
            first.object.digest.algorithm, first.object.digest.value[:4] + other.object.digest.value[4:]
        )
        take(catalog, first, replace(other, object=HeldObject(twin, 8)))
        with pytest.raises(Ambiguous, match="more digits"):
            found(catalog, twin.hex[:8])
        assert found(catalog, twin.hex[:9]) == ["2026-0001.2@1"]

    # The other questions

    def test_versions_and_their_siblings(self, shelf: Catalog) -> None:
        with shelf.read() as reader:
            (second,) = reader.find("2026-0001.1@2")
            assert [str(v.label) for v in reader.siblings([second])] == ["2026-0001.1@1", "2026-0001.1@2"]
            assert reader.versions([second.id, uuid.uuid4()]) == [second]
            assert reader.versions([]) == reader.siblings([]) == reader.holdings([]) == []

    def test_holdings_come_in_the_order_asked_for(self, shelf: Catalog) -> None:
        with shelf.read() as reader:
            versions = reader.find("2026-0001")[::-1]
            assert [holding.version for holding in reader.holdings(versions)] == versions

    def test_what_was_recorded_since(self, shelf: Catalog) -> None:
        with shelf.read() as reader:
            versions = reader.recorded_from(0, 10)
            assert [str(v.label) for v in versions] == ["2026-0001.1@1", "2026-0001.2@1", "2026-0001.1@2"]
            assert [v.position for v in versions] == sorted(v.position for v in versions)
            assert reader.recorded_from(0, 2) == versions[:2]
            assert reader.recorded_from(versions[1].position, 10) == versions[1:]
            assert reader.recorded_from(versions[1].position + 1, 10) == versions[2:]
            assert [reader.count_from(v.position) for v in versions] == [3, 2, 1]
            assert reader.count_from(reader.ledger_head().size) == 0

    def test_how_much_is_held_from_an_outlet(self, shelf: Catalog) -> None:
        with shelf.read() as reader:
            asked = {
                "beacon": ["Evening Beacon", "the BEACON"],
                "post": ["Post"],
                "gct": ["Greek City Times"],
            }
            assert reader.held_from(asked) == {"beacon": 1, "post": 1, "gct": 0}
            assert reader.held_from({}) == {}
            assert reader.without_outlet() == 1, "the later version was taken in without an outlet"

    def test_events_by_number_and_by_subject(self, shelf: Catalog) -> None:
        with shelf.read() as reader:
            every = reader.events()
            assert [made.position for made in every] == list(range(reader.ledger_head().size))
            assert reader.events(limit=2) == every[-2:]
            assert reader.events(subjects={"2026-0001"}) == every[:1]
            assert reader.events(subjects={"nothing"}) == []
            wanted = {made.subject for made in every[1:]} | {f"other {n}" for n in range(1200)}
            assert reader.events(subjects=wanted) == every[1:]
            assert reader.events(subjects=wanted, limit=2) == every[-2:]

    def test_totals(self, shelf: Catalog) -> None:
        with shelf.read() as reader:
            totals = reader.totals()
            objects = list(reader.objects())
            assert reader.faults() == []
        assert (totals.accessions, totals.items, totals.versions, totals.captures) == (2, 2, 3, 3)
        assert (totals.objects, totals.size) == (3, sum(each.size for each in objects))
        assert totals.events == 5

    def test_totals_of_nothing(self, catalog: Catalog) -> None:
        with catalog.read() as reader:
            assert set(vars_of(reader.totals())) == {0}
            assert list(reader.objects()) == list(reader.leaves()) == reader.events() == []
            assert reader.last_run() is None
            assert reader.ledger_head() == Frontier()

    def test_which_objects_are_recorded(self, shelf: Catalog) -> None:
        known = Digest.of(STORY.encode())
        with shelf.read() as reader:
            assert reader.recorded_objects([known, Digest.of(b"never seen")]) == {known}
            assert reader.recorded_objects([]) == set()

    def test_whether_an_accession_ended(self, catalog: Catalog) -> None:
        accession = uuid.uuid4()
        take(catalog, copy(), accession=accession)
        with catalog.read() as reader:
            assert reader.accession_ended(uuid.uuid4()) is None
            assert reader.accession_ended(accession) == (Label(2026, 1), False)
        catalog.write(lambda w: w.append(EventType.INGESTION, "2026-0001", Outcome.SUCCESS, BY, {}))
        with catalog.read() as reader:
            assert reader.accession_ended(accession) == (Label(2026, 1), True)

    def test_runs_of_the_integrity_check(self, catalog: Catalog, clock: StoppedClock) -> None:
        digests = [Digest.of(b"one"), Digest.of(b"other")]
        earlier = catalog.write(lambda w: w.open_fixity_run(BY, "everything"))
        clock.wait(hours=1)
        run = catalog.write(lambda w: w.open_fixity_run(BY, "everything"))
        results = [
            FixityResult(digests[0], Verdict.INTACT, str(digests[0]), clock.at),
            FixityResult(digests[1], Verdict.MISSING, "nothing", clock.at),
        ]
        catalog.write(lambda w: w.fixity_results(run, results))
        with catalog.read() as reader:
            last = reader.last_run()
            assert last is not None
            assert (last.id, last.ended, last.outcome, last.checked) == (run, None, None, 2)
            assert last.started == NOON + timedelta(hours=1)
            assert reader.verdict_counts(run) == {"intact": 1, "missing": 1}
            assert reader.verdict_counts(earlier) == {}
        catalog.write(lambda w: w.close_fixity_run(run, Outcome.FAILURE, 7))
        with catalog.read() as reader:
            last = reader.last_run()
        assert last is not None
        assert (last.ended, last.outcome) == (clock.at, Outcome.FAILURE)

    # How many queries

    def test_no_question_takes_more_queries_for_more_answers(self, catalog: Catalog) -> None:
        def asked(reader: Reader) -> dict[str, int]:
            counts = {}
            for name, question in {
                "find": lambda: reader.find("2026-0001"),
                "find by digest": lambda: reader.find(Digest.of(STORY.encode()).hex),
                "holdings": lambda: reader.holdings(reader.versions(ids)),
                "siblings": lambda: reader.siblings(versions),
                "recorded from": lambda: reader.recorded_from(0, 400),
                "held from": lambda: reader.held_from({str(n): [f"Outlet {n}"] for n in range(len(ids))}),
                "events": reader.events,
                "totals": reader.totals,
                "labels of": lambda: reader.labels_of(Digest.of(STORY.encode())),
                "objects": lambda: list(reader.objects()),
                "leaves": lambda: list(reader.leaves()),
                "count from": lambda: reader.count_from(0),
                "without outlet": reader.without_outlet,
            }.items():
                with counted_queries() as seen:
                    question()
                counts[name] = len(seen)
            return counts

        accession, answers, recordings = uuid.uuid4(), [], []
        for batch in ([copy()], [copy(f"Story {n}, {STORY}", outlet=f"Outlet {n}") for n in range(60)]):
            with counted_queries() as seen:
                take(catalog, *batch, accession=accession)
            recordings.append(sum(statement.startswith("SELECT") for statement in seen))
            with catalog.read() as reader:
                versions = reader.recorded_from(0, 400)
                ids = [version.id for version in versions]
                answers.append(asked(reader))
        assert len(ids) == 61
        assert answers[0] == answers[1]
        assert recordings[1] <= recordings[0]

    # Nothing is forgotten

    def test_what_is_recorded_cannot_be_changed(self, shelf: Catalog, address: str) -> None:
        self.refused(
            shelf,
            address,
            *(self.statement(act, table) for table in GROWING for act in ("UPDATE", "DELETE", "TRUNCATE")),
            "INSERT INTO object SELECT digest, 0, recorded FROM object WHERE true "
            "ON CONFLICT (digest) DO UPDATE SET size = excluded.size",
        )

    def test_the_head_of_the_ledger_only_grows(self, shelf: Catalog, address: str) -> None:
        self.refused(
            shelf,
            address,
            "UPDATE ledger_head SET size = size - 1",
            "UPDATE ledger_head SET frontier = frontier",
            "UPDATE ledger_head SET id = 2, size = size + 1",
            "DELETE FROM ledger_head",
            "INSERT INTO ledger_head SELECT 2, 0, frontier FROM ledger_head",
            self.statement("TRUNCATE", "ledger_head"),
        )

    def statement(self, act: str, table: str) -> str:
        column = next(iter(Row.metadata.tables[table].columns)).name
        return {
            "UPDATE": f'UPDATE "{table}" SET "{column}" = "{column}"',
            "DELETE": f'DELETE FROM "{table}"',
            "TRUNCATE": f'TRUNCATE "{table}" CASCADE',
        }[act]

    def refused(self, catalog: Catalog, address: str, *statements: str) -> None:
        catalog.write(run_through)
        before = everything(address)
        assert all(rows for name, rows in before.items() if name not in MADE_ANEW), "a row in every table"
        database = open_database(address)
        try:
            for statement in statements:
                with (
                    pytest.raises(sqlalchemy.exc.DBAPIError, match=r"append-only|only grows|one head"),
                    database.writing().begin() as connection,
                ):
                    connection.exec_driver_sql(statement)
        finally:
            database.close()
        assert everything(address) == before

    # Opening

    def test_it_is_there_when_it_is_opened_again(self, shelf: Catalog, address: str) -> None:
        shelf.close()
        with open_catalog(address, StoppedClock()) as again:
            assert again.writable
            assert found(again, "2026-0001.1@2") == ["2026-0001.1@2"]

    @pytest.mark.usefixtures("shelf")
    def test_a_catalogue_with_records_is_not_made_anew(self, address: str) -> None:
        before = everything(address)
        with pytest.raises(CatalogInUse, match="nothing was changed"):
            create_catalog(address, StoppedClock())
        assert everything(address) == before

    def test_one_that_was_only_begun_is(self, address: str) -> None:
        with create_catalog(address, StoppedClock()) as made, made.read() as reader:
            assert not any(vars_of(reader.totals()))


def vars_of(totals: object) -> list[int]:
    return [getattr(totals, name) for name in totals.__slots__]  # type: ignore[attr-defined]


def run_through(writer: Writer) -> None:
    """Integrity checks, an act, a judgement and a long detail, so that their tables are not empty."""
    held = Digest.parse(
        writer.session.execute(sqlalchemy.text("SELECT min(digest) FROM object")).scalar_one()
    )
    job = writer.clock.new_id()
    leases.announce(writer, job, "verify", Holder("process 7", "here", 7, 7))
    leases.take(writer, job, "verify", {0})
    plan, _ = fixity.open_run(writer, job, BY, "everything", whole=True)
    found = fixity_entry.Found([held.value], 3, added=[(held, Digest(Algorithm.SHA512, bytes(64)))])
    fixity_entry.enter(writer, plan, BY, 0, [found])
    fixity.close_run(writer, job, BY, Outcome.SUCCESS, {})
    run = writer.open_fixity_run(BY, "everything")
    digest = Digest.of(b"one")
    writer.fixity_results(run, [FixityResult(digest, Verdict.INTACT, str(digest), NOON)])
    writer.close_fixity_run(run, Outcome.SUCCESS, 0)
    enter_act(writer, BY, Act(ActKind.ADD, "beacon", ("Beacon",)))
    version = Reader(writer.session).find("2026-0001.1@1")[0]
    judge(writer, BY, version, (Method("a rule", "1"), 0), Judgement.CONFIRMED)
    writer.append(EventType.FIXITY_CHECK, "long", Outcome.SUCCESS, BY, {"found": "long" * 5000})
    copies(writer, held, job)


def copies(writer: Writer, held: Digest, run: uuid.UUID) -> None:
    """A schedule and a replica that came to its end, with a copy that was checked."""
    promise(writer, Promise("cron", "here", 86_400, 90 * 86_400, None, BY, NOON))
    place = Replica(add_replica(writer, "/mnt/copy", BY), "/mnt/copy", BY, NOON)
    record_copies(writer, place, [HeldObject(held, 3)], BY)
    record_copy_checks(writer, place, run, [FixityResult(held, Verdict.MISSING, "nothing", NOON)], BY)
    end_replica(writer, place, BY)


@pytest.fixture(scope="module")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "catalog.db"
    create_catalog(f"sqlite:{path}", StoppedClock()).close()
    return path


@pytest.fixture(scope="module")
def empty_database(postgres_cluster: Cluster) -> Iterator[str]:
    with postgres_cluster.database() as url:
        create_catalog(url, StoppedClock()).close()
        yield url


class TestSqlite(Contract):
    @pytest.fixture
    def address(self, tmp_path: Path, empty_file: Path) -> str:
        place = tmp_path / "a catalogue #1.db"
        shutil.copy(empty_file, place)
        return f"sqlite:{place}"

    def statement(self, act: str, table: str) -> str:
        if act != "TRUNCATE":
            return super().statement(act, table)
        return f'INSERT OR REPLACE INTO "{table}" SELECT * FROM "{table}"'

    def test_a_replacement_by_another_unique_key_is_refused(self, shelf: Catalog, address: str) -> None:
        columns = [column.name for column in Row.metadata.tables["event"].columns]
        changed = {"id": "randomblob(16)", "position": "position + 1000"}
        kept = [
            ",".join(name if name == unique else changed.get(name, name) for name in columns)
            for unique in changed
        ]
        self.refused(
            shelf,
            address,
            *(
                f"INSERT OR REPLACE INTO event ({','.join(columns)}) SELECT {values} FROM event"
                for values in kept
            ),
        )

    def test_commits_are_durable_and_references_are_kept(self, address: str) -> None:
        database = open_database(address)
        with database.engine.connect() as connection:
            values = [
                connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys")
            ]
        database.close()
        assert values == ["wal", 2, 1]

    def test_faults_of_the_file_are_found(self, shelf: Catalog, address: str) -> None:
        database = open_database(address)
        with database.engine.connect() as connection:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
            with connection.begin():
                connection.exec_driver_sql("DROP TRIGGER guard_object_delete")
                connection.exec_driver_sql("DELETE FROM object")
        database.close()
        with shelf.read() as reader:
            assert any("has no parent in object" in fault for fault in reader.faults())

    def test_a_file_that_is_no_database_is_damaged(self, tmp_path: Path) -> None:
        (tmp_path / "c.db").write_bytes(b"not a database, whatever its name says" * 200)
        with pytest.raises(CatalogDamaged, match="damaged") as failure:
            open_catalog(f"sqlite:{tmp_path / 'c.db'}", StoppedClock())
        assert failure.value.exit_code is ExitCode.CHECK_FAILED

    def test_a_page_that_was_overwritten_is_reported_in_words(self, shelf: Catalog, tmp_path: Path) -> None:
        shelf.close()
        (file,) = tmp_path.glob("*.db")
        content = bytearray(file.read_bytes())
        content[8192:] = bytes(len(content) - 8192)
        file.write_bytes(content)
        with pytest.raises(CatalogDamaged), open_catalog(f"sqlite:{file}", StoppedClock()) as opened:
            found(opened, "2026-0001")

    def test_one_that_is_not_there_is_not_made(self, tmp_path: Path) -> None:
        with pytest.raises(CatalogNotThere) as failure:
            open_catalog(f"sqlite:{tmp_path / 'none.db'}", StoppedClock())
        assert failure.value.exit_code is ExitCode.NO_ARCHIVE
        assert not list(tmp_path.iterdir())


class TestPostgresql(Contract):
    @pytest.fixture
    def address(self, postgres_cluster: Cluster, empty_database: str) -> Iterator[str]:
        with postgres_cluster.database(like=empty_database) as url:
            yield url

    def test_times_are_in_utc_whatever_the_server_thinks(self, shelf: Catalog, address: str) -> None:
        with open_catalog(f"{address}&options=-ctimezone%3DAsia/Tokyo", StoppedClock()) as far:
            (holding,) = held(far, "2026-0001.1@1")
        (here,) = held(shelf, "2026-0001.1@1")
        assert holding == here
        assert holding.version.recorded.tzinfo is UTC

    def test_a_server_that_does_not_answer_is_named_in_words(self, tmp_path: Path) -> None:
        with pytest.raises(CatalogFailed, match="does not answer") as failure:
            open_catalog(f"postgresql://me:secret@/x?host={tmp_path}", StoppedClock())
        assert "secret" not in str(failure.value)


@pytest.mark.parametrize("address", ["", "catalog.db", "mysql://x", "postgresql://h:port/x"])
def test_an_address_of_no_database_is_refused(address: str) -> None:
    with pytest.raises(BadCatalogAddress) as failure:
        open_catalog(address, StoppedClock())
    assert failure.value.exit_code is ExitCode.USAGE
