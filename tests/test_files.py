"""Files by address: every kind that the pages link to, from the view in the address alone, and errors in words."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from geo import filters, library, news, provenance, studio, tables
from geo.errors import InputError
from geo.filters import Filters
from geo.printmap import Logo
from geo.store import StoreError
from geo.studio_spec import StudioSpec
from pages._ui import cache, chart_files, file_links, file_route, studio_files

BEGINNINGS = {
    "png": b"\x89PNG", "pdf": b"%PDF", "xlsx": b"PK", "pptx": b"PK", "docx": b"PK", "svg": b"<svg", "parquet": b"PAR1",
    "gpkg": b"SQLite format 3", "html": b"<!", "iati": b"<?xml", "geojson": b"{", "csv": b"", "hxl": b"",
}  # fmt: skip
LOGO = Logo('<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"/>', 20, 10, "Ministry")


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with TestClient(Starlette(routes=file_route.routes("")), raise_server_exceptions=False) as one:
        yield one


@pytest.mark.parametrize("kind", file_route.MAKERS)
def test_every_kind_comes_as_a_named_file_of_its_kind(client: TestClient, kind: str) -> None:
    answer = client.get(f"/files/{kind}?sdg=6&lang=en")
    assert answer.status_code == 200, answer.text
    begins = kind.removeprefix("studio.") if kind.startswith("studio.") else kind
    begins = begins if begins in BEGINNINGS else begins.rpartition(".")[2]
    assert answer.content.lstrip()[:20].startswith(BEGINNINGS[begins])
    assert len(answer.content) > 500
    assert re.fullmatch(r"attachment; filename\*=UTF-8''[\w.]+", answer.headers["content-disposition"])


def test_the_rows_are_those_of_the_view_and_the_picture_knows_it(client: TestClient) -> None:
    data, found = library.embedded(), Filters(sdg=("6",), area=("LA17",))
    rows = list(csv.DictReader(io.StringIO(client.get(file_links.address("csv", found)).content.decode("utf-8-sig"))))
    assert len(rows) == int(filters.apply(data, found).sum()) > 0
    shown = provenance.filters_of(provenance.read(client.get(file_links.address("png", found)).content), data)
    assert shown == (found, ())


def test_what_merely_stands_open_is_no_part_of_the_address() -> None:
    open_view = Filters(
        lang="lo", sdg=("6",), focus="LA17", activity="a1", who="flows", studio="kind=map", kind=("speech",)
    )
    assert file_links.address("csv", open_view) == "/files/csv?lang=lo&sdg=6"
    assert file_links.address("studio.png", open_view, logo="") == "/files/studio.png?lang=lo&sdg=6&studio=kind%3Dmap"


def test_a_chart_is_of_what_stands_open_and_equals_the_page_s_figures(client: TestClient) -> None:
    data = library.embedded()
    cases = (
        (Filters(focus="LA17"), Filters(area=("LA17",)), "focus=LA17"),
        (Filters(who="agency:UNDP"), Filters(agency=("UNDP",)), "who=agency%3AUNDP"),
        (Filters(goal="6", donor=("Japan",)), Filters(sdg=("6",), donor=("Japan",)), "goal=6"),
    )
    for found, selects, kept in cases:
        address = file_links.address("chart.years.svg", found)
        assert kept in address
        want, _mask = tables.summarise(data, selects)
        texts = re.findall(r">(\d+)</text>", client.get(address).text)
        years = range(min(want.years), max(want.years) + 1)
        assert texts == [text for year in years for text in (str(want.years.get(year, 0)), str(year))]
    drawn = client.get(file_links.address("chart.provinces.svg", Filters(who="agency:UNDP"))).text
    counts = tables.summarise(data, Filters(agency=("UNDP",)))[0].area.activities
    assert re.findall(r">(\d+)</text>", drawn) == [str(count) for count in sorted(counts, reverse=True) if count]


def test_the_strip_chart_comes_page_by_page(client: TestClient) -> None:
    first, second = (client.get(f"/files/chart.strips.svg?page={page}").text for page in (1, 2))
    dated = int((library.embedded().first_year > 0).sum())
    assert first.count("<rect") > second.count("<rect") > dated - chart_files.PAGE > 0
    for page in ("0", "99", "x"):
        answer = client.get(f"/files/chart.strips.svg?page={page}")
        assert (answer.status_code, "expected 1 to 2" in answer.text) == (400, True)


def test_the_news_of_a_view_is_a_table_that_runs_nothing(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    found = Filters(kind=("speech",), sdg=("4",))
    address = file_links.address("news.csv", found)
    want = news.apply(news.embedded().items, found)
    rows = list(csv.DictReader(io.StringIO(client.get(address).content.decode("utf-8-sig"))))
    assert [row["title"] for row in rows] == [item.title for item in want] != []
    assert [row["source_url"] for row in rows] == [item.url for item in want]
    assert {row["kind"] for row in rows} == {"speech"}
    assert all("4" in row["sdgs"].split(";") for row in rows)
    hostile = news.NewsItem("story", '=HYPERLINK("http://x","y")')
    assert next(csv.DictReader(io.StringIO(news.as_csv([hostile]).decode("utf-8-sig"))))["title"].startswith("'=")


@pytest.mark.parametrize(
    "spec", [StudioSpec(kind="map"), StudioSpec(kind="province", items=("LA17",)), StudioSpec(kind="sheet")]
)
@pytest.mark.parametrize("kind", ["studio.svg", "studio.pdf"])
def test_the_maps_of_the_pages_are_files(client: TestClient, spec: StudioSpec, kind: str) -> None:
    view = Filters(agency=("UNDP",), studio=spec.to_text())
    answer = client.get(file_links.address(kind, view))
    assert (answer.status_code, answer.content[:4]) == (200, BEGINNINGS[kind.removeprefix("studio.")][:4])


def test_text_is_packed_where_the_browser_takes_it_and_pictures_are_not(client: TestClient) -> None:
    packed = client.get("/files/csv", headers={"accept-encoding": "gzip"})
    plain = client.get("/files/csv", headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content
    assert int(packed.headers["content-length"]) < len(plain.content) / 2
    assert "content-encoding" not in client.get("/files/png", headers={"accept-encoding": "gzip"}).headers


def test_the_studio_s_choices_and_logo_are_in_its_file(client: TestClient) -> None:
    found = Filters(studio="kind=map&paper=square")
    spec = StudioSpec(Filters(), kind="map", paper="square")
    name = studio_files._keep(LOGO)
    leaf = studio.leaves(library.embedded(), spec)[0]
    for logo, key in ((None, ""), (LOGO, name)):
        got = client.get(file_links.address("studio.pdf", found, logo=key)).content
        assert got == studio.pdf((leaf,), studio.press(spec, logo=logo))[0]


def test_the_oldest_logo_makes_room_and_is_asked_for_anew(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(studio_files, "MOST_LOGOS", 2)
    monkeypatch.setattr(studio_files, "_logos", {})
    names = [studio_files._keep(Logo(LOGO.svg, 20, 10, f"Ministry {number}")) for number in range(3)]
    assert [name in studio_files._logos for name in names] == [False, True, True]
    gone = client.get(f"/files/studio.png?logo={names[0]}")
    assert (gone.status_code, "Upload it again" in gone.text) == (400, True)


@pytest.mark.parametrize(
    ("address", "status", "told"),
    [
        ("nothing", 404, "expected one of csv, xlsx"),
        ("csv?sdg=77", 400, "Got sdg='77'; expected one of 1, 2"),
        ("csv?agency=Nobody", 400, "Nobody"),
        ("fixes.pdf?of=Nobody", 400, "No agency 'Nobody'"),
        ("studio.png?studio=kind%3Datlas", 400, "no single page as PNG"),
        ("studio.pptx?studio=kind%3Dflow", 400, "no single page as PPTX"),
        ("studio.png?studio=kind%3Dcastle", 400, "no single page as PNG"),
    ],
)
def test_an_address_that_is_not_understood_says_so(client: TestClient, address: str, status: int, told: str) -> None:
    answer = client.get(f"/files/{address}")
    assert answer.status_code == status
    assert told in answer.text
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(
    ("fault", "status", "told"),
    [
        (StoreError("down"), 503, "Try again in a minute"),
        (InputError("the page cannot be printed"), 400, "cannot be printed"),
        (RuntimeError("/secret/path"), 500, "a fault of ours"),
    ],
)
def test_a_fault_is_told_without_its_inner_side(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, fault: Exception, status: int, told: str
) -> None:
    def fail(*_arguments: object) -> bytes:
        raise fault

    monkeypatch.setattr(cache, "file", fail)
    answer = client.get("/files/csv")
    assert (answer.status_code, told in answer.text, "secret" in answer.text) == (status, True, False)


def test_every_kind_that_a_page_links_to_has_a_maker() -> None:
    pages = Path(file_route.__file__).parents[1]
    texts = "".join(path.read_text("utf-8") for path in pages.rglob("*.py"))
    linked = set(re.findall(r'file_links\.row\(\{?"([\w.]+)"', texts)) | set(
        re.findall(r'"((?:fixes|flow)\.\w+)": _\(', texts)
    )
    assert {"matrix.csv", "overlaps.csv", "flow.svg", "flow.csv", "problems.csv", "fixes.xlsx"} <= linked
    assert linked <= set(file_route.MAKERS)
