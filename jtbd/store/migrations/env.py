"""How Alembic finds the database: :mod:`jtbd.store.migrate` hands it an open transaction."""

from alembic import context

from jtbd.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,  # of SQLite too, now that we say BEGIN ourselves
)
with context.begin_transaction():
    context.run_migrations()
