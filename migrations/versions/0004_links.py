"""fingerprints and links, a cache of the record: no guards, since its rows are made anew"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "fingerprint",
        sa.Column("hash", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("hash", "version", name=op.f("pk_fingerprint")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "common_fingerprint",
        sa.Column("hash", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("outlet", sa.BigInteger(), nullable=True),
        sa.Column("first", sa.BigInteger(), nullable=True),
        sa.Column("second", sa.BigInteger(), nullable=True),
        sa.Column("third", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_common_fingerprint")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "linked",
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("item", sa.BigInteger(), nullable=False),
        sa.Column("twin", sa.BigInteger(), nullable=False),
        sa.Column("outlet", sa.BigInteger(), nullable=True),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_linked")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "link",
        sa.Column("later", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("earlier", sa.BigInteger(), nullable=False),
        sa.Column("label", sa.String(length=32), nullable=False),
        sa.Column("covered", sa.Integer(), nullable=False),
        sa.Column("covered_there", sa.Integer(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("words_there", sa.Integer(), nullable=False),
        sa.Column("spans", sa.Text(), nullable=False),
        sa.Column("method", sa.String(length=64), nullable=False),
        sa.Column("method_version", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("later", "earlier", name=op.f("pk_link")),
    )
    op.create_index("ix_link_earlier", "link", ["earlier", "later"], unique=False)
    op.create_table(
        "claim_mark",
        sa.Column("hash", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("passage", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("hash", "version", "passage", name=op.f("pk_claim_mark")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "link_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("method", sa.String(length=64), nullable=False),
        sa.Column("method_version", sa.String(length=64), nullable=False),
        sa.Column("rebuilding", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_state")),
    )
    state = sa.table(
        "link_state",
        *(sa.column(name) for name in ("id", "position", "method", "method_version")),
        sa.column("rebuilding", sa.Boolean()),
    )
    start = {"position": 0, "method": "", "method_version": "", "rebuilding": False}
    op.bulk_insert(state, [{"id": 1, **start}, {"id": 2, **start}])
