"""Collects the interface's texts from code and templates: ``python -m tests.translation.extract``.

It writes the template of originals, and brings the shipped translations up to date with it.
"""

from __future__ import annotations

import io
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import write_po

from jtbd._version import __version__
from jtbd.settings import Settings
from jtbd.translation.interface import interface_languages, interface_to_fill

ROOT = Path(__file__).parents[2]
TEMPLATE = ROOT / "templates" / "translations" / "interface.pot"

# what respondents read; the studio is in English
READ_BY = [
    ("jtbd/web/app.py", "python"),
    ("jtbd/web/language.py", "python"),
    ("jtbd/web/respond/**.py", "python"),
    ("jtbd/survey/**.py", "python"),
    ("templates/base.html", "jinja2"),
    ("templates/error.html", "jinja2"),
    ("templates/respond/**.html", "jinja2"),
]
KEYWORDS = {**DEFAULT_KEYWORDS, "gettext_noop": None}


def extract() -> Catalog:
    """Every interface text in the code and the templates as they are."""
    catalog = Catalog(
        project="jtbd",
        version=__version__,
        msgid_bugs_address="",
        header_comment="# The texts of the interface that respondents read. Made from the code: do not edit.",
    )
    found = []
    for folder in ("jtbd", "templates"):
        mapping = [(pattern.removeprefix(f"{folder}/"), method) for pattern, method in READ_BY if folder in pattern]
        for file, _, message, comments, context in extract_from_dir(ROOT / folder, mapping, keywords=KEYWORDS):
            found.append((f"{folder}/{file}", message, comments, context))
    for file, message, comments, context in sorted(found, key=lambda one: one[0]):
        catalog.add(message, locations=[(file, 0)], auto_comments=comments, context=context)
    return catalog


def main() -> None:
    """Write the template and the shipped translations."""
    buffer = io.BytesIO()
    write_po(buffer, extract(), width=100, include_lineno=False)
    TEMPLATE.write_bytes(buffer.getvalue())
    checkout = Settings.read(ROOT, {})
    for language in interface_languages(checkout)[1:]:
        update = interface_to_fill(checkout, language)
        update.path.write_bytes(update.content)
        print(f"{update.path.relative_to(ROOT)}: {update.counts}")


if __name__ == "__main__":
    main()
