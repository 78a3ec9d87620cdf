"""The slide: a shape for each area with its name, colour and words, and figures that are those of the view."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import pptx
import pytest
from pptx.enum.dml import MSO_FILL
from pptx.enum.shapes import MSO_SHAPE_TYPE

from geo import i18n, library, mapspec
from geo.errors import InputError
from geo.export import pptx as slides
from geo.filters import Filters
from tests.support_export import HOSTILE, LONG, ODD, VIEWS, hostile

DATA = library.embedded()


def opened(data: bytes) -> Any:
    deck = pptx.Presentation(io.BytesIO(data))
    assert len(deck.slides) == 1
    return deck.slides[0]


def texts(slide: Any) -> str:
    found = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    groups = [shape for shape in slide.shapes if shape.shape_type == MSO_SHAPE_TYPE.GROUP]
    found += [shape.text_frame.text for group in groups for shape in group.shapes if shape.has_text_frame]
    return "\n".join(found)


def words(shape: Any) -> str:
    return str(shape._element._nvXxPr.cNvPr.get("descr") or "")


def named(slide: Any, name: str) -> Any:
    return next(shape for shape in slide.shapes if shape.name == name)


@pytest.mark.parametrize("found", VIEWS, ids=str)
def test_each_area_is_a_shape_with_its_name_colour_and_words(found: Filters) -> None:
    spec = mapspec.build(DATA, found)
    slide = opened(slides.render(DATA, found))
    colours = {one.index: one.colour for one in spec.classes}
    groups = [shape for shape in slide.shapes if shape.shape_type == MSO_SHAPE_TYPE.GROUP]
    assert len(groups) == 2
    shapes = {shape.name: shape for shape in groups[0].shapes}
    assert str(len([a for a in spec.areas if not a.value])) in words(groups[0])
    for area in spec.areas:
        shape = shapes[f"{area.pcode} {area.name_en}"]
        assert area.value_text in words(shape)
        assert area.name_lo in words(shape)
        if area.class_index < 0:
            assert shape.fill.type == MSO_FILL.PATTERNED
        else:
            assert f"#{shape.fill.fore_color.rgb}" == colours[area.class_index]
    assert groups[1].name == i18n.translator(found.lang)("Legend")


@pytest.mark.parametrize("found", VIEWS, ids=str)
def test_the_words_of_the_view_stand_on_the_slide(found: Filters) -> None:
    spec = mapspec.build(DATA, found)
    slide = opened(slides.render(DATA, found))
    assert slide.shapes.title.text_frame.text == spec.title
    shown = texts(slide)
    for text in (
        spec.subtitle[1:],
        spec.source,
        spec.attribution,
        spec.disclaimer,
        spec.digest[:12],
        spec.nationwide_text,
    ):
        assert text in shown
    assert spec.nationwide_text in slide.notes_slide.notes_text_frame.text
    assert all(one.label in shown for one in spec.classes)


@pytest.mark.parametrize("found", VIEWS[:5], ids=str)
def test_the_bars_hold_the_figures_of_the_view(found: Filters) -> None:
    spec = mapspec.build(DATA, found)
    values = {
        (a.name_lo if found.lang == "lo" else a.name_en): float(a.value) for a in spec.areas if a.value is not None
    }
    slide = opened(slides.render(DATA, found))
    frame = next(shape for shape in slide.shapes if shape.has_chart)
    plot = frame.chart.plots[0]
    shown = dict(zip(plot.categories, plot.series[0].values, strict=True))
    assert shown
    assert shown == {name: values[name] for name in shown}
    assert list(map(abs, shown.values())) == sorted(map(abs, values.values()), reverse=True)[: len(shown)]
    assert next(iter(shown)) in words(frame)


def test_lao_runs_name_their_font_and_language() -> None:
    data = slides.render(DATA, Filters(lang="lo"))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        xml = archive.read("ppt/slides/slide1.xml").decode()
    runs = re.findall(r"<a:r><a:rPr ([^>]*)>(.*?)</a:rPr><a:t>([^<]*)</a:t>", xml)
    lao = [run for run in runs if re.search("[\u0e80-\u0eff]", run[2])]
    assert len(lao) > 18
    assert all('lang="lo-LA"' in head and '<a:latin typeface="Noto Sans Lao"' in body for head, body, _text in lao)
    assert all('<a:cs typeface="Noto Sans Lao" panose=' in body for _head, body, _text in runs)


def test_the_draft_mark_is_on_unless_cleared() -> None:
    assert named(opened(slides.render(DATA, Filters())), "Draft mark").text_frame.text == "DRAFT, NOT CLEARED"
    assert "DRAFT" not in texts(opened(slides.render(DATA, Filters(), draft=False)))


@pytest.mark.parametrize("paper", slides.SIZES)
def test_papers(paper: str) -> None:
    deck = pptx.Presentation(io.BytesIO(slides.render(DATA, Filters(), paper=paper)))
    wide, high = slides.SIZES[paper]
    assert (deck.slide_width, deck.slide_height) == (round(wide * 12_700), round(high * 12_700))
    for shape in deck.slides[0].shapes:
        assert shape.left >= 0
        assert shape.left + shape.width <= deck.slide_width
        assert shape.top + shape.height <= deck.slide_height
    assert len(deck.slide_layouts) == 1


def test_another_paper_is_refused() -> None:
    with pytest.raises(InputError, match=r"a5.*slide, a4"):
        slides.render(DATA, Filters(), paper="a5")


@pytest.mark.parametrize("title", [HOSTILE, ODD, LONG, "\u200b", "=1+1", "half a letter: \ud800"])
def test_a_title_is_shown_as_its_letters(title: str) -> None:
    slide = opened(slides.render(hostile(), Filters(), title=title))
    shown = slide.shapes.title.text_frame.text
    if title == HOSTILE:
        assert shown == HOSTILE
    assert 0 < len(shown) <= 400
    assert not re.search("[\u202a-\u202e\x00-\x08]", shown)


def test_the_file_bears_no_time_and_nothing_of_another_machine() -> None:
    with zipfile.ZipFile(io.BytesIO(slides.render(DATA, Filters()))) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not [name for name in archive.namelist() if "thumbnail" in name or "printer" in name]
        core = archive.read("docProps/core.xml").decode()
        custom = archive.read("docProps/custom.xml").decode()
    assert core.count("2026-11-23T00:00:00Z") == 2
    assert DATA.digest in custom
    assert "sdg-unlocated" in custom
