"""Whatever people write into maps, surveys, answers, files and forms is shown as text and never run."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from bs4 import BeautifulSoup, XMLParsedAsHTMLWarning
from flask import Flask
from sqlalchemy import update

from jtbd.analysis import Query, analyse, open_source
from jtbd.report import charts
from jtbd.settings import Settings
from jtbd.simulation import simulate_into
from jtbd.store import exclusions
from jtbd.store.accounts import add_account, set_password
from jtbd.store.database import Database
from jtbd.store.schema import answer
from jtbd.store.surveys import publish
from jtbd.store.waves import open_wave
from jtbd.survey.compile import load_survey
from jtbd.survey.preview import preview_token
from jtbd.web.app import create_app
from tests.security.test_doors import doors
from tests.survey.samples import ACQUIRE, RETAIN, TINY, write
from tests.web.visitor import ABOUT, FIRST, LAST, Visitor
from tests.web_studio.conftest import NOW, PASSWORD, Clock, send, token_in

EVIL = "\"'><x-forged onclick=alert(1)></script></style></svg><script>alert(2)</script>{{ 7*7 }}<!--"
TEXTS = {
    "title", "introduction", "consent", "text", "hint", "thanks", "job", "executor", "source", "domain", "outcome",
    "ability", "functions", "phrase",
}  # fmt: skip
"""Keys of YAML files whose texts people may write as they like."""


def spoil(node: Any, key: str = "") -> Any:
    if isinstance(node, dict):
        return {name: spoil(value, name) for name, value in node.items()}
    if isinstance(node, list):
        return [spoil(value, key) for value in node]
    return f"{node} {EVIL}" if isinstance(node, str) and key in TEXTS else node


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A workspace in which every text that people may write holds a script."""
    folder = tmp_path_factory.mktemp("spoilt")
    for name, text in (("maps/acquire", ACQUIRE), ("maps/retain", RETAIN), ("surveys/tiny", TINY)):
        write(folder, f"{name}.yaml", yaml.safe_dump(spoil(yaml.safe_load(text)), allow_unicode=True))
    settings = Settings.read(folder, {})
    database = Database(settings.database_url)
    database.upgrade()
    publish(database, load_survey(settings, "tiny"), NOW)
    open_wave(database, "tiny", EVIL, NOW)
    simulate_into(database, "tiny", 60, 1, NOW)
    with database.write() as connection:
        said = update(answer).where(answer.c.question == "organisation").values(value=json.dumps(f"Acme {EVIL}"))
        connection.execute(said)
    exclusions.exclude(database, "tiny", [1, 2], EVIL, EVIL, NOW)
    add_account(database, EVIL, "admin", NOW)
    set_password(database, EVIL, PASSWORD, NOW)
    database.dispose()
    return settings


@pytest.fixture
def app(spoilt: Settings) -> Iterator[Flask]:
    app = create_app(spoilt, clock=Clock())
    app.testing = True
    yield app
    app.extensions["jtbd"].database.dispose()


def see_that_harmless(text: str, where: str) -> None:
    """No element, handler or script of ours or the browser's was made of what people wrote."""
    with warnings.catch_warnings():  # a picture is looked at as a page that holds it would show it
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        soup = BeautifulSoup(text, "html.parser")
    assert soup.find("x-forged") is None, where
    assert [tag.name for tag in soup.find_all(True) for name in tag.attrs if name.lower().startswith("on")] == [], where
    assert [one for one in soup.find_all("script") if "alert(2)" in str(one)[:60]] == [], where
    assert "49 " not in text or "{{ 7*7 }}" in text or "7*7" not in text, where


def test_pages_of_respondents(app: Flask, spoilt: Settings) -> None:
    respondent = Visitor(app.test_client())
    shown = []
    for path in ("/", "/s/tiny", f"/preview/{preview_token(spoilt.secret_key(), 'tiny')}", "/s/tiny"):
        respondent.get(path)
        shown.append(respondent.page.text)
    for page in ({"consent": "yes"}, {}, {**ABOUT, "organisation": EVIL}, {"mode": "retain"}, {}, FIRST, LAST):
        respondent.press(page)
        shown.append(respondent.page.text)
    for path in ("/s/tiny/about-1", "/s/tiny", "/s/tiny/thanks", "/r/" + EVIL.replace("/", ""), "/s/" + EVIL):
        respondent.get(path)
        shown.append(respondent.page.text)
    for text in shown:
        see_that_harmless(text, text[:400])
    assert sum("x-forged" in text for text in shown) >= 10  # it was there to be seen


def test_pages_and_pictures_of_the_studio(app: Flask) -> None:
    client = app.test_client()
    send(client, "/studio/login", name=EVIL, password=PASSWORD)
    held = 0
    asked = [address for endpoint, address in doors(app, "GET") if endpoint.startswith("studio.")]
    asked += ["/studio/tiny/landscape.svg", "/studio/tiny/landscape.html", "/studio/tiny/roadmaps?solution=suite"]
    asked += [f"/studio/tiny/roadmaps?organisation=Acme {EVIL}", f"/studio/tiny/ranking?where.organisation={EVIL}"]
    for address in asked:
        page = client.get(address)
        assert page.status_code < 500, address
        if page.mimetype in ("text/html", "image/svg+xml"):
            see_that_harmless(page.text, address)
            held += "x-forged" in page.text
    assert held > 8


def test_what_forms_bring_back(app: Flask) -> None:
    client = app.test_client()
    answer = send(client, "/studio/login", name=EVIL, password="wrong" + EVIL)
    see_that_harmless(answer.text, "login")
    assert "x-forged" in answer.text
    send(client, "/studio/login", name=EVIL, password=PASSWORD)
    token = token_in(client.get("/studio/").text)
    fields = {"csrf_token": token, "reason": EVIL, "who": EVIL, "action": EVIL}
    see_that_harmless(client.post("/studio/tiny/quality", data=fields).text, "quality")


@pytest.mark.parametrize("form", ["svg", "html"])
def test_charts_of_a_file_whose_columns_are_scripts(tmp_path: Path, form: str) -> None:
    path = tmp_path / "ratings.csv"
    head = ",".join(
        f'"{scale}_{name}{EVIL.replace(chr(34), chr(34) * 2)}"' for name in "ab" for scale in ("imp", "sat")
    )
    group = '"' + EVIL.replace('"', '""') + '"'
    path.write_text(f"segment,{head}\n" + f"{group},5,1,4,2\n" * 30)
    settings = Settings.read(tmp_path, {})
    analysis = analyse(open_source(str(path), settings), Query(by="segment"))
    for chart in (charts.landscape(analysis, EVIL), charts.ranking_chart(analysis, EVIL)):
        see_that_harmless(charts.render(chart, form).decode(), form)


def test_pages_run_no_script_of_their_own(app: Flask) -> None:
    """Even if one of these were shown as markup, the policy would keep it from running."""
    for address in ("/s/tiny", "/studio/login", "/nothing"):
        policy = app.test_client().get(address).headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert "base-uri 'none'" in policy
