"""Hostile strings through every file, answer and index made without a browser: the same letters, nothing run."""

from __future__ import annotations

import io
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote

import docx as word
import pptx as slides
from lxml import etree
from pypdf import PdfReader
from starlette.applications import Starlette
from starlette.testclient import TestClient

from geo import api, intake, library, printmap, search, studio
from geo.dataset import Dataset
from geo.export import docx, formats, html, pptx
from geo.filters import Filters
from geo.studio_spec import StudioSpec
from tests.attack import corpus
from tests.attack.tally import Tally

# What XML 1.0 cannot hold, and a spreadsheet neither: written as the replacement character, or left out.
NO_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
UNSEEN = ("Cc", "Cf", "Zs", "Zl", "Zp")
READ_BACK = ("csv", "xlsx", "geojson", "gpkg", "iati", "hxl")
MOST_TITLE = 200


def letters(text: str) -> str:
    """Return the letters that can be seen: without what XML cannot hold, and with one space for any white space."""
    return " ".join(NO_XML.sub("", text).replace("\ufffd", "").split())


def dataset(texts: Sequence[str]) -> Dataset:
    """Return a data set with an activity for each text that can be a title."""
    return library.from_intake(intake.read(corpus.table(texts), "hostile.csv"))


def intake_keeps(texts: Sequence[str]) -> Tally:
    """Every text of the file is the title of an activity, letter for letter, or a row rejected with a reason."""
    found, tally = intake.read(corpus.table(texts), "hostile.csv"), Tally()
    titles = {one.activity_id: one.title for one in found.activities}
    refused = {problem.row for problem in found.problems if problem.severity == "error"}
    for number, text in enumerate(texts):
        # A leading apostrophe before a formula is the guard that exports write: a reader takes it off.
        title = text.strip()
        same = (title, title.removeprefix("'"))
        got = titles.get(f"h{number}")
        tally.see(got in same if got is not None else bool(refused), "intake", text, got)
    tally.see(found.rows_read == len(found.activities) + found.rejected == len(texts), "intake", "rows", found.rejected)
    return tally


def files_keep(data: Dataset) -> Tally:
    """Every file of data, read again, has every title, and no file has the product of a template."""
    tally = Tally()
    for key in formats.FORMATS:
        made = formats.render(data, Filters(), key)
        tally.see(corpus.PRODUCT.encode() not in made, key, corpus.PRODUCT, "evaluated")
        if key not in READ_BACK:
            continue
        back = intake.read(made, f"back.{formats.FORMATS[key].ending}")
        found = {one.activity_id: one.title for one in back.activities}
        for one in data.activities:
            got = found.get(one.activity_id, "")
            tally.see(letters(got) == letters(one.title), key, one.title, got)
    return tally


class Scripts(HTMLParser):
    """The scripts of a page by id, its tags, and every attribute that would run."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.scripts: dict[str, str] = {}
        self.runs: list[str] = []
        self.tags: list[str] = []
        self._inside: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self.runs += [name for name, value in found.items() if name.startswith("on") or "script:" in value]
        self._inside = found.get("id", f"#{len(self.scripts)}") if tag == "script" else self._inside

    def handle_endtag(self, tag: str) -> None:
        self._inside = None if tag == "script" else self._inside

    def handle_data(self, data: str) -> None:
        if self._inside is not None:
            self.scripts[self._inside] = self.scripts.get(self._inside, "") + data


def page_holds(data: Dataset, title: str) -> Tally:
    """The standalone page has the tags of a harmless one and every title in its data."""
    tally = Tally()
    plain = Scripts(html.render(library.embedded(), Filters(), title="Plain").decode())
    seen = Scripts(html.render(data, Filters(), title=title).decode())
    tally.see(seen.tags == plain.tags, "html tags", title, len(seen.tags))
    tally.see(seen.runs == plain.runs, "html attributes", title, seen.runs)
    titles = [row[1] for row in json.loads(seen.scripts["standalone"])["activities"]]
    for one, got in zip(data.activities, titles, strict=True):
        tally.see(_bare(got) == _bare(letters(one.title)), "html data", one.title, got)
    return tally


def printed_hold(data: Dataset, texts: Iterable[str]) -> Tally:
    """Pages to print with a text as title, note and search words: letters in PDF and Office, nothing runs in SVG."""
    tally = Tally()
    for text in texts:
        words = letters(text)[:MOST_TITLE].strip() or "-"
        spec = StudioSpec(Filters(q=words), kind="map", title=words, note=words, paper="slide")
        leaf, press = studio.leaves(data, spec)[0], studio.press(spec)
        pdf = "".join(page.extract_text() for page in PdfReader(io.BytesIO(printmap.picture(leaf, press, "pdf"))).pages)
        tally.see(corpus.PRODUCT not in pdf, "pdf", text, "evaluated")
        if words.isascii():
            tally.see(_bare(words)[:60] in _bare(pdf), "pdf", text, pdf[:160])
        tree = etree.fromstring(printmap.picture(leaf, press, "svg"))
        tally.see(not _active(tree), "svg", text, _active(tree))
        deck = slides.Presentation(io.BytesIO(pptx.render(data, spec.filters, title=words)))
        said = [shape.text_frame.text for slide in deck.slides for shape in slide.shapes if shape.has_text_frame]
        tally.see(_bare(words) in _bare(" ".join(said)), "pptx", text, said[:3])
    return tally


def _bare(text: str) -> str:
    """Return what a reader sees of a text: without white space, hyphens that break a line, and marks of no width."""
    return "".join(one for one in text if one != "-" and unicodedata.category(one) not in UNSEEN)


def _active(tree: Any) -> list[str]:
    """Return what of an SVG could run or ask for something."""
    found = []
    for element in tree.iter():
        tag = etree.QName(element).localname if isinstance(element.tag, str) else "comment"
        if tag in ("script", "foreignObject", "comment", "iframe", "animate", "set"):
            found.append(tag)
        for name, value in element.attrib.items():
            local = etree.QName(name).localname
            if local.startswith("on") or (local == "href" and not str(value).startswith(("#", "data:image/"))):
                found.append(f"{tag}@{local}={str(value)[:60]}")
    return found


def briefing_holds(data: Dataset) -> Tally:
    """The Word document of a selection lists its titles; each is a text, none is a field."""
    tally = Tally()
    paper = word.Document(io.BytesIO(docx.render(data, Filters(), title=data.activities[0].title)))
    said = {_bare(letters(cell.text)) for table in paper.tables for row in table.rows for cell in row.cells}
    tally.see(corpus.PRODUCT not in "".join(sorted(said)), "docx", corpus.PRODUCT, "evaluated")
    fields = [text for text in paper.element.itertext("{*}instrText") if text and "PAGE" not in text]
    tally.see(not fields, "docx", "a field", fields)
    listed = data.activities[: max(0, len(paper.tables[-1].rows) - 1)]
    for one in listed:
        # A long title is cut at its end, with a sign that it was.
        tally.see(any(_bare(letters(one.title))[:40] in cell for cell in said), "docx", one.title, "not there")
    return tally


def api_answers(texts: Sequence[str]) -> Tally:
    """The API gives every title of ``DATA`` letter for letter, and an answer to every text as a parameter."""
    tally = Tally()
    with TestClient(Starlette(routes=api.routes())) as client:
        for one in library.embedded().activities:
            answer = client.get(f"/api/v1/activities/{quote(one.activity_id, safe='')}")
            got = answer.json().get("title")
            tally.see(answer.status_code == 200 and got == one.title, "api", one.title, got)
        for text in texts:
            asked = quote(text, safe="")
            for where in (
                f"summary?q={asked}",
                f"summary?area={asked}",
                f"activities/{asked}",
                f"activities?{asked}=1",
            ):
                answer = client.get(f"/api/v1/{where}")
                kind = answer.headers["content-type"]
                json_kind = kind.startswith(("application/json", "application/problem+json"))
                good = answer.status_code in (200, 400, 404) and json_kind and bool(answer.json())
                tally.see(good, f"api {where.split('?')[0][:12]}", text, (answer.status_code, kind))
    return tally


def searches(data: Dataset, texts: Iterable[str]) -> Tally:
    """No text is syntax of the search; a title of plain letters finds its activity."""
    tally, index = Tally(), search.index(data)
    for text in texts:
        try:
            index.find(text)
            tally.see(True, "search", text)
        except Exception as error:
            tally.see(False, "search", text, repr(error))
    return tally


def batches(texts: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """Return the texts in parts."""
    return (texts[at : at + size] for at in range(0, len(texts), size))


def run(texts: Sequence[str], prints: int, size: int = 2_500) -> Iterator[tuple[str, Tally]]:
    """Attack with ``texts``, and with ``prints`` of them what is printed; give each part's name and tally."""
    yield "intake, titles", intake_keeps(texts)
    files, pages, words = Tally(), Tally(), Tally()
    few = texts[:: max(1, len(texts) // max(1, prints))]
    parts: list[tuple[Tally, Callable[[Dataset], Tally]]] = [(files, files_keep), (words, briefing_holds)]
    for at, part in enumerate(batches(texts, size)):
        data = dataset(part)
        for tally, attack in parts:
            tally.add(attack(data))
        pages.add(page_holds(data, part[at]))
    yield "CSV, XLSX, GeoJSON, GeoPackage, Parquet, IATI, HXL, read back", files
    yield "standalone HTML, tags and data", pages
    yield "Word", words
    yield "PDF, SVG, PowerPoint", printed_hold(dataset(texts[:50]), few)
    yield "search", searches(dataset(texts[:500]), texts)
