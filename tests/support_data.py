"""Random data sets for property tests: any mix of goals, agencies, areas, money and dates."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from geo import dataset, gazetteer, scope
from geo.fields import Activity, PartialDate
from geo.money import Money

AGENCIES = ("WFP", "UNICEF", "UNDP", *(f"Agency {number}" for number in range(70)))  # more than one word of bits
DONORS = ("Japan", "Australia", "European Union")
BASES = ("stated total", "sum of published years")
AREAS = (*gazetteer.all_areas("adm1"), *gazetteer.all_areas("adm2"))

dates = st.none() | st.integers(2000, 2030).map(lambda year: PartialDate.parse(str(year)))


@st.composite
def activities(draw: st.DrawFn, number: int) -> Activity:
    """Return one activity."""
    cents = draw(st.none() | st.integers(0, 10**10))
    return Activity(
        activity_id=f"a{number}",
        title=draw(st.sampled_from(["Wells", "Schools {{7*7}}", "ນ້ຳສະອາດ", "Roads & bridges"])),
        goals=tuple(sorted(draw(st.sets(st.integers(1, 18), max_size=4)))),
        agencies=tuple(draw(st.lists(st.sampled_from(AGENCIES), max_size=3, unique=True))),
        donors=tuple(draw(st.lists(st.sampled_from(DONORS), max_size=2, unique=True))),
        status=draw(st.sampled_from(["", "1", "2", "4"])),
        start=draw(dates),
        end=draw(dates),
        budget=None if cents is None else Money(Decimal(cents) / 100),
        budget_basis="" if cents is None else draw(st.sampled_from(BASES)),
        people_reached=draw(st.none() | st.integers(0, 10**6)),
    )


@st.composite
def decisions(draw: st.DrawFn) -> scope.ScopeDecision:
    """Return a decision of any scope."""
    kinds: tuple[scope.Scope, ...] = ("nationwide", "unlocated", "subnational")
    kind = draw(st.sampled_from(kinds))
    areas = draw(st.sets(st.sampled_from(AREAS), min_size=1, max_size=5)) if kind == "subnational" else set()
    return scope.ScopeDecision(kind, tuple(sorted(areas)), (), (), "high", "drawn at random")


@st.composite
def datasets(draw: st.DrawFn) -> dataset.Dataset:
    """Return a small data set with a decision for each activity."""
    size = draw(st.integers(0, 12))
    rows = [draw(activities(number)) for number in range(size)]
    fixed = {activity.activity_id: draw(decisions()) for activity in rows}
    return dataset.build(rows, digest=f"random {size}", overrides=fixed)
