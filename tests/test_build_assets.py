"""The assets of `make assets`: Leaflet's files and the Lao fonts, made the same way each time."""

from __future__ import annotations

import importlib.util
import io
import re
from pathlib import Path
from types import ModuleType
from typing import cast

import pytest
import typst
from fontTools.ttLib import TTFont
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from geo import pack

LAO_LETTERS = range(0x0E81, 0x0EDF)


@pytest.fixture
def builder(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script data/build_assets.py, writing to a folder of its own."""
    spec = importlib.util.spec_from_file_location("build_assets", root / "data" / "build_assets.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "VENDOR", tmp_path / "static" / "vendor")
    return module


def test_the_same_packages_give_the_same_bytes_and_a_second_run_does_nothing(
    builder: ModuleType, assets: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = tmp_path / "static" / "vendor"
    assert builder.main() == 0
    assert capsys.readouterr().out == f"static/vendor: {len(list(builder.files(made)))} files\n"
    ours = {str(path.relative_to(made)): path.read_bytes() for path in builder.files(made)}
    theirs = {str(path.relative_to(assets)): path.read_bytes() for path in builder.files(assets)}
    assert ours == theirs
    assert builder.main() == 0
    assert capsys.readouterr().out == ""
    (made / "leaflet" / "leaflet.js").write_text("broken", encoding="utf-8")
    assert builder.main() == 0
    assert (made / "leaflet" / "leaflet.js").read_bytes() == theirs["leaflet/leaflet.js"]
    assert [path.name for path in made.parent.iterdir()] == ["vendor"]


def test_a_missing_package_is_one_clear_line(
    builder: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(builder, "FONT_PACKAGE", "no-such-package-of-fonts")
    assert builder.main() == 1
    line = "The package no-such-package-of-fonts is not installed; expected it in .venv. Run: make assets\n"
    assert capsys.readouterr().err == line
    monkeypatch.setattr(builder, "FONT_PACKAGE", "pytest")
    assert builder.main() == 1
    assert "expected the release that requirements-assets.txt names" in capsys.readouterr().err


def test_leaflet_is_whole_and_asks_for_nothing_else(assets: Path) -> None:
    script = (assets / "leaflet" / "leaflet.js").read_text(encoding="utf-8")
    assert script.startswith("/* @preserve\n * Leaflet 1.9.")
    assert "sourceMappingURL" not in script
    style = (assets / "leaflet" / "leaflet.css").read_text(encoding="utf-8")
    for name in re.findall(r"url\(([^)#]+)\)", style):
        assert (assets / "leaflet" / name).is_file(), name
    assert "CLOUDMADE" in (licence := (assets / "leaflet" / "LICENSE").read_text(encoding="utf-8")).upper()
    assert "Redistribution and use" in licence


@pytest.mark.parametrize(("style", "weight"), [("Regular", 400), ("Medium", 500), ("SemiBold", 600), ("Bold", 700)])
def test_each_weight_is_a_static_font_of_one_family(assets: Path, style: str, weight: int) -> None:
    with TTFont(assets / "fonts" / f"NotoSansLao-{style}.ttf") as font:
        assert "fvar" not in font
        assert font["OS/2"].usWeightClass == weight
        assert font["name"].getBestFamilyName() == "Noto Sans Lao"
        assert font["name"].getBestSubFamilyName() == style
        assert set(map(ord, "AZaz09 –éນ້ຳ")) <= set(font.getBestCmap())


@pytest.mark.parametrize("style", ["Regular", "Bold"])
def test_the_web_fonts_are_small_and_have_every_lao_letter(assets: Path, style: str) -> None:
    path = assets / "fonts" / f"NotoSansLao-{style}.woff2"
    assert path.stat().st_size <= 40_000
    with TTFont(path) as web, TTFont(assets / "fonts" / f"NotoSansLao-{style}.ttf") as whole:
        letters = {code for code in LAO_LETTERS if code in whole.getBestCmap()}
        assert letters <= set(web.getBestCmap())
        assert ord("A") not in web.getBestCmap()
        marks = {feature.FeatureTag for feature in web["GPOS"].table.FeatureList.FeatureRecord}
        assert {"mark", "mkmk"} <= marks


def test_the_web_fonts_have_every_letter_of_the_pack(assets: Path) -> None:
    texts = "".join(path.read_text(encoding="utf-8") for path in pack.folder().rglob("*.csv"))
    texts += pack.path("i18n/lo/LC_MESSAGES/messages.po").read_text(encoding="utf-8")
    with TTFont(assets / "fonts" / "NotoSansLao-Regular.woff2") as font:
        used = {letter for letter in texts if "\u0e80" <= letter <= "\u0eff"}
        assert used - set(map(chr, font.getBestCmap())) == set()


def test_typst_picks_the_file_by_weight(assets: Path, tmp_path: Path) -> None:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(assets / "fonts")])
    assert fonts.families() == ["Noto Sans Lao"]
    compiler = typst.Compiler(root=tmp_path, font_paths=fonts, ignore_system_fonts=True)
    names: set[str] = set()
    for weight in (400, 500, 600, 700):
        text = f'#set text(font: "Noto Sans Lao", weight: {weight}, lang: "lo")\nສະບາຍດີ ນ້ຳ Lao'
        pdf = compiler.compile(input=text.encode(), format="pdf")
        assert isinstance(pdf, bytes)
        resources = cast(DictionaryObject, PdfReader(io.BytesIO(pdf)).pages[0]["/Resources"].get_object())
        for font in cast(DictionaryObject, resources["/Font"].get_object()).values():
            base = str(cast(DictionaryObject, font.get_object())["/BaseFont"])
            names.add(base.removeprefix("/").split("+")[1].removesuffix("-Identity-H"))
    assert names == {"NotoSansLao-Regular", "NotoSansLao-Medium", "NotoSansLao-SemiBold", "NotoSansLao-Bold"}
