"""A second country from its pack alone: every figure and name is its own, and none of the first is in the code."""

from __future__ import annotations

import ast
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pypdf
import pytest
from lxml import etree
from PIL import Image

from geo import gazetteer, pack
from geo.errors import PackError
from geo.place_names import tables
from tests import made_up_country
from tests.made_up_country import ACTIVITIES, DISTRICTS, PROVINCES

CODE = re.compile(r"\bLA(?:[0-9]{2,4}|O|K)\b")  # P-codes, ISO 3166 and the currency
SCRIPT = re.compile("[\u0e80-\u0eff]+|(?i:laopdr)|Lao names?")
# What is ours and not of a country: a font that we ship, and our own code in a file that stands alone.
FONT, OUR_CODE = re.compile(r"Noto ?Sans ?Lao(?:Latin)?"), re.compile(r"<script>.*?</script>", re.DOTALL)
SHORT = 4  # letters: a name of so few is part of common words


def first_country() -> re.Pattern[str]:
    """Return what finds a name of the embedded pack's country or of one of its areas."""
    settings = pack.settings()
    names = {settings.name_en, settings.name_lo, settings.title_en, settings.title_lo}
    names |= {name for name, _codes in settings.ambiguous}
    for area in tables().areas.values():
        names |= {area.name_en, area.name_lo}
    kept = sorted(re.escape(name) for name in names if len(name) > SHORT)
    return re.compile("|".join((*(rf"\b{name}\b" for name in kept), CODE.pattern)))


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


@pytest.fixture(scope="module")
def files(country: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every file and answer that the country's pack gives."""
    out = tmp_path_factory.mktemp("files")
    environment = {**os.environ, "LAO_SDG_PACK": str(country), "LAO_SDG_STORE": str(country / "store.sqlite3")}
    command = [sys.executable, "-W", "error", "-m", "tests.every_file", str(out)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return out


def text_of(data: bytes) -> str:
    """Return what a file says, its properties too."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as folder:
            return "\n".join(text_of(folder.read(name)) for name in folder.namelist())
    if data.startswith(b"%PDF"):
        paper = pypdf.PdfReader(io.BytesIO(data))
        return "\n".join([*(page.extract_text() for page in paper.pages), str(paper.metadata)])
    if data.startswith(b"PAR1"):
        table = pq.read_table(pa.BufferReader(data))
        return f"{table.schema.metadata} {table.to_pylist()}"
    if data.startswith(b"\x89PNG"):
        return str(Image.open(io.BytesIO(data)).info)
    return data.decode("utf-8", "ignore")


def test_no_file_and_no_answer_names_the_first_country(files: Path) -> None:
    made = {path.name: FONT.sub("", OUR_CODE.sub("", text_of(path.read_bytes()))) for path in files.iterdir()}
    assert len(made) > 80
    assert {name: hits for name, text in made.items() if (hits := FIRST.findall(text) + SCRIPT.findall(text))} == {}
    for name in ("export_iati.xml", "quality_fr.xlsx", "template.csv", "page_en_studio.pdf", "api_en__summary"):
        assert any(province in made[name] for names in PROVINCES.values() for province in names), name


def test_the_iati_says_who_reports_and_the_template_is_read_back(files: Path, country: Path) -> None:
    reporter = etree.parse(files / "export_iati.xml").find(".//reporting-org")
    assert (reporter.get("ref"), reporter.get("type")) == ("VRD-GOALS-MAP", "10")
    assert reporter.findtext("narrative") == made_up_country.TITLE
    for ending in (".csv", ".xlsx"):
        said = run(country, "check", str(files / f"template{ending}"))
        assert "0 rows read = 0 accepted + 0 rejected" in said
        assert said.count("example") >= 2


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("reporter_ref = ", r"lacks the entry 'reporter_ref' of \[iati\]"),
        ("source = ", r"lacks the entry 'source' of \[(census|data)\]"),
        ("news = ", r"lacks the entry 'news' of \[data\]"),
        ("national = ", r"lacks the entry 'national' of \[goals\]"),
        ("bounds = ", r"lacks the entry 'bounds' of \[crs\]"),
    ],
)
def test_a_pack_that_lacks_an_entry_says_which(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entry: str, said: str
) -> None:
    whole = made_up_country.settings_text()
    kept = [line for line in whole.splitlines() if not line.startswith(entry)]
    with pytest.raises(PackError, match=said):
        pack_of("\n".join(kept), tmp_path, monkeypatch)


def test_the_address_of_the_goals_is_asked_of_a_country_that_has_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = made_up_country.settings_text()
    assert pack_of(whole, tmp_path, monkeypatch).iati.goals_uri == ""
    own = whole.replace("national = []", "national = [18]")
    with pytest.raises(PackError, match=r"lacks the entry 'goals_uri' of \[iati\]"):
        pack_of(own, tmp_path, monkeypatch)
    told = pack_of(f'{own}\ngoals_uri = "https://example.org/goals"', tmp_path, monkeypatch)
    assert told.iati.goals_uri == "https://example.org/goals"
    with pytest.raises(PackError, match=r"pack\.toml is misspelt"):
        pack_of(whole.replace("[-22.1, 29.9,", "[29.9,"), tmp_path, monkeypatch)


def pack_of(text: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> pack.Pack:
    """Return the settings of a pack with this ``pack.toml``."""
    (folder / "pack.toml").write_text(text, encoding="utf-8")
    with monkeypatch.context() as here:
        here.setenv("LAO_SDG_PACK", str(folder))
        return pack.settings.__wrapped__()


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
