"""Floor 1: HXL hashtags, of the standard and of its drafts, and the column of ours that each of them is.

A hashtag has attributes in any order: ``#org+funder``.  The drafts had longer hashtags instead (``#org_id``,
``#start_date``, ``#lat_deg``), which are turned into what replaced them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from geo.fields import Fields

# Parts of the drafts' hashtags and the attributes that replaced them.
OLD_PARTS = {"id": "code", "num": "num", "date": "date", "name": "name", "deg": ""}
OLD_TAGS = {
    "start_date": ("date", "start"),
    "from_date": ("date", "start"),
    "end_date": ("date", "end"),
    "to_date": ("date", "end"),
    "report_date": ("date", "reported"),
    "lat_deg": ("geo", "lat"),
    "lon_deg": ("geo", "lon"),
    "activity_id": ("activity", "id"),
    "funding": ("org", "funder"),
    "implementer": ("org", "impl"),
}
PCODES = ("v_pcode", "v_pcodes", "code", "pcode", "pcodes")
# What the map made of an activity, as our own export adds it: read past.
COMPUTED = ("corrected", "registered")
AREA_TAGS = ("adm1", "adm2", "adm3", "adm4", "adm5", "loc")
COUNTRY, LATITUDE, LONGITUDE, PASSED = "country", "latitude", "longitude", "passed"
# Attributes that make a number of people that of a part of them.
PARTS = frozenset(
    {"f", "m", "i", "u", "male", "female", "children", "adults", "elderly", "infants", "girls", "boys", "men", "women"}
)


@dataclass(frozen=True, slots=True)
class Tag:
    """One hashtag: its name without ``#``, in small letters, and its attributes."""

    name: str
    attributes: frozenset[str]

    def __str__(self) -> str:
        return "#" + "+".join((self.name, *sorted(self.attributes)))


def parse(cell: str) -> Tag | None:
    """Return the hashtag of a cell; None when it is none."""
    text = re.sub(r"\s*\+\s*", "+", cell.strip()).casefold()
    found = re.fullmatch(r"#([a-z][a-z0-9_]*)((?:\+!?[a-z][a-z0-9_]*)*)", text)
    if not found:
        return None
    name, attributes = found[1], {part.lstrip("!") for part in found[2].split("+") if part}
    if name in OLD_TAGS:
        name, attribute = OLD_TAGS[name]
        return Tag(name, frozenset((*attributes, attribute)))
    stem, _, last = name.rpartition("_")
    if stem and last in OLD_PARTS:
        name = stem
        attributes |= {OLD_PARTS[last]} - {""}
    return Tag(name, frozenset(attributes))


# Column by hashtag and attributes of which one must be there (() for none); the first line that fits counts.
RULES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (PASSED, "", COMPUTED),
    (Fields.ACTIVITY_ID, "activity", ("id", "code")),
    (Fields.ACTIVITY_ID, "project", ("id", "code")),
    (Fields.ACTIVITY_ID, "meta", ("id",)),
    (Fields.SUMMARY, "activity", ("description", "summary")),
    (Fields.TITLE, "activity", ("name", "title")),
    (Fields.TITLE, "project", ("name", "title")),
    (Fields.SUMMARY, "description", ()),
    (Fields.SDG_BASIS, "meta", ("sdg_basis",)),
    (Fields.SDG_TARGETS, "", ("sdg_target", "sdg_targets", "v_sdg_target")),
    (Fields.SDGS, "", ("sdg", "sdgs", "v_sdg", "v_sdgs")),
    (Fields.SDGS, "sdg", ()),
    (Fields.DONORS, "org", ("funder", "funders", "funding", "donor", "donors", "fund")),
    (Fields.IMPLEMENTING_PARTNERS, "org", ("impl", "implementing", "implementer", "partner", "partners")),
    (Fields.AGENCIES, "org", ("prog", "programming", "lead", "reporting", "name", "acronym")),
    (Fields.STATUS, "status", ()),
    (Fields.START_DATE, "date", ("start", "from", "started")),
    (Fields.END_DATE, "date", ("end", "to", "ended")),
    (Fields.SOURCE_DATE, "date", ("reported", "updated", "source", "published")),
    (Fields.CURRENCY, "currency", ()),
    (Fields.CURRENCY, "value", ("currency",)),
    (Fields.BUDGET_BASIS, "meta", ("budget_basis",)),
    (Fields.BUDGET_USD, "value", ("budget", "total", "funding")),
    (Fields.PEOPLE_REACHED, "reached", ()),
    (Fields.SOURCE_URL, "meta", ("url", "uri", "link")),
    (Fields.SOURCE_TITLE, "meta", ("source",)),
    (Fields.SCOPE_AS_PUBLISHED, "meta", ("scope",)),
    (Fields.GEOGRAPHY, "meta", ("iati_geography",)),
    (Fields.POINTS, "geo", ("coords", "coord", "points", "latlon")),
    (LATITUDE, "geo", ("lat", "latitude")),
    (LONGITUDE, "geo", ("lon", "lng", "long", "longitude")),
    (COUNTRY, "country", ()),
)
# Hashtags that alone, without attributes that say more, are a column.
BARE = {"activity": Fields.TITLE, "project": Fields.TITLE, "org": Fields.AGENCIES, "value": Fields.BUDGET_USD}
PLAIN = frozenset({"list", "en", "lo", "usd", "num", "text", "main", "1", "primary"})


def column(tag: Tag) -> str:
    """Return the column that a hashtag is, an area's hashtag as it stands, or "" for one that is not read."""
    if tag.name == "reached" and tag.attributes & PARTS:
        return ""
    if tag.name in AREA_TAGS and not tag.attributes & {*COMPUTED}:
        return tag.name + (
            "+code" if tag.attributes & {*PCODES} else "+published" if "published" in tag.attributes else ""
        )
    for found, name, attributes in RULES:
        if (not name or name == tag.name) and (not attributes or tag.attributes & {*attributes}):
            return str(found)
    return str(BARE[tag.name]) if tag.name in BARE and tag.attributes <= PLAIN else ""
