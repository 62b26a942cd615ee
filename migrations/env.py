"""Alembic's entry: it is handed a connection and takes no address and no logging settings of its own."""

from alembic import context
from sqlalchemy import Enum

import archive.catalog.link_tables  # noqa: F401 - its tables are to be known as well
from archive.catalog.columns import DigestColumn
from archive.catalog.tables import Row


def render_item(kind, item, autogen):
    """Keep our own types out of migration files: a digest is a string there, and so is an enumeration."""
    if kind == "type" and isinstance(item, DigestColumn):
        return "sa.String(length=160)"
    if kind == "type" and isinstance(item, Enum):
        return f"sa.String(length={item.length})"
    if kind == "type" and type(item).__module__.startswith("sqlmodel"):
        autogen.imports.add("import sqlalchemy as sa")
        return (
            "sa.DateTime(timezone=True)"
            if "time" in type(item).__name__.lower()
            else f"sa.String(length={item.length})"
        )
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Row.metadata,
    transactional_ddl=True,
    render_as_batch=False,
    render_item=render_item,
)
with context.begin_transaction():
    context.run_migrations()
