"""HXL in and out: tags old and new, areas by name and P-code, the corpus with a verdict for each file, round trips."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import filters, gazetteer, intake, library
from geo.dataset import Dataset
from geo.errors import InputError
from geo.export import hxl as export
from geo.fields import unguard
from geo.filters import Filters
from geo.readers import delimited, hxl, hxl_tags, recognise
from tests.support_export import PLACES, VIEWS, fresh, hostile
from tests.support_roundtrip import datasets, same

DATA = library.embedded()


def table(*rows: str) -> bytes:
    return "\n".join(rows).encode()


def cells(tags: str, row: str) -> dict[str, str]:
    """Return the cells of one row under its tags and a name."""
    [found] = hxl.read(table(f"#activity+name,{tags}", f"Wells,{row}"), "a.csv").rows
    return found.cells


@pytest.mark.parametrize(
    ("tag", "column"),
    [
        ("#activity+id", "activity_id"),
        ("#activity_id", "activity_id"),
        ("#meta +id", "activity_id"),
        ("#Activity", "title"),
        ("#activity+name+en", "title"),
        ("#activity+type", ""),
        ("#org", "agencies"),
        ("#org+funder+list", "donors"),
        ("#funding", "donors"),
        ("#org+impl+name", "implementing_partners"),
        ("#org_name", "agencies"),
        ("#sector", ""),
        ("#sector+sdg", "sdgs"),
        ("#sector+v_sdg_target+list", "sdg_targets"),
        ("#date+start", "start_date"),
        ("#start_date", "start_date"),
        ("#date+end+planned", "end_date"),
        ("#date", ""),
        ("#value", "budget_usd"),
        ("#value+spent", ""),
        ("#value+currency", "currency"),
        ("#reached", "people_reached"),
        ("#reached+f", ""),
        ("#affected", ""),
        ("#status", "status"),
        ("#lat_deg", "latitude"),
        ("#geo+lon", "longitude"),
        ("#adm1+v_pcode", "adm1+code"),
        ("#adm2+code+v_pcodes", "adm2+code"),
        ("#adm1_id", "adm1+code"),
        ("#adm2+name", "adm2"),
        ("#adm1+code+corrected", "passed"),
        ("#country", "country"),
    ],
)
def test_hashtags_of_the_standard_and_of_its_drafts(tag: str, column: str) -> None:
    found = hxl_tags.parse(tag)
    assert found is not None
    assert hxl_tags.column(found) == column


@pytest.mark.parametrize("text", ["", "org", "#", "#1", "# org", "#org+", "#org name", "x#org"])
def test_what_is_no_hashtag(text: str) -> None:
    assert hxl_tags.parse(text) is None


@pytest.mark.parametrize(
    ("tags", "row", "places"),
    [
        ("#adm1+name", "Attapeu", "Attapeu"),
        ("#adm1+code", "LA17", "LA17"),
        ("#adm1+name,#adm1+v_pcode", "Attapeu,la17", "LA17"),
        ("#adm1,#adm2", "Houaphanh,Sam Neua", "Sam Neua, Houaphanh"),
        ("#adm1,#adm2,#loc", "Houaphanh,Sam Neua,Ban X", "Ban X, Sam Neua, Houaphanh"),
        ("#adm1,#adm2,#adm1+code", "Houaphanh,Sam Neua,LA07", "Sam Neua, Houaphanh"),
        ("#adm1+code,#adm2+code", "LA07,LA0701", "LA0701"),
        ("#adm1+v_pcodes,#adm2+v_pcodes", "LA07|LA17,LA0701;LA0702", "LA0701;LA0702;LA17"),
        ("#adm1+v_pcodes", "LA07; LA17", "LA07;LA17"),
        ("#adm1+v_pcodes", '"LA07, LA17"', "LA07;LA17"),
        ("#adm2+code,#loc", "LA0701,Ban X", "Ban X, LA0701"),
        ("#adm1+code", "C001", "C001"),
        ("#adm1+name,#adm1+name", "Attapeu,Salavan", "Attapeu;Salavan"),
        ("#adm1+code,#loc+name+published", "LA17,Attapeu town", "Attapeu town"),
        ("#org", "WFP", ""),
    ],
)
def test_places(tags: str, row: str, places: str) -> None:
    assert cells(tags, row)["locations_as_published"] == places


def test_a_name_and_a_code_that_contradict_are_told() -> None:
    found = hxl.read(table("#activity,#activity+id,#adm1+name,#adm1+code", "Wells,1,Attapeu,LA01"), "a.csv")
    [problem] = found.problems
    assert (problem.kind, problem.row) == ("name_and_code_differ", 2)
    assert problem.candidates == ("Attapeu (LA17)", "Vientiane Capital (LA01)")


def test_positions_and_amounts() -> None:
    found = cells("#geo+lat,#geo+lon,#value+budget,#currency,#reached", "17.9,102.6,1000,EUR,50")
    assert [found[name] for name in ("points", "budget_usd", "currency", "people_reached")] == [
        "17.9 102.6",
        "1000",
        "EUR",
        "50",
    ]


def test_lists_have_their_parts_between_bars() -> None:
    found = cells("#org+funder+list,#org+impl", "Japan|Sweden,A|B")
    assert (found["donors"], found["implementing_partners"]) == ("Japan;Sweden", "A|B")


def test_rows_of_one_activity_are_put_together() -> None:
    data = table(
        "Id,Name,Org,Where,Reached",
        "#activity+id,#activity+name,#org,#adm1+code,#reached",
        "a,Wells,WFP,LA17,10",
        "a,Wells,FAO,LA01,20",
        "b,Schools,WFP,LA01,5",
        "b,Roads,WFP,LA01,5",
    )
    found = intake.read(data, "a.csv")
    assert (found.kind, found.rows_read, len(found.activities), found.rejected) == ("hxl", 3, 2, 1)
    first = found.activities[0]
    assert (first.row, first.places, first.agencies, first.people_reached) == (
        3,
        ("LA17", "LA01"),
        ("WFP", "FAO"),
        None,
    )
    kinds = {problem.kind: problem for problem in found.problems}
    assert kinds["rows_merged"].value == "4 rows became 3 activities"
    assert kinds["values_differ"].candidates == ("10", "20")
    assert kinds["duplicate_id"].severity == "error"


def test_without_ids_each_row_gets_one_that_stays() -> None:
    head, one, two = "#activity,#adm1+code", "Wells,LA17", "Wells,LA01"
    first = {row.row: row.cells["activity_id"] for row in hxl.read(table(head, one, two), "a.csv").rows}
    second = {row.row: row.cells["activity_id"] for row in hxl.read(table("made today", head, two, one), "a.csv").rows}
    assert (first[2], first[3]) == (second[4], second[3])
    assert len(set(first.values())) == 2
    assert [problem.kind for problem in hxl.read(table(head, one), "a.csv").problems] == ["made_ids"]


def test_rows_of_other_countries_are_passed_over() -> None:
    data = table("#activity,#country,#adm1", "Wells,Panamá,x", "Wells,Lao PDR,Attapeu", "Wells,,Salavan", "Wells,LAO,y")
    found = hxl.read(data, "a.csv")
    assert [row.row for row in found.rows] == [3, 4, 5]
    assert found.rows_read == 3
    assert [problem.value for problem in found.problems if problem.kind == "passed_over"] == ["1 of 4 rows"]


def test_a_tag_that_has_no_column_is_told() -> None:
    found = hxl.read(table("#activity,#activity+id,#crisis", "Wells,1,Flood"), "a.csv")
    assert [(problem.kind, problem.value) for problem in found.problems] == [("unknown_column", "#crisis")]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (table("a,b", "1,2"), "no row of HXL hashtags"),
        (table("#org,#adm1", "1,2"), "no hashtag of an activity's name"),
        (b"", "no row of HXL hashtags"),
        (table(*["x,y"] * 25, "#activity,#org", "1,2"), "no row of HXL hashtags"),
        (table("#activity,#org", '"Wells,1'), "delimited text"),
    ],
)
def test_refusals(data: bytes, reason: str) -> None:
    with pytest.raises(InputError, match=reason) as caught:
        hxl.read(data, "a.csv")
    assert str(caught.value).startswith("a.csv ")


def test_a_workbook_is_read_as_its_csv_is(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["nothing here"])
    sheet = book.create_sheet("3W")
    for line in export.render(DATA, Filters(sdg=("6",))).decode("utf-8-sig").split("\r\n"):
        sheet.append([unguard(cell) for cell in next(csv.reader([line]), [])])
    path = tmp_path / "a.xlsx"
    book.save(path)
    found = intake.read(path.read_bytes(), "a.xlsx")
    same_rows = intake.read(export.render(DATA, Filters(sdg=("6",))), "a.csv")
    assert (found.kind, found.activities) == ("hxl", same_rows.activities)


# ---- the corpus: what became of each file, and why

NO_NAME, NO_TAGS = "no hashtag of an activity's name", "no row of HXL hashtags"
# Files that are no table of text with a tag row, by ending; the rest of the corpus is judged by its tags below.
OTHER_KINDS = (".html", ".json", ".txt", ".zip", ".png", ".xls", ".xlsx", ".NOEXT")


@pytest.mark.shared
def test_every_file_of_the_corpus_has_a_verdict(shared: Path) -> None:
    """Its files are of other countries and name no activity: each is refused with the reason, none is half read."""
    verdicts: dict[str, str] = {}
    for path in sorted((shared / "corpora/hxl-libhxl/tests").rglob("*.*")):
        data = path.read_bytes()
        try:
            hxl.read(data, path.name)
        except InputError as error:
            verdicts[path.name] = str(error)
        else:
            pytest.fail(f"{path.name} has no activity, and was read")
    assert len(verdicts) > 60
    for name, said in verdicts.items():
        assert said.startswith(name)
        tagged = not name.endswith(OTHER_KINDS) and "untagged" not in name and name != "input-invalid.csv"
        if tagged and "append-source-list" not in name and name != "wide-tagging-test.csv":
            assert NO_NAME in said, said


@pytest.mark.shared
def test_files_of_the_corpus_with_an_activity_added_are_read(shared: Path) -> None:
    """The same files with a column of names: rows of other countries are passed over, the others are all there."""
    checked = 0
    for path in sorted((shared / "corpora/hxl-libhxl/tests").rglob("*.csv")):
        text, _ = delimited.decode(path.read_bytes(), path.name)
        records = [cells for cells in csv.reader(io.StringIO(text, newline="")) if any(cells)]
        at = next((at for at, cells in enumerate(records) if recognise.is_tag_row(cells)), None)
        if at is None:
            continue
        named = [[*cells, "#activity" if row == at else f"Wells {row}"] for row, cells in enumerate(records)]
        found = hxl.from_rows(list(enumerate(named, 1)), path.name)
        over = [problem.value for problem in found.problems if problem.kind == "passed_over"]
        passed = int(over[0].split()[0]) if over else 0
        assert found.rows_read + passed == len(records) - at - 1, path.name
        assert found.rows_read == 0 or not any(cell.startswith("#country") for cell in records[at]), path.name
        checked += 1
    assert checked > 40


# ---- out, and back


@given(data=datasets())
@settings(max_examples=30, deadline=None)
def test_any_data_comes_back_the_same(data: Dataset) -> None:
    same(intake.read(export.render(data, Filters()), "x.csv"), data)


def test_the_embedded_data_comes_back_the_same() -> None:
    same(intake.read(export.render(DATA, Filters()), "x.csv"), DATA)


def test_a_row_says_what_the_map_shows_as_corrected_and_as_registered() -> None:
    for found in VIEWS:
        text = export.render(DATA, found).decode("utf-8-sig")
        _heading, tags, *rows = csv.reader(io.StringIO(text, newline=""))
        assert all(map(hxl_tags.parse, tags))
        kept = filters.apply(DATA, found).nonzero()[0]
        for row, values in zip(kept, rows, strict=True):
            cells = dict(zip(tags, values, strict=True))
            for view, places in (("corrected", DATA.corrected), ("registered", DATA.registered)):
                decision = places.decisions[row]
                assert cells[f"#meta+scope+{view}"] == decision.scope
                provinces = {gazetteer.province(code) for code in decision.areas}
                assert set(filter(None, cells[f"#adm1+code+v_pcodes+{view}"].split(";"))) == provinces
                districts = {code for code in decision.areas if gazetteer.level(code) == "adm2"}
                assert set(filter(None, cells[f"#adm2+code+v_pcodes+{view}"].split(";"))) == districts


def test_texts_that_would_run_as_formulas_are_guarded_and_come_back() -> None:
    data = hostile()
    text = export.render(data, Filters()).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert not [cell for row in rows for cell in row if cell[:1] in "=+-@\t\r" and cell]
    back = intake.read(export.render(data, Filters()), "x.csv")
    assert [row.title for row in back.activities] == [row.title.strip() for row in data.activities]


def test_the_same_view_gives_the_same_bytes_anywhere() -> None:
    first, second = (fresh("hxl", **place) for place in PLACES)
    assert first == second


def test_halves_of_letters_do_not_stop_the_file() -> None:
    odd = replace(DATA.activities[0], title="half \ud800 letter")
    data = replace(DATA, activities=(odd, *DATA.activities[1:]))
    assert b"half ? letter" in export.render(data, Filters())


CELLS = st.sampled_from(
    ["", "Wells", "LA17", "LA0701|LA0702", "Attapeu", "Panamá", "Lao PDR", "17.9", "x", "6;13", "9" * 30, "#org", "=1"]
)
KNOWN = ("#activity", "#activity+id", "#org", "#org+funder+list", "#adm1", "#adm1+code", "#adm2+v_pcodes", "#loc")
OTHER = ("#country", "#geo+lat", "#geo+lon", "#value", "#reached", "#sector+sdg", "#date+start", "", "no tag", "#x")
TAGS = st.sampled_from((*KNOWN, *OTHER))


def mostly_tags(tags: list[str]) -> bool:
    """Tell whether these beside one hashtag more make a tag row: half of its filled cells or more."""
    filled = [tag for tag in tags if tag]
    return 2 * (1 + sum(tag.startswith("#") for tag in filled)) >= 1 + len(filled)


@given(
    tags=st.lists(TAGS, min_size=1, max_size=9).filter(mostly_tags),
    rows=st.lists(st.lists(CELLS, max_size=10), max_size=5),
)
@settings(max_examples=100, deadline=None)
def test_whatever_a_row_holds_it_is_an_activity_or_has_a_reason(tags: list[str], rows: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([["#activity+name", *tags], *rows])
    found = intake.read(out.getvalue().encode(), "a.csv", "hxl")
    assert len(found.activities) + found.rejected == found.rows_read <= len(rows)
    assert bool(found.rejected) == any(problem.severity == "error" for problem in found.problems)
