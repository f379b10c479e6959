"""Every test of the store runs on both kinds of database."""

from tests.databases import database, database_url, empty_url, migrated_file, postgres_server

__all__ = ["database", "database_url", "empty_url", "migrated_file", "postgres_server"]
