"""first catalogue"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Every table that only grows, with each of its unique keys.
APPEND_ONLY = {
    "agent": [["id"], ["kind", "name"]],
    "object": [["digest"]],
    "text": [["digest"]],
    "accession": [["id"], ["label"], ["year", "number"]],
    "event": [["id"], ["position"]],
    "fixity_run": [["id"]],
    "fixity_check": [["object_digest", "run_id"]],
    "fixity_end": [["run_id"]],
    "item": [["id"], ["label"], ["accession_id", "number"]],
    "version": [["id"], ["item_id", "number"]],
    "attribution": [["version_id", "method", "method_version", "number"]],
    "capture": [["id"]],
    "paragraph": [["version_id", "number"]],
    "passage": [["version_id", "number"]],
    "statement": [["id"]],
}


def upgrade():
    op.create_table(
        "agent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("recorded", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent")),
        sa.UniqueConstraint("kind", "name", name=op.f("uq_agent_kind_name")),
    )
    op.create_table(
        "ledger_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("frontier", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_head")),
    )
    op.create_table(
        "object",
        sa.Column("digest", sa.String(length=160), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("recorded", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_object")),
    )
    op.create_table(
        "text",
        sa.Column("digest", sa.String(length=160), nullable=False),
        sa.Column("rule", sa.String(length=32), nullable=False),
        sa.Column("unicode", sa.String(length=16), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_text")),
    )
    op.create_table(
        "accession",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(length=32), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("opened", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("tool", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_accession_agent_id_agent")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accession")),
        sa.UniqueConstraint("label", name=op.f("uq_accession_label")),
        sa.UniqueConstraint("year", "number", name=op.f("uq_accession_year_number")),
    )
    op.create_table(
        "event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_event_agent_id_agent")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("position", name=op.f("uq_event_position")),
    )
    op.create_index(op.f("ix_event_subject"), "event", ["subject"], unique=False)
    op.create_table(
        "fixity_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("started", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_fixity_run_agent_id_agent")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fixity_run")),
    )
    op.create_table(
        "fixity_check",
        sa.Column("object_digest", sa.String(length=160), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("verdict", sa.String(length=32), nullable=False),
        sa.Column("found", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["fixity_run.id"], name=op.f("fk_fixity_check_run_id_fixity_run")
        ),
        sa.PrimaryKeyConstraint("object_digest", "run_id", name=op.f("pk_fixity_check")),
    )
    op.create_table(
        "fixity_end",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("ended", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["fixity_run.id"], name=op.f("fk_fixity_end_run_id_fixity_run")),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_fixity_end")),
    )
    op.create_table(
        "item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(length=48), nullable=False),
        sa.Column("accession_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["accession_id"], ["accession.id"], name=op.f("fk_item_accession_id_accession")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item")),
        sa.UniqueConstraint("accession_id", "number", name=op.f("uq_item_accession_id_number")),
        sa.UniqueConstraint("label", name=op.f("uq_item_label")),
    )
    op.create_table(
        "version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("object_digest", sa.String(length=160), nullable=False),
        sa.Column("text_digest", sa.String(length=160), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("format", sa.String(length=32), nullable=False),
        sa.Column("reader", sa.String(length=64), nullable=False),
        sa.Column("reader_version", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("recorded", sa.DateTime(timezone=True), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_version_item_id_item")),
        sa.ForeignKeyConstraint(
            ["object_digest"], ["object.digest"], name=op.f("fk_version_object_digest_object")
        ),
        sa.ForeignKeyConstraint(["text_digest"], ["text.digest"], name=op.f("fk_version_text_digest_text")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_version")),
        sa.UniqueConstraint("item_id", "number", name=op.f("uq_version_item_id_number")),
    )
    op.create_index(op.f("ix_version_object_digest"), "version", ["object_digest"], unique=False)
    op.create_index(op.f("ix_version_position"), "version", ["position"], unique=False)
    op.create_index(op.f("ix_version_text_digest"), "version", ["text_digest"], unique=False)
    op.create_table(
        "attribution",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("method", sa.String(length=64), nullable=False),
        sa.Column("method_version", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("cue", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("source_kind", sa.String(length=32), nullable=False),
        sa.Column("source_name", sa.String(), nullable=False),
        sa.Column("source_folded", sa.String(length=200), nullable=False),
        sa.Column("outlet", sa.String(length=200), nullable=True),
        sa.Column("within", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["version_id"], ["version.id"], name=op.f("fk_attribution_version_id_version")
        ),
        sa.PrimaryKeyConstraint(
            "version_id", "method", "method_version", "number", name=op.f("pk_attribution")
        ),
    )
    op.create_index(op.f("ix_attribution_outlet"), "attribution", ["outlet"], unique=False)
    op.create_index("ix_attribution_source", "attribution", ["source_folded"], unique=False)
    op.create_table(
        "capture",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("accession_id", sa.Uuid(), nullable=False),
        sa.Column("object_digest", sa.String(length=160), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("recorded", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["accession_id"], ["accession.id"], name=op.f("fk_capture_accession_id_accession")
        ),
        sa.ForeignKeyConstraint(
            ["object_digest"], ["object.digest"], name=op.f("fk_capture_object_digest_object")
        ),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_capture_version_id_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capture")),
    )
    op.create_index(op.f("ix_capture_accession_id"), "capture", ["accession_id"], unique=False)
    op.create_index(op.f("ix_capture_object_digest"), "capture", ["object_digest"], unique=False)
    op.create_index(op.f("ix_capture_version_id"), "capture", ["version_id"], unique=False)
    op.create_table(
        "paragraph",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=160), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_paragraph_version_id_version")),
        sa.PrimaryKeyConstraint("version_id", "number", name=op.f("pk_paragraph")),
    )
    op.create_index(op.f("ix_paragraph_digest"), "paragraph", ["digest"], unique=False)
    op.create_table(
        "passage",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_passage_version_id_version")),
        sa.PrimaryKeyConstraint("version_id", "number", name=op.f("pk_passage")),
    )
    op.create_table(
        "statement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("capture_id", sa.Uuid(), nullable=True),
        sa.Column("about", sa.String(length=32), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("folded", sa.String(length=200), nullable=False),
        sa.Column("basis", sa.String(length=32), nullable=False),
        sa.Column("method", sa.String(length=64), nullable=False),
        sa.Column("method_version", sa.String(length=64), nullable=False),
        sa.Column("quote", sa.Text(), nullable=True),
        sa.Column("start", sa.Integer(), nullable=True),
        sa.Column("end", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("precision", sa.String(length=32), nullable=True),
        sa.Column("original", sa.String(), nullable=True),
        sa.Column("zone", sa.String(), nullable=True),
        sa.Column("said_by", sa.String(), nullable=True),
        sa.Column("recorded", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["capture_id"], ["capture.id"], name=op.f("fk_statement_capture_id_capture")),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_statement_version_id_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement")),
    )
    op.create_index("ix_statement_about_folded", "statement", ["about", "folded"], unique=False)
    op.create_index(op.f("ix_statement_version_id"), "statement", ["version_id"], unique=False)
    head = sa.table(
        "ledger_head", sa.column("id"), sa.column("size"), sa.column("frontier", sa.LargeBinary())
    )
    op.bulk_insert(head, [{"id": 1, "size": 0, "frontier": b""}])
    if op.get_bind().dialect.name == "sqlite":
        guard_sqlite()
    else:
        guard_postgresql()


def guard_sqlite():
    for table, keys in APPEND_ONLY.items():
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
    op.execute(
        "CREATE TRIGGER guard_ledger_head_update BEFORE UPDATE ON ledger_head "
        "WHEN NEW.size <= OLD.size OR NEW.id <> OLD.id "
        "BEGIN SELECT RAISE(ABORT, 'the ledger only grows'); END"
    )
    for act in ("INSERT", "DELETE"):
        op.execute(
            f"CREATE TRIGGER guard_ledger_head_{act.lower()} BEFORE {act} ON ledger_head "
            "BEGIN SELECT RAISE(ABORT, 'the ledger has one head'); END"
        )


def guard_postgresql():
    op.execute(
        "CREATE FUNCTION claimtrail_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    op.execute(
        "CREATE FUNCTION claimtrail_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN IF NEW.size <= OLD.size OR NEW.id <> OLD.id THEN RAISE EXCEPTION 'the ledger only grows'; "
        "END IF; RETURN NEW; END $$"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER guard_{table} BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION claimtrail_append_only()"
        )
    op.execute(
        "CREATE TRIGGER guard_ledger_head_update BEFORE UPDATE ON ledger_head "
        "FOR EACH ROW EXECUTE FUNCTION claimtrail_only_grows()"
    )
    op.execute(
        "CREATE TRIGGER guard_ledger_head BEFORE INSERT OR DELETE OR TRUNCATE ON ledger_head "
        "FOR EACH STATEMENT EXECUTE FUNCTION claimtrail_append_only()"
    )
