"""Data quality: what was read, and every problem by kind, row and column, to send back to who can mend it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geo import problem_words
from pages._ui import cache, file_links, quality_parts, state
from pages._ui.text import md

data = cache.dataset()
_, lang = state.words(), state.current().lang
st.subheader(_("Data quality"), anchor=False)
st.markdown(
    md(
        _("{read} rows read = {accepted} accepted + {rejected} rejected").format(
            read=state.number(data.rows_read), accepted=state.number(len(data)), rejected=state.number(data.rejected)
        )
    )
)
quality_parts.draw(data)
st.subheader(_("Problems of the files"), anchor="problems")
rows = [
    {
        _("Kind"): problem_words.problem_kind(problem.kind, lang),
        **({_("File"): problem_words.place(problem.file, problem.sheet)} if len(data.files) > 1 else {}),
        _("Row"): problem.row,
        _("Column"): problem.column,
        _("Got"): problem.value,
        _("Expected"): _(problem.expected),
        _("Nearest"): ", ".join(problem.candidates),
        _("What to do"): _(problem.fix),
    }
    for problem in data.problems[: quality_parts.SHOWN]
]
if rows:
    if len(data.problems) > len(rows):
        found = _("The first {count} of {all}; the file has all of them.")
        st.caption(md(found.format(count=state.number(len(rows)), all=state.number(len(data.problems)))))
    st.dataframe(pd.DataFrame(rows), hide_index=True, key="problems", alt=_("Problems by row and column"))
    file_links.row({"problems.csv": _("Problems (CSV)"), "problems.xlsx": _("Problems (Excel)")}, state.current())
else:
    st.success(_("No problem was found in this data."))
