"""Floor 4: one frozen value that names a view, its way to and from a link, and the rows that it keeps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import TypeAlias
from urllib.parse import urlencode

import numpy as np

from geo import codes, gazetteer, news, pack
from geo.code_columns import Mask
from geo.dataset import EMBEDDED, SCOPES, Dataset
from geo.errors import Problem, UnknownCodeError
from geo.fold import fold

Query: TypeAlias = Mapping[str, Sequence[str]]
VIEWS = ("corrected", "registered", "difference")
LEVELS = ("adm1", "adm2")
METRICS = ("activities", "agencies", "people", "budget")
METHODS = ("range", "equal", "population")
WHO_LISTS = ("donors", "partners", "flows", "overlaps")  # "" is the list of agencies
WHO_KINDS = ("agency", "donor", "partner")
MAX_STUDIO = 3000  # characters of the studio's choices in a link
MAX_TEXT = 200  # characters of free text that a link may carry
# Fields that say how to show and what stands open; the others select.
SHOWN = ("lang", "level", "metric", "method", "basis", "focus", "activity", "goal", "kind", "who", "studio", "version")
SPLIT = ("sdg", "target", "area", "status", "scope", "was", "now", "kind")  # codes: several may stand in one parameter
ELSEWHERE = "elsewhere"  # in ``was``: registered elsewhere than the rule puts it
YEARS = (1975, 2100)  # years that a link may name


@dataclass(frozen=True, slots=True)
class Filters:
    """A view.  Within one field any value fits; between fields all must.

    ``area`` holds P-codes of either level; ``was`` and ``now`` hold P-codes and scopes, as registered and after the
    rule whatever the view, and ``was`` also ``ELSEWHERE``, for what the rule moved; ``years`` is "" or "2015-2020";
    ``undated`` keeps activities without a date under a year filter; ``on`` is a day (ISO 8601) on which an activity is
    active as far as its dates are known; ``basis`` names the one budget basis that money is counted in.  ``focus`` is
    the area, ``activity`` the activity and ``goal`` the goal that stand open; they select nothing.  ``kind`` selects
    news alone.  ``who`` is what is open on the partners' page: "agency:WFP", "donor:Japan",
    "partner:Ministry of Health" or one of ``WHO_LISTS``.  ``version`` keeps a view to the data of one version
    (``Dataset.pin``); "" is the newest.
    """

    sdg: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    agency: tuple[str, ...] = ()
    donor: tuple[str, ...] = ()
    partner: tuple[str, ...] = ()
    area: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()
    was: tuple[str, ...] = ()
    now: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    years: str = ""
    undated: str = ""
    on: str = ""
    q: str = ""
    lang: str = "en"
    view: str = "corrected"
    level: str = "adm1"
    metric: str = "activities"
    method: str = "range"
    basis: str = "stated total"
    focus: str = ""
    activity: str = ""
    who: str = ""
    goal: str = ""
    studio: str = ""
    version: str = ""

    @property
    def span(self) -> tuple[int, int] | None:
        """The first and last year asked for, or None."""
        first, _, last = self.years.partition("-")
        return (int(first), int(last or first)) if first else None

    def to_query(self) -> dict[str, list[str]]:
        """Return plain query parameters; what equals the default is left out, so that links stay short."""
        query = {}
        for item in fields(self):
            value = getattr(self, item.name)
            if value != item.default:
                query[item.name] = list(value) if isinstance(value, tuple) else [value]
        return query

    def to_link(self, always: Iterable[str] = ()) -> str:
        """Return the query string with its question mark, "" for the default view; ``always`` names what stays."""
        query = urlencode({name: getattr(self, name) for name in always} | self.to_query(), doseq=True)
        return f"?{query}" if query else ""

    def without_view(self) -> Filters:
        """Return only what selects activities, with the way of showing them set to its defaults."""
        plain = Filters()
        return replace(self, **{name: getattr(plain, name) for name in SHOWN})


def from_query(query: Query, dataset: Dataset | None = None) -> tuple[Filters, tuple[Problem, ...]]:
    """Read a link: what is understood is kept, and what is not becomes a problem.  Nothing is evaluated.

    With a ``dataset``, agencies, donors and partners that it lacks are problems too.
    """
    problems: list[Problem] = []
    values: dict[str, tuple[str, ...] | str] = {}
    for item in fields(Filters):
        given = _given(query.get(item.name, ()), split=item.name in SPLIT)
        allowed = [value for value in given if _understood(item.name, value, dataset, problems)]
        if isinstance(item.default, tuple):
            values[item.name] = tuple(dict.fromkeys(_sorted(item.name, allowed)))
        elif allowed:
            values[item.name] = allowed[-1]
    return Filters(**values), tuple(problems)  # type: ignore[arg-type]


def _given(raw: Sequence[str], *, split: bool) -> list[str]:
    """Return the values of one parameter; codes may also stand in one parameter with commas between."""
    texts = [raw] if isinstance(raw, str) else list(raw)
    parts = [part for text in texts for part in (text.split(",") if split else [text])]
    return [part.strip() for part in parts if part.strip()]


def _sorted(name: str, values: list[str]) -> list[str]:
    return sorted(values, key=lambda value: (int(value) if name == "sdg" else 0, value))


def _choices(name: str, dataset: Dataset | None) -> Iterable[str] | None:
    """Return the values that a parameter may take, or None where that is not a list."""
    fixed: dict[str, Iterable[str]] = {
        "sdg": [str(goal.number) for goal in codes.goals()],
        "goal": [str(goal.number) for goal in codes.goals()],
        "status": [status.code for status in codes.statuses()] + ["none"],
        "scope": SCOPES,
        "kind": news.KINDS,
        "view": VIEWS,
        "level": LEVELS,
        "metric": METRICS,
        "method": METHODS,
        "undated": ("1",),
        "lang": pack.settings().languages,
    }
    if name in fixed:
        return fixed[name]
    if name in ("area", "focus", "was", "now"):
        scopes = (*SCOPES, ELSEWHERE) if name == "was" else SCOPES if name == "now" else ()
        return (*gazetteer.all_areas("adm1"), *gazetteer.all_areas("adm2"), *scopes)
    if dataset is None:
        return None
    columns = {
        "agency": dataset.agencies,
        "donor": dataset.donors,
        "partner": dataset.implementers,
        "basis": dataset.basis,
    }
    if name in columns:
        return columns[name].names
    if name == "who":
        return (*WHO_LISTS, *(f"{kind}:{code}" for kind in WHO_KINDS for code in columns[kind].names))
    return dataset.index if name == "activity" else None


def _understood(name: str, value: str, dataset: Dataset | None, problems: list[Problem]) -> bool:
    expected = ""
    choices = _choices(name, dataset)
    if choices is not None and value not in choices:
        shown = list(choices)
        expected = f"one of {', '.join(shown[:20])}" + (" …" if len(shown) > 20 else "")
    elif name == "years" and not _is_span(value):
        expected = "a year or two years, such as 2015 or 2015-2020"
    elif name == "on" and not _is_day(value):
        expected = "a day, such as 2025-06-30"
    elif name == "target" and not codes.is_target(value):
        expected = "a target of the goals, such as 6.1"
    elif name == "q" and len(value) > MAX_TEXT:
        expected = f"at most {MAX_TEXT} characters"
    elif name == "version" and not _is_version(value, dataset):
        expected = "the number of a version that was shown"
    elif name == "studio" and len(value) > MAX_STUDIO:
        expected = f"at most {MAX_STUDIO} characters"
    if expected:
        fix = "It is left out of this view; correct the link or choose in the filters."
        problems.append(Problem("unknown_filter", 0, name, value, expected, fix))
    return not expected


def _is_span(value: str) -> bool:
    first, _, last = value.partition("-")
    parts = (first, last or first)
    if not all(part.isascii() and part.isdigit() and len(part) == 4 for part in parts):
        return False
    return YEARS[0] <= int(parts[0]) <= int(parts[1]) <= YEARS[1]


def _is_version(value: str, dataset: Dataset | None) -> bool:
    if dataset is not None:
        return value == dataset.pin
    return value == EMBEDDED or (value.isascii() and value.isdigit() and len(value) <= 9)


def _is_day(value: str) -> bool:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return False
    return value == day.isoformat() and YEARS[0] <= day.year <= YEARS[1]


def facets(dataset: Dataset, filters: Filters) -> dict[str, Mask]:
    """Return, for each field that filters, the rows that it alone keeps."""
    places = dataset.places(filters.view)
    masks: dict[str, Mask] = {}
    columns = {
        "sdg": dataset.goals,
        "target": dataset.targets,
        "agency": dataset.agencies,
        "donor": dataset.donors,
        "partner": dataset.implementers,
    }
    for name, column in columns.items():
        if wanted := getattr(filters, name):
            masks[name] = column.any_of(wanted)
    if filters.area:
        masks["area"] = places.adm1.any_of(filters.area) | places.adm2.any_of(filters.area)
        if filters.view == "difference":
            before = dataset.registered
            masks["area"] |= before.adm1.any_of(filters.area) | before.adm2.any_of(filters.area)
    if filters.status:
        masks["status"] = dataset.status.any_of(filters.status)
        if "none" in filters.status:
            masks["status"] |= ~dataset.status.words.any(axis=1)
    if filters.scope:
        masks["scope"] = places.of_scope(filters.scope)
    masks |= _sides(dataset, filters)
    if span := filters.span:
        first, last = span
        active = (dataset.first_year <= last) & (dataset.last_year >= first) & (dataset.first_year > 0)
        masks["years"] = active | (dataset.first_year == 0) if filters.undated else active
    if filters.on:
        day = date.fromisoformat(filters.on).toordinal()
        active = (dataset.days[:, 0] <= day) & (dataset.days[:, 1] >= day) & (dataset.days[:, 0] > 0)
        masks["on"] = active | (dataset.first_year == 0) if filters.undated else active
    if words := fold(filters.q).split():
        masks["q"] = np.array([all(word in text for word in words) for text in dataset.haystacks], dtype=bool)
    return masks


def _sides(dataset: Dataset, filters: Filters) -> dict[str, Mask]:
    """Return the rows that the places before and after the rule keep, whatever the view."""
    masks = {}
    if filters.was:
        masks["was"] = dataset.registered.stands_in(filters.was)
        if ELSEWHERE in filters.was:
            masks["was"] |= moved(dataset)
    if filters.now:
        masks["now"] = dataset.corrected.stands_in(filters.now)
    return masks


def moved(dataset: Dataset) -> Mask:
    """Return the rows that the rule puts elsewhere than they are registered."""
    return dataset.registered.differs(dataset.corrected)


def apply(dataset: Dataset, filters: Filters) -> Mask:
    """Return the rows that the filters keep, as a mask of shape (activities,)."""
    return keep(facets(dataset, filters), len(dataset))


def without_district(dataset: Dataset, filters: Filters) -> Mask:
    """Return the rows of the view that are in a province of it and in no district there: no map by district has them.

    The provinces of a view are those of its area filter, or all; a district of the filter is one of its districts.
    """
    named = filters.area or gazetteer.all_areas("adm1")
    provinces = [code for code in named if gazetteer.level(code) == "adm1"]
    districts = [code for code in named if gazetteer.level(code) != "adm1"]
    districts += [code for province in provinces for code in gazetteer.children(province)]
    places = dataset.places(filters.view)
    return apply(dataset, filters) & places.adm1.any_of(provinces) & ~places.adm2.any_of(districts)


def keep(masks: Mapping[str, Mask], rows: int, leaving_out: str = "") -> Mask:
    """Return the rows that all masks keep, that of the field ``leaving_out`` apart."""
    kept = np.ones(rows, dtype=bool)
    for name, mask in masks.items():
        if name != leaving_out:
            kept &= mask
    return kept


def parse_link(text: str) -> Query:
    """Return the parameters of a link or query string.

    Raises:
        UnknownCodeError: when ``text`` has no query part that can be read.
    """
    from urllib.parse import parse_qs, urlsplit

    try:
        return parse_qs(urlsplit(text).query, max_num_fields=200)
    except ValueError as error:
        raise UnknownCodeError(f"The link {text[:80]!r} cannot be read: {error}. Copy it again.") from error
