"""Floor 5: what stands on one printed page, as a value: its kind, its maps, its lists, and the view that it carries.

Whoever draws pages (Typst, PowerPoint, Word) reads this and counts nothing.  All texts are in the language of the map
and are shown as they stand, never as markup.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from geo.errors import InputError
from geo.flows import Diagram
from geo.mapspec import MapSpec

PageKind = Literal["map", "ranked", "province", "sheet", "pair", "bivariate", "flow", "contents"]
LAYERS = ("names", "values", "neighbours")  # of a map, on unless they are left out
NATIONWIDE_WAYS = ("box", "hatch", "list")
ORIENTATIONS = ("landscape", "portrait")
MILLIMETRE = 72 / 25.4
# Width and height in millimetres, landscape.  The slide is the 13.333 x 7.5 inches of 16:9 presentations (1920 x 1080
# pixels at 144 dpi), the square post 7.5 inches (1080 pixels).
PAPERS = {
    "a4": (297.0, 210.0),
    "a3": (420.0, 297.0),
    "letter": (279.4, 215.9),
    "slide": (338.667, 190.5),
    "square": (190.5, 190.5),
}
FIXED = ("slide", "square")  # papers that have one orientation
SHORT_SIDE = 210.0 * MILLIMETRE  # of the page in points of its own, whatever the paper
SQUARE_SIDE = 470.0  # fewer points on the same side: larger letters, for a small screen


@dataclass(frozen=True, slots=True)
class Paper:
    """A sheet: its size in page points and how many points of the paper (1/72 inch) one of them is."""

    name: str
    width: float
    height: float
    unit: float

    @property
    def upright(self) -> bool:
        """Higher than wide."""
        return self.height > self.width

    @property
    def square(self) -> bool:
        """As high as wide: a post for a small screen."""
        return self.height == self.width


def paper(name: str, orientation: str = "landscape") -> Paper:
    """Return the sheet of that name; ``slide`` and ``square`` have one orientation.

    Raises:
        InputError: when the paper or the orientation is unknown.
    """
    if name not in PAPERS:
        raise InputError(f"Paper {name!r} is unknown; expected one of {', '.join(PAPERS)}.")
    if orientation not in ORIENTATIONS:
        raise InputError(f"Orientation {orientation!r} is unknown; expected one of {', '.join(ORIENTATIONS)}.")
    wide, high = PAPERS[name]
    if orientation == "portrait" and name not in FIXED:
        wide, high = high, wide
    side = SQUARE_SIDE if wide == high else SHORT_SIDE
    unit = min(wide, high) * MILLIMETRE / side
    return Paper(name, wide * MILLIMETRE / unit, high * MILLIMETRE / unit, unit)


@dataclass(frozen=True, slots=True)
class Listed:
    """One activity in a list: its title, agencies, where it is, its goals, and its budget in words ("" for none)."""

    activity_id: str
    title: str
    agencies: str
    where: str
    goals: tuple[int, ...]
    budget: str


@dataclass(frozen=True, slots=True)
class Listing:
    """Activities under a heading, the greatest budgets first; ``total`` counts them all, shown or not."""

    title: str
    rows: tuple[Listed, ...]
    total: int


@dataclass(frozen=True, slots=True)
class SmallMap:
    """One goal's map of the provinces on the sheet of goals; ``fills`` gives a colour by P-code."""

    goal: int
    name: str
    colour: str
    fills: tuple[tuple[str, str], ...]
    total: int  # = located + nationwide + unlocated
    located: int
    nationwide: int
    unlocated: int
    most: str  # the province with most, in words; "" for none
    alt: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of an atlas' contents: title, page and figures; ``colour`` is a goal's, "" for an area's."""

    key: str  # P-code or goal number
    title: str
    page: int
    activities: int
    agencies: int
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Axes:
    """The two figures of a bivariate map: their names and the bounds of their three classes in words, low to high."""

    across: str
    upwards: str
    across_bounds: tuple[str, ...]
    upwards_bounds: tuple[str, ...]
    colours: tuple[tuple[str, ...], ...]  # rows from low to high upwards, columns from low to high across


@dataclass(frozen=True, slots=True)
class Flow:
    """Who funds what through whom: ``names`` has the diagram's nodes in words, in their order.

    ``pairs`` has every donor with an agency, their activities, and these by goal.
    """

    diagram: Diagram
    names: tuple[str, ...]
    pairs: tuple[tuple[str, str, int, tuple[tuple[int, int], ...]], ...]
    alt: str


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page.  ``specs`` has a map, or two on a page of two; none on a sheet of goals."""

    kind: PageKind
    specs: tuple[MapSpec, ...]
    title: str
    subtitle: str
    captions: tuple[str, ...] = ()  # over each of two maps
    note: str = ""
    nationwide: str = "box"
    listing: Listing | None = None
    small: tuple[SmallMap, ...] = ()
    entries: tuple[Entry, ...] = ()
    axes: Axes | None = None
    flow: Flow | None = None
    without: tuple[str, ...] = ()  # layers of the map that are left out, of ``LAYERS``
    points: tuple[tuple[str, int], ...] = ()  # activities by district, shown as circles
    lows: tuple[tuple[str, Decimal], ...] = ()  # the low end of a range of money, by P-code
    link: str = ""  # of the live view; without a host where none is known
    number: int = 0  # of an atlas' page, from 1; 0: the page stands alone
    of: int = 0
    key: str = ""  # P-code or goal of an atlas' page
    view: str = ""  # ``provenance.View`` as text: what the file of this page carries

    @property
    def spec(self) -> MapSpec:
        """The first map, which names language, date and data."""
        return self.specs[0]
