"""Files to take away hold what the page shows, under a name that says what they are."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re

import openpyxl
import pytest
from flask.testing import FlaskClient

from jtbd.report.vega import bundle_name
from jtbd.web.services import Services

FILTER = "?where.mode=retain"


@pytest.mark.parametrize(
    ("path", "begins", "name"),
    [
        ("ranking.csv", b"outcome,", "tiny-ranking-2026-03-02-simulated.csv"),
        ("ranking.xlsx", b"PK", "tiny-ranking-2026-03-02-simulated.xlsx"),
        ("ranking.json", b"{", "tiny-ranking-2026-03-02-simulated.json"),
        ("ranking.png", b"\x89PNG", "tiny-ranking-2026-03-02-simulated.png"),
        ("ranking.pdf", b"%PDF", "tiny-ranking-2026-03-02-simulated.pdf"),
        ("landscape.svg", b"<svg", "tiny-landscape-2026-03-02-simulated.svg"),
        ("landscape.png", b"\x89PNG", "tiny-landscape-2026-03-02-simulated.png"),
        ("landscape.html", b"<!DOCTYPE html>", "tiny-landscape-2026-03-02-simulated.html"),
        ("roadmap.csv?solution=suite", b"position,", "tiny-roadmap-vendor-2026-03-02-simulated.csv"),
        ("roadmap.csv?organisation=Organisation+A", b"position,", "tiny-roadmap-buyer-2026-03-02-simulated.csv"),
    ],
)
def test_downloads_open_under_a_telling_name(client: FlaskClient, path: str, begins: bytes, name: str) -> None:
    answer = client.get(f"/studio/tiny/{path}")
    assert answer.status_code == 200
    assert answer.data.startswith(begins)
    assert f"filename={name}" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_all_tables_honour_the_filters_and_agree(client: FlaskClient) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get(f"/studio/tiny/ranking.csv{FILTER}").text)))
    scores = json.loads(client.get(f"/studio/tiny/ranking.json{FILTER}").data)
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/studio/tiny/ranking.xlsx{FILTER}").data))
    head, *lines = book["Ranking"].iter_rows(values_only=True)
    place = head.index("opportunity")
    assert scores["provenance"]["where"] == ["mode=retain"]
    expected = [one["opportunity"] for one in scores["scores"]]
    assert [float(row["opportunity"]) if row["opportunity"] else None for row in rows] == expected
    assert [line[place] for line in lines] == [pytest.approx(one) if one is not None else None for one in expected]
    everybody = json.loads(client.get("/studio/tiny/ranking.json").data)
    assert everybody["scores"] != scores["scores"]


def test_the_page_shows_the_figures_of_the_file(client: FlaskClient) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/studio/tiny/ranking.csv").text)))
    shown = re.findall(r'<td role="cell" class="num score"><b>([\d.]+)</b>', client.get("/studio/tiny/ranking").text)
    assert shown == [f"{float(row['opportunity']):.1f}" for row in rows]


def test_the_chart_follows_filters_and_theme(client: FlaskClient) -> None:
    light = json.loads(client.get("/studio/tiny/landscape.json").data)
    dark = json.loads(client.get("/studio/tiny/landscape.json?theme=dark").data)
    assert light["config"]["background"] != dark["config"]["background"]
    assert "SIMULATED DATA" in json.dumps(light["title"])
    some = json.loads(client.get(f"/studio/tiny/landscape.json{FILTER}").data)
    assert "Keeping customers" in json.dumps(some["title"])


def test_there_is_no_roadmap_of_nobody(client: FlaskClient) -> None:
    assert client.get("/studio/tiny/roadmap.csv").status_code == 404


def test_vega_is_served_small_and_kept(client: FlaskClient) -> None:
    address = f"/studio/-/{bundle_name()}"
    packed = client.get(address, headers={"Accept-Encoding": "gzip, br"})
    plain = client.get(address)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < 400_000
    assert "immutable" in plain.headers["Cache-Control"]
    assert "Accept-Encoding" in plain.headers["Vary"]
    services: Services = client.application.extensions["jtbd"]
    assert (services.settings.workspace / "cache" / bundle_name()).is_file()
    assert client.get("/studio/-/vega-0000.js").status_code == 404
