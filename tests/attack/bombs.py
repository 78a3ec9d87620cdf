"""Files that are small and ask for much, or name what is not theirs; each is made here, none is kept."""

from __future__ import annotations

import io
import sqlite3
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from geo import checks, library
from geo.export import formats
from geo.filters import Filters

MIB = 1024 * 1024
LONG = checks.MAX_TEXT - 20  # letters of a cell that is still read
HEAD = "activity_id,title,sdgs,locations_as_published,budget_usd,start_date\n"
Bomb = Callable[[], bytes]


def zipped(*members: tuple[str, bytes], store: bool = False) -> bytes:
    """Return an archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED if store else zipfile.ZIP_DEFLATED) as archive:
        for name, body in members:
            archive.writestr(name, body)
    return out.getvalue()


def book(*cells: tuple[int, int, str], strings: str = "") -> bytes:
    """Return a workbook with a header and cells besides."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, ["activity_id", "title"])
        sheet.write_row(1, 0, ["a1", "A title"])
        for row, column, text in cells:
            sheet.write(row, column, text)
    return out.getvalue()


def with_part(data: bytes, name: str, body: bytes) -> bytes:
    """Return a workbook of which one part is another."""
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        return zipped(*((one, body if one == name else old.read(one)) for one in old.namelist()))


def zeros(name: str, size: int, claimed: int | None = None) -> bytes:
    """Return a workbook-like archive with a member of ``size`` zeros whose head claims ``claimed``."""
    press = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece, check, body = bytes(16 * MIB), 0, bytearray()
    for _turn in range(size // len(piece)):
        body += press.compress(piece)
        check = zlib.crc32(piece, check)
    body += press.flush()
    said = size if claimed is None else claimed
    wide = said >= 0xFFFFFFFF
    short = 0xFFFFFFFF if wide else said
    extra = struct.pack("<HHQQ", 1, 16, said, len(body)) if wide else b""
    packed = 0xFFFFFFFF if wide else len(body)
    path = name.encode()
    common = struct.pack("<HHHHHIIIHH", 45, 0, 8, 0, 33, check, packed, short, len(path), len(extra))
    local = b"PK\x03\x04" + common + path + extra + bytes(body)
    central = b"PK\x01\x02\x2d\x00" + common + struct.pack("<HHHII", 0, 0, 0, 0, 0) + path + extra
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)
    return local + central + end


def laughs(levels: int = 10, inside: str = "iati-activities") -> bytes:
    """Return XML whose entities grow tenfold at each level."""
    lines = ['<!ENTITY a0 "ha">']
    lines += [f'<!ENTITY a{at} "{f"&a{at - 1};" * 10}">' for at in range(1, levels)]
    body = f"<iati-activity><title><narrative>&a{levels - 1};</narrative></title></iati-activity>"
    return f"<?xml version='1.0'?><!DOCTYPE {inside} [{''.join(lines)}]><{inside}>{body}</{inside}>".encode()


def iati(body: str) -> bytes:
    """Return an IATI file with one activity."""
    start = "<iati-activities version='2.03'><iati-activity><iati-identifier>A-1</iati-identifier>"
    return f"{start}<title><narrative>T</narrative></title>{body}</iati-activity></iati-activities>".encode()


def gpkg() -> bytes:
    """Return a GeoPackage as we write it, whose layer is a view that never ends."""
    made = formats.render(library.embedded(), Filters(sdg=("14",)), "gpkg")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.gpkg"
        path.write_bytes(made)
        database = sqlite3.connect(path)
        layers = [name for (name,) in database.execute("SELECT table_name FROM gpkg_geometry_columns")]
        for (trigger,) in list(database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")):
            database.execute(f'DROP TRIGGER "{trigger}"')
        for layer in layers:
            columns = [row[1] for row in database.execute(f'PRAGMA table_info("{layer}")')]
            chosen = ", ".join(f'x AS "{name}"' if name == "fid" else f'NULL AS "{name}"' for name in columns)
            endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)"
            database.execute(f'DROP TABLE "{layer}"')
            database.execute(f'CREATE VIEW "{layer}" AS {endless} SELECT {chosen} FROM n')
        database.commit()
        database.close()
        return path.read_bytes()


def parquet(rows: int) -> bytes:
    """Return a Parquet file of as many equal rows, which its dictionary makes small."""
    part = pa.table({"activity_id": pa.array(["a"] * MIB).dictionary_encode(), "title": pa.array(["T"] * MIB)})
    out = io.BytesIO()
    with pq.ParquetWriter(out, part.schema, compression="zstd") as writer:
        for _turn in range(rows // MIB):
            writer.write_table(part)
    return out.getvalue()


def shapefile(points: int) -> bytes:
    """Return a zipped shapefile whose one polygon claims as many points and has none."""
    body = struct.pack("<i4d2i", 5, 100, 14, 107, 22, 1, points) + b"\0" * 64
    record = struct.pack(">2i", 1, len(body) // 2) + body
    head = struct.pack(">i5i", 9994, 0, 0, 0, 0, 0) + struct.pack(">i", (100 + len(record)) // 2)
    head += struct.pack("<2i8d", 1000, 5, 100, 14, 107, 22, 0, 0, 0, 0)
    index = head + struct.pack(">2i", 50, len(body) // 2)
    table = (
        struct.pack("<4BIHH20x", 3, 126, 1, 1, 1, 66, 11) + b"NAME\0\0\0\0\0\0\0C" + b"\0" * 4 + b"\x0a" + b"\0" * 15
    )
    table += b"\r " + b"Attapeu   " + b"\x1a"
    return zipped(("a.shp", head + record), ("a.shx", index), ("a.dbf", table), ("a.prj", b'GEOGCS["WGS 84"]'))


def polygon(vertices: int) -> bytes:
    """Return a GeoJSON polygon of as many corners."""
    corners = ",".join(f"[{102 + at % 997 / 1000},{18 + at % 991 / 1000}]" for at in range(vertices))
    ring = f"[[{corners},[102,18]]]"
    shape = f'{{"type":"Polygon","coordinates":{ring}}}'
    feature = f'{{"type":"Feature","properties":{{"activity_id":"a","title":"T"}},"geometry":{shape}}}'
    return f'{{"type":"FeatureCollection","features":[{feature}]}}'.encode()


def row(cell: str) -> bytes:
    """Return a CSV file with the cell in every column that is understood."""
    safe = cell.replace('"', '""')
    return (HEAD + f'a1,"{safe}","{safe}","{safe}","{safe}","{safe}"\n').encode()


def vrt(source: str) -> bytes:
    """Return a virtual file of GDAL that names another."""
    layer = f"<OGRVRTLayer name='x'><SrcDataSource>{source}</SrcDataSource></OGRVRTLayer>"
    return f"<OGRVRTDataSource>{layer}</OGRVRTDataSource>".encode()


def png(wide: int, high: int) -> bytes:
    """Return a PNG that claims a size and has no more than its head."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + head
        + chunk(b"zTXt", b"view\0\0" + zlib.compress(bytes(64 * MIB), 9))
        + chunk(b"IEND", b"")
    )


SHEET = "xl/worksheets/sheet1.xml"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
# Small ones, which `make test` throws too.
QUICK: dict[str, Bomb] = {
    "a cell at XFD1048576": lambda: book((1_048_575, 16_383, "x")),
    "a member that lies about 256 MiB": lambda: zeros("xl/workbook.xml", 256 * MIB, 100),
    "zip slip, shapefile": lambda: zipped(("../../evil.shp", b"x"), ("../../evil.dbf", b"x"), ("../../evil.prj", b"x")),
    "zip slip, workbook": lambda: zipped(("../../evil.txt", b"x"), ("xl/workbook.xml", b"<workbook/>")),
    "billion laughs": laughs,
    "billion laughs in a sheet": lambda: with_part(book(), SHEET, laughs(inside="worksheet")),
    "billion laughs, UTF-16": lambda: laughs().decode().encode("utf-16"),
    "an outside entity": lambda: b"<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>" + iati("&e;"),
    "VRT that names a file": lambda: vrt("/etc/passwd"),
    "VRT in an archive": lambda: zipped(("a.shp", vrt("/etc/passwd")), ("a.dbf", b""), ("a.prj", b"")),
    "JSON nested 100,000 deep": lambda: b'{"type":' + b"[" * 100_000,
    "GeoJSON nested in coordinates": lambda: b'{"type":"FeatureCollection","features":[{"type":"Feature","geometry":'
    b'{"type":"Point","coordinates":' + b"[" * 50_000 + b"]" * 50_000 + b"}}]}",
    "a number of 1,000,000 digits": lambda: b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":'
    b'{"activity_id":"a","title":"T","budget_usd":' + b"9" * 1_000_000 + b'},"geometry":null}]}',
    "shapefile that claims 500 million points": lambda: shapefile(500_000_000),
    "PNG that claims 65,000 x 65,000": lambda: png(65_000, 65_000),
    "a cell of digits": lambda: row("9" * LONG),
    "a cell of brackets": lambda: row("(" * LONG),
    "a cell of separators": lambda: row(", and / ; " * (LONG // 10)),
    "a cell of places": lambda: row("Vientiane and " * (LONG // 14)),
    "a cell of spaces and dots": lambda: row(" ." * (LONG // 2 - 1) + "x"),
    "a cell of Lao marks": lambda: row("ກ" + "\u0ec9" * (LONG - 1)),
}  # fmt: skip
HEAVY: dict[str, Bomb] = {
    "GeoPackage with a view without end": gpkg,
    "a member of 4 GiB of zeros": lambda: zeros("xl/workbook.xml", 4096 * MIB),
    "a sheet of 1 GiB": lambda: zeros(SHEET, 1024 * MIB, 1000),
    "an archive of 60,000 members": lambda: zipped(*((f"xl/{at}", b"") for at in range(60_000)), store=True),
    "a sheet of 15 million empty cells": lambda: with_part(
        book(),
        SHEET,
        f"<worksheet {MAIN}><sheetData><row r='1'>{'<c/>' * 15_000_000}</row></sheetData></worksheet>".encode(),
    ),
    "a sheet with a cell a row": lambda: with_part(
        book(),
        SHEET,
        f"<worksheet {MAIN}><sheetData>".encode()
        + b"".join(b"<row r='%d'><c r='XFD%d'><v>1</v></c></row>" % (at, at) for at in range(1, 1_000_000, 7))
        + b"</sheetData></worksheet>",
    ),
    "shared strings of 300 MiB": lambda: with_part(
        book(), "xl/sharedStrings.xml", f"<sst {MAIN}><si><t>{'x' * 300 * MIB}</t></si></sst>".encode()
    ),
    "quadratic entities": lambda: f"<!DOCTYPE iati-activities [<!ENTITY a '{'x' * 100_000}'>]>".encode()
    + iati(f"<description><narrative>{'&a;' * 100_000}</narrative></description>"),
    "XML nested 1,000,000 deep": lambda: iati("<a>" * 1_000_000),
    "an attribute of 19 MB": lambda: iati(f"<activity-date iso-date='{'x' * 19_000_000}'/>"),
    "an element with 300,000 attributes": lambda: iati("<a " + " ".join(f"b{at}='0'" for at in range(300_000)) + "/>"),
    "an activity of 250,000 locations": lambda: iati(
        "<location><name><narrative>Attapeu</narrative></name></location>" * 250_000
    ),
    "a header of 2,000,000 columns": lambda: ("activity_id,title," + "x," * 2_000_000 + "\na,T\n").encode(),
    "a header of 500,000 different columns": lambda: (
        "activity_id,title," + ",".join(f"c{at}" for at in range(500_000)) + "\na,T\n"
    ).encode(),
    "a cell of 19 MB": lambda: row("x" * 3_800_000),
    "19 MB of line ends": lambda: HEAD.encode() + b"\n" * 19_000_000,
    "19 MB of quotes": lambda: HEAD.encode() + b'"' * 19_000_000,
    "19 MB of delimiters": lambda: b"," * 19_000_000,
    "6 million rows": lambda: HEAD.encode() + b"a,\n" * 6_000_000,
    "HXL of 100,000 tags": lambda: ("#activity+code,#activity+name," + "#adm1+name," * 100_000 + "\na,T\n").encode(),
    "a polygon of 700,000 corners": lambda: polygon(700_000),
    "500,000 empty features": lambda: b'{"type":"FeatureCollection","features":[' + b"{}," * 500_000 + b"{}]}",
    "20 million brackets": lambda: b"[" * 19_000_000,
    "a key of 19 MB": lambda: b'{"type":"FeatureCollection","' + b"k" * 18_000_000 + b'":1,"features":[]}',
    "Parquet of 200 million rows": lambda: parquet(200 * MIB),
}  # fmt: skip
