"""IATI in: what bears on who, what, where, when and how much; nothing guessed; no attack gets anywhere."""

from __future__ import annotations

import copy
import io
import multiprocessing
import re
import resource
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from geo import intake
from geo.errors import InputError, Problem
from geo.readers import RawRow, RawTable, iati, iati_activity
from geo.readers.iati import MOST_ACTIVITY
from tests.support_iati import GOALS_URI, activity, document, schema, typical

LIMIT = 512 << 20  # bytes of memory that a verdict may take
SECONDS = 10


def cells(body: str, **more: str) -> dict[str, str]:
    """Return the cells of one activity."""
    [row] = iati.read(document(activity(body, **more)), "a.xml").rows
    return row.cells


def problems(body: str, **more: str) -> list[Problem]:
    return list(iati.read(document(activity(body, **more)), "a.xml").problems)


def kinds(body: str, **more: str) -> list[str]:
    return [problem.kind for problem in problems(body, **more)]


def test_a_typical_activity_gives_every_column_that_the_format_has() -> None:
    data = document(typical(7))
    [row] = iati.read(data, "a.xml").rows
    assert row.row == 1 + data[: data.index(b"<iati-activity ")].count(b"\n")
    assert row.cells == {
        "activity_id": "XM-DAC-41122-LAO-7",
        "title": "Safe water for schools",
        "summary": "Water points and latrines for schools of two provinces.",
        "sdgs": "4;6;18",
        "sdg_basis": "stated",
        "sdg_targets": "6.1",
        "agencies": "UNICEF;WHO",
        "implementing_partners": "Ministry of Health",
        "donors": "Japan",
        "locations_as_published": "Attapeu;Savannakhet",
        "scope_as_published": "subnational",
        "status": "2",
        "start_date": "2022-02-01",
        "end_date": "2025-12-31",
        "budget_usd": "200000.50",
        "budget_basis": "sum of published years",
        "people_reached": "",
        "source_title": "",
        "source_url": "",
        "source_date": "2026-05-01",
        "currency": "USD",
        "points": "14.81 106.83",
        "iati_geography": "activity-scope=5;location-reach=1;exactness=1;location-class=1;feature-designation=ADM1",
    }


def test_rows_read_are_the_activities_of_the_country_and_the_others_are_counted() -> None:
    nowhere = activity("").replace('<recipient-country code="LA"/>', "")
    found = intake.read(document(typical(1), typical(2, "KE"), nowhere, typical(3), typical(4, "VN")), "a.xml")
    assert (found.kind, found.rows_read, len(found.activities), found.rejected) == ("iati", 3, 2, 1)
    by_kind = {problem.kind: problem for problem in found.problems}
    assert by_kind["passed_over"].value == "2 of 5 activities"
    assert by_kind["no_country"].severity == "error"


@pytest.mark.parametrize(
    ("body", "ours"),
    [
        ('<transaction><recipient-country code="LA"/></transaction>', True),
        ('<transaction><recipient-country code="KE"/></transaction>', False),
        ('<recipient-country code="KE"/><transaction><recipient-country code="LA"/></transaction>', False),
        ('<recipient-region code="798"/>', False),
        ('<location><administrative vocabulary="A4" code="LA"/></location>', True),
        ('<location><administrative vocabulary="A1" code="LA"/></location>', None),
        ('<location><location-id vocabulary="99" code="LA0101"/></location>', True),
        ("", None),
    ],
)
def test_whose_activity_it_is(body: str, ours: bool | None) -> None:
    found = iati.read(document(activity(body).replace('<recipient-country code="LA"/>', "", 1)), "a.xml")
    assert (len(found.rows), found.rows_read) == {True: (1, 1), False: (0, 0), None: (0, 1)}[ours]


@pytest.mark.parametrize(
    ("title", "attributes", "expected"),
    [
        ("<narrative>Puits</narrative><narrative xml:lang='en-GB'>Wells</narrative>", "xml:lang='fr'", "Wells"),
        ("<narrative xml:lang='lo'>ນ້ຳ</narrative><narrative>Puits</narrative>", "xml:lang='fr'", "Puits"),
        ("<narrative xml:lang='lo'>ນ້ຳ</narrative>", "xml:lang='fr'", "ນ້ຳ"),
        ("<narrative/><narrative>Wells\n      and latrines</narrative>", "", "Wells and latrines"),
    ],
)
def test_texts_are_in_english_else_in_the_default_language(title: str, attributes: str, expected: str) -> None:
    body = f"<iati-activity {attributes}><title>{title}</title><recipient-country code='LA'/></iati-activity>"
    assert iati.read(document(body), "a.xml").rows[0].cells["title"] == expected


@pytest.mark.parametrize(
    ("body", "goals", "targets"),
    [
        ('<tag vocabulary="2" code="6"/><tag vocabulary="3" code="1.4"/>', "1;6", "1.4"),
        ('<sector vocabulary="7" code="13"/><sector vocabulary="8" code="6.b"/>', "6;13", "6.b"),
        (f'<tag vocabulary="99" vocabulary-uri="{GOALS_URI}/" code="18"/>', "18", ""),
        (f'<tag vocabulary="99" vocabulary-uri="{GOALS_URI}" code="18.1"/>', "18", "18.1"),
        ('<tag vocabulary="99" vocabulary-uri="urn:x" code="7"/><sector vocabulary="1" code="3"/>', "", ""),
    ],
)
def test_goals_of_tags_and_sectors(body: str, goals: str, targets: str) -> None:
    found = cells(body)
    assert (found["sdgs"], found["sdg_targets"]) == (goals, targets)
    assert found["sdg_basis"] == ("stated" if goals else "")


def test_a_code_18_of_an_unnamed_list_is_asked_for_and_percentages_are_told() -> None:
    [problem] = problems('<tag vocabulary="99" code="18"/>')
    assert (problem.kind, problem.candidates) == ("unclear_goal", ("SDG 18",))
    assert kinds('<sector vocabulary="7" code="6" percentage="50"/>') == ["goal_shares"]


ROLES = "".join(
    f'<participating-org role="{role}"{reference}><narrative>{name}</narrative></participating-org>'
    for role, reference, name in (
        ("4", "", "Ministry of Health; Department"),
        ("3", "", "Food and Agriculture Organization of the United Nations"),
        ("1", "", "ADB"),
        ("2", ' ref="WFP"', "Some office of it"),
        ("7", "", "Nobody"),
    )
)


@pytest.mark.parametrize(("secondary", "first"), [("", ["UNDP"]), (' secondary-reporter="1"', [])])
def test_organisations_by_role(secondary: str, first: list[str]) -> None:
    name = "United Nations Development Programme"
    reporter = f'<reporting-org ref="x" type="40"{secondary}><narrative>{name}</narrative></reporting-org>'
    found = cells(reporter + ROLES)
    assert found["agencies"].split(";") == [*first, "WFP", "FAO"]
    assert found["donors"] == "Asian Development Bank"
    assert found["implementing_partners"] == "Ministry of Health, Department"
    assert kinds(ROLES) == ["unknown_role"]


def budget(year: int, value: str, *, kind: str = "", currency: str = "", end: int | None = None) -> str:
    of = f' type="{kind}"' if kind else ""
    money = f' currency="{currency}"' if currency else ""
    return (
        f'<budget{of}><period-start iso-date="{year}-01-01"/><period-end iso-date="{end or year}-12-31Z"/>'
        f'<value{money} value-date="{year}-01-01">{value}</value></budget>'
    )


COMMITTED = '<transaction><transaction-type code="2"/><value>700</value></transaction>'
SPENT = '<transaction><transaction-type code="4"/><value>5</value></transaction>'
BUDGET = budget(2022, "1000")
TWO = '<recipient-country code="KE" percentage="60"/>'


@pytest.mark.parametrize(
    ("body", "amount", "basis", "told"),
    [
        (budget(2022, "100") + budget(2023, "50.256"), "150.26", "sum of published years", []),
        (budget(2022, "100") + budget(2022, "70", kind="2"), "70", "sum of published years", []),
        (budget(2022, "100") + budget(2022, "70"), "", "", ["budgets_overlap"]),
        (budget(2022, "100", end=2024) + budget(2023, "70"), "", "", ["budgets_overlap"]),
        (budget(2022, "100") + budget(2023, "70", currency="EUR"), "", "", ["mixed_currencies"]),
        (budget(2022, "many") + budget(2023, "70"), "", "", ["bad_amount"]),
        (budget(2022, "1e400"), "", "", ["bad_amount"]),
        (budget(2022, "NaN"), "", "", ["bad_amount"]),
        (budget(2022, "100") + COMMITTED, "100", "sum of published years", []),
        (COMMITTED + COMMITTED + SPENT, "1400", "stated total", ["budget_from_commitments"]),
        (SPENT, "", "", ["no_budget"]),
        ("", "", "", []),
        (budget(2022, "100") + TWO, "", "", ["country_share_unknown"]),
    ],
)
def test_budget(body: str, amount: str, basis: str, told: list[str]) -> None:
    found = cells(body)
    assert (found["budget_usd"], found["budget_basis"]) == (amount, basis)
    assert found["currency"] == ("USD" if amount else "")
    assert kinds(body) == told


def test_a_share_of_the_country_is_taken_and_told() -> None:
    body = activity(budget(2022, "1000", currency="eur") + TWO).replace('code="LA"', 'code="LA" percentage="40"')
    found = iati.read(document(body), "a.xml")
    assert (found.rows[0].cells["budget_usd"], found.rows[0].cells["currency"]) == ("400", "EUR")
    assert [problem.value for problem in found.problems] == ["40 % of EUR 1000"]


LA, KE = (f'<transaction-type code="2"/><recipient-country code="{one}"/>' for one in ("LA", "KE"))


@pytest.mark.parametrize(
    ("body", "amount", "told"),
    [
        (f"<transaction>{LA}<value>700</value></transaction>", "700", ["budget_from_commitments"]),
        (
            f"<transaction>{LA}<value>7</value></transaction><transaction>{KE}<value>9</value></transaction>{COMMITTED}",
            "7",
            ["budget_from_commitments"],
        ),
        (f"<transaction>{LA}</transaction><transaction>{KE}</transaction>{BUDGET}", "", ["country_share_unknown"]),
        (f"<transaction>{LA}</transaction>{BUDGET}", "1000", []),
    ],
)
def test_where_transactions_alone_name_countries_theirs_are_counted(body: str, amount: str, told: list[str]) -> None:
    found = iati.read(document(activity(body).replace('<recipient-country code="LA"/>', "", 1)), "a.xml")
    assert found.rows[0].cells["budget_usd"] == amount
    assert [problem.kind for problem in found.problems] == told


def test_no_currency_no_budget() -> None:
    assert cells(budget(2022, "5"), attributes="")["budget_usd"] == ""
    assert kinds(budget(2022, "5"), attributes="") == ["no_currency"]


def place(name: str = "", code: str = "", vocabulary: str = "99", pos: str = "") -> str:
    return (
        "<location>"
        + (f"<name><narrative>{name}</narrative></name>" if name else "")
        + (f'<administrative vocabulary="{vocabulary}" code="{code}"/>' if code else "")
        + (f"<point><pos>{pos}</pos></point>" if pos else "")
        + "</location>"
    )


@pytest.mark.parametrize(
    ("body", "places", "told"),
    [
        (place("Attapeu"), "Attapeu", []),
        (place("Attapeu", "LA17"), "Attapeu", []),
        (place("Vientiane", "LA10"), "Vientiane, LA10", []),
        (place("Some school", "LA0701"), "Some school, LA0701", []),
        (place(code="LA-AT", vocabulary="A4"), "LA17", []),
        (place(code="LA.AT"), "LA17", []),
        (place(code="LA", vocabulary="A4"), "Lao PDR", []),
        (place("Attapeu", "LA0701"), "Attapeu, LA0701", ["name_and_code_differ"]),
        (place(code="1655842", vocabulary="G1"), "", ["unknown_area_code"]),
        (place(code="1655842", vocabulary="G1", pos="17.9 102.6"), "", []),
        (place(), "", ["empty_location"]),
        (place("Attapeu") + place("Attapeu"), "Attapeu", []),
    ],
)
def test_places(body: str, places: str, told: list[str]) -> None:
    assert cells(body)["locations_as_published"] == places
    assert kinds(body) == told


def test_positions_go_to_the_checks_as_latitude_and_longitude() -> None:
    assert cells(place(pos="17.9  102.6") + place(pos="x;y"))["points"] == "17.9 102.6;x y"
    [found] = intake.read(document(activity(place(pos="17.9\n102.6") + place(pos="95 102"))), "a.xml").activities
    assert found.points == ((17.9, 102.6),)


@pytest.mark.parametrize(("code", "scope"), [("1", ""), ("4", "national"), ("6", "subnational"), ("8", "subnational")])
def test_scope(code: str, scope: str) -> None:
    found = cells(f'<activity-scope code="{code}"/>')
    assert (found["scope_as_published"], found["iati_geography"]) == (scope, f"activity-scope={code}")


def dates(*found: tuple[str, str]) -> str:
    return "".join(f'<activity-date type="{kind}" iso-date="{day}"/>' for kind, day in found)


def test_actual_dates_come_before_planned_ones_and_two_of_a_kind_are_asked_for() -> None:
    found = cells(dates(("1", "2020-01-01"), ("2", "2020-03-01Z"), ("3", "2024-12-31+07:00")))
    assert (found["start_date"], found["end_date"]) == ("2020-03-01", "2024-12-31")
    assert kinds('<activity-date type="2"/>') == ["bad_element"]
    assert cells(dates(("4", "2020-01-01"), ("4", "2021-01-01")))["end_date"] == ""
    [problem] = problems(dates(("4", "2020-01-01"), ("4", "2021-01-01")))
    assert (problem.kind, problem.candidates) == ("several_dates", ("2020-01-01", "2021-01-01"))


# ---- files as a whole


@pytest.mark.parametrize("version", ["1.01", "1.05", "1", "0.9", ""])
def test_versions_before_2_are_refused_by_name(version: str) -> None:
    with pytest.raises(InputError, match=re.escape(f"IATI version {version}" if version else "names no version")):
        iati.read(document(version=version), "old.xml")


@pytest.mark.parametrize("version", ["2.01", "2.02", "2.03", "2.04"])
def test_later_versions_are_read(version: str) -> None:
    found = iati.read(document(typical(1), version=version), "new.xml")
    unknown = [problem.value for problem in found.problems if problem.kind == "unknown_version"]
    assert (len(found.rows), unknown) == (1, [version] if version == "2.04" else [])


BROKEN = {
    "organisations": (b'<iati-organisations version="2.03"/>', "organisation file"),
    "another root": (b"<html><body/></html>", "root is 'html'"),
    "a namespace": (b'<iati-activities xmlns="urn:x" version="2.03"/>', "root is"),
    "one activity": (b"<iati-activity/>", "before IATI 1.01"),
    "nothing": (b"", "not well-formed"),
    "text": (b"activity_id,title\n1,2\n", "not well-formed"),
    "cut off": (document(typical(1), typical(2))[:-900], "1 activities stand before"),
    "an entity": (document(activity("&nbsp;")), "nbsp"),
    "an attribute twice": (document(activity('<tag code="1" code="2"/>')), "not well-formed"),
    "too deep": (document(activity("<a>" * 5000 + "</a>" * 5000)), "not well-formed"),
    "too long a text": (document(activity(f"<title>{'x' * (11 << 20)}</title>")), "not well-formed"),
    "no end": (document(activity("<a/>" * (MOST_ACTIVITY // 4 + 500_000))), "no activity ends"),
    "an unknown encoding": (b'<?xml version="1.0" encoding="x-none"?><iati-activities version="2.03"/>', "not well"),
    "a long prologue": (b"<!--" + b"x" * (2 << 20) + b"--><iati-activities version='2.03'/>", "no XML with a root"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_file_that_cannot_be_used_is_refused_with_the_reason(what: str) -> None:
    data, reason = BROKEN[what]
    with pytest.raises(InputError, match=reason) as caught:
        iati.read(data, "b.xml")
    assert str(caught.value).startswith("b.xml ")


def test_other_encodings_and_one_line_files_are_read() -> None:
    text = document(typical(1), typical(2)).decode().replace('encoding="UTF-8"', 'encoding="{}"')
    assert len(iati.read(text.format("UTF-16").encode("utf-16"), "a.xml").rows) == 2
    one_line = re.sub(r">\s+<", "><", text.format("ISO-8859-1")).encode("latin-1")
    found = iati.read(one_line, "a.xml")
    assert (len(found.rows), found.encoding) == (2, "iso-8859-1")


def test_an_activity_inside_another_and_names_of_others_are_passed_by() -> None:
    inner = activity("", identifier="inner")
    found = iati.read(document(activity(f'<x:a xmlns:x="urn:x">{inner}</x:a>', identifier="outer")), "a.xml")
    assert [row.cells["activity_id"] for row in found.rows] == ["outer"]


# ---- attacks


def verdict(data: bytes, name: str, answer: multiprocessing.connection.Connection) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (LIMIT, LIMIT))
    try:
        table = iati.read(data, name)
        answer.send((len(table.rows), str(table)))
    except InputError as error:
        answer.send((-1, str(error)))


def judged(data: bytes, name: str) -> tuple[int, str]:
    """Return rows (-1: refused) and everything that was said, from a process with little memory and time."""
    ours, theirs = multiprocessing.get_context("fork").Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=verdict, args=(data, name, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        assert ours.poll(SECONDS), f"no verdict within {SECONDS} s"
        found: tuple[int, str] = ours.recv()
    except EOFError:
        pytest.fail("the process died without a verdict")
    finally:
        process.kill()
        process.join()
        ours.close()
    return found


def canary_attacks(folder: Path) -> dict[str, str]:
    canary = folder / "canary.txt"
    canary.write_text("CANARY", encoding="utf-8")
    dtd = folder / "canary.dtd"
    dtd.write_text('<!ENTITY x "CANARY">', encoding="utf-8")
    one = activity("<description><narrative>{}</narrative></description>")
    file = document(one.replace("{}", "&x;")).decode().split("?>", 1)[1]
    return {
        "entity of a file": f'<!DOCTYPE a [<!ENTITY x SYSTEM "{canary.as_uri()}">]>{file}',
        "outside subset": f'<!DOCTYPE a SYSTEM "{dtd.as_uri()}">{file}',
        "parameter entity": f'<!DOCTYPE a [<!ENTITY % p SYSTEM "{dtd.as_uri()}"> %p;]>{file}',
        "inclusion": document(
            one.replace("{}", f'<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="{canary.as_uri()}"/>')
        ).decode(),
        "style sheet": f'<?xml-stylesheet href="{canary.as_uri()}"?>' + document(one).decode().split("?>", 1)[1],
    }


def test_no_file_is_read_and_no_entity_expanded(tmp_path: Path) -> None:
    for what, text in canary_attacks(tmp_path).items():
        rows, said = judged(text.encode(), "a.xml")
        assert "CANARY" not in said, what
        assert rows == (1 if what in ("inclusion", "style sheet") else -1), what


@pytest.mark.shared
def test_every_attack_of_the_corpora_is_refused(shared: Path) -> None:
    folders = (shared / "corpora/made-here/xml", shared / "corpora/xml-attacks-defusedxml/xmltestdata")
    files = [path for folder in folders for path in sorted(folder.iterdir())]
    assert len(files) > 10
    for path in files:
        rows, said = judged(path.read_bytes(), path.name)
        assert rows == -1, path.name
        assert said.startswith(path.name)
        assert "root:" not in said


# ---- the official schema as the oracle

# Files whose verdict is another than the schema's, by folder, and why.  Nothing else may differ.
DISAGREEMENTS = {
    "iati-organisations": "An organisation file has no activities: it is refused whether the schema passes it or not.",
}
LA = r'\1<recipient-country code="LA"/>'


def as_ours(data: bytes) -> bytes:
    """Return a test file of the schema with this country as the recipient; its verdict by the schema stays."""
    return re.sub(rb"(</activity-date>|<activity-date [^>]*/>)(?!.*<activity-date)", LA.encode(), data, flags=re.S)


@pytest.mark.shared
@pytest.mark.parametrize("folder", ["should-pass", "should-fail"])
def test_the_official_schema_agrees(shared: Path, folder: str) -> None:
    base = shared / "corpora/iati-schemas/tests" / folder
    paths = sorted(base.rglob("*.xml"))
    assert len(paths) > 90
    differs: set[str] = set()
    for path in paths:
        top = path.relative_to(base).parts[0]
        data = as_ours(path.read_bytes())
        passes = folder == "should-pass"
        if top != "iati-organisations":
            assert schema(shared).validate(etree.fromstring(data)) == passes, path.name
        try:
            table: RawTable = iati.read(data, path.name)
        except InputError:
            differs |= {top} if passes else set()
            continue
        assert len(table.rows) == 1, path.name
        faults = [problem for problem in table.problems if problem.kind == "bad_element"]
        assert bool(faults) != passes, (path.name, faults)
    assert differs <= set(DISAGREEMENTS)


@pytest.mark.shared
def test_files_of_old_versions_are_refused(shared: Path) -> None:
    paths = sorted((shared / "corpora/iati-schemas/test-data").rglob("*.xml"))
    assert paths
    for path in paths:
        with pytest.raises(InputError, match=r"version|before IATI 1\.01"):
            iati.read(path.read_bytes(), path.name)


# ---- streaming


def test_a_stream_gives_what_read_gives_and_tells_its_progress(tmp_path: Path) -> None:
    data = document(*(typical(at, "LA" if at % 3 else "KE") for at in range(120)))
    path = tmp_path / "big.xml"
    path.write_bytes(data)
    steps: list[tuple[int, int]] = []
    found = list(iati.stream(path, lambda done, size: steps.append((done, size))))
    table = iati.read(data, "big.xml")
    assert tuple(one for one in found if isinstance(one, RawRow)) == table.rows
    assert tuple(one for one in found if isinstance(one, Problem)) == table.problems
    assert steps[-1] == (len(data), len(data))
    assert [done for done, _ in steps] == sorted({done for done, _ in steps})
    assert list(iati.stream(io.BytesIO(data))) == found


def test_a_file_that_is_not_there_is_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be opened"):
        list(iati.stream(tmp_path / "none.xml"))


def test_rows_far_down_name_their_lines() -> None:
    data = document(*("\n" * 70_000 + typical(at) for at in range(2)))
    lines = [1 + data[: found.start()].count(b"\n") for found in re.finditer(b"<iati-activity ", data)]
    assert [row.row for row in iati.read(data, "a.xml").rows] == lines


def test_activities_are_let_go_as_the_file_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    data = document(*(typical(at) for at in range(400)))
    kept: list[int] = []
    is_ours = iati_activity.is_ours

    def watched(one: Any) -> bool | None:
        kept.append(len(one.getparent()))
        return is_ours(one)

    monkeypatch.setattr(iati_activity, "is_ours", watched)
    assert len(list(iati.stream(io.BytesIO(data)))) >= 400
    assert len(kept) == 400
    a_step = 4 + iati.CHUNK * 400 // len(data)  # activities that stand in one step of the file
    assert max(kept) <= a_step < 100


# ---- anything at all

ODD = st.sampled_from(
    [
        "",
        " ",
        "LA",
        "LA17",
        "xx",
        "99",
        "-5",
        "1e400",
        "NaN",
        "1E-999999999",
        "2020-13-45",
        "9" * 40,
        "a;b\nc",
        "ນ້ຳ",
        "17.9 102.6",
    ]
) | st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn"), exclude_characters="\ufffe\uffff"), max_size=8)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_whatever_an_activity_holds_it_is_a_row_or_a_reason(data: st.DataObject) -> None:
    """Activities with elements taken away, put twice or elsewhere, and with odd texts and codes."""
    root = etree.fromstring(document(typical(1, transactions=2), activity(BUDGET + ROLES, identifier="other")))
    for _ in range(data.draw(st.integers(1, 8))):
        nodes = [one for one in root.iter() if one is not root]
        one = nodes[data.draw(st.integers(0, len(nodes) - 1))]
        change = data.draw(st.sampled_from(["text", "attribute", "remove", "twice", "move"]))
        if change == "text":
            one.text = data.draw(ODD)
        elif change == "attribute" and one.attrib:
            one.set(data.draw(st.sampled_from(sorted(one.attrib))), data.draw(ODD))
        elif change == "remove" and len(nodes) > 2:
            one.getparent().remove(one)
        elif change == "twice":
            one.addnext(copy.deepcopy(one))
        elif change == "move":
            root[0].append(copy.deepcopy(one))
    elements = sum(1 for _ in root.iterchildren("iati-activity"))
    found = intake.read(etree.tostring(root), "a.xml")
    over = sum(problem.kind == "passed_over" for problem in found.problems)
    assert len(found.activities) + found.rejected == found.rows_read <= elements
    assert over or found.rows_read == elements
    rejected = {problem.row for problem in found.problems if problem.severity == "error"}
    assert bool(rejected) == bool(found.rejected)
    assert all(len(str(problem)) < 3000 for problem in found.problems)
