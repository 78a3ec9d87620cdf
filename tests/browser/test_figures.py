"""Every figure of the pages of areas, partners and goals opens a view that holds just what the figure counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Page

from geo import filters, library, partners, profile, tables, words
from geo.code_columns import Mask
from geo.filters import Filters
from tests.browser.support import settled

pytestmark = pytest.mark.browser
PAGES = ("who", "who?who=donors&sdg=6", "who?who=agency:UNDP", "places", "places?focus=LA17&years=2015-2020",
         "sdg-goals?goal=6")  # fmt: skip
KINDS = {"": "agency", "donors": "donor"}
DATA = library.embedded()
# Each figure of the page: the heading of its column or card, its text, and its link ("" without one).
FIGURES = """() => {
  const all = [], text = (node) => node.textContent.trim();
  const add = (name, node) => {
    const link = node.querySelector("a.lao-go");
    all.push([name, link ? text(link) : text(node), link ? link.getAttribute("href") : "", link?.dataset.to ?? ""]);
  };
  for (const card of document.querySelectorAll(".lao-figures > div")) add(text(card.children[0]), card.children[1]);
  for (const table of document.querySelectorAll("table.lao-table")) {
    const heads = [...table.tHead.rows[0].cells].map(text);
    for (const row of table.tBodies[0].rows)
      [...row.cells].forEach((cell, at) => { if (cell.matches("td.n")) add(heads[at], cell); });
  }
  document.querySelectorAll(".lao-sum a").forEach((link) => all.push(
    ["Activities", text(link), link.getAttribute("href"), link.dataset.to]));
  return all;
}"""


def kept(address: str) -> tuple[Mask, Filters]:
    """Return the activities that the page of a link lists, and its view."""
    parts = urlsplit(address)
    found, problems = filters.from_query(parse_qs(parts.query), DATA)
    assert not problems, address
    kind, name = partners.parse_who(found.who)
    if kind:
        return partners.build(DATA, found, kind, name).mask, found
    if parts.path == "places":
        return profile.build(DATA, found).here, found
    whole = replace(found, sdg=(found.goal,)) if parts.path == "sdg-goals" else found
    return filters.apply(DATA, whole), found


def told(name: str, mask: Mask, found: Filters) -> Iterator[str]:
    """Give what a figure of that name may say of these activities."""
    if name.startswith("People reached"):
        yield f"{int(DATA.people[mask & (DATA.people >= 0)].sum()):,}"
    elif name.startswith("Budget"):
        paid = mask & (DATA.cents >= 0) & DATA.basis.any_of([found.basis])
        yield words.money(int(DATA.cents[paid].sum()), "en").removeprefix("USD ")
    elif name in ("Agencies", "Donors"):
        yield str(len(partners.members(DATA, mask, KINDS[found.who])))
    elif name in ("Provinces", "Provinces reached"):
        figures, _mask = tables.summarise(DATA, Filters())
        reached = sum(1 for code in figures.area.pcodes if (mask & DATA.corrected.adm1.any_of([code])).any())
        yield from (str(reached), f"{reached} of {len(figures.area.pcodes)}")
    elif name == "Goals":
        yield str(int((DATA.goals.counts(mask) > 0).sum()))
    elif name == "Activities per 100,000 people":
        yield f"{profile.per_100k(found.focus, int(mask.sum())) or 0:.1f}".removesuffix(".0")
    else:
        yield str(int(mask.sum()))


@pytest.mark.parametrize("path", PAGES)
def test_each_figure_opens_the_activities_behind_it(page: Page, app_server: str, path: str) -> None:
    page.goto(f"{app_server}/{path}{'&' if '?' in path else '?'}lang=en")
    page.locator("table.lao-table td.n").first.wait_for()
    settled(page)
    figures = page.evaluate(FIGURES)
    assert len(figures) > 8
    for name, text, link, _to in figures:
        assert link or text in ("0", "–"), (name, text)
        if not link:
            continue
        mask, found = kept(link)
        wanted = list(told(name, mask, found))
        if name == "Joint activities":  # no filter says "both": the list has them among its own
            assert 0 < int(text) <= int(mask.sum())
        elif name.startswith("Budget"):
            assert text.rpartition(" ")[2] == wanted[0], (name, link)
        else:
            assert text in wanted, (name, link)


def test_people_and_money_open_to_their_parts_the_greatest_first(page: Page, app_server: str) -> None:
    page.goto(f"{app_server}/places?focus=LA17&lang=en")
    settled(page)
    card = page.locator(".lao-figures > div", has_text="People reached")
    shown = int(card.locator("b").inner_text().replace(",", ""))
    card.locator("a").click()
    page.wait_for_url("**metric=people**")
    stated = page.locator(".st-key-list_list .lao-facts", has_text="People reached: ")
    stated.first.wait_for()
    parts = [int(text.split("People reached: ")[1].split(" ")[0].replace(",", "")) for text in stated.all_inner_texts()]
    assert parts == sorted(parts, reverse=True)
    here = profile.build(DATA, Filters(focus="LA17")).here & (DATA.people >= 0)
    assert parts == np.sort(DATA.people[here])[::-1][: len(parts)].tolist()
    assert shown == int(DATA.people[here].sum())
