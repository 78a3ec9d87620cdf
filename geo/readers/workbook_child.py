"""Floor 1: the part of the workbook reader that touches the file's bytes; it runs confined.

Before calamine sees a workbook, every member of the archive is unpacked and looked at, counting: sizes that lie,
document types, and cells so far out that a table with them would fill the memory.
"""

from __future__ import annotations

import codecs
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import python_calamine
from lxml import etree

from geo.errors import InputError

codecs.lookup("cp437")  # how old archives spell names; once the child is confined no module can be loaded
MAX_MEMBERS = 5_000
MAX_UNPACKED = 400 * 1024 * 1024  # bytes of all members
MAX_AREA = 6_000_000  # cells from A1 to the last one: 260,000 rows of the template
MAX_TEXT = 150_000_000  # characters that all cells together may come to
MAX_ERRORS = 50  # cells with an error that are told one by one
CHUNK = 1 << 20
OVERLAP = 256  # bytes kept so that what stands across two chunks is seen

_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_WIDE = re.compile(rb"<\x00!\x00(?:D\x00O\x00C|E\x00N\x00T)", re.IGNORECASE)  # in UTF-16 of either order
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Z]{0,3})([0-9]{1,7})["']""")
_ERROR = re.compile(rb"""<(?:\w+:)?c\s[^>]*\bt\s*=\s*["']e["'][^>]*>""")


@dataclass(slots=True)
class _Extent:
    """How far a sheet reaches, and where its cells hold errors."""

    rows: int = 0
    columns: int = 0
    errors: list[str] = field(default_factory=list)

    def area(self) -> int:
        """Return the cells from A1 to the last one."""
        return self.rows * self.columns


def cells(data: bytes, name: str) -> Iterator[Any]:
    """Yield, for each sheet, ``[name, visible, note, errors]``, then its rows, ``[row, [text, ...], [column, ...]]``.

    A note says why a sheet's rows are not there; ``errors`` are places of cells with an error, such as "E5".  The
    columns of a row are those, from 0, whose cell is a number that ends in .1: 16.10 is the same number.

    Raises:
        InputError: when the archive is hostile or damaged.
    """
    extents = look(data, name)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        paths = _paths(data)
        left = MAX_TEXT
        for sheet in book.sheets_metadata:
            if sheet.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            extent = extents.get(paths.get(sheet.name, "")) or max(
                extents.values(), key=_Extent.area, default=_Extent()
            )
            large = extent.area() > MAX_AREA
            note = f"{extent.rows:,} rows x {extent.columns:,} columns" if large else ""
            visible = sheet.visible == python_calamine.SheetVisibleEnum.Visible
            yield [sheet.name, visible, note, extent.errors]
            if large:
                continue
            for row in _rows(book, sheet.name):
                left -= sum(map(len, row[1]))
                if left < 0:
                    raise InputError(f"{name} holds more than {MAX_TEXT:,} letters. Split it, or save it as CSV.")
                yield row
    except python_calamine.PasswordError as error:
        raise InputError(f"{name} is protected by a password. Save a copy without one and upload that.") from error
    except (python_calamine.CalamineError, etree.XMLSyntaxError) as error:
        raise InputError(f"{name} is a damaged workbook ({error}). Open it, save it as .xlsx and upload it.") from error


def look(data: bytes, name: str) -> dict[str, _Extent]:
    """Unpack every member once, keeping nothing; return the extent of each sheet by its path in the archive.

    Raises:
        InputError: when there are too many members, too many bytes, a document type, or damage.
    """
    found: dict[str, _Extent] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > MAX_MEMBERS:
                raise InputError(
                    f"{name} packs {len(members):,} files; expected at most {MAX_MEMBERS:,}. Save it anew."
                )
            if sum(member.file_size for member in members) > MAX_UNPACKED:
                raise _too_large(name, sum(member.file_size for member in members))
            unpacked = 0
            for member in members:
                extent = _Extent()
                unpacked += _scan(archive, member, extent, name, MAX_UNPACKED - unpacked)
                if "worksheets/" in member.filename:
                    found[member.filename.lstrip("/")] = extent
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{name} is a damaged workbook ({error}). Open it, save it as .xlsx and upload it.") from error
    return found


def _scan(archive: zipfile.ZipFile, member: zipfile.ZipInfo, extent: _Extent, name: str, room: int) -> int:
    """Read one member to its end; return its size.

    Raises:
        InputError: when it has a document type or is larger than ``room``.
    """
    size, tail = 0, b""
    markup = member.filename.casefold().endswith((".xml", ".rels", ".vml"))
    with archive.open(member) as handle:
        while chunk := handle.read(CHUNK):
            size += len(chunk)
            if size > room:
                raise _too_large(name, size)
            if not markup:
                continue
            seen = tail + chunk
            if _DOCTYPE.search(seen) or _WIDE.search(seen):
                raise InputError(
                    f"{name} has a document type in {member.filename!r}, which no spreadsheet writes. "
                    "Open it in a spreadsheet, save it as .xlsx and upload that."
                )
            if "worksheets/" in member.filename:
                _measure(extent, seen)
            tail = seen[-OVERLAP:]
    return size


def _measure(extent: _Extent, seen: bytes) -> None:
    places = set(_PLACE.findall(seen))
    extent.rows = max(extent.rows, max((int(row) for _letters, row in places), default=0))
    extent.columns = max(extent.columns, max((_column(letters) for letters, _row in places), default=0))
    for cell in _ERROR.findall(seen):
        at = _PLACE.search(cell)
        place = (at.group(1) + at.group(2)).decode() if at else ""
        if place and place not in extent.errors and len(extent.errors) < MAX_ERRORS:
            extent.errors.append(place)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _too_large(name: str, size: int) -> InputError:
    got = f"{name} unpacks to more than {size // 1024 // 1024:,} MB"
    return InputError(f"{got}; expected at most {MAX_UNPACKED // 1024 // 1024}. Split it, or save it as CSV.")


def _paths(data: bytes) -> dict[str, str]:
    """Return the archive's path of each sheet by its name, from the workbook's list and its relations."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = {name.casefold(): name for name in archive.namelist()}
        if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names.keys():
            return {}
        book, relations = (
            etree.fromstring(archive.read(names[path]), etree.XMLParser(resolve_entities=False, no_network=True))
            for path in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
        )
    targets = {
        one.get("Id"): (one.get("Target") or "").removeprefix("/") for one in relations.iterfind("{*}Relationship")
    }
    found = {}
    for sheet in book.iterfind("{*}sheets/{*}sheet"):
        ids = (value for key, value in sheet.attrib.items() if key.endswith("}id"))
        target = targets.get(next(ids, None), "")
        found[sheet.get("name") or ""] = target if target.startswith("xl/") else f"xl/{target}"
    return found


def _rows(book: Any, name: str) -> Iterator[list[Any]]:
    """Yield the filled rows of a sheet, as a person counts them from 1, cells to the last one that is filled."""
    sheet = book.get_sheet_by_name(name)
    for number, row in enumerate(sheet.iter_rows(), start=1):
        found = [as_text(value) for value in row]
        while found and not found[-1]:
            found.pop()
        if found:
            short = [at for at, value in enumerate(row) if isinstance(value, float) and found[at].endswith(".1")]
            yield [number, found, short]


def as_text(value: object) -> str:
    """Return a cell as a person would type it: dates in ISO 8601, numbers in digits as exact as Excel shows them."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        number = format(Decimal(format(value, ".15g")), "f")
        return number.rstrip("0").rstrip(".") if "." in number else number
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, timedelta) else ""
