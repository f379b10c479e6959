"""Pages for strategists and planners."""

from jtbd.web.studio import accounts, change, downloads, fielding, maps, quality, running, verbatims, views
from jtbd.web.studio.blueprint import blueprint

__all__ = [
    "accounts",
    "blueprint",
    "change",
    "downloads",
    "fielding",
    "maps",
    "quality",
    "running",
    "verbatims",
    "views",
]
