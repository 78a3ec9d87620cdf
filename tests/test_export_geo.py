"""GeoJSON, GeoPackage and GeoParquet of a selection: what stands in them, where, and that it comes back in."""

from __future__ import annotations

import io
import json
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo import boundaries, codes, dataset, filters, intake, library, tables
from geo.dataset import Dataset
from geo.export import csvfile, dictionary, geojson, geopackage, geoparquet, records
from geo.fields import Activity, PartialDate
from geo.filters import Filters
from geo.money import Money
from tests.support_data import datasets
from tests.support_export import PLACES, VIEWS, fresh, hostile

RENDERERS: dict[str, Callable[[Dataset, Filters], bytes]] = {
    "geojson": geojson.render,
    "geopackage": geopackage.render,
    "geoparquet": geoparquet.render,
}


@pytest.fixture(scope="module")
def data() -> Dataset:
    return library.embedded()


def layer(body: bytes, name: str, tmp_path: Path) -> Any:
    path = tmp_path / f"{name}.gpkg"
    path.write_bytes(body)
    return gpd.read_file(path, layer=name)


def kept(data: Dataset, found: Filters) -> list[str]:
    return [data.activities[row].activity_id for row in filters.apply(data, found).nonzero()[0]]


@pytest.mark.parametrize("found", VIEWS, ids=repr)
def test_each_format_has_the_activities_of_the_view_in_their_order(
    data: Dataset, found: Filters, tmp_path: Path
) -> None:
    wanted = kept(data, found)
    features = json.loads(geojson.render(data, found))["features"]
    assert [one["id"] for one in features] == wanted
    assert list(layer(geopackage.render(data, found), "activities", tmp_path)["activity_id"]) == wanted
    assert list(gpd.read_parquet(io.BytesIO(geoparquet.render(data, found)))["activity_id"]) == wanted


@pytest.mark.parametrize("view", ["corrected", "registered"])
def test_points_are_those_of_the_areas_and_nothing_nationwide_has_one(data: Dataset, view: str) -> None:
    features = json.loads(geojson.render(data, Filters(view=view)))["features"]
    decisions = data.places(view).decisions
    assert {decision.scope for decision in decisions} == {"subnational", "nationwide", "unlocated"}
    outline = boundaries.load()
    for one, decision in zip(features, decisions, strict=True):
        if decision.scope != "subnational":
            assert one["geometry"] is None
            assert one["properties"]["point_basis"] is None
            continue
        assert one["properties"]["point_basis"] == "area centres"
        assert len(one["geometry"]["coordinates"]) == len(decision.areas) > 0
        for code, point in zip(decision.areas, one["geometry"]["coordinates"], strict=True):
            assert outline.at("adm2" if len(code) > 4 else "adm1").geometry[code].contains(shapely.Point(point))


def test_points_that_the_source_states_come_before_centres(data: Dataset) -> None:
    row = next(row for row, one in enumerate(data.corrected.decisions) if one.scope == "subnational")
    nation = next(row for row, one in enumerate(data.corrected.decisions) if one.scope == "nationwide")
    rows = list(data.activities)
    rows[row] = replace(rows[row], points=((18.5, 103.25), (18.0, 102.0)))
    rows[nation] = replace(rows[nation], points=((17.97, 102.63),))
    placed = replace(data, activities=tuple(rows))
    assert records.record(placed, row, "corrected").points == ((103.25, 18.5), (102.0, 18.0))
    assert records.record(placed, row, "corrected").values["point_basis"] == "stated"
    assert records.record(placed, nation, "corrected").points == ()
    assert records.record(placed, nation, "corrected").values["points"] == ["17.97 102.63"]


def test_the_columns_are_those_of_the_csv(data: Dataset) -> None:
    header = csvfile.activities(data, Filters()).decode("utf-8-sig").splitlines()[0].split(",")
    assert list(records.COLUMNS) == [*header, "point_basis"]


def test_the_dictionary_tells_of_every_column_and_of_no_other(data: Dataset, tmp_path: Path) -> None:
    assert [one.column for one in dictionary.columns("activities")] == list(records.COLUMNS)
    areas = layer(geopackage.render(data, Filters()), "areas", tmp_path)
    assert [one.column for one in dictionary.columns("areas")] == [name for name in areas.columns if name != "geometry"]
    for one in dictionary.columns():
        assert one.meaning_en
        assert one.meaning_lo
        assert one.type
        assert one.source
    lines = dictionary.render(data, Filters()).decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + len(dictionary.columns())


def test_the_dictionary_is_inside_each_file(data: Dataset, tmp_path: Path) -> None:
    told = dictionary.rows("activities")
    found = Filters(sdg=("6",))
    document = json.loads(geojson.render(data, found))
    assert document["columns"] == told
    assert document["about"]["total"] == len(document["features"])
    body = geopackage.render(data, found)
    assert list(layer(body, "columns", tmp_path)["column"]) == [one.column for one in dictionary.columns()]
    with sqlite3.connect(tmp_path / "columns.gpkg") as database:
        described = dict(
            database.execute("SELECT column_name, description FROM gpkg_data_columns WHERE table_name = 'activities'")
        )
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("SELECT DISTINCT last_change FROM gpkg_contents").fetchall() == [
            (f"{data.published}T00:00:00.000Z",)
        ]
    assert described == {row["column"]: row["meaning_en"] for row in told}
    schema = pq.read_schema(io.BytesIO(geoparquet.render(data, found)))
    assert json.loads(schema.metadata[b"columns"]) == told
    assert schema.field("areas").metadata[b"description"].decode() == described["areas"]


@pytest.mark.parametrize("found", [Filters(), Filters(level="adm2", view="registered", sdg=("6",))], ids=repr)
def test_the_areas_have_the_figures_of_the_view_and_their_boundaries(
    data: Dataset, found: Filters, tmp_path: Path
) -> None:
    body = geopackage.render(data, found)
    areas = layer(body, "areas", tmp_path).set_index("pcode")
    rows = {row["pcode"]: row for row in tables.area_rows(data, tables.summarise(data, found)[0])}
    assert set(areas.index) == set(rows)
    for code, row in rows.items():
        assert areas.loc[code, "activities"] == row["activities"]
        assert areas.loc[code, "budget_high"] == row["budget_high"]
        assert areas.loc[code, f"activities_{found.view}"] == row["activities"]
    assert areas.geometry.is_valid.all()
    outline = boundaries.load().at("adm2" if found.level == "adm2" else "adm1")
    assert shapely.equals(areas.geometry.sort_index().to_numpy(), outline.geometry.sort_index().to_numpy()).all()
    about = layer(body, "about", tmp_path).set_index("name")["value"]
    assert int(about["total"]) == sum(int(about[name]) for name in ("located", "nationwide", "unlocated"))
    assert list(pyogrio.list_layers(tmp_path / "about.gpkg")[:, 0]) == [
        "activities",
        "areas",
        "columns",
        "about",
    ]


@pytest.mark.parametrize("module", RENDERERS)
def test_the_same_view_gives_the_same_bytes_in_another_process_and_zone(module: str) -> None:
    assert fresh(module, **PLACES[0]) == fresh(module, **PLACES[1])


@pytest.mark.parametrize("kind", RENDERERS)
def test_hostile_texts_come_back_as_they_are(kind: str) -> None:
    data = hostile()
    found = intake.read(RENDERERS[kind](data, Filters()), f"x.{kind}")
    assert [one.title for one in found.activities] == [one.title.strip() for one in data.activities]
    assert len(found.activities) + found.rejected == found.rows_read == len(data)


def same(one: Activity) -> Activity:
    """Return an activity without what no file of activities holds: the row that it came from."""
    return replace(one, row=0)


@pytest.mark.parametrize("kind", RENDERERS)
def test_what_goes_out_comes_back_in(kind: str, data: Dataset) -> None:
    found = intake.read(RENDERERS[kind](data, Filters(lang="lo")), f"x.{kind}")
    assert found.kind == kind
    assert list(map(same, found.activities)) == list(map(same, data.activities))
    before = {(one.kind, one.value) for one in data.problems}
    assert {(one.kind, one.value) for one in found.problems} == before


# With a letter before them: "none" and the like are read as nothing stated.
LETTERS = st.characters(codec="utf-8", exclude_characters="\0;\n\ufffd")
WORDS = st.text(LETTERS, min_size=1, max_size=12).map(lambda text: f"w{text}".strip())
POINT = st.tuples(st.floats(14, 22.5), st.floats(100.1, 107.7)).map(lambda pair: (round(pair[0], 6), round(pair[1], 6)))


@st.composite
def whole(draw: st.DrawFn) -> Dataset:
    """Return a data set whose activities use every field that a template has."""
    data = draw(datasets())
    lists = st.lists(WORDS, max_size=2, unique=True).map(tuple)
    rows = []
    for one in data.activities:
        targets = draw(st.sampled_from([(), ("6.1",), ("6.1", "6.b")]))
        donors = tuple(dict.fromkeys(codes.canonical_donor(name) for name in one.donors))
        cents = draw(st.none() | st.integers(0, 10**15 - 1))
        rows.append(
            replace(
                one,
                title=draw(WORDS),
                summary=draw(WORDS),
                donors=donors,
                implementers=draw(lists),
                places=draw(lists),
                goals=tuple(sorted({*one.goals, 6})) if targets else one.goals,  # a target without its goal brings it
                targets=targets,
                start=PartialDate.parse("2020-02") if draw(st.booleans()) else None,
                end=PartialDate.parse("2021-12-31") if draw(st.booleans()) else None,
                budget=None if cents is None else Money(Decimal(cents) / 100, draw(st.sampled_from(["USD", "LAK"]))),
                points=tuple(dict.fromkeys(draw(st.lists(POINT, max_size=2)))),
                iati=draw(st.sampled_from([(), (("activity-scope", "4"),)])),
            )
        )
    return dataset.build(
        rows, digest=data.digest, overrides=dict(zip(data.index, data.corrected.decisions, strict=True))
    )


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(whole())
def test_any_activities_come_back_from_geojson(data: Dataset) -> None:
    found = intake.read(geojson.render(data, Filters()), "x.geojson")
    assert list(map(same, found.activities)) == list(map(same, data.activities))
    assert found.rejected == 0


@settings(max_examples=3, suppress_health_check=[HealthCheck.too_slow])
@given(data=whole(), kind=st.sampled_from(["geopackage", "geoparquet"]))
def test_any_activities_come_back_from_the_binary_formats(data: Dataset, kind: str) -> None:
    found = intake.read(RENDERERS[kind](data, Filters()), f"x.{kind}")
    assert list(map(same, found.activities)) == list(map(same, data.activities))
    assert found.rejected == 0
