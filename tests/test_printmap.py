"""The map on paper: the right colours, letters as they were given, every name on the page."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
import typst
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from geo import (
    boundaries,
    classes,
    colours,
    print_labels,
    print_map,
    print_page,
    print_room,
    print_spec,
    print_text,
    printmap,
    svgmap,
)
from geo.errors import InputError, PackError, UnknownCodeError
from geo.mapspec import AreaFigure, LegendClass, MapSpec
from geo.print_spec import Leaf
from tests.support_pdf import pdfium, pypdf
from tests.support_pdf import squeezed as words
from tests.support_print import letters, spots

pytestmark = pytest.mark.usefixtures("assets")
HOSTILE = "{{7*7}}</script><img src=x onerror=alert(1)>"
MARKUP = '#set text(red) $x^2$ *b* _i_ `c` \\n @ref <label> "q" [x] // no /* no */ = heading'
ODD = "\u202eright to left\u202c مرحبا שלום 😀 กขค ≤ → \x00\x07 กົ\u0301 \n\n second\tline"


@cache
def spec(level: str = "adm1", within: str = "", language: str = "en", missing: int = 0) -> MapSpec:
    """Return a map of invented counts (the position of each area in the list, 0 to 9), ``missing`` of them unknown."""
    units = boundaries.load().adm1 if level == "adm1" else boundaries.load().adm2
    rows = [(code, row) for code, row in units.iterrows() if not within or row["parent"] == within]
    counts: list[int | None] = [None if at < missing else at % 10 for at in range(len(rows))]
    found = classes.breaks(counts)
    ramp = colours.ramp("#26BDE2", len(found))
    legend = [LegendClass(0, "0 (none recorded)", "#FFFFFF", counts.count(0), Decimal(0), Decimal(0))]
    legend += [LegendClass(-1, "not stated", "#B9B9B4", missing)] if missing else []
    legend += [
        LegendClass(at, classes.label(one), colour, one.count, Decimal(one.lower), Decimal(one.upper))
        for at, (one, colour) in enumerate(zip(found, ramp, strict=True), 1)
    ]
    areas = tuple(
        AreaFigure(
            pcode=str(code),
            name_en=row["name_en"],
            name_lo=row["name_lo"],
            class_index=classes.class_of(count, found),
            value=None if count is None else Decimal(count),
            value_text="–" if count is None else str(count),
            activities=count or 0,
            agencies=(count or 0) // 2,
            people_text="–",
            budget_text="USD 1.2M" if count else "–",
            goals=((6, count),) if count else (),
        )
        for (code, row), count in zip(rows, counts, strict=True)
    )
    return MapSpec(
        level="adm2" if level == "adm2" else "adm1",
        within=within,
        language=language,
        view="corrected",
        metric="activities",
        title="UN development activities",
        subtitle="SDG 6 · all agencies",
        legend_title="Activities per area",
        classes=tuple(legend),
        areas=areas,
        total=100,
        located=60,
        nationwide=30,
        unlocated=10,
        nationwide_text="Nationwide: 30 activities",
        unlocated_text="Unlocated: 10 activities",
        notes=("A note.",),
        source="Source: invented",
        attribution="Boundaries: credited",
        disclaimer="No endorsement is implied.",
        created="2026-11-23",
        digest="0123456789abcdef" * 4,
        rule_version="1",
    )


def pdf_text(one: MapSpec) -> str:
    """Return the page's text as PDFium reads it."""
    return pdfium(printmap.render(one, format="pdf"))


@pytest.mark.parametrize(
    "one",
    [spec(), spec(language="lo"), spec("adm2"), spec("adm2", "LA01"), spec("adm2", "LA17", "lo"), spec(missing=3)],
    ids=["provinces", "lao", "districts", "capital", "lao district", "no data"],
)
def test_every_page_is_one_accessible_page_with_its_fonts(one: MapSpec) -> None:
    reader = PdfReader(io.BytesIO(printmap.render(one, format="pdf")))
    assert len(reader.pages) == 1
    catalog: Any = reader.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert str(catalog["/Lang"]).startswith(one.language)
    assert b"pdfuaid" in catalog["/Metadata"].get_object().get_data()
    assert reader.metadata is not None
    assert reader.metadata.title == one.title
    resources: Any = reader.pages[0]["/Resources"]
    for font in resources["/Font"].values():
        below = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert {"/FontFile2", "/FontFile3"} & set(below)


@pytest.mark.parametrize("language", ["en", "lo"])
def test_the_text_of_the_page_holds_the_title_and_every_name(language: str) -> None:
    one = replace(spec(language=language), title="Clean water, 2026")
    text = pdf_text(one)
    missing = [
        area.pcode for area in one.areas if words(area.name_lo if language == "lo" else area.name_en) not in text
    ]
    assert len(one.areas) == 18
    assert missing == []
    for given_text in (one.title, one.subtitle, one.source, one.attribution, one.disclaimer, one.nationwide_text):
        assert words(given_text) in text


@pytest.mark.parametrize("language", ["en", "lo"])
@pytest.mark.parametrize("reader", [pdfium, pypdf])
def test_each_reader_finds_each_name_of_a_map_once(language: str, reader: Callable[[bytes], str]) -> None:
    one = spec(language=language)
    content = print_page.page(Leaf("map", (one,), "", ""))
    assert any(label["halo"] for label in content["maps"][0]["labels"])
    text = reader(printmap.pdf((Leaf("map", (one,), "", ""),), printmap.Press()))
    names = [words(area.name_lo if language == "lo" else area.name_en) for area in one.areas]
    # a longer name may hold a shorter one
    counts = {name: text.count(name) - sum(name in other for other in names if other != name) for name in names}
    assert counts == dict.fromkeys(names, 1)


def test_zero_no_data_and_nationwide_are_told_apart_without_colour() -> None:
    dpi = 200
    one = replace(spec(missing=4), nationwide=9)
    leaf = Leaf("map", (one,), "", "", nationwide="hatch")
    part = print_page.page(leaf)["maps"][0]
    found = spots(one, part)
    flat = np.asarray(
        Image.open(io.BytesIO(printmap.picture(replace(leaf, nationwide="box"), printmap.Press(dpi=dpi)))).convert("L"),
        dtype=int,
    )
    hatched = np.asarray(
        Image.open(io.BytesIO(printmap.picture(leaf, printmap.Press(dpi=dpi)))).convert("L"), dtype=int
    )

    def lines(picture: Any, pcode: str) -> tuple[float, float]:
        """Return how much the grey changes along / and along \\ ."""
        x, y, room = (round(side * dpi / 72) for side in found[pcode])
        half = round(room * 0.65)
        cut = picture[y - half : y + half, x - half : x + half]
        return float(np.abs(cut[1:, :-1] - cut[:-1, 1:]).mean()), float(np.abs(cut[1:, 1:] - cut[:-1, :-1]).mean())

    areas = {
        kind: next(a.pcode for a in one.areas if a.class_index == index and found[a.pcode][2] > 6)
        for kind, index in (("zero", 0), ("none", -1))
    }
    assert lines(flat, areas["zero"]) == (0, 0)
    along, across = lines(flat, areas["none"])
    assert across > 4 * along
    along, across = lines(hatched, areas["zero"])
    assert along > 2 * across
    along, across = lines(hatched, areas["none"])
    assert min(along, across) > 2


def test_lao_names_stand_beside_the_english_on_request() -> None:
    text = pdf_text(replace(spec(), lao_names=True))
    assert all(words(area.name_lo) in text and words(area.name_en) in text for area in spec().areas)


@pytest.mark.parametrize("title", [HOSTILE, MARKUP])
def test_a_hostile_text_is_shown_letter_by_letter(title: str) -> None:
    one = replace(spec(), title=title, notes=(title,), source=title, subtitle=title, nationwide_text=title)
    assert pdf_text(one).count(words(title)) == 5
    reader = PdfReader(io.BytesIO(printmap.render(one, format="pdf")))
    assert reader.metadata is not None
    assert reader.metadata.title == title
    svg = printmap.render(one, format="svg")
    assert b"<script" not in svg
    assert b"<img" not in svg
    assert Image.open(io.BytesIO(printmap.render(one, dpi=72))).text["Title"] == title  # type: ignore[attr-defined]


@pytest.mark.parametrize("title", ["", " ", ODD, "word " * 1000, "a" * 5000, "ກິດຈະກຳ" * 700, "\ud800", "e\u0301" * 9])
def test_any_title_is_set_on_one_page(title: str) -> None:
    one = replace(spec(), title=title, subtitle=title, notes=(title,) * 9, unlocated_text=title, legend_title=title)
    assert len(PdfReader(io.BytesIO(printmap.render(one, format="pdf"))).pages) == 1
    assert len(printmap.render(one, dpi=36)) > 10_000


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60), st.text(max_size=30))
def test_no_text_at_all_stops_the_press(title: str, label: str) -> None:
    area = replace(spec().areas[3], name_en=label, value_text=label)
    one = replace(spec(), title=title, source=label, areas=(area, *spec().areas[:3], *spec().areas[4:]))
    assert printmap.render(one, format="pdf").startswith(b"%PDF")


def test_letters_said_to_be_covered_are() -> None:
    letters = "".join(chr(code) for first, last in print_text._EMBEDDED for code in range(first, last))
    assert print_text.REPLACEMENT in letters
    source = (
        '#set document(title: "x")\n#set text(font: ("Noto Sans Lao", "DejaVu Sans Mono", "Libertinus Serif"))\n'
        '#for letter in sys.inputs.data.clusters() { text(letter); " " }'
    )
    compiler = typst.Compiler(
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=[print_text.fonts_folder()]),
        ignore_system_fonts=True,
    )
    data = " ".join(letters)
    made = compiler.compile(
        input=source.encode(), format="pdf", pdf_standards=["ua-1"], sys_inputs={"data": data}, timestamp=0
    )
    assert made


@pytest.mark.parametrize("one", [spec(), spec(language="lo"), spec(missing=2), spec("adm2", "LA17")])
def test_the_pixels_of_each_area_have_the_colour_of_its_class(one: MapSpec) -> None:
    dpi = 150
    picture = Image.open(io.BytesIO(printmap.render(one, dpi=dpi))).convert("RGB")
    content = print_page.page(one)
    part = content["maps"][0]
    fills = print_map.fills(one)
    found_spots = spots(one, part)
    assert found_spots.keys() == {area.pcode for area in one.areas}
    for pcode, (x, y, _room) in found_spots.items():
        x, y = x * dpi / 72, y * dpi / 72
        pixel: Any = picture.getpixel((int(x), int(y)))
        found = "#{:02X}{:02X}{:02X}".format(*pixel)
        if fills[pcode] is None:
            assert found in ("#FFFFFF", colours.NO_DATA_COLOUR) or found[1:3] == found[3:5]
        else:
            assert found == fills[pcode], pcode


@cache
def label_pages(paper: str) -> tuple[tuple[MapSpec, dict[str, Any]], ...]:
    """Return the map of every province and of the country, in both languages, with what is placed on it."""
    provinces = sorted(boundaries.load().adm1.index)
    within = [spec("adm2", code, language) for code in provinces for language in ("en", "lo")]
    whole = [spec(), spec(language="lo"), replace(spec(), lao_names=True), spec("adm2")]
    return tuple((one, print_page.page(one, paper=paper)["maps"][0]) for one in (*whole, *within))


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_no_label_lies_on_another_and_none_leaves_the_map(paper: str) -> None:
    for one, part in label_pages(paper):
        boxes = [shapely.box(*print_map._around(mark)) for mark in (*part["labels"], *part["neighbours"])]
        boxes += [shapely.box(*print_map._frame(inset)) for inset in part["insets"]]
        assert not any(a.intersects(b) for a, b in combinations(boxes, 2)), (one.within, one.language)
        frame = shapely.box(0, 0, part["width"], part["height"])
        assert all(frame.contains(box) for box in boxes)


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_every_area_is_labelled_or_its_province_is(paper: str) -> None:
    for one, part in label_pages(paper):
        units = one.areas if len(one.areas) <= print_map.LABEL_COUNT else spec(language=one.language).areas
        shown = {words("".join(line["text"] for line in label["lines"])) for label in part["labels"]}
        names = [words(area.name_lo if one.language == "lo" else area.name_en) for area in units]
        assert [name for name in names if not any(name in label for label in shown)] == [], (one.within, one.language)


def test_a_label_without_room_goes_out_on_a_leader_line() -> None:
    land = shapely.box(100, 100, 140, 140)
    small = print_room.Wanted(
        "a", shapely.box(120, 120, 124, 124), (print_room.Way(("Long name",), 60.0, 9.0, ((-29, -4, 29, 4),)),)
    )
    placed = print_labels.place((small,), land, (0, 0, 300, 300))[0]
    assert placed.leader is not None
    assert not shapely.box(*placed.box).intersects(land)
    nowhere = print_labels.place((small,), land, (118, 118, 130, 130))
    assert nowhere == ()


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_a_label_lies_wholly_in_its_area_or_on_a_leader_line(paper: str) -> None:
    crossing = []
    for one, part in label_pages(paper):
        drawing = print_map.drawn(one, part["width"], part["height"])
        each = len(drawing.areas) <= print_map.LABEL_COUNT
        shapes = drawing.areas if each else drawing.heavy
        for label in part["labels"][: len(shapes)]:
            lines = [box for _text, box in letters(label)]
            if label["leader"] is None and not any(all(map(shape.geometry.contains, lines)) for shape in shapes):
                crossing.append((one.within, one.language, label["lines"][0]["text"]))
    # no line leads out of it past the names around it: it stands across its border, on a halo
    assert set(crossing) <= {("LA13", "en", "Atsaphangthong")}


def test_the_drawing_has_the_areas_as_elements_and_no_text() -> None:
    one = spec(missing=1)
    drawing = print_map.drawn(one, 400, 450)
    made = svgmap.svg(drawing, print_map.fills(one))
    ids = re.findall(r'<path id="([^"]+)" fill="([^"]+)"', made)
    assert [code for code, _fill in ids] == sorted(boundaries.load().adm1.index)
    assert dict(ids)[one.areas[0].pcode] == "url(#no-data)"
    assert "<text" not in made
    page = printmap.render(one, format="svg").decode()
    assert all(f'id="{area.pcode}"' in page for area in one.areas)
    assert "data:image" not in page


def test_neighbours_share_their_border_after_simplification() -> None:
    drawing = print_map.drawn(spec("adm2"), 400, 450)
    assert shapely.coverage_is_valid([shape.geometry for shape in drawing.areas])
    assert len(drawing.areas) == 148


def test_a_png_tells_its_resolution_and_what_it_shows() -> None:
    picture = Image.open(io.BytesIO(printmap.render(spec(), dpi=300)))
    assert picture.size == (3508, 2480)
    assert [round(value) for value in picture.info["dpi"]] == [300, 300]
    assert picture.text["Title"] == "UN development activities"  # type: ignore[attr-defined]
    top = max(spec().areas, key=lambda area: area.value or 0)
    assert f"{top.name_en} ({top.value_text})" in picture.text["Description"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("paper", list(print_spec.PAPERS))
def test_every_paper(paper: str) -> None:
    wide, high = print_spec.PAPERS[paper]
    box = PdfReader(io.BytesIO(printmap.render(spec(), format="pdf", paper=paper))).pages[0].mediabox
    assert [float(box.width), float(box.height)] == pytest.approx([wide * 72 / 25.4, high * 72 / 25.4], abs=0.01)


def bars(one: MapSpec) -> dict[str, Any]:
    """Return the ranked bars of a page."""
    items = print_page.page(one)["columns"][0]["items"]
    return next(item for item in items if item["kind"] == "bars")


def test_an_outlier_is_cut_so_that_the_other_bars_can_be_read() -> None:
    areas = (replace(spec().areas[0], value=Decimal(900), value_text="900"), *spec().areas[1:])
    rows = bars(replace(spec(), areas=areas))["rows"]
    assert [row["cut"] for row in rows] == [True] + [False] * 17
    assert rows[1]["share"] == pytest.approx(1 / 1.5)
    assert spec().areas[0].name_en in bars(replace(spec(), areas=areas))["more"]


def test_a_difference_and_an_empty_selection() -> None:
    areas = tuple(
        replace(area, value=Decimal(at - 9), value_text=f"{at - 9:+d}") for at, area in enumerate(spec().areas)
    )
    changed = bars(replace(spec(), view="difference", areas=areas))
    assert [row["share"] > 0 for row in changed["rows"]] == [True] * 8 + [False] * 10
    assert changed["axis"] == pytest.approx(9 / 17)
    none = replace(spec(), areas=tuple(replace(a, value=Decimal(0), class_index=0) for a in spec().areas), total=0)
    empty = bars(replace(none, located=0, nationwide=0, unlocated=0))
    assert empty["rows"] == []
    assert empty["empty"]


def test_a_long_ranking_is_cut_and_says_what_it_leaves_out() -> None:
    table = bars(spec("adm2"))
    assert len(table["rows"]) < 30
    shown = len(table["rows"])
    some = sum(1 for area in spec("adm2").areas if area.value) - shown
    assert f"{some} more" in table["more"]


def test_file_names_follow_the_map_series() -> None:
    assert printmap.file_name(spec(), goals=(6,)) == "LAO_sdg06_A4_20261123.png"
    assert printmap.file_name(spec("adm2", "LA17"), format="pdf") == "LAO_sdg_LA17_A4_20261123.pdf"


@pytest.mark.parametrize(
    ("options", "change"),
    [
        ({"format": "bmp"}, {}),
        ({"paper": "a9"}, {}),
        ({"dpi": 5}, {}),
        ({"dpi": 10_000}, {}),
        ({}, {"created": "yesterday"}),
        ({}, {"created": ""}),
    ],
)
def test_what_cannot_be_printed_is_refused(options: dict[str, object], change: dict[str, str]) -> None:
    with pytest.raises(InputError, match=r"expected|cannot"):
        printmap.render(replace(spec(), **change), **options)  # type: ignore[arg-type]


def test_an_unknown_province_is_refused() -> None:
    with pytest.raises(UnknownCodeError, match="LA99"):
        printmap.render(replace(spec("adm2", "LA17"), within="LA99"))


def test_missing_fonts_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LAO_SDG_FONTS", str(tmp_path))
    with pytest.raises(PackError, match="NotoSansLao-Bold"):
        print_text.fonts_folder()


@given(st.text(max_size=300), st.integers(2, 80))
def test_shortened_text_is_a_beginning_and_no_longer_than_asked(text: str, limit: int) -> None:
    short = print_text.shorten(text, limit)
    assert len(short) <= limit
    assert short == text or text.startswith(short.removesuffix(print_text.ELLIPSIS))
