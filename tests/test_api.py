"""The API: the same figures as the command, validators, errors that say what to do, and a description that holds."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from starlette.applications import Starlette
from starlette.testclient import TestClient

from geo import api, api_answers, api_page, boundaries, codes, dataset, filters, library, tables
from geo.api_contents import ENDPOINTS
from geo.cli import main
from geo.dataset import Dataset
from geo.export import geojson
from geo.filters import Filters
from geo.store import StoreError

BASE = "/api/v1"


@pytest.fixture(scope="module")
def data() -> Dataset:
    return library.embedded()


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with TestClient(Starlette(routes=api.routes()), follow_redirects=False) as one:
        yield one


def get(client: TestClient, path: str, **headers: str) -> Any:
    answer = client.get(BASE + path, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


# ---- figures


@pytest.mark.parametrize("by", tables.BREAKDOWNS)
def test_the_summary_is_that_of_the_command(client: TestClient, by: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["summary", "--by", by, "--format", "json", "--sdg", "6", "--sdg", "13", "--years", "2020-2026"]) == 0
    got = get(client, f"/summary?by={by}&sdg=6&sdg=13&years=2020-2026")
    assert got.pop("version")["data"] == library.embedded().digest
    assert got == json.loads(capsys.readouterr().out)
    assert got["total"] == got["located"] + got["nationwide"] + got["unlocated"] > 0


def test_the_pages_of_activities_are_the_selection_once_each(client: TestClient, data: Dataset) -> None:
    wanted = [data.activities[row].activity_id for row in filters.apply(data, Filters(sdg=("6",))).nonzero()[0]]
    path, seen, pages = "/activities?sdg=6&limit=7", [], 0
    while path:
        got = get(client, path)
        assert got["total"] == len(wanted)
        seen += [one["activity_id"] for one in got["activities"]]
        assert (got["previous"] is None) == (pages == 0)
        path = (got["next"] or "").removeprefix(BASE)
        pages += 1
    assert seen == wanted
    assert pages == -(-len(wanted) // 7) > 1
    link = client.get(f"{BASE}/activities?sdg=6&limit=7&offset=7").headers["link"]
    assert re.findall(r'rel="(\w+)"', link) == ["next", "prev"]


def test_an_activity_comes_with_its_evidence(client: TestClient, data: Dataset) -> None:
    row = next(row for row, one in enumerate(data.corrected.decisions) if one.evidence)
    got = get(client, f"/activities/{quote(data.activities[row].activity_id, safe='')}")
    assert got.pop("version")["published"] == data.published
    assert got == json.loads(json.dumps(tables.activity(data, row)))
    assert got["corrected"]["evidence"]


@pytest.mark.parametrize("found", [Filters(), Filters(sdg=("18",), level="adm2", view="registered")], ids=repr)
def test_areas_have_their_boundaries_and_figures(client: TestClient, data: Dataset, found: Filters) -> None:
    got = get(client, f"/areas.geojson{found.to_link()}")
    level: Any = "adm2" if found.level == "adm2" else "adm1"
    rows = {row["pcode"]: row for row in tables.area_rows(data, tables.summarise(data, found)[0])}
    shapes = {one["id"]: one["geometry"] for one in json.loads(boundaries.geojson(level))["features"]}
    assert {one["id"]: one["geometry"] for one in got["features"]} == shapes
    for one in got["features"]:
        for name, value in rows[one["id"]].items():
            assert one["properties"][name] == value
    assert got["about"]["total"] == int(filters.apply(data, found).sum())


def test_points_are_the_bytes_of_the_file(client: TestClient, data: Dataset) -> None:
    got = client.get(f"{BASE}/activities.geojson?sdg=6&lang=lo")
    assert got.content == geojson.render(data, Filters(sdg=("6",), lang="lo"))
    assert got.headers["content-type"] == "application/geo+json"


def test_goals_have_their_colours(client: TestClient, data: Dataset) -> None:
    got = get(client, "/goals?agency=WFP")["goals"]
    assert [(one["sdg"], one["colour"]) for one in got] == [(one.number, one.colour) for one in codes.goals()]
    counts = tables.summarise(data, Filters(agency=("WFP",)))[0].goals
    assert [one["activities"] for one in got] == counts.tolist()


def test_a_copied_link_is_a_query(client: TestClient, data: Dataset) -> None:
    found = Filters(area=("LA17",), focus="LA17", activity=data.activities[0].activity_id, lang="lo", kind=("story",))
    link = found.to_link(always=("lang",))
    assert get(client, f"/summary{link}")["total"] == int(filters.apply(data, found).sum())


def test_a_pinned_version_is_answered_and_an_unknown_one_named(client: TestClient) -> None:
    assert get(client, "/summary?version=embedded") == get(client, "/summary")
    told = client.get(f"{BASE}/summary?version=999").json()
    assert (told["status"], told["parameter"]) == (400, "version")


# ---- caches, methods, browsers


def test_an_answer_is_sent_again_only_when_it_changed(client: TestClient) -> None:
    for path in ("/summary?sdg=6", "/activities?limit=5", "/activities.geojson", "/openapi.json", "/"):
        first = client.get(BASE + path)
        etag = first.headers["etag"]
        again = client.get(BASE + path, headers={"If-None-Match": f'"other", {etag}'})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == etag
        assert again.headers["cache-control"] == first.headers["cache-control"] == "public, max-age=60"
        assert client.get(BASE + path, headers={"If-None-Match": '"other"'}).status_code == 200
        assert client.get(BASE + path, headers={"If-None-Match": "*"}).status_code == 304
    tags = [client.get(f"{BASE}{path}").headers["etag"] for path in ("/summary", "/summary?sdg=6", "/summary?by=goal")]
    tags += [client.get(f"{BASE}{path}").headers["etag"] for path in ("/activities", "/activities?offset=1", "/goals")]
    assert len(set(tags)) == len(tags)
    assert (
        client.get(f"{BASE}/summary?sdg=13,6").headers["etag"]
        == client.get(f"{BASE}/summary?sdg=6&sdg=13").headers["etag"]
    )


def test_the_validator_changes_with_the_data(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    before = client.get(f"{BASE}/summary").headers["etag"]
    row = next(row for row, one in enumerate(library.embedded().corrected.decisions) if one.scope == "nationwide")
    part = dataset.build(library.embedded().activities[row : row + 1], digest="other")
    monkeypatch.setattr(library, "at", lambda name: part)
    after = client.get(f"{BASE}/summary", headers={"If-None-Match": before})
    assert after.status_code == 200
    assert after.json()["total"] == 1


def test_head_has_the_headers_alone(client: TestClient) -> None:
    whole, head = client.get(f"{BASE}/goals", headers={"Accept-Encoding": "identity"}), client.head(f"{BASE}/goals")
    assert (head.status_code, head.content) == (200, b"")
    for name in ("etag", "content-type", "cache-control", "access-control-allow-origin", "content-length"):
        assert head.headers[name] == whole.headers[name]


def test_pages_of_other_hosts_may_read(client: TestClient) -> None:
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "GET"}
    for path in ("/summary", "/activities/x", "/nowhere"):
        answer = client.options(BASE + path, headers=asked)
        if path != "/nowhere":
            assert answer.status_code == 204
        assert answer.headers["access-control-allow-origin"] == "*"
    assert client.get(f"{BASE}/summary?sdg=99").headers["access-control-allow-origin"] == "*"


def test_a_large_answer_is_compressed(client: TestClient) -> None:
    answer = client.get(f"{BASE}/activities.geojson", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) < len(answer.content) / 3
    assert "content-encoding" not in client.get(f"{BASE}/goals", headers={"Accept-Encoding": "identity"}).headers


# ---- errors


@pytest.mark.parametrize(
    ("path", "status", "kind", "parameter", "part"),
    [
        ("/summary?sdg=99", 400, "unknown_filter", "sdg", "99"),
        ("/summary?agency=NOBODY", 400, "unknown_filter", "agency", "NOBODY"),
        ("/activities?years=20x", 400, "unknown_filter", "years", "2015-2020"),
        ("/summary?version=7x", 400, "unknown_filter", "version", "7x"),
        ("/summary?sgd=6", 400, "unknown_parameter", "sgd", "sdg"),
        ("/summary?limit=6", 400, "unknown_parameter", "limit", "sdg"),
        ("/columns?sdg=6", 400, "unknown_parameter", "sdg", "no parameter"),
        ("/summary?by=moon", 400, "unknown_breakdown", "by", "province"),
        ("/activities?limit=0", 400, "bad_number", "limit", "1000"),
        ("/activities?limit=9999", 400, "bad_number", "limit", "1000"),
        ("/activities?offset=-1", 400, "bad_number", "offset", "whole number"),
        ("/activities?offset=%E0%BB%91", 400, "bad_number", "offset", "whole number"),
        ("/activities/nothing-like-it", 404, "unknown_activity", None, "the id of an activity"),
        ("/activities/a%2Fb%00c", 404, "unknown_activity", None, "the id of an activity"),
        ("/nowhere", 404, "not_found", None, "/api/v1/summary"),
        ("/summary/more", 404, "not_found", None, "/api/v1/summary"),
    ],
)
def test_an_error_says_what_was_got_expected_and_next(
    client: TestClient, path: str, status: int, kind: str, parameter: str | None, part: str
) -> None:
    answer = client.get(BASE + path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    told = answer.json()
    assert told["type"] == f"{BASE}/#{kind}"
    assert told["status"] == status
    assert told.get("parameter") == parameter
    assert part in told["detail"]
    assert all(told[name] for name in ("title", "got", "expected", "next"))
    assert answer.headers["cache-control"] == "no-store"
    assert f'id="{kind}"' in client.get(f"{BASE}/").text


def test_nothing_can_be_written(client: TestClient) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answer = client.request(method, f"{BASE}/activities", content=b"{}")
        assert answer.status_code == 405
        assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
        assert answer.json()["type"].endswith("#read_only")


def test_a_fault_of_ours_tells_nothing_of_the_inside(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(name: str) -> Dataset:
        raise RuntimeError("a secret path")

    monkeypatch.setattr(library, "at", broken)
    answer = client.get(f"{BASE}/summary")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "secret" in caplog.text


def test_a_store_that_fails_is_unavailable(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> Dataset:
        raise StoreError("sqlite:///somewhere")

    monkeypatch.setattr(library, "at", broken)
    answer = client.get(f"{BASE}/summary")
    assert answer.status_code == 503
    assert "somewhere" not in answer.text


# ---- description


def test_the_description_is_valid_openapi(client: TestClient) -> None:
    document = get(client, "/openapi.json")
    OpenAPIV31SpecValidator(document).validate()
    assert set(document["paths"]) == {one.path for one in ENDPOINTS}
    for path in document["paths"].values():
        assert path["get"]["summary"]
        assert path["get"]["responses"].keys() >= {"200", "304", "400"}
    for parameter in document["components"]["parameters"].values():
        assert parameter["description"]


def test_every_answer_is_as_described(client: TestClient, data: Dataset) -> None:
    document = get(client, "/openapi.json")
    for one in ENDPOINTS:
        rows = range(len(data)) if "{activity_id}" in one.path else range(1)
        schema = {**document, "$ref": f"#/components/schemas/{one.schema}"}
        validator = OAS31Validator(schema)
        for row in list(rows)[:40]:
            path = one.path.replace("{activity_id}", quote(data.activities[row].activity_id, safe=""))
            for query in {"", one.example}:
                answer = client.get(BASE + path + query)
                assert answer.status_code == 200, answer.text
                assert answer.headers["content-type"].split(";")[0] == one.kind
                validator.validate(answer.json())
    wrong = {**get(client, "/goals"), "goals": [{"sdg": "one"}]}
    goals = OAS31Validator({**document, "$ref": "#/components/schemas/Goals"})
    assert not goals.is_valid(wrong)


@pytest.mark.parametrize("language", ["en", "lo"])
def test_the_page_lists_every_address(client: TestClient, language: str) -> None:
    answer = client.get(f"{BASE}/?lang={language}")
    assert answer.headers["content-type"] == api.HTML
    assert f'<html lang="{language}">' in answer.text
    assert "<script" not in answer.text
    for one in ENDPOINTS:
        assert f"{BASE}{one.path}" in answer.text
    for address in re.findall(r'href="([^"]+)"', answer.text):
        assert client.get(address.replace("&amp;", "&")).status_code == 200
    assert client.get(BASE).headers["location"] == f"{BASE}/"


def test_addresses_begin_with_the_server_s_own() -> None:
    with TestClient(Starlette(routes=api.routes("/map"))) as client:
        got = client.get("/map/api/v1/activities?limit=1").json()
        assert got["next"].startswith("/map/api/v1/activities?")
        assert client.get("/map/api/v1/openapi.json").json()["servers"] == [{"url": "/map/api/v1"}]
        assert client.get("/map/api/v1/x").json()["type"] == "/map/api/v1/#not_found"


def test_weak_and_strong_validators_are_compared_alike() -> None:
    assert api_answers.matches('W/"a"', 'W/"a"')
    assert api_answers.matches('"b", "a"', 'W/"a"')
    assert not api_answers.matches('"b"', 'W/"a"')
    assert not api_answers.matches("", 'W/"a"')
    assert api_page.STYLE


@pytest.mark.browser
def test_the_running_server_answers_with_its_security_headers(app_server: str, data: Dataset) -> None:
    asked = urllib.request.Request(f"{app_server}{BASE}/summary?sdg=6", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(asked) as answer:
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["ETag"].startswith('W/"')
        assert answer.headers["Content-Encoding"] == "gzip"
    with urllib.request.urlopen(f"{app_server}{BASE}/summary?sdg=6") as answer:
        assert json.load(answer)["total"] == int(filters.apply(data, Filters(sdg=("6",))).sum())
