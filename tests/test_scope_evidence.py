"""The scope rule, step by step: what each finder reads and where, how evidence is weighed, and the reason told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from geo import gazetteer, i18n, scope
from geo.fields import Activity
from geo.scope_case import PARTNERS, PLACES, SOURCE_TITLE, SUMMARY, TITLE, Case
from geo.scope_publisher import IATI, POINTS, capital_point, kilometres
from geo.scope_signals import SIGNALS, Finding, findings
from geo.scope_words import settings

PUBLISHED = "scope_as_published"
REASONS = {signal.name: signal.reason for signal in SIGNALS}


def made(places: Sequence[str] = (), title: str = "", **fields: object) -> Activity:
    return replace(Activity(activity_id="made", title=title, places=tuple(places)), **fields)  # type: ignore[arg-type]


def found_in(activity: Activity, signal: str) -> list[tuple[str, str, int]]:
    case = Case(activity)
    (one,) = (each for each in SIGNALS if each.name == signal)
    return [(spot.words, spot.field, spot.position) for spot in one.finder(case)]


# --- what each finder reads

ANY = ["Vientiane", "Vientiane Capital", "Sekong", "Sekong"]


@pytest.mark.parametrize(
    ("activity", "signal", "spots"),
    [
        (made(scope_as_published=" National "), "published_national", [(" National ", PUBLISHED, 0)]),
        (made(scope_as_published="international"), "published_national", []),
        (made(scope_as_published="Subnational"), "published_subnational", [("Subnational", PUBLISHED, 0)]),
        (made(scope_as_published="national"), "published_subnational", []),
        (made(["x", "Lao PDR national"]), "countrywide_place", [("Lao PDR national", PLACES, 1)]),
        (made(["18 provinces"]), "countrywide_place", [("18 provinces", PLACES, 0)]),
        (made(["nationwide"]), "countrywide_place", [("nationwide", PLACES, 0)]),
        (made(["Lao PDR"]), "countrywide_place", []),
        (made(["x", "Lao PDR"]), "country_name", [("Lao PDR", PLACES, 1)]),
        (made(["Lao PDR national", "18 provinces", "nationwide", "Sekong"]), "country_name", []),
        (
            made([], "All 18 provinces", summary="Wells all over the country"),
            "countrywide_text",
            [("All 18 provinces", TITLE, 0), ("all over the country", SUMMARY, 6)],
        ),
        (made([], "A National plan and the ministry"), "national_title", [("National plan", TITLE, 2)]),
        (made([], "National Nam Et wildlife sanctuary"), "national_title", []),
        (made([], "Law on the National Nam Et sanctuary"), "national_title", [("Law", TITLE, 0)]),
        (made([], "National; a wildlife sanctuary"), "national_title", [("National", TITLE, 0)]),
        (made([], "Plan", summary="By a ministry"), "national_title", []),
        (made([], "Plan", summary="By a ministry"), "national_summary", [("ministry", SUMMARY, 5)]),
        (
            made(implementers=("Youth", "Ministry of Health", "Hospital of the Ministry of Health")),
            "national_partner",
            [("Ministry of Health", PARTNERS, 1)],
        ),
        (made(["x", "Vientiane", "Vientiane Capital"]), "bare_capital", [("Vientiane", PLACES, 1)]),
        (made(["x", "Vientiane", "Vientiane Capital"]), "capital_seat", [("Vientiane Capital", PLACES, 2)]),
        (made(["Vientiane", "Vangvieng"]), "bare_capital", []),
        (made(["Vientiane, Sekong"]), "bare_capital", []),
        (made(["Vientiane Capital", "Xaythany district"]), "capital_seat", []),
        (
            made(["x", "a hotel", "Ministry of Health"]),
            "venue",
            [("a hotel", PLACES, 1), ("Ministry of Health", PLACES, 2)],
        ),
        (made(["Sekong office"]), "venue", []),
        (
            made([], "Forum", summary="A workshop", source_title="MoU signed"),
            "event",
            [("Forum", TITLE, 0), ("workshop", SUMMARY, 2), ("MoU", SOURCE_TITLE, 0)],
        ),
        (made(["Vientiane", "Sekong", "Lamarm", "Xay"]), "area_named", [("Sekong", PLACES, 1)]),
        (
            made(["Vientiane", "Sekong", "Lamarm", "Xay", "Attapeu"]),
            "more_areas",
            [("Xay", PLACES, 3), ("Attapeu", PLACES, 4)],
        ),
        (made(["Sekong"], "Wells in Sekong and Attapeu"), "area_in_title", [("Sekong", TITLE, 9)]),
        (made(["Lamarm"], "Wells in Sekong"), "area_in_title", [("Sekong", TITLE, 9)]),
        (made(["Sekong"], "ນ້ຳ ແຂວງເຊກອງ"), "area_in_title", [("ແຂວງເຊກອງ", TITLE, 4)]),
        (made(["Vientiane Capital"], "Wells in Vientiane Capital"), "area_in_title", []),
        (made(["Vientiane"], "Wells in Vientiane Capital and Sekong"), "other_area_in_title", [("Sekong", TITLE, 31)]),
        (made(["Attapeu"], "Wells in Sekong"), "other_area_in_title", []),
        (made(["5 districts"]), "counted_areas", [("5 districts", PLACES, 0)]),
        (made(["x", "southern Laos"]), "counted_areas", [("southern Laos", PLACES, 1)]),
        (made(["Vientiane and 2 provinces"]), "counted_areas", [("Vientiane and 2 provinces", PLACES, 0)]),
        (made(["Vientiane and 1 province", "Vientiane and 3 districts"]), "counted_areas", []),
        (
            made(["Vientiane Capital and 3 provinces", "Vientiane Capital and 2 provinces"]),
            "counted_areas",
            [("Vientiane Capital and 3 provinces", PLACES, 0)],
        ),
        (made(["Vientiane Capital, Sekong and 9 provinces"]), "counted_areas", []),
        (
            made(["Foo", "schools", "a hotel", "a market", "Ministry of Health", "That Luang", "Bar villages"]),
            "unknown_name",
            [("Foo", PLACES, 0)],
        ),
        (made(["Viengkham"]), "unknown_name", [("Viengkham", PLACES, 0)]),
        (made(["Vientiane"]), "unknown_name", []),
        (
            made(["Foo", "schools", "5 rural sites"]),
            "unnamed_kind",
            [("schools", PLACES, 1), ("5 rural sites", PLACES, 2)],
        ),
        (
            made([], "In the north", summary="In northern Laos"),
            "region_text",
            [("In the north", TITLE, 0), ("northern Laos", SUMMARY, 3)],
        ),
        (made(["Sekong"], "In the north"), "region_text", []),
        (made(["Vientiane Capital"], "In the north"), "region_text", []),
        (
            made([], "A wetland", summary="One plateau"),
            "landscape_text",
            [("wetland", TITLE, 2), ("plateau", SUMMARY, 4)],
        ),
        (
            made([], "12 new small brick schools", summary="In 5 villages"),
            "counted_text",
            [("12 new small brick schools", TITLE, 0), ("5 villages", SUMMARY, 3)],
        ),
        (made([], "12 new small blue brick schools"), "counted_text", []),
        (made([], "12 people. New schools"), "counted_text", []),
        (made(["Sekong"], "12 schools"), "counted_text", []),
        (made([], "Rural wells", summary="For villages"), "rural_title", [("Rural", TITLE, 0)]),
        (made([], "Rural wells", summary="For villages"), "rural_summary", [("villages", SUMMARY, 4)]),
        (made([*ANY]), "capital_named", [("Vientiane Capital", PLACES, 1)]),
        (made(["Vientiane Capital, Sekong", "Xaythany district"]), "capital_named", []),
        (made(["Vientiane Capital, Sekong"]), "capital_listed", [("Vientiane Capital, Sekong", PLACES, 0)]),
        (made(["Vientiane, Sekong", "Vientiane Capital"]), "capital_listed", []),
        (made(["x", "Xaythany district", "Sekong"]), "capital_part", [("Xaythany district", PLACES, 1)]),
        (made(["Lamarm", "Vientiane Capital"]), "capital_part", []),
        (
            made(["Vientiane", "a market", "hotel at a market"], "Campus", summary="A market"),
            "capital_site",
            [("a market", PLACES, 1), ("Campus", TITLE, 0)],
        ),
        (made(["x", "That Luang"], "Campus"), "capital_site", [("That Luang", PLACES, 1)]),
        (made(["a market"]), "capital_site", []),
        (made(["Vientiane", "Sekong market"]), "capital_site", []),
        (
            made(["Vientiane"], "City drains", summary="An urban plan"),
            "urban_text",
            [("City", TITLE, 0), ("urban", SUMMARY, 3)],
        ),
        (made(["Vientiane, Sekong"], "City drains"), "urban_text", [("City", TITLE, 0)]),
        (made(["Vientiane", "Sekong"], "City drains"), "urban_text", []),
        (made(["Sekong"], "City drains"), "urban_text", []),
        (made([], "In Vientiane", summary="Vientiane Capital"), "capital_in_title", [("Vientiane", TITLE, 3)]),
        (
            made(implementers=("Youth", "Vientiane City Office")),
            "capital_partner",
            [("Vientiane City Office", PARTNERS, 1)],
        ),
        (made([], "Students at a fair", summary="A concert"), "public_gathering", [("fair", TITLE, 14)]),
        (made([], "Students"), "public_gathering", []),
        (made([], "A fair"), "public_gathering", []),
        (made(["Vientiane Capital"], "A trial"), "fieldwork", [("trial", TITLE, 2)]),
        (made(["Vientiane"], "A trial"), "fieldwork", []),
        (made(["Vientiane", "Sekong", "Attapeu"]), "areas_beside", [("Sekong", PLACES, 1), ("Attapeu", PLACES, 2)]),
        (made(["Vientiane Capital", "Vientiane Capital, Sekong"]), "areas_beside", []),
        (made(["Vientiane", "Vangvieng"]), "areas_beside", []),
        (made(["Vientiane, Sekong", "Attapeu"]), "areas_beside", []),
    ],
)
def test_what_a_finder_reads_and_where(activity: Activity, signal: str, spots: list[tuple[str, str, int]]) -> None:
    assert found_in(activity, signal) == spots


IATI_CODES = {
    ("iati_national", "activity-scope"): "1 2 3 4",
    ("iati_subnational", "activity-scope"): "5 6 7 8",
    ("iati_precision_country", "precision"): "6 7 8 9",
    ("iati_precision_local", "precision"): "1 2 3 4",
    ("iati_country_feature", "feature-designation"): "PCL PCLI PCLD PCLF PCLS",
    ("iati_capital_feature", "feature-designation"): "PPLC ADMF GOVL DIP",
    ("iati_area_feature", "feature-designation"): "ADM1 ADM2 ADM3 ADM4 ADMD PPL PPLA PPLA2 PPLA3 PPLL",
    ("iati_structure", "location-class"): "3",
    ("iati_exact", "exactness"): "1",
    ("iati_approximate", "exactness"): "2",
    ("iati_beneficiaries", "location-reach"): "2",
}


@pytest.mark.parametrize(("signal", "element"), IATI_CODES)
def test_each_code_of_a_codelist_is_read_and_no_other(signal: str, element: str) -> None:
    known = IATI_CODES[signal, element].split()
    every = sorted({code for codes in IATI_CODES.values() for code in codes.split()} | {"", "0", "XX"})
    pairs = tuple((element, f" {code.lower()} ") for code in every)
    spots = found_in(made(["Vientiane"], iati=pairs), signal)
    assert [(field, every[row]) for _, field, row in spots] == [(IATI, code) for code in every if code in known]
    assert [words for words, _, _ in spots] == [f"{element} {code.lower()}" for code in every if code in known]
    assert found_in(made(["Vientiane"], iati=(("elsewhere", known[0]),)), signal) == []


def test_positions_are_measured_on_the_ground() -> None:
    assert kilometres((18.0, 102.0), (19.0, 102.0)) == pytest.approx(111.2)
    assert kilometres((60.0, 10.0), (60.0, 11.0)) == pytest.approx(55.6)  # half a degree's length at 60 north
    assert kilometres((59.0, 10.0), (61.0, 11.0)) == pytest.approx((222.4**2 + 55.6**2) ** 0.5)
    latitude, longitude = capital_point()
    reach = settings()["positions"]["capital_km"] / 111.2
    near, far = (latitude + reach * 0.99, longitude), (latitude + reach * 1.01, longitude)
    words = f"{near[0]:g}, {near[1]:g}"
    assert found_in(made(points=(far, near)), "capital_city_point") == [(words, POINTS, 1)]
    assert found_in(made(["Vientiane Capital"], points=(near,)), "capital_city_point") == [(words, POINTS, 0)]
    assert found_in(made(["Xaythany district"], points=(near,)), "capital_city_point") == []
    assert found_in(made(points=(near,), iati=(("exactness", "2"),)), "iati_approximate") == [("exactness 2", IATI, 0)]
    assert found_in(made(points=(far,), iati=(("exactness", "2"),)), "iati_approximate") == []
    assert found_in(made(points=((91.0, 102.0), (18.0, 181.0))), "country_point") == []
    assert found_in(made(points=((91.0, 102.0), (18.0, 105.0))), "country_point") == [("18, 105", POINTS, 1)]
    attapeu = (14.8, 106.8)
    assert found_in(made(["Phongsaly", "Xay"], points=((21.7, 102.1), attapeu)), "point_outside") == [
        ("14.8, 106.8", POINTS, 1)
    ]
    assert found_in(made(["Phongsaly", "Attapeu"], points=(attapeu,)), "point_outside") == []
    assert found_in(made(["Foo"], points=(attapeu,)), "point_outside") == []


def test_evidence_carries_what_its_signal_says_and_the_heaviest_of_a_group_stands_for_it() -> None:
    activity = made(
        ["Vientiane", "Lao PDR"],
        "National plan for rural villages",
        summary="A workshop for remote villages in 5 districts",
        points=(capital_point(),),
        iati=(("precision", "6"), ("feature-designation", "PPLC"), ("exactness", "2")),
        scope_as_published="national",
    )
    found = findings(Case(activity))
    table = {signal.name: signal for signal in SIGNALS}
    for one in found:
        signal = table[one.signal]
        assert (one.weight, one.points_to, one.reason, one.source) == (
            signal.weight,
            signal.points_to,
            signal.reason,
            signal.source,
        )
    assert [(one.signal, one.weight) for one in found] == [
        ("counted_text", 3),
        ("iati_precision_country", 3),
        ("national_title", 3),
        ("published_national", 3),
        ("rural_title", 2),
        ("event", 1),
        ("iati_approximate", 1),
        ("rural_summary", 1),
    ]
    assert findings(Case(activity), signals=SIGNALS[::-1]) == found


# --- weighing


def sign(side: str, weight: int, field: str = TITLE, position: int = 0, reason: str = "so it is") -> Finding:
    return Finding("made", "words", field, position, weight, side, reason, "source")


def nation(*weights: int) -> list[Finding]:
    return [sign("nationwide", weight) for weight in weights]


def named(*weights: int) -> list[Finding]:
    return [sign("named areas", weight) for weight in weights]


def capital(*weights: int) -> list[Finding]:
    return [sign("capital", weight) for weight in weights]


def office(*weights: int) -> list[Finding]:
    return [sign("office", weight) for weight in weights]


def elsewhere(*weights: int, row: int = -1) -> list[Finding]:
    return [sign("elsewhere", weight, TITLE if row < 0 else PLACES, max(row, 0)) for weight in weights]


BREATH = ["Vientiane Capital and five provinces", "Sekong"]
SEAT, BOTH = ["Vientiane Capital"], ["Vientiane Capital", "Sekong"]


@pytest.mark.parametrize(
    ("places", "found", "expected"),
    [
        # the whole country: a greater sum, of a fair sign at the least
        (["Sekong"], nation(2, 2) + named(3), "nationwide - LA15 low"),
        (["Sekong"], nation(3) + named(3), "subnational LA15 - low"),
        ([], nation(1), "unlocated - - low"),
        ([], nation(2), "nationwide - - medium"),
        ([], nation(1, 1), "nationwide - - medium"),
        ([], nation(3), "nationwide - - medium"),
        ([], nation(4), "nationwide - - high"),
        ([], nation(4, 4, 1) + elsewhere(3), "nationwide - - medium"),  # a clear statement stands against it
        ([], nation(4, 4) + elsewhere(2, 2), "nationwide - - high"),
        ([], [*nation(4), sign("check", 0)], "nationwide - - medium"),
        ([], [*nation(4), sign("subnational", 1)], "nationwide - - medium"),
        # named areas
        (["Sekong"], named(4), "subnational LA15 - high"),
        (["Sekong"], named(3), "subnational LA15 - medium"),
        (["Sekong"], named(2), "subnational LA15 - medium"),
        (["Sekong"], named(1), "subnational LA15 - low"),
        (["Sekong"], [*named(4), sign("check", 0)], "subnational LA15 - medium"),
        (["Sekong"], named(4, 4) + nation(3), "subnational LA15 - medium"),
        (["Sekong"], named(4, 4) + nation(2, 2), "subnational LA15 - high"),
        (["Sekong"], named(4) + capital(9), "subnational LA15 - high"),  # nothing of the capital is asked
        # the capital stays where work there is no weaker than an office
        (SEAT, capital(4), "subnational LA01 - high"),
        (SEAT, capital(1), "subnational LA01 - low"),
        (SEAT, capital(3), "subnational LA01 - medium"),
        (SEAT, capital(2) + office(2), "subnational LA01 - low"),
        (SEAT, capital(4) + office(2), "subnational LA01 - medium"),
        (SEAT, capital(4, 4) + office(2, 2), "subnational LA01 - high"),
        (SEAT, capital(4, 4) + office(3), "subnational LA01 - medium"),
        (SEAT, capital(2) + office(3), "unlocated - LA01 low"),
        (SEAT, capital(2) + elsewhere(4), "unlocated - LA01 medium"),
        (SEAT, capital(1) + elsewhere(4, 2), "unlocated - LA01 medium"),  # what stands nowhere is never sure
        (SEAT, office(3), "unlocated - LA01 low"),
        (SEAT, [sign("subnational", 2)], "subnational LA01 - low"),  # for want of a better place
        (SEAT, named(2), "unlocated - LA01 medium"),
        (BOTH, named(4) + office(4), "subnational LA15 LA01 high"),
        (BOTH, named(4) + office(4, 4) + capital(3), "subnational LA15 LA01 medium"),
        (BOTH, named(4) + office(4, 4) + capital(2, 1), "subnational LA15 LA01 high"),
        (BOTH, named(4) + office(1), "subnational LA15 LA01 low"),
        (BOTH, named(4) + capital(4), "subnational LA01,LA15 - high"),
        (BOTH, named(4), "subnational LA15 LA01 high"),
        # a bare name beside the districts of its namesake is that one, without a question
        (["Vientiane", "Vangvieng"], named(4), "subnational LA1005 LA01 high"),
        # the capital in one breath with units that have no names wants a person's eye
        (BREATH, named(4, 4) + elsewhere(4, row=0), "subnational LA15 LA01 low"),
        (BREATH, named(4, 4) + elsewhere(4, row=1), "subnational LA15 LA01 high"),
        (BREATH, named(4, 4) + elsewhere(4), "subnational LA15 LA01 high"),
        (BREATH, capital(4, 4) + elsewhere(4, row=0), "subnational LA01,LA15 - medium"),
    ],
)
def test_evidence_is_weighed(places: list[str], found: list[Finding], expected: str) -> None:
    one = scope.weigh(Case(made(places)), tuple(found))
    assert f"{one.scope} {','.join(one.areas) or '-'} {','.join(one.dropped) or '-'} {one.confidence}" == expected
    assert one.evidence == tuple(found)


def test_a_shift_moves_what_speaks_for_the_country_and_makes_nothing_of_nothing() -> None:
    case = Case(made(["Sekong"]))
    assert scope.weigh(case, tuple(nation(2) + named(3)), shift=2).scope == "nationwide"
    assert scope.weigh(case, tuple(nation(4) + named(3)), shift=-1).scope == "subnational"
    assert scope.weigh(case, tuple(named(3)), shift=9).scope == "subnational"


# --- the reason


def because(*, nationwide: Sequence[str] = (), part: Sequence[str] = (), places: Sequence[str] = ()) -> str:
    found = [sign("nationwide", 4, reason=text) for text in nationwide]
    found += [sign("named areas", 1, reason=text) for text in part]
    return scope.weigh(Case(made(places)), tuple(found)).reason


def test_the_reason_is_the_verdict_two_reasons_and_what_stands_against_it() -> None:
    assert because(nationwide=["it is so"]) == "Nationwide: it is so."
    assert because(nationwide=["it is so", "it is so", "there", "here"]) == "Nationwide: it is so, and there."
    assert because(nationwide=["it is so"], part=["not", "nor"]) == "Nationwide: it is so; against it stands that not."
    assert because(part=["it is named"], places=["Sekong"]) == "In Sekong: it is named."
    assert because(part=["a", "b", "c"], places=["Sekong", "Attapeu"]) == "In Sekong, Attapeu: a, and b."
    five = ["Sekong", "Attapeu", "Salavan", "Champasack", "Savannakhet"]
    codes = scope.weigh(Case(made(five)), tuple(named(4))).areas
    names = [gazetteer.names(code).name_en for code in codes]
    assert because(part=["a"], places=five) == f"In {', '.join(names[:4])} and more: a."
    assert because(part=["a"], places=five[:4]) == "In Salavan, Sekong, Champasack, Attapeu: a."
    assert because(part=["a"]) == "Unlocated, since it is subnational and no area is named: a."
    assert because() == "Unlocated: no place is published and nothing in the text says enough."
    left_out = scope.weigh(Case(made(BOTH)), tuple(named(4) + office(4) + nation(3)))
    assert left_out.reason == (
        "In Sekong: so it is; against it stands that so it is; Vientiane Capital is left out as the place of an "
        "office, a dateline or another unit of that name."
    )


def test_the_reason_in_lao_is_made_of_the_catalogues_sentences() -> None:
    _ = i18n.translator("lo")
    activity = made(["Sekong"], "Wells in Sekong", implementers=("Ministry of Health",))
    text = _("{first}, and {second}").format(
        first=f"{_('In {areas}').format(areas=gazetteer.names('LA15').name_lo)}: {_(REASONS['area_named'])}",
        second=_(REASONS["area_in_title"]),
    )
    doubt = _(REASONS["national_partner"])
    assert (
        scope.because(scope.decide(activity), "lo")
        == _("{text}; against it stands that {doubt}").format(text=text, doubt=doubt) + "."
    )
    assert _("Nationwide") != "Nationwide"
    office_alone = scope.weigh(Case(made(SEAT)), tuple(capital(2) + office(3)))
    assert scope.because(office_alone, "lo").startswith(_("Unlocated, since it is subnational and no area is named"))
    nowhere = scope.decide(made())
    assert scope.because(nowhere, "lo") == _(nowhere.reason) != nowhere.reason
    wide = scope.because(scope.decide(made(["nationwide"])), "lo")
    assert wide == f"{_('Nationwide')}: {_(REASONS['countrywide_place'])}."


# --- the map as published


@pytest.mark.parametrize(
    ("activity", "kind", "areas", "reason"),
    [
        (made(["Sekong"], scope_as_published=" National"), "nationwide", (), "its publisher calls it national."),
        (made(["Vientiane", "Sekong"]), "subnational", ("LA01", "LA15"), "its places were read as names of areas."),
        (made(["Lao PDR", "Sekong"]), "subnational", ("LA15",), "its places were read as names of areas."),
        (made(["Foo", "Lao PDR"]), "nationwide", (), "the country is its place."),
        (made(["Foo"]), "unlocated", (), "no place that names an area or the country."),
        (made(scope_as_published="subnational"), "unlocated", (), "no place that names an area or the country."),
    ],
)
def test_the_map_as_published_takes_each_at_its_word(
    activity: Activity, kind: scope.Scope, areas: tuple[str, ...], reason: str
) -> None:
    said = scope.ScopeDecision(kind, areas, (), (), "high", f"As published: {reason}")
    assert scope.as_registered(activity) == said
