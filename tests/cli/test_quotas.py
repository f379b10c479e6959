"""Quotas from the command line."""

import json

from jtbd.store import responses
from jtbd.store.database import Database
from jtbd.store.surveys import publish
from jtbd.survey.compile import load_survey
from jtbd.survey.model import Submission
from tests.store.samples import NOW
from tests.survey.samples import GATED, small_workspace, write


def test_quotas_are_checked_and_shown(run, tmp_path):
    settings = small_workspace(tmp_path)
    write(tmp_path, "surveys/tiny.yaml", GATED)
    checked = run("survey", "check", "tiny")
    assert checked.returncode == 0
    assert "quota service-with-sheets: 1 of function=service, solution=sheets|separate" in checked.stdout

    database = Database(settings.database_url)
    database.upgrade()
    publish(database, load_survey(settings, "tiny"), NOW)
    for does, function in (("daily", "sales"), ("daily", "sales"), ("daily", "sales"), ("never", "sales")):
        begun = responses.begin(database, slug="tiny", kind="real", language="en", consent="yes", now=NOW)
        status = responses.save_page(database, begun.response_id, Submission("screening", {"does": does}, {}), NOW)
        if status == "in_progress":
            about = Submission("about-1", {"function": function, "solution": "suite"}, {})
            status = responses.save_page(database, begun.response_id, about, NOW)
        if status == "in_progress":
            responses.complete(database, begun.response_id, asked=set(), now=NOW)
    database.dispose()

    shown = run("survey", "quotas", "tiny")
    assert [line.split() for line in shown.stdout.splitlines()[:2]] == [
        ["quota", "where", "limit", "complete", "reserved", "free", "turned_away"],
        ["sales", "function=sales", "2", "2", "0", "0", "1"],
    ]
    assert "screened out by does: 1" in shown.stderr
    found = json.loads(run("survey", "quotas", "tiny", "--format", "json").stdout)
    assert found["provenance"] == {"survey": "tiny", "wave": None, "screened_out": {"does": 1}}
    assert found["quotas"][1]["free"] == 1
    assert "1 screened out, 1 over quota" in run("survey", "list").stdout
