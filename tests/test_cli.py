"""The same jobs without a browser: figures that add up, one clear line on bad arguments, exit codes."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from geo import cli, library
from geo.export import formats
from geo.fields import COMPUTED, Fields
from geo.filters import Filters

FAULTS = Path(__file__).parent / "fixtures" / "intake" / "ten_faults.csv"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Return the exit code and what was printed."""
    try:
        code = cli.main(arguments)
    except SystemExit as left:
        code = int(left.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


def test_summary_as_json_has_the_keys_that_are_promised(capsys):
    code, out, _err = run(capsys, "summary", "--by", "province", "--sdg", "6", "--format", "json")
    found = json.loads(out)
    assert code == 0
    assert found["total"] == found["located"] + found["nationwide"] + found["unlocated"]
    assert len(found["areas"]) == 18
    promised = {"pcode", "name_en", "name_lo", "activities", "agencies", "budget_low", "budget_high"}
    assert promised <= set(found["areas"][0])
    assert found["total"] == sum(6 in activity.goals for activity in library.embedded().activities)


@pytest.mark.parametrize("by", ["district", "goal", "agency", "donor", "year"])
@pytest.mark.parametrize("form", ["text", "json", "csv"])
def test_every_breakdown_prints_in_every_form(capsys, by, form):
    code, out, err = run(capsys, "summary", "--by", by, "--format", form)
    assert (code, err) == (0, "")
    assert len(out.splitlines()) > 3


@pytest.mark.parametrize(
    "arguments",
    [
        ("summary", "--sdg", "19"),
        ("summary", "--area", "LA99"),
        ("summary", "--years", "yesterday"),
        ("summary", "--by", "moon"),
        ("summary", "--agency", "NOSUCH"),
        ("nothing",),
        (),
        ("explain", "no-such-activity"),
        ("check", "/no/such/file.csv"),
        ("snapshot", "-o", "map.bmp"),
        ("snapshot", "-o", "map.png", "--dpi", "9"),
        ("scope",),
    ],
)
def test_bad_arguments_are_one_clear_line_and_exit_code_2(capsys, arguments):
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert len(err.strip().splitlines()) == 1
    assert len(err) > 20


def test_an_unknown_activity_names_its_nearest_and_none_where_none_is_near(capsys):
    known = library.embedded().activities[0].activity_id
    assert f"Nearest: {known}" in run(capsys, "explain", f"{known}x")[2]
    told = run(capsys, "explain", "nope")[2]
    assert "Nearest" not in told
    assert "list of activities" in told


def test_a_link_gives_the_same_figures_as_its_options(capsys):
    by_link = run(capsys, "summary", "--format", "json", "--link", "http://localhost:8501/?sdg=6&area=LA17")
    by_options = run(capsys, "summary", "--format", "json", "--sdg", "6", "--area", "LA17")
    assert by_link == by_options
    assert by_link[0] == 0


def test_activities_as_csv_are_the_template_and_what_the_rule_made(capsys):
    code, out, _err = run(capsys, "activities", "--area", "LA17")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert code == 0
    assert list(rows[0]) == [*map(str, Fields), *COMPUTED]
    assert all("LA17" in row["areas"] for row in rows)
    total = json.loads(run(capsys, "summary", "--area", "LA17", "--format", "json")[1])["total"]
    assert len(rows) == total


def test_explain_tells_the_evidence(capsys):
    decided = library.embedded()
    row = next(row for row, now in enumerate(decided.corrected.decisions) if now.dropped and now.evidence)
    activity = decided.activities[row]
    code, out, _err = run(capsys, "explain", activity.activity_id)
    assert code == 0
    assert activity.title in out
    assert decided.corrected.decisions[row].evidence[0].reason in out
    plain = json.loads(run(capsys, "explain", activity.activity_id, "--format", "json")[1])
    assert plain["corrected"]["evidence"]


def test_match_says_what_each_place_became(capsys, tmp_path):
    places = tmp_path / "places.txt"
    places.write_text("Houaphanh and Phongsaly provinces\nVientiane\nAtapeuu\n", encoding="utf-8")
    code, out, _err = run(capsys, "match", str(places))
    lines = out.splitlines()
    assert code == 0
    assert len(lines) == 3
    assert "LA07" in lines[0]
    assert "LA02" in lines[0]
    assert "LA01" in lines[1]
    assert "LA10" in lines[1]
    assert "LA17" in lines[2]


def test_check_lists_every_problem_and_the_sum(capsys):
    code, out, _err = run(capsys, "check", str(FAULTS))
    lines = out.splitlines()
    assert code == 0
    assert lines[0] == "12 rows read = 9 accepted + 3 rejected (csv, utf-8)"
    assert len(lines) == 11
    assert json.loads(run(capsys, "check", str(FAULTS), "--format", "json")[1])["rejected"] == 3


@pytest.mark.parametrize("kind", ["png", "pdf", "svg"])
def test_snapshot_writes_a_picture(capsys, tmp_path, kind):
    target = tmp_path / f"map.{kind}"
    code, out, err = run(capsys, "snapshot", "--sdg", "6", "--area", "LA17", "-o", str(target), "--dpi", "72")
    assert (code, err) == (0, "")
    assert str(target) in out
    start = {"png": b"\x89PNG", "pdf": b"%PDF", "svg": b"<"}[kind]
    assert target.read_bytes().startswith(start)


def test_scope_judges_and_reports(capsys, tmp_path):
    truth = tmp_path / "truth.csv"
    first = library.embedded().activities[0].activity_id
    truth.write_text(f"activity_id,true_scope\n{first},other_provinces\n", encoding="utf-8")
    found = json.loads(run(capsys, "scope", "--truth", str(truth), "--format", "json")[1])
    assert {"n", "correct", "accuracy", "confusion", "by_confidence", "wrong"} <= set(found)
    assert found["n"] == 1
    code, out, _err = run(capsys, "scope", "--report", str(tmp_path / "report"))
    assert code == 0
    assert [Path(line).stat().st_size > 5_000 for line in out.splitlines()] == [True, True]


@pytest.mark.parametrize("key", formats.FORMATS)
def test_export_writes_every_format_that_the_page_offers(capsys, tmp_path, key):
    path = tmp_path / f"out{formats.FORMATS[key].name_end}"
    code, out, _err = run(capsys, "export", "--format", key, "-o", str(path), "--sdg", "6")
    count = sum(6 in activity.goals for activity in library.embedded().activities)
    assert (code, f"{count} activities" in out) == (0, True)
    assert path.read_bytes() == formats.render(library.embedded(), Filters(sdg=("6",)), key)


def test_export_goes_by_the_ending_and_refuses_one_that_is_none(capsys, tmp_path):
    assert run(capsys, "export", "-o", str(tmp_path / "a.xml"))[0] == 0
    assert (tmp_path / "a.xml").read_bytes().startswith(b"<?xml")
    code, _out, err = run(capsys, "export", "-o", str(tmp_path / "a.doc"))
    assert (code, ".xml" in err) == (2, True)
    code, _out, err = run(capsys, "export", "-o", str(tmp_path / "no" / "a.csv"))
    assert (code, "choose another folder" in err) == (2, True)
