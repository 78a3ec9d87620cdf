"""Who funds what through whom: a diagram for wide screens, a table for all, and both to take away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from geo import codes, flows, studio_flows
from geo.dataset import Dataset
from geo.filters import Filters
from geo.flows import OTHERS, UNSTATED, Box, Diagram, Node, Path, Ribbon
from pages._ui import cache, cards, facts, file_links, linked, state
from pages._ui.text import esc, md

WIDTH, HEIGHT, GAP = 1000, 860, 10  # the drawing's own unit; stretched to the page's width, never in height
STAGES = (270, 550, 800)  # the left edges of the nodes
NODE = 12
FIRST = 30
PLAIN, GREY = "#6B8299", "#B9B9B4"
FONT = (
    'font-family="Noto Sans, Noto Sans Lao, sans-serif" font-size="12" paint-order="stroke" stroke="#FFFFFF" '
    'stroke-width="3"'
)


def draw(data: Dataset, found: Filters) -> None:
    """Draw the flows of the selection."""
    _ = state.words()
    figures, mask = cache.selection(data, replace(found, who=""))
    st.subheader(_("Who funds what through whom"), anchor="flows")
    facts.adds_up(figures, linked.MAP, replace(found, who="", focus="", goal=""))
    if found.span:
        facts.notes(data, figures, found)
    st.caption(md(_(
        "Widths are numbers of activities, not money: budgets are rarely stated, and never by donor. An activity with "
        "several donors, agencies or goals counts once in each flow that it belongs to, so flows add up to more than "
        "the activities; the figure at a name counts each activity once."
    )))  # fmt: skip
    if not mask.any():
        facts.nothing(found)
        return
    diagram = flows.diagram(data, mask)
    st.html(_screen(diagram, found))
    file_links.row({"flow.svg": _("Diagram (SVG)"), "flow.csv": _("Table (CSV)")}, found)
    paths = flows.paths(data, mask)
    st.html(_table(paths, found))


def label(node: Node, found: Filters) -> str:
    """Return a node's name in words; also outside of a run, where a download is made."""
    return studio_flows.node_name(node, found.lang)


def _target(node: Node, found: Filters) -> tuple[str, Filters] | None:
    """Return the page and view that a node opens, None for one that stands for no single name."""
    if node.name in (OTHERS, UNSTATED):
        return None
    if node.stage == 2:
        return linked.MAP, replace(found, sdg=(node.name,), who="", focus="")
    return linked.PARTNERS, facts.partner_page(found, ("donor", "agency")[node.stage], node.name)


def _screen(diagram: Diagram, found: Filters) -> str:
    """Return the diagram as HTML: the ribbons are an image, the names are links over it."""
    _ = state.words()
    boxes, _ribbons = flows.layout(diagram, HEIGHT, GAP)
    names = []
    for box in boxes:
        text = f"<span>{esc(label(box.node, found))}</span>&nbsp;<b>{box.node.activities}</b>"
        target = _target(box.node, found)
        inner = linked.link(text, *target, to="list" if box.node.stage == 2 else "") if target else text
        middle = box.top + box.height / 2
        if box.node.stage == 0:
            side = f"right:{100 - 100 * (STAGES[0] - 6) / WIDTH:.2f}%;max-width:26%"
        else:
            left, widest = 100 * (STAGES[box.node.stage] + NODE + 6) / WIDTH, (0, 22, 18)[box.node.stage]
            side = f"left:{left:.2f}%;max-width:{widest}%"
        names.append(f'<span class="lao-node" style="top:{middle - 9:.1f}px;{side}">{inner}</span>')
    alt = _("Flow diagram from donors through agencies to goals. The table below has the same figures.")
    image = linked.picture(picture(diagram, found).decode(), alt, 0).replace(
        "width:0px", f"width:100%;height:{HEIGHT}px"
    )
    heads = "".join(
        f'<b class="lao-node" style="top:-26px;{side}">{esc(text)}</b>'
        for text, side in (
            (_("Donors"), f"right:{100 - 100 * (STAGES[0] + NODE) / WIDTH:.2f}%"),
            (_("Agencies"), f"left:{100 * STAGES[1] / WIDTH:.2f}%"),
            (_("Goals"), f"left:{100 * STAGES[2] / WIDTH:.2f}%"),
        )
    )
    return f'<div class="lao-flow lao-wide" style="height:{HEIGHT}px">{image}{heads}{"".join(names)}</div>'


def picture(diagram: Diagram, found: Filters, labels: bool = False) -> bytes:
    """Return the diagram as SVG, with its names or without; the same flows give the same bytes."""
    boxes, ribbons = flows.layout(diagram, HEIGHT, GAP)
    parts = [_ribbon(one) for one in ribbons]
    parts += [
        f'<rect x="{STAGES[box.node.stage]}" y="{box.top:.1f}" width="{NODE}" height="{max(box.height, 1):.1f}" '
        f'fill="{_colour(box.node)}"/>'
        for box in boxes
    ]
    top, fit = (40, "") if labels else (0, ' preserveAspectRatio="none"')
    if labels:
        parts += [_text(box, found) for box in boxes]
    size = f'viewBox="0 {-top / 2:g} {WIDTH} {HEIGHT + top}"{fit}'
    paper = f'<rect y="{-top / 2:g}" width="{WIDTH}" height="{HEIGHT + top}" fill="#FFFFFF"/>' if labels else ""
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{paper}{"".join(parts)}</svg>'.encode()


def _colour(node: Node) -> str:
    if node.name == UNSTATED:
        return GREY
    return codes.goal(int(node.name)).colour if node.stage == 2 else PLAIN


def _ribbon(one: Ribbon) -> str:
    link = one.link
    left, right = STAGES[link.stage] + NODE, STAGES[link.stage + 1]
    middle = (left + right) / 2
    goal = codes.goal(int(link.right)).colour if link.stage == 1 and link.right != UNSTATED else PLAIN
    colour = GREY if link.left == UNSTATED else goal
    y0, y1, width = one.left, one.right, max(one.width, 0.6)
    path = (
        f"M{left} {y0:.1f}C{middle:g} {y0:.1f} {middle:g} {y1:.1f} {right} {y1:.1f}"
        f"V{y1 + width:.1f}C{middle:g} {y1 + width:.1f} {middle:g} {y0 + width:.1f} {left} {y0 + width:.1f}Z"
    )
    return f'<path d="{path}" fill="{colour}" fill-opacity="0.38"/>'


def _text(box: Box, found: Filters) -> str:
    x = STAGES[box.node.stage] + (-6 if box.node.stage == 0 else NODE + 6)
    anchor = "end" if box.node.stage == 0 else "start"
    name = f"{label(box.node, found)}  {box.node.activities}"
    where = f'x="{x}" y="{box.top + box.height / 2 + 4:.1f}" text-anchor="{anchor}"'
    return f"<text {where} {FONT}>{esc(name)}</text>"


def _table(paths: tuple[Path, ...], found: Filters) -> str:
    """Return every pair of donor and agency with its goals; the first ones shown, the rest folded away."""
    _ = state.words()
    rows = [_row(one, found, _) for one in paths]
    head = (_("Donor"), _("Agency"), _("Activities"), _("Goals, with activities"))
    caption = _("Every donor with the agencies that it funds, and their goals")
    text = linked.table(caption, head, rows[:FIRST], numbers={2})
    if len(rows) > FIRST:
        more = esc(_("{count} more").format(count=state.number(len(rows) - FIRST)))
        rest = linked.table(caption, head, rows[FIRST:], numbers={2}, hidden=True)
        text += f"<details><summary>{more}</summary>{rest}</details>"
    return text


def _row(one: Path, found: Filters, _: Callable[[str], str]) -> tuple[str, str, str, str]:
    named: tuple[tuple[str, str, str, Callable[[str], str]], ...] = (
        ("donor", one.donor, _("no donor stated"), facts.donor_name),
        ("agency", one.agency, _("no agency stated"), str),
    )
    cells = [
        linked.link(esc(show(name)), linked.PARTNERS, facts.partner_page(found, kind, name)) if name else esc(nobody)
        for kind, name, nobody, show in named
    ]
    count = state.number(one.activities)
    if one.donor and one.agency:
        there = replace(found, donor=(one.donor,), agency=(one.agency,), who="", focus="")
        count = linked.link(count, linked.MAP, there, to="list")
    goals = " ".join(
        f'<span style="white-space:nowrap">{cards.goal_tiles([int(goal)])}{number}</span>'
        for goal, number in one.goals
        if goal
    )
    return cells[0], cells[1], count, goals
