"""Floor 5: the view that a file carries: what was asked, of which data, by which rule, and what it showed then.

A PNG bears it as text chunks, an SVG in ``metadata``, a PDF among its keywords (so it stands in plain letters in XMP
and Info).  Reading takes bytes from anybody: sizes are bounded, nothing is evaluated, and what is not ours is said so.
"""

from __future__ import annotations

import base64
import binascii
import html
import json
import re
import struct
import tomllib
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from geo import boundaries, filters, i18n, scope, tables, words
from geo.dataset import Dataset
from geo.errors import InputError, Problem
from geo.filters import Filters

KEY = "sdg-view"
FORMAT = 1
MOST_BYTES = 64 * 1024 * 1024  # of a dropped file
MOST_TEXT = 256 * 1024  # of the view in it, unpacked
PNG, PDF = b"\x89PNG\r\n\x1a\n", b"%PDF-"
_TOKEN = re.compile(rb"sdg-view:([A-Za-z0-9_-]{8,400000})")
_ELEMENT = re.compile(rb'id="sdg-view"[^>]{0,200}>([^<]{2,400000})<')


@dataclass(frozen=True, slots=True)
class View:
    """What a file shows.  ``query`` holds the filters and ``studio`` the choices of the page, both as query strings.

    ``areas`` counts the activities of each province that has any, by P-code.
    """

    query: str
    studio: str
    digest: str
    published: str
    boundaries: str
    boundary_digest: str
    rule: str
    software: str
    total: int
    located: int
    nationwide: int
    unlocated: int
    areas: tuple[tuple[str, int], ...]

    def to_text(self) -> str:
        """Return the view as JSON in ASCII letters, the same for the same view."""
        values = {**asdict(self), "areas": dict(self.areas), "format": FORMAT}
        return json.dumps(values, sort_keys=True, separators=(",", ":"))


@cache
def software() -> str:
    """Return the name and version of this software."""
    file = Path(__file__).resolve().parent.parent / "pyproject.toml"
    if not file.is_file():
        return "lao-sdg-map"
    project = tomllib.loads(file.read_text(encoding="utf-8"))["project"]
    return f"{project['name']} {project['version']}"


def of(dataset: Dataset, found: Filters, studio: str = "") -> View:
    """Return the view of ``found`` on ``dataset`` with the choices of the page."""
    figures, _mask = tables.summarise(dataset, found, "adm1")
    counts = zip(figures.area.pcodes, figures.area.activities, strict=True)
    return View(
        query=found.to_link(always=("lang",))[1:],
        studio=studio,
        digest=dataset.digest,
        published=dataset.published,
        boundaries=boundaries.credit(),
        boundary_digest=boundaries.load().digest,
        rule=scope.RULE_VERSION,
        software=software(),
        total=figures.total,
        located=figures.located,
        nationwide=figures.nationwide,
        unlocated=figures.unlocated,
        areas=tuple((pcode, int(count)) for pcode, count in counts if count),
    )


def filters_of(view: View, dataset: Dataset) -> tuple[Filters, tuple[Problem, ...]]:
    """Return the filters of a view, and what of them this data does not know."""
    return filters.from_query(parse_qs(view.query, max_num_fields=400), dataset)


# ---- writing


def keywords(text: str) -> list[str]:
    """Return a view as keywords of a PDF: for people, and packed for ``read``."""
    if not text:
        return []
    view = read_text(text)
    packed = base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")
    told = [f"view ?{view.query}", f"data {view.digest[:12]}", f"rule {view.rule}", view.software]
    # a comma would part a keyword in two
    return [*(word.replace(",", "%2C") for word in told), f"{KEY}:{packed}"]


def into_svg(svg: bytes, text: str, title: str, description: str) -> bytes:
    """Return ``svg`` with its title, its description and the view as elements at its beginning."""
    at = svg.index(b">", svg.index(b"<svg")) + 1
    parts = [f"<title>{_escaped(title)}</title>", f"<desc>{_escaped(description)}</desc>"]
    parts += [f'<metadata id="{KEY}">{_escaped(text)}</metadata>'] if text else []
    return svg[:at] + "".join(parts).encode() + svg[at:]


def png_texts(text: str) -> dict[str, str]:
    """Return a view as texts of a PNG by keyword."""
    return {"Software": read_text(text).software, KEY: text} if text else {}


def html_element(text: str) -> str:
    """Return a view as an element of HTML that no browser shows."""
    return f'<template id="{KEY}">{html.escape(text)}</template>'


def _escaped(text: str) -> str:
    # XML 1.0 has no place for most control characters, nor for half a surrogate pair
    return html.escape(re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text))


# ---- reading


def read(data: bytes) -> View:
    """Return the view that a PNG, PDF, SVG or HTML file of ours carries.

    Raises:
        InputError: when the file is too large, of another kind, or not ours.
    """
    if len(data) > MOST_BYTES:
        raise InputError(
            f"The file has {len(data):,} bytes; expected at most {MOST_BYTES:,}. Drop a file of this page."
        )
    for text in _candidates(data):
        if text is not None:
            return read_text(text)
    kind = "PNG" if data.startswith(PNG) else "PDF" if data.startswith(PDF) else "file"
    raise InputError(
        f"This {kind} carries no view of this map; expected a PNG, PDF, SVG or HTML file made here. "
        "A program that saves a file anew may drop its metadata: use the file as downloaded, or its printed link."
    )


def _candidates(data: bytes) -> Iterator[str | None]:
    if data.startswith(PNG):
        yield _png_text(data)
        return
    if found := _ELEMENT.search(data):
        yield html.unescape(found[1].decode("utf-8", "replace"))
    # The longest: a reader of PDF may have kept the keywords twice, once cut.
    for token in sorted(set(_TOKEN.findall(data)), key=len, reverse=True)[:4]:
        yield _unpacked(token)


def _png_text(data: bytes) -> str | None:
    at = len(PNG)
    while at + 12 <= len(data):
        size = struct.unpack(">I", data[at : at + 4])[0]
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + size]
        if kind in (b"iTXt", b"tEXt") and body.startswith(KEY.encode() + b"\0"):
            text = body[len(KEY) + 1 :] if kind == b"tEXt" else body[len(KEY) + 1 + 2 :].split(b"\0", 2)[-1]
            return text[:MOST_TEXT].decode("utf-8", "replace")
        if kind == b"IEND":
            break
        at += 12 + size
    return None


def _unpacked(token: bytes) -> str | None:
    try:
        packed = base64.urlsafe_b64decode(token + b"=" * (-len(token) % 4))
        return zlib.decompressobj().decompress(packed, MOST_TEXT).decode("utf-8")
    except (binascii.Error, zlib.error, UnicodeDecodeError, ValueError):
        return None


def read_text(text: str) -> View:
    """Return the view of its JSON.

    Raises:
        InputError: when it is none.
    """
    wrong = InputError("The view in this file cannot be read; expected one written by this map. Use the link on it.")
    try:
        values: Any = json.loads(text[:MOST_TEXT])
    except (ValueError, RecursionError) as error:
        raise wrong from error
    if not isinstance(values, dict) or values.get("format") != FORMAT or not isinstance(values.get("areas"), dict):
        raise wrong
    areas = values["areas"]
    kinds = {item.name: int if item.type == "int" else str for item in fields(View) if item.name != "areas"}
    if not all(type(values.get(name)) is kind for name, kind in kinds.items()):
        raise wrong
    if not all(type(count) is int for count in areas.values()):
        raise wrong
    return View(**{name: values[name] for name in kinds}, areas=tuple(sorted(areas.items())))


# ---- what has changed since


def changes(view: View, dataset: Dataset, language: str) -> tuple[str, ...]:
    """Return in words what has changed since the file was made, the weightiest first; none when nothing has."""
    _ = i18n.translator(language)
    found, problems = filters_of(view, dataset)
    now = of(dataset, found)
    told = [*_data_changes(view, now, language)]
    if view.rule != now.rule:
        told.append(
            _("The rule for nationwide work was version {old}, it is {new}.").format(old=view.rule, new=now.rule)
        )
    if view.boundary_digest != now.boundary_digest:
        told.append(_("The boundaries have changed: {old}.").format(old=view.boundaries))
    if view.software != now.software:
        told.append(_("The file was made with {old}, this is {new}.").format(old=view.software, new=now.software))
    told += [
        _("{name} “{value}” is no longer in the data.").format(name=one.column, value=one.value) for one in problems
    ]
    return tuple(told)


def _data_changes(view: View, now: View, language: str) -> Iterator[str]:
    _ = i18n.translator(language)
    if view.digest == now.digest:
        return
    dates = {"old": i18n.date(view.published, language), "new": i18n.date(now.published, language)}
    if dates["old"] != dates["new"]:
        yield _("The data is another: of {old} then, of {new} now.").format(**dates)
    else:
        yield _("The data is another: version {old} then, {new} now.").format(old=view.digest[:8], new=now.digest[:8])
    names = {
        "total": _("Activities in this view: {old} then, {new} now."),
        "nationwide": _("Nationwide: {old} then, {new} now."),
        "unlocated": _("Unlocated: {old} then, {new} now."),
    }
    moved = False
    for name, text in names.items():
        old, new = getattr(view, name), getattr(now, name)
        if old != new:
            moved = True
            yield text.format(old=i18n.number(old, language), new=i18n.number(new, language))
    areas = _moves(dict(view.areas), dict(now.areas), language)
    if areas:
        yield _("By province: {moves}.").format(moves="; ".join(areas))
    elif not moved:
        yield _("No figure of this view differs.")


def _moves(before: Mapping[str, int], after: Mapping[str, int], language: str) -> list[str]:
    known = dict.fromkeys([*before, *after])
    moves = [(pcode, before.get(pcode, 0), after.get(pcode, 0)) for pcode in known]
    changed = sorted(
        (move for move in moves if move[1] != move[2]), key=lambda move: (-abs(move[2] - move[1]), move[0])
    )
    return [f"{_area_name(pcode, language)} {old} → {new}" for pcode, old, new in changed]


def _area_name(pcode: str, language: str) -> str:
    try:
        return words.area_name(pcode, language)
    except LookupError:
        return pcode
