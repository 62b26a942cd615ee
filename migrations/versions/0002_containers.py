"""where in a container a copy lies"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("capture", sa.Column("container_digest", sa.String(length=160), nullable=True))
    op.add_column("capture", sa.Column("place", sa.String(), nullable=True))
    op.add_column("capture", sa.Column("payload_digest", sa.String(length=160), nullable=True))
    op.create_index(op.f("ix_capture_container_digest"), "capture", ["container_digest"], unique=False)
    op.create_index(op.f("ix_capture_payload_digest"), "capture", ["payload_digest"], unique=False)
