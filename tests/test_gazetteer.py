"""Names to P-codes: every name of the tables, every place of the data, the grammar around names, and its laws."""

from __future__ import annotations

import csv
import json
import unicodedata
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import gazetteer, gazetteer_reading, pack
from geo.errors import UnknownCodeError
from geo.fold import squeeze
from geo.gazetteer import Match, describe, match, match_all

PLACES = Path(__file__).parent / "fixtures" / "places"
KINDS = {"areas", "country", "region", "count", "ambiguous", "unknown", "empty"}


def fixture(name: str) -> list[dict[str, str]]:
    with (PLACES / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def shown(found: Match) -> dict[str, str]:
    """A match in the columns of the fixtures."""
    return {
        "text": found.text,
        "kind": found.kind,
        "areas": " ".join(found.areas),
        "candidates": " ".join(found.candidates),
        "count": "" if found.count is None else f"{found.count} {found.count_unit}",
        "region": found.region,
        "unread": " | ".join(found.unread),
    }


def meaning(found: Match) -> tuple[object, ...]:
    return found.kind, found.areas, found.candidates, found.count, found.count_unit, found.region


GRAMMAR = fixture("grammar.csv")
PUBLISHED = fixture("published.csv")
TEXTS = [row["text"] for row in (*GRAMMAR, *PUBLISHED)]


@pytest.mark.parametrize("row", GRAMMAR, ids=lambda row: row["text"])
def test_the_grammar_of_places(row: dict[str, str]) -> None:
    assert shown(match(row["text"])) == row


@pytest.mark.parametrize("row", PUBLISHED, ids=lambda row: row["text"])
def test_each_place_that_the_data_publishes(row: dict[str, str]) -> None:
    assert shown(match(row["text"])) == row


def test_the_fixture_holds_every_place_of_the_data() -> None:
    texts = set()
    for name, column in (("activities", "locations_as_published"), ("news", "provinces")):
        for row in pack.rows(pack.settings().data[name]):
            texts |= {part.strip() for part in row[column].split(";") if part.strip()}
    assert {row["text"] for row in PUBLISHED} == texts


@pytest.mark.parametrize("row", fixture("together.csv"), ids=lambda row: row["places"])
def test_places_of_one_activity_in_each_other_s_light(row: dict[str, str]) -> None:
    found = match_all(row["places"].split(";"))
    assert ";".join(one.kind for one in found) == row["kinds"]
    assert ";".join(" ".join(one.areas) for one in found) == row["areas"]


@pytest.mark.parametrize("row", fixture("prose.csv"), ids=lambda row: row["text"])
def test_mentions_in_prose(row: dict[str, str]) -> None:
    found = gazetteer.mentions(row["text"])
    assert " ".join(f"{one.text}={'|'.join(one.areas or one.candidates)}" for one in found) == row["mentions"]


@pytest.mark.parametrize("row", fixture("said.csv"), ids=lambda row: row["places"])
def test_how_a_place_was_read_is_said(row: dict[str, str]) -> None:
    assert describe(match_all(row["places"].split("|"))[0]) == row["said"]


def test_every_alias_of_a_province_is_that_province() -> None:
    ambiguous = {squeeze(name): codes for name, codes in pack.settings().ambiguous}
    rows = pack.rows(pack.settings().data["adm1_aliases"])
    assert len(rows) == 227
    for row in rows:
        found = match(row["alias"])
        if squeeze(row["alias"]) in ambiguous:
            assert (found.kind, found.candidates) == ("ambiguous", ambiguous[squeeze(row["alias"])])
        else:
            assert (found.kind, found.areas, found.unread) == ("areas", (row["pcode"],), ()), row


def district_names() -> Iterator[tuple[str, str, str]]:
    for row in pack.rows(pack.settings().data["adm2_names"]):
        for column in ("name_cod", "name_en_alt", "name_lo_cod", "name_lo_b", "name_lo_c"):
            if row[column].strip():
                yield row["adm2_pcode"], column, row[column]


def test_every_name_of_a_district_with_a_district_word_and_its_province() -> None:
    seen = set()
    for code, column, name in district_names():
        province = gazetteer.names(gazetteer.parent(code))
        lao = column.startswith("name_lo")
        text = f"ເມືອງ{name} ແຂວງ{province.name_lo}" if lao else f"{name} district, {province.name_en} province"
        if code[:4] == pack.settings().capital:
            text = f"ເມືອງ{name} {province.name_lo}" if lao else f"{name} district, {province.name_en}"
        found = match(text)
        seen.add(code)
        if found.areas != (code,):  # LA1803 and LA1805 are exchanged in all columns but the first
            assert code in {"LA1803", "LA1805"}, (text, found)
            assert column != "name_cod"
            assert {*found.areas, *found.candidates} & {"LA1803", "LA1805"}
    assert len(seen) == 148


def test_a_bare_name_of_a_district_is_the_district_or_the_province_that_shares_it() -> None:
    repeated: dict[str, set[str]] = {}
    for code, column, name in district_names():
        found = match(name)
        if found.kind == "ambiguous":
            assert code in found.candidates
            repeated.setdefault(squeeze(name), set()).add(column)
        elif found.areas != (code,):
            shares = found.areas == (gazetteer.parent(code),)
            assert shares or (name, code) == ("Longcheng", "LA1803"), (name, found)
    assert {key for key, columns in repeated.items() if "name_cod" in columns} == {"viengkham", "phonthong", "xaysetha"}


def test_the_town_of_a_provincial_capital_is_its_district() -> None:
    for row in pack.rows(pack.settings().data["adm1_names"]):
        town = row["capital"].split("(")[0].strip()
        expected = row["capital_district"].split()[0] if row["pcode"] != pack.settings().capital else row["pcode"]
        assert match(f"{town} town").areas == match(f"Town of {town}").areas == (expected,), town


def test_every_further_alias_is_its_area_and_says_where_it_is_from() -> None:
    rows = pack.rows("codes/extra_aliases.csv")
    assert len(rows) >= 40
    for row in rows:
        assert row["source"].strip()
        unit = "province" if gazetteer.level(row["pcode"]) == "adm1" else "district"
        found = match(f"{row['alias']} {unit}")
        assert row["pcode"] in found.areas + found.candidates, row


def test_the_bare_name_of_the_two_stays_open_and_says_what_stands_beside_it() -> None:
    vientiane, fouang = match_all(["Vientiane", "Fouang"])
    assert vientiane.candidates == (pack.settings().capital, pack.settings().capital_namesake)
    assert fouang.areas[0] in vientiane.note
    assert gazetteer.parent(fouang.areas[0]) in vientiane.note


def test_an_unknown_name_gets_its_nearest_names_and_no_area() -> None:
    found = match("Savanaket")
    assert (found.kind, found.areas, found.candidates[0]) == ("unknown", (), "LA13")
    assert "nearest: Savannakhet (LA13)" in found.note
    assert match("Xqzw").candidates == ()
    assert match("Ministry of Savanaket").candidates == ()


def test_nearest_names_are_sought_in_the_provinces_named_beside() -> None:
    unknown, _ = match_all(["Vangxay", "Attapeu"])
    assert unknown.candidates
    assert {gazetteer.province(code) for code in unknown.candidates} == {"LA17"}


def test_of_areas_that_share_a_misspelt_name_those_around_are_offered() -> None:
    assert match("Xaysetthaa").candidates == ("LA0103", "LA1701")
    assert match_all(["Xaysetthaa", "Attapeu Province"])[0].candidates == ("LA1701",)


def test_areas_of_the_pack() -> None:
    assert len(gazetteer.all_areas("adm1")) == pack.settings().adm1
    assert len(gazetteer.all_areas("adm2")) == pack.settings().adm2
    country = pack.settings().pcode
    assert gazetteer.children(country) == gazetteer.all_areas("adm1")
    assert sum(len(gazetteer.children(code)) for code in gazetteer.all_areas("adm1")) == pack.settings().adm2
    for code in gazetteer.all_areas("adm2"):
        area = gazetteer.names(code)
        assert area.name_en
        assert area.name_lo
        assert code in gazetteer.children(area.parent)
        assert gazetteer.province(code) == area.parent
        assert gazetteer.children(code) == ()
    assert gazetteer.parent(country) == ""
    assert gazetteer.level(country) == "country"


def test_population_is_the_census_of_provinces() -> None:
    people = [gazetteer.population(code) for code in gazetteer.all_areas("adm1")]
    assert sum(people) == 6_492_228  # 2015 census
    with pytest.raises(UnknownCodeError, match="LA1701"):
        gazetteer.population("LA1701")


def test_an_unknown_code_is_refused_with_an_example() -> None:
    with pytest.raises(UnknownCodeError, match=r"got P-code 'LA99'.*LA01"):
        gazetteer.names("LA99")


def test_lines_of_places_are_matched_together_line_by_line() -> None:
    found = gazetteer.match_lines("Phongsali; Asue village\n\n;\nAsue village\n")
    assert [one.areas for one in found] == [("LA02",), ("LA02",), ()]
    line = gazetteer.describe(found[1])
    assert line == (
        "'Asue village' -> Phongsaly (LA02); a village, taken to lie in Phongsaly (LA02), the one province named beside"
        " it; not placed: 'Asue village'"
    )
    assert gazetteer.describe(match("Vientiane")).startswith("'Vientiane' -> ambiguous [")


def sound(found: Match) -> None:
    """What holds of any match."""
    known = {*gazetteer.all_areas("adm1"), *gazetteer.all_areas("adm2")}
    assert found.kind in KINDS
    assert set(found.areas) | set(found.candidates) <= known
    assert list(found.areas) == sorted(set(found.areas))
    assert (found.kind == "areas") <= bool(found.areas)
    assert not (found.kind in {"unknown", "empty", "region", "ambiguous", "count"} and found.areas)
    assert (found.kind == "ambiguous") <= (len(found.candidates) > 1)
    assert (found.count is None) == (found.count_unit == "")
    assert found.note
    assert "\n" not in gazetteer.describe(found).replace("\\n", "")
    assert all(part in found.text for part in found.unread)
    assert not {gazetteer.parent(code) for code in found.areas} & set(found.areas)


WORDS = st.sampled_from(
    [
        *(
            "Attapeu",
            "Vientiane",
            "Xay",
            "La",
            "Long",
            "Phonthong",
            "Viengkham",
            "Champasack",
            "Savanaket",
            "ໄຊ",
            "ອຸດົມໄຊ",
        ),
        *(
            "district",
            "districts",
            "Province",
            "provinces",
            "village",
            "villages",
            "town",
            "Muang",
            "Khoueng",
            "ເມືອງ",
            "ແຂວງ",
            "ບ້ານ",
        ),
        *("and", ",", "(", ")", ";", "of", "in", "the", "-", "/", "across", "all", "12", "five", "except"),
        *("Lao", "PDR", "nationwide", "northern", "capital", "country", "River"),
    ]
)


@given(st.one_of(st.text(), st.lists(WORDS, max_size=12).map(" ".join), st.lists(WORDS, max_size=12).map("".join)))
def test_any_text_gives_a_sound_match_and_mentions_with_exact_offsets(text: str) -> None:
    sound(match(text))
    assert match(text) is match(text)
    last = 0
    for mention in gazetteer.mentions(text):
        assert text[mention.start : mention.end] == mention.text != ""
        assert mention.start >= last
        assert bool(mention.areas) != bool(mention.candidates)
        last = mention.end


@given(st.sampled_from(TEXTS), st.sampled_from([str.upper, str.lower, str.title, str.swapcase]))
def test_case_makes_no_difference(text: str, change: object) -> None:
    assert callable(change)
    assert meaning(match(change(text))) == meaning(match(text))


@given(st.sampled_from(TEXTS), st.sampled_from(["  ", " \t", "\u00a0", " \u200b"]))
def test_spacing_makes_no_difference(text: str, gap: str) -> None:
    assert meaning(match(f" {text.replace(' ', gap)} ")) == meaning(match(text))


@given(st.sampled_from(TEXTS), st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_the_normalisation_form_makes_no_difference(text: str, form: str) -> None:
    assert meaning(match(unicodedata.normalize(form, text))) == meaning(match(text))  # type: ignore[arg-type]


@given(st.sampled_from(TEXTS))
def test_latin_diacritics_make_no_difference(text: str) -> None:
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not "\u0300" <= c <= "\u036f")
    assert meaning(match(bare)) == meaning(match(text))


@given(st.lists(st.sampled_from(TEXTS), max_size=4))
def test_the_order_of_an_activity_s_places_makes_no_difference(places: list[str]) -> None:
    straight = sorted(zip(places, map(meaning, match_all(places)), strict=True), key=repr)
    for order in list(permutations(places))[:6]:
        assert sorted(zip(order, map(meaning, match_all(order)), strict=True), key=repr) == straight


@given(st.lists(st.sampled_from(TEXTS), max_size=5))
def test_context_only_settles_what_was_open(places: list[str]) -> None:
    for alone, together in zip(map(match, places), match_all(places), strict=True):
        sound(together)
        assert set(alone.areas) <= set(together.areas)
        if together.areas != alone.areas:
            assert alone.candidates or alone.unread


@given(st.sampled_from(TEXTS), st.sets(st.sampled_from(gazetteer.all_areas("adm1"))))
def test_what_is_settled_is_the_same_beside_any_provinces(text: str, around: set[str]) -> None:
    found = match(text)
    if gazetteer._settled(found):
        assert gazetteer._match(gazetteer_reading.read(text), frozenset(around)) == found


def test_a_column_means_what_each_of_its_spellings_means() -> None:
    column = [text for text in TEXTS for _ in range(3)]
    found = gazetteer.match_each(column)
    assert list(found) == list(dict.fromkeys(TEXTS))
    assert [found[text] for text in column] == list(map(match, column))


@pytest.mark.shared
def test_naughty_strings_give_sound_matches(shared: Path) -> None:
    naughty = json.loads((shared / "corpora" / "naughty-strings" / "blns.json").read_text(encoding="utf-8"))
    assert len(naughty) > 400
    for text in naughty:
        sound(match(text))
        sound(match(f"Attapeu, {text}"))
        gazetteer.mentions(f"Attapeu {text} Sekong")
        match_all([text, "Viengkham", "Luang Prabang"])


def test_a_very_long_place_is_read_in_reasonable_time_and_without_its_end() -> None:
    sound(match("Attapeu, " * 50_000))
    sound(match("ບ້ານ" * 20_000))
    sound(match("1" * 10_000 + " provinces"))
    assert match("and " * 5_000 + "Attapeu").kind == "unknown"
