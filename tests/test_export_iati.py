"""IATI out: valid by the official schema, what the map shows, and the same activities when it comes back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from lxml import etree

from geo import codes, dataset, filters, gazetteer, intake, library, pack, scope
from geo.dataset import Dataset
from geo.errors import InputError
from geo.export import iati, iati_fragment
from geo.export.iati_where import clean
from geo.fields import Activity, PartialDate
from geo.filters import Filters
from geo.readers.iati_extension import CELL, INSTEAD, NAME, ROW
from tests.support_export import PLACES, VIEWS, fresh, hostile
from tests.support_iati import schema
from tests.support_roundtrip import DATE, all_areas, datasets, same

DATA = library.embedded()
ALL = Filters()


def parsed(data: Dataset, found: Filters = ALL) -> Any:
    return etree.fromstring(iati.render(data, found))


def one(activity: Activity, decision: scope.ScopeDecision | None = None) -> Any:
    """Return the element of an activity."""
    fixed = {activity.activity_id: decision} if decision else {}
    data = replace(dataset.build([activity], digest="one", overrides=fixed), published=DATE)
    return parsed(data)[0]


@pytest.mark.shared
@pytest.mark.parametrize("found", VIEWS[:-1], ids=str)
def test_every_view_is_valid_by_the_official_schema(shared: Path, found: Filters) -> None:
    oracle = schema(shared)
    assert oracle.validate(parsed(DATA, found)), oracle.error_log


@pytest.mark.shared
def test_hostile_texts_are_valid_and_come_back_as_texts(shared: Path) -> None:
    data = hostile()
    assert schema(shared).validate(parsed(data))
    back = intake.read(iati.render(data, Filters()), "x.xml")
    assert [row.title for row in back.activities] == [clean(row.title.strip()) for row in data.activities]


@pytest.mark.shared
@given(data=datasets())
@settings(max_examples=25, deadline=None)
def test_any_data_is_valid_and_comes_back_the_same(shared: Path, data: Dataset) -> None:
    file = iati.render(data, Filters())
    assert schema(shared).validate(etree.fromstring(file)), schema(shared).error_log
    same(intake.read(file, "x.xml"), data)


def test_the_embedded_data_comes_back_the_same_and_is_decided_the_same() -> None:
    back = intake.read(iati.render(DATA, Filters()), "x.xml")
    same(back, DATA)
    again = library.from_intake(back)
    assert [found.areas for found in again.corrected.decisions] == [
        scope.decide(activity).areas for activity in DATA.activities
    ]


def test_a_selection_is_what_the_filters_keep() -> None:
    for found in VIEWS:
        ids = [text.text for text in parsed(DATA, found).iter("iati-identifier")]
        assert ids == [DATA.activities[row].activity_id for row in filters.apply(DATA, found).nonzero()[0]]


def test_the_same_view_gives_the_same_bytes_anywhere() -> None:
    first, second = (fresh("iati", **place) for place in PLACES)
    assert first == second


def test_a_data_set_without_a_date_is_refused() -> None:
    with pytest.raises(InputError, match="date"):
        iati.render(replace(DATA, published=""), Filters())


# ---- what another tool sees


def test_without_our_own_element_only_the_columns_named_differ() -> None:
    """Whoever passes over our element reads the map as corrected; ``CARRIED`` lists what is then lost or different."""
    root = parsed(DATA)
    for row in list(root.iter(ROW)):
        row.getparent().remove(row)
    back = intake.read(etree.tostring(root), "x.xml")
    assert (len(back.activities), back.rejected) == (len(DATA), 0)
    differing = set()
    for found, activity in zip(back.activities, DATA.activities, strict=True):
        differing |= {
            name for name in Activity.__slots__ if name != "row" and getattr(found, name) != getattr(activity, name)
        }
    fields_of = {
        "goal_basis": "sdg_basis",
        "places": "locations_as_published",
        "start": "start_date",
        "end": "end_date",
        "budget": "budget_usd",
        "iati": "iati_geography",
    }
    assert {fields_of.get(name, name) for name in differing} <= set(iati.CARRIED)


def test_another_reader_sees_the_areas_as_corrected() -> None:
    root = parsed(DATA)
    for element, decision in zip(root, DATA.corrected.decisions, strict=True):
        codes_ = [
            [found.get("code") for found in location.iterchildren("administrative")][-1]
            for location in element.iterchildren("location")
        ]
        assert tuple(codes_) == decision.areas
        scopes = [found.get("code") for found in element.iterchildren("activity-scope")]
        if decision.scope == "nationwide":
            assert scopes == ["4"]
        elif decision.scope == "unlocated":
            assert scopes == []
        else:
            provinces = {gazetteer.province(code) for code in decision.areas}
            assert scopes[0] in ("5" if len(provinces) > 1 else "67")


def test_each_area_reads_back_as_itself() -> None:
    """A correction that is pasted into a publisher's file puts the activity where the map had it."""
    for pcode, decision in all_areas().items():
        element = one(Activity(pcode, "Wells"), decision)
        for row in list(element.iterchildren(ROW)):
            element.remove(row)
        file = etree.Element("iati-activities", version="2.03")
        file.append(element)
        [found] = intake.read(etree.tostring(file), "x.xml").activities
        assert scope.decide(found).areas == (pcode,), found.places


@pytest.mark.parametrize(
    ("areas", "code"),
    [
        (("LA01",), "6"),
        (("LA0101",), "7"),
        (("LA0101", "LA0102"), "6"),
        (("LA0101", "LA17"), "5"),
        (("LA02", "LA17"), "5"),
    ],
)
def test_scope_by_areas(areas: tuple[str, ...], code: str) -> None:
    element = one(Activity("a", "Wells"), scope.ScopeDecision("subnational", areas, (), (), "high", "x"))
    assert element.find("activity-scope").get("code") == code
    points = [location.find("point") is not None for location in element.iterchildren("location")]
    assert points == [gazetteer.level(area) == "adm2" for area in areas]


def test_goals_and_targets_are_tags_and_the_national_goal_has_its_own_list() -> None:
    element = one(Activity("a", "Wells", goals=(6, 18), targets=("6.b", "18.1")))
    found = [(tag.get("vocabulary"), tag.get("code"), tag.get("vocabulary-uri")) for tag in element.iterchildren("tag")]
    uri = pack.settings().iati.goals_uri
    assert found == [("2", "6", None), ("99", "18", uri), ("3", "6.b", None), ("99", "18.1", uri)]


def test_dates_are_actual_up_to_the_day_of_the_data() -> None:
    element = one(Activity("a", "Wells", start=PartialDate.parse("2025-03"), end=PartialDate.parse("2027")))
    found = [(day.get("type"), day.get("iso-date")) for day in element.iterchildren("activity-date")]
    assert found == [("2", "2025-03-01"), ("3", "2027-12-31")]
    [undated] = one(Activity("a", "Wells")).iterchildren("activity-date")
    assert undated.get("type") == ""


def test_roles_in_their_order() -> None:
    element = one(Activity("a", "Wells", agencies=("WFP", "FAO"), donors=("Japan",), implementers=("Ministry",)))
    found = [(org.get("role"), org.findtext("narrative")) for org in element.iterchildren("participating-org")]
    names = [codes.agency(code).name_en for code in ("WFP", "FAO")]
    assert found == [("1", "Japan"), ("2", names[0]), ("3", names[1]), ("4", "Ministry")]


def test_who_corrects_the_standards_own_elements_is_heard() -> None:
    element = one(Activity("a", "Wells", start=PartialDate.parse("2020"), scope_as_published="national"))
    date = next(element.iterchildren("activity-date"))
    assert {cell.get(NAME): cell.get(INSTEAD) for cell in element.iter(CELL)}["start_date"] == date.get("iso-date")
    date.set("iso-date", "2021-05-01")
    element.find("activity-scope").set("code", "6")
    [found] = intake.read(etree.tostring(element.getroottree()), "x.xml").activities
    assert (str(found.start), found.scope_as_published) == ("2021-05-01", "subnational")


# ---- the fragment


@pytest.mark.shared
def test_a_fragment_is_valid_where_it_is_pasted(shared: Path) -> None:
    seen = set()
    for row, decision in enumerate(DATA.corrected.decisions):
        text = iati_fragment.fragment(DATA, row)
        element = one(Activity("a", "Wells", start=PartialDate.parse("2020")))
        for child in list(element):
            if child.tag in ("activity-scope", "location", "tag", ROW):
                element.remove(child)
        place = element.index(element.find("recipient-country"))
        parts = [part for part in etree.fromstring(f"<x>{text}</x>") if isinstance(part.tag, str)]
        for part in reversed(parts):
            element.insert(
                place if part.tag == "activity-scope" else element.index(element.find("recipient-country")) + 1, part
            )
        assert schema(shared).validate(element.getroottree()), schema(shared).error_log
        back = {etree.tostring(part, method="c14n") for part in parts}
        assert len(back) == len(decision.areas) + bool(decision.scope != "unlocated") + len(
            [*DATA.activities[row].goals, *DATA.activities[row].targets]
        )
        seen.add(decision.scope)
    assert seen == set(dataset.SCOPES)


def test_a_fragment_cannot_break_out_of_its_comment() -> None:
    data = replace(dataset.build([Activity("a--><evil/><!--", "Wells", goals=(6,))], digest="x"), published=DATE)
    parts = list(etree.fromstring(f"<x>{iati_fragment.fragment(data, 0)}</x>"))
    assert [part.tag for part in parts if isinstance(part.tag, str)] == ["tag"]
