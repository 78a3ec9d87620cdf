"""Boundary files that users bring: recognised by codes or names, checked, or refused with the reason."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyproj
import pytest
import shapely
import shapely.affinity

from geo import boundaries, boundary_report, pack, smallmap, units
from geo.boundary_file import read_user_file
from geo.errors import BoundaryError
from geo.pack import settings

Feature = dict[str, Any]
Naming = Callable[[str], dict[str, Any]]


def collection(level: units.Level, naming: Naming) -> dict[str, Any]:
    frame = boundaries.load().at(level)
    features = [
        {"type": "Feature", "properties": naming(str(code)), "geometry": json.loads(shapely.to_geojson(shape))}
        for code, shape in frame.geometry.items()
    ]
    return {"type": "FeatureCollection", "features": features}


def by_pcode(code: str) -> dict[str, Any]:
    return {"PCODE": code}


def read(document: dict[str, Any]) -> Any:
    return read_user_file(json.dumps(document, ensure_ascii=False).encode(), "mine.geojson")


def refused(document: dict[str, Any], *parts: str) -> None:
    with pytest.raises(BoundaryError) as caught:
        read(document)
    message = str(caught.value)
    assert message.startswith("mine.geojson")
    for part in ("expected", *parts):
        assert part in message


def province(code: str) -> dict[str, str]:
    return next(row for row in pack.rows(settings().data["adm1_names"]) if row["pcode"] == code)


NAMINGS: dict[str, tuple[units.Level, Naming]] = {
    "COD provinces": ("adm1", lambda code: {"ADM0_EN": "Lao PDR", "ADM1_PCODE": code}),
    "COD districts": ("adm2", lambda code: {"ADM1_PCODE": code[:4], "ADM2_PCODE": code, "date": "2019"}),
    "geoBoundaries": (
        "adm1",
        lambda code: {
            "shapeName": province(code)["name_osm_geoboundaries"] + " Province",
            "shapeISO": province(code)["iso3166_2"],
        },
    ),
    "GADM, whose last unit has no HASC code": (
        "adm1",
        lambda code: {"NAME_0": "Laos", "HASC_1": province(code)["hasc"], "NAME_1": province(code)["name_iso"]},
    ),
    "ISO names, two of them alike": ("adm1", lambda code: {"name": province(code)["name_iso"]}),
    "Lao names": ("adm1", lambda code: {"name:lo": province(code)["name_lo"], "admin_level": 4}),
    "district names, three of them twice": (
        "adm2",
        lambda code: {"NAME_2": units.rows("adm2")[code]["name_en"].upper()},
    ),
}


@pytest.mark.parametrize("naming", NAMINGS)
def test_recognised_by_codes_or_names(naming: str) -> None:
    level, name = NAMINGS[naming]
    found = read(collection(level, name))
    mine = boundaries.load().at(level)
    assert found.level == level
    assert found.notes == ()
    assert list(found.areas.index) == list(mine.index)
    assert list(found.areas["name_lo"]) == list(mine["name_lo"])
    assert shapely.equals(found.areas.geometry.to_numpy(), mine.geometry.to_numpy()).all()


def test_a_district_file_can_stand_for_the_embedded_one(tmp_path: Path) -> None:
    path = tmp_path / "districts.geojson"
    path.write_text(json.dumps(collection("adm2", by_pcode)), encoding="utf-8")
    found = read_user_file(path)
    taken = boundaries.assemble(found.rows, found.shapes, path.name, found.digest)
    assert boundaries.geojson("adm1", of=taken) == boundaries.geojson("adm1")


@pytest.mark.shared
@pytest.mark.parametrize(("file", "level"), [("lao_adm1_from_adm2", "adm1"), ("lao_adm2_pcoded", "adm2")])
def test_the_reference_is_taken(shared: Path, file: str, level: str) -> None:
    found = read_user_file(shared / f"boundaries/{file}.geojson")
    assert found.level == level
    assert found.matched_by == f"{level.upper()}_PCODE"
    assert found.notes == ()


def test_seventeen_provinces_are_refused_by_name() -> None:
    document = collection("adm1", NAMINGS["ISO names, two of them alike"][1])
    document["features"] = document["features"][:-1]
    refused(document, "got 17 provinces; expected 18", "Xaisomboon (LA18)", "older")


def test_a_missing_district_is_named() -> None:
    document = collection("adm2", by_pcode)
    del document["features"][3]
    refused(document, "got 147 districts; expected 148", "Sisattanak (LA0104)")


def test_a_unit_twice_is_refused() -> None:
    document = collection("adm1", by_pcode)
    document["features"][1]["properties"] = by_pcode("LA01")
    refused(document, "Vientiane Capital (LA01) more than once")


def test_codes_in_the_wrong_place_are_refused() -> None:
    swap = {"LA01": "LA10", "LA10": "LA01"}
    document = collection("adm1", lambda code: by_pcode(swap.get(code, code)))
    refused(document, "Vientiane Capital (LA01) lies where Vientiane (LA10) is", "swapped")


def test_an_unknown_name_is_shown_with_what_is_lacking() -> None:
    document = collection("adm1", lambda code: {"name": "Atlantis" if code == "LA17" else province(code)["name_cod"]})
    refused(document, "'Atlantis' (feature 17)", "not found are Attapeu (LA17)")


def test_an_ambiguous_name_that_no_point_settles_is_no_guess() -> None:
    document = collection("adm1", lambda code: {"name": province(code)["name_iso"]})
    document["features"][0]["geometry"] = {
        "type": "Polygon",
        "coordinates": [[[100.2, 21.9], [100.3, 21.9], [100.3, 22.0], [100.2, 21.9]]],
    }
    refused(document, "which may be LA01 or LA10")


@pytest.mark.parametrize("rows", [[{}], [{"name": "Bavaria"}], [{"id": 7}]])
def test_no_column_that_names_units(rows: list[dict[str, Any]]) -> None:
    document = collection("adm1", by_pcode)
    document["features"] = [feature | {"properties": rows[0]} for feature in document["features"]]
    refused(document, "none of them names the country's units", "P-codes")


def moved(document: dict[str, Any], change: Callable[[float, float], tuple[float, float]]) -> dict[str, Any]:
    def walk(value: Any) -> Any:
        return [walk(part) for part in value] if isinstance(value[0], list) else list(change(*value))

    for feature in document["features"]:
        feature["geometry"]["coordinates"] = walk(feature["geometry"]["coordinates"])
    return document


def test_swapped_axes() -> None:
    refused(moved(collection("adm1", by_pcode), lambda x, y: (y, x)), "Latitude and longitude are swapped")


def test_metres_instead_of_degrees() -> None:
    refused(moved(collection("adm1", by_pcode), lambda x, y: (x * 1e4, y * 1e5)), "metres", "EPSG:4326")


def test_another_country() -> None:
    refused(moved(collection("adm1", by_pcode), lambda x, y: (x + 10, y)), "goes beyond Lao PDR")


def named_crs(document: dict[str, Any], name: str) -> dict[str, Any]:
    return document | {"crs": {"type": "name", "properties": {"name": name}}}


def alike(found: Any) -> bool:
    """Whether a file's districts are the embedded ones to a tenth of a metre."""
    mine = boundaries.load().adm2.geometry.to_numpy()
    apart = shapely.hausdorff_distance(found.areas.geometry.to_numpy(), mine)
    return bool(apart.max() < 1e-6)  # degrees


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:EPSG::32648", "EPSG:32648", "urn:ogc:def:crs:EPSG:9.8:32648"])
def test_a_known_crs_is_turned_into_degrees_and_this_is_said(name: str) -> None:
    to_plane = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:32648", always_xy=True).transform
    found = read(named_crs(moved(collection("adm2", by_pcode), to_plane), name))
    assert found.notes == ("Coordinates in EPSG:32648 were turned into longitude and latitude in WGS 84.",)
    assert alike(found)
    assert found.notes[0] in boundary_report.build(found).lines


def test_a_crs_that_is_not_known_or_not_the_one_stated_is_refused() -> None:
    document = collection("adm1", by_pcode)
    refused(named_crs(document, "urn:ogc:def:crs:EPSG::999999"), "EPSG::999999", "is not known here")
    refused(named_crs(document, "+proj=utm +zone=48"), "got CRS +proj=utm", "EPSG code")
    refused(named_crs(document, "urn:ogc:def:crs:EPSG::32648"), "goes beyond Lao PDR")
    refused(named_crs(moved(collection("adm1", by_pcode), lambda x, y: (x * 1e9, y * 1e9)), "EPSG:3857"))


def test_invalid_polygon() -> None:
    document = collection("adm2", by_pcode)
    ring = document["features"][5]["geometry"]["coordinates"][0]
    ring[3], ring[8] = ring[8], ring[3]
    refused(document, "invalid polygons LA0106 Xaythany", "Fix geometries")


def with_shape(code: str, metres: float) -> dict[str, Any]:
    """The districts, one of them grown or shrunk by about ``metres``."""
    document = collection("adm2", by_pcode)
    shape = shapely.buffer(boundaries.load().adm2.geometry[code], metres / 111_000)
    feature = next(feature for feature in document["features"] if feature["properties"] == by_pcode(code))
    feature["geometry"] = json.loads(shapely.to_geojson(shape))
    return document


@pytest.mark.parametrize("metres", [-50, 50])
def test_slivers_and_overlaps_are_closed_and_said(metres: float) -> None:
    found = read(with_shape("LA1801", metres))  # amidst other districts
    assert shapely.coverage_is_valid(list(found.shapes), gap_width=1e-4)
    assert len(found.notes) == 1
    assert "Slivers and overlaps between units were closed" in found.notes[0]
    taken = boundaries.assemble(found.rows, found.shapes, "mine", found.digest)
    assert taken.adm2["area_km2"].to_numpy() == pytest.approx(boundaries.load().adm2["area_km2"].to_numpy(), rel=0.03)


def test_slivers_that_open_to_the_outside_are_refused() -> None:
    refused(with_shape("LA0501", -50), "stand apart, LA0501 Huoixai most of all")


def test_wide_overlaps_are_refused() -> None:
    refused(with_shape("LA0101", 10_000), "overlap or stand apart")


def test_gaps_are_refused_with_their_place() -> None:
    document = collection("adm1", by_pcode)
    x, y = boundaries.label_points("adm1")["LA13"]
    hole = [[x, y], [x, y + 0.1], [x + 0.1, y + 0.1], [x, y]]
    document["features"][12]["geometry"]["coordinates"].append(hole)
    refused(document, "got 1 gaps", f"longitude {x + 0.03:.1f}")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\x00\x00\x27\x0a\x00", "shapefile"),
        (b"fgb\x03", "FlatGeobuf"),
        (b"<?xml version='1.0'?><kml/>", "KML"),
        (b'{"type":"Topology","objects":{}}', "TopoJSON"),
    ],
)
def test_other_formats_are_told_what_to_convert_to(data: bytes, kind: str) -> None:
    with pytest.raises(BoundaryError, match=f"{kind}.*expected GeoJSON, .* shapefile. Convert it"):
        read_user_file(data, "mine")


@pytest.mark.parametrize("data", [b"", b"name,lat,lon", b"{}", b'{"type":"FeatureCollection","features":[]}'])
def test_empty_and_other_files_are_refused(data: bytes) -> None:
    with pytest.raises(BoundaryError, match=r"^mine: .*expected"):
        read_user_file(data, "mine")


def test_a_lost_and_a_huge_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BoundaryError, match="cannot be read"):
        read_user_file(tmp_path / "none.geojson")
    monkeypatch.setattr("geo.boundary_file.MAX_BYTES", 10)
    with pytest.raises(BoundaryError, match="expected at most"):
        read_user_file(b" " * 11)


# ---- formats that are read in a child process


def frame(level: units.Level, naming: Naming) -> gpd.GeoDataFrame:
    own = boundaries.load().at(level)
    rows = [naming(str(code)) for code in own.index]
    return gpd.GeoDataFrame(rows, geometry=list(own.geometry), crs="EPSG:4326")


def written(made: gpd.GeoDataFrame, kind: str, folder: Path) -> bytes:
    """Return a frame as a file of the kind, as other programs write it."""
    if kind == "GeoParquet":
        made.to_parquet(folder / "x.parquet")
        return (folder / "x.parquet").read_bytes()
    if kind == "GeoPackage":
        made.to_file(folder / "x.gpkg", layer="adm", driver="GPKG")
        return (folder / "x.gpkg").read_bytes()
    made.to_file(folder / "x.shp", encoding="utf-8")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.glob("x.*")):
            archive.write(path, f"ຂໍ້ມູນ/{path.name}")
    return out.getvalue()


@pytest.mark.parametrize("kind", ["GeoPackage", "GeoParquet", "zipped shapefile"])
def test_other_programs_files_are_taken(kind: str, tmp_path: Path) -> None:
    naming = "ISO names, two of them alike" if kind == "GeoPackage" else "COD districts"
    level, name = NAMINGS[naming]
    found = read_user_file(written(frame(level, name), kind, tmp_path), "mine.bin")
    assert (found.level, found.kind) == (level, kind)
    mine = boundaries.load().at(level)
    assert list(found.areas.index) == list(mine.index)
    # A shapefile turns its rings the other way round; the shape is the same.
    assert shapely.equals(found.areas.geometry.to_numpy(), mine.geometry.to_numpy()).all()


@pytest.mark.parametrize("kind", ["GeoPackage", "GeoParquet", "zipped shapefile"])
def test_a_known_crs_is_turned_into_degrees_in_every_format(kind: str, tmp_path: Path) -> None:
    found = read_user_file(written(frame("adm2", by_pcode).to_crs("EPSG:32648"), kind, tmp_path), "mine.bin")
    assert "EPSG:32648" in found.notes[0]
    assert alike(found)


@pytest.mark.parametrize("kind", ["GeoPackage", "GeoParquet", "zipped shapefile"])
def test_another_crs_and_seventeen_units_are_refused_in_every_format(kind: str, tmp_path: Path) -> None:
    made = frame("adm1", by_pcode)
    own = "+proj=tmerc +lon_0=103.3 +ellps=GRS67 +units=m"  # no EPSG code
    with pytest.raises(BoundaryError, match=r"got CRS .*expected WGS 84"):
        read_user_file(written(made.to_crs(own), kind, tmp_path), "mine.bin")
    for path in tmp_path.iterdir():
        path.unlink()
    with pytest.raises(BoundaryError, match=r"got 17 provinces; expected 18: missing are Xaisomboon \(LA18\)"):
        read_user_file(written(made.iloc[:-1], kind, tmp_path), "mine.bin")


def test_points_are_no_boundaries(tmp_path: Path) -> None:
    made = frame("adm1", by_pcode)
    made["geometry"] = made.representative_point()
    with pytest.raises(BoundaryError, match=r"feature 1: got Point; expected a Polygon"):
        read_user_file(written(made, "GeoParquet", tmp_path), "mine.bin")
    with pytest.raises(BoundaryError, match="no layer of polygons"):
        read_user_file(written(made, "GeoPackage", tmp_path), "mine.bin")


# ---- the report, and the file as the app has its own


def test_the_report_tells_what_was_checked_and_what_is_far_off() -> None:
    same = boundary_report.build(read(collection("adm2", by_pcode)))
    assert same.lines[0] == "GeoJSON with 148 districts, recognised by the column PCODE."
    assert set(same.shares.values()) == {1.0}
    assert any("at least 100 %" in line for line in same.lines)
    document = collection("adm1", by_pcode)
    moved = [shapely.affinity.translate(shape, 0.08) for shape in boundaries.load().adm1.geometry]
    for feature, shape in zip(document["features"], moved, strict=True):
        feature["geometry"] = json.loads(shapely.to_geojson(shape))
    far = boundary_report.build(read(document), "lo")
    assert min(far.shares.values()) < boundary_report.ALIKE
    assert any("LA01" in line for line in far.lines)


def test_a_refused_file_is_drawn_as_far_as_it_can_be() -> None:
    document = collection("adm1", by_pcode)
    features = document["features"]
    features[1]["properties"] = by_pcode("LA01")
    features[2]["properties"] = by_pcode("nowhere")
    features[3]["geometry"] = {
        "type": "Polygon",
        "coordinates": [[[102, 18], [103, 19], [103, 18], [102, 19], [102, 18]]],
    }
    body = json.dumps(document).encode()
    with pytest.raises(BoundaryError):
        read_user_file(body, "mine")
    drawn, fills = boundary_report.sketch(body, "mine")
    wanted = [boundary_report.NEAR] * 3 + [boundary_report.FAR] + [boundary_report.SAME] * 14
    assert list(fills.values()) == wanted
    assert list(drawn) == [str(number) for number in range(1, 19)]
    assert smallmap.picture_of(drawn, fills).count("path") >= 18
    assert boundary_report.sketch(b"{", "mine") == ({}, {})
    outside = shapely.affinity.translate(boundaries.load().adm1.geometry.iloc[0], 90)
    features[:] = [
        {"type": "Feature", "properties": by_pcode("LA01"), "geometry": json.loads(shapely.to_geojson(outside))}
    ]
    assert boundary_report.sketch(json.dumps(document).encode(), "mine") == ({}, {})


def test_districts_become_the_app_s_own_file_and_provinces_cannot() -> None:
    body = boundary_report.canonical(read(collection("adm2", by_pcode)))
    again = read_user_file(body, "again.geojson")
    assert boundary_report.canonical(again) == body
    with pytest.raises(BoundaryError, match="expected 148 districts"):
        boundary_report.canonical(read(collection("adm1", by_pcode)))


@pytest.mark.shared
def test_every_file_of_the_corpora_is_refused_with_a_reason(shared: Path) -> None:
    places = ("made-here/geo", "made-here/zip", "geojson-geojsonhint", "geojson-invalid-geometry")
    paths = [path for place in places for path in (shared / "corpora" / place).rglob("*")]
    paths = sorted(path for path in paths if path.suffix in (".geojson", ".zip"))
    assert len(paths) > 150
    for path in paths:
        with pytest.raises(BoundaryError, match=re.escape(path.name)):
            read_user_file(path)
