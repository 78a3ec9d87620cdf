"""A second country from its pack alone: every figure and name is its own, and none of the first is in the code."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

import pypdf
import pytest

from geo import gazetteer, pack
from geo.place_names import tables
from tests import made_up_country
from tests.made_up_country import ACTIVITIES, DISTRICTS, PROVINCES

PCODE = re.compile(r"\bLA[0-9]{2,4}\b")
SHORT = 4  # letters: a name of so few is part of common words


def first_country() -> re.Pattern[str]:
    """Return what finds a name of the embedded pack's country or of one of its areas."""
    settings = pack.settings()
    names = {settings.name_en, settings.name_lo, settings.title_en, settings.title_lo}
    names |= {name for name, _codes in settings.ambiguous}
    for area in tables().areas.values():
        names |= {area.name_en, area.name_lo}
    kept = sorted(re.escape(name) for name in names if len(name) > SHORT)
    return re.compile("|".join((*(rf"\b{name}\b" for name in kept), PCODE.pattern)))


FIRST = first_country()


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pack of the made-up country."""
    return made_up_country.write(tmp_path_factory.mktemp("verdania"))


def run(country: Path, *arguments: str) -> str:
    """Run one command on the country and return what it printed; no name of the first country is in it."""
    environment = {**os.environ, "LAO_SDG_PACK": str(country), "LAO_SDG_STORE": str(country / "store.sqlite3")}
    command = [sys.executable, "-W", "error", "-m", "geo", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert FIRST.findall(done.stdout) == []
    return done.stdout


def test_what_finds_names_finds_them() -> None:
    for text in ("in Vientiane Capital.", "LA17", "area=LA1702", "Attapeu", "ນະຄອນຫຼວງວຽງຈັນ", "Lao PDR"):
        assert FIRST.search(text), text
    assert not FIRST.search("Northmoor VD1 Late LAMP01")


def test_the_figures_are_the_countrys_and_add_up(country: Path) -> None:
    found = json.loads(run(country, "summary", "--format", "json"))
    assert [area["pcode"] for area in found["areas"]] == list(PROVINCES)
    assert [(area["name_en"], area["name_lo"]) for area in found["areas"]] == list(PROVINCES.values())
    assert found["total"] == len(ACTIVITIES) == found["located"] + found["nationwide"] + found["unlocated"]
    in_province: dict[str, set[str]] = {code: set() for code in PROVINCES}
    names = {en: code[:3] for code, (en, _local) in (PROVINCES | DISTRICTS).items()}
    for number, _title, _goals, _agencies, places, _scope, _budget in ACTIVITIES:
        for name, province in names.items():
            if name in places:
                in_province[province].add(number)
    assert {area["pcode"]: area["activities"] for area in found["areas"]} == {
        code: len(inside) for code, inside in in_province.items()
    }
    stated = sum(Decimal(row[-1]) for row in ACTIVITIES if row[-1] and row[0] != "v4")
    assert sum(Decimal(str(area["budget_share"])) for area in found["areas"]) == stated


@pytest.mark.parametrize("by", ["district", "goal", "agency", "year"])
def test_every_breakdown_speaks_of_the_country_alone(country: Path, by: str) -> None:
    text = run(country, "summary", "--by", by)
    if by == "goal":
        assert len(re.findall(r"^[0-9]+ ", text, re.MULTILINE)) >= 17
        assert not re.search(r"^18 ", text, re.MULTILINE)


def test_an_activity_is_explained_and_names_are_matched(country: Path, tmp_path: Path) -> None:
    assert "Dunmere (VD22)" in run(country, "explain", "v5")
    places = tmp_path / "places.txt"
    places.write_text("Northmoor\nFern Hill\nOrmeraie\nAlderbruk\n", encoding="utf-8")
    lines = run(country, "match", str(places)).splitlines()
    for line, code in zip(lines, ("VD1", "VD32", "VD31", "VD11"), strict=True):
        assert code in line
    assert "unknown" in lines[3]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_printed_map_names_the_country_in_its_languages(country: Path, tmp_path: Path, language: str) -> None:
    target = tmp_path / "map.pdf"
    run(country, "snapshot", "--lang", language, "-o", str(target))
    text = "".join(page.extract_text() for page in pypdf.PdfReader(target).pages)
    assert FIRST.findall(text) == []
    assert ("Verdania" if language == "en" else "Verdanie") in text
    for english, local in PROVINCES.values():
        assert (english if language == "en" else local) in text


def test_the_help_names_no_country_but_the_packs(country: Path) -> None:
    assert made_up_country.TITLE in run(country, "--help")
    for command in ("summary", "snapshot", "explain"):
        run(country, command, "--help")


def texts_of(source: str) -> Iterator[str]:
    """Return the texts of a module that are no docstrings."""
    tree = ast.parse(source)
    told = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                told.add(id(first.value))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.value


def code_of(root: Path) -> Mapping[str, str]:
    """Return the texts in the code of geo/ and pages/: literals of Python, lines of scripts without comments."""
    found = {}
    for path in (*root.glob("geo/**/*.py"), *root.glob("pages/**/*.py"), root / "app.py"):
        found[path.relative_to(root).as_posix()] = "\n".join(texts_of(path.read_text(encoding="utf-8")))
    for path in (*root.glob("geo/**/*.js"), *root.glob("pages/**/*.js")):
        script = re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        found[path.relative_to(root).as_posix()] = script
    return found


def test_no_name_or_code_of_the_first_country_stands_in_the_code(root: Path) -> None:
    code = code_of(root)
    assert len(code) > 150
    assert {name: hits for name, text in code.items() if (hits := FIRST.findall(text))} == {}


def test_a_literal_with_a_name_is_found_and_a_docstring_is_not() -> None:
    source = '"""Of Attapeu."""\n\n\ndef f():\n    """As LA17."""\n    return "LA17 is Attapeu"\n'
    assert list(texts_of(source)) == ["LA17 is Attapeu"]
    assert len(FIRST.findall("LA17 is Attapeu")) == 2


def test_the_embedded_pack_is_still_the_first_country() -> None:
    assert gazetteer.names("LA17").name_en == "Attapeu"
