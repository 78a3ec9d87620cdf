"""The document: a map with its words, figures that add up, and every activity with its source."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from geo import i18n, library, mapspec, tables
from geo.export import docx as documents
from geo.filters import Filters
from tests.support_export import HOSTILE, LONG, ODD, VIEWS, hostile

DATA = library.embedded()


def opened(data: bytes) -> Any:
    return docx.Document(io.BytesIO(data))


def cells(table: Any) -> list[list[str]]:
    return [
        ["".join(t.text for t in cell.iter(qn("w:t"))) for cell in row.iter(qn("w:tc"))] for row in table._tbl.tr_lst
    ]


def whole(text: str, language: str) -> int:
    return int(text.replace("." if language == "lo" else ",", ""))


@pytest.mark.parametrize("found", VIEWS, ids=str)
def test_the_figures_are_those_of_the_view_and_add_up(found: Filters) -> None:
    figures, mask = tables.summarise(DATA, found)
    paper = opened(documents.render(DATA, found))
    rows = cells(paper.tables[0])
    counts = [whole(row[1], found.lang) for row in rows[1:]]
    assert counts[:-4] == [int(count) for count in figures.area.activities]
    located, nationwide, unlocated, total = counts[-4:]
    assert (located, nationwide, unlocated) == (figures.located, figures.nationwide, figures.unlocated)
    assert located + nationwide + unlocated == total == int(mask.sum())
    assert len(paper.tables) == (2 if total else 1)
    if total:
        assert len(cells(paper.tables[1])) == total + 1


def test_the_map_has_words_and_headings_lead_through() -> None:
    spec = mapspec.build(DATA, Filters())
    paper = opened(documents.render(DATA, Filters()))
    shapes = paper.inline_shapes
    assert len(shapes) == 1
    assert spec.nationwide_text in shapes[0]._inline.docPr.get("descr")
    styles = [paragraph.style.name for paragraph in paper.paragraphs]
    assert styles.count("Title") == 1
    assert styles.count("Heading 1") == 3
    assert styles.count("Caption") == 2
    text = "\n".join(paragraph.text for paragraph in paper.paragraphs)
    for line in (spec.title, spec.disclaimer, spec.attribution, spec.nationwide_text, spec.digest[:12], "DRAFT"):
        assert line in text
    assert "DRAFT" not in "".join(p.text for p in opened(documents.render(DATA, Filters(), draft=False)).paragraphs)


def test_head_rows_are_repeated_and_tables_are_told() -> None:
    for table in opened(documents.render(DATA, Filters(sdg=("6",)))).tables:
        first, second = table._tbl.tr_lst[:2]
        assert first.find(qn("w:trPr")).find(qn("w:tblHeader")) is not None
        assert second.find(qn("w:trPr")).find(qn("w:tblHeader")) is None
        assert table._tbl.tblPr.find(qn("w:tblDescription")).get(qn("w:val"))


def test_languages_and_fonts() -> None:
    with zipfile.ZipFile(io.BytesIO(documents.render(DATA, Filters(lang="lo", sdg=("6",))))) as archive:
        body, styles = archive.read("word/document.xml").decode(), archive.read("word/styles.xml").decode()
    runs = re.findall(r"<w:r><w:rPr>(.*?)</w:rPr><w:t[^>]*>([^<]*)<", body)
    lao = [looks for looks, text in runs if re.search("[\u0e80-\u0eff]", text)]
    assert len(lao) > 40
    assert all('w:cs="Noto Sans Lao"' in looks and '<w:lang w:val="lo-LA"' in looks for looks in lao)
    assert 'w:bidi="lo-LA"' in styles


def test_texts_are_shown_as_their_letters_and_only_web_addresses_are_links() -> None:
    paper = opened(documents.render(hostile(), Filters(), title=HOSTILE))
    assert HOSTILE in [paragraph.text for paragraph in paper.paragraphs]
    rows = cells(paper.tables[1])
    assert rows[1][1] == HOSTILE + f" ({i18n.date('2020', 'en')} – …)"
    assert rows[1][4] == HOSTILE
    targets = {rel.target_ref for rel in paper.part.rels.values() if rel.is_external}
    assert targets == {"https://example.org/a?b=1&c=2"}


@pytest.mark.parametrize("title", [ODD, LONG, "", "half a letter: \ud800"])
def test_odd_titles(title: str) -> None:
    paper = opened(documents.render(DATA, Filters(q="a word that no activity has"), title=title))
    shown = next(p.text for p in paper.paragraphs if p.style.name == "Title")
    assert 0 < len(shown) <= 400
