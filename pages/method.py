"""Method: the rule in plain language for a minister's adviser, with live examples."""

from __future__ import annotations

import streamlit as st

from geo import scope
from pages._ui import cache, method_parts, state
from pages._ui.text import md

data = cache.dataset()
_ = state.words()

st.header(_("How this map decides where work is done"), anchor=False)
st.markdown(
    md(
        _(
            "Reports on development work are written in the capital, and programmes for the whole country have their "
            "office "
            "there. On many maps all of that looks like work in the capital. This map takes nationwide work away from "
            "the capital, "
            "shows why in every case, and never loses or double-counts an activity."
        )
    )
)
method_parts.rule()
st.subheader(_("What the rule changed in this data"), anchor="changes")
method_parts.changes(data)
st.subheader(_("Examples"), anchor="examples")
with st.container(key="list_examples"):
    method_parts.examples(data)
st.subheader(_("What counts as evidence"), anchor="signals")
st.caption(
    md(
        _(
            "Rule version {version}. Weights: 1 a hint, 2 a fair sign, 3 a clear statement, 4 an area named outright."
        ).format(version=scope.RULE_VERSION)
    )
)
method_parts.signals(data)
st.subheader(_("Money"), anchor="money")
st.markdown(
    md(
        _(
            "No source says how a budget is divided over provinces. Money by province is therefore a range, from the "
            "budgets of "
            "activities in this province alone to those of all that touch it, or a division by a method that is "
            "named. Stated "
            "totals and sums of published years are two kinds of budget and are never added up."
        )
    )
)
