"""Floor 2: the news of the UN in the country: what the filters keep, and what is about a goal, an area or an agency."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from functools import cache
from typing import Protocol

from geo import gazetteer, i18n, pack
from geo.fields import guard
from geo.fold import fold
from geo.news_reader import KINDS, News, NewsItem, place, read

__all__ = [
    "KINDS",
    "OTHER_FILTERS",
    "News",
    "NewsItem",
    "Wanted",
    "apply",
    "beside_area",
    "embedded",
    "for_agency",
    "for_area",
    "for_goal",
    "is_about",
    "kind_name",
    "of_scope",
    "place",
    "read",
]

# Filters of activities that say nothing about news: the rest applies to both.
OTHER_FILTERS = ("target", "donor", "partner", "status", "was", "now", "on")


COLUMNS = ("kind", "date", "title", "scope", "areas", "places_as_published", "sdgs", "agencies", "source_url")


class Wanted(Protocol):
    """The filters that news has an answer to, as ``geo.filters.Filters`` bears them."""

    @property
    def sdg(self) -> tuple[str, ...]:
        """Numbers of goals."""

    @property
    def area(self) -> tuple[str, ...]:
        """P-codes."""

    @property
    def agency(self) -> tuple[str, ...]:
        """Codes of agencies."""

    @property
    def scope(self) -> tuple[str, ...]:
        """Scopes."""

    @property
    def kind(self) -> tuple[str, ...]:
        """Kinds of news."""

    @property
    def span(self) -> tuple[int, int] | None:
        """First and last year."""

    @property
    def undated(self) -> str:
        """Whether items without a date stay under a year filter."""

    @property
    def q(self) -> str:
        """Words of the title."""


@cache
def embedded() -> News:
    """Return the news of the country pack.

    Raises:
        InputError: when the file cannot be used as a whole.
        PackError: when the pack lacks it.
    """
    path = pack.path(pack.settings().data["news"])
    return read(path.read_bytes(), path.name)


def apply(items: Iterable[NewsItem], wanted: Wanted, *, leaving_out: str = "") -> tuple[NewsItem, ...]:
    """Return the items that the filters keep, in their order; ``leaving_out`` names one filter that is passed over.

    ``OTHER_FILTERS`` say nothing about news and keep all of it.
    """
    tests = [test for name, test in _tests(wanted).items() if name != leaving_out]
    return tuple(item for item in items if all(test(item) for test in tests))


def _tests(wanted: Wanted) -> dict[str, Callable[[NewsItem], bool]]:
    tests: dict[str, Callable[[NewsItem], bool]] = {}
    if wanted.sdg:
        goals = {int(number) for number in wanted.sdg}
        tests["sdg"] = lambda item: bool(goals & {*item.goals})
    if wanted.area:
        tests["area"] = lambda item: any(is_about(item, code) for code in wanted.area)
    if wanted.agency:
        tests["agency"] = lambda item: bool({*wanted.agency} & {*item.agencies})
    if wanted.scope:
        tests["scope"] = lambda item: item.scope in wanted.scope
    if wanted.kind:
        tests["kind"] = lambda item: item.kind in wanted.kind
    if span := wanted.span:
        tests["years"] = lambda item: _within(item, span, bool(wanted.undated))
    if words := fold(wanted.q).split():
        tests["q"] = lambda item: all(word in fold(item.title) for word in words)
    return tests


def _within(item: NewsItem, span: tuple[int, int], undated: bool) -> bool:
    if item.date is None:
        return undated
    return item.date.first.year <= span[1] and item.date.last.year >= span[0]


def is_about(item: NewsItem, pcode: str) -> bool:
    """Tell whether an item is about an area: named itself, or one of its districts is."""
    return pcode in item.areas or pcode in item.provinces


def for_goal(items: Iterable[NewsItem], number: int) -> tuple[NewsItem, ...]:
    """Return the items on one goal, in their order."""
    return tuple(item for item in items if number in item.goals)


def for_agency(items: Iterable[NewsItem], code: str) -> tuple[NewsItem, ...]:
    """Return the items that name one agency, in their order."""
    return tuple(item for item in items if code in item.agencies)


def for_area(items: Iterable[NewsItem], pcode: str) -> tuple[NewsItem, ...]:
    """Return the items about one area, in their order: those that the map counts there."""
    return tuple(item for item in items if is_about(item, pcode))


def beside_area(items: Iterable[NewsItem], pcode: str) -> tuple[NewsItem, ...]:
    """Return the items that name an area as a venue or beside the whole country; the map does not count them there."""
    return tuple(
        item for item in items if pcode in item.beside or pcode in {gazetteer.province(code) for code in item.beside}
    )


def of_scope(items: Iterable[NewsItem], scope: str) -> tuple[NewsItem, ...]:
    """Return the items of one scope, in their order."""
    return tuple(item for item in items if item.scope == scope)


def as_csv(items: Iterable[NewsItem]) -> bytes:
    """Return items as CSV (UTF-8 with a byte order mark, so that Excel reads Lao), a row each in their order.

    Cells that a spreadsheet would run as a formula begin with an apostrophe.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for item in items:
        cells = (
            item.kind, str(item.date or ""), item.title, item.scope, ";".join(item.areas), item.published,
            ";".join(map(str, item.goals)), ";".join(item.agencies), item.url,
        )  # fmt: skip
        writer.writerow([guard(cell) for cell in cells])
    return out.getvalue().encode("utf-8-sig")


def kind_name(kind: str, language: str) -> str:
    """Return a kind in words."""
    _ = i18n.translator(language)
    names = {
        "story": _("story"),
        "press-release": _("press release"),
        "news-article": _("news article"),
        "publication": _("publication"),
        "situation-report": _("situation report"),
        "speech": _("speech"),
    }
    return names.get(kind, kind.replace("-", " "))
