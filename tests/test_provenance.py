"""What a file carries: written, read back, compared with the data of today; and files that are not ours."""

from __future__ import annotations

import base64
import io
import json
import zlib
from dataclasses import replace
from functools import cache
from urllib.parse import parse_qs

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from geo import codes, filters, gazetteer, library, printmap, provenance, scope, studio
from geo.dataset import Dataset, build
from geo.errors import InputError
from geo.filters import Filters
from geo.studio_spec import KINDS, StudioSpec, from_text

pytestmark = pytest.mark.usefixtures("assets")
GOALS = [str(goal.number) for goal in codes.goals()]
AREAS = (*gazetteer.all_areas("adm1"), *gazetteer.all_areas("adm2"))


@cache
def data() -> Dataset:
    """The embedded data."""
    return library.embedded()


@cache
def file(kind: str) -> bytes:
    """One printed page of each format."""
    spec = StudioSpec(Filters(sdg=("6",)), kind="map")
    return printmap.picture(studio.leaves(data(), spec)[0], studio.press(spec, dpi=40), kind)


def dot() -> bytes:
    """Return a picture of one pixel."""
    out = io.BytesIO()
    Image.new("L", (1, 1)).save(out, "PNG")
    return out.getvalue()


DOT = dot()
EMPTY = b'#set document(title: "t", keywords: json(bytes(sys.inputs.keywords)), date: none)\n#set page(width: 9pt)'


def set_pdf(keywords: str) -> bytes:
    """Return an empty page with these keywords, as the typesetter writes them."""
    made = compiler().compile(input=EMPTY, format="pdf", pdf_standards=["ua-1"], sys_inputs={"keywords": keywords})
    assert isinstance(made, bytes)
    return made


@cache
def compiler() -> typst.Compiler:
    return typst.Compiler(font_paths=typst.Fonts(include_system_fonts=False), ignore_system_fonts=True)


def few(values: list[str] | tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), max_size=3, unique=True).map(lambda found: tuple(sorted(found)))


views = st.builds(
    Filters,
    sdg=few(GOALS).map(lambda found: tuple(sorted(found, key=int))),
    agency=few(data().agencies.names),
    donor=few(data().donors.names),
    partner=few(data().implementers.names),
    area=few(AREAS),
    target=few(list(codes.targets())),
    status=few((*data().status.names, "none")),
    on=st.sampled_from(["", "2020-06-30"]),
    basis=st.sampled_from(data().basis.names),
    scope=few(("nationwide", "subnational", "unlocated")),
    years=st.sampled_from(["", "2015", "2015-2020"]),
    undated=st.sampled_from(["", "1"]),
    q=st.text(st.characters(exclude_categories=["Cs"]), max_size=40).map(lambda text: text.strip()),
    lang=st.sampled_from(["en", "lo"]),
    view=st.sampled_from(filters.VIEWS),
    level=st.sampled_from(filters.LEVELS),
    metric=st.sampled_from(filters.METRICS),
    method=st.sampled_from(filters.METHODS),
)
choices = st.builds(
    StudioSpec,
    kind=st.sampled_from(KINDS),
    paper=st.sampled_from(["a4", "a3", "letter", "slide", "square"]),
    title=st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
    draft=st.booleans(),
    classes=st.sampled_from([3, 4, 5, 6, 7]),
    languages=st.sampled_from([(), ("en",), ("lo",), ("en", "lo")]),
)


@settings(max_examples=60, deadline=None)
@given(views, choices)
def test_any_view_comes_back_from_every_format(found: Filters, chosen: StudioSpec) -> None:
    text = provenance.of(data(), found, chosen.to_text()).to_text()
    # the writers of real files, on files as small as can be
    png = printmap._with_metadata(DOT, 72, {"Title": "t", **provenance.png_texts(text)})
    svg = provenance.into_svg(b'<svg xmlns="http://www.w3.org/2000/svg"></svg>', text, "t", "d")
    page = f"<html><body>{provenance.html_element(text)}</body></html>".encode()
    for made in (png, svg, set_pdf(json.dumps(provenance.keywords(text))), page):
        view = provenance.read(made)
        back, problems = provenance.filters_of(view, data())
        assert (back, problems) == (found, ())
        spec, wrong = from_text(view.studio, back)
        assert (spec, wrong) == (replace(chosen, filters=back), ())
        assert provenance.changes(view, data(), "en") == ()


@pytest.mark.parametrize("kind", printmap.FORMATS)
def test_a_printed_file_carries_its_view(kind: str) -> None:
    view = provenance.read(file(kind))
    found, _problems = provenance.filters_of(view, data())
    assert found == Filters(sdg=("6",))
    assert parse_qs(view.studio) == {"kind": ["map"]}
    figures = studio.leaves(data(), StudioSpec(found))[0].spec
    assert (view.total, view.nationwide, view.unlocated) == (figures.total, figures.nationwide, figures.unlocated)
    assert dict(view.areas) == {area.pcode: area.activities for area in figures.areas if area.activities}
    assert (view.digest, view.rule) == (data().digest, scope.RULE_VERSION)
    assert view.software.startswith("lao-sdg-map 0")
    assert "COD-AB 2019" in view.boundaries


def test_what_has_changed_is_said_in_words() -> None:
    view = provenance.of(data(), Filters())
    fewer = build(data().activities[:-40], digest="another", published="2027-01-31")
    told = provenance.changes(view, fewer, "en")
    assert told[0] == "The data is another: of 23 November 2026 then, of 31 January 2027 now."
    assert f"Activities in this view: {len(data())} then, {len(data()) - 40} now." in told
    assert any(line.startswith("By province: ") and " → " in line for line in told)
    older = replace(view, rule="0.1", boundary_digest="0", software="lao-sdg-map 0.0.1")
    assert len(provenance.changes(older, data(), "en")) == 3
    gone = replace(view, query="agency=GONE")
    assert any("GONE" in line for line in provenance.changes(gone, data(), "en"))
    assert provenance.changes(view, fewer, "lo")


def good() -> dict[str, object]:
    values: dict[str, object] = json.loads(provenance.of(data(), Filters()).to_text())
    return values


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "[" * 100_000,
        json.dumps({**good(), "total": "12"}),
        json.dumps({**good(), "total": True}),
        json.dumps({**good(), "areas": {"LA01": "x"}}),
        json.dumps({**good(), "format": 99}),
        json.dumps({**good(), "query": None}),
    ],
)
def test_a_view_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        provenance.read_text(text)


@pytest.mark.parametrize(
    "given_bytes",
    [
        b"",
        b"hello",
        provenance.PNG,
        provenance.PNG + b"\xff" * 50,
        b"%PDF-1.7 sdg-view:AAAAAAAAAAAAAAAA",
        b"%PDF-1.7 nothing here",
        b"<svg></svg>",
    ],
)
def test_a_file_that_is_not_ours_says_so(given_bytes: bytes) -> None:
    with pytest.raises(InputError, match="carries no view"):
        provenance.read(given_bytes)


def test_a_bomb_in_the_metadata_stays_small() -> None:
    packed = base64.urlsafe_b64encode(zlib.compress(b"[" * 50_000_000)).rstrip(b"=")
    with pytest.raises(InputError):
        provenance.read(b"%PDF- sdg-view:" + packed)


def test_hostile_text_in_a_view_stays_text() -> None:
    found = Filters(q='</metadata><script>alert(1)</script>, "&')
    svg = provenance.into_svg(b"<svg></svg>", provenance.of(data(), found).to_text(), "<b>\x00", "]]>")
    assert b"<script" not in svg
    assert b"\x00" not in svg
    assert provenance.filters_of(provenance.read(svg), data())[0] == found
