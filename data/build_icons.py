"""Cut Streamlit's icon font to the icons that its scripts and our pages name; part of ``make assets``.

The whole font weighs 376 kB, more than all of the map; the server sends the cut in its place.  An icon is kept when its
name stands in quotes in Streamlit's bundles or after ``:material/`` in ours, so that none is missed.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

FONT_FILE = re.compile(r"streamlit/static/static/media/MaterialSymbols-Rounded\.[^/]+\.woff2")
BUNDLES = re.compile(r"streamlit/static/static/js/[^/]+\.js")
IN_QUOTES = re.compile(r"[`\"'](?::material/)?([a-z0-9_]{2,40}):?[`\"']")
OURS = re.compile(r":material/([a-z0-9_]+):")


def names(bundles: list[Path], pages: list[Path]) -> set[str]:
    """Return every word that may be the name of an icon."""
    found: set[str] = set()
    for path in bundles:
        found.update(IN_QUOTES.findall(path.read_text(encoding="utf-8", errors="ignore")))
    for path in pages:
        found.update(OURS.findall(path.read_text(encoding="utf-8")))
    return found


def cut(source: Path, wanted: set[str], target: Path) -> None:
    """Write the font with the wanted icons alone; an icon is a ligature of the letters of its name."""
    from fontTools import subset

    options = subset.Options()
    options.flavor, options.layout_features, options.notdef_outline = "woff2", ["*"], True
    options.recalc_timestamp, options.layout_closure = False, False
    with subset.load_font(str(source), options) as font:
        letters = font.getBestCmap()
        icons = {glyph for name, glyph in ligatures(font, letters) if name in wanted}
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=[code for code in letters if code < 0x80], glyphs=icons)
        cutter.subset(font)
        subset.save_font(font, str(target), options)


def ligatures(font: Any, letters: dict[int, str]) -> list[tuple[str, str]]:
    """Return (name, glyph) of every ligature of a font."""
    characters = {glyph: chr(code) for code, glyph in letters.items()}
    found = []
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            inner = table.ExtSubTable if hasattr(table, "ExtSubTable") else table
            for first, several in getattr(inner, "ligatures", {}).items():
                for one in several:
                    parts = (first, *one.Component)
                    found.append(("".join(characters.get(part, "?") for part in parts), one.LigGlyph))
    return found
