"""Features as activities: odd files get a verdict, nothing is guessed, nothing outside the bytes is read."""

from __future__ import annotations

import io
import json
import socket
import sqlite3
import subprocess
import sys
import threading
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo import intake
from geo.errors import GeoError, InputError
from geo.readers import confined, features, geojson, vector
from tests.support_memory import PEAK

GOOD = {"activity_id": "a1", "title": "Wells"}


def feature(properties: Any = None, geometry: Any = None, **more: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": GOOD if properties is None else properties, "geometry": geometry, **more}


def point(*position: Any) -> dict[str, Any]:
    return {"type": "Point", "coordinates": list(position)}


def read(*members: Any, **more: Any) -> intake.Intake:
    document = {"type": "FeatureCollection", "features": list(members), **more}
    return intake.read(json.dumps(document).encode(), "x.geojson")


def refused(data: bytes | str) -> str:
    with pytest.raises(InputError) as caught:
        geojson.read(data.encode() if isinstance(data, str) else data, "x.geojson")
    assert "x.geojson" in str(caught.value)
    assert "xpected" in str(caught.value)
    return str(caught.value)


def found(got: intake.Intake, kind: str) -> list[tuple[int, str]]:
    return [(one.row, one.value) for one in got.problems if one.kind == kind]


def test_points_become_positions_latitude_first() -> None:
    one = read(feature(geometry=point(102.6, 17.97)))
    two = {"type": "MultiPoint", "coordinates": [[102.6, 17.97], [103, 18, 250], [102.6, 17.97]]}
    several = read(feature(geometry=two))
    assert one.activities[0].points == ((17.97, 102.6),)
    assert several.activities[0].points == ((17.97, 102.6), (18.0, 103.0))
    assert one.kind == "geojson"


@pytest.mark.parametrize(
    ("geometry", "part"),
    [
        (point(0, 0), "none is known"),
        (point(248000, 1988000), "metres"),
        (point(102, 95), "WGS 84"),
        (point(1e308, 1e308), "WGS 84"),
        (point(float("nan"), 18), "Correct the position"),
        (point(float("inf"), 18), "Correct the position"),
        (point("102", "18"), "without quotes"),
        (point("{{7*7}}", 18), "without quotes"),
        (point(True, 18), "without quotes"),
        (point(102), "without quotes"),
        (point(), "without quotes"),
        (point([102], [18]), "without quotes"),
        ({"type": "Point", "coordinates": 5}, "without quotes"),
        ({"type": "Point"}, "without quotes"),
        ({"type": "MultiPoint", "coordinates": 5}, "without quotes"),
    ],
)
def test_a_position_that_cannot_be_meant_is_left_out_and_asked_for(geometry: Any, part: str) -> None:
    got = read(feature(geometry=geometry), feature({"activity_id": "a2", "title": "x"}, point(102, 18)))
    assert [one.points for one in got.activities] == [(), ((18.0, 102.0),)]
    problem = next(one for one in got.problems if one.kind == "bad_point")
    assert (problem.row, problem.column, problem.severity) == (1, "points", "warning")
    assert part in problem.fix


@pytest.mark.parametrize(
    "geometry",
    [
        "a point",
        5,
        [102, 18],
        {"type": "Polygon", "coordinates": [[[102, 18], [103, 18], [103, 19], [102, 18]]]},
        {"type": "point", "coordinates": [102, 18]},
        {"type": None, "coordinates": [102, 18]},
        {"type": {"a": []}, "coordinates": [102, 18]},
        {"coordinates": [102, 18]},
    ],
)
def test_another_geometry_leaves_the_row_without_a_position(geometry: Any) -> None:
    got = read(feature(geometry=geometry))
    assert len(got.activities) == 1
    assert got.activities[0].points == ()
    assert [row for row, _value in found(got, "bad_geometry")] == [1]


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:EPSG::32648", "EPSG:3857", {"a": 1}])
def test_no_position_of_another_system_is_taken(name: Any) -> None:
    got = read(feature(geometry=point(102, 18)), crs={"type": "name", "properties": {"name": name}})
    assert got.activities[0].points == ()
    assert len(found(got, "bad_crs")) == 1


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4326"])
def test_the_old_names_of_wgs_84_are_known(name: str) -> None:
    got = read(feature(geometry=point(102, 18)), crs={"type": "name", "properties": {"name": name}})
    assert got.activities[0].points == ((18.0, 102.0),)


def test_values_become_the_cells_of_the_template() -> None:
    properties = GOOD | {"sdgs": [6, 13], "people_reached": 12000.0, "budget_usd": 1000.5, "donors": None, "summary": 7}
    one = read(feature(properties)).activities[0]
    assert one.goals == (6, 13)
    assert one.people_reached == 12000
    assert str(one.budget and one.budget.amount) == "1000.5"
    assert (one.donors, one.summary) == ((), "7")


def test_a_value_that_is_no_cell_is_left_out_and_told() -> None:
    deep: Any = "x"
    for _ in range(200):
        deep = [deep]
    got = read(feature(GOOD | {"summary": {"a": 1}, "donors": [["a"]], "source_title": deep, "people_reached": None}))
    assert len(got.activities) == 1
    assert sorted(value for _row, value in found(got, "unreadable_value")) == ["a list", "a list", "an object"]


def test_a_text_that_no_store_can_hold_is_mended_visibly() -> None:
    body = b'{"type":"FeatureCollection","features":[{"type":"Feature","geometry":null,"properties":'
    body += b'{"activity_id":"a1","title":"half \\ud800 and \\u0000"}}]}'
    got = intake.read(body, "x.geojson")
    assert got.activities[0].title == "half \ufffd and \ufffd"
    assert len(found(got, "bad_text")) == 1


def test_a_name_that_stands_twice_is_never_chosen_from() -> None:
    body = (
        '{"type":"FeatureCollection","features":['
        '{"type":"Feature","properties":{"activity_id":"a1","title":"x","status":"1","status":"2"},'
        '"geometry":{"type":"Point","coordinates":[102,18],"coordinates":[103,18]}},'
        '{"type":"Feature","properties":{"activity_id":"a2","title":"x","title":"x"},"geometry":null},'
        '{"type":"Feature","properties":{"activity_id":"a3","activity_id":"a4","title":"x"},"geometry":null}]}'
    )
    got = intake.read(body.encode(), "x.geojson")
    assert [one.activity_id for one in got.activities] == ["a1", "a2"]
    assert (got.activities[0].status, got.activities[0].points) == ("", ())
    assert {row for row, _value in found(got, "duplicate_key")} == {1, 3}
    assert got.rejected == 1


def test_one_bad_feature_costs_no_other() -> None:
    odd: tuple[Any, ...] = (None, 5, [], {"type": "Featre"}, feature([1]), {"type": "Feature", "properties": "x"})
    got = read(*odd, feature())
    assert (got.rows_read, len(got.activities), got.rejected) == (7, 1, 6)
    assert [one.row for one in got.problems if one.kind == "bad_feature"] == [1, 2, 3, 4, 5, 6]


def test_the_feature_s_id_stands_for_a_missing_one_and_two_alike_are_told() -> None:
    got = read(feature({"title": "x"}, id="a1"), feature({"title": "y"}, id="a1"), feature({"title": "z"}, id=7))
    assert [one.activity_id for one in got.activities] == ["a1", "7"]
    assert len(found(got, "duplicate_id")) == 1


def test_positions_in_a_column_and_in_the_geometry_must_agree() -> None:
    both = GOOD | {"points": "17.97 102.6"}
    assert read(feature(both, point(102.6, 17.97))).activities[0].points == ((17.97, 102.6),)
    assert read(feature(both)).activities[0].points == ((17.97, 102.6),)
    got = read(feature(both, point(103, 18)))
    assert got.activities[0].points == ()
    assert len(found(got, "two_positions")) == 1
    drawn = read(feature(both | {"point_basis": "area centres"}, point(103, 18)))
    assert drawn.activities[0].points == ((17.97, 102.6),)


def test_what_is_no_geojson_is_refused_with_the_reason() -> None:
    assert "UTF-8" in refused('{"type": "x"}'.encode("utf-16"))
    assert "nested" in refused("[" * 100_000)
    assert "whole JSON" in refused('{"type": "FeatureCollection", "features": [')
    assert "'Topology'" in refused('{"type": "Topology"}')
    assert "'featurecollection'" in refused('{"type": "featurecollection", "features": []}')
    assert "nothing" in refused('{"type": "FeatureCollection"}')
    assert "a list" in refused("[]")
    assert "properties" in refused(
        json.dumps({"type": "FeatureCollection", "features": [feature({f"c{n}": 1 for n in range(501)})]})
    )


def test_numbers_without_end_are_no_trouble() -> None:
    digits = "9" * 100_000
    properties = f'{{"activity_id":"a1","title":"x","people_reached":{digits},"budget_usd":1e999999}}'
    member = f'{{"type":"Feature","geometry":null,"properties":{properties}}}'
    body = f'\ufeff{{"type":"FeatureCollection","features":[{member}]}}'
    got = intake.read(body.encode(), "x.geojson")
    assert got.rows_read == got.rejected + len(got.activities) == 1


# ---- the corpora


def corpus(shared: Path) -> list[Path]:
    folder = shared / "corpora"
    places = ("made-here/geo", "made-here/zip", "geojson-geojsonhint", "geojson-invalid-geometry")
    kinds = (".geojson", ".zip")
    return sorted(path for place in places for path in (folder / place).rglob("*") if path.suffix in kinds)


@pytest.mark.shared
def test_every_file_of_the_corpora_gets_a_verdict(shared: Path) -> None:
    paths = corpus(shared)
    assert len(paths) > 150
    for path in paths:
        try:
            got = intake.read(path.read_bytes(), path.name)
        except GeoError as refusal:
            told = str(refusal)
        else:
            told = path.name
            assert len(got.activities) + got.rejected == got.rows_read
        assert path.name in told


@pytest.mark.shared
def test_each_odd_position_of_ours_is_told(shared: Path) -> None:
    told = {"swapped-lat-lon": "point_swapped", "bangkok": "point_outside"}
    for name in ("swapped-lat-lon", "zero-zero", "bangkok", "nan", "infinity", "lat-95", "lon-462", "1e308"):
        document = json.loads((shared / f"corpora/made-here/geo/{name}.geojson").read_bytes())
        got = read(*(one | {"properties": GOOD} for one in document["features"]))
        kinds = [one.kind for one in got.problems if one.row and one.column == "points"]
        assert kinds == [told.get(name, "bad_point")], name


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(sorted(GOOD)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)
POSITIONS = st.lists(st.floats(-200, 200) | JSON, max_size=4)
SHAPES = st.fixed_dictionaries(
    {"type": st.sampled_from(["Point", "MultiPoint"]) | JSON, "coordinates": POSITIONS | JSON}
)
MEMBERS = JSON | st.fixed_dictionaries(
    {
        "type": st.just("Feature") | JSON,
        "properties": st.dictionaries(st.sampled_from(["activity_id", "title", "points", "x"]), JSON) | JSON,
        "geometry": SHAPES | JSON,
    },
    optional={"id": JSON},
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(members=st.lists(MEMBERS, max_size=4), crs=JSON, columns=JSON)
def test_whatever_stands_in_a_collection_each_row_is_accepted_or_told(
    members: list[Any], crs: Any, columns: Any
) -> None:
    good = feature({"activity_id": "good", "title": "Wells"})
    got = read(*members, good, crs=crs, columns=columns)
    assert got.rows_read == len(members) + 1 == len(got.activities) + got.rejected
    # An odd id may be "good" as well; the first of two is kept.
    assert "good" in [one.activity_id for one in got.activities]
    for one in got.activities:
        for latitude, longitude in one.points:
            assert abs(latitude) <= 90
            assert abs(longitude) <= 180
    told = {one.row for one in got.problems if one.severity == "error"}
    assert len(told) >= got.rejected


@pytest.mark.shared
def test_the_corpora_stay_within_the_memory_of_a_file(shared: Path, root: Path) -> None:
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from geo import intake\n"
        "from geo.errors import GeoError\n"
        "for name in sys.argv[1:]:\n"
        "    try:\n"
        "        intake.read(Path(name).read_bytes(), name)\n"
        "    except GeoError:\n"
        "        pass\n"
        f"{PEAK}"
    )
    command = [sys.executable, "-c", code, *map(str, corpus(shared))]
    done = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True)
    assert int(done.stdout) < 512 * 1024  # kilobytes


# ---- the child


def test_only_the_drivers_that_read_bytes_are_left() -> None:
    assert confined.run("geo.readers.vector_child:drivers", b"") == [["ESRI Shapefile", "GPKG", "MEM"]]


def shapefile(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, body in members.items():
            archive.writestr(name.replace("_", "."), body)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"PAR1" + b"\0" * 100 + b"PAR1",
        b"SQLite format 3\0" + b"\0" * 4000,
        b"SQLite format 3\0" + b"GPKG" * 4000,
        shapefile(a_shp=b"\0\0\x27\x0a" * 50, a_shx=b"x", a_dbf=b"x", a_prj=b"x"),
        shapefile(a_shp=b"", b_shp=b""),
        shapefile(),
        b"PK\x03\x04" + b"x" * 50,
    ],
    ids=range(7),
)
@pytest.mark.parametrize("wanted", ["points", "polygons"])
def test_a_broken_file_is_refused_by_name(data: bytes, wanted: str) -> None:
    with pytest.raises(InputError, match=r"broken\.bin"):
        vector.layer(data, "broken.bin", wanted)


def virtual(source: str, tmp_path: Path) -> bytes:
    """Return a GeoPackage whose table of contents is whole and whose name is that of a virtual source."""
    path = tmp_path / "x.gpkg"
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA application_id = 1196444487")
        database.execute("CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT, identifier TEXT)")
        database.execute("INSERT INTO gpkg_contents VALUES (?, 'features', ?)", (source, source))
    return path.read_bytes()


def test_nothing_outside_the_bytes_is_read_and_no_socket_opened(tmp_path: Path) -> None:
    canary = tmp_path / "canary.csv"
    canary.write_text("id\nTHE-CANARY\n", encoding="utf-8")
    calls: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        port = server.getsockname()[1]
        layer = (
            '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>{}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'
        )
        tries = [
            layer.format(canary).encode(),
            layer.format(f"/vsicurl/http://127.0.0.1:{port}/x.geojson").encode(),
            f"<OGRWFSDataSource><URL>http://127.0.0.1:{port}/wfs</URL></OGRWFSDataSource>".encode(),
            virtual(f"/vsicurl/http://127.0.0.1:{port}/x.gpkg", tmp_path),
        ]

        def listen() -> None:
            while not stop.is_set():
                try:
                    calls.append(server.accept())
                except TimeoutError:
                    continue

        stop = threading.Event()
        thread = threading.Thread(target=listen)
        thread.start()
        try:
            for data in tries:
                for what in (lambda: vector.layer(data, "x", "points"), lambda: intake.read(data, "x")):  # noqa: B023
                    with pytest.raises(GeoError) as caught:
                        what()
                    assert "CANARY" not in str(caught.value)
        finally:
            stop.set()
            thread.join()
    assert calls == []


def test_plain_values_are_told_as_the_template_writes_them() -> None:
    assert features.plain(Decimal("12345678901234567890123456789.0")) == "12345678901234567890123456789"
    assert features.plain(Decimal("1E+5")) == "100000"
    assert features.plain(Decimal("1E+999999")) == "1E+999999"
    values: tuple[object, ...] = (None, True, 5, 5.0, 0.25, "x", [], {})
    assert [features.plain(value) for value in values] == [
        "",
        "true",
        "5",
        "5",
        "0.25",
        "x",
        None,
        None,
    ]
