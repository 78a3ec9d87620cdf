"""Floor 6: lists of activities and the contents of an atlas, fitted to the room that a page has for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from geo import codes, i18n
from geo.colours import text_on
from geo.print_frame import LINE, fit
from geo.print_spec import Entry, Leaf, Listing
from geo.print_text import clean, width

Part = dict[str, Any]
Tidy = Callable[[str, int], str]
SIZE, SMALL = 7.0, 6.4
ROW_PAD = 3.0  # points between two rows, the line among them
HEAD = 28.0  # points of the list's heading and column heads
MORE = 12.0
AGENCIES, GOALS, BUDGET = 62.0, 48.0, 46.0  # points of the columns
TITLE_LINES = 2
TILE = 8.6
PAGES, FIGURES, TITLES = 38.0, 108.0, (8.8, 7.4)  # of the contents: columns, and sizes of the titles
NARROW = 300.0  # points below which a list shows titles and agencies alone


def listing(found: Listing, wide: float, high: float, language: str, tidy: Tidy) -> Part:
    """Return as many of the activities as fit into ``wide`` x ``high`` points, and how many are left out."""
    _ = i18n.translator(language)
    narrow = wide < NARROW
    money = not narrow and any(row.budget for row in found.rows)
    columns = [AGENCIES * (0.8 if narrow else 1)] + ([] if narrow else [GOALS]) + ([BUDGET] if money else [])
    room = wide - sum(columns) - 6 * len(columns)
    rows: list[Part] = []
    used = HEAD
    for one in found.rows:
        title, lines = _fitted(one.title, room, tidy)
        agencies, more = _fitted(one.agencies, columns[0], tidy, SMALL)
        step = max(lines * SIZE, more * SMALL) * LINE + ROW_PAD
        if used + step > high - (MORE if len(rows) + 1 < found.total else 0):
            break
        used += step
        goals = [_tile(goal) for goal in one.goals][: int(GOALS // (TILE + 1))]
        rows.append({"title": title, "agencies": agencies, "goals": goals, "budget": tidy(one.budget, 20)})
    left = found.total - len(rows)
    more_text = i18n.plural(language)("and {count} more activity", "and {count} more activities", left)
    return {
        "kind": "list",
        "title": tidy(found.title, 90),
        "head": [_("Activity"), _("Agencies"), *([] if narrow else [_("Goals")]), *([_("Budget")] if money else [])],
        "columns": columns,
        "room": room,
        "goals": not narrow,
        "money": money,
        "size": SIZE,
        "small": SMALL,
        "pad": ROW_PAD,
        "rows": rows,
        "more": more_text.format(count=i18n.number(left, language)) if left > 0 else "",
    }


def _fitted(text: str, room: float, tidy: Tidy, size: float = SIZE) -> tuple[str, int]:
    """Return ``text`` cut to two lines of ``room`` points, and the lines that it takes."""
    shown = tidy(text, 300)
    whole = width(shown, size)
    if whole > room * TITLE_LINES * 0.9:
        shown = clean(shown, max(int(len(shown) * room * TITLE_LINES * 0.86 / whole), 4))
        whole = width(shown, size)
    return shown, 1 if whole <= room * 0.98 else TITLE_LINES


def _tile(goal: int) -> Part:
    found = codes.goal(goal)
    return {"number": str(goal), "colour": found.colour, "ink": text_on(found.colour)}


def contents(leaf: Leaf, wide: float, tidy: Tidy) -> Part:
    """Return the lines of an atlas' contents; in a narrow column titles and pages alone."""
    language = leaf.spec.language
    _ = i18n.translator(language)
    return {
        "kind": "contents",
        "title": _("Contents"),
        "head": [_("Activities"), _("Agencies")] if wide > NARROW else [],
        "page": _("Page"),
        "rows": [_entry(entry, language, wide, tidy) for entry in leaf.entries],
    }


def _entry(entry: Entry, language: str, wide: float, tidy: Tidy) -> Part:
    room = wide - PAGES - (FIGURES if wide > NARROW else 0.0) - (16 if entry.colour else 0)
    title, size, _lines = fit(tidy(entry.title, 80), room, TITLES, 1, 400)
    figures = (entry.activities, entry.agencies) if wide > NARROW else ()
    return {
        "title": title,
        "size": size,
        "tile": {"number": entry.key, "colour": entry.colour, "ink": text_on(entry.colour)} if entry.colour else None,
        "page": i18n.number(entry.page, language),
        "target": entry.page,
        "figures": [i18n.number(count, language) for count in figures],
    }
