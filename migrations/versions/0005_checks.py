"""further digests, what runs set out to do and found, what is to be checked next, and jobs with their leases"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# Every table that only grows, with each of its unique keys.
APPEND_ONLY = {
    "object_digest": [["object_digest", "algorithm"]],
    "fixity_plan": [["run_id"], ["number"]],
    "fixity_batch": [["run_id", "number"]],
}


def upgrade():
    op.create_table(
        "object_digest",
        sa.Column("object_digest", sa.String(length=160), nullable=False),
        sa.Column("algorithm", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=160), nullable=False),
        sa.Column("recorded", sa.DateTime(timezone=True), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["object_digest"], ["object.digest"], name=op.f("fk_object_digest_object_digest_object")
        ),
        sa.PrimaryKeyConstraint("object_digest", "algorithm", name=op.f("pk_object_digest")),
    )
    op.create_index(op.f("ix_object_digest_digest"), "object_digest", ["digest"], unique=False)
    op.create_table(
        "fixity_plan",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("counts_from", sa.BigInteger(), nullable=False),
        sa.Column("failures_from", sa.BigInteger(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("continues", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["fixity_run.id"], name=op.f("fk_fixity_plan_run_id_fixity_run")),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_fixity_plan")),
        sa.UniqueConstraint("number", name=op.f("uq_fixity_plan_number")),
    )
    op.create_table(
        "fixity_batch",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("objects", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("digests", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["fixity_run.id"], name=op.f("fk_fixity_batch_run_id_fixity_run")
        ),
        sa.PrimaryKeyConstraint("run_id", "number", name=op.f("pk_fixity_batch")),
    )
    op.create_table(
        "fixity_shelf",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("run_number", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("objects", sa.Integer(), nullable=False),
        sa.Column("digests", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fixity_shelf")),
    )
    op.create_index("ix_fixity_shelf_run_number", "fixity_shelf", ["run_number", "part"], unique=False)
    op.create_table(
        "fixity_open",
        sa.Column("object_digest", sa.String(length=160), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("run_number", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["object_digest"], ["object.digest"], name=op.f("fk_fixity_open_object_digest_object")
        ),
        sa.PrimaryKeyConstraint("object_digest", name=op.f("pk_fixity_open")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_fixity_open_tier", "fixity_open", ["tier", "run_number", "object_digest"], unique=False
    )
    op.create_index("ix_fixity_check_run_id", "fixity_check", ["run_id", "verdict"], unique=False)
    op.create_table(
        "job",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("work", sa.String(length=32), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("machine", sa.String(length=200), nullable=False),
        sa.Column("process", sa.BigInteger(), nullable=False),
        sa.Column("process_started", sa.BigInteger(), nullable=False),
        sa.Column("beat", sa.BigInteger(), nullable=False),
        sa.Column("begun", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wants", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index(op.f("ix_job_work"), "job", ["work"], unique=False)
    op.create_table(
        "lease",
        sa.Column("work", sa.String(length=32), nullable=False),
        sa.Column("first", sa.String(length=160), nullable=False),
        sa.Column("beyond", sa.String(length=160), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_lease_job_id_job")),
        sa.PrimaryKeyConstraint("work", "first", name=op.f("pk_lease")),
    )
    number_runs()
    # What was checked before counts as never checked: the first check after this one reads everything.
    op.execute("INSERT INTO fixity_open (object_digest, tier, run_number) SELECT digest, 0, 0 FROM object")
    guard(op.get_bind().dialect.name)


def number_runs():
    """Earlier runs are numbered in the order in which they began; each of them was of everything."""
    op.execute(
        "INSERT INTO fixity_plan (run_id, number, counts_from, failures_from, whole) "
        "SELECT id, number, number, number, true FROM "
        "(SELECT id, row_number() OVER (ORDER BY started, id) AS number FROM fixity_run) AS numbered"
    )


def guard(dialect):
    for table, keys in APPEND_ONLY.items():
        if dialect == "sqlite":
            for act in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER guard_{table}_{act.lower()} BEFORE {act} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
            # INSERT OR REPLACE deletes the row in its way without asking the triggers of DELETE.
            held = " OR ".join(
                f"EXISTS (SELECT 1 FROM {table} WHERE {' AND '.join(f'{name} = NEW.{name}' for name in key)})"  # noqa: S608 - names of this file
                for key in keys
            )
            op.execute(
                f"CREATE TRIGGER guard_{table}_insert BEFORE INSERT ON {table} WHEN {held} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        else:
            op.execute(
                f"CREATE TRIGGER guard_{table} BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION claimtrail_append_only()"
            )
    never_checked(dialect)


def never_checked(dialect):
    """An object is among those never checked from the moment it is recorded, by whatever records it."""
    entry = "INSERT INTO fixity_open (object_digest, tier, run_number) VALUES (NEW.digest, 0, 0);"
    if dialect == "sqlite":
        op.execute(f"CREATE TRIGGER fixity_open_object AFTER INSERT ON object BEGIN {entry} END")
        return
    op.execute(
        "CREATE FUNCTION claimtrail_never_checked() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {entry} RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER fixity_open_object AFTER INSERT ON object "
        "FOR EACH ROW EXECUTE FUNCTION claimtrail_never_checked()"
    )
