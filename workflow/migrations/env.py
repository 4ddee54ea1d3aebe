"""Alembic environment: always runs on the connection that `workflow.database.migrate` hands in."""

from alembic import context
from sqlmodel import SQLModel

import workflow.models  # noqa: F401  (registers the tables)

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
