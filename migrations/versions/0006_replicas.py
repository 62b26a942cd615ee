"""the schedule that was promised, and copies of the objects elsewhere"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

APPEND_ONLY = {
    "schedule": ["id"],
    "replica": ["id"],
    "replica_end": ["replica_id"],
    "replica_copy": ["object_digest", "replica_id"],
    "replica_check": ["object_digest", "replica_id", "run_id"],
}


def upgrade():
    op.create_table(
        "schedule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.String(length=16), nullable=False),
        sa.Column("keeper", sa.String(length=16), nullable=False),
        sa.Column("machine", sa.String(), nullable=False),
        sa.Column("every_seconds", sa.BigInteger(), nullable=False),
        sa.Column("cover_seconds", sa.BigInteger(), nullable=False),
        sa.Column("run_seconds", sa.BigInteger(), nullable=True),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("recorded", sa.DateTime(timezone=True), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_schedule_agent_id_agent")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule")),
    )
    op.create_table(
        "replica",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("recorded", sa.DateTime(timezone=True), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_replica_agent_id_agent")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replica")),
    )
    op.create_table(
        "replica_end",
        sa.Column("replica_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("recorded", sa.DateTime(timezone=True), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_replica_end_agent_id_agent")),
        sa.ForeignKeyConstraint(
            ["replica_id"], ["replica.id"], name=op.f("fk_replica_end_replica_id_replica")
        ),
        sa.PrimaryKeyConstraint("replica_id", name=op.f("pk_replica_end")),
    )
    op.create_table(
        "replica_copy",
        sa.Column("object_digest", sa.String(length=160), nullable=False),
        sa.Column("replica_id", sa.Uuid(), nullable=False),
        sa.Column("recorded", sa.DateTime(timezone=True), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["object_digest"], ["object.digest"], name=op.f("fk_replica_copy_object_digest_object")
        ),
        sa.ForeignKeyConstraint(
            ["replica_id"], ["replica.id"], name=op.f("fk_replica_copy_replica_id_replica")
        ),
        sa.PrimaryKeyConstraint("object_digest", "replica_id", name=op.f("pk_replica_copy")),
    )
    op.create_table(
        "replica_check",
        sa.Column("object_digest", sa.String(length=160), nullable=False),
        sa.Column("replica_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("verdict", sa.String(length=32), nullable=False),
        sa.Column("found", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["replica_id"], ["replica.id"], name=op.f("fk_replica_check_replica_id_replica")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["fixity_run.id"], name=op.f("fk_replica_check_run_id_fixity_run")
        ),
        sa.PrimaryKeyConstraint("object_digest", "replica_id", "run_id", name=op.f("pk_replica_check")),
    )
    # A cache over replica_copy and replica_check: what is known of each copy now. Not guarded.
    op.create_table(
        "copy_state",
        sa.Column("replica_id", sa.Uuid(), nullable=False),
        sa.Column("object_digest", sa.String(length=160), nullable=False),
        sa.Column("verdict", sa.String(length=32), nullable=False),
        sa.Column("found", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["replica_id"], ["replica.id"], name=op.f("fk_copy_state_replica_id_replica")
        ),
        sa.PrimaryKeyConstraint("replica_id", "object_digest", name=op.f("pk_copy_state")),
    )
    op.create_index(
        op.f("ix_copy_state_replica_id_verdict_at"), "copy_state", ["replica_id", "verdict", "at"]
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
