"""Floor 5: the flow page's figures: who funds what through whom, with names in the language of the page."""

from __future__ import annotations

from geo import codes, flows, i18n
from geo.code_columns import Mask
from geo.dataset import Dataset
from geo.flows import OTHERS, UNSTATED, Node, Path
from geo.print_spec import Flow

TOLD = 3  # flows in the alt text


def flow(dataset: Dataset, mask: Mask, language: str) -> Flow:
    """Return the flows of the masked activities from donors through agencies to goals."""
    _ = i18n.translator(language)
    diagram, paths = flows.diagram(dataset, mask), flows.paths(dataset, mask)
    names = tuple(node_name(node, language) for node in diagram.nodes)
    pairs = tuple((*_ends(path, language), path.activities, _goals(path)) for path in paths)
    top = "; ".join(f"{donor} → {agency}: {i18n.number(count, language)}" for donor, agency, count, _g in pairs[:TOLD])
    alt = _("Flow diagram from donors through agencies to goals, {count} activities. Most: {flows}.").format(
        count=i18n.number(diagram.total, language), flows=top or "–"
    )
    return Flow(diagram, names, pairs, alt)


def node_name(node: Node, language: str) -> str:
    """Return a node's name in words."""
    _ = i18n.translator(language)
    if node.name == OTHERS:
        return (_("{count} other donors") if node.stage == 0 else _("{count} other agencies")).format(count=node.names)
    if node.name == UNSTATED:
        return (_("no donor stated"), _("no agency stated"), _("no goal"))[node.stage]
    if node.stage == 2:
        return f"{node.name} {codes.goal(int(node.name)).short(language)}"
    return node.name if node.stage else codes.donor_name(node.name, language)


def _ends(path: Path, language: str) -> tuple[str, str]:
    _ = i18n.translator(language)
    return codes.donor_name(path.donor, language) or _("no donor stated"), path.agency or _("no agency stated")


def _goals(path: Path) -> tuple[tuple[int, int], ...]:
    return tuple((int(goal), count) for goal, count in path.goals if goal != UNSTATED)
