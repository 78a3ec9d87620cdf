"""What the pages of goals and of time share: the styles of charts, matrix and small maps, and charts with links."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import streamlit as st

from geo import charts
from geo.filters import Filters
from geo.summary import Summary
from pages._ui import chart_files, linked, state
from pages._ui.text import md

GOALS, TIME = "sdg-goals", "years"  # addresses beside those of ``linked``
CSS = Path(__file__).parent / "charts.css"


def start() -> None:
    """Set the styles, and let links be followed without a page load."""
    linked.start()
    st.html(CSS)


def plain(found: Filters) -> Filters:
    """Return a view with nothing standing open, as links to other pages take it."""
    return replace(found, focus="", activity="", goal="", who="")


def years(figures: Summary, page: Filters, address: str, colour: str, *, to: str) -> charts.Bars:
    """Return the activities of each year as bars; each opens its year on the page, and an open one all years again."""

    def link(year: int) -> str:
        on = page.span == (year, year)
        return linked.href(address, replace(page, years="" if on else f"{year}-{year}", on=""))

    return chart_files.year_bars(figures, page, colour, link, to)


def undated(figures: Summary, found: Filters) -> None:
    """Say how many activities are in no year, and that one may be in several."""
    _ = state.words()
    st.caption(
        md(
            _(
                "An activity counts in each year in which it is known to be active. "
                "{count} of {total} activities state no date: they are in no year and are counted apart."
            ).format(count=state.number(figures.undated), total=state.number(figures.total))
        )
    )
