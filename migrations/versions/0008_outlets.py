"""which versions an outlet is named for, so that a look at a large archive is quick"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

OF_OUTLETS = sa.text("about = 'outlet'")


def upgrade():
    op.create_index(
        op.f("ix_statement_outlet"),
        "statement",
        ["version_id"],
        unique=False,
        sqlite_where=OF_OUTLETS,
        postgresql_where=OF_OUTLETS,
    )
