"""readings for attributions, what archivists say of them, and the acts upon the authority file"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

APPEND_ONLY = {
    "extraction": ["version_id", "method", "method_version"],
    "judgement": ["id"],
    "outlet_act": ["id"],
}


def upgrade():
    op.create_table(
        "extraction",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("method", sa.String(length=64), nullable=False),
        sa.Column("method_version", sa.String(length=64), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["version.id"], name=op.f("fk_extraction_version_id_version")
        ),
        sa.PrimaryKeyConstraint("version_id", "method", "method_version", name=op.f("pk_extraction")),
    )
    op.create_table(
        "judgement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("method", sa.String(length=64), nullable=False),
        sa.Column("method_version", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("judgement", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("said_by", sa.String(), nullable=False),
        sa.Column("recorded", sa.DateTime(timezone=True), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_judgement_version_id_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judgement")),
    )
    op.create_index(op.f("ix_judgement_version_id"), "judgement", ["version_id"], unique=False)
    op.create_table(
        "outlet_act",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("act", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("names", sa.Text(), nullable=False),
        sa.Column("other", sa.String(length=200), nullable=True),
        sa.Column("said_by", sa.String(), nullable=False),
        sa.Column("recorded", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outlet_act")),
    )
    op.create_index(op.f("ix_outlet_act_position"), "outlet_act", ["position"], unique=False)
    # What was read for attributions before is known only where it found some.
    op.execute(
        "INSERT INTO extraction (version_id, method, method_version, position) "
        "SELECT DISTINCT a.version_id, a.method, a.method_version, v.position "
        "FROM attribution a JOIN version v ON v.id = a.version_id"
    )
    guard(op.get_bind().dialect.name)


def guard(dialect):
    for table, key in APPEND_ONLY.items():
        if dialect == "sqlite":
            for act in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER guard_{table}_{act.lower()} BEFORE {act} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
            # INSERT OR REPLACE deletes the row in its way without asking the triggers of DELETE.
            same = " AND ".join(f"{name} = NEW.{name}" for name in key)
            held = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 - names of this file
            op.execute(
                f"CREATE TRIGGER guard_{table}_insert BEFORE INSERT ON {table} WHEN {held} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        else:
            op.execute(
                f"CREATE TRIGGER guard_{table} BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION claimtrail_append_only()"
            )
