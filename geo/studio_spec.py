"""Floor 5: the choices of the snapshot studio as one frozen value, and its way to and from a link."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from geo import codes, gazetteer, pack
from geo.errors import InputError, Problem, shorten
from geo.filters import Filters, from_query
from geo.print_spec import LAYERS, NATIONWIDE_WAYS, ORIENTATIONS, PAPERS

KINDS = ("map", "ranked", "province", "sheet", "pair", "bivariate", "flow", "atlas")
COMPARISONS = ("view", "years", "goals")
AGAINST = ("people", "agencies")
ATLASES = ("province", "goal")
CLASSES = (3, 4, 5, 6, 7)
MOST_TITLE, MOST_NOTE = 200, 400
MOST_LINK = 3000  # letters of the choices in a link
YEARS = (1975, 2100)


@dataclass(frozen=True, slots=True)
class StudioSpec:
    """What is to be printed.  ``languages`` empty means that of the filters; ``title`` empty means the one in words.

    ``without`` names the layers of the map that are left out; ``points`` adds a circle for each district's activities.
    ``items`` are the provinces (P-codes) or goals of an atlas, none for all; of a province's page, the province.
    ``compare`` says what two maps show: both views, two spans of years, or two goals (``left``, ``right``).
    ``against`` is the second figure of a bivariate map.
    """

    filters: Filters = field(default_factory=Filters)
    kind: str = "ranked"
    paper: str = "a4"
    orientation: str = "landscape"
    languages: tuple[str, ...] = ()
    title: str = ""
    note: str = ""
    draft: bool = True
    names: bool = False  # Lao names beside the English ones
    nationwide: str = "box"
    without: tuple[str, ...] = ()
    points: bool = False
    classes: int = 5
    by: str = "province"
    items: tuple[str, ...] = ()
    compare: str = "view"
    left: str = ""
    right: str = ""
    against: str = "people"

    def __post_init__(self) -> None:
        for name, allowed in _CHOICES.items():
            if (value := getattr(self, name)) not in allowed:
                known = ", ".join(map(str, allowed))
                raise InputError(f"{name} {shorten(str(value))!r} is unknown here; expected one of {known}.")
        for language in self.languages:
            if language not in pack.settings().languages:
                known = ", ".join(pack.settings().languages)
                raise InputError(f"Language {shorten(language)!r} is unknown here; expected one of {known}.")
        for layer in self.without:
            if layer not in LAYERS:
                raise InputError(f"Layer {shorten(layer)!r} is unknown here; expected one of {', '.join(LAYERS)}.")
        for name, most in (("title", MOST_TITLE), ("note", MOST_NOTE)):
            if len(getattr(self, name)) > most:
                got = len(getattr(self, name))
                raise InputError(f"The {name} has {got:,} letters; expected at most {most}. Shorten it.")
        if self.kind == "atlas" or self.kind == "province":
            self._check_items()
        if self.kind == "pair":
            self._check_sides()

    def _check_items(self) -> None:
        goals = self.kind == "atlas" and self.by == "goal"
        known = [str(goal.number) for goal in codes.goals()] if goals else list(gazetteer.all_areas("adm1"))
        for item in self.items:
            if item not in known:
                text = f"{known[0]} to {known[-1]}"
                raise InputError(f"{shorten(item)!r} is no page of this kind; expected one of {text}.")

    def _check_sides(self) -> None:
        for side in (self.left, self.right):
            if self.compare == "goals" and side and side not in [str(goal.number) for goal in codes.goals()]:
                raise InputError(f"Goal {shorten(side)!r} is unknown; expected a number such as 6.")
            if self.compare == "years" and side and from_query({"years": [side]})[1]:
                raise InputError(f"Years {shorten(side)!r} are none; expected a year or two, such as 2015-2020.")

    @property
    def said(self) -> tuple[str, ...]:
        """The languages of the pages, one after the other."""
        return self.languages or (self.filters.lang,)

    def to_text(self) -> str:
        """Return the choices without the filters as a query string; defaults are left out."""
        values: list[tuple[str, str]] = []
        for item in fields(self):
            value = getattr(self, item.name)
            if item.name == "filters" or value == item.default:
                continue
            if isinstance(value, tuple):
                values += [(item.name, one) for one in value]
            else:
                values.append((item.name, str(int(value)) if isinstance(value, bool) else str(value)))
        return urlencode(values)


_CHOICES: dict[str, Iterable[object]] = {
    "kind": KINDS,
    "paper": tuple(PAPERS),
    "orientation": ORIENTATIONS,
    "nationwide": NATIONWIDE_WAYS,
    "classes": CLASSES,
    "by": ATLASES,
    "compare": COMPARISONS,
    "against": AGAINST,
}


def from_text(text: str, found: Filters) -> tuple[StudioSpec, tuple[Problem, ...]]:
    """Read the choices of a link: what is understood is kept, the rest becomes problems.  Nothing is evaluated."""
    spec = StudioSpec(filters=replace(found, studio="", focus="", activity=""))
    problems: list[Problem] = []
    given: dict[str, list[str]] = {}
    try:
        pairs = parse_qsl(text[:MOST_LINK], max_num_fields=100)
    except ValueError:
        pairs = []
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    known = {item.name: item for item in fields(StudioSpec) if item.name != "filters"}
    # what says which items are allowed comes first
    for name in sorted(given, key=lambda name: (name in ("items", "left", "right"), name)):
        values = given[name]
        try:
            if name not in known:
                raise InputError(f"Choice {shorten(name)!r} is unknown; expected one of {', '.join(known)}.")
            change: dict[str, Any] = {name: _value(known[name].default, values)}
            spec = replace(spec, **change)
        except (InputError, ValueError) as error:
            problems.append(Problem("unknown_choice", 0, name, shorten(values[-1]), str(error), "It is left out."))
    return spec, tuple(problems)


def _value(default: object, values: list[str]) -> object:
    if isinstance(default, tuple):
        return tuple(dict.fromkeys(values))
    if isinstance(default, bool):
        return values[-1] == "1"
    return int(values[-1]) if isinstance(default, int) else values[-1]
