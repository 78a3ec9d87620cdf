"""Floor 5: who funds what through whom, and who works on the same goal in the same place.

Flows count activities, not money, since few activities state a budget.  An activity with several donors, agencies or
goals counts once in each flow that it belongs to, so flows do not add up to the number of activities; nodes count each
activity once.
"""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from geo import codes, gazetteer
from geo.code_columns import Mask
from geo.dataset import Dataset
from geo.fields import guard
from geo.filters import Filters

UNSTATED = ""  # the node of activities that name no donor, agency or goal
OTHERS = "\N{HORIZONTAL ELLIPSIS}"  # the node of the small ones together
SHOWN = 12  # donors and agencies with a node of their own: more cannot be told apart on a page
COLUMNS = (
    "level", "pcode", "name_en", "name_lo", "province", "sdg", "goal", "agency_count", "agencies", "activity_count",
    "years_together", "activity_ids", "titles",
)  # fmt: skip

Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Path:
    """A donor's activities through an agency: how many, and the same by goal."""

    donor: str
    agency: str
    activities: int
    goals: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Node:
    """One donor, agency or goal of a diagram: ``stage`` 0, 1 or 2, its activities, and how many names it stands for."""

    stage: int
    name: str
    activities: int
    names: int = 1


@dataclass(frozen=True, slots=True)
class Link:
    """Activities between two nodes of neighbouring stages, each counted once."""

    stage: int
    left: str
    right: str
    activities: int


@dataclass(frozen=True, slots=True)
class Diagram:
    """Donor to agency to goal: nodes by stage in the order in which they are drawn, and the links between them."""

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Box:
    """Where a node is drawn: its top and height, in the layout's unit."""

    node: Node
    top: float
    height: float


@dataclass(frozen=True, slots=True)
class Ribbon:
    """Where a link is drawn: the top at its left and its right end, and its width."""

    link: Link
    left: float
    right: float
    width: float


@dataclass(frozen=True, slots=True)
class Overlap:
    """Agencies with activities for one goal in one area.

    ``level`` is adm2, or adm1 for activities that are known by province only; ``joint`` says that one activity holds
    all of them; ``years`` are those in which two or more of them are known to be active, in their order.
    """

    level: str
    pcode: str
    goal: int
    agencies: Names
    rows: tuple[int, ...]
    joint: bool = field(default=False)
    years: tuple[int, ...] = field(default=())


def paths(dataset: Dataset, mask: Mask) -> tuple[Path, ...]:
    """Return every pair of donor and agency with its activities, the most first, then by name; unstated ones last."""
    total: Counter[tuple[str, str]] = Counter()
    by_goal: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for donors, agencies, goals in _triples(dataset, mask):
        for pair in ((donor, agency) for donor in donors for agency in agencies):
            total[pair] += 1
            by_goal[pair].update(goals)
    order = sorted(total, key=lambda pair: (pair[0] == UNSTATED, pair[1] == UNSTATED, -total[pair], pair))
    return tuple(Path(*pair, total[pair], tuple(sorted(by_goal[pair].items(), key=_goal_order))) for pair in order)


def _goal_order(pair: tuple[str, int]) -> int:
    return int(pair[0] or 0)


def _triples(dataset: Dataset, mask: Mask) -> list[tuple[Names, Names, Names]]:
    found = []
    for row in np.flatnonzero(mask):
        one = dataset.activities[row]
        goals = tuple(map(str, one.goals))
        found.append(tuple(_unique(part) for part in (one.donors, one.agencies, goals)))
    return found  # type: ignore[return-value]


def _unique(names: Iterable[str]) -> Names:
    return tuple(dict.fromkeys(names)) or (UNSTATED,)


def diagram(dataset: Dataset, mask: Mask, shown: int = SHOWN) -> Diagram:
    """Return the flows of a selection; donors and agencies beyond the ``shown`` largest are one node each."""
    triples = _triples(dataset, mask)
    nodes: list[Node] = []
    keeps: list[dict[str, str]] = []
    for stage in range(3):
        counts = Counter(name for triple in triples for name in triple[stage])
        ranked = sorted(counts, key=lambda name: (name == UNSTATED, -counts[name], name))
        named = [name for name in ranked if name != UNSTATED]
        large = named if stage == 2 or len(named) <= shown + 1 else named[:shown]
        keep = {name: name if name in large or name == UNSTATED else OTHERS for name in ranked}
        merged = Counter(name for triple in triples for name in {keep[one] for one in triple[stage]})
        order = sorted(large, key=int) if stage == 2 else large
        order += [name for name in (OTHERS, UNSTATED) if name in merged]
        nodes += [Node(stage, name, merged[name], sum(one == name for one in keep.values())) for name in order]
        keeps.append(keep)
    links: Counter[tuple[int, str, str]] = Counter()
    for triple in triples:
        ends = [{keep[name] for name in names} for keep, names in zip(keeps, triple, strict=True)]
        links.update((stage, left, right) for stage in (0, 1) for left in ends[stage] for right in ends[stage + 1])
    return Diagram(tuple(nodes), tuple(Link(*key, count) for key, count in sorted(links.items())), len(triples))


def layout(found: Diagram, height: float, gap: float) -> tuple[tuple[Box, ...], tuple[Ribbon, ...]]:
    """Return where a diagram's nodes and links lie between 0 and ``height``, nodes of a stage ``gap`` apart.

    One scale holds for all: a node is as high as its links on the side that has more of them, or as its own count.
    """
    sides: list[Counter[tuple[int, str]]] = [Counter(), Counter()]
    for link in found.links:
        sides[0][link.stage, link.left] += link.activities
        sides[1][link.stage + 1, link.right] += link.activities
    weight = {
        (node.stage, node.name): max(sides[0][node.stage, node.name], sides[1][node.stage, node.name], node.activities)
        for node in found.nodes
    }
    stages = [[node for node in found.nodes if node.stage == stage] for stage in range(3)]
    scale = min(
        (
            (height - gap * (len(nodes) - 1)) / sum(weight[node.stage, node.name] for node in nodes)
            for nodes in stages
            if nodes
        ),
        default=0.0,
    )
    boxes: dict[tuple[int, str], Box] = {}
    for nodes in stages:
        used = scale * sum(weight[node.stage, node.name] for node in nodes)
        space = min((height - used) / max(len(nodes) - 1, 1), gap * 3)
        top = (height - used - space * (len(nodes) - 1)) / 2
        for node in nodes:
            size = weight[node.stage, node.name] * scale
            boxes[node.stage, node.name] = Box(node, top, size)
            top += size + space
    return tuple(boxes.values()), _ribbons(found, boxes, scale)


def _ribbons(found: Diagram, boxes: Mapping[tuple[int, str], Box], scale: float) -> tuple[Ribbon, ...]:
    """Stack the links at both ends in the order of the nodes that they go to, so that few of them cross."""
    place = {key: at for at, key in enumerate(boxes)}
    leaving: dict[tuple[int, str], float] = {key: box.top for key, box in boxes.items()}
    coming = dict(leaving)
    starts: dict[Link, float] = {}
    by_left = sorted(found.links, key=lambda one: (place[one.stage, one.left], place[one.stage + 1, one.right]))
    for link in by_left:
        starts[link] = leaving[link.stage, link.left]
        leaving[link.stage, link.left] += link.activities * scale
    ribbons = []
    for link in sorted(found.links, key=lambda one: (place[one.stage + 1, one.right], place[one.stage, one.left])):
        end = coming[link.stage + 1, link.right]
        ribbons.append(Ribbon(link, starts[link], end, link.activities * scale))
        coming[link.stage + 1, link.right] += link.activities * scale
    return tuple(ribbons)


def overlaps(dataset: Dataset, mask: Mask, found: Filters, level: str = "adm2") -> tuple[Overlap, ...]:
    """Return where two or more agencies have activities for one goal, the most agencies first.

    ``level`` adm2 takes activities whose district is known; adm1 those known by province only, and no others.  Only the
    goals and areas that ``found`` asks for are listed, though its activities may have more.
    """
    places: dict[tuple[str, int], list[int]] = defaultdict(list)
    decisions = dataset.places(found.view).decisions
    goals = {int(number) for number in found.sdg}
    for row in np.flatnonzero(mask):
        for pcode in decisions[row].areas:
            if gazetteer.level(pcode) == level and _wanted(pcode, found.area):
                for goal in dataset.activities[row].goals:
                    if not goals or goal in goals:
                        places[pcode, goal].append(int(row))
    all_ = (_overlap(dataset, level, pcode, goal, rows) for (pcode, goal), rows in places.items())
    kept = [one for one in all_ if len(one.agencies) > 1]
    return tuple(sorted(kept, key=lambda one: (-len(one.agencies), one.joint, -len(one.rows), one.pcode, one.goal)))


def _wanted(pcode: str, areas: Sequence[str]) -> bool:
    """Tell whether an area is one of those asked for, or lies in one of them."""
    return not areas or pcode in areas or gazetteer.province(pcode) in areas


def _overlap(dataset: Dataset, level: str, pcode: str, goal: int, rows: Sequence[int]) -> Overlap:
    sets = [frozenset(dataset.activities[row].agencies) for row in rows]
    agencies = tuple(sorted(set().union(*sets)))
    return Overlap(level, pcode, goal, agencies, tuple(rows), frozenset(agencies) in sets, _together(dataset, rows))


def _together(dataset: Dataset, rows: Sequence[int]) -> tuple[int, ...]:
    """Return the years in which at least two agencies are known to be active."""
    active: dict[int, set[str]] = defaultdict(set)
    for row in rows:
        if dataset.first_year[row]:
            for year in range(int(dataset.first_year[row]), int(dataset.last_year[row]) + 1):
                active[year].update(dataset.activities[row].agencies)
    return tuple(sorted(year for year, agencies in active.items() if len(agencies) > 1))


def paths_csv(found: Sequence[Path]) -> bytes:
    """Return pairs of donor and agency as CSV (UTF-8 with a byte order mark): their activities, and those by goal."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    goals = [str(goal.number) for goal in codes.goals()]
    writer.writerow(["donor", "agency", "activities", *(f"sdg_{number}" for number in goals)])
    for one in found:
        by_goal = dict(one.goals)
        counts = [str(by_goal.get(number, 0)) for number in goals]
        writer.writerow([guard(one.donor), guard(one.agency), str(one.activities), *counts])
    return out.getvalue().encode("utf-8-sig")


def spans(years: Sequence[int]) -> str:
    """Return years in runs, such as ``2012–2016, 2019``."""
    runs: list[list[int]] = []
    for year in years:
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(f"{run[0]}" if len(run) == 1 else f"{run[0]}\N{EN DASH}{run[-1]}" for run in runs)


def overlaps_csv(dataset: Dataset, found: Sequence[Overlap]) -> bytes:
    """Return overlaps as CSV (UTF-8 with a byte order mark, so that Excel reads Lao), a row each in their order."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in found:
        names = gazetteer.names(one.pcode)
        activities = [dataset.activities[row] for row in one.rows]
        cells = (
            one.level, one.pcode, names.name_en, names.name_lo, gazetteer.names(gazetteer.province(one.pcode)).name_en,
            one.goal, codes.goal(one.goal).name_en, len(one.agencies), "; ".join(one.agencies), len(one.rows),
            spans(one.years), "; ".join(each.activity_id for each in activities),
            "; ".join(each.title for each in activities),
        )  # fmt: skip
        writer.writerow([guard(str(cell)) for cell in cells])
    return out.getvalue().encode("utf-8-sig")
