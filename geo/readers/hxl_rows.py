"""Floor 1: rows under HXL hashtags -> rows under our own columns: places put together, and rows of one activity."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from geo.errors import Problem, shorten
from geo.fields import LISTS, Fields
from geo.fold import squeeze
from geo.readers import RawRow, areas
from geo.readers.hxl_tags import COUNTRY, LATITUDE, LONGITUDE, PASSED

MADE_ID = "hxl-"
DIGITS = 12
_SEPARATORS = re.compile(r"[|;\n]")
_CODE_SEPARATORS = re.compile(r"[|;,\s]+")  # no code has a comma or a space in it


@dataclass(frozen=True, slots=True)
class Made:
    """Rows under our columns, the columns that come of several hashtags together, and the problems."""

    rows: tuple[RawRow, ...]
    problems: tuple[Problem, ...]
    filled: frozenset[str]


def build(
    records: Iterable[tuple[int, Sequence[str]]], columns: Sequence[tuple[int, str]], lists: Set[int] = frozenset()
) -> Made:
    """Return the rows of this country.

    ``columns`` are (position, column as ``hxl_tags.column`` names it); ``lists`` are the positions whose cells hold
    several values with ``|`` between them.
    """
    has_id = any(column == Fields.ACTIVITY_ID for _position, column in columns)
    problems: list[Problem] = []
    rows: list[RawRow] = []
    read = abroad = 0
    for number, cells in records:
        read += 1
        parts = _parts(cells, columns, lists)
        if not _is_ours(parts.get(COUNTRY, [])):
            abroad += 1
            continue
        row = _row(number, parts, problems)
        if not has_id:
            row.cells[Fields.ACTIVITY_ID] = _made_id(row.cells)
        rows.append(row)
    merged = list(_merge(rows, problems)) if has_id else rows
    problems += _told(read, abroad, len(rows), len(merged), has_id)
    published = any(column.partition("+")[0] in ("loc", "adm1", "adm2") for _position, column in columns)
    return Made(tuple(merged), tuple(problems), frozenset({str(Fields.LOCATIONS)} if published else ()))


def _parts(cells: Sequence[str], columns: Sequence[tuple[int, str]], lists: Set[int]) -> dict[str, list[str]]:
    """Return the texts of each column; two hashtags of one meaning give two."""
    found: dict[str, list[str]] = {}
    for position, column in columns:
        text = cells[position].strip() if position < len(cells) else ""
        text = text.replace("|", ";") if position in lists else text
        if column != PASSED:
            found.setdefault(column, []).extend([text] if text else [])
    return found


def _is_ours(countries: Sequence[str]) -> bool:
    return not countries or any(squeeze(one) in areas.country_words() for one in countries)


def _row(number: int, parts: Mapping[str, list[str]], problems: list[Problem]) -> RawRow:
    cells: dict[str, str] = {}
    for field in Fields:
        texts = list(dict.fromkeys(parts.get(field, ())))
        if field not in LISTS and len(texts) > 1:
            problems.append(_differ(number, field, texts))
            texts = texts[:1] if field in (Fields.TITLE, Fields.ACTIVITY_ID) else []
        cells[str(field)] = ";".join(texts)
    cells[Fields.LOCATIONS] = ";".join(dict.fromkeys(_places(number, parts, problems)))
    spots = list(zip(parts.get(LATITUDE, ()), parts.get(LONGITUDE, ()), strict=False))
    cells[Fields.POINTS] = ";".join(filter(None, [cells[Fields.POINTS], *(f"{north} {east}" for north, east in spots)]))
    return RawRow(number, cells)


def _places(number: int, parts: Mapping[str, list[str]], problems: list[Problem]) -> Iterator[str]:
    """Yield the places of a row: as published where a column says so, else the finest that are coded or named."""
    if "loc+published" in parts:
        yield from parts["loc+published"]
        return
    names = {tag: list(_split(parts.get(tag, ()))) for tag in ("adm1", "adm2", "loc")}
    coded = {tag: list(_split(parts.get(f"{tag}+code", ()), _CODE_SEPARATORS)) for tag in ("adm1", "adm2", "loc")}
    finest = [areas.codes().get(one.upper(), one) for one in (*coded["loc"], *coded["adm2"])]
    finest += [
        code
        for code in (areas.codes().get(one.upper(), one) for one in coded["adm1"])
        if not any(one.startswith(code) for one in finest) and not (names["adm2"] and not coded["adm2"])
    ]
    for name in (*names["adm2"], *names["adm1"]):
        if finest and areas.contradict(areas.named(name), finest):
            problems.append(_contradiction(number, name, finest))
    inside = finest or _named(names["adm2"], names["adm1"] or coded["adm1"])
    if len(inside) == 1:
        yield from ([f"{one}, {inside[0]}" for one in names["loc"]] or inside)
    else:
        yield from (*names["loc"], *inside)


def _named(districts: list[str], provinces: list[str]) -> list[str]:
    if districts and len(provinces) == 1:
        return [f"{one}, {provinces[0]}" for one in districts]
    return districts or provinces


def _split(texts: Iterable[str], at: re.Pattern[str] = _SEPARATORS) -> Iterator[str]:
    for text in texts:
        yield from (part.strip() for part in at.split(text) if part.strip())


def _made_id(cells: Mapping[str, str]) -> str:
    """Return an id that the same row gets in every version of its file, wherever it stands there."""
    text = "\x1f".join(cells[str(field)] for field in Fields if field != Fields.ACTIVITY_ID)
    return MADE_ID + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:DIGITS]


# ---- rows of one activity


def _merge(rows: Sequence[RawRow], problems: list[Problem]) -> Iterator[RawRow]:
    """Put rows of one id and one title together; others of one id are left for intake to report."""
    groups: dict[tuple[str, str], list[RawRow]] = {}
    for row in rows:
        key = (row.cells[Fields.ACTIVITY_ID], row.cells[Fields.TITLE])
        groups.setdefault(key if key[0] else ("", str(row.row)), []).append(row)
    for group in groups.values():
        yield group[0] if len(group) == 1 else _one(group, problems)


def _one(group: Sequence[RawRow], problems: list[Problem]) -> RawRow:
    cells: dict[str, str] = {}
    for field in Fields:
        texts = [text for text in dict.fromkeys(row.cells[str(field)] for row in group) if text]
        if field in LISTS:
            texts = list(dict.fromkeys(part for text in texts for part in _split([text])))
        elif len(texts) > 1:
            problems.append(_differ(group[0].row, field, texts))
            texts = []
        cells[str(field)] = ";".join(texts)
    return RawRow(group[0].row, cells)


# ---- what is told


def _told(read: int, abroad: int, rows: int, activities: int, has_id: bool) -> Iterator[Problem]:
    if abroad:
        fix = "Nothing is to be done: rows of other countries are no rows of this map."
        told = f"{abroad:,} of {read:,} rows"
        yield Problem("passed_over", 0, "#country", told, "rows of this country", fix)
    if activities < rows:
        fix = "Nothing is to be done: rows of one id and name are one activity in several areas."
        told = f"{rows:,} rows became {activities:,} activities"
        yield Problem("rows_merged", 0, "#activity+id", told, "a row for each activity", fix)
    if not has_id and rows:
        fix = "Tag a column #activity+id, so that a row whose words change stays the same activity."
        yield Problem("made_ids", 0, "#activity+id", "no column of ids", "an id of each activity", fix)


def _differ(row: int, field: str, texts: Sequence[str]) -> Problem:
    told = tuple(shorten(text) for text in texts)
    fix = "Make them the same; the value is left out until then."
    return Problem("values_differ", row, str(field), "; ".join(told), "one value", fix, candidates=told)


def _contradiction(row: int, name: str, pcodes: Sequence[str]) -> Problem:
    known = [one for one in pcodes if one in areas.codes()]
    told = (*map(areas.label, sorted(areas.named(name))), *map(areas.label, known))
    fix = "Correct the name or the code; the code was used."
    return Problem(
        "name_and_code_differ", row, str(Fields.LOCATIONS), name, "a name of the same area", fix, candidates=told
    )
