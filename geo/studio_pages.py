"""Floor 5: choices -> pages: what each kind of page of the studio shows, in each of its languages."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from geo import (
    codes,
    colours,
    filters,
    gazetteer,
    i18n,
    mapspec,
    provenance,
    studio_flows,
    studio_maps,
    summary_words,
    tables,
    words,
)
from geo.dataset import Dataset
from geo.filters import Filters
from geo.mapspec import MapSpec
from geo.print_spec import Entry, Leaf
from geo.studio_spec import StudioSpec
from geo.summary import NATIONWIDE

PUBLIC_URL = "PUBLIC_URL"  # where the dashboard is reached from outside; without it no host is printed


def leaves(dataset: Dataset, spec: StudioSpec) -> tuple[Leaf, ...]:
    """Return the pages of ``spec``, numbered, each with the view that it carries."""
    pages = [leaf for language in spec.said for leaf in _KINDS[spec.kind](_Desk.of(dataset, spec, language))]
    several = len(pages)
    entries: dict[tuple[str, str], int] = {}
    numbered = []
    for number, leaf in enumerate(pages, 1):
        entries[leaf.spec.language, leaf.key] = number
        numbered.append(replace(leaf, number=number, of=several if several > 1 else 0))
    return tuple(_with_pages(leaf, entries) for leaf in numbered)


def _with_pages(leaf: Leaf, found: dict[tuple[str, str], int]) -> Leaf:
    entries = tuple(replace(one, page=found[leaf.spec.language, one.key]) for one in leaf.entries)
    return replace(leaf, entries=entries)


@dataclass(frozen=True, slots=True)
class _Desk:
    """Choices in one language at work."""

    dataset: Dataset
    spec: StudioSpec
    filters: Filters

    @classmethod
    def of(cls, dataset: Dataset, spec: StudioSpec, language: str) -> _Desk:
        return cls(dataset, spec, replace(spec.filters, lang=language, studio="", focus="", activity=""))

    @property
    def options(self) -> dict[str, Any]:
        """What every map of the pages has in common."""
        return {"draft": self.spec.draft, "lao_names": self.spec.names}

    def build(self, found: Filters, **options: Any) -> MapSpec:
        return mapspec.build(self.dataset, found, **{**self.options, **options})

    def leaf(self, kind: str, maps: tuple[MapSpec, ...], found: Filters, **more: Any) -> Leaf:
        title = more.pop("title", "") or maps[0].title
        subtitle = more.pop("subtitle", maps[0].subtitle)
        # Of an atlas each page carries its own view; the choices bring back the page, not the book.
        choices = more.pop("choices", self.spec)
        return Leaf(
            kind,  # type: ignore[arg-type]
            maps,
            self.spec.title or title,
            subtitle,
            note=self.spec.note,
            nationwide=self.spec.nationwide,
            without=self.spec.without,
            points=_points(self.dataset, found, maps[0]) if self.spec.points and kind in studio_maps.POINTED else (),
            lows=_lows(self.dataset, found),
            link=link(found),
            view=provenance.of(self.dataset, found, choices.to_text()).to_text(),
            **more,
        )

    def nationwide_list(self, found: Filters) -> dict[str, Any]:
        """Return the list of nationwide activities where it is asked for."""
        if self.spec.nationwide != "list":
            return {}
        _ = i18n.translator(found.lang)
        mask = filters.apply(self.dataset, found)
        mask &= self.dataset.places(found.view).scope == NATIONWIDE
        title = _("Nationwide activities: {count}").format(count=i18n.number(int(mask.sum()), found.lang))
        return {"listing": studio_maps.listing(self.dataset, mask, title, found)}


def link(found: Filters) -> str:
    """Return the link of a live view as it is printed: with the host of ``PUBLIC_URL``, else the query alone."""
    return os.environ.get(PUBLIC_URL, "").rstrip("/") + found.to_link(always=("lang",))


def _lows(dataset: Dataset, found: Filters) -> tuple[tuple[str, Decimal], ...]:
    if found.metric != "budget" or found.method != "range" or found.view == "difference":
        return ()
    figures, _mask = tables.summarise(dataset, found)
    low = zip(figures.area.pcodes, figures.area.low, figures.area.budgets, strict=True)
    return tuple((pcode, Decimal(int(cents)) / 100) for pcode, cents, budgets in low if budgets)


def _points(dataset: Dataset, found: Filters, spec: MapSpec) -> tuple[tuple[str, int], ...]:
    """Return the activities of each district of the map that has any."""
    column = dataset.places("registered" if found.view == "registered" else "corrected").adm2
    counts = zip(column.names, column.counts(filters.apply(dataset, found)).tolist(), strict=True)
    within = spec.within
    return tuple((code, n) for code, n in counts if n and (not within or gazetteer.province(code) == within))


# ---- kinds


def _one(desk: _Desk) -> Iterator[Leaf]:
    found = desk.filters
    spec = studio_maps.rescaled((desk.build(found),), (found,), desk.spec.classes)
    yield desk.leaf(desk.spec.kind, spec, found, **desk.nationwide_list(found))


def _province(desk: _Desk, pcode: str = "", choices: StudioSpec | None = None) -> Iterator[Leaf]:
    """Give the page of one province: by district on the country's scale, with all that touches it."""
    code = pcode or next(iter(desk.spec.items), "") or _first_province(desk.filters)
    whole = replace(
        desk.filters, level="adm2", view="corrected" if desk.filters.view == "difference" else desk.filters.view
    )
    found = replace(whole, area=(code,))
    _ = i18n.translator(found.lang)
    scale = studio_maps.scale_of(desk.dataset, replace(whole, area=()), desk.spec.classes)
    hue = codes.goal(int(found.sdg[0])).colour if len(found.sdg) == 1 else colours.DEFAULT_HUE
    spec = studio_maps.onto(desk.build(found, within=code), scale, found, hue)
    mask = filters.apply(desk.dataset, found)
    spec = _without_everywhere(desk.dataset, spec, whole)
    name = words.area_name(code, found.lang)
    count = i18n.number(int(mask.sum()), found.lang)
    listing = studio_maps.listing(desk.dataset, mask, _("Activities here: {count}").format(count=count), found)
    chosen = words.selection(replace(found, area=())) or _("all activities")
    subtitle = " · ".join((chosen, words.view_name(found)))
    plain = choices or replace(desk.spec, items=(code,))
    yield desk.leaf("province", (spec,), found, title=name, subtitle=subtitle, listing=listing, key=code, choices=plain)


def _without_everywhere(dataset: Dataset, spec: MapSpec, whole: Filters) -> MapSpec:
    """Return a province's map with what the country has beside it: its nationwide work concerns the province too."""
    figures, _mask = tables.summarise(dataset, replace(whole, area=()))
    return replace(
        spec,
        nationwide_text=summary_words.nationwide(figures, whole),
        unlocated_text=summary_words.unlocated(figures, whole),
    )


def _first_province(found: Filters) -> str:
    chosen = found.area or (found.focus,) if found.area or found.focus else ()
    return gazetteer.province(chosen[0]) if chosen else gazetteer.all_areas("adm1")[0]


def _sheet(desk: _Desk) -> Iterator[Leaf]:
    found = desk.filters
    _ = i18n.translator(found.lang)
    spec, small = studio_maps.goals(desk.dataset, found, desk.spec.classes)
    spec = replace(spec, draft=desk.spec.draft)
    title = _("{count} goals, {areas} provinces").format(count=len(small), areas=len(spec.areas))
    chosen = words.selection(replace(found, sdg=())) or _("all activities")
    subtitle = " · ".join((chosen, words.view_name(replace(found, view=spec.view))))
    yield desk.leaf("sheet", (spec,), found, title=title, subtitle=subtitle, small=small)


def _pair(desk: _Desk) -> Iterator[Leaf]:
    found = desk.filters
    _ = i18n.translator(found.lang)
    sides, captions, title = _sides(desk)
    maps = studio_maps.rescaled([desk.build(side) for side in sides], sides, desk.spec.classes, hue=_pair_hue(desk))
    common = words.selection(replace(found, years="", sdg=() if desk.spec.compare == "goals" else found.sdg))
    subtitle = common or _("all activities")
    yield desk.leaf("pair", maps, found, title=title, subtitle=subtitle, captions=captions)


def _pair_hue(desk: _Desk) -> str:
    """Return the one hue of two maps that are to be compared; two goals keep theirs, on ramps of equal lightness."""
    if desk.spec.compare == "goals":
        return ""
    goal = desk.filters.sdg
    return codes.goal(int(goal[0])).colour if len(goal) == 1 else colours.DEFAULT_HUE


def _sides(desk: _Desk) -> tuple[tuple[Filters, Filters], tuple[str, str], str]:
    """Return the two views, their captions and the title of a page of two maps."""
    spec, found = desk.spec, desk.filters
    _ = i18n.translator(found.lang)
    plain = replace(found, view="corrected" if found.view == "difference" else found.view)
    if spec.compare == "years":
        first, last = desk.dataset.first_year, desk.dataset.last_year
        low, high = (int(first[first > 0].min()), int(last.max())) if (first > 0).any() else (2000, 2000)
        middle = (low + high) // 2
        spans = (spec.left or f"{low}-{middle}", spec.right or f"{middle + 1}-{high}")
        sides = (replace(plain, years=spans[0]), replace(plain, years=spans[1]))
        named = tuple(_("active in {years}").format(years=span.replace("-", "–")) for span in spans)
        return sides, (named[0], named[1]), _("Two periods")
    if spec.compare == "goals":
        numbers = (spec.left or "1", spec.right or "2")
        sides = (replace(plain, sdg=(numbers[0],)), replace(plain, sdg=(numbers[1],)))
        named = tuple(words.goal_name(number, found.lang) for number in numbers)
        return sides, (named[0], named[1]), _("Two goals")
    sides = (replace(found, view="registered"), replace(found, view="corrected"))
    captions = (words.view_name(sides[0]), words.view_name(sides[1]))
    return sides, captions, _("As registered, and corrected for nationwide work")


def _bivariate(desk: _Desk) -> Iterator[Leaf]:
    found = desk.filters
    spec, axes = studio_maps.bivariate(desk.dataset, found, desk.spec.against, desk.options)
    yield desk.leaf("bivariate", (spec,), found, title=spec.legend_title, axes=axes)


def _flow(desk: _Desk) -> Iterator[Leaf]:
    found = desk.filters
    _ = i18n.translator(found.lang)
    spec = desk.build(found)
    flow = studio_flows.flow(desk.dataset, filters.apply(desk.dataset, found), found.lang)
    subtitle = words.selection(found) or _("all activities")
    yield desk.leaf("flow", (spec,), found, title=_("Who funds what through whom"), subtitle=subtitle, flow=flow)


def _atlas(desk: _Desk) -> Iterator[Leaf]:
    """Give the contents, then a page for each province or goal."""
    pages = list(_atlas_goals(desk) if desk.spec.by == "goal" else _atlas_provinces(desk))
    found = desk.filters if desk.spec.by == "goal" else replace(desk.filters, level="adm1")
    _ = i18n.translator(found.lang)
    (spec,) = studio_maps.rescaled((desk.build(found),), (found,), desk.spec.classes)
    entries = tuple(_entry(desk.dataset, page) for page in pages)
    leaf = desk.leaf("contents", (spec,), found, entries=entries, key="contents")
    yield leaf
    for page in pages:
        yield replace(page, title=page.title if not desk.spec.title else page.specs[0].title)


def _atlas_provinces(desk: _Desk) -> Iterator[Leaf]:
    plain = replace(desk.spec, title="", kind="province")
    inner = replace(desk, spec=replace(desk.spec, title="", note=""))
    for code in desk.spec.items or gazetteer.all_areas("adm1"):
        yield from _province(inner, code, replace(plain, items=(code,)))


def _atlas_goals(desk: _Desk) -> Iterator[Leaf]:
    inner = replace(desk, spec=replace(desk.spec, title="", note=""))
    plain = replace(desk.spec, title="", note="", kind="ranked", items=())
    wanted = [replace(desk.filters, sdg=(number,)) for number in desk.spec.items or _all_goals()]
    maps = studio_maps.rescaled([inner.build(found) for found in wanted], wanted, desk.spec.classes)
    for found, spec in zip(wanted, maps, strict=True):
        title = words.goal_name(found.sdg[0], found.lang)
        subtitle = " · ".join((words.selection(replace(found, sdg=())) or spec.title, words.view_name(found)))
        more = inner.nationwide_list(found)
        yield inner.leaf(
            "ranked", (spec,), found, title=title, subtitle=subtitle, key=found.sdg[0], choices=plain, **more
        )


def _all_goals() -> tuple[str, ...]:
    return tuple(str(goal.number) for goal in codes.goals())


def _entry(dataset: Dataset, leaf: Leaf) -> Entry:
    view, _problems = provenance.filters_of(provenance.read_text(leaf.view), dataset)
    figures, mask = tables.summarise(dataset, view)
    agencies = int((dataset.agencies.counts(mask) > 0).sum())
    goal = codes.goal(int(leaf.key)).colour if leaf.key.isdecimal() else ""
    return Entry(leaf.key, leaf.title, 0, figures.total, agencies, goal)


_KINDS: dict[str, Callable[[_Desk], Iterator[Leaf]]] = {
    "map": _one,
    "ranked": _one,
    "province": _province,
    "sheet": _sheet,
    "pair": _pair,
    "bivariate": _bivariate,
    "flow": _flow,
    "atlas": _atlas,
}
