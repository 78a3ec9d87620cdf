"""The parts of the method page: the rule in plain language, what it changed, live examples and its signals."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import streamlit as st

from geo import scope, scope_signals
from geo.dataset import Dataset
from geo.filters import Filters
from pages._ui import cards, moves_parts, state
from pages._ui.text import md

EXAMPLES = 2  # of each kind of change


def rule() -> None:
    """Say the rule in steps."""
    _ = state.words()
    steps = (
        _(
            "Everything that the source says of an activity is read: its places, its title and summary, what the "
            "publisher "
            "calls its scope, and who carries it out."
        ),
        _(
            "Each thing found counts for something: for the whole country (a national law, “nationwide”, a "
            "dateline), or for "
            "a part of it (a province or district that is named, a village, a market in the Capital)."
        ),
        _(
            "Where the evidence for the whole country is the greater, the activity is nationwide. It is shown in a "
            "band of its "
            "own and is drawn on no province."
        ),
        _(
            "Otherwise it stands in the areas that its places name. The capital stays among them only where work there "
            "is shown; "
            "where other places are named beside it, the capital is taken for the office."
        ),
        _(
            "Where no place says it, the districts of its points do, but for a point that stands for the country, for "
            "an office, or for the seat of government."
        ),
        _(
            "Where no area is left, the activity is unlocated: we know that it is somewhere and do not guess where. "
            "Cases that hang in the balance go to people, who decide with a reason."
        ),
    )
    for number, step in enumerate(steps, 1):
        st.markdown(f"{number}. {md(step)}")


def changes(data: Dataset) -> None:
    """Say what the rule changed in the whole data set."""
    found, _ = state.current(), state.words()
    moves_parts.draw(data, Filters(lang=found.lang, version=found.version, view="difference"))
    confidence = Counter(decision.confidence for decision in data.corrected.decisions)
    st.caption(
        md(
            _("Confidence: {high} high, {medium} medium, {low} low. Low cases wait for review.").format(
                high=confidence["high"], medium=confidence["medium"], low=confidence["low"]
            )
        )
    )


def examples(data: Dataset) -> None:
    """Show activities of this data in which the rule changed something, each with its evidence one press away."""
    _ = state.words()
    kinds = {
        "nationwide": _("Taken from a province to the whole country"),
        "subnational": _("Taken from an office to where the work is"),
        "unlocated": _("No longer shown at the office, and not yet anywhere else"),
    }
    for kind, label in kinds.items():
        rows = [row for row, now in enumerate(data.corrected.decisions) if now.scope == kind and now.dropped][:EXAMPLES]
        if rows:
            st.markdown(f"**{md(label)}**")
        for row in rows:
            _example(data, row)


def _example(data: Dataset, row: int) -> None:
    activity, now = data.activities[row], data.corrected.decisions[row]
    st.button(
        md(activity.title),
        key=f"example_{row}",
        type="tertiary",
        on_click=state.go,
        kwargs={"activity": activity.activity_id},
    )
    before = cards.where(data.registered.decisions[row])
    st.caption(md(f"{before} → {cards.where(now)}. {scope.because(now, state.current().lang)}"))


def signals(data: Dataset) -> None:
    """Show the table of signals with how often each was found in this data."""
    _ = state.words()
    hits = Counter(name for now in data.corrected.decisions for name in {finding.signal for finding in now.evidence})
    sides = {
        "nationwide": _("the whole country"),
        "named areas": _("areas named"),
        "capital": _("the Capital"),
        "elsewhere": _("elsewhere than the Capital"),
        "subnational": _("a part of the country"),
        "office": _("the Capital is the office"),
        "check": _("to be checked"),
    }
    rows = [
        {
            _("What is found"): _(signal.reason),
            _("Speaks for"): sides[signal.points_to],
            _("Weight"): signal.weight,
            _("Activities"): hits[signal.name],
            _("Practice behind it"): _(signal.source),
        }
        for signal in scope_signals.SIGNALS
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, key="signals", alt=_("The signals of the rule"))
