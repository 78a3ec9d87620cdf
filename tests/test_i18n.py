"""The words, numbers and dates of a language, and the catalogues that hold them."""

from __future__ import annotations

import datetime
import importlib.util
import re
import string
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from geo import i18n, library, pack, scope
from geo.errors import UnknownCodeError
from geo.fields import PartialDate
from geo.money import Money


@pytest.fixture(scope="module")
def builder(root: Path) -> ModuleType:
    """The script data/build_catalogue.py as a module."""
    spec = importlib.util.spec_from_file_location("build_catalogue", root / "data" / "build_catalogue.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def entries() -> Iterator[Message]:
    """Return the entries of the Lao catalogue."""
    with pack.path(i18n.catalogue_name("lo")).open("rb") as handle:
        yield from (one for one in read_po(handle, locale="lo") if one.id)


def fields(text: str) -> set[str]:
    """Return the names of a text's placeholders."""
    return {name for _literal, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}


def test_english_is_its_own_translation() -> None:
    assert i18n.translator("en")("Activities") == "Activities"


def test_lao_is_translated_and_what_is_not_stays_english() -> None:
    _ = i18n.translator("lo")
    assert _("Activities") == "ກິດຈະກຳ"
    assert _("Legend") == "ຄຳອະທິບາຍສັນຍາລັກ"  # marked fuzzy: used all the same
    assert _("No such text of ours") == "No such text of ours"
    assert _("") == ""


def test_an_unknown_language_is_refused() -> None:
    for door in (i18n.translator, i18n.plural, i18n.locale):
        with pytest.raises(UnknownCodeError, match=r"'xx'; expected one of en, lo"):
            door("xx")


def test_translations_keep_their_placeholders() -> None:
    wrong = []
    for one in entries():
        texts = [one.id] if isinstance(one.id, str) else [str(text) for text in one.id]
        translations = [one.string] if isinstance(one.string, str) else [str(text) for text in one.string or ()]
        for text in filter(None, translations):
            if fields(text) != set().union(*map(fields, texts)):
                wrong.append(text)
    assert wrong == []


def test_every_text_is_translated() -> None:
    assert [one.id for one in entries() if not all(translations(one))] == [], "translate these in data/i18n"


def test_translations_are_in_lao_letters() -> None:
    """A text of codes alone, such as ``SDG {number}``, may stay as it is."""
    wordy = [one for one in entries() if re.search("[a-z]", re.sub(r"{.*?}", "", str(one.id)))]
    assert [one.id for one in wordy if not all(map(lao, translations(one)))] == []


def test_translations_hide_nothing() -> None:
    """No zero-width letters, no stray spaces: they break searching, copying and the breaking of lines."""
    wrong = [
        text
        for one in entries()
        for text in translations(one)
        if text != unicodedata.normalize("NFC", text).strip()
        or "  " in text
        or any(unicodedata.category(letter) in ("Cf", "Cc", "Co", "Cn") for letter in text)
    ]
    assert wrong == []


def translations(one: Message) -> list[str]:
    """Return an entry's translation, a plural's in all its forms."""
    return [one.string or ""] if isinstance(one.string, str) else [str(text or "") for text in one.string or ("",)]


def lao(text: str) -> bool:
    """Whether a text has Lao letters."""
    return re.search("[\u0e80-\u0eff]", text) is not None


def test_the_reasons_of_the_rule_are_said_in_lao() -> None:
    data = library.embedded()
    for decision in (*data.corrected.decisions, *data.registered.decisions):
        assert scope.because(decision) == decision.reason
        said = scope.because(decision, "lo")
        # Names are in Lao too: no English word is left.
        assert not re.search("[a-z]{3}", said), said
        assert lao(said)


def test_what_a_person_wrote_is_not_translated() -> None:
    mine = scope.ScopeDecision("nationwide", (), (), (), "high", "The source names all provinces.")
    assert scope.because(mine, "lo") == "The source names all provinces."


def test_the_catalogue_has_what_people_meet_first() -> None:
    known = {one.id for one in entries() if one.string}
    assert {"Activities", "Agencies", "Goals", "Layers", "Legend", "No data", "As registered", "Corrected"} <= known
    assert any(one.fuzzy for one in entries())


def test_the_catalogue_is_up_to_date(builder: ModuleType) -> None:
    assert builder.main(["--check"]) == 0, "run: make i18n"


def test_a_catalogue_keeps_translations_and_finds_lost_ones_again(
    builder: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = b'msgid "Kept"\nmsgstr "K"\n\n#, fuzzy\nmsgid "Open"\nmsgstr "O"\n\nmsgid "Gone"\nmsgstr "G"\n'
    monkeypatch.setattr(builder, "texts", lambda: ["Kept", "New", "Open", ("one", "many")])
    first = builder.updated(old, "lo")
    assert b'msgid "Kept"\nmsgstr "K"' in first
    assert b'#, fuzzy\nmsgid "Open"\nmsgstr "O"' in first
    assert b'msgid "New"\nmsgstr ""' in first
    assert b'msgid "one"\nmsgid_plural "many"\nmsgstr[0] ""' in first
    assert b'#~ msgid "Gone"\n#~ msgstr "G"' in first
    assert builder.updated(first, "lo") == first
    monkeypatch.setattr(builder, "texts", lambda: ["Gone"])
    # Its flags are not stored while it is out of use, so it waits for its check again.
    assert b'#, fuzzy\nmsgid "Gone"\nmsgstr "G"' in builder.updated(first, "lo")


def test_texts_are_found_wherever_they_are_called(
    builder: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "geo").mkdir()
    (tmp_path / "geo" / "x.py").write_text(
        'a = _("plain")\nb = f" {_(\'inside\')} "\nc = i18n.translator(lang)("direct")\n'
        'd = plural("one", "many", n)\ne = i18n.plural(lang)("area", "areas", n)\nf = _(variable)\ng = other("none")\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(builder, "ROOT", tmp_path)
    assert builder.texts() == [("area", "areas"), ("one", "many"), "direct", "inside", "plain"]


def test_texts_in_values_are_found(builder: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "geo").mkdir()
    (tmp_path / "geo" / "x.py").write_text(
        'BOOK = "A book"\nPAGE = f"{BOOK}: page 8"\n'
        'Signal("a", finder, 1, "capital", "its reason", PAGE)\n'
        'ScopeDecision("unlocated", (), (), (), "low", "No place.")\n'
        'problem("kind", column, value, "a number", "Write digits.")\n'
        'problem("kind", column, value, f"at most {MOST}", fix)\n'
        'def f(text):\n    expected, fix = f"like {text}", "Choose." if text else "Fill in."\n',
        encoding="utf-8",
    )
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "pack.toml").write_text(
        '[data]\nsource = "A source"\nboundary_credit = "A credit"\n[census]\nsource = "A census"\n', encoding="utf-8"
    )
    monkeypatch.setattr(builder, "ROOT", tmp_path)
    assert builder.texts() == [
        "A book: page 8", "A census", "A credit", "A source", "Choose.", "Fill in.", "No place.", "Write digits.",
        "a number", "its reason",
    ]  # fmt: skip


def test_plural(monkeypatch: pytest.MonkeyPatch) -> None:
    for language in ("en", "lo"):
        choose = i18n.plural(language)
        assert choose("{n} thing of nobody", "{n} things of nobody", 1) == "{n} thing of nobody"
        assert choose("{n} thing of nobody", "{n} things of nobody", 0) == "{n} things of nobody"
    catalogue = i18n._catalogue("lo")
    assert catalogue is not None
    monkeypatch.setitem(catalogue._messages, "one thing", Message(("one thing", "things"), ("ສິ່ງ",)))
    assert {i18n.plural("lo")("one thing", "things", n) for n in (0, 1, 2)} == {"ສິ່ງ"}


def test_numbers() -> None:
    assert i18n.number(1234567, "en") == "1,234,567"
    assert i18n.number(1234567, "lo") == "1.234.567"
    assert i18n.compact(4_712_345, "en") == "4.7M"
    assert i18n.compact(4_712_345, "lo") == "4,7\u00a0ລ້ານ"
    assert i18n.compact(950, "en") == "950"


def test_money() -> None:
    assert i18n.money(Money(Decimal("1234567.00")), "en") == "USD\u00a01,234,567"
    assert i18n.money(Money(Decimal("1234567.00"), "EUR"), "lo") == "EUR\u00a01.234.567"


@pytest.mark.parametrize(
    ("value", "english", "lao"),
    [
        (datetime.date(2025, 6, 30), "30 June 2025", "30 ມິຖຸນາ 2025"),
        (PartialDate.parse("2025-06-30"), "30 June 2025", "30 ມິຖຸນາ 2025"),
        ("2025-06", "June 2025", "ມິຖຸນາ 2025"),
        (PartialDate.parse("2025"), "2025", "2025"),
        ("soon", "soon", "soon"),
        ("2025-02-30", "2025-02-30", "2025-02-30"),
    ],
)
def test_a_date_is_as_precise_as_it_is_known(value: datetime.date | PartialDate | str, english: str, lao: str) -> None:
    assert i18n.date(value, "en") == english
    assert i18n.date(value, "lo") == lao


@given(st.text(max_size=40), st.sampled_from(["en", "lo"]))
def test_no_text_breaks_a_look_up(text: str, language: str) -> None:
    assert isinstance(i18n.translator(language)(text), str)
    assert isinstance(i18n.date(text, language), str)


@given(st.integers(-(10**15), 10**15), st.sampled_from(["en", "lo"]))
def test_a_number_keeps_its_digits(value: int, language: str) -> None:
    shown = i18n.number(value, language)
    assert "".join(letter for letter in shown if letter.isdecimal()) == str(abs(value))
