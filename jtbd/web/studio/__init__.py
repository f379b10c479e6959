"""Pages for strategists and planners."""

from jtbd.web.studio import accounts, downloads, maps, views
from jtbd.web.studio.blueprint import blueprint

__all__ = ["accounts", "blueprint", "downloads", "maps", "views"]
