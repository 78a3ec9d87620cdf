"""The matching key: one spelling for what people type in several ways, and no two names made one."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import pack
from geo.fold import fold, squeeze

LAO_TEXT = st.text(alphabet=st.characters(min_codepoint=0x0E80, max_codepoint=0x0EDF), max_size=30)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ຫຼວງພະບາງ", "ຫລວງພະບາງ"),
        ("ໜອງແຮດ", "ຫນອງແຮດ"),
        ("ໝອກ", "ຫມອກ"),
        ("ຄຳມ່ວນ", "ຄໍາມ່ວນ"),
        ("ນ້ຳບາກ", "ນໍ້າບາກ"),
        ("ນ້ຳບາກ", "ນ້ໍາບາກ"),
        ("ຕົ້ນເຜິ້ງ", "ຕ້ົນເຜ້ິງ"),
        ("ແປກ", "ເເປກ"),
        ("ໄກສອນ ພົມວິຫານ", "ໄກສອນພົມວິຫານ"),
        ("ອຸ\u200bດົມ\u200cໄຊ", "ອຸດົມໄຊ"),
        ("\ufeffອັດຕະປື", "ອັດຕະປື"),
        ("ອັດຕະປືື", "ອັດຕະປື"),
        ("Khouèng Xékong", "KHOUENG XEKONG"),
        ("Atta\u00adpeu", "attapeu"),
        ("Ａｔｔａｐｅｕ", "Attapeu"),
        ("Luang\u00a0 Prabang", "luang prabang"),
        ("Vientiane [prefecture]", "vientiane  prefecture"),
        ("໑໒ provinces", "12 provinces"),
        ("Đak Cheung", "dak cheung"),
        ("e\u0301", "é"),
    ],
)
def test_one_key_for_spellings_of_one_word(one: str, other: str) -> None:
    assert fold(one) == fold(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [("ໃໝ່", "ໄໝ່"), ("ຂວາ", "ຄວາ"), ("ຊ່ອນ", "ຊອນ"), ("ຫຼາ", "ລາ"), ("Nan", "Nam"), ("12", "21")],
)
def test_different_words_keep_different_keys(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_words_of_latin_script_stay_apart_and_names_are_looked_up_without_spaces() -> None:
    assert fold("  Vang\tVieng, district ") == "vang vieng district"
    assert squeeze("Vang-Vieng") == squeeze("vangvieng") == "vangvieng"


def test_nothing_but_marks_and_spaces_folds_to_nothing() -> None:
    assert [fold(text) for text in ("", " \n\u200b", "\ufeff", "—;,.()", "\u0301")] == [""] * 5


def test_names_of_different_provinces_never_fold_together() -> None:
    seen: dict[str, set[str]] = {}
    for row in pack.rows(pack.settings().data["adm1_aliases"]):
        seen.setdefault(squeeze(row["alias"]), set()).add(row["pcode"])
    ambiguous = {squeeze(name) for name, _ in pack.settings().ambiguous}
    assert {key for key, codes in seen.items() if len(codes) > 1} <= ambiguous


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(LAO_TEXT)
def test_folding_lao_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(), st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_the_normalisation_form_makes_no_difference(text: str, form: str) -> None:
    assert fold(unicodedata.normalize(form, text)) == fold(text)  # type: ignore[arg-type]


@given(st.text(), st.text())
def test_a_space_parts_latin_words_and_not_lao_ones(left: str, right: str) -> None:
    assert fold(f"{left} {right}").replace(" ", "") == fold(f"{left}\t\n{right}").replace(" ", "")
