"""What tests of several rooms share, set up once a worker: a real browser, a real PostgreSQL."""

from hypothesis import settings

from tests.browser.chromium import browser
from tests.databases import database_url, empty_url, migrated_file, postgres_server

__all__ = ["browser", "database_url", "empty_url", "migrated_file", "postgres_server"]

# how long an example takes is the business of the benchmarks
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
