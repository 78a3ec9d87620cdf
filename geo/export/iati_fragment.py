"""Floor 7: the correction of one activity as a piece of IATI, ready to paste into its publisher's own file."""

from __future__ import annotations

from lxml import etree

from geo.dataset import Dataset
from geo.export.iati_where import add_locations, add_scope, add_tags, clean

NOTES = {
    "nationwide": "Nationwide: remove every location of the activity.",
    "subnational": "Put these in place of the activity's own scope, locations and SDG tags.",
    "unlocated": "Its areas are not known: add a location for each province or district once they are.",
}


def fragment(data: Dataset, row: int) -> str:
    """Return scope, locations and tags of an activity as the map shows them, in the standard's order.

    In the file, ``recipient-country`` stands after the scope, and ``sector`` between locations and tags.
    """
    activity, decision = data.activities[row], data.corrected.decisions[row]
    parent = etree.Element("iati-activity")
    add_scope(parent, decision)
    add_locations(parent, decision)
    add_tags(parent, activity)
    # Two hyphens would end the comment.
    name = clean(activity.activity_id).replace("--", "- -").rstrip("-")
    head = f"<!-- {name}: {NOTES[decision.scope]} -->\n"
    etree.indent(parent)
    return head + "".join(_text(child) for child in parent)


def _text(element: object) -> str:
    text: str = etree.tostring(element, encoding="unicode", pretty_print=True)
    return "\n".join(line.removeprefix("  ") for line in text.rstrip().splitlines()) + "\n"
