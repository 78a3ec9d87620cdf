"""Laws of the scope rule: conservation, monotony, order, totality."""

from __future__ import annotations

import copy
from dataclasses import replace
from decimal import Decimal
from itertools import islice

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from geo import dataset, gazetteer, library, scope, scope_words
from geo.fields import Activity
from geo.money import Money
from geo.scope_case import PLACES, Case, geography
from geo.scope_publisher import pointed
from geo.scope_signals import SHARED, SIGNALS

LISTS = scope_words.settings()["lists"]
WORDS = sorted({phrase for phrases in LISTS.values() for phrase in phrases})
NATIONWIDE = sorted(
    {phrase for name in ("countrywide", "national", "institution", "instrument") for phrase in LISTS[name]}
)
AREAS = [gazetteer.names(code).name_en for code in (*gazetteer.all_areas("adm1"), *gazetteer.all_areas("adm2"))]
OTHER = ["Vientiane", "Vientiane Capital", "Vientiane province", "Viangchan", "Lao PDR", "nationwide", "12 of 3;,"]
OTHER += [
    "eight provinces",
    "northern provinces",
    "UN House in Vientiane",
    "That Luang",
    "village schools",
    "Nowhere",
    "",
]
RANK = {"nationwide": 0, "unlocated": 1, "subnational": 2}

words = st.lists(
    st.sampled_from(WORDS) | st.sampled_from(AREAS) | st.sampled_from(["two", "7", "in", "of", "a"]), max_size=8
)
prose = words.map(" ".join) | st.text(max_size=60)
places = st.lists(st.sampled_from(OTHER) | st.sampled_from(AREAS) | st.text(max_size=20), max_size=6).map(tuple)
points = st.lists(
    st.tuples(st.floats(14, 22.5), st.floats(100, 107.6))
    | st.sampled_from([(14.8, 106.8), (18.5, 102.5), (17.9667, 102.6), (18.0, 105.0), (17.41, 102.79)])
    | st.tuples(st.floats(-200, 200), st.floats(-400, 400))
    | st.tuples(st.floats(), st.floats()),
    max_size=2,
)
codes = st.tuples(
    st.sampled_from(
        ["activity-scope", "precision", "feature-designation", "exactness", "location-reach", "location-class", "x"]
    ),
    st.sampled_from(["1", "2", "3", "4", "5", "8", "PPLC", "PCLI", "ADM1", ""]) | st.text(max_size=3),
)


@st.composite
def activities(draw: st.DrawFn) -> Activity:
    cents = draw(st.none() | st.integers(0, 10**12))
    return Activity(
        activity_id=draw(st.text(max_size=5)),
        title=draw(prose),
        summary=draw(prose),
        places=draw(places),
        implementers=tuple(
            draw(st.lists(st.sampled_from(["Ministry of Health", "Vientiane City Office", "x"]), max_size=2))
        ),
        scope_as_published=draw(st.sampled_from(["", "national", "subnational", "other"])),
        source_title=draw(prose),
        budget=None if cents is None else Money(Decimal(cents) / 100),
        iati=tuple(draw(st.lists(codes, max_size=2))),
        points=tuple(draw(points)),
    )


relaxed = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@relaxed
@given(activities(), st.booleans())
def test_each_activity_is_counted_once_and_no_place_is_lost(activity: Activity, published: bool) -> None:
    before = copy.deepcopy(activity)
    found = scope.decide(activity, use_published_scope=published)
    assert found.scope in RANK
    assert bool(found.areas) == (found.scope == "subnational")
    assert list(found.areas) == sorted(set(found.areas))
    assert not set(found.areas) & set(found.dropped)
    resolved = {code for match in gazetteer.match_all(activity.places) for code in match.areas}
    assert resolved <= {*found.areas, *found.dropped}
    assert {*found.areas, *found.dropped} >= set(scope.as_registered(activity).areas)
    assert found.confidence in ("high", "medium", "low")
    assert found.reason
    assert found == scope.decide(before, use_published_scope=published)
    assert repr(activity) == repr(before)


@relaxed
@given(st.lists(activities(), max_size=6))
def test_money_and_activities_are_kept_over_scopes(several: list[Activity]) -> None:
    found = [scope.decide(one) for one in several]
    money = {name: Decimal(0) for name in RANK}
    for one, decision in zip(several, found, strict=True):
        money[decision.scope] += one.budget.amount if one.budget else 0
    assert sum(money.values()) == sum(one.budget.amount for one in several if one.budget)
    assert sum(sum(decision.scope == name for decision in found) for name in RANK) == len(several)
    again = [scope.decide(one) for one in several]
    assert again == found


@relaxed
@given(activities(), st.sampled_from(NATIONWIDE), st.sampled_from(["title", "summary"]))
@example(Activity("a", "National", places=("Nowhere",)), "ministry", "title")
def test_a_nationwide_word_never_makes_an_activity_more_local(activity: Activity, word: str, field: str) -> None:
    title, summary = activity.title, activity.summary
    if field == "title":
        title = f"{title}. {word}"
    else:
        summary = f"{summary}. {word}"
    _no_more_local(activity, replace(activity, title=title, summary=summary))


@relaxed
@given(activities(), st.sampled_from(["nationwide", "across Lao PDR", "all 18 provinces", "ທົ່ວປະເທດ"]))
def test_a_nationwide_place_never_makes_an_activity_more_local(activity: Activity, place: str) -> None:
    _no_more_local(activity, replace(activity, places=(*activity.places, place)))


@relaxed
@given(activities())
def test_a_national_scope_never_makes_an_activity_more_local(activity: Activity) -> None:
    _no_more_local(replace(activity, scope_as_published=""), replace(activity, scope_as_published="national"))


def _no_more_local(activity: Activity, said: Activity) -> None:
    before, after = scope.decide(activity), scope.decide(said)
    assert RANK[after.scope] <= RANK[before.scope]
    assert set(after.areas) <= set(before.areas)


@relaxed
@given(activities(), st.randoms(use_true_random=False))
def test_the_order_of_places_and_of_signals_does_not_matter(activity: Activity, random: object) -> None:
    shuffled, signals = list(activity.places), list(SIGNALS)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    random.shuffle(signals)  # type: ignore[attr-defined]
    one, other = scope.decide(activity), scope.decide(replace(activity, places=tuple(shuffled)))
    assert (one.scope, one.areas, one.dropped, one.confidence) == (
        other.scope,
        other.areas,
        other.dropped,
        other.confidence,
    )
    assert scope.decide(activity, signals=tuple(signals)) == one


@relaxed
@given(activities())
def test_finders_that_read_one_thing_read_nothing_else(activity: Activity) -> None:
    for signal in SIGNALS:
        read = getattr(activity, signal.reads) if signal.reads else None
        if signal.reads in SHARED:
            bare = replace(Activity("", ""), **{str(signal.reads): read})  # type: ignore[arg-type]
            assert list(signal.finder(Case(bare))) == list(signal.finder(Case(activity)))
        if signal.reads and not read:
            assert list(signal.finder(Case(activity))) == []
        if signal.needs and Case(activity).lists().isdisjoint(signal.needs):
            assert list(signal.finder(Case(activity))) == []


def plainly(activity: Activity) -> scope.ScopeDecision:
    """Ask every finder of the activity as a whole, and weigh what is found with nothing kept from another one."""
    case, spots = Case(activity), []
    for signal in SIGNALS:
        spots += [(signal, spot) for spot in islice(signal.finder(case), signal.limit)]
    groups = {signal.group for signal, _ in spots} - {""}
    heaviest = {
        group: min((-signal.weight, signal.name) for signal, _ in spots if signal.group == group)[1] for group in groups
    }
    found = [
        scope.Finding(
            one.name, spot.words, spot.field, spot.position, one.weight, one.points_to, one.reason, one.source
        )
        for one, spot in spots
        if not one.group or heaviest[one.group] == one.name
    ]
    found.sort(key=lambda one: (-one.weight, one.signal, one.field, one.position))
    signs = [(one.points_to, one.weight, one.reason, one.position if one.field == PLACES else -1) for one in found]
    return replace(scope._weighed.__wrapped__(activity.places, pointed(case), tuple(signs), 0), evidence=tuple(found))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(activities(), max_size=4))
def test_what_many_share_is_decided_as_each_is_by_itself(several: list[Activity]) -> None:
    # Other texts beside the same places, partners and publishers, and the reverse.
    mixed = [replace(one, title=other.title, summary=other.summary) for one in several for other in several]
    built = dataset.build(mixed, digest="")
    for activity, corrected, registered in zip(
        mixed, built.corrected.decisions, built.registered.decisions, strict=True
    ):
        assert repr(corrected) == repr(plainly(activity))
        national = activity.scope_as_published == "national"
        assert registered == scope._registered.__wrapped__(activity.places, pointed(Case(activity)), national)


def test_the_embedded_activities_are_decided_as_each_is_by_itself() -> None:
    data = library.embedded()
    assert list(map(repr, data.corrected.decisions)) == [repr(plainly(one)) for one in data.activities]


@relaxed
@given(st.text(), st.text(), st.lists(st.text(), max_size=3))
@example("İstanbul ŉ ΐ ß ﬁ 5 villages", "ﬃ" * 9, ["\ud800", "\x00"])
@example("7 " * 500, "१२ villages", ["२ provinces"])
def test_any_text_will_do(title: str, summary: str, several: list[str]) -> None:
    found = scope.decide(Activity("", title, summary, places=tuple(several), implementers=tuple(several)))
    texts = {"title": title, "summary": summary}
    for one in found.evidence:
        if one.field in texts:
            assert texts[one.field][one.position :].startswith(one.words)


def test_what_the_cases_share_is_not_changed_by_use() -> None:
    one = geography(("Vientiane", "Sekong"))
    before = repr(one)
    for _ in range(2):
        scope.decide(Activity("", "National law", places=("Vientiane", "Sekong")))
    assert repr(one) == before
    assert geography(("Vientiane", "Sekong")) is one
