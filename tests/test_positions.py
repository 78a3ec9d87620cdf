"""Points of activities: the same verdict from CSV, GeoJSON and IATI; nothing national is placed by one."""

from __future__ import annotations

import csv
import io
import json

import pytest

from geo import boundaries, dataset, intake, library, pack, positions, proposals, quality, repairs, scope
from geo.errors import Problem
from geo.export import csvfile
from geo.fields import Activity
from geo.filters import Filters
from geo.resolver import NEAREST_M, Resolver
from geo.scope_publisher import capital_point, district_points
from tests.support_iati import activity as iati_activity
from tests.support_iati import document

ATTAPEU, ATTAPEU_DISTRICT = (14.8, 106.8), "LA1702"
UDON_THANI = (17.41, 102.79)  # in Thailand, within the country's box
COUNTRY = (18.0, 105.0)
OFF_THE_BANK = (18.285, 104.0)  # a kilometre or so beyond the border as it is drawn
KINDS = ("csv", "geojson", "iati")


def read(kind: str, place: str, *points: tuple[float, float], scope_code: str = "") -> dataset.Dataset:
    """Return the data set of a file of a kind with one activity; latitude comes first in ``points``."""
    if kind == "csv":
        out = io.StringIO()
        written = ";".join(f"{latitude}, {longitude}" for latitude, longitude in points)
        national = "national" if scope_code == "4" else ""
        table = csv.writer(out)
        table.writerow(("activity_id", "title", "locations_as_published", "points", "scope_as_published"))
        table.writerow(("a", "Wells", place, written, national))
        data = out.getvalue().encode()
    elif kind == "geojson":
        shape = {"type": "MultiPoint", "coordinates": [[longitude, latitude] for latitude, longitude in points]}
        told = {"activity_id": "a", "title": "Wells", "locations_as_published": place}
        told["scope_as_published"] = "national" if scope_code == "4" else ""
        feature = {"type": "Feature", "properties": told, "geometry": shape}
        data = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    else:
        name = f"<name><narrative>{place}</narrative></name>" if place else ""
        found = "".join(
            f"<location>{name}<point><pos>{latitude} {longitude}</pos></point></location>"
            for latitude, longitude in points
        )
        data = document(iati_activity((f'<activity-scope code="{scope_code}"/>' if scope_code else "") + found, "a"))
    return library.from_intake(intake.read(data, f"file.{'xml' if kind == 'iati' else kind}"))


def stray(data: dataset.Dataset) -> list[Problem]:
    return [one for one in data.problems if one.column == "points"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_point_places_a_row_that_no_name_places(kind: str) -> None:
    data = read(kind, "", ATTAPEU)
    now, before = data.corrected.decisions[0], data.registered.decisions[0]
    assert (now.scope, now.areas, now.dropped) == ("subnational", (ATTAPEU_DISTRICT,), ())
    assert (before.scope, before.areas) == ("subnational", (ATTAPEU_DISTRICT,))
    assert [(one.signal, one.words, one.field) for one in now.evidence] == [("site_point", "14.8, 106.8", "points")]
    assert stray(data) == []
    unknown = read(kind, "Tangkong Mai", ATTAPEU)
    assert unknown.corrected.decisions[0].areas == (ATTAPEU_DISTRICT,)
    assert stray(unknown) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_point_just_outside_goes_to_the_nearest_district(kind: str) -> None:
    bare = boundaries.resolver(0.0).resolve([OFF_THE_BANK[1]], [OFF_THE_BANK[0]])
    assert bare.code(0) == ""
    data = read(kind, "", OFF_THE_BANK)
    assert data.corrected.decisions[0].areas == (boundaries.resolver().resolve([104.0], [18.285]).code(0),)
    assert stray(data) == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("place", "point", "told"),
    [
        ("", UDON_THANI, "point_outside"),
        ("", (13.75, 100.5), "point_outside"),
        ("", ATTAPEU[::-1], "point_swapped"),
        ("Phongsaly", ATTAPEU, "point_elsewhere"),
        ("Phongsaly", UDON_THANI, "point_outside"),
    ],
)
def test_a_point_that_stands_wrong_is_told_and_places_nothing(
    kind: str, place: str, point: tuple[float, float], told: str
) -> None:
    data = read(kind, place, point)
    (problem,) = stray(data)
    value = " ".join(map(str, point))
    assert (problem.kind, problem.row > 0, problem.value.replace(",", "")) == (told, True, value)
    assert problem.expected
    assert problem.fix
    assert data.corrected.decisions[0].areas == (("LA02",) if place else ())
    fixes = [fix for fix in quality.fix_list(data) if fix.kind == "stray_point"]
    assert [(fix.activity_id, fix.row, fix.column) for fix in fixes] == [("a", problem.row, "points")]
    assert quality.kind_name("stray_point", "en")


def test_each_of_the_three_says_what_is_wrong() -> None:
    outside, swapped, elsewhere = (
        stray(read("csv", *row))[0]
        for row in (("", UDON_THANI), ("", ATTAPEU[::-1]), ("Phongsaly", ATTAPEU))
    )  # fmt: skip
    assert f"{NEAREST_M / 1000:g} km" in outside.expected
    assert swapped.candidates == ("14.8 106.8",)
    assert "Phongsaly (LA02)" in elsewhere.expected
    assert "Samakkhixay (LA1702)" in elsewhere.expected


@pytest.mark.parametrize("kind", KINDS)
def test_a_swapped_point_is_mended_by_a_press(kind: str) -> None:
    swapped = ATTAPEU[::-1]
    (problem,) = stray(read(kind, "", swapped))
    proposal = proposals.certain(proposals.of(problem, {}))
    assert proposal is not None
    cell = f"{swapped[0]}, {swapped[1]}; 18.5 102.5"
    assert repairs.mend(cell, proposal.repairs[0]) == "14.8 106.8;18.5 102.5"
    assert repairs.mend("18.5 102.5;x", proposal.repairs[0]) is None


@pytest.mark.parametrize("kind", KINDS)
def test_names_lead_and_a_point_in_the_same_area_agrees(kind: str) -> None:
    data = read(kind, "Attapeu", ATTAPEU)
    assert data.corrected.decisions[0].areas == data.registered.decisions[0].areas == ("LA17",)
    assert data.corrected.decisions[0].confidence == "high"
    assert stray(data) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_point_settles_a_name_that_several_areas_share(kind: str) -> None:
    points = dict(district_points())
    there, namesake = next(code for code in points if code == "LA1009"), points["LA0610"]
    assert read(kind, "Viengkham", points[there]).corrected.decisions[0].areas == (there,)
    assert read(kind, "Viengkham", namesake).corrected.decisions[0].areas == ("LA0610",)
    astray = read(kind, "Viengkham", ATTAPEU)
    assert astray.corrected.decisions[0].areas == ()
    assert [one.kind for one in stray(astray)] == ["point_elsewhere"]
    assert read(kind, "Vientiane", points["LA1005"]).corrected.decisions[0].areas == ("LA1005",)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("point", [COUNTRY, "capital", ATTAPEU])
def test_a_point_places_no_national_work(kind: str, point: object) -> None:
    """What stands for the country or the seat of government, and a site against the publisher's own word."""
    here = capital_point() if point == "capital" else point
    code = "4" if here == ATTAPEU else ""
    data = read(kind, "", here, scope_code=code)  # type: ignore[arg-type]
    now = data.corrected.decisions[0]
    assert (now.scope, now.areas) == ("nationwide", ())
    assert stray(data) == []
    if not code:
        assert data.registered.decisions[0].areas == now.dropped != ()  # the map as published shows it there


@pytest.mark.parametrize(
    "code", [("feature-designation", "PCLI"), ("feature-designation", "ADMF"), ("precision", "6"), ("precision", "8")]
)
def test_codes_of_a_country_or_an_office_keep_a_point_from_placing(code: tuple[str, str]) -> None:
    one = Activity("a", "Wells", iati=(code,), points=(ATTAPEU,))
    assert scope.decide(one).scope == "nationwide"
    assert scope.as_registered(one).areas == scope.decide(one).dropped == (ATTAPEU_DISTRICT,)
    site = Activity("a", "Wells", iati=(code, ("location-class", "3"), ("location-reach", "2")), points=(ATTAPEU,))
    assert "site_point" in {finding.signal for finding in scope.decide(site).evidence}


def test_the_capitals_pin_is_the_capital_where_the_work_is_said_to_be_local() -> None:
    local = Activity("a", "Wells", scope_as_published="subnational", points=(capital_point(),))
    found = scope.decide(local)
    assert (found.areas, found.confidence) == ((pack.settings().capital,), "low")
    assert scope.as_registered(local).areas == found.areas


def test_a_signal_switched_off_gives_no_area() -> None:
    one = Activity("a", "Wells", points=(ATTAPEU,))
    assert scope.decide(one, off=frozenset({"site_point"})).areas == ()


def test_places_of_the_whole_country_or_a_region_contradict_no_point() -> None:
    for places in (("Lao PDR", "Phongsaly"), ("northern provinces",), ("Qwertzuiop",), ()):
        assert positions.problems([Activity("a", "x", places=places, points=(ATTAPEU,))]) == [], places


def test_all_points_of_a_file_are_resolved_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    plain = Resolver.resolve

    def counted(self: Resolver, lon: object, lat: object) -> object:
        calls.append(len(lon))  # type: ignore[arg-type]
        return plain(self, lon, lat)  # type: ignore[arg-type]

    rows = [Activity(f"a{number}", "Wells", row=number, points=(ATTAPEU, UDON_THANI)) for number in range(500)]
    data = csvfile.activities(dataset.build(rows, digest=""), Filters())
    monkeypatch.setattr(Resolver, "resolve", counted)
    found = library.from_intake(intake.read(data, "file.csv"))
    assert calls == [1_000, 1_000]  # what is wrong with them, and where they are
    assert {one.areas for one in found.corrected.decisions} == {(ATTAPEU_DISTRICT,)}
    assert len(stray(found)) == 500
    assert positions.units([(), (ATTAPEU, UDON_THANI), (COUNTRY,)]) == [(), (ATTAPEU_DISTRICT, ""), ("LA1105",)]


def test_the_embedded_data_has_no_point_and_its_figures_stay() -> None:
    data = library.embedded()
    assert not any(one.points for one in data.activities)
    scopes = [one.scope for one in data.corrected.decisions]
    assert [scopes.count(name) for name in ("subnational", "nationwide", "unlocated")] == [112, 107, 23]
