"""What is in the wheel, and whether it runs away from the checkout."""

import ast
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
IMPORT_NAMES = {
    "argon2-cffi": "argon2", "ruamel.yaml": "ruamel", "vl-convert-python": "vl_convert", "psycopg": "psycopg",
    "pyyaml": "yaml",
    "scikit-learn": "sklearn",
}  # fmt: skip


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


@pytest.mark.parametrize(
    "path",
    [
        "jtbd/_data/maps/retain.yaml",
        "jtbd/_data/maps/shared.yaml",
        "jtbd/_data/maps/lint/words.yaml",
        "jtbd/_data/surveys/revenue-modes.yaml",
        "jtbd/_data/surveys/retain.yaml",
        "jtbd/_data/templates/base.html",
        "jtbd/_data/templates/translations/interface.de.po",
        "jtbd/_data/templates/translations/interface.pot",
        "jtbd/_data/templates/starter/README.md",
        "jtbd/_data/templates/starter/maps/find-volunteers.yaml",
        "jtbd/web/static/respond.css",
        "jtbd/web/static/studio.css",
        "jtbd/py.typed",
    ],
)
def test_data_is_in_the_wheel(unpacked, path):
    assert (unpacked / path).is_file()


def test_nothing_else_is_at_the_top_of_the_wheel(unpacked):
    assert {path.name for path in unpacked.iterdir() if not path.name.endswith(".dist-info")} == {"jtbd"}


def test_the_wheel_runs_away_from_the_checkout(unpacked, tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(unpacked)}
    code = "import jtbd, sys; from jtbd.cli.main import main; print(jtbd.__file__, file=sys.stderr); main()"

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", code, *arguments]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    done = run("map", "lint")
    assert done.returncode == 0, done.stderr
    assert str(unpacked) in done.stderr, "the unpacked wheel was tested, not the checkout"
    assert run("demo", "--no-serve", "--respondents", "10").returncode == 0


def declared() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = [name for group in project["optional-dependencies"].values() for name in group]
    names = {re.split(r"[\[<>=]", line)[0] for line in [*project["dependencies"], *extras]}
    return {IMPORT_NAMES.get(name, name).replace("-", "_") for name in names}


def test_every_import_is_declared():
    imported = set()
    for path in (ROOT / "jtbd").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                imported |= {name.name.split(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                imported.add(node.module.split(".")[0])
    outside = imported - set(sys.stdlib_module_names) - {"jtbd", "_typeshed"}  # the last is there for mypy alone
    assert {"flask", "sqlalchemy", "scipy"} <= outside
    assert outside - declared() == set()
