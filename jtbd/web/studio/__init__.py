"""Pages for strategists and planners."""

from jtbd.web.studio import accounts, downloads, maps, quality, views
from jtbd.web.studio.blueprint import blueprint

__all__ = ["accounts", "blueprint", "downloads", "maps", "quality", "views"]
