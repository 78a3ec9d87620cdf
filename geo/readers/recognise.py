"""Floor 1: what a file is, told by its content alone, and the reader of each kind.

A name's ending proves nothing, so none is looked at; a person who knows better overrules the kind.
"""

from __future__ import annotations

import csv
import importlib
import io
import re
import zipfile
from collections.abc import Callable, Sequence

from geo.errors import InputError
from geo.readers import RawTable, columns, delimited, table, uninfo, workbook
from geo.readers.source import Data, FileBytes

Reader = Callable[[bytes, str], RawTable]
HEAD_BYTES = 65_536  # of a text: enough for a header, a tag row and a long XML comment
MARKUP = "?"  # the root of XML that does not come to its root
# What people send by mistake, by its first bytes, and what to do about it.
STRANGERS = (
    (b"\xd0\xcf\x11\xe0", "an old or password-protected Office file", "In Excel save it as .xlsx without a password."),
    (b"%PDF", "a PDF", "Upload the spreadsheet that it was printed from."),
    (b"\x1f\x8b", "a gzip archive", "Unpack it and upload the file inside."),
)
VECTOR_MARKS = {b"PAR1": "geoparquet", b"SQLite format 3\x00": "geopackage"}

_TAG = re.compile(r"#[a-z][a-z0-9_]*(\s*\+\s*!?[a-z][a-z0-9_]*)*", re.IGNORECASE)
_PROLOGUE = re.compile(r"\s*(<\?.*?\?>|<!--.*?-->|<!DOCTYPE(?:[^\[>]|\[.*?\])*>)", re.DOTALL | re.IGNORECASE)
_ROOT = re.compile(r"\s*<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)")
_JSON = re.compile(r"\s*(\{\s*[\"}]|\[\s*[\[{\"\]])")


def _late(module: str) -> Reader:
    """Return the reader of a module that is imported when its first file comes: most runs read one kind of file."""

    def read(data: bytes, name: str) -> RawTable:
        reader: Reader = importlib.import_module(module).read
        return reader(data, name)

    return read


def read_csv(data: Data, name: str) -> RawTable:
    """Read activities as delimited text.

    Raises:
        InputError: when it is no such text.
    """
    return delimited.read(data, name, columns.header)


READERS: dict[str, Reader] = {
    "csv": read_csv,
    "xlsx": workbook.read,
    "iati": _late("geo.readers.iati"),
    "hxl": _late("geo.readers.hxl"),
    "uninfo": uninfo.read,
    "geojson": _late("geo.readers.geojson"),
    "geopackage": _late("geo.readers.vector"),
    "geoparquet": _late("geo.readers.vector"),
}


# Kinds of which a sheet may be chosen.
SHEETED: dict[str, Callable[[bytes, str, str], RawTable]] = {"xlsx": workbook.read, "uninfo": uninfo.read}


def read(data: bytes, name: str, kind: str = "", sheet: str = "") -> RawTable:
    """Read a file by the reader of its kind; ``kind`` overrules what the content says, ``sheet`` which sheet is read.

    Raises:
        InputError: when the kind is none that is read, or the reader cannot use the file.
    """
    try:
        chosen = kind or recognise(data, name)
        if chosen not in READERS:
            raise InputError(f"{name}: got kind {chosen!r}; expected one of {', '.join(READERS)}. Choose one of these.")
        if sheet and chosen in SHEETED:
            return SHEETED[chosen](data, name, sheet)
        return READERS[chosen](data, name)
    finally:
        workbook.sheets.cache_clear()


def read_file(data: FileBytes, name: str) -> RawTable:
    """Read a file on disk; delimited text and IATI a piece at a time whenever one goes through the rows.

    Raises:
        InputError: as ``read``.
    """
    kind = recognise(data, name)
    if kind == "csv":
        return read_csv(data, name)
    if kind == "iati":
        from geo.readers import iati  # late, as by ``_late``

        return iati.read(data, name)
    return read(data[:], name, kind)


def recognise(data: Data, name: str) -> str:
    """Return the kind of a file, a key of ``READERS``.

    Raises:
        InputError: when it is none of the kinds; says what it looks like and what to do.
    """
    if data.startswith(workbook.ZIP_MARKS):
        whole = data[:]
        _zip_kind(whole, name)
        heads = [[cells for _row, cells in one.rows[: table.HEAD_ROWS]] for one in workbook.sheets(whole, name)]
        return next((kind for head in heads if (kind := table_kind(head, "")) != ""), "xlsx")
    for mark, what, advice in STRANGERS:
        if data.startswith(mark):
            raise _not_read(name, what, advice)
    for mark, kind in VECTOR_MARKS.items():
        if data.startswith(mark):
            return kind
    text = _head(data, name)
    if root := _xml_root(text):
        if root.casefold() in ("iati-activities", "iati-activity"):
            return "iati"
        what = f"XML whose root is {root!r}" if root != MARKUP else "XML without a root within its first letters"
        raise _not_read(name, what, "Upload the IATI activities, whose root is 'iati-activities'.")
    return "geojson" if _JSON.match(text) else table_kind(_records(text), "csv")


def table_kind(records: Sequence[Sequence[str]], plain: str) -> str:
    """Return what the first rows of a table say that it is: "hxl", "uninfo" or ``plain``."""
    head = records[: table.HEAD_ROWS]
    if any(map(is_tag_row, head)):
        return "hxl"
    filled = [(row, cells) for row, cells in enumerate(head, start=1) if any(map(str.strip, cells))]
    return "uninfo" if uninfo.recognised(filled) else plain


def is_tag_row(record: Sequence[str]) -> bool:
    """Tell whether half of the filled cells or more are HXL hashtags with their attributes."""
    filled = [cell.strip() for cell in record if cell.strip()]
    return bool(filled) and 2 * sum(map(bool, map(_TAG.fullmatch, filled))) >= len(filled)


def _zip_kind(data: bytes, name: str) -> None:
    """Look whether an archive is a workbook.

    Raises:
        InputError: when it is not; says what it looks like.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {member.casefold() for member in archive.namelist()}
    except (zipfile.BadZipFile, NotImplementedError, ValueError, UnicodeDecodeError) as error:
        raise _not_read(name, f"a damaged archive ({error})", "Save it again and upload it anew.") from error
    if any(member.startswith("xl/") for member in members):
        return
    if any(member.endswith(".shp") for member in members):
        raise _not_read(name, "a zipped shapefile", "Boundaries have an upload of their own.")
    if "content.xml" in members:
        raise _not_read(name, "an OpenDocument file", "Save it as .xlsx or as CSV.")
    raise _not_read(name, "an archive without a workbook", "Unpack it and upload the file inside.")


def _head(data: Data, name: str) -> str:
    """Return the beginning of a text; the byte order mark and half a letter at the cut are left out."""
    sample = data[:HEAD_BYTES]
    for trim in range(4 if len(data) > HEAD_BYTES else 1):
        try:
            text, encoding = delimited.decode(sample[: len(sample) - trim], name)
        except InputError:
            if trim == 3 or len(data) <= HEAD_BYTES:
                raise
            continue
        if encoding != delimited.FALLBACK_ENCODING:
            return text.removeprefix("\ufeff")
    return delimited.decode(sample, name)[0]


def _xml_root(text: str) -> str:
    """Return the name of the root element, or "" when the text is no XML."""
    at = 0
    while found := _PROLOGUE.match(text, at):
        at = found.end()
    if root := _ROOT.match(text, at):
        return root.group(1)
    return MARKUP if re.match(r"\s*<[?!]", text) else ""


def _records(text: str) -> list[list[str]]:
    """Return the first rows of delimited text, as far as they can be read."""
    found: list[list[str]] = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimited.delimiter_of(text)):
            found.append(record)
            if len(found) == table.HEAD_ROWS:
                break
    except csv.Error:  # the reader itself says what is wrong
        pass
    return found


def _not_read(name: str, what: str, advice: str) -> InputError:
    return InputError(
        f"{name or 'The file'} is {what}. Expected CSV, XLSX, IATI activities, HXL, a UN INFO export, GeoJSON, "
        f"GeoPackage or GeoParquet. {advice}"
    )
