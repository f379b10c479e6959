"""Job maps in the studio."""

import pytest

ADDRESSES = ["/studio/maps/", "/studio/maps/retain", "/studio/maps/-/side-by-side"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_maps_need_a_login(visitor, address):
    answer = visitor.get(address)
    assert answer.status_code == 303
    assert "/studio/login" in answer.location


def test_every_map_is_listed_with_its_shared_outcomes(client):
    page = client.get("/studio/maps/").text
    for title in ("Acquire new customers", "Retain defecting customers", "Leverage"):
        assert title in page


def test_a_map_shows_both_phrasings_and_where_else_an_outcome_is_used(client):
    page = client.get("/studio/maps/retain").text
    assert "Minimize the likelihood that a lead handed over gets no follow-up" in page
    assert "know which leads handed over got no follow-up" in page
    assert "also in" in page
    assert 'href="/studio/maps/acquire#hand-over"' in page


def test_the_workspaces_map_replaces_the_shipped_one(client):
    assert "made up" not in client.get("/studio/maps/retain").text
    assert "customers who are about to leave" in client.get("/studio/maps/retain").text


def test_maps_stand_side_by_side_by_stage(client):
    page = client.get("/studio/maps/-/side-by-side?map=acquire&map=retain").text
    assert "Select a target audience" in page
    assert "Notice that a customer is leaving" in page
    assert "1 shared outcome" in page
    assert client.get("/studio/maps/-/side-by-side?map=nothing").status_code == 200


def test_a_map_that_cannot_be_read_is_named_with_its_place(client, settings):
    (settings.workspace / "maps" / "broken.yaml").write_text("map: broken\n\tjob: x\n")
    page = client.get("/studio/maps/").text
    assert "broken.yaml:2" in page
    assert client.get("/studio/maps/broken").status_code == 404


def test_texts_of_a_map_cannot_run(client, settings):
    path = settings.workspace / "maps" / "retain.yaml"
    path.write_text(path.read_text().replace("title: Retain defecting customers", "title: <script>alert(1)</script>"))
    for address in ADDRESSES:
        assert "<script>alert" not in client.get(address).text
