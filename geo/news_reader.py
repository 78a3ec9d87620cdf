"""Floor 2: a file of news -> items with their dates, goals, agencies and places, and every problem.

The column of places is read through the gazetteer and never guessed: a venue ("Some Town (event)") says where
something was said, not what it is about, and a place named beside "national" is one example of it.  Such areas stand
in ``beside`` and are not counted on the map.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from urllib.parse import urlsplit

from geo import checks, gazetteer
from geo.errors import InputError, Problem
from geo.fields import Activity, Fields, PartialDate
from geo.readers import RawRow, RawTable, delimited

KINDS = ("story", "press-release", "news-article", "publication", "situation-report", "speech")
KIND = "kind"
# The columns of a file of news by the columns of activities whose rules of reading they share.
COLUMNS: Mapping[Fields, str] = MappingProxyType(
    {
        Fields.START_DATE: "date",
        Fields.TITLE: "title",
        Fields.LOCATIONS: "provinces",
        Fields.AGENCIES: "agencies",
        Fields.SDGS: "sdgs",
        Fields.SOURCE_URL: "source_url",
    }
)
_VENUE = re.compile(r"\((?:event|venue)\b[^)]*\)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NewsItem:
    """One item of news.

    ``kind`` is one of ``KINDS`` (an unknown one stays as it is spelled); ``scope`` is "subnational", "nationwide" or
    "unlocated"; ``areas`` are the P-codes that it is about, a district where the title names one of such a province;
    ``beside`` are areas named as a venue or beside the whole country; ``published`` is the text of places as published.
    """

    kind: str
    title: str
    date: PartialDate | None = None
    scope: str = "unlocated"
    areas: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    published: str = ""
    agencies: tuple[str, ...] = ()
    goals: tuple[int, ...] = ()
    url: str = ""
    row: int = 0

    @property
    def provinces(self) -> tuple[str, ...]:
        """The P-codes of level 1 that the item is about, sorted, each once."""
        return tuple(sorted({gazetteer.province(code) for code in self.areas}))

    @property
    def host(self) -> str:
        """The name of the site that the link leads to, "" where there is no link."""
        return (urlsplit(self.url).hostname or "").removeprefix("www.")


@dataclass(frozen=True, slots=True)
class News:
    """What a file of news gave, newest first.  ``len(items) + rejected == rows_read``; ``digest`` is its SHA-256."""

    items: tuple[NewsItem, ...]
    problems: tuple[Problem, ...]
    rows_read: int
    rejected: int
    digest: str


def read(data: bytes, name: str) -> News:
    """Read a file of news; one bad row never costs a good one.

    Raises:
        InputError: when the file is no text, or has no column ``title``.
    """
    table = delimited.read(data, name)
    problems = [*table.problems, *_column_problems(table, name)]
    items: list[NewsItem] = []
    seen: dict[tuple[str, str, str], int] = {}
    for raw in table.rows:
        item, found = _item(raw)
        problems += found
        if item is None:
            continue
        first = seen.setdefault((item.title, str(item.date or ""), item.url), item.row)
        if first != item.row:
            expected = f"an item of its own (row {first} is the same)"
            problems.append(
                Problem("duplicate_id", item.row, "title", item.title, expected, "Remove one of the two.", "error")
            )
            continue
        items.append(item)
    return News(
        items=tuple(sorted(items, key=_age)),
        problems=tuple(replace(one, file=name) for one in sorted(problems, key=lambda one: one.row)),
        rows_read=table.rows_read,
        rejected=table.rows_read - len(items),
        digest=hashlib.sha256(data).hexdigest(),
    )


def _column_problems(table: RawTable, name: str) -> list[Problem]:
    wanted = (KIND, *COLUMNS.values())
    if "title" not in table.columns:
        raise InputError(
            f"{name} has no column 'title'; got {', '.join(table.columns) or 'none'}. "
            f"Expected {', '.join(wanted)}; rename the column."
        )
    return [
        Problem("missing_column", 1, column, "", f"a column {column!r}", "Add the column, or go on without it.")
        for column in wanted
        if column not in table.columns
    ]


def _age(item: NewsItem) -> tuple[int, int]:
    return (-item.date.first.toordinal() if item.date else 0, item.row)


def _item(raw: RawRow) -> tuple[NewsItem | None, list[Problem]]:
    """Read one row by the rules of activities; the problems bear the columns of this file."""
    cells = {str(field): raw.cells.get(column, "") for field, column in COLUMNS.items()}
    found, problems = checks.check_row(raw.row, {**cells, str(Fields.ACTIVITY_ID): str(raw.row)})
    named = {str(field): column for field, column in COLUMNS.items()}
    out = [replace(one, column=named.get(one.column, one.column)) for one in problems]
    if found is None:
        return None, out
    kind = "-".join(raw.cells.get(KIND, "").casefold().split())
    if kind not in KINDS:
        known = ", ".join(one.replace("-", " ") for one in KINDS)
        out.append(
            Problem(
                "unknown_kind", raw.row, KIND, raw.cells.get(KIND, ""), f"one of {known}", "Use one of these words."
            )
        )
    scope, areas, beside, unclear = place(found.places)
    out += [replace(one, row=raw.row) for one in unclear]
    return _built(found, kind, raw.cells.get("provinces", ""), scope, _finer(areas, found.title), beside), out


def _built(
    found: Activity, kind: str, published: str, scope: str, areas: tuple[str, ...], beside: tuple[str, ...]
) -> NewsItem:
    return NewsItem(
        kind=kind,
        title=found.title,
        date=found.start,
        scope=scope,
        areas=areas,
        beside=beside,
        published=published.strip(),
        agencies=found.agencies,
        goals=found.goals,
        url=found.source_url,
        row=found.row,
    )


def place(parts: Sequence[str]) -> tuple[str, tuple[str, ...], tuple[str, ...], tuple[Problem, ...]]:
    """Return scope, areas, areas named beside, and a problem for each part that no name or several explain."""
    venues = [bool(_VENUE.search(part)) for part in parts]
    matches = gazetteer.match_all([_VENUE.sub("", part).strip() for part in parts])
    whole = any(match.kind == "country" for match in matches)
    about = {code for match, venue in zip(matches, venues, strict=True) if not venue for code in match.areas}
    said = {code for match, venue in zip(matches, venues, strict=True) if venue for code in match.areas}
    problems = tuple(
        Problem(
            f"{match.kind}_place",
            0,
            "provinces",
            part,
            "the name of one province or district",
            "Correct the spelling, or add the province.",
            candidates=tuple(f"{gazetteer.names(code).name_en} ({code})" for code in match.candidates),
        )
        for part, match in zip(parts, matches, strict=True)
        if match.kind in ("unknown", "ambiguous")
    )
    if whole:
        return "nationwide", (), tuple(sorted(about | said)), problems
    return ("subnational" if about else "unlocated"), tuple(sorted(about)), tuple(sorted(said - about)), problems


def _finer(areas: tuple[str, ...], title: str) -> tuple[str, ...]:
    """Return ``areas`` with a province replaced by its districts that the title names."""
    named = {code for mention in gazetteer.mentions(title) for code in mention.areas if code not in areas}
    inside = {code for code in named if gazetteer.level(code) == "adm2" and gazetteer.province(code) in areas}
    return tuple(sorted({*areas} - {gazetteer.province(code) for code in inside} | inside))
