"""Floor 5.2: what the search box finds: areas, goals, agencies, donors, partners, activities and news as documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from geo import codes, gazetteer, pack, place_names
from geo.code_columns import Codes
from geo.dataset import Dataset
from geo.fold import fold
from geo.news import News

KINDS = ("area", "goal", "agency", "donor", "partner", "activity", "news")  # the order of the groups on a page


@dataclass(frozen=True, slots=True)
class Document:
    """One thing to find.

    ``key`` is a P-code, a goal's number, an agency's code, a donor's or partner's name, an activity's id or a row of
    the news; ``count`` the activities that it has (areas, goals, agencies, donors, partners), -1 where none is said.
    ``aliases``, ``body`` and ``places`` are folded text to search in; ``places`` holds P-codes.
    """

    kind: str
    key: str
    name_en: str
    name_lo: str = ""
    count: int = -1
    url: str = ""
    detail: str = ""
    aliases: str = ""
    body: str = ""
    places: str = ""


def documents(data: Dataset, news: News) -> tuple[Document, ...]:
    """Return all documents in the order of ``KINDS``."""
    return (
        *_areas(data),
        *_goals(data),
        *_agencies(data),
        *_names("donor", data.donors, data, _donor_aliases()),
        *_names("partner", data.implementers, data, {}),
        *_activities(data),
        *_news(news),
    )


def _folded(texts: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(filter(None, map(fold, texts))))


def place_keys(pcodes: Iterable[str]) -> str:
    """Return P-codes and those of their provinces as words of an index."""
    return " ".join(fold(code) for code in sorted({*pcodes, *map(gazetteer.province, pcodes)}))


def _counts(column: Codes, data: Dataset) -> dict[str, int]:
    counts = column.counts(np.ones(len(data), dtype=bool))
    return dict(zip(column.names, (int(count) for count in counts), strict=True))


@cache
def _spellings() -> dict[str, tuple[str, ...]]:
    """Return every spelling of each area by P-code, with its spaces where a table has them, and without."""
    settings = pack.settings()
    found: dict[str, list[str]] = {}
    for row in pack.rows(settings.data["adm1_aliases"]):
        found.setdefault(row["pcode"], []).append(row["alias"])
    for row in pack.rows(place_names.words()["tables"]["extra_aliases"]):
        found.setdefault(row["pcode"], []).append(row["alias"])
    for row in pack.rows(settings.data["adm2_names"]):
        columns = ("name_cod", "name_en_alt", *place_names.LOCAL_COLUMNS)
        found.setdefault(row["adm2_pcode"], []).extend(row[column] for column in columns)
    for key, senses in place_names.tables().index.items():
        for code in senses.codes:
            found.setdefault(code, []).append(key)
    return {code: tuple(names) for code, names in found.items()}


def _areas(data: Dataset) -> Iterator[Document]:
    for level in ("adm1", "adm2"):
        counts = _counts(data.corrected.codes(level), data)
        for pcode in gazetteer.all_areas("adm2" if level == "adm2" else "adm1"):
            found = gazetteer.names(pcode)
            yield Document(
                "area",
                pcode,
                found.name_en,
                found.name_lo,
                counts[pcode],
                detail=found.parent if level == "adm2" else "",
                aliases=_folded(_spellings().get(pcode, ())),
                places=fold(pcode),
            )


def _goals(data: Dataset) -> Iterator[Document]:
    counts = _counts(data.goals, data)
    for goal in codes.goals():
        number = str(goal.number)
        names = (f"SDG {number}", f"SDG{number}", f"goal {number}", goal.short_en, goal.short_lo)
        yield Document("goal", number, goal.name_en, goal.name_lo, counts[number], aliases=_folded(names))


def _agencies(data: Dataset) -> Iterator[Document]:
    counts = _counts(data.agencies, data)
    known = {agency.code: agency for agency in codes.agencies()}
    for code, count in counts.items():
        agency = known.get(code)
        aliases = _folded((code, *codes.agency_names(code)))
        name, local = (agency.name_en, agency.name_lo) if agency else (code, "")
        yield Document("agency", code, name, local, count, aliases=aliases)


@cache
def _donor_aliases() -> dict[str, str]:
    return {row["name"]: _folded(row["aliases"].split("|")) for row in pack.rows("codes/donors.csv")}


def _names(kind: str, column: Codes, data: Dataset, aliases: dict[str, str]) -> Iterator[Document]:
    for name, count in _counts(column, data).items():
        local = codes.donor_names().get(name, "") if kind == "donor" else ""
        yield Document(kind, name, name, local, count, aliases=aliases.get(name, ""))


def _activities(data: Dataset) -> Iterator[Document]:
    for row, activity in enumerate(data.activities):
        areas = data.corrected.decisions[row].areas
        yield Document(
            "activity",
            activity.activity_id,
            activity.title,
            detail=", ".join(activity.agencies),
            body=data.haystacks[row],
            places=place_keys(areas),
        )


def _news(news: News) -> Iterator[Document]:
    for item in news.items:
        names = (*item.agencies, *(name for code in item.agencies for name in codes.agency_names(code)))
        yield Document(
            "news",
            str(item.row),
            item.title,
            url=item.url,
            detail=item.kind,
            body=_folded((*names, str(item.date or ""), item.published)),
            places=place_keys((*item.areas, *item.beside)),
        )
