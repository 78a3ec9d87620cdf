"""What goes out as CSV or XLSX comes back the same: text that a spreadsheet would run, both scripts, dates and money.

Cells are stripped, and a list cannot hold its separators: that is all that the two formats do not keep.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from geo import codes, dataset, intake, library
from geo.export import csvfile, xlsx
from geo.fields import Activity, PartialDate
from geo.filters import Filters
from geo.money import Money

# XML 1.0 has no way to write most control characters, and a file of zeros is no text.
letters = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff")
risky = st.sampled_from(
    ["=1+1", "'=1", "''+x", "-5", "@SUM(1)", "+", "a\nb", 'say "no"', "ນ້ຳ; ສະອາດ", "007", "1e5", "TRUE"]
)
text = (st.text(letters, max_size=20) | risky).map(str.strip)
words = st.text(letters, min_size=1, max_size=12) | st.sampled_from(["=1", "Japan", "ຍີ່ປຸ່ນ", "N.A.S.A", "a, b"])
name = words.map(lambda one: " ".join(["x", *one.replace(";", " ").split()]))  # no blank and no separator
dates = st.none() | st.dates(date(1950, 1, 1), date(2100, 12, 31)).map(lambda day: PartialDate.parse(str(day)))


@st.composite
def activities(draw: st.DrawFn, number: int) -> Activity:
    cents = draw(st.none() | st.integers(0, 10**12))
    return Activity(
        activity_id=f"{number}{draw(text)}".strip(),
        title=draw(text) or "t",
        summary=draw(text),
        goals=tuple(sorted(draw(st.sets(st.integers(1, 18), min_size=1, max_size=3)))),
        targets=tuple(draw(st.lists(st.sampled_from(sorted(codes.targets())), max_size=2, unique=True))),
        agencies=tuple(
            draw(st.lists(st.sampled_from([one.code for one in codes.agencies()]), max_size=2, unique=True))
        ),
        implementers=tuple(draw(st.lists(name, max_size=2, unique=True))),
        donors=tuple(dict.fromkeys(map(codes.canonical_donor, draw(st.lists(name, max_size=2))))),
        places=tuple(draw(st.lists(name, max_size=2, unique=True))),
        scope_as_published=draw(st.sampled_from(["", "national", "subnational"])),
        status=draw(st.sampled_from(["", *(one.code for one in codes.statuses())])),
        start=draw(dates),
        end=draw(dates),
        budget=None if cents is None else Money(Decimal(cents) / 100, draw(st.sampled_from(["USD", "LAK"]))),
        budget_basis="" if cents is None else "stated total",
        people_reached=draw(st.none() | st.integers(0, 10**9)),
        source_title=draw(text),
        source_date=draw(text),
        iati=draw(st.sampled_from([(), (("activity-scope", "4"), ("location-reach", "1"))])),
        points=draw(st.sampled_from([(), ((17.97, 102.63),)])),
    )


rows = st.integers(0, 6).flatmap(lambda size: st.tuples(*(activities(number) for number in range(size))))


def same(found: intake.Intake, wanted: tuple[Activity, ...]) -> None:
    assert found.rejected == 0
    assert [replace(one, row=0) for one in found.activities] == [replace(one, row=0) for one in wanted]


@settings(max_examples=60)
@given(rows)
def test_csv_comes_back_the_same(wanted):
    data = csvfile.activities(dataset.build(wanted, digest="", published="2026-11-23"), Filters())
    same(intake.read(data, "a.csv"), wanted)


@settings(max_examples=5)
@given(rows)
def test_a_workbook_comes_back_the_same(wanted):
    same(
        intake.read(xlsx.render(dataset.build(wanted, digest="", published="2026-11-23"), Filters()), "a.xlsx"), wanted
    )


def test_the_embedded_activities_come_back_the_same():
    data = library.embedded()
    for made, name in ((csvfile.activities, "a.csv"), (xlsx.render, "a.xlsx")):
        found = intake.read(made(data, Filters()), name)
        same(found, data.activities)
