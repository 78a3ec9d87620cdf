"""The search box of the header: one line of text, and what it finds as a list of links, grouped by kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from geo import i18n, news, pack, search, words
from geo.dataset import Dataset
from geo.search import Found, Group
from geo.search_documents import Document
from pages._ui import linked, share, state
from pages._ui.text import esc, told

GOALS, NEWS = "sdg-goals", "stories"  # addresses of pages
PARTNER_KINDS = ("agency", "donor", "partner")  # as the page of partners names them
SHOWN = {"activity": 8, "news": 5}  # hits of a kind; 5 of any other
KEY, SEEN = "w_find", "_find_view"
CSS = """<style>
.lao-found { border: 1px solid #8794a1; border-radius: 6px; padding: .5rem .9rem; max-height: 65vh; overflow-y: auto;
  background: #fff; }
.lao-found ul { list-style: none; margin: 0 !important; padding: 0 !important; }
.lao-found li { margin: 0 !important; padding: .22rem 0; line-height: 1.35; }
.lao-found a { color: #1f5a8a; text-decoration: none; font-weight: 600; }
.lao-found a:hover, .lao-found a:focus-visible { text-decoration: underline; }
.lao-found a:focus-visible { outline: 2px solid #1f5a8a; outline-offset: 1px; }
.lao-found small { color: #47525b; font-size: .84rem; }
.lao-found p { margin: 0 0 .2rem; font-size: .84rem; color: #47525b; }
.lao-found p.lao-kind { font-weight: 600; margin: .5rem 0 .1rem; }
</style>"""


def bar(data: Dataset, page: st.Page) -> None:
    """Draw the line below the name: the search box and the button to share this view."""
    linked.start()
    with st.container(horizontal=True, vertical_alignment="top", gap="small", key="bar"):
        with st.container(width="stretch", key="bar_find"):
            _box(data, page.url_path)
        with st.container(width="content"):
            share.popover(data, page)


@st.fragment
def _box(data: Dataset, page: str) -> None:
    """Draw the box; a search draws this part of the page anew and nothing else."""
    _ = state.words()
    view = (page, state.current())
    if st.session_state.get(SEEN) not in (None, view):
        # The reader went on to what was found, or elsewhere: the list has done its work.
        st.session_state[KEY] = ""
    st.session_state[SEEN] = view
    text = st.text_input(
        _("Search"),
        key=KEY,
        max_chars=search.MAX_TEXT,
        placeholder=_("Search places, goals, agencies, donors, activities, news"),
        label_visibility="collapsed",
        icon=":material/search:",
    )
    if not text or not text.strip():
        return
    found = search.index(data).find(text, limit=max(SHOWN.values()))
    st.html(CSS + f'<div class="lao-found" id="found">{_said(found)}{"".join(map(_group, found.groups))}</div>')
    st.button(_("Close the results"), key="close_found", on_click=_close, type="tertiary")


def _close() -> None:
    st.session_state[KEY] = ""


def _said(found: Found) -> str:
    """Return how many were found and how the words were read."""
    _ = state.words()
    if not found.groups:
        lines = [
            _("Nothing was found for “{text}”.").format(text=found.text),
            _("Try fewer words, another spelling, a P-code or the number of a goal."),
        ]
    else:
        lines = [_("{count} found for “{text}”.").format(count=state.number(found.total), text=found.text)]
        lines += [_("“{typed}” is read as “{read}”.").format(typed=one, read=other) for one, other in found.corrected]
        lines += [_("Nothing has all of these words; shown is what has some of them.")] if found.some else []
    return f'<p role="status">{" ".join(map(esc, lines))}</p>'


def _group(group: Group) -> str:
    _ = state.words()
    names = {
        "area": _("Areas"),
        "goal": _("Goals"),
        "agency": _("Agencies"),
        "donor": _("Donors"),
        "partner": _("Implementing partners"),
        "activity": _("Activities"),
        "news": _("News"),
    }
    hits = group.hits[: SHOWN.get(group.kind, 5)]
    entries = "".join(f"<li>{_entry(hit.document)}</li>" for hit in hits)
    head = f"{names[group.kind]} ({group.total})" if group.total > len(hits) else names[group.kind]
    return f'<p class="lao-kind">{esc(head)}</p><ul aria-label="{esc(head)}">{entries}</ul>'


def _entry(document: Document) -> str:
    """Return a hit as a link with its name in both languages and what tells it from others."""
    view, _ = state.current(), state.words()
    both = [document.name_en, document.name_lo]
    shown, other = both[::-1] if pack.is_local(view.lang) and document.name_lo else both
    if document.kind == "goal":
        shown = f"{document.key} {shown}"
    facts = [told(other), *map(esc, _facts(document))]
    if document.kind == "agency":
        facts = [*([told(shown)] if shown != document.key else []), *facts]
        shown = document.key
    return f"{_link(document, shown)} <small>{' · '.join(fact for fact in facts if fact)}</small>"


def _facts(document: Document) -> Sequence[str]:
    view = state.current()
    if document.kind == "news":
        return (news.kind_name(document.detail, view.lang), *(["↗"] if document.url else []))
    if document.kind == "activity":
        return (document.detail,)
    # The index knows no filters: what a link opens may be fewer under those of the reader.
    many = i18n.plural(view.lang)("{count} activity in all", "{count} activities in all", document.count)
    count = many.format(count=state.number(document.count))
    within = words.area_name(document.detail, view.lang) if document.kind == "area" and document.detail else ""
    return (within, document.key if document.kind == "area" else "", count)


def _link(document: Document, label: str) -> str:
    """Return the link to what a document is about: its view here, or the source of a news item."""
    _ = state.words()
    view = replace(state.current(), focus="", activity="")
    text = told(label)
    if document.kind == "news" and document.url:
        return f'<a href="{esc(document.url)}" target="_blank" rel="noopener noreferrer">{text}</a>'
    if document.kind == "news":
        return linked.link(text, NEWS, replace(view, q=document.name_en[: search.MAX_TEXT]))
    if document.kind == "area":
        return linked.link(text, linked.AREAS, replace(view, focus=document.key))
    if document.kind == "goal":
        return linked.link(text, GOALS, replace(view, goal=document.key))
    if document.kind in PARTNER_KINDS:
        return linked.link(text, linked.PARTNERS, replace(view, who=f"{document.kind}:{document.key}"))
    # An activity opens on the page that the reader is on.
    return linked.link(text, "", replace(state.current(), activity=document.key))
