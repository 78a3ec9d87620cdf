"""The code tables and the ways to look things up in them."""

from __future__ import annotations

import csv
import xml.etree.ElementTree as ElementTree
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import codes, pack
from geo.errors import PackError, UnknownCodeError
from tests.colour_distance import ciede2000, contrast, difference

OFFICIAL = (
    "E5243B DDA63A 4C9F38 C5192D FF3A21 26BDE2 FCC30B A21942 FD6925 "
    "DD1367 FD9D24 BF8B2E 3F7E44 0A97D9 56C02B 00689D 19486A"
)


def test_there_are_the_17_goals_and_the_national_one() -> None:
    assert [goal.number for goal in codes.goals()] == list(range(1, 19))
    assert [goal.colour for goal in codes.goals()[:17]] == [f"#{colour}" for colour in OFFICIAL.split()]
    assert codes.goal(18).name_en == "Lives safe from UXO"
    assert pack.settings().national_goals == (18,)
    for goal in codes.goals():
        assert all((goal.name_en, goal.name_lo, goal.short_en, goal.short_lo))
        assert len(goal.short_en) <= 14
        assert goal.name("lo") == goal.name_lo
        assert goal.name("en") == goal.name_en
        assert all("\u0e80" <= letter <= "\u0eff" or letter in " -,." for letter in goal.name_lo + goal.short_lo)


def test_our_red_is_told_apart_from_every_official_colour() -> None:
    ours = codes.goal(18).colour
    # The two nearest official colours are 7.3 apart; a difference of 10 is seen at a glance.
    nearest_official = min(ciede2000(a.colour, b.colour) for a, b in combinations(codes.goals()[:17], 2))
    assert min(ciede2000(ours, goal.colour) for goal in codes.goals()[:17]) > 15
    assert nearest_official == pytest.approx(7.33, abs=0.01)
    assert contrast(ours, "#FFFFFF") > 7
    row = next(row for row in pack.rows("codes/goals.csv") if row["number"] == "18")
    assert "colour is ours" in row["note"]


def test_the_colour_difference_is_that_of_its_authors() -> None:
    # Pairs 1, 7 and 17 of Sharma, Wu and Dalal (2005), table 1.
    assert difference((50, 2.6772, -79.7751), (50, 0, -82.7485)) == pytest.approx(2.0425, abs=1e-4)
    assert difference((50, 0, 0), (50, -1, 2)) == pytest.approx(2.3669, abs=1e-4)
    assert difference((50, 2.5, 0), (73, 25, -18)) == pytest.approx(27.1492, abs=1e-4)


@pytest.mark.parametrize("number", [0, 19, -1])
def test_an_unknown_goal_is_refused_with_what_is_expected(number: int) -> None:
    with pytest.raises(UnknownCodeError, match=r"expected 1 to 18"):
        codes.goal(number)


def test_every_row_names_its_source() -> None:
    for table in ("goals", "targets", "agencies", "donors", "statuses"):
        rows = pack.rows(f"codes/{table}.csv")
        assert all(row["source"] for row in rows), table
        if "lo_review" in rows[0]:
            assert all(row["lo_review"] in ({"yes", "no"} if row["name_lo"] else {""}) for row in rows), table


def test_every_agency_has_a_lao_name_and_so_have_the_donors_of_countries() -> None:
    assert [one.code for one in codes.agencies() if one.name("lo") == one.name_en] == []
    assert codes.donor_name("Japan", "lo") == "ຍີ່ປຸ່ນ"
    assert codes.donor_name("Japan", "en") == codes.canonical_donor("ຍີ່ປຸ່ນ") == "Japan"
    assert codes.donor_name("Crowne Plaza", "lo") == "Crowne Plaza"
    local = [name for name in codes.donor_names().values() if name]
    assert len(local) == len(set(local)) > 35


def test_targets() -> None:
    assert all(codes.is_target(code) for code in ("1.1", "6.b", "15.1", "16.10", "17.19", "18.1", "18.3"))
    assert not any(codes.is_target(code) for code in ("", "6", "6.13", "6.B", "18.4", "19.1", "15.1 "))
    assert len(codes.targets()) == 169 + 3
    assert {code.split(".")[0] for code in codes.targets()} == {str(goal.number) for goal in codes.goals()}
    assert all(int(code.split(".")[0]) == goal for code, goal in codes.targets().items())


@pytest.mark.shared
def test_targets_are_those_of_the_codelist(shared: Path) -> None:
    tree = ElementTree.parse(shared / "codelists" / "UNSDG-Targets.xml")
    assert [one.text for one in tree.iter("code")] == [code for code in codes.targets() if not code.startswith("18.")]


@pytest.mark.shared
def test_statuses_are_those_of_the_codelist(shared: Path) -> None:
    tree = ElementTree.parse(shared / "codelists" / "ActivityStatus.xml")
    listed = [(item.findtext("code"), item.findtext("name/narrative")) for item in tree.iter("codelist-item")]
    assert listed == [(status.code, status.name_en) for status in codes.statuses()]


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        ("2", "2"),
        ("ongoing", "2"),
        ("On-going", "2"),
        ("Implementation", "2"),
        ("completed", "4"),
        ("CLOSED", "4"),
        ("planned", "1"),
        ("Pipeline / identification", "1"),
        ("cancelled", "5"),
        ("canceled", "5"),
        ("suspended", "6"),
        ("Finalization", "3"),
        ("ຍົກເລີກ", "5"),
    ],
)
def test_statuses_are_known_by_their_spellings(spelling: str, code: str) -> None:
    assert codes.status(spelling).code == code


@pytest.mark.parametrize("text", ["", "?", "completion", "7"])
def test_a_status_that_may_be_two_or_none_is_refused(text: str) -> None:
    with pytest.raises(UnknownCodeError, match=r"expected one of 1 Pipeline/identification, 2 Implementation"):
        codes.status(text)


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        ("WFP", "WFP"),
        ("wfp", "WFP"),
        ("World Food Programme", "WFP"),
        ("World  Food Program", "WFP"),
        ("UN-Habitat", "UN-Habitat"),
        ("UNHABITAT", "UN-Habitat"),
        ("un habitat", "UN-Habitat"),
        ("UNICEF", "UNICEF"),
        ("U.N.I.C.E.F.", "UNICEF"),
        ("United Nations Children’s Fund", "UNICEF"),
        ("RCO", "UN RCO"),
        ("UN DESA", "UNDESA"),
        ("unescap", "ESCAP"),
        ("Únesco", "UNESCO"),
        ("ອົງການອາຫານໂລກ", "WFP"),
    ],
)
def test_agencies_are_known_by_their_spellings(spelling: str, code: str) -> None:
    assert codes.agency(spelling).code == code


def test_every_agency_of_the_data_is_known_under_its_own_code() -> None:
    for name in ("activities", "news"):
        for row in pack.rows(pack.settings().data[name]):
            for part in filter(None, map(str.strip, row["agencies"].split(";"))):
                assert codes.agency(part).code == part


def test_an_unknown_agency_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownCodeError, match=r"'Wrld Food Progrme'.*nearest: WFP"):
        codes.agency("Wrld Food Progrme")
    assert codes.nearest_agencies("UNICEFF")[0] == "UNICEF"
    assert codes.nearest_agencies("Ministry of Health") == ()
    assert codes.nearest_agencies("") == codes.nearest_agencies("...") == ()


def test_the_nearest_of_some_names() -> None:
    names = ("undp-forest", "undp-water", "wfp-school-meals")
    assert codes.nearest("undp-forrest", names) == ("undp-forest",)
    assert codes.nearest("wfp school meal", names, 1) == ("wfp-school-meals",)
    assert codes.nearest("zzzz", names) == ()


def test_agency_names() -> None:
    assert "World Food Programme" in codes.agency_names("WFP")
    assert "WFP" not in codes.agency_names("WFP")
    assert codes.agency_names("Unheard Of") == ()
    assert codes.agency("ITU").name("en") == "International Telecommunication Union"
    assert codes.Agency("X", "Unheard Of", "", ()).name("lo") == "Unheard Of"


@pytest.mark.parametrize(
    ("spelling", "donor"),
    [
        ("KOICA", "Republic of Korea (KOICA)"),
        ("Republic of Korea (KOICA)", "Republic of Korea (KOICA)"),
        ("Republic of Korea", "Republic of Korea"),
        ("gafsp", "Global Agriculture and Food Security Program (GAFSP)"),
        ("ILO-China Partnership Programme", "China (ILO-China Partnership Programme)"),
        ("China", "China"),
        (
            "United States (PRM), Asia Regional Migration Program",
            "United States (PRM), Asia Regional Migration Program",
        ),
        ("  Somebody New ", "Somebody New"),
        ("", ""),
    ],
)
def test_a_donor_keeps_its_name_unless_the_table_has_it(spelling: str, donor: str) -> None:
    assert codes.canonical_donor(spelling) == donor


@given(st.text(max_size=60))
def test_no_text_breaks_a_look_up(text: str) -> None:
    assert codes.canonical_donor(codes.canonical_donor(text)) == codes.canonical_donor(text)
    assert len(codes.nearest_agencies(text)) <= 3
    try:
        found = codes.agency(text)
    except UnknownCodeError:
        return
    assert codes.agency(found.code) is found


@given(st.text(max_size=20))
def test_only_listed_codes_are_targets(text: str) -> None:
    assert codes.is_target(text) == (text in codes.targets())


def test_a_spelling_of_two_codes_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "codes").mkdir()
    with (tmp_path / "codes" / "donors.csv").open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([("name", "aliases"), ("One", "Both"), ("Other", "both.")])
    monkeypatch.setenv("LAO_SDG_PACK", str(tmp_path))
    codes._donor_index.cache_clear()
    try:
        with pytest.raises(PackError, match=r"gives 'both\.' to both One and Other"):
            codes.canonical_donor("x")
    finally:
        codes._donor_index.cache_clear()


@pytest.mark.parametrize(("number", "colour"), [("one", "#112233"), ("1", "red"), ("1", "#11223")])
def test_a_wrong_goal_in_the_table_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: str, colour: str
) -> None:
    (tmp_path / "codes").mkdir()
    head = "number,colour,name_en,short_en,name_lo,short_lo"
    (tmp_path / "codes" / "goals.csv").write_text(f"{head}\n{number},{colour},a,b,c,d\n", encoding="utf-8")
    monkeypatch.setenv("LAO_SDG_PACK", str(tmp_path))
    codes.goals.cache_clear()
    try:
        with pytest.raises(PackError, match="expected a number and #RRGGBB"):
            codes.goals()
    finally:
        codes.goals.cache_clear()
