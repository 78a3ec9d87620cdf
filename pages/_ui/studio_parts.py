"""The studio's choices: each shows what the link says and writes a new one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from geo import codes, gazetteer, i18n, pack, studio_spec, words
from geo.errors import Problem
from geo.print_legend import in_legend_order
from geo.print_spec import FIXED, LAYERS, Leaf
from geo.studio_spec import StudioSpec
from pages._ui import state
from pages._ui.text import esc, md

BOTH, POINTS = "both", "points"


def spec_now() -> StudioSpec:
    """Return the choices of the link."""
    found = state.current()
    return studio_spec.from_text(found.studio, found)[0]


def change(**values: Any) -> None:
    """Write other choices into the link."""
    state.go(studio=replace(spec_now(), **values).to_text())


def problems(found: Sequence[Problem]) -> None:
    """Say what of the link's choices was not understood."""
    _ = state.words()
    for one in found:
        st.warning(
            md(_("The link's choice “{name}” is left out: {reason}").format(name=one.column, reason=one.expected))
        )


def _slave(name: str, value: object) -> str:
    key = f"w_studio_{name}"
    st.session_state[key] = value
    return key


def _choose(name: str, label: str, options: dict[str, str], value: str, *, disabled: bool = False) -> None:
    """Draw a list of which one is chosen."""
    key = _slave(name, value)
    st.selectbox(
        label,
        list(options),
        key=key,
        format_func=options.__getitem__,
        on_change=lambda: change(**{name: st.session_state[key]}),
        disabled=disabled,
    )


def _switch(name: str, label: str, options: dict[str, str], value: str, *, disabled: bool = False) -> None:
    """Draw buttons of which one is chosen."""
    key = _slave(name, value)
    st.segmented_control(
        label,
        list(options),
        key=key,
        format_func=options.__getitem__,
        required=True,
        on_change=lambda: change(**{name: st.session_state[key]}),
        disabled=disabled,
    )


def page(spec: StudioSpec) -> None:
    """Draw what is on the page and what it is printed on."""
    _ = state.words()
    kinds = {
        "map": _("Map alone"),
        "ranked": _("Map with ranked bars"),
        "province": _("Province by district, with its activities"),
        "sheet": _("All goals on one sheet"),
        "pair": _("Two maps side by side"),
        "bivariate": _("Two figures on one map"),
        "flow": _("Flows from donors to goals"),
        "atlas": _("Atlas with contents"),
    }
    _choose("kind", _("What to print"), kinds, spec.kind)
    _details(spec)
    papers = {"a4": "A4", "a3": "A3", "letter": "Letter", "slide": _("Slide 16:9"), "square": _("Square post")}
    _choose("paper", _("Paper"), papers, spec.paper)
    ways = {"landscape": _("Landscape"), "portrait": _("Portrait")}
    _switch("orientation", _("Orientation"), ways, spec.orientation, disabled=spec.paper in FIXED)
    _languages(spec)
    shown = {"box": _("Box"), "hatch": _("Hatch"), "list": _("List")}
    _switch("nationwide", _("Nationwide work"), shown, spec.nationwide)
    _layers(spec)


def _layers(spec: StudioSpec) -> None:
    """Draw which layers the map has."""
    _ = state.words()
    names = {
        "names": _("Names"),
        "values": _("Values"),
        "neighbours": _("Neighbours' names"),
        POINTS: _("Activity points"),
    }
    shown = [layer for layer in LAYERS if layer not in spec.without] + [POINTS] * spec.points
    key = _slave("layers", shown)

    def choose() -> None:
        chosen = st.session_state[key]
        change(without=tuple(layer for layer in LAYERS if layer not in chosen), points=POINTS in chosen)

    st.multiselect(
        _("Layers"),
        list(names),
        key=key,
        format_func=names.__getitem__,
        placeholder=_("none"),
        on_change=choose,
        disabled=spec.kind in ("sheet", "flow"),
    )


def _languages(spec: StudioSpec) -> None:
    _ = state.words()
    codes_ = dict.fromkeys((i18n.SOURCE_LANGUAGE, pack.settings().local_language))
    names = {code: i18n.name_in(code, state.current().lang) for code in codes_} | {BOTH: _("Both")}
    said = spec.said[0] if len(spec.said) == 1 else BOTH
    key = _slave("languages", said)

    def choose() -> None:
        value = st.session_state[key]
        every = tuple(code for code in names if code != BOTH)
        change(languages=every if value == BOTH else () if value == state.current().lang else (value,))

    st.segmented_control(
        _("Language of the page"), list(names), key=key, format_func=names.__getitem__, required=True, on_change=choose
    )


def _details(spec: StudioSpec) -> None:
    """Draw what only one kind of page asks."""
    _ = state.words()
    lang = state.current().lang
    areas = {code: words.area_name(code, lang) for code in gazetteer.all_areas("adm1")}
    goals = {str(goal.number): words.goal_name(goal.number, lang) for goal in codes.goals()}
    if spec.kind == "province":
        chosen = next(iter(spec.items), "") or next(iter(areas))
        key = _slave("items", chosen)
        st.selectbox(
            _("Province"),
            list(areas),
            key=key,
            format_func=areas.__getitem__,
            on_change=lambda: change(items=(st.session_state[key],)),
        )
    elif spec.kind == "atlas":
        key = _slave("by", spec.by)
        labels = {"province": _("Provinces"), "goal": _("Goals")}
        st.segmented_control(
            _("A page for each of the"),
            list(labels),
            key=key,
            format_func=labels.__getitem__,
            required=True,
            on_change=lambda: change(by=st.session_state[key], items=()),
        )
        names = goals if spec.by == "goal" else areas
        several = _slave("items", [item for item in spec.items if item in names])
        st.multiselect(
            _("Only these"),
            list(names),
            key=several,
            format_func=names.__getitem__,
            placeholder=_("all"),
            on_change=lambda: change(items=tuple(st.session_state[several])),
        )
    elif spec.kind == "bivariate":
        _switch("against", _("Activities against"), {"people": _("People"), "agencies": _("Agencies")}, spec.against)
    elif spec.kind == "pair":
        _pair(spec, goals)


def _pair(spec: StudioSpec, goals: dict[str, str]) -> None:
    _ = state.words()
    key = _slave("compare", spec.compare)
    labels = {"view": _("Registered and corrected"), "years": _("Two periods"), "goals": _("Two goals")}
    st.segmented_control(
        _("What to compare"),
        list(labels),
        key=key,
        format_func=labels.__getitem__,
        required=True,
        on_change=lambda: change(compare=st.session_state[key], left="", right=""),
    )
    left, right = st.columns(2)
    if spec.compare == "goals":
        with left:
            _choose("left", _("Left"), goals, spec.left or "1")
        with right:
            _choose("right", _("Right"), goals, spec.right or "2")
    elif spec.compare == "years":
        for column, name, label in ((left, "left", _("Left: years")), (right, "right", _("Right: years"))):
            with column:
                _years(name, label, getattr(spec, name))


def _years(name: str, label: str, value: str) -> None:
    _ = state.words()
    key = _slave(name, value)

    def write() -> None:
        text = st.session_state[key].strip().replace("–", "-").replace(" ", "")
        now = spec_now()
        query = (replace(now, left="") if name == "left" else replace(now, right="")).to_text()
        # what is no span of years comes back as a problem that says so
        state.go(studio=f"{query}&{urlencode({name: text})}" if text else query)

    st.text_input(label, key=key, max_chars=9, placeholder="2015-2020", on_change=write)


def texts(spec: StudioSpec, first: Leaf) -> None:
    """Draw title and note as they are printed, and the marks of the page."""
    _ = state.words()
    plain = first.title if not spec.title else ""
    title = _slave("title", spec.title or plain)

    def write_title() -> None:
        text = st.session_state[title].strip()
        change(title="" if text == plain else text)

    st.text_input(
        _("Title"), key=title, max_chars=studio_spec.MOST_TITLE, on_change=write_title, help=_("Empty: in words.")
    )
    note = _slave("note", spec.note)
    st.text_area(
        _("Note below the title"),
        key=note,
        max_chars=studio_spec.MOST_NOTE,
        height=80,
        on_change=lambda: change(note=st.session_state[note].strip()),
    )
    draft = _slave("draft", spec.draft)
    st.checkbox(_("Mark as draft, not cleared"), key=draft, on_change=lambda: change(draft=st.session_state[draft]))
    names = _slave("names", spec.names)
    st.checkbox(
        _("Local names beside the English ones"), key=names, on_change=lambda: change(names=st.session_state[names])
    )


def classes(spec: StudioSpec) -> None:
    """Draw the number of classes, above the histogram of what is in them."""
    _ = state.words()
    key = _slave("classes", spec.classes)
    st.select_slider(
        _("Classes"),
        studio_spec.CLASSES,
        key=key,
        on_change=lambda: change(classes=st.session_state[key]),
        disabled=spec.kind in ("bivariate", "flow") or spec.filters.view == "difference",
    )


def histogram(leaf: Leaf) -> None:
    """Draw how many areas each class has."""
    _ = state.words()
    spec = leaf.spec
    if leaf.axes is not None or leaf.kind in ("sheet", "flow"):
        return
    counts = {one.index: sum(area.class_index == one.index for area in spec.areas) for one in spec.classes}
    most = max(counts.values(), default=0) or 1
    rows = "".join(
        _bar(one.label, one.colour, one.index, counts[one.index], most) for one in in_legend_order(spec.classes)
    )
    unit = _("Districts in each class") if spec.level == "adm2" else _("Provinces in each class")
    st.html(
        f'<table style="width:100%;font-size:.85rem"><caption style="text-align:left;font-weight:600">{esc(unit)}'
        f"</caption><tbody>{rows}</tbody></table>"
    )


def _bar(label: str, colour: str, index: int, count: int, most: int) -> str:
    """Return one class as a row: its colour, its bounds, a bar and the number of areas."""
    paint = colour if index >= 0 else "#fff"
    box = f"display:inline-block;width:1.4rem;height:.8rem;border:1px solid #6b6b66;background:{paint}"
    bar = f"display:inline-block;height:.7rem;background:#b4b3ab;width:{80 * count / most:.0f}%"
    name = "font-weight:400;text-align:left;padding:0 .6rem"
    return (
        f'<tr><td><span style="{box}"></span></td><th scope="row" style="{name}">{esc(label)}</th>'
        f'<td style="width:50%"><span style="{bar}"></span> {count}</td></tr>'
    )
