"""The studio: every kind of page on every paper in both languages, atlases, packs, logos."""

from __future__ import annotations

import io
import itertools
import re
import shutil
import subprocess
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pptx
import pytest
import shapely
from PIL import Image
from pypdf import PdfReader

from geo import (
    cli,
    cli_studio,
    gazetteer,
    library,
    print_logo,
    print_map,
    printmap,
    provenance,
    studio,
    studio_maps,
    studio_spec,
    tables,
    words,
)
from geo.dataset import Dataset
from geo.errors import InputError
from geo.export import content as content_of
from geo.export import pages, xlsx
from geo.export.content import Content
from geo.filters import Filters
from geo.print_page import page
from geo.print_spec import FIXED, ORIENTATIONS, PAPERS, Leaf
from geo.studio_spec import KINDS, StudioSpec
from tests.support_pdf import overlapping, pdfium, pdfium_plain, pypdf, pypdf_plain, squeezed
from tests.support_print import spots

pytestmark = pytest.mark.usefixtures("assets")
ODD = 'RTL \u202e مرحبا 😀 กข #set text(red) \\ @ref $x$ <b> "q" \x00 ' + "long " * 30
SHEETS = [pair for pair in itertools.product(PAPERS, ORIENTATIONS) if pair[0] not in FIXED or pair[1] == "landscape"]
SHORT = tuple(kind for kind in KINDS if kind != "atlas")


@cache
def data() -> Dataset:
    """The embedded data."""
    return library.embedded()


@cache
def leaf(kind: str, language: str = "en", view: str = "corrected") -> Leaf:
    """The first page of a kind."""
    return studio.leaves(data(), StudioSpec(Filters(view=view), kind=kind, languages=(language,)))[0]


@cache
def printed(kind: str, language: str = "en") -> bytes:
    """The first page of a kind as PDF."""
    return printmap.pdf((leaf(kind, language),), printmap.Press())


@pytest.mark.parametrize("language", ["en", "lo"])
@pytest.mark.parametrize("kind", SHORT)
def test_every_kind_is_one_accessible_page_on_every_paper(kind: str, language: str) -> None:
    for paper, orientation in SHEETS:
        made = printmap.pdf((leaf(kind, language),), printmap.Press(paper, orientation))
        reader = PdfReader(io.BytesIO(made))
        assert len(reader.pages) == 1, (paper, orientation)
        catalog: Any = reader.trailer["/Root"]
        # of Lao, a reader gives the boxes of vowels and tone marks over those of their consonants
        assert language == "lo" or overlapping(made) == [], (paper, orientation)
        assert b"pdfuaid" in catalog["/Metadata"].get_object().get_data()
        fonts: Any = reader.pages[0]["/Resources"]
        for font in fonts["/Font"].values():
            below = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(below)


@pytest.mark.parametrize("kind", SHORT)
def test_nothing_is_placed_outside_the_page(kind: str) -> None:
    for paper, orientation in SHEETS:
        content = page(leaf(kind), paper=paper, orientation=orientation)
        foot = content["foot"]["top"]
        for part in (*content["maps"], *content["columns"], *content["cells"]):
            assert part["x"] >= 0
            assert part["y"] + part["height"] <= foot + 0.5, (paper, orientation, kind)
            assert part["width"] > 40
            assert part["height"] > 20


@pytest.mark.parametrize("reader", [pdfium, pypdf])
def test_two_libraries_find_the_lao_names_of_all_provinces(reader: Callable[[bytes], str]) -> None:
    names = {code: squeezed(words.area_name(code, "lo")) for code in gazetteer.all_areas("adm1")}
    assert len(names) == 18
    text = {kind: reader(printed(kind, "lo")) for kind in SHORT if kind not in ("province", "sheet", "flow")}
    assert {kind: [code for code, name in names.items() if name not in found] for kind, found in text.items()} == {
        kind: [] for kind in text
    }
    assert names["LA01"] in reader(printed("province", "lo"))


def test_what_two_libraries_find_when_plainly_asked_is_told_in_the_docs() -> None:
    names = [words.area_name(code, "lo") for code in gazetteer.all_areas("adm1")]
    told = (Path(__file__).parent.parent / "docs/studio.md").read_text(encoding="utf-8")
    made = printed("map", "lo")
    for library_name, reader in (("PDFium", pdfium_plain), ("pypdf", pypdf_plain)):
        text = unicodedata.normalize("NFC", reader(made))
        found = [name for name in names if unicodedata.normalize("NFC", name) in text]
        assert f"{library_name} {len(found)} of {len(names)}" in told


def test_poppler_finds_the_lao_names_and_every_font(tmp_path: Path) -> None:
    poppler, fonts = shutil.which("pdftotext"), shutil.which("pdffonts")
    if poppler is None or fonts is None:
        pytest.skip("poppler's pdftotext and pdffonts are not here")
    for kind in SHORT:
        (tmp_path / "page.pdf").write_bytes(printed(kind, "lo"))
        told = subprocess.run([fonts, tmp_path / "page.pdf"], check=True, capture_output=True, text=True).stdout
        rows = told.splitlines()[2:]
        # name, type, encoding, emb, sub, uni, object ID
        assert rows
        assert all(re.search(r" yes yes yes +\d+ +0$", row) for row in rows), told
    (tmp_path / "page.pdf").write_bytes(printed("ranked", "lo"))
    told = subprocess.run([poppler, tmp_path / "page.pdf", "-"], check=True, capture_output=True, text=True).stdout
    names = [squeezed(words.area_name(code, "lo")) for code in gazetteer.all_areas("adm1")]
    assert [name for name in names if name not in squeezed(told)] == []


@pytest.mark.parametrize("found", [Filters(), Filters(sdg=("6",), view="registered", lang="lo")], ids=["all", "six"])
def test_a_pixel_of_each_province_has_the_colour_of_its_figure_s_class(found: Filters) -> None:
    figures, _mask = tables.summarise(data(), found)
    counts = {code: int(count) for code, count in zip(figures.area.pcodes, figures.area.activities, strict=True)}
    spec = StudioSpec(found, kind="map")
    one = studio.leaves(data(), spec)[0]
    bounds = {row.colour: (row.lower or 0, row.upper or 0) for row in one.spec.classes}
    dpi = 150
    picture = Image.open(io.BytesIO(printmap.picture(one, studio.press(spec, dpi=dpi)))).convert("RGB")
    places = spots(one.spec, page(one)["maps"][0])
    assert sorted(counts) == sorted(places) == sorted(gazetteer.all_areas("adm1"))
    for code, (x, y, _room) in places.items():
        pixel: Any = picture.getpixel((int(x * dpi / 72), int(y * dpi / 72)))
        low, high = bounds["#{:02X}{:02X}{:02X}".format(*pixel)]
        assert low <= counts[code] <= high, code


def test_an_atlas_has_contents_bookmarks_and_page_numbers() -> None:
    spec = StudioSpec(Filters(), kind="atlas", languages=("en", "lo"))
    pages = studio.leaves(data(), spec)
    told: list[tuple[int, int]] = []
    made, _failures = studio.pdf(pages, studio.press(spec), lambda done, of: told.append((done, of)))
    reader = PdfReader(io.BytesIO(made))
    assert len(reader.pages) == len(pages) == 38
    assert len(made) < 4_000_000
    assert told == [(at, 38) for at in range(1, 39)]
    titles = [str(item.title) for item in reader.outline if not isinstance(item, list)]
    assert titles == [one.title for one in pages]
    entries = pages[0].entries
    assert [entry.page for entry in entries] == list(range(2, 20))
    assert [pages[entry.page - 1].title for entry in entries] == [entry.title for entry in entries]
    assert [entry.page for entry in pages[19].entries] == list(range(21, 39))
    assert all(entry.activities == pages[entry.page - 1].spec.total for entry in entries)


def test_an_atlas_of_goals_has_one_scale_and_the_goals_asked_for() -> None:
    spec = StudioSpec(Filters(), kind="atlas", by="goal", items=("6", "13", "17"))
    pages = studio.leaves(data(), spec)
    assert [one.key for one in pages] == ["contents", "6", "13", "17"]
    bounds = {tuple((c.lower, c.upper) for c in one.spec.classes if c.index > 0) for one in pages[1:]}
    assert len(bounds) == 1
    assert len({one.spec.classes[0].colour for one in pages[1:]}) == 3


def test_province_pages_share_the_country_s_classes_and_list_their_activities() -> None:
    pages = studio.leaves(data(), StudioSpec(Filters(), kind="atlas"))[1:]
    assert len({tuple((c.lower, c.upper) for c in one.spec.classes if c.index > 0) for one in pages}) == 1
    for one in pages:
        assert one.listing is not None
        assert one.listing.total == one.spec.total == one.spec.located
        row = data().index[one.listing.rows[0].activity_id]
        areas = data().corrected.decisions[row].areas
        assert one.key in {gazetteer.province(code) for code in areas}
        assert sum(c.areas for c in one.spec.classes) == len(one.spec.areas) == len(gazetteer.children(one.key))


def test_one_failing_page_is_named_and_the_others_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = StudioSpec(Filters(), kind="atlas", items=("LA17", "LA01"))
    pages = studio.leaves(data(), spec)
    bad = replace(pages[1], specs=(replace(pages[1].spec, within="LA99"),))
    made, failures = studio.pdf((pages[0], bad, pages[2]), studio.press(spec))
    assert [one.page for one in failures] == [bad.title]
    assert len(PdfReader(io.BytesIO(made)).pages) == 2
    packed, missing = studio.archive((pages[0], bad, pages[2]), studio.press(spec, dpi=36), "svg")
    assert len(zipfile.ZipFile(io.BytesIO(packed)).namelist()) == 2
    assert "LA99" in missing[0].reason


def test_two_maps_share_one_scale_and_a_difference_keeps_its_own() -> None:
    first, second = leaf("pair").specs
    assert [(c.lower, c.upper, c.colour) for c in first.classes] == [
        (c.lower, c.upper, c.colour) for c in second.classes
    ]
    assert (first.view, second.view) == ("registered", "corrected")
    years = StudioSpec(Filters(), kind="pair", compare="years", left="2015-2017", right="2024")
    spans = [studio.leaves(data(), StudioSpec(Filters(years=span)))[0].spec.total for span in ("2015-2017", "2024")]
    assert [one.total for one in studio.leaves(data(), years)[0].specs] == spans
    kept = leaf("ranked", view="difference").spec
    assert any(c.lower is not None and c.lower < 0 for c in kept.classes)


def test_a_bivariate_map_counts_each_province_in_one_of_nine_squares() -> None:
    one = leaf("bivariate")
    assert one.axes is not None
    assert len(one.spec.classes) == 9
    assert sum(c.areas for c in one.spec.classes) == len(one.spec.areas) == 18
    people = sorted(gazetteer.population(code) for code in gazetteer.all_areas("adm1"))
    rows = Counter((area.class_index - 1) // 3 for area in one.spec.areas)
    assert rows == {0: 6, 1: 6, 2: 6}
    top = [a for a in one.spec.areas if (a.class_index - 1) // 3 == 2]
    assert min(gazetteer.population(a.pcode) for a in top) == people[12]
    marks = [line["text"] for label in page(one)["maps"][0]["labels"] for line in label["lines"]]
    assert sum(bool(re.fullmatch("[ABC][123]", mark)) for mark in marks) == 18


def test_equal_values_are_never_parted_into_thirds() -> None:
    assert studio_maps._thirds([1] * 10) == [[], [], [1]]
    groups = studio_maps._thirds([1, 1, 1, 1, 2, 3])
    assert sorted(value for group in groups for value in group) == [1, 2, 3]


def test_the_sheet_has_every_goal_on_one_scale_of_lightness() -> None:
    small = leaf("sheet").small
    assert [one.goal for one in small] == list(range(1, 19))
    for one in small:
        counted = studio.leaves(data(), StudioSpec(Filters(sdg=(str(one.goal),))))[0].spec
        assert (one.total, one.nationwide, one.unlocated) == (counted.total, counted.nationwide, counted.unlocated)
        empty = {area.pcode for area in counted.areas if not area.activities}
        assert {code for code, colour in one.fills if colour == "#FFFFFF"} == empty


@pytest.mark.parametrize("way", ["box", "hatch", "list"])
def test_nationwide_work_is_shown_as_asked(way: str) -> None:
    one = studio.leaves(data(), StudioSpec(Filters(), kind="map", nationwide=way))[0]
    content = page(one)
    assert ('id="nationwide"' in content["maps"][0]["svg"]) == (way == "hatch")
    kinds = [item["kind"] for item in content["columns"][0]["items"]]
    assert ("list" in kinds) == (way == "list")
    if one.listing:
        assert one.listing.total == one.spec.nationwide


def test_layers_are_left_out_and_points_added() -> None:
    def labels(**choices: Any) -> tuple[dict[str, Any], list[str]]:
        part = page(studio.leaves(data(), StudioSpec(Filters(), kind="map", **choices))[0])["maps"][0]
        return part, [line["text"] for label in part["labels"] for line in label["lines"]]

    names = {words.area_name(code, "en").split(" ")[0] for code in gazetteer.all_areas("adm1")}
    whole, texts = labels()
    assert whole["neighbours"]
    assert "circle" not in whole["svg"]
    assert names <= {text.split(" ")[0] for text in texts}
    bare, texts = labels(without=("names", "neighbours"))
    assert bare["neighbours"] == []
    assert all(text.isdecimal() for text in texts)
    assert len(texts) == sum(area.activities > 0 for area in leaf("map").spec.areas)
    _part, texts = labels(without=("values",))
    assert not any(text.isdecimal() for text in texts)
    figures, _mask = tables.summarise(data(), Filters(level="adm2"))
    assert labels(points=True)[0]["svg"].count("<circle") == int((figures.area.activities > 0).sum())
    assert studio_spec.from_text("without=rivers", Filters())[1][0].column == "without"
    spec = StudioSpec(without=("names", "values"), points=True)
    assert studio_spec.from_text(spec.to_text(), Filters()) == (spec, ())


def test_the_flow_page_has_the_figures_of_the_flows() -> None:
    one = leaf("flow")
    assert one.flow is not None
    rows = [activity for activity in data().activities if "UNICEF" in activity.agencies]
    both = [activity for activity in rows if "European Union" in activity.donors]
    assert ("European Union", "UNICEF", len(both)) in [pair[:3] for pair in one.flow.pairs]
    content = page(one)
    texts = [line["text"] for label in content["maps"][0]["labels"] for line in label["lines"]]
    assert f"UNICEF  {len(rows)}" in texts
    assert len(texts) == len(one.flow.diagram.nodes) + 3
    assert content["maps"][0]["svg"].count("<path") == len(one.flow.diagram.links)
    table = next(item for item in content["columns"][0]["items"] if item["kind"] == "pairs")
    assert table["rows"][0]["cells"][2] == str(max(pair[2] for pair in one.flow.pairs if "stated" not in pair[0]))
    empty = studio.leaves(data(), StudioSpec(Filters(q="a word that no activity has"), kind="flow"))[0]
    assert printmap.pdf((empty,), printmap.Press()).startswith(b"%PDF")


@pytest.mark.parametrize("language", ["en", "lo"])
@pytest.mark.parametrize("sdg", [(), ("13",), ("16",)])
def test_donors_of_the_flow_page_are_told_apart(sdg: tuple[str, ...], language: str) -> None:
    one = studio.leaves(data(), StudioSpec(Filters(sdg=sdg), kind="flow", languages=(language,)))[0]
    assert one.flow is not None
    donors = [name for node, name in zip(one.flow.diagram.nodes, one.flow.names, strict=True) if node.stage == 0]
    for paper, orientation in SHEETS:
        content = page(one, paper=paper, orientation=orientation)
        drawn = content["maps"][0]
        assert {label["x"] - label["width"] / 2 >= -0.1 for label in drawn["labels"]} == {True}
        boxes = [shapely.box(*print_map._around({**x, "height": x["height"] * 0.8})) for x in drawn["labels"]]
        assert not any(a.intersects(b) for a, b in itertools.combinations(boxes, 2)), (paper, orientation)
        shown = " ".join(line["text"] for label in drawn["labels"] for line in label["lines"])
        assert [name for name in donors if name not in shown] == [], (paper, orientation)
        tables = [item for column in content["columns"] for item in column["items"] if item["kind"] == "pairs"]
        for table in tables:
            cells = {(pair[0], row["cells"][0]) for row, pair in zip(table["rows"], one.flow.pairs, strict=False)}
            assert len(cells) == len({cell for _name, cell in cells}), (paper, orientation)


def test_hostile_choices_are_printed_letter_by_letter() -> None:
    spec = StudioSpec(Filters(), title=ODD[:200], note=ODD[:200])
    first = studio.leaves(data(), spec)[0]
    made = printmap.pdf((first,), studio.press(spec))
    text = pdfium(made)
    assert text.count(squeezed("#set text(red) \\ @ref $x$ <b>")) == 2
    with pytest.raises(InputError, match="2,000 letters"):
        StudioSpec(title="a" * 2000)


def test_choices_survive_the_link_and_what_is_wrong_is_said() -> None:
    spec = StudioSpec(Filters(), kind="atlas", by="goal", items=("6",), paper="a3", draft=False, title="A & B = ?")
    assert studio_spec.from_text(spec.to_text(), Filters()) == (spec, ())
    found, problems = studio_spec.from_text("kind=poster&paper=a3&items=LA17&colour=red&classes=x&classes=9", Filters())
    assert (found.kind, found.paper) == ("ranked", "a3")
    assert {one.column for one in problems} == {"kind", "colour", "classes"}
    assert studio_spec.from_text("kind=atlas&items=LA99", Filters())[1][0].column == "items"
    assert studio_spec.from_text("&&&=%ff&" * 400, Filters())[0] == StudioSpec(Filters())


def test_no_host_is_printed_unless_one_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PUBLIC_URL", raising=False)
    assert studio.link(Filters(sdg=("6",))) == "?lang=en&sdg=6"
    monkeypatch.setenv("PUBLIC_URL", "https://map.example/")
    assert studio.link(Filters(sdg=("6",))) == "https://map.example?lang=en&sdg=6"


# ---- logos


def image(wide: int, high: int, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (wide, high), "#1F6FB2").save(out, kind)
    return out.getvalue()


SCRIPT = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20" onload="alert(1)"><script>alert(1)</script>'
    b'<image href="file:///etc/passwd"/><rect width="40" height="20" fill="#ff0000"/></svg>'
)


@pytest.mark.parametrize("given_bytes", [image(900, 300), image(50, 80, "JPEG"), SCRIPT])
def test_a_logo_is_encoded_anew_and_printed(given_bytes: bytes) -> None:
    found = print_logo.read(given_bytes, "Logo of ours")
    assert "script" not in found.svg
    assert "onload" not in found.svg
    assert "passwd" not in found.svg
    assert found.height <= print_logo.HIGH + 0.1
    assert found.width <= print_logo.WIDE + 0.1
    press = studio.press(StudioSpec(), dpi=72, logo=found)
    plain, marked = (printmap.picture(leaf("map"), one) for one in (studio.press(StudioSpec(), dpi=72), press))
    assert plain != marked
    assert b"Logo of ours" in printmap.pdf((leaf("map"),), press) or found.alt == "Logo of ours"


@pytest.mark.parametrize(
    ("given_bytes", "told"),
    [
        (b"x" * 1_000_001, "at most 1,000,000"),
        (image(10_000, 10_000), "10000 x 10000"),
        (b"GIF89a nothing", "cannot be read"),
        (image(30, 30)[:60], "cannot be read"),
        (b"<svg", "cannot be read"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg"/>', "DOCTYPE"),
    ],
)
def test_a_logo_that_cannot_be_used_is_refused(given_bytes: bytes, told: str) -> None:
    with pytest.raises(InputError, match=told):
        print_logo.read(given_bytes)


# ---- commands


def test_the_commands_write_what_they_are_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    png, svg, book = tmp_path / "a.png", tmp_path / "b.svg", tmp_path / "c.pdf"
    assert (
        cli.main(["snapshot", "--sdg", "6", "--kind", "map", "--paper", "square", "--dpi", "72", "-o", str(png)]) == 0
    )
    with Image.open(png) as shown:
        assert shown.size == (540, 540)
    assert cli.main(["sheet", "--lang", "lo", "-o", str(svg)]) == 0
    assert b'id="g6-LA17"' in svg.read_bytes()
    assert cli.main(["atlas", "--lang", "en,lo", "--only", "LA17", "--only", "LA01", "-o", str(book)]) == 0
    assert len(PdfReader(book).pages) == 6
    assert "6 pages" in capsys.readouterr().out


def test_a_pack_has_a_file_for_each_province_and_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def other(content: Content) -> bytes:
        if content.spec.within == "LA01":
            raise InputError("no table")
        return xlsx.workbook(content)

    monkeypatch.setitem(pages.OFFICE, "xlsx", other)
    options = ["--only", "LA17", "--only", "LA01", "--lang", "en,lo", "--by", "province"]
    assert cli.main(["pack", *options, "-o", str(tmp_path / "pack")]) == 2
    names = sorted(path.name for path in (tmp_path / "pack").iterdir())
    day = data().published.replace("-", "")
    assert [name for name in names if name.endswith("pdf")] == [
        f"LAO_{code}_{lang}_A4_{day}.pdf" for code in ("LA01", "LA17") for lang in ("en", "lo")
    ]
    assert [name for name in names if name.endswith("pptx")] == [
        name.replace("pdf", "pptx") for name in names if name.endswith("pdf")
    ]
    assert [name for name in names if name.endswith("xlsx")] == [
        f"LAO_LA17_{lang}_A4_{day}.xlsx" for lang in ("en", "lo")
    ]
    slide = pptx.Presentation(str(tmp_path / "pack" / f"LAO_LA17_lo_A4_{day}.pptx")).slides[0]
    assert slide.shapes.title.text_frame.text == words.area_name("LA17", "lo")
    districts = {shape.name[:6] for group in slide.shapes if group.shape_type == 6 for shape in group.shapes}
    assert set(gazetteer.children("LA17")) <= districts
    figures = openpyxl.load_workbook(tmp_path / "pack" / f"LAO_LA17_en_A4_{day}.xlsx", data_only=True)["Figures"]
    assert sorted(cell.value for cell in figures["A"] if str(cell.value).startswith("LA")) == sorted(
        gazetteer.children("LA17")
    )
    told = capsys.readouterr().err
    assert told.count("no table") == 2


@pytest.mark.parametrize("view", ["registered", "corrected"])
def test_the_figures_of_each_province_add_up(view: str) -> None:
    spec = StudioSpec(Filters(view=view), kind="atlas")
    decisions = data().places(view).decisions
    for one in studio.leaves(data(), spec)[1:]:
        found, _problems = provenance.filters_of(provenance.read_text(one.view), data())
        content = content_of.build(data(), found, spec=one.spec)
        districts = set(gazetteer.children(one.key))
        touched = [districts & set(decisions[data().index[row.activity_id]].areas) for row, _d in content.rows()]
        assert {row.key for row in content.areas} == districts
        assert content.outside == sum(not here for here in touched)
        assert content.repeats == sum(len(here) - 1 for here in touched if here)
        assert sum(row.activities for row in content.areas) == sum(map(len, touched))


def test_jobs_of_a_file_run_and_one_that_fails_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    jobs = tmp_path / "jobs.toml"
    jobs.write_text(
        f'[[job]]\ncommand = "atlas"\nonly = ["LA99"]\noutput = "{tmp_path}/x.pdf"\n'
        f'[[job]]\ncommand = "snapshot"\nsdg = [6, 13]\ncleared = true\noutput = "{tmp_path}/y.pdf"\n'
    )
    assert cli.main(["jobs", str(jobs)]) == 2
    assert (tmp_path / "y.pdf").is_file()
    assert not (tmp_path / "x.pdf").exists()
    assert "job 1 (atlas)" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "job = 3", "[[job]]\ncommand = 'rm'", "[[job", "\x00"])
def test_a_file_that_has_no_jobs_says_so(tmp_path: Path, text: str) -> None:
    (tmp_path / "jobs.toml").write_text(text)
    with pytest.raises(InputError):
        cli_studio.jobs(tmp_path / "jobs.toml", lambda _line: 0)
