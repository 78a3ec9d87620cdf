"""Floor 1: delimited text (RFC 4180 and its common relatives) -> raw text cells."""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from geo.errors import InputError, Problem
from geo.fields import GUARD, unguard
from geo.readers import RawTable, source, table
from geo.readers.source import Data
from geo.readers.table import Header, Record

DELIMITERS = (",", ";", "\t", "|")
BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
FALLBACK_ENCODING = "cp1252"  # what Excel on Western Windows writes as plain "CSV"
MAX_CELL = 1_000_000  # characters; Excel's own limit is 32,767
SAMPLE = 65_536  # bytes in which a header ends
HEAD_ROWS = 25  # rows that tell the delimiter
CHUNK = 1 << 20
csv.field_size_limit(MAX_CELL)


def read(data: Data, name: str = "", header: Header = table.first_filled, kind: str = "csv") -> RawTable:
    """Read delimited text; encoding and delimiter are detected and told in the result.

    Raises:
        InputError: when the bytes are not text, hold no header, or a quoted cell never ends.
    """
    encoding = encoding_of(data, name)
    with _stream(data, encoding) as text:
        delimiter = delimiter_of(text.read(SAMPLE))
    at = 0

    def records() -> Iterator[Record]:
        nonlocal at
        at = 0
        with _stream(data, encoding) as text:
            for cells in csv.reader(text, delimiter=delimiter, strict=True):
                at += 1
                yield at, cells

    try:
        made = table.build(records, kind, encoding, name, header=header, text=_text)
    except csv.Error as error:
        raise InputError(
            f"{name or 'The file'} cannot be read as delimited text from row {at + 1} on: {error}. "
            "Expected cells that contain quotes or line breaks to be quoted; save it again as CSV UTF-8."
        ) from error
    return replace(made, problems=(*_encoding_problems(encoding), *made.problems))


def decode(data: bytes, name: str = "") -> tuple[str, str]:
    """Return the text and the name of its encoding, as ``encoding_of`` finds it.

    Raises:
        InputError: when the bytes are not text.
    """
    encoding = encoding_of(data, name)
    return data.decode(encoding), encoding


def encoding_of(data: Data, name: str = "") -> str:
    """Return the encoding of a text: by byte order mark, else UTF-8, else UTF-16 or Windows-1252 by its bytes.

    Raises:
        InputError: when the bytes are not text.
    """
    marked = [encoding for mark, encoding in BYTE_ORDER_MARKS if data.startswith(mark)]
    wide = _wide(data) if not marked and b"\x00" in data else []
    for encoding in (*marked, *wide, "utf-8", FALLBACK_ENCODING):
        if _decodes(data, encoding):
            return encoding
    raise InputError(f"{name or 'The file'} is not text. Expected CSV in UTF-8; in Excel choose “CSV UTF-8”.")


def delimiter_of(text: str) -> str:
    """Return the delimiter under which most of the first rows have one and the same number of cells.

    A title above the header and lists within cells do not mislead it.
    """
    return max(DELIMITERS, key=lambda sign: _evenness(text, sign))


def _evenness(text: str, delimiter: str) -> tuple[bool, int, int, int]:
    """Return whether every quoted cell ends, how many of the first rows have the usual number of cells, how many more
    than one cell, and that number.

    Rows of one cell are not counted.
    """
    widths: Counter[int] = Counter()
    with contextlib.suppress(csv.Error):  # of a cell that is too long; the reader itself says so
        records = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        widths.update(len(record) for record in itertools.islice(records, HEAD_ROWS) if len(record) > 1)
    width, rows = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
    return rows > 0 and _ends(text, delimiter), rows, widths.total(), width


def _ends(text: str, delimiter: str) -> bool:
    """Tell whether every quoted cell ends under a delimiter; of the beginning of a longer text it is not known."""
    if len(text) >= SAMPLE:
        return True
    try:
        for _record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            pass
    except csv.Error:
        return False
    return True


def _wide(data: Data) -> list[str]:
    """Return UTF-16 of the order in which the zeros of Latin letters lie, if the first line is such."""
    sample = data[:SAMPLE]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if min(even, odd) > max(even, odd) / 20 or len(data) % 2:
        return []
    return ["utf-16-le" if odd > even else "utf-16-be"]


def _decodes(data: Data, encoding: str) -> bool:
    """Tell whether the bytes are text in an encoding; no piece of the text is kept."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for start in range(0, max(len(data), 1), CHUNK):
            chunk = data[start : start + CHUNK]
            if "\x00" in decoder.decode(chunk, final=start + CHUNK >= len(data)):
                return False
    except UnicodeDecodeError:
        return False
    return True


def _stream(data: Data, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(source.stream(data), encoding, newline="")


def _text(cell: str) -> str:
    text = cell.strip()
    return unguard(text) if text[:1] == GUARD else text


def _encoding_problems(encoding: str) -> list[Problem]:
    if encoding == FALLBACK_ENCODING:
        fix = "Read as Windows-1252; check accents and save as CSV UTF-8."
    elif encoding.startswith("utf-16-"):
        fix = f"Read as {encoding.upper()}, which its bytes suggest; save as CSV UTF-8."
    else:
        return []
    return [Problem("encoding", 0, "", "not UTF-8", "UTF-8", fix)]
