"""Every test of the store runs on both kinds of database."""

from tests.databases import database

__all__ = ["database"]
