"""What is wrong with the file: what one click mends, what a person must answer, and what only its sender can mend."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence

import streamlit as st

from geo import checks, problem_words, proposals, repairs
from geo.errors import Problem, shorten
from geo.intake import Intake
from geo.proposals import Proposal
from geo.readers import RawTable, columns
from geo.repairs import Repair
from pages._ui import intake_state, linked, state
from pages._ui.intake_state import Draft
from pages._ui.text import esc, md

FIRST = 10  # cases of a kind that are shown at once
ASKED = 8  # questions that are answered together
LEAVE = "\u2063leave out"  # an answer that no person types
Case = tuple[Problem, tuple[Proposal, ...]]


def draw(draft: Draft, cells: RawTable, found: Intake) -> None:
    """Draw every problem of the file, sorted by what can be done about it."""
    _ = state.words()
    sure, asked, told = sort(draft, cells, found.problems)
    st.subheader(_("What is wrong, and what can be done"), anchor="problems")
    if not found.problems:
        st.success(md(_("Nothing is wrong with this file.")))
    else:
        st.caption(
            md(
                _(
                    "Problems: {all}. Mended with one click: {sure}; waiting for an answer: {asked}; for who sent the "
                    "file: {told}. What is left unanswered is left out; nothing is guessed."
                ).format(all=len(found.problems), sure=len(sure), asked=len(asked), told=len(told))
            )
        )
    for kind in dict.fromkeys(problem.kind for problem, _proposals in sure):
        _sure(kind, [case for case in sure if case[0].kind == kind])
    if asked:
        _asked(draft, asked)
    if told:
        _told(told)
    _made(draft, found)


def sort(draft: Draft, cells: RawTable, found: Sequence[Problem]) -> tuple[list[Case], list[Case], list[Problem]]:
    """Return the problems that one click mends, those that a person must answer, and those that only tell."""
    table, _unused = repairs.apply(columns.understand(cells, dict(draft.mapping)), draft.repairs)
    wanted = {problem.row for problem in found if proposals.answerable(problem)}
    rows = {row.row: row.cells for row in table.rows if row.row in wanted}
    sure: list[Case] = []
    asked: list[Case] = []
    told: list[Problem] = []
    for problem in found:
        if not proposals.answerable(problem) or problem.row not in rows:
            told.append(problem)
            continue
        case = (problem, proposals.of(problem, rows[problem.row]))
        (sure if proposals.certain(case[1]) else asked).append(case)
    return sure, asked, told


def _sure(kind: str, cases: Sequence[Case]) -> None:
    """Draw the cases of a kind that have one answer each."""
    _, language = state.words(), state.current().lang
    every = tuple(repair for _problem, (proposal,) in cases for repair in proposal.repairs)
    with st.container(border=True, key=f"sure_{kind}"):
        title, button = st.columns([5, 2], vertical_alignment="center")
        title.markdown(f"**{md(problem_words.problem_kind(kind, language))}** · {md(_('one answer each'))}")
        label = _("Accept all {count}").format(count=state.number(len(cases)))
        button.button(
            md(label), key=f"accept_{kind}", type="primary", on_click=intake_state.mend, args=(every,), width="stretch"
        )
        for at, (problem, (proposal,)) in enumerate(cases[:FIRST]):
            left, right = st.columns([5, 2], vertical_alignment="center")
            becomes = f"**{md(proposal.text)}**" if proposal.text else md(_("left out"))
            left.markdown(f"{md(where(problem))}: {md(shorten(problem.value))} → {becomes}")
            right.button(
                _("Accept"),
                key=f"accept_{kind}_{at}",
                on_click=intake_state.mend,
                args=(proposal.repairs,),
                width="stretch",
            )
        if len(cases) > FIRST:
            st.caption(md(_("{count} more").format(count=state.number(len(cases) - FIRST))))


def where(problem: Problem) -> str:
    """Return the row and column of a problem in words."""
    _ = state.words()
    if problem.row <= 0:
        return problem.column or _("file")
    row = _("row {number}").format(number=problem.row)
    return f"{row}, {problem.column}" if problem.column else row


def _asked(draft: Draft, cases: Sequence[Case]) -> None:
    """Draw the questions, a few at a time; each is chosen, written, left out, or left for later."""
    _ = state.words()
    pages = -(-len(cases) // ASKED)
    with st.container(border=True, key="asked"):
        st.markdown(f"**{md(_('Please answer'))}** · {md(_('more than one answer is possible, or none is known'))}")
        page = 1
        if pages > 1:
            label = _("Page (of {pages})").format(pages=pages)
            page = int(st.number_input(label, 1, pages, key=f"w_intake_page_{pages}", width=160))
        shown = cases[(page - 1) * ASKED : page * ASKED]
        with st.form("intake_answers", border=False):
            for case in shown:
                _question(draft, case)
            st.form_submit_button(
                _("Apply these answers"), type="primary", on_click=_answer, args=(draft, tuple(shown))
            )


def _question(draft: Draft, case: Case) -> None:
    _, language = state.words(), state.current().lang
    problem, found = case
    left, right = st.columns([4, 3], vertical_alignment="center")
    kind = problem_words.problem_kind(problem.kind, language)
    got = _("got “{value}”, expected {expected}.").format(
        value=shorten(problem.value) or "∅", expected=_(problem.expected)
    )
    left.markdown(f"**{md(where(problem))}** · {md(kind)}  \n{md(got)} {md(_(problem.fix))}")
    texts = {proposal.text: proposal for proposal in found}
    options = [*texts, *([] if problem.column in checks.REQUIRED else [LEAVE])]
    # Our own words alone, so unescaped: the label is also what a screen reader says, letter for letter.
    label = _("Answer for {where}").format(where=where(problem))
    if not options:  # a list without a choice takes no text either
        hint = _("write what is right")
        right.text_input(label, key=_key(draft, problem), placeholder=hint, label_visibility="collapsed")
        return
    right.selectbox(
        label,
        options,
        index=None,
        key=_key(draft, problem),
        format_func=lambda text: _("leave this value out") if text in (LEAVE, "") else text,
        placeholder=_("choose, or write what is right"),
        accept_new_options=True,
        label_visibility="collapsed",
    )


def _key(draft: Draft, problem: Problem) -> str:
    named = f"{draft.digest} {problem.row} {problem.column} {problem.kind} {problem.value}"
    return f"w_answer_{hashlib.sha256(named.encode()).hexdigest()[:16]}"


def _answer(draft: Draft, cases: Sequence[Case]) -> None:
    """Turn the answers given into repairs."""
    _ = state.words()
    found: list[Repair] = []
    count = 0
    for problem, offered in cases:
        text = st.session_state.get(_key(draft, problem))
        if text is None or (text == "" and not offered):
            continue
        count += 1
        chosen = next((one.repairs for one in offered if one.text == text), None)
        found += chosen or (proposals.repair(problem, "" if text == LEAVE else str(text).strip()),)
    intake_state.mend(found, _("{count} answers were applied.").format(count=state.number(count)) if count else "")


def _told(found: Sequence[Problem]) -> None:
    """Draw what no change of a cell mends."""
    _, language = state.words(), state.current().lang
    kinds = Counter(problem.kind for problem in found)
    names = ", ".join(f"{problem_words.problem_kind(kind, language)} {count}" for kind, count in kinds.items())
    with st.expander(md(_("For who sent the file: {kinds}").format(kinds=names))):
        rows = [
            (
                esc(where(problem)),
                esc(problem_words.problem_kind(problem.kind, language)),
                esc(shorten(problem.value)),
                esc(_(problem.expected)),
                esc(_(problem.fix)),
            )
            for problem in found[: 5 * FIRST]
        ]
        head = (_("Where"), _("Kind"), _("Got"), _("Expected"), _("What to do"))
        st.html(linked.table(_("Problems of the file"), head, rows, hidden=True, wide=True))
        if len(found) > len(rows):
            st.caption(md(_("{count} more").format(count=state.number(len(found) - len(rows)))))


def _made(draft: Draft, found: Intake) -> None:
    """Draw the repairs that were made; each can be taken back."""
    _ = state.words()
    if not draft.repairs:
        return
    with st.expander(
        md(
            _("Mended here: {count}. The file as it came is kept beside them.").format(
                count=state.number(len(draft.repairs))
            )
        )
    ):
        st.button(_("Take all back"), key="take_all_back", on_click=intake_state.take_back)
        for at, one in enumerate(draft.repairs[-5 * FIRST :]):
            left, right = st.columns([6, 1], vertical_alignment="center")
            row = _("row {number}").format(number=one.row)
            becomes = f"**{md(shorten(one.after))}**" if one.after else md(_("left out"))
            lost = f" · {md(_('finds nothing any more'))}" if one in found.unused else ""
            left.markdown(f"{md(row)}, {md(one.column)}: {md(shorten(one.before) or '–')} → {becomes}{lost}")
            right.button(_("Undo"), key=f"take_back_{at}", on_click=intake_state.take_back, args=(one,))
