"""What takes a view elsewhere says the same as the view, and is text wherever it lands."""

from __future__ import annotations

import html
import re
from urllib.parse import parse_qs, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from geo import cite, library, pack
from geo.filters import Filters, from_query

BASE = "https://map.example.org/"
views = st.builds(
    Filters,
    sdg=st.sets(st.integers(1, 18).map(str), max_size=3).map(lambda found: tuple(sorted(found, key=int))),
    area=st.sets(st.sampled_from(["LA01", "LA17", "LA1703"]), max_size=2).map(lambda found: tuple(sorted(found))),
    q=st.sampled_from(["", "wells & pumps", '"><script>alert(1)</script>', "ນ້ຳສະອາດ", "{{7*7}}"]),
    lang=st.sampled_from(["en", "lo"]),
    kind=st.sets(st.sampled_from(["story", "press-release"]), max_size=2).map(lambda found: tuple(sorted(found))),
    focus=st.sampled_from(["", "LA17"]),
    metric=st.sampled_from(["activities", "budget"]),
)


@given(views)
def test_a_link_brings_the_view_back(view):
    link = cite.link(BASE, view)
    assert from_query(parse_qs(urlsplit(link).query)) == (view, ())


@given(views)
def test_an_embed_code_is_one_tag_and_its_link_the_map_of_the_view(view):
    code = cite.embed_code(BASE, view)
    found = re.fullmatch(r'<iframe src="([^"<>]+)" title="([^"<>]+)"[^<>]*></iframe>', code)
    assert found
    query = parse_qs(urlsplit(html.unescape(found[1])).query)
    assert query.pop("embed") == ["true"]
    back, problems = from_query(query)
    assert problems == ()
    assert (back.sdg, back.area, back.q, back.lang, back.metric) == (
        view.sdg,
        view.area,
        view.q,
        view.lang,
        view.metric,
    )
    assert (back.focus, back.activity) == ("", "")
    assert html.unescape(found[2]) == cite.title(view)


@given(views)
def test_a_citation_names_title_source_version_date_and_link(view):
    data = library.embedded()
    link = cite.link(BASE, view)
    text = cite.citation(data, view, link, "News")
    assert text.startswith(cite.title(view, "News"))
    assert text.endswith(link)
    assert data.digest[:8] in text
    assert pack.settings().data["date"][:4] in text


def test_links_are_short_and_readable():
    assert cite.link(BASE, Filters()) == f"{BASE}?lang=en"
    assert cite.link(BASE, Filters(sdg=("6",), area=("LA17",), years="2015-2020")) == (
        f"{BASE}?lang=en&sdg=6&area=LA17&years=2015-2020"
    )
    assert cite.title(Filters()) == "Lao SDG activity map"
