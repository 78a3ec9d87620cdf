"""The scope rule on judged cases, signal by signal, and its report."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from geo import gazetteer, pack, scope, scope_eval, scope_report, scope_report_files, scope_words
from geo.errors import InputError, PackError
from geo.fields import Activity
from geo.scope_signals import NAMES_OF_SIGNALS, SIGNALS
from tests.support import activities_from_csv, rows

WITH, WITHOUT = 0.95, 0.90  # what the issue asks for on the shared truth
BEYOND_WITH, BEYOND_WITHOUT = 0.92, 0.86  # ours: 67 and 63 of 70 today


@pytest.fixture(scope="module")
def activities(root: Path) -> list[Activity]:
    return activities_from_csv(root / "data" / "activities" / "lao_un_activities.csv")


@pytest.fixture(scope="module")
def vientiane(shared: Path) -> scope_eval.Truth:
    return scope_eval.read_truth(shared / "data" / "vientiane_scope_truth.csv")


@pytest.fixture(scope="module")
def more(root: Path) -> scope_eval.Truth:
    return scope_eval.read_truth(root / "data" / "truth" / "scope_vientiane_more.csv")


@pytest.fixture(scope="module")
def beyond(root: Path) -> scope_eval.Truth:
    return scope_eval.read_truth(root / "data" / "truth" / "scope_beyond_vientiane.csv")


def made(places: Sequence[str] = (), title: str = "Support", **fields: object) -> Activity:
    return replace(Activity(activity_id="made", title=title, places=tuple(places)), **fields)  # type: ignore[arg-type]


def signals_of(activity: Activity, *, published: bool = True) -> set[str]:
    return {one.signal for one in scope.decide(activity, use_published_scope=published).evidence}


# --- judged cases


@pytest.mark.shared
@pytest.mark.parametrize(("published", "floor"), [(True, WITH), (False, WITHOUT)])
def test_the_shared_truth(
    vientiane: scope_eval.Truth, activities: list[Activity], published: bool, floor: float
) -> None:
    found = scope_eval.evaluate(vientiane, activities, published)
    assert found["n"] == 53
    assert found["accuracy"] >= floor, found["wrong"]
    assert all(one["confidence"] in ("low", "medium") for one in found["wrong"])


@pytest.mark.shared
@pytest.mark.parametrize("published", [True, False])
def test_nobody_is_taken_from_the_right_place_with_high_confidence(
    vientiane: scope_eval.Truth, activities: list[Activity], published: bool
) -> None:
    local = {"vientiane_capital", "vientiane_province"}
    assert sum(expected in local for _, expected in vientiane.rows) >= 9
    for activity, expected in scope_eval.cases(vientiane, activities):
        found = scope.decide(activity, use_published_scope=published)
        assert expected not in local or scope_eval.truth_class(found) == expected or found.confidence != "high"


@pytest.mark.parametrize(("published", "floor"), [(True, BEYOND_WITH), (False, BEYOND_WITHOUT)])
def test_the_truth_beyond_vientiane(
    beyond: scope_eval.Truth, activities: list[Activity], published: bool, floor: float
) -> None:
    found = scope_eval.evaluate(beyond, activities, published)
    assert found["accuracy"] >= floor, found["wrong"]
    assert all(one["confidence"] != "high" for one in found["wrong"])


@pytest.mark.parametrize(("published", "floor"), [(True, WITH), (False, WITHOUT)])
def test_more_cases_of_vientiane(
    more: scope_eval.Truth, activities: list[Activity], published: bool, floor: float
) -> None:
    assert scope_eval.evaluate(more, activities, published)["accuracy"] >= floor


def test_the_second_truth_file_is_what_it_says(root: Path, activities: list[Activity]) -> None:
    table = rows(root / "data" / "truth" / "scope_beyond_vientiane.csv")
    assert len({row["activity_id"] for row in table}) == len(table) >= 40
    known = {one.activity_id: one for one in activities}
    for row in table:
        assert "vientiane" not in row["published_place"].casefold()
        published = [place.strip() for place in row["published_place"].split(";") if place.strip()]
        assert published == list(known[row["activity_id"]].places)
        assert row["why"]
        for code in row["true_areas_or_nationwide"].split(";"):
            assert code in ("nationwide", "unlocated") or gazetteer.names(code)
    assert sum(row["true_areas_or_nationwide"] == "nationwide" for row in table) >= 10


@pytest.mark.shared
@pytest.mark.parametrize("published", [True, False])
def test_confidence_is_calibrated(
    vientiane: scope_eval.Truth,
    more: scope_eval.Truth,
    beyond: scope_eval.Truth,
    activities: list[Activity],
    published: bool,
) -> None:
    tally = {name: [0, 0] for name in scope_eval.CONFIDENCES}
    for truth in (vientiane, more, beyond):
        for name, one in scope_eval.evaluate(truth, activities, published)["by_confidence"].items():
            tally[name][0] += one["correct"]
            tally[name][1] += one["n"]
    high, medium, low = (right / n for right, n in tally.values())
    assert high > medium > low
    assert tally["low"][1] < tally["high"][1]


@pytest.mark.shared
def test_the_rule_beats_the_baselines_and_holds_when_left_out(
    vientiane: scope_eval.Truth, activities: list[Activity]
) -> None:
    found = scope_eval.evaluate(vientiane, activities)
    simple = scope_eval.baselines(vientiane, activities)
    assert len(simple) == 3
    assert all(share is not None and share + 0.2 < found["accuracy"] for share in simple.values())
    crossed = scope_eval.leave_one_out(vientiane, activities)
    assert crossed["accuracy"] >= WITH
    assert sum(crossed["chosen"].values()) == 53
    assert crossed["by_shift"][0] == found["accuracy"]
    assert crossed["by_shift"][-3] < found["accuracy"]  # a rule that leans the other way does worse


@pytest.mark.shared
def test_the_printed_score_has_the_promised_shape(shared: Path, activities: list[Activity]) -> None:
    found = scope_eval.run(shared / "data" / "vientiane_scope_truth.csv", activities, use_published_scope=False)
    assert list(found) == ["n", "correct", "accuracy", "confusion", "by_confidence", "wrong"]
    assert sum(n for row in found["confusion"].values() for n in row.values()) == found["n"]
    assert sum(one["n"] for one in found["by_confidence"].values()) == found["n"]
    assert found["n"] - found["correct"] == len(found["wrong"])
    for one in found["wrong"]:
        assert list(one) == ["activity_id", "expected", "got", "confidence", "evidence"]


def test_no_signal_carries_the_rule_alone(more: scope_eval.Truth, activities: list[Activity]) -> None:
    found = scope_eval.ablation(activities, {"more": more})
    assert [one["signal"] for one in found] == [signal.name for signal in SIGNALS]
    assert all(one["right"]["more"] >= WITHOUT for one in found)
    assert any(one["moved"] for one in found)
    for one in found:
        assert one["nationwide"] + one["subnational"] + one["unlocated"] == len(activities)


# --- nothing was learnt by heart


def test_no_case_is_known_to_the_rule(root: Path, activities: list[Activity]) -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in root.glob("geo/scope*.py")}
    texts["scope_words.toml"] = pack.path(scope_words.FILE).read_text(encoding="utf-8")
    for name, text in texts.items():
        for activity in activities:
            assert activity.activity_id not in text, name
            assert activity.title.casefold() not in text.casefold(), name
    phrases = [phrase for found in scope_words.settings()["lists"].values() for phrase in found]
    assert max(len(phrase.split()) for phrase in phrases) <= 5


def test_the_rule_reads_no_truth_file(root: Path) -> None:
    for name in ("scope", "scope_case", "scope_finders", "scope_publisher", "scope_signals", "scope_words"):
        source = (root / "geo" / f"{name}.py").read_text(encoding="utf-8")
        used = {
            node.module if isinstance(node, ast.ImportFrom) else alias.name
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        }
        assert not used & {"csv", "pathlib", "io", "geo.scope_eval", "geo.scope_report"}, name
        assert "true_" not in source


# --- the rule, on activities made up here


@pytest.mark.parametrize(
    ("activity", "expected"),
    [
        (made(["Vientiane"]), "nationwide"),
        (made(["Vientiane"], "Support to the Tax Law"), "nationwide"),
        (made(["Vientiane", "Sekong province"]), "LA15"),
        (made(["Vientiane Capital", "Pakse"], "Roads in Champasack"), "LA16"),
        (made(["Vientiane Capital, Sekong and Attapeu"]), "LA01 LA15 LA17"),
        (made(["Vientiane", "Vangvieng"], "Caves of Vangvieng"), "LA1005"),
        (made(["Vientiane", "Sikhottabong district"], "Drains"), "LA01 LA0102"),
        (made(["Vientiane"], "Cleaner air in Vientiane"), "LA01"),
        (made(["Vientiane"], "Student marathon festival"), "LA01"),
        (made(["Vientiane", "seven provinces"], "Wells"), "unlocated"),
        (made(["Vientiane"], "Wells for remote villages in southern Laos"), "unlocated"),
        (made(["Vientiane"], "Wells in Sekong"), "unlocated"),
        (made([], "Wells"), "unlocated"),
        (made([], "Wells", scope_as_published="national"), "nationwide"),
        (made(["Wherever"], "Wells"), "unlocated"),
        (made(["Sekong"], "Seminar on the national curriculum", implementers=("Ministry of Education",)), "nationwide"),
        (made(["Sekong"], "Wells for Sekong", implementers=("Ministry of Health",)), "LA15"),
        (made(["nationwide"]), "nationwide"),
        (made(["18 provinces"]), "nationwide"),
        (made(["Lao PDR"]), "nationwide"),
        (made(["Lao PDR"], "A plan for one wetland"), "unlocated"),
        (made(["ນະຄອນຫຼວງວຽງຈັນ"], "ຍຸດທະສາດແຫ່ງຊາດ"), "nationwide"),
        (made(["ນະຄອນຫຼວງວຽງຈັນ"], "ຕະຫຼາດ ໃນຕົວເມືອງ"), "LA01"),
        (made(["ທົ່ວປະເທດ"], "ນ້ຳ"), "nationwide"),
    ],
)
def test_what_the_rule_makes_of(activity: Activity, expected: str) -> None:
    found = scope.decide(activity)
    assert (" ".join(found.areas) or found.scope) == expected, found
    assert found.reason.endswith(".")


def test_nearly_all_provinces_are_the_country() -> None:
    everywhere = [f"{gazetteer.names(code).name_en} province" for code in gazetteer.all_areas("adm1")[1:-1]]
    found = scope.decide(made(everywhere))
    assert (found.scope, len(found.dropped)) == ("nationwide", 16)
    assert scope.decide(made(everywhere[:9])).scope == "subnational"


@pytest.mark.parametrize(
    ("iati", "signal", "side"),
    [
        (("activity-scope", "4"), "iati_national", "nationwide"),
        *((("activity-scope", code), "iati_subnational", "subnational") for code in "5678"),
        (("feature-designation", "PPLC"), "iati_capital_feature", "nationwide"),
        (("feature-designation", "ADMF"), "iati_capital_feature", "nationwide"),
        (("feature-designation", "PCLI"), "iati_country_feature", "nationwide"),
        (("feature-designation", "PPLA"), "iati_area_feature", "subnational"),
        (("feature-designation", "ADMD"), "iati_area_feature", "subnational"),
        (("feature-designation", "adm1"), "iati_area_feature", "subnational"),
        *((("precision", code), "iati_precision_country", "nationwide") for code in "6789"),
        *((("precision", code), "iati_precision_local", "subnational") for code in "1234"),
        (("location-reach", "2"), "iati_beneficiaries", "subnational"),
        (("location-class", "3"), "iati_structure", "subnational"),
        (("exactness", "1"), "iati_exact", "subnational"),
    ],
)
def test_iati_codes(iati: tuple[str, str], signal: str, side: str) -> None:
    found = scope.decide(made([], iati=(("exactness", "?"), iati))).evidence
    assert [(one.signal, one.words, one.field, one.position, one.points_to) for one in found] == [
        (signal, f"{iati[0]} {iati[1]}", "iati", 1, side)
    ]


@pytest.mark.parametrize(
    "iati", [("activity-scope", "9"), ("precision", "5"), ("elsewhere", "4"), ("activity-scope", "")]
)
def test_codes_that_say_nothing(iati: tuple[str, str]) -> None:
    assert scope.decide(made([], iati=(iati,))).evidence == ()


def test_an_approximate_pin_counts_at_the_capital_alone() -> None:
    approximate = (("exactness", "2"),)
    assert "iati_approximate" in signals_of(made([], iati=approximate, points=((17.966, 102.61),)))
    assert "iati_approximate" not in signals_of(made(["Sekong"], iati=approximate))


def test_the_publishers_scope_can_be_left_out() -> None:
    activity = made(["Sekong"], scope_as_published="national", iati=(("activity-scope", "4"),))
    assert signals_of(activity) >= {"iati_national"}
    assert not signals_of(activity, published=False) & {"iati_national", "published_national"}


def test_iati_scope_moves_a_pin() -> None:
    pin = ["Vientiane"]
    assert scope.decide(made(pin, iati=(("activity-scope", "6"),))).areas == ("LA01",)
    assert scope.decide(made(pin, iati=(("activity-scope", "4"),))).confidence == "high"


def capital_point() -> tuple[float, float]:
    row = next(row for row in pack.rows(pack.settings().data["adm1_names"]) if row["pcode"] == "LA01")
    return float(row["capital_lat"]), float(row["capital_lon"])


def test_positions() -> None:
    latitude, longitude = capital_point()
    assert "capital_city_point" in signals_of(made([], points=((latitude + 0.01, longitude),)))
    assert "capital_city_point" not in signals_of(made([], points=((latitude + 0.1, longitude),)))
    assert "capital_city_point" not in signals_of(made(["Xaythany district"], points=((latitude, longitude),)))
    assert "country_point" in signals_of(made([], points=((18.0, 105.0),)))
    assert "country_point" not in signals_of(made([], points=((18.0, 104.5),)))
    inside = next(row for row in pack.rows(pack.settings().data["adm2_names"]) if row["adm1_pcode"] == "LA17")
    attapeu = (float(inside["lat"]), float(inside["lon"]))
    assert "point_outside" not in signals_of(made(["Attapeu"], points=(attapeu,)))
    assert "point_outside" in signals_of(made(["Phongsaly"], points=(attapeu,)))
    assert signals_of(made([], points=((float("nan"), 1.0), (91.0, 0.0), (float("inf"), 0.0)))) == set()


def test_a_point_outside_the_area_named_takes_the_high_confidence() -> None:
    activity = made(["Phongsaly"], "Wells in Phongsaly")
    assert scope.decide(activity).confidence == "high"
    found = scope.decide(replace(activity, points=((14.8, 106.8),)))
    assert (found.scope, found.confidence) == ("subnational", "medium")


def test_pins_that_read_the_same_fact_count_once() -> None:
    pins = made(["Vientiane", "Lao PDR"], iati=(("feature-designation", "PPLC"),), points=(capital_point(),))
    weights = [one.weight for one in scope.decide(pins).evidence if one.points_to == "nationwide"]
    assert weights == [2]


@pytest.mark.parametrize(
    ("activity", "signal", "words"),
    [
        (made(["Vientiane and other provinces"]), "unnamed_kind", ["Vientiane and other provinces"]),
        (made(["Vientiane"]), "unnamed_kind", []),
        (made([], "Wells for 2024 schools and 12 health centres"), "counted_text", ["12 health centres"]),
        (made([], "Wells since 2024 schools opened"), "counted_text", []),
    ],
)
def test_what_a_signal_finds(activity: Activity, signal: str, words: list[str]) -> None:
    assert [one.words for one in scope.decide(activity).evidence if one.signal == signal] == words


def test_a_reason_is_told_in_a_language_and_what_a_person_wrote_stays() -> None:
    activities = (
        made(["Vientiane"], "National plan"),
        made([], "Support"),
        made(["Sekong", "Attapeu", "Salavan", "Xay", "Beng"]),
        made(["Vientiane Capital", "Pakse"], "Roads in Champasack"),
    )
    for found in map(scope.decide, activities):
        assert scope.because(found) == found.reason
        assert re.search("[\u0e80-\u0eff]", scope.because(found, "lo"))
        written = replace(found, reason="Ann asked the agency.")
        assert scope.because(written, "lo") == scope.because(written) == "Ann asked the agency."


# --- the table of signals


def test_every_signal_says_why_and_on_whose_practice() -> None:
    assert len(NAMES_OF_SIGNALS) == len(SIGNALS)
    for signal in SIGNALS:
        assert signal.reason, signal.name
        assert signal.source, signal.name
        assert 0 <= signal.weight <= 4
        assert signal.finder.__doc__


def test_every_signal_but_those_without_data_is_found_somewhere(activities: list[Activity]) -> None:
    seen = {one.signal for activity in activities for one in scope.decide(activity).evidence}
    silent = {signal.name for signal in SIGNALS if signal.reads in ("iati", "points")} | {"other_area_in_title"}
    assert seen == NAMES_OF_SIGNALS - silent
    assert "other_area_in_title" in signals_of(made(["Vientiane"], "Wells in Sekong"))


def test_a_signal_switched_off_is_gone() -> None:
    activity = made(["Vientiane"], "National plan")
    assert "national_title" in signals_of(activity)
    found = scope.decide(activity, off=frozenset({"national_title", "no such signal"}))
    assert "national_title" not in {one.signal for one in found.evidence}


def test_evidence_shows_where_it_stands(activities: list[Activity]) -> None:
    for activity in activities:
        texts = {"title": activity.title, "summary": activity.summary, "source_title": activity.source_title}
        lists = {"locations_as_published": activity.places, "implementing_partners": activity.implementers}
        for one in scope.decide(activity).evidence:
            if one.field in texts:
                assert texts[one.field][one.position :].startswith(one.words)
            elif one.field in lists and one.signal != "all_units":
                assert lists[one.field][one.position] == one.words


@pytest.mark.parametrize("name", ["lists", "numbers", "partners", "positions", "truth"])
def test_word_lists_are_complete(name: str) -> None:
    assert scope_words.settings()[name]


@pytest.fixture
def words_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The file of word lists of another pack; the rule reads it until the test ends."""
    (tmp_path / "codes").mkdir()
    monkeypatch.setenv("LAO_SDG_PACK", str(tmp_path))
    scope_words.settings.cache_clear()
    yield tmp_path / scope_words.FILE
    scope_words.settings.cache_clear()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[lists\n", r"scope_words\.toml cannot be read: .* Restore it"),
        ("[lists]\n[partners]\n", r"scope_words\.toml lacks \[numbers\]\[positions\]\. Restore it"),
    ],
)
def test_a_broken_file_of_words_is_named(words_of: Path, text: str, said: str) -> None:
    words_of.write_text(text, encoding="utf-8")
    with pytest.raises(PackError, match=said):
        scope_words.settings()


def test_a_phrase_without_a_word_is_found_nowhere(words_of: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lists = "countrywide = ['-', 'every corner']"
    words_of.write_text(
        f"[lists]\n{lists}\n[numbers]\nwords=[]\n[partners]\nnational=[]\n[positions]\n", encoding="utf-8"
    )
    scope_words.settings()
    monkeypatch.delenv("LAO_SDG_PACK")  # the names of areas are those of the pack
    scope_words.lexicon.cache_clear()
    try:
        assert [hit.words for hit in scope_words.hits("- in every corner -")] == ["every corner"]
    finally:
        scope_words.lexicon.cache_clear()


def test_words_are_found_whole_and_longest() -> None:
    found = {hit.words: hit.lists for hit in scope_words.hits("The National University of Laos, a lawn and the law")}
    assert "site" in found["National University of Laos"]
    assert "national" not in found["National University of Laos"]
    assert "lawn" not in found
    assert "instrument" in found["law"]


def test_words_are_told_with_where_they_stand_whatever_letters_are_around() -> None:
    text = "İSTANBUL: a RURAL road, 1234567 and 123456 villages"  # its first letter folds into two
    found = [(hit.words, hit.start, hit.end, hit.word, hit.size) for hit in scope_words.hits(text)]
    assert found == [("RURAL", 12, 17, 2, 1), ("123456", 36, 42, 6, 1), ("villages", 43, 51, 7, 1)]
    assert all(text[start:end] == words for words, start, end, _, _ in found)
    lao = "ກະຊວງ, rural"
    assert [(hit.words, hit.start, hit.word, hit.size) for hit in scope_words.hits(lao)] == [
        ("rural", 7, 1, 1),
        ("ກະຊວງ", 0, -1, 1),
    ]
    assert scope_words.first("a rural village", "rural").words == "rural"  # type: ignore[union-attr]
    assert [hit.words for hit in scope_words.every("a rural village", "rural")] == ["rural", "village"]
    assert scope_words.first("a road", "rural") is None
    assert scope_words.every("a road", "rural") == ()
    assert scope_words.hits("x" * scope_words.LONGEST + " rural") == ()


def test_words_spelled_like_areas_are_the_longest_ones() -> None:
    found = {at: (words, codes) for words, at, codes in scope_words.like_area_names("Vang Vieng and Luang Namtha, Pek")}
    assert [(at, found[at][0]) for at in (0, 15, 29)] == [(0, "Vang Vieng"), (15, "Luang Namtha"), (29, "Pek")]
    assert found[0][1] == ("LA1005",)
    assert {words.split()[-1] for words, _ in found.values()} == {"Vieng", "Namtha", "Pek"}
    assert list(scope_words.like_area_names("Wells for all")) == []


# --- as registered


def test_as_registered_is_the_map_as_published(activities: list[Activity]) -> None:
    assert scope.as_registered(made(["Vientiane"])).areas == ("LA01",)
    assert scope.as_registered(made(["Vientiane, Sekong and Attapeu"])).areas == ("LA01", "LA15", "LA17")
    assert scope.as_registered(made(["Lao PDR"])).scope == "nationwide"
    assert scope.as_registered(made([], scope_as_published="national")).scope == "nationwide"
    assert scope.as_registered(made(["Tangko village"])).scope == "unlocated"
    before = scope_eval.totals(map(scope.as_registered, activities))
    after = scope_eval.totals(map(scope.decide, activities))
    assert before["capital"] > 4 * after["capital"]
    assert after["nationwide"] > before["nationwide"]


# --- truth files and the report


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id,true_scope\na,nationwide\n", "expected activity_id"),
        ("activity_id,true_scope\na,everywhere\n", "row 2: got 'everywhere'"),
        ("activity_id,true_areas_or_nationwide\na,LA99\n", "LA99"),
        ("", "got columns none"),
    ],
)
def test_a_truth_file_that_is_not_understood(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "truth.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(said)):
        scope_eval.read_truth(path)


def test_a_truth_file_that_is_not_there_or_no_text(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Check the path"):
        scope_eval.read_truth(tmp_path / "none.csv")
    (tmp_path / "bytes.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="UTF-8"):
        scope_eval.read_truth(tmp_path / "bytes.csv")


def test_the_report_tells_named_areas_from_others(tmp_path: Path) -> None:
    path = tmp_path / "truth.csv"
    lines = "right,LA15\nwrong,LA17\ncountry,nationwide\n"
    path.write_text(f"activity_id,true_areas_or_nationwide\n{lines}", encoding="utf-8")
    judged = [replace(made(["Sekong province"]), activity_id=name) for name in ("right", "wrong", "country")]
    report = scope_report.build(judged, [scope_eval.read_truth(path)])
    (table,) = next(one for one in report.sections if one.title == "Confusion matrix").tables
    assert table.rows == (
        ("named areas", "named areas", "1"),
        ("named areas", "other areas", "1"),
        ("nationwide", "other areas", "1"),
    )


def test_a_report_that_cannot_be_written_says_where(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match=r"file cannot be written to: .*\. Choose another folder\."):
        scope_report_files.write(tmp_path / "file", scope_report.Report("t", (), ()))


def test_a_case_without_its_activity(tmp_path: Path) -> None:
    path = tmp_path / "truth.csv"
    path.write_text("activity_id,true_scope\nmade,nationwide\nlost,nationwide\n", encoding="utf-8")
    with pytest.raises(InputError, match="no activity has the id 'lost'"):
        scope_eval.run(path, [made(["Vientiane"])])


def test_the_report_needs_nothing_from_elsewhere_and_trusts_no_text(tmp_path: Path) -> None:
    hostile = "{{7*7}}</script><img src=x onerror=alert(1)>#panic()[*"
    path = tmp_path / "truth.csv"
    path.write_text("activity_id,true_scope\nmade,other_provinces\n", encoding="utf-8")
    activity = made([hostile, "Vientiane"], f"National {hostile}", implementers=(f"Ministry {hostile}",))
    report = scope_report.build([activity], [scope_eval.read_truth(path)])
    page = scope_report_files.report_html(report)
    assert "<img" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert not re.search(r"https?://|<script|<link|@import|url\(", page)
    first = scope_report_files.report_pdf(report)
    assert first.startswith(b"%PDF")
    assert first == scope_report_files.report_pdf(report)


# What the embedded activities lack: a hit for each signal that reads IATI's codes or positions.
SILENT = [
    *(
        made([], iati=(one,))
        for one in (
            ("activity-scope", "4"),
            ("activity-scope", "5"),
            ("feature-designation", "PPLC"),
            ("feature-designation", "PCLI"),
            ("feature-designation", "PPLA"),
            ("precision", "6"),
            ("precision", "1"),
            ("location-reach", "2"),
            ("location-class", "3"),
            ("exactness", "1"),
        )
    ),
    made([], iati=(("exactness", "2"),), points=(capital_point(),)),
    made([], points=((18.0, 105.0),)),
    made(["Phongsaly"], points=((14.8, 106.8),)),
    made([], points=((14.8, 106.8),)),
    made(["Vientiane"], "Wells in Sekong"),
]


def test_the_report_says_every_signal(tmp_path: Path, activities: list[Activity]) -> None:
    page, paper = scope_report_files.write(tmp_path / "new", scope_report.build([*activities, *SILENT]))
    text = page.read_text(encoding="utf-8")
    assert all(f"<td>{signal.name}</td>" in text for signal in SIGNALS)
    assert "Without a hit" not in text
    assert "181" not in text.split("<h2>")[0]  # figures are worked out, not written down
    assert paper.stat().st_size > 10_000
