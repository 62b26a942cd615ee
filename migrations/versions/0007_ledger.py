"""the ledger's own rows: nodes of the tree, salts of names, long details; and the ways from a leaf to its rows"""

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

APPEND_ONLY = {"opening": ["agent_id"], "detail": ["digest"]}
WAYS = {
    "statement": "capture_id",
    "extraction": "position",
    "judgement": "position",
    "fixity_end": "position",
}
HEIGHT = 8
LEAVES_A_PAGE = 1 << 16


def upgrade():
    op.create_table(
        "ledger_node",
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "place", name=op.f("pk_ledger_node")),
    )
    op.create_table(
        "opening",
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("commitment", sa.String(length=80), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_opening_agent_id_agent")),
        sa.PrimaryKeyConstraint("agent_id", name=op.f("pk_opening")),
    )
    op.create_index(op.f("ix_opening_position"), "opening", ["position"], unique=False)
    op.create_table(
        "detail",
        sa.Column("digest", sa.String(length=160), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_detail")),
    )
    for table, column in WAYS.items():
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        guard_sqlite()
    else:
        guard_postgresql()
    fill_nodes(op.get_bind())


def guard_sqlite():
    for table, key in APPEND_ONLY.items():
        # A salt is erased where a name has to go; nothing else in its row can change.
        erasing = (
            "WHEN NEW.salt IS NOT NULL OR NEW.agent_id <> OLD.agent_id "
            "OR NEW.commitment <> OLD.commitment OR NEW.position <> OLD.position "
            if table == "opening"
            else ""
        )
        for act, when in (("UPDATE", erasing), ("DELETE", "")):
            op.execute(
                f"CREATE TRIGGER guard_{table}_{act.lower()} BEFORE {act} ON {table} {when}"
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        # INSERT OR REPLACE deletes the row in its way without asking the triggers of DELETE.
        same = " AND ".join(f"{name} = NEW.{name}" for name in key)
        held = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 - names of this file
        op.execute(
            f"CREATE TRIGGER guard_{table}_insert BEFORE INSERT ON {table} WHEN {held} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def guard_postgresql():
    op.execute(
        "CREATE FUNCTION claimtrail_only_erases() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN IF NEW.salt IS NOT NULL OR NEW.agent_id <> OLD.agent_id OR NEW.commitment <> OLD.commitment "
        "OR NEW.position <> OLD.position THEN RAISE EXCEPTION 'opening is append-only'; "
        "END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER guard_opening_update BEFORE UPDATE ON opening "
        "FOR EACH ROW EXECUTE FUNCTION claimtrail_only_erases()"
    )
    for table, acts in (("opening", "DELETE OR TRUNCATE"), ("detail", "UPDATE OR DELETE OR TRUNCATE")):
        op.execute(
            f"CREATE TRIGGER guard_{table} BEFORE {acts} ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION claimtrail_append_only()"
        )


def fill_nodes(connection):
    """Every 8th level of the tree over the leaves there are, a row of nodes for 256 of the row below."""
    event = sa.table("event", sa.column("position"), sa.column("leaf_hash", sa.LargeBinary()))
    node = sa.table(
        "ledger_node", sa.column("level"), sa.column("place"), sa.column("hash", sa.LargeBinary())
    )
    place, level = 0, HEIGHT
    while True:
        query = sa.select(event.c.leaf_hash).where(
            event.c.position >= place, event.c.position < place + LEAVES_A_PAGE
        )
        hashes = list(connection.execute(query.order_by(event.c.position)).scalars())
        put(connection, node, level, place >> HEIGHT, hashes)
        if len(hashes) < LEAVES_A_PAGE:
            break
        place += LEAVES_A_PAGE
    while True:
        below = sa.select(node.c.hash).where(node.c.level == level).order_by(node.c.place)
        hashes = list(connection.execute(below).scalars())
        if len(hashes) < 1 << HEIGHT:
            return
        level += HEIGHT
        put(connection, node, level, 0, hashes)


def put(connection, node, level, first, hashes):
    whole = len(hashes) >> HEIGHT << HEIGHT
    rows = [
        {"level": level, "place": first + number, "hash": over(hashes[at : at + (1 << HEIGHT)])}
        for number, at in enumerate(range(0, whole, 1 << HEIGHT))
    ]
    if rows:
        connection.execute(node.insert(), rows)


def over(row):
    """The root over 256 hashes (RFC 6962, section 2.1)."""
    while len(row) > 1:
        row = [
            hashlib.sha256(b"\x01" + bytes(left) + bytes(right)).digest()
            for left, right in zip(row[::2], row[1::2], strict=True)
        ]
    return bytes(row[0])
