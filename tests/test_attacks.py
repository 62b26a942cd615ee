"""What each attack on the record meets: what finds it, and what does not. The table stands in docs/proof.md."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from archive.digest import Digest
from archive.ledger.canonical import leaf_bytes
from archive.ledger.checkpoint import Checkpoint, cosign, sign_checkpoint
from archive.ledger.keys import SigningKey
from archive.ledger.merkle import Frontier, leaf_hash
from archive.ledger.note import SignedNote
from tests.commandline import DOCUMENT, STORY, new_archive, run
from tests.transcript import StoppedClock

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.commandline import Ran

    Change = Callable[[list[bytes]], list[bytes]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an archive in which three things were done, and copies of its checkpoints kept elsewhere."""
    folder = tmp_path_factory.mktemp("attacked")
    place = new_archive(folder)
    with (place / "claimtrail.toml").open("a") as settings:
        settings.write(f"checkpoint_copies = {json.dumps(str(folder / 'elsewhere'))}\n")
    for words in (
        ("ingest", DOCUMENT),
        ("ingest", STORY / "untitled.txt"),
        ("outlets", "add", "Beacon Post"),
    ):
        ran = run(*words, at=place)
        assert (ran.status, ran.err) == (0, "")
    return folder


@pytest.fixture
def place(made: Path, tmp_path: Path) -> Path:
    """A copy of that archive, which no longer copies its checkpoints by itself."""
    shutil.copytree(made, tmp_path / "attacked")
    archive = tmp_path / "attacked" / "news"
    (archive / "claimtrail.toml").write_text("")
    return archive


def elsewhere(place: Path) -> Path:
    return place.parent / "elsewhere"


def alone(place: Path) -> Ran:
    return run("verify", "--ledger", at=place)


def against(place: Path) -> Ran:
    return run("verify", "--ledger", "--against", elsewhere(place), at=place)


def sql(place: Path, *statements: str) -> None:
    """Change the catalogue as its owner can: past the triggers."""
    with closing(sqlite3.connect(place / "catalog.db")) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def leaves(place: Path) -> list[bytes]:
    with closing(sqlite3.connect(place / "catalog.db")) as connection:
        return [bytes(row[0]) for row in connection.execute("SELECT body FROM event ORDER BY position")]


def rewrite(place: Path, change: Change) -> None:
    """Rewrite the whole ledger so that the catalogue agrees with itself: leaves, hashes, head."""
    new = change(leaves(place))
    sql(place, "DELETE FROM ledger_node")
    head, _ = Frontier().extend([leaf_hash(leaf) for leaf in new])
    with closing(sqlite3.connect(place / "catalog.db")) as connection:
        connection.execute("UPDATE event SET position = -1 - position")
        old = connection.execute("SELECT id FROM event ORDER BY position DESC").fetchall()
        for number, leaf in enumerate(new):
            row = (number, leaf, leaf_hash(leaf))
            if number < len(old):
                columns = "position = ?, body = ?, leaf_hash = ?"
                connection.execute(f"UPDATE event SET {columns} WHERE id = ?", (*row, old[number][0]))
            else:
                connection.execute(
                    "INSERT INTO event SELECT ?, ?, type, at, agent_id, subject, outcome, ?, ? FROM event "
                    "WHERE position = 0",
                    (f"{number:032x}", *row),
                )
        connection.execute("DELETE FROM event WHERE position < 0")
        connection.execute("UPDATE ledger_head SET size = ?, frontier = ?", (head.size, b"".join(head.peaks)))
        connection.commit()


def secret(place: Path) -> SigningKey:
    return SigningKey.parse((place / "keys" / "ledger.key").read_text())


def sign(place: Path, key: SigningKey) -> SignedNote:
    """Sign the ledger as it stands, past all checks, as who has the key can."""
    head, _ = Frontier().extend([leaf_hash(leaf) for leaf in leaves(place)])
    note = sign_checkpoint(Checkpoint.of(key.name, head), key)
    (place / "ledger" / f"{head.size:020d}.checkpoint").write_bytes(bytes(note))
    return note


def forget_checkpoints(place: Path) -> None:
    for path in (place / "ledger").glob("*.checkpoint"):
        path.unlink()


def forged(leaf: bytes, **members: str) -> bytes:
    return leaf_bytes({**json.loads(leaf), **members})


def edited(old: list[bytes]) -> list[bytes]:
    return [*old[:3], forged(old[3], at="2020-01-01T00:00:00.000000Z"), *old[4:]]


CHANGES: dict[str, Change] = {
    "edited": edited,
    "deleted": lambda old: [*old[:3], *old[4:]],
    "inserted": lambda old: [*old[:3], forged(old[3], id="0" * 32), *old[3:]],
    "reordered": lambda old: [*old[:3], old[4], old[3], *old[5:]],
}


def test_nothing_is_found_where_nothing_was_done(place: Path) -> None:
    assert (alone(place).status, against(place).status, run("verify", at=place).status) == (0, 0, 0)
    assert "all fits" in alone(place).out
    assert against(place).out.count("it continues") == 3


# One event


def test_an_event_edited_is_named(place: Path) -> None:
    sql(place, "UPDATE event SET body = CAST(replace(body, 'suc', 'fai') AS BLOB) WHERE position = 3")
    for ran in (alone(place), run("verify", at=place)):
        assert ran.status == 1
        assert "ALTERED  event 3\n" in ran.out
    assert "first that does not fit: event 3\n" in alone(place).out


def test_an_event_deleted_is_named(place: Path) -> None:
    sql(place, "DELETE FROM event WHERE position = 3")
    assert alone(place).out.startswith("MISSING  event 3\n")
    assert run("verify", at=place).status == 1


def test_an_event_inserted_is_found(place: Path) -> None:
    size = len(leaves(place))
    sql(
        place,
        f"INSERT INTO event SELECT hex(randomblob(16)), {size}, type, at, agent_id, subject, outcome, body, leaf_hash "
        "FROM event WHERE position = 3",
    )
    ran = alone(place)
    assert ran.status == 1
    assert f"ALTERED  event {size}\n" in ran.out
    assert f"expected position 3\n    found    position {size}\n" in ran.out


def test_events_reordered_are_found(place: Path) -> None:
    sql(
        place,
        "UPDATE event SET position = 99 WHERE position = 3",
        "UPDATE event SET position = 3 WHERE position = 4",
        "UPDATE event SET position = 4 WHERE position = 99",
    )
    ran = alone(place)
    assert (ran.status, "first that does not fit: event" in ran.out) == (1, True)
    assert "expected position 4\n    found    position 3\n" in ran.out


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_whole_ledger_rewritten_is_found_by_its_own_checkpoints(place: Path, change: Change) -> None:
    rewrite(place, change)
    ran = alone(place)
    assert (ran.status, "history altered" in ran.out) == (1, True)
    assert run("ingest", STORY / "courier-2024-04-17.html", at=place).status == 1, "nothing is signed over it"


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_without_those_it_is_found_by_a_copy_kept_elsewhere(place: Path, change: Change) -> None:
    rewrite(place, change)
    forget_checkpoints(place)
    ran = against(place)
    assert (ran.status, "another history: it was rewritten since" in ran.flat) == (1, True)


# The catalogue as a whole


def test_a_catalogue_rolled_back_is_found_only_by_a_copy_kept_elsewhere(made: Path, tmp_path: Path) -> None:
    """The whole directory of last week, checkpoints and all, agrees with itself."""
    shutil.copytree(made, tmp_path / "now")
    place = tmp_path / "now" / "news"
    copies = tmp_path / "now" / "elsewhere"
    last_week = shutil.copytree(place, tmp_path / "last week")
    settings = f"checkpoint_copies = {json.dumps(str(copies))}\n"
    (place / "claimtrail.toml").write_text(settings)
    assert run("outlets", "add", "The Later", at=place).status == 0
    shutil.rmtree(place)
    shutil.copytree(last_week, place)
    (place / "claimtrail.toml").write_text(settings)
    assert (alone(place).status, run("verify", "--ledger", at=place).status) == (0, 0)
    ran = run("verify", "--ledger", "--against", copies, at=place)
    assert (ran.status, "the ledger was rolled back" in ran.flat) == (1, True)
    assert "MISSING  checkpoint" in ran.out
    ran = run("outlets", "add", "The Third", at=place)
    assert ran.status == 1, "where copies are a habit, the next command that records something says so"
    assert "THE LEDGER DOES NOT CONTINUE a copy that was kept" in ran.err


def test_a_catalogue_rolled_back_alone_is_found_by_the_archive_s_own_checkpoints(place: Path) -> None:
    last_week = (place / "catalog.db").read_bytes()
    assert run("outlets", "add", "The Later", at=place).status == 0
    (place / "catalog.db").write_bytes(last_week)
    for ran in (alone(place), run("verify", at=place)):
        assert (ran.status, "MISSING  event" in ran.out, "rolled back" in ran.out) == (1, True, True), ran.err


def test_an_object_swapped_with_its_digest_is_found(place: Path) -> None:
    """Bytes, row and every reference agree with each other; the leaf does not."""
    with closing(sqlite3.connect(place / "catalog.db")) as connection:
        ((old, _),) = connection.execute("SELECT digest, size FROM object WHERE size = 2154").fetchall()
    false = b"What was never published.\n"
    new = Digest.of(false)
    folder = place / "objects" / "sha256"
    taken = folder / old[7:9] / old[7:]
    (folder / new.hex[:2]).mkdir(exist_ok=True)
    (folder / new.hex[:2] / new.hex).write_bytes(false)
    taken.chmod(0o644)
    taken.unlink()
    sql(
        place,
        f"UPDATE object SET digest = '{new}', size = {len(false)} WHERE digest = '{old}'",
        f"UPDATE version SET object_digest = '{new}' WHERE object_digest = '{old}'",
        f"UPDATE capture SET object_digest = '{new}' WHERE object_digest = '{old}'",
    )
    for ran in (run("verify", at=place), alone(place)):
        assert ran.status == 1
        assert "ALTERED  event 1\n" in ran.out
    assert "1 altered" not in run("verify", at=place).out, "the bytes alone agree with their row"


def test_a_capture_dated_back_in_its_row_is_found(place: Path) -> None:
    sql(place, "UPDATE capture SET recorded = '2020-01-01 00:00:00.000000'")
    ran = alone(place)
    assert (ran.status, "ALTERED  event 1\n" in ran.out, "capture: " in ran.out) == (1, True, True)


def test_a_capture_dated_back_as_it_is_recorded_shows_in_its_place_only(place: Path) -> None:
    """Whoever sets the clock writes any time; the ledger shows that it was written after later ones."""
    clock = StoppedClock()
    assert run("ingest", STORY / "courier-2024-04-17.html", at=place, clock=clock).status == 0
    ran = alone(place)
    assert ran.status == 0
    assert "says 2026-11-23T09:00:00.000000Z, which is before the event ahead of it" in ran.flat


# Keys


def test_a_forged_checkpoint_is_found(place: Path) -> None:
    thief = SigningKey(secret(place).name, b"t" * 32)
    note = sign(place, thief)
    ran = alone(place)
    assert (ran.status, "ALTERED  checkpoint" in ran.out) == (1, True)
    kept = place.parent / "kept"
    kept.write_bytes(bytes(note))
    ran = run("verify", "--ledger", "--against", kept, at=place)
    assert (ran.status, "not signed by a key of this ledger" in ran.flat) == (1, True)


def stolen(place: Path) -> SignedNote:
    """The key stolen, the history rewritten and signed again: the archive agrees with itself."""
    rewrite(place, lambda old: old[:-1])
    sql(place, "DELETE FROM outlet_act", "DELETE FROM event WHERE position < 0")
    forget_checkpoints(place)
    return sign(place, secret(place))


def test_a_history_signed_again_with_a_stolen_key_is_found_by_a_copy_kept_elsewhere(place: Path) -> None:
    stolen(place)
    assert alone(place).status == 0, "nothing within the archive tells it from the true one"
    assert against(place).status == 1


def test_and_by_a_witness(place: Path) -> None:
    """A witness keeps what it signs; so does whoever keeps the checkpoint that a time stamp is over."""
    note = SignedNote.parse(run("checkpoint", at=place).out.encode())
    seen = place.parent / "seen by a witness"
    witness = SigningKey("witness.example/w", b"w" * 32)
    seen.write_bytes(bytes(cosign(note, witness, datetime(2026, 11, 23, tzinfo=UTC))))
    stolen(place)
    ran = run("verify", "--ledger", "--against", seen, at=place)
    assert (ran.status, "the ledger was rolled back" in ran.flat) == (1, True)


def test_a_split_view_is_found_where_two_readers_compare(place: Path, made: Path) -> None:
    """Two readers are shown two ledgers of one size, each signed by the true key."""
    shutil.copytree(place, place.parent / "other view")
    other = place.parent / "other view"
    for view, outlet in ((place, "The First"), (other, "The Second")):
        assert run("outlets", "add", outlet, at=view).status == 0
        assert alone(view).status == 0
    assert run("checkpoint", "--copy-to", place.parent / "seen", at=other).status == 0
    ran = run("verify", "--ledger", "--against", place.parent / "seen", at=place)
    assert (ran.status, "somebody is shown another one" in ran.flat) == (1, True)
