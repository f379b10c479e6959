"""An oTree project with one app, logging as little as our own server does in its benchmark: errors."""

import logging

SESSION_CONFIGS = [{"name": "outcomes", "app_sequence": ["outcomes"], "num_demo_participants": 1}]
SESSION_CONFIG_DEFAULTS = {"real_world_currency_per_point": 1, "participation_fee": 0, "doc": ""}
LANGUAGE_CODE = "en"
SECRET_KEY = "of a benchmark on the loopback"  # noqa: S105  # nobody else reaches it

logging.disable(logging.WARNING)
