"""The respondents' workspace and clock, and the command line."""

from tests.cli.conftest import run  # noqa: F401  fixtures
from tests.web.conftest import clock, settings  # noqa: F401
