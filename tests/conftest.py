"""What tests of several rooms share, set up once a worker: a real browser, a real PostgreSQL."""

from tests.browser.chromium import browser
from tests.databases import database_url, empty_url, migrated_file, postgres_server

__all__ = ["browser", "database_url", "empty_url", "migrated_file", "postgres_server"]
