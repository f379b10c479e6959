"""The documentation says what the product does: commands, issue codes, columns and settings appear in it."""

import ast
import re
import runpy
from pathlib import Path

import pytest

import jtbd
from jtbd.analysis import Query, analyse, open_source
from jtbd.analysis.planning import plan, separate
from jtbd.report.plan import plan_table, separation_table
from jtbd.scoring.planning import Assumptions
from jtbd.settings import SETTINGS, Settings
from jtbd.store.schema import metadata
from tests.reference import DATA

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
NOT_CODES = {
    "python-format",
    "utf-8",
    "utf-8-sig",
    "same-origin",
    "no-store",
    "revenue-modes",
    "in-life",
    "jtbd-assets",
}


def test_the_commands_page_is_current():
    page = runpy.run_path(str(DOCS / "generate.py"))
    assert (DOCS / "commands.md").read_text() == page["text"](), "write it anew: make docs/commands.md"


def issue_codes(*rooms: str) -> set[str]:
    """Kebab-case strings of the rooms that report issues: their codes."""
    found = set()
    for room in rooms or ("translation", "jobmap", "jobmap/rules", "survey", "ratings", "analysis", "cli"):
        for path in (ROOT / "jtbd" / room).glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                text = str(node.value) if isinstance(node, ast.Constant) else ""
                if re.fullmatch(r"[a-z]+(-[a-z0-9]+)+", text):
                    found.add(text)
    return found - NOT_CODES


def test_every_issue_code_is_documented():
    page = (DOCS / "issues.md").read_text()
    codes = issue_codes()
    assert len(codes) > 60
    assert sorted(code for code in codes if f"`{code}`" not in page) == []


def test_every_rule_of_the_map_linter_is_explained():
    page = (DOCS / "map-linter.md").read_text()
    codes = issue_codes("jobmap/rules")
    assert len(codes) > 15
    assert sorted(code for code in codes if f"`{code}`" not in page) == []


@pytest.mark.parametrize(
    "options", [{}, {"by": "segment", "method": "gap"}, {"method": "all", "distribution": True, "stabilised": True}]
)
def test_every_column_is_documented(options):
    page = (DOCS / "columns.md").read_text()
    names = {re.sub(r"(importance|satisfaction)_(share|count)_\d", r"importance_\2_1", n) for n in scored(options)}
    assert [name for name in names if f"`{name}`" not in page] == []


def scored(options: dict) -> list[str]:
    return list(jtbd.score(DATA, **options).columns)


def test_every_column_of_quality_is_documented():
    page = (DOCS / "columns.md").read_text()
    known = [name.replace("_satisfaction", "_importance") for name in jtbd.quality(DATA).columns]
    assert [name for name in known if f"`{name}`" not in page] == []


def test_every_column_of_a_change_and_of_a_plan_is_documented():
    page = (DOCS / "columns.md").read_text()
    change = jtbd.changes(DATA, waves="segment").columns
    planned = plan_table(plan(10, 50, 5, Assumptions())).columns
    fielded = separation_table(separate(analyse(open_source(str(DATA), Settings.read(None)), Query()), 2)).columns
    assert [name for name in [*change, *planned, *fielded] if f"`{name}`" not in page] == []


def test_the_settings_documented_are_those_there_are():
    page = (DOCS / "operations.md").read_text()
    table = [line for line in page.splitlines() if line.startswith("| `") and "JTBD_" in line]
    documented = {name: line for line in table for name in re.findall(r"`(JTBD_[A-Z_]+)`", line.split("|")[1])}
    assert sorted(documented) == sorted(SETTINGS)
    settings = Settings.read(None, {})
    for name, value in settings.environment().items():
        if name not in ("JTBD_WORKSPACE", "JTBD_DATABASE_URL") and value:
            assert f"`{value}`" in documented[name] or f"| {value}:" in documented[name]
    assert set(re.findall(r"JTBD_[A-Z_]+", (ROOT / "jtbd" / "settings.py").read_text())) == set(SETTINGS)


def test_every_source_of_a_formula_is_in_the_methods():
    """Names and years cited in docstrings of the scoring rooms stand in docs/methods.md."""
    page = (DOCS / "methods.md").read_text()
    cited = set()
    for room in ("scoring", "ratings", "tally", "roadmap"):
        for path in (ROOT / "jtbd" / room).glob("*.py"):
            cited |= set(re.findall(r"([A-Z][a-zà-ž]+) (?:[12][0-9]{3})", path.read_text()))
    assert {"Ulwick", "Woodruff", "Holm", "Wilson"} <= cited
    assert [name for name in cited if name not in page] == []


def test_every_column_is_in_the_inventory_of_personal_data():
    """The tables of docs/privacy.md name each column of the database, and nothing that is not there."""
    listed, table = [], ""
    for line in (DOCS / "privacy.md").read_text().splitlines():
        if line.startswith("| ") and not line.startswith("| table"):
            cells = [cell.strip() for cell in line.split("|")[1:-1]]
            table = cells[0].strip("`") or table
            listed += [(table, column) for column in re.findall(r"`(\w+)`", cells[1])]
    stored = {(table.name, column.name) for table in metadata.sorted_tables for column in table.columns}
    assert len(listed) == len(set(listed))
    assert set(listed) == stored
