"""The cases that wait for a person: the rule's decision, its evidence, the alternatives and what each would change."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import streamlit as st

from geo import gazetteer, i18n, library, store, words
from geo.dataset import SCOPES, Dataset
from geo.errors import GeoError
from geo.scope import ScopeDecision
from geo.store import ConflictError, Decision, Draft
from pages._ui import access, cards, notes, state
from pages._ui.notes import Note
from pages._ui.text import md

KEY = "_review"
CASE, LEVELS = "w_review_case", "w_review_levels"
DOUBTS = {"low": ("low",), "medium": ("low", "medium"), "high": ("low", "medium", "high")}
Choice = Literal["rule", "nationwide", "subnational", "unlocated"]
CHOICES: tuple[Choice, ...] = ("rule", "nationwide", "subnational", "unlocated")


@dataclass(frozen=True, slots=True)
class Queue:
    """What the page works on: the data as people see it, as the rule alone sees it, and the decisions in force."""

    data: Dataset
    rule: Dataset
    decided: dict[str, Decision]


def load(data: Dataset) -> Queue:
    """Return the queue of this run."""
    return Queue(data, library.by_rule(), store.shared_store().decisions())


def messages(queue: Queue) -> None:
    """Say what the last press led to; where somebody else was faster show both decisions."""
    found, _ = notes.last(KEY), state.words()
    if found.mine is None:
        notes.show(KEY)
        return
    with st.container(border=True, key="conflict"):
        st.warning(md(_("Somebody else decided this case meanwhile. Yours was not kept.")))
        left, right = st.columns(2)
        theirs = found.theirs
        left.markdown(
            f"**{md(_('In force'))}**  \n{described(theirs) if theirs else md(_('the decision of the rule'))}"
        )
        right.markdown(f"**{md(_('Yours'))}**  \n{described(found.mine)}")
        left.button(_("Keep theirs"), key="keep_theirs", on_click=next_case)
        seen = theirs.id if theirs else None
        right.button(_("Decide mine instead"), key="decide_mine", on_click=_again, args=(found.mine, seen))


def described(found: Draft | Decision) -> str:
    """Return where a decision puts its activity, who took it and why, as Markdown."""
    where = md(placed(found.scope, found.areas))
    return f"{where}  \n{md(found.author)}: {md(found.reason)}"


def placed(scope: str, areas: tuple[str, ...]) -> str:
    """Return a scope and its areas in words."""
    language = state.current().lang
    return ", ".join(words.area_name(code, language) for code in areas) or words.scope_name(scope, language)


def shown(moment: datetime) -> str:
    """Return a moment in UTC as the page shows it."""
    return f"{i18n.date(moment.date(), state.current().lang)}, {moment:%H:%M} UTC"


def waiting(queue: Queue) -> list[int]:
    """Draw how sure the rule may be and how much is done; return the rows that nobody has decided."""
    _ = state.words()
    names = {"low": _("Low"), "medium": _("Low and medium"), "high": _("All")}
    st.session_state.setdefault(LEVELS, "low")
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    left.segmented_control(
        _("Confidence of the rule"), list(DOUBTS), key=LEVELS, format_func=names.__getitem__, required=True
    )
    levels = DOUBTS[st.session_state[LEVELS]]
    activities = queue.rule.activities
    rows = [row for row, found in enumerate(queue.rule.corrected.decisions) if found.confidence in levels]
    left_over = [row for row in rows if activities[row].activity_id not in queue.decided]
    done = len(rows) - len(left_over)
    if rows:
        right.progress(done / len(rows), md(_("{done} of {all} decided").format(done=done, all=len(rows))))
    # The case that stands open stays open when somebody else decides it: words meant for it must not meet another.
    here = st.session_state.get(CASE)
    return [queue.rule.index[here], *left_over] if here in queue.decided and here in queue.rule.index else left_over


def chosen(queue: Queue, rows: list[int]) -> int:
    """Draw the list of cases and return the row of the one that stands open."""
    _ = state.words()
    titles = {queue.rule.activities[row].activity_id: queue.rule.activities[row].title for row in rows}
    ids = list(titles)
    if st.session_state.get(CASE) not in titles:
        st.session_state[CASE] = ids[0]
    left, right = st.columns([6, 1], vertical_alignment="bottom")
    left.selectbox(_("Case"), ids, key=CASE, format_func=titles.__getitem__)
    here = ids.index(st.session_state[CASE])
    right.button(_("Next"), key="next_case", on_click=_open, args=(ids[(here + 1) % len(ids)],), disabled=len(ids) < 2)
    return rows[here]


def agencies(activity_id: str) -> tuple[str, ...]:
    """Return the agencies of an activity of the present data, none for another: its editors may decide on it."""
    data = library.by_rule()
    row = data.index.get(activity_id)
    return () if row is None else data.activities[row].agencies


def next_case() -> None:
    """Leave the case that stands open, and what was said about it; the first that waits opens."""
    st.session_state.pop(CASE, None)
    st.session_state[KEY] = Note()


def _open(activity_id: str) -> None:
    st.session_state[CASE] = activity_id


def case(queue: Queue, row: int) -> None:
    """Draw one case with all that a person needs to decide it."""
    _ = state.words()
    activity = queue.rule.activities[row]
    with st.container(border=True, key="case"):
        st.markdown(f"### {md(activity.title)}")
        if activity.summary:
            st.markdown(md(activity.summary))
        st.markdown(f"**{md(_('Place as published'))}**: {md('; '.join(activity.places) or _('none'))}")
        if activity.source_url.startswith(("https://", "http://")):
            st.link_button(_("Open the source"), activity.source_url, icon=":material/open_in_new:")
        cards.why(queue.rule, row)
        _earlier(activity.activity_id)
        theirs = queue.decided.get(activity.activity_id)
        if theirs:
            said = _("Decided meanwhile; a decision of yours would replace it:")
            st.warning(f"{md(said)}  \n{described(theirs)}")
        _decide(queue, row, theirs.id if theirs else None)


def _earlier(activity_id: str) -> None:
    """Draw decisions on the case that were undone."""
    _ = state.words()
    for old in store.shared_store().history(activity_id):
        if old.undone_at is not None:
            undone = _("undone by {name} on {when}: {reason}").format(
                name=old.undone_by, when=shown(old.undone_at), reason=old.undone_reason
            )
            st.caption(f"{described(old)}  \n{md(undone)}")


def _decide(queue: Queue, row: int, seen: int | None) -> None:
    """Draw the alternatives, what the chosen one changes, the reason, and the button."""
    _ = state.words()
    key, by_rule = queue.rule.activities[row].activity_id, queue.rule.corrected.decisions[row]
    names = {
        "rule": _("Keep the rule's answer: {where}").format(where=placed(by_rule.scope, by_rule.areas)),
        "nationwide": _("Nationwide"),
        "subnational": _("Choose provinces or districts"),
        "unlocated": _("Unlocated: the source does not say where"),
    }
    st.radio(_("Your decision"), CHOICES, key=f"w_choice_{key}", format_func=lambda name: md(names[name]))
    if st.session_state[f"w_choice_{key}"] == "subnational":
        _areas(key)
    if not access.allowed("decide", agencies(key)):
        st.caption(md(_("Your role lets you look at this case and not decide it.")))
        return
    scope, areas = wanted(key, by_rule)
    st.info(md(effect(queue.data, row, scope, areas)))
    with st.form(f"decide_{key}", border=False):
        st.text_area(
            _("Reason"), key=f"w_reason_{key}", max_chars=store.MAX_REASON, placeholder=_("What the source says")
        )
        st.form_submit_button(_("Decide"), type="primary", on_click=_save, args=(key, by_rule, seen))


def _areas(key: str) -> None:
    """Draw provinces, then the districts of those chosen."""
    _ = state.words()
    language = state.current().lang

    def name(code: str) -> str:
        return words.area_name(code, language)

    st.multiselect(
        _("Provinces"),
        gazetteer.all_areas("adm1"),
        key=f"w_in1_{key}",
        format_func=name,
        placeholder=_("type a name"),
    )
    inside = [code for province in st.session_state[f"w_in1_{key}"] for code in gazetteer.children(province)]
    kept = [code for code in st.session_state.get(f"w_in2_{key}", []) if code in inside]
    st.session_state[f"w_in2_{key}"] = kept
    st.multiselect(
        _("Districts"), inside, key=f"w_in2_{key}", format_func=name, placeholder=_("any"), disabled=not inside
    )


def wanted(key: str, by_rule: ScopeDecision) -> tuple[str, tuple[str, ...]]:
    """Return the scope and areas that the widgets of a case now say; a district stands for its province."""
    choice = st.session_state[f"w_choice_{key}"]
    if choice == "rule":
        return by_rule.scope, by_rule.areas
    if choice != "subnational":
        return choice, ()
    districts = set(st.session_state.get(f"w_in2_{key}", []))
    provinces = set(st.session_state.get(f"w_in1_{key}", []))
    districts = {code for code in districts if gazetteer.province(code) in provinces}
    return choice, tuple(sorted(provinces - set(map(gazetteer.province, districts)) | districts))


def effect(data: Dataset, row: int, scope: str, areas: tuple[str, ...]) -> str:
    """Return what a decision would change on the map of all activities, such as ``nationwide 104 → 105``."""
    _ = state.words()
    language = state.current().lang
    old = data.corrected.decisions[row]
    if scope == "subnational" and not areas:
        return _("Choose at least one area.")
    scopes: Counter[str] = Counter(found.scope for found in data.corrected.decisions)
    moves = [
        (words.scope_name(name, language), scopes[name], change)
        for name in SCOPES
        if (change := (scope == name) - (old.scope == name))
    ]
    counts = {code: int((data.corrected.adm1.items == at).sum()) for at, code in enumerate(data.corrected.adm1.names)}
    was, will = ({gazetteer.province(code) for code in codes} for codes in (old.areas, areas))
    moves += [(words.area_name(code, language), counts[code], -1) for code in sorted(was - will)]
    moves += [(words.area_name(code, language), counts[code], 1) for code in sorted(will - was)]
    if moves:
        return "; ".join(f"{name} {count} → {count + change}" for name, count, change in moves)
    if areas != old.areas:
        return _("The figures by province stay; the districts become {where}.").format(where=placed(scope, areas))
    return _("The figures stay as they are.")


def _save(key: str, by_rule: ScopeDecision, seen: int | None) -> None:
    """Keep what the widgets of a case say; ``seen`` is the decision that stood beside them."""
    scope, areas = wanted(key, by_rule)
    _keep(key, scope, areas, st.session_state[f"w_reason_{key}"], seen)


def _again(mine: Draft, seen: int | None) -> None:
    """Decide once more, now that the person has read the other's decision."""
    _keep(mine.activity_id, mine.scope, mine.areas, mine.reason, seen)


def _keep(key: str, scope: str, areas: tuple[str, ...], reason: str, seen: int | None) -> None:
    _ = state.words()
    try:
        author = access.require_editor("decide", agencies(key))
        store.shared_store().decide_scope(key, scope, areas, reason, author, seen=seen)
    except ConflictError as error:
        st.session_state[KEY] = Note(fault=str(error), mine=error.mine, theirs=error.theirs)
    except GeoError as error:
        st.session_state[KEY] = Note(fault=str(error))
    else:
        next_case()
        st.session_state[KEY] = Note(
            said=_("Kept: {where}. The map and its figures follow it now.").format(where=placed(scope, areas))
        )
