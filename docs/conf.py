"""Sphinx configuration: `make check` builds these pages with warnings as errors."""

from jtbd import __version__

project = "jtbd"
author = "the jtbd contributors"
release = __version__
extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = f"jtbd {__version__}"
html_static_path = ["_static"]
