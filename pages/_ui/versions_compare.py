"""What a change from one version to another does, as tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice

import pandas as pd
import streamlit as st

from geo import i18n, library, versions, words
from geo.fields import Activity
from geo.money import Money
from geo.versions import Comparison, Figure
from pages._ui import state
from pages._ui.review import placed
from pages._ui.text import md
from pages._ui.versions import name

MOST = 1_000  # rows of a table


def show(old: int, new: int) -> None:
    """Draw what changes from one version to another."""
    _ = state.words()
    if old == new:
        st.caption(md(_("Choose two versions to see what changes from one to the other.")))
        return
    before, after = library.decided_version(old), library.decided_version(new)
    found = versions.compare(before, after)
    st.markdown(f"**{md(_('From {old} to {new}').format(old=name(old), new=name(new)))}**  \n{md(_line(found))}")
    if found.same:
        return
    left, right = st.columns(2)
    with left:
        _figures(_("Figures"), [*found.totals], _figure_name)
        _amounts(found.money)
    with right:
        _figures(_("Provinces"), [*found.areas], lambda code: words.area_name(code, state.current().lang))
    _activities(_("Added"), found.added, "added")
    _activities(_("Removed"), found.removed, "removed")
    changes = ((one.activity, field) for one in found.changed for field in one.fields)
    _table(
        _("Changed fields"),
        [
            {**_activity(one), _("Field"): field.name, _("Before"): field.old, _("After"): field.new}
            for one, field in islice(changes, MOST)
        ],
        "changed",
    )
    _table(
        _("Counted elsewhere"),
        [
            {
                **_activity(one.activity),
                _("Before"): placed(one.old.scope, one.old.areas),
                _("After"): placed(one.new.scope, one.new.areas),
            }
            for one in found.moved[:MOST]
        ],
        "moved",
    )


def _line(found: Comparison) -> str:
    _ = state.words()
    if found.same:
        return _("Nothing that is shown differs.")
    said = _("{added} added, {removed} removed, {changed} changed, {moved} counted elsewhere")
    return said.format(
        added=len(found.added), removed=len(found.removed), changed=len(found.changed), moved=len(found.moved)
    )


def _figure_name(key: str) -> str:
    _ = state.words()
    return _("Activities") if key == "total" else words.scope_name(key, state.current().lang)


def _figures(title: str, figures: Sequence[Figure], label: Callable[[str], str]) -> None:
    _ = state.words()
    rows = [
        {
            title: label(one.name),
            _("Before"): one.old,
            _("After"): one.new,
            _("Change"): f"{one.new - one.old:+d}" if one.new != one.old else "0",
        }
        for one in figures
    ]
    if rows:
        st.dataframe(pd.DataFrame(rows), hide_index=True, alt=title)


def _amounts(figures: Sequence[Figure]) -> None:
    _ = state.words()
    language = state.current().lang

    def amount(cents: int) -> str:
        return i18n.money(Money.from_cents(cents), language)

    rows = [
        {_("Budgets"): _(one.name), _("Before"): amount(one.old), _("After"): amount(one.new)}
        for one in figures
        if one.old != one.new
    ]
    if rows:
        st.dataframe(pd.DataFrame(rows), hide_index=True, alt=_("Budgets"))


def _activities(title: str, found: Sequence[Activity], key: str) -> None:
    _ = state.words()
    rows = [
        {**_activity(one), _("Agencies"): "; ".join(one.agencies), _("Place as published"): "; ".join(one.places)}
        for one in found[:MOST]
    ]
    _table(title, rows, key, len(found))


def _activity(one: Activity) -> dict[str, str]:
    _ = state.words()
    return {_("Activity"): one.activity_id, _("Title"): one.title}


def _table(title: str, rows: Sequence[dict[str, str]], key: str, count: int | None = None) -> None:
    _ = state.words()
    if not rows:
        return
    with st.expander(md(f"{title}: {count or len(rows)}"), key=f"compare_{key}"):
        st.dataframe(pd.DataFrame(rows), hide_index=True, alt=title)
        if (count or len(rows)) > len(rows) or len(rows) == MOST:
            st.caption(md(_("The first {count} are shown.").format(count=MOST)))
