"""Pages for respondents. They work without JavaScript and lose no answer that reached the server."""

from jtbd.web.respond import background, erasure, invited, pages, start
from jtbd.web.respond.visit import blueprint

__all__ = ["background", "blueprint", "erasure", "invited", "pages", "start"]
