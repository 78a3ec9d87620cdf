"""Every spreadsheet of the corpora: a verdict within limits, accepted + rejected = rows read, and the right cells."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from geo import intake
from geo.errors import InputError
from tests.support_memory import PEAK

FOLDERS = ("csv-spectrum/csvs", "csv-injection/Intruder", "made-here/csv", "made-here/xlsx")
CPU_SECONDS, MEMORY = 10, 512  # of one file, and of all that are read in one process, in MiB
# Run apart: a file that takes too long ends the process, and its memory can be told.
PROBE = """
import json, resource, signal, sys
from pathlib import Path
from geo import intake
from geo.errors import InputError
for name in sys.argv[2:]:
    path = Path(name)
    signal.setitimer(signal.ITIMER_PROF, float(sys.argv[1]))
    try:
        raw = intake.raw(path.read_bytes(), path.name)
        said = dict(zip(raw.columns, ("activity_id", "title")))
        found = intake.read(path.read_bytes(), path.name, mapping=said)
        counts = [len(found.activities), found.rejected, found.rows_read, raw.rows_read]
        kinds = sorted({problem.kind for problem in found.problems} - {"missing_column", "unknown_column"})
        verdict = [counts, kinds, [problem.row for problem in found.problems if problem.severity == "error"]]
    except InputError as error:
        verdict = str(error)
    print(json.dumps([f"{path.parent.name}/{path.name}", verdict]))
""" + PEAK.replace("print(most)", 'print(json.dumps(["memory", most // 1024]))')
# Accepted and rejected rows, with the first column as the id and the second as the title, and the kinds of problems.
EXPECTED: dict[str, tuple[int, int, list[str]]] = {
    "csvs/comma_in_quotes.csv": (1, 0, []),
    "csvs/empty.csv": (1, 1, ["missing_value"]),
    "csvs/empty_crlf.csv": (1, 1, ["missing_value"]),
    "csvs/escaped_quotes.csv": (2, 0, []),
    "csvs/json.csv": (1, 0, []),
    "csvs/location_coordinates.csv": (1, 0, ["lost_letters"]),
    "csvs/newlines.csv": (3, 0, []),
    "csvs/newlines_crlf.csv": (3, 0, []),
    "csvs/quotes_and_newlines.csv": (2, 0, []),
    "csvs/simple.csv": (1, 0, []),
    "csvs/simple_crlf.csv": (1, 0, []),
    "csvs/utf8.csv": (2, 0, []),
    "csv/cp1252.csv": (1, 0, ["encoding"]),
    "csv/cr-only.csv": (1, 0, []),
    "csv/formula.csv": (6, 0, []),
    "csv/lao-utf-16-le.csv": (2, 0, ["ambiguous_place", "encoding"]),
    "csv/lao-utf-16.csv": (2, 0, ["ambiguous_place"]),
    "csv/lao-utf-8-sig.csv": (2, 0, ["ambiguous_place"]),
    "csv/lao-utf-8.csv": (2, 0, ["ambiguous_place"]),
    "csv/legacy-lao-font.csv": (0, 1, ["old_font", "row_too_long"]),
    "csv/only-header.csv": (0, 0, []),
    "csv/ragged-late.csv": (1, 1, ["row_too_long"]),
    "csv/ragged-long.csv": (1, 1, ["row_too_long"]),
    "csv/semicolon.csv": (1, 0, []),
    "xlsx/dates-1904.xlsx": (2, 0, []),
    "xlsx/dates-1900-mixed.xlsx": (11, 2, ["missing_value"]),
}
REFUSED = {
    "Intruder/csv-payload.txt": "no column 'title'",
    "csv/dup-header.csv": "no column 'title'",
    "csv/empty.csv": "is empty",
    "csv/open-quote.csv": "cannot be read as delimited text from row 2 on",
    "xlsx/sparse.xlsx": "1,048,576 rows x 16,384 columns",
    "xlsx/xxe.xlsx": "document type in 'xl/worksheets/sheet1.xml'",
}


@pytest.fixture(scope="module")
def verdicts(shared: Path, root: Path) -> dict[str, object]:
    files = [str(path) for folder in FOLDERS for path in sorted((shared / "corpora" / folder).iterdir())]
    command = [sys.executable, "-W", "error", "-c", PROBE, str(CPU_SECONDS), *files]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(line) for line in done.stdout.splitlines())


def test_every_file_has_a_verdict_of_its_own(verdicts):
    assert verdicts.keys() == {*EXPECTED, *REFUSED, "memory"}
    assert verdicts["memory"] < MEMORY


@pytest.mark.parametrize("name", EXPECTED)
def test_a_file_is_read_as_expected(verdicts, name):
    counts, kinds, rejected_rows = verdicts[name]
    accepted, rejected, problems = EXPECTED[name]
    assert counts == [accepted, rejected, accepted + rejected, accepted + rejected]
    assert kinds == problems
    assert len(set(rejected_rows)) == rejected


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_is_refused_with_its_name_and_the_reason(verdicts, name):
    assert REFUSED[name] in verdicts[name]
    assert name.split("/")[1] in verdicts[name]


@pytest.mark.parametrize(
    "name", [name.split("/")[1].removesuffix(".csv") for name in EXPECTED if name.startswith("csvs/")]
)
def test_the_cells_are_those_of_the_spectrum(shared, name):
    folder = shared / "corpora" / "csv-spectrum"
    want = json.loads((folder / "json" / f"{name}.json").read_text(encoding="utf-8"))
    rows = want if isinstance(want, list) else [want]
    table = intake.raw((folder / "csvs" / f"{name}.csv").read_bytes(), name)
    got = [row.cells for row in table.rows]
    if name == "location_coordinates":  # the corpus gives another number in its JSON
        rows[0]["Contact Phone Number"] = "2095257564"
    assert got == [{key: cell.replace("\r\n", "\n").strip() for key, cell in row.items()} for row in rows]


def test_the_dates_of_a_mixed_column_are_read_asked_or_refused_each_for_itself(shared):
    data = (shared / "corpora/made-here/xlsx/dates-1900-mixed.xlsx").read_bytes()
    with pytest.raises(InputError, match="no column 'title'"):
        intake.read(data, "dates.xlsx")
    table = intake.raw(data, "dates.xlsx")
    rows = [f"{row.cells['id']},t,{row.cells.get('start', '')}" for row in table.rows]
    found = intake.read("\n".join(["id,title,start", *rows]).encode(), "dates.csv")
    read = {activity.activity_id: str(activity.start) for activity in found.activities}
    assert {key for key, start in read.items() if start == "2024-02-29"} == {"0", "1", "2", "3", "4"}
    asked = {problem.value: problem.candidates for problem in found.problems if problem.kind == "bad_date"}
    assert asked == {
        "03/04/2024": ("2024-04-03", "2024-03-04"),
        "45351": ("2024-02-29", "2028-03-01"),
        "31/02/2024": (),
        "29/02/2023": (),
        "2567-02-29": ("2024-02-29",),
    }


def test_formulas_are_text(shared):
    data = (shared / "corpora/made-here/csv/formula.csv").read_bytes()
    titles = [activity.title for activity in intake.read(data, "formula.csv").activities]
    assert titles == ["=1+1", '=HYPERLINK("http://e/","x")', "+1", "-1", "@SUM(1)", "=1"]
