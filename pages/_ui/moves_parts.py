"""What the rule changed, as a sentence whose every number opens its activities."""

from __future__ import annotations

import streamlit as st

from geo import filters, moves, tables, words
from geo.dataset import Dataset
from geo.filters import Filters
from geo.moves import Move
from pages._ui import cache, linked, state
from pages._ui.text import esc


def draw(data: Dataset, found: Filters) -> None:
    """Draw the sentence of a selection, and the way to the activities that the rule moved."""
    _ = state.words()
    figures, mask = cache.selection(data, found)
    changed = moves.between(tables.registered(data, found, mask), figures)
    if not changed:
        said = esc(moves.sentence((), found.lang))
    else:
        said = "; ".join(_move(move, found) for move in changed) + "."
    count = int((mask & filters.moved(data)).sum())
    wanted = moves.moved(found)
    if count and wanted:
        label = _("Show the {count} activities that the rule moved").format(count=state.number(count))
        said += f"<br>{linked.link(esc(label), linked.MAP, wanted, to='list')}"
    st.html(f'<div class="lao-band lao-moves" role="note">{said}</div>')


def _move(move: Move, found: Filters) -> str:
    _ = state.words()
    name = words.place_name(move.place, found.lang)
    sides = (
        (move.before, moves.registered(move.place, found), _("{place}, as registered: {count} activities")),
        (move.after, moves.corrected(move.place, found), _("{place}, after the rule: {count} activities")),
    )
    numbers = [
        linked.link(state.number(count), linked.MAP, view, title=title.format(place=name, count=state.number(count)))
        if view and count
        else state.number(count)
        for count, view, title in sides
    ]
    return f"{esc(name)} {' → '.join(numbers)}"
