"""What headings mean: ours in any spelling, those of UN INFO, and what a person says; the rest is asked."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
import xlsxwriter

from geo import intake, pack
from geo.errors import InputError
from geo.fields import Fields
from geo.money import Money
from geo.readers import columns

UNINFO = {
    "Strategic Priority": "People",
    "Outcome": "1. By 2026, all people ...",
    "Output": "1.2 Services",
    "Sub-Output": "Safe water in schools",
    "UN AGENCIES": "UNICEF; WHO",
    "Implementing Partners": "Ministry of Health\nNam Saat",
    "contributing partners": "Japan; Republic of Korea",
    "Geography": "Attapeu; Sekong",
    "SDG Goals": "6 Clean Water and Sanitation; 4 Quality Education",
    "SDG Targets": "6.1 By 2030, achieve universal and equitable access; 4.a Build and upgrade education facilities",
    "Sub-output status": "Implementation",
    "Start Date": "01/01/2024",
    "End Date": "31/12/2026",
    "Total Required Resources (USD)": "1,200,000.00",
    "Total Available Resources (USD)": "800000",
    "Total Expenditure (USD)": "350000",
}


def table(rows: list[dict[str, str]], delimiter: str = ",", above: str = "") -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return (above + out.getvalue()).encode()


def workbook(rows: list[dict[str, str]], above: int) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("Export")
        sheet.write_string(0, 0, "UN INFO, 2024")
        for at, cells in enumerate([list(rows[0]), *(list(row.values()) for row in rows)], start=above):
            for column, text in enumerate(cells):
                sheet.write_string(at, column, text)
    return out.getvalue()


@pytest.mark.parametrize("cased", [str, str.upper, str.lower, str.title])
def test_an_export_of_un_info_is_read_in_any_casing(cased):
    row = {cased(heading): cell for heading, cell in UNINFO.items()}
    for data in (table([row]), table([row], ";", above="UN INFO\n\n"), workbook([row], 3)):
        found = intake.read(data, "export")
        assert found.kind == "uninfo"
        (one,) = found.activities
        assert one.title == UNINFO["Sub-Output"]
        assert one.agencies == ("UNICEF", "WHO")
        assert one.implementers == ("Ministry of Health", "Nam Saat")
        assert one.donors == ("Japan", "Republic of Korea")
        assert one.places == ("Attapeu", "Sekong")
        assert (one.goals, one.targets) == ((4, 6), ("6.1", "4.a"))
        assert (one.status, str(one.start), str(one.end)) == ("2", "2024-01-01", "2026-12-31")
        assert (one.budget, one.budget_basis) == (Money(Decimal(1_200_000)), "stated total")
        told = {problem.kind: problem for problem in found.problems}
        assert told["chosen_basis"].value == cased("Total Required Resources (USD)")
        assert "made_id" in told
        assert not {"unknown_column", "ambiguous_column"} & told.keys()


def test_an_id_that_is_made_is_the_same_in_the_next_export_and_another_for_another_row():
    first = {**UNINFO, "Total Expenditure (USD)": "1"}
    second = {**UNINFO, "Sub-Output": "Safe water at home"}
    ids = [one.activity_id for one in intake.read(table([UNINFO, second]), "a").activities]
    assert len(set(ids)) == 2
    assert [one.activity_id for one in intake.read(table([first]), "b").activities] == ids[:1]
    own = {"Sub-Output ID": "1.2.3", **UNINFO}
    assert [one.activity_id for one in intake.read(table([own]), "c").activities] == ["1.2.3"]


def test_the_budget_is_the_first_amount_that_the_file_has():
    row = {heading: cell for heading, cell in UNINFO.items() if "Required" not in heading}
    (one,) = intake.read(table([row]), "a").activities
    assert one.budget == Money(Decimal(800_000))
    (blank,) = intake.read(table([{**UNINFO, "Total Required Resources (USD)": ""}]), "a").activities
    assert (blank.budget, blank.budget_basis) == (None, "")


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Title", "title"),
        (" SDGs ", "sdgs"),
        ("Start date", "start_date"),
        ("START_DATE", "start_date"),
        ("Budget USD", "budget_usd"),
        ("ແຂວງ", "locations_as_published"),
        ("Budget", ""),
        ("Remarks", ""),
    ],
)
def test_our_own_headings_are_known_in_any_spelling(heading, field):
    assert columns.meaning(heading) == field


def test_no_spelling_stands_for_two_columns():
    for kind in ("template", "uninfo"):
        assert set(map(str, Fields)) <= set(columns.known(kind).values())
    fields = {row["field"] for row in pack.rows("codes/column_aliases.csv") if row["kind"] == "template"}
    assert fields <= set(map(str, Fields))


def test_what_is_not_understood_is_asked_with_the_nearest_and_mapped_by_a_person():
    data = table([{"Code": "a", "Title": "t", "Donnors": "Japan", "Remarks": "x"}])
    with pytest.raises(InputError, match="no column 'activity_id'; got Code, title"):
        intake.read(data, "a.csv")
    found = intake.read(data, "a.csv", mapping={"Code": "activity_id", "Other": "status"})
    assert found.columns == ("activity_id", "title", "Donnors", "Remarks")
    assert found.headings == ("Code", "Title", "Donnors", "Remarks")
    asked = {problem.column: problem.candidates for problem in found.problems if problem.kind == "unknown_column"}
    assert asked == {"Donnors": ("donors",), "Remarks": ()}
    again = intake.read(data, "a.csv", "", {"Code": "activity_id", "Donnors": "donors", "Remarks": ""})
    assert again.activities[0].donors == ("Japan",)
    assert [problem.kind for problem in again.problems if "column" in problem.kind][-1] == "missing_column"


def test_a_mapping_that_cannot_be_is_refused():
    data = table([{"activity_id": "a", "title": "t", "x": "1", "y": "2"}])
    with pytest.raises(InputError, match="mapped to 'titel'; expected one of activity_id"):
        intake.read(data, "a.csv", mapping={"x": "titel"})
    with pytest.raises(InputError, match="'x', 'y' are all mapped to 'donors'"):
        intake.read(data, "a.csv", mapping={"x": "donors", "y": "donors"})


def test_two_headings_of_one_meaning_are_asked_unless_one_is_the_columns_own():
    asked = intake.read(table([{"id": "a", "title": "t", "Province": "Attapeu", "District": "Xan"}]), "a.csv")
    assert asked.activities[0].places == ()
    found = [(problem.column, problem.candidates) for problem in asked.problems if problem.kind == "ambiguous_column"]
    assert found == [("Province", ("locations_as_published",)), ("District", ("locations_as_published",))]
    said = {"Province": "locations_as_published"}
    data = table([{"id": "a", "title": "t", "Province": "Attapeu", "District": "Xan"}])
    assert intake.read(data, "a.csv", mapping=said).activities[0].places == ("Attapeu",)
    own = table([{"id": "a", "title": "t", "locations_as_published": "Attapeu", "Province": "x"}])
    assert intake.read(own, "a.csv").activities[0].places == ("Attapeu",)


def test_a_heading_that_a_reader_understood_can_be_mapped_away():
    found = intake.read(table([UNINFO]), "a", mapping={"Geography": ""})
    assert found.activities[0].places == ()
