"""Workbooks: right values, the right sheet, and a clear refusal, from a confined child, of what fills a machine."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time

import pytest
import xlsxwriter

from geo import intake
from geo.errors import InputError
from geo.readers import confined, workbook
from geo.readers.workbook_child import MAX_MEMBERS, as_text

HEADER = ("activity_id", "title")


def book(*sheets: tuple[str, list[tuple[object, ...]]], hidden: str = "", **options: object) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, **options}) as made:
        day = made.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets:
            sheet = made.add_worksheet(name)
            if name == hidden:
                sheet.hide()
            for at, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, date):
                        sheet.write_datetime(at, column, value, day)
                    elif value is not None:
                        sheet.write(at, column, value)
    return out.getvalue()


def refilled(data: bytes, part: str, content: bytes) -> bytes:
    """Return the workbook with another content in one of its parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, content if name == part else old.read(name))
    return out.getvalue()


def test_cells_come_as_a_person_would_type_them():
    cells = (1e6, 0.1 + 0.2, 1e20, True, date(2024, 3, 31), datetime(2024, 3, 31, 12, 30), "a\nb", "໒", 2.5, 45_000)
    data = book(("a", [("x",) * len(cells), cells]))
    (sheet,) = workbook.sheets(data, "a.xlsx")
    assert sheet.short == ()
    assert sheet.rows[1] == (
        2,
        ["1000000", "0.3", "1" + "0" * 20, "TRUE", "2024-03-31", "2024-03-31 12:30:00", "a\nb", "໒", "2.5", "45000"],
    )
    assert as_text(time(12, 30)) == "12:30:00"


@pytest.mark.parametrize("epoch", [False, True])
def test_a_date_is_the_same_in_both_calendars(epoch):
    data = book(
        ("a", [(*HEADER, "start_date"), ("x", "t", date(2024, 2, 29)), ("y", "t", 43889)]),
        default_date_format="yyyy-mm-dd",
        date_1904=epoch,
    )
    found = intake.read(data, "a.xlsx")
    assert [str(activity.start) for activity in found.activities] == ["2024-02-29", "None"]
    asked = [problem for problem in found.problems if problem.kind == "bad_date"]
    assert [(problem.row, problem.value, len(problem.candidates)) for problem in asked] == [(3, "43889", 2)]


def test_the_sheet_whose_header_is_understood_best_is_read_and_another_can_be_chosen():
    cover, table = ("Cover", [("Our work",), ("of 2024",)]), ("Data", [("Report",), (), HEADER, ("a", "Wells")])
    other = ("More", [HEADER[:1], ("x",)])
    data = book(cover, other, table, ("Lists", [(*HEADER, "sdgs", "status"), ("l", "l")]), hidden="Lists")
    found = intake.read(data, "a.xlsx")
    assert (found.kind, found.sheet, found.sheets) == ("xlsx", "Data", ("Cover", "More", "Data", "Lists"))
    assert [(activity.activity_id, activity.row) for activity in found.activities] == [("a", 4)]
    assert intake.read(data, "a.xlsx", sheet="Lists").activities[0].title == "l"
    with pytest.raises(InputError, match="has no sheet 'Datas'; it has 'Cover', 'More', 'Data', 'Lists'"):
        intake.read(data, "a.xlsx", sheet="Datas")
    with pytest.raises(InputError, match="is empty"):
        intake.read(book(("a", [])), "a.xlsx")


def test_a_cell_with_an_error_is_told_with_its_row():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ("a", "t"))
        sheet.write_formula(2, 0, "=NA()", None, "#N/A")
        sheet.write_string(2, 1, "u")
    found = intake.read(out.getvalue(), "a.xlsx")
    assert [(problem.kind, problem.row) for problem in found.problems if problem.kind == "formula_error"] == [
        ("formula_error", 3)
    ]
    assert (found.rows_read, len(found.activities)) == (2, 1)


def test_a_number_that_may_have_lost_its_zero_is_asked():
    head = (*HEADER, "SDG targets", "sdgs", "budget_usd")
    data = book(("a", [head, ("a", "t", 16.1, 6, 16.1), ("b", "t", 6.1, 16.1, 1), ("c", "t", "16.1", "6", "1")]))
    found = intake.read(data, "a.xlsx")
    asked = [(problem.kind, problem.row, problem.candidates) for problem in found.problems if problem.candidates]
    both = ("16.1", "16.10")
    assert asked == [("unknown_target", 2, both), ("unknown_goal", 3, both)]
    assert [activity.targets for activity in found.activities] == [(), ("6.1",), ("16.1",)]
    assert str(found.activities[0].budget.amount) == "16.1"


def test_one_cell_far_out_is_refused_with_where_it_is_and_a_sheet_beside_it_is_read():
    far = book(("Far", [HEADER, ("a", "t")]), ("Near", [HEADER, ("b", "t")]))
    part = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(io.BytesIO(far)) as archive:
        content = archive.read(part).replace(
            b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        )
    data = refilled(far, part, content)
    assert [activity.activity_id for activity in intake.read(data, "a.xlsx").activities] == ["b"]
    with pytest.raises(InputError, match="'Far' reaches over 1,048,576 rows x 16,384 columns"):
        intake.read(data, "a.xlsx", sheet="Far")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><worksheet><sheetData/></worksheet>", "document type in 'xl/worksheets/"),
        (b" " * 1_000_000 + b"<!DOCTYPE a><worksheet/>", "document type"),
        (" <!DOCTYPE a><worksheet/>".encode("utf-16"), "document type"),
        (b"<worksheet><sheetData><row", "damaged workbook"),
    ],
)
def test_a_sheet_that_no_spreadsheet_writes_is_refused(content, words):
    data = refilled(book(("a", [HEADER])), "xl/worksheets/sheet1.xml", content)
    with pytest.raises(InputError, match=words):
        workbook.sheets(data, "a.xlsx")


def test_an_archive_that_unpacks_to_gigabytes_or_thousands_is_refused_before_it_does():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 50_000_000)
    large = bytearray(out.getvalue())
    # The size that the directory tells is a claim: here it claims four gigabytes, and in the next file nothing.
    at = large.rindex(b"PK\x01\x02")
    claimed, told = large.copy(), large.copy()
    claimed[at + 24 : at + 28] = (0xFFFFFFF0).to_bytes(4, "little")
    told[at + 24 : at + 28] = (10).to_bytes(4, "little")
    with pytest.raises(InputError, match="unpacks to more than 4,095 MB"):
        workbook.sheets(bytes(claimed), "a.xlsx")
    with pytest.raises(InputError, match="damaged workbook"):
        workbook.sheets(bytes(told), "a.xlsx")
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as archive:
        for number in range(MAX_MEMBERS + 1):
            archive.writestr(f"xl/{number}", "")
    with pytest.raises(InputError, match=f"packs {MAX_MEMBERS + 1:,} files"):
        workbook.sheets(many.getvalue(), "a.xlsx")


# ---- the child


LIMITS = confined.Limits(seconds=1, wall=60, answer=8)


@pytest.mark.parametrize(
    ("function", "arguments", "words"),
    [
        ("hang", (), "takes longer to read than a file may"),
        ("eat", (), "needs more memory than a file may take"),
        ("die", (), "needs more memory"),
        ("pour", (), "unpacks to more than 8 MB"),
        ("peek", (__file__,), "cannot be read"),
        ("dial", (), "cannot be read"),
    ],
)
def test_a_child_is_stopped_at_each_limit(function, arguments, words):
    with pytest.raises(InputError, match=words):
        confined.run(f"tests.support_confined:{function}", b"x", *arguments, name="a.xlsx", limits=LIMITS)


def test_a_child_inherits_nothing_but_what_it_is_given(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "secret")
    assert confined.run("tests.support_confined:echo", "ແຂວງ".encode(), "a", limits=LIMITS) == [["ແຂວງ", "a"]]
    assert confined.run("tests.support_confined:peek", b"", __file__, limits=confined.Limits(files=True)) == ["22"]
    code = confined.run("tests.support_confined:told", b"", environment={"OGR_SKIP": "VRT"})
    assert code == [["VRT", None]]
