"""Floor 5: agencies, donors and implementing partners as rows, and one of them as a value.

A partner takes the place of the filter of its own kind: its figures are those of the same view with ``--agency`` (or
``--donor``, ``--partner``) set to it alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from geo import summary, tables
from geo.code_columns import Codes, Mask
from geo.dataset import SCOPES, Dataset
from geo.filters import WHO_KINDS, Filters
from geo.summary import Summary


@dataclass(frozen=True, slots=True)
class Member:
    """A partner under a view: its activities, goals, provinces, nationwide work, years and who it works with.

    ``years`` are the first and the last year in which one of its activities is known to be active, None without any.
    ``others`` are agencies; for an agency those of its joint activities.
    """

    name: str
    activities: int
    goals: tuple[int, ...]
    provinces: tuple[str, ...]
    nationwide: int
    years: tuple[int, int] | None
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Budgets:
    """The budgets of one basis added up: hundredths of the currency, and how many activities state one."""

    basis: str
    cents: int
    budgets: int


@dataclass(frozen=True, slots=True, eq=False)
class Partner:
    """A partner's page: ``view`` selects its activities; ``with_*`` are (name, common activities), the most first."""

    kind: str
    name: str
    view: Filters
    figures: Summary
    mask: Mask
    money: tuple[Budgets, ...]
    people: int
    people_stated: int
    with_agencies: tuple[tuple[str, int], ...]
    with_donors: tuple[tuple[str, int], ...]
    with_partners: tuple[tuple[str, int], ...]

    @property
    def provinces(self) -> int:
        """Provinces with at least one of its activities."""
        return int((self.figures.area.activities > 0).sum())

    @property
    def goals(self) -> int:
        """Goals that at least one of its activities serves."""
        return int((self.figures.goals > 0).sum())


def parse_who(who: str) -> tuple[str, str]:
    """Return the kind and name of ``agency:WFP``; ("", "") when no partner's page stands open."""
    kind, _, name = who.partition(":")
    return (kind, name) if kind in WHO_KINDS and name else ("", "")


def column(dataset: Dataset, kind: str) -> Codes:
    """Return the codes of a kind of partner: agency, donor or partner (an implementing one)."""
    return {"agency": dataset.agencies, "donor": dataset.donors, "partner": dataset.implementers}[kind]


def view_of(found: Filters, kind: str, name: str) -> Filters:
    """Return the view that selects a partner's activities under the other filters."""
    view = "registered" if found.view == "registered" else "corrected"
    plain = replace(found, focus="", activity="", who="", level="adm1", view=view)
    return replace(plain, **{kind: (name,)})  # type: ignore[arg-type]


def members(dataset: Dataset, mask: Mask, kind: str, view: str = "corrected") -> tuple[Member, ...]:
    """Return the partners of a kind that the masked activities name, those with the most first, then by name."""
    codes = column(dataset, kind)
    counts = codes.counts(mask)
    order = sorted(np.flatnonzero(counts), key=lambda at: (-counts[at], codes.names[at]))
    return tuple(_member(dataset, mask & codes.any_of([codes.names[at]]), codes.names[at], view) for at in order)


def _member(dataset: Dataset, mask: Mask, name: str, view: str) -> Member:
    places = dataset.places(view)
    dated = mask & (dataset.first_year > 0)
    years = (int(dataset.first_year[dated].min()), int(dataset.last_year[dated].max())) if dated.any() else None
    return Member(
        name=name,
        activities=int(mask.sum()),
        goals=tuple(int(number) for number in _present(dataset.goals, mask)),
        provinces=_present(places.adm1, mask),
        nationwide=int((mask & (places.scope == SCOPES.index("nationwide"))).sum()),
        years=years,
        others=tuple(one for one in _present(dataset.agencies, mask) if one != name),
    )


def _present(codes: Codes, mask: Mask) -> tuple[str, ...]:
    return tuple(codes.names[at] for at in np.flatnonzero(codes.counts(mask)))


def build(dataset: Dataset, found: Filters, kind: str, name: str) -> Partner:
    """Return a partner under the other filters of ``found``; one without activities there has zeros."""
    view = view_of(found, kind, name)
    figures, mask = tables.summarise(dataset, view)
    money = []
    for basis in dataset.basis.names:
        one = summary.partial(dataset, mask, view=view.view, basis=basis)
        paid = int((mask & (dataset.cents >= 0) & dataset.basis.any_of([basis])).sum())
        if paid:
            money.append(Budgets(basis, int(one.cents.sum()), paid))
    stated = mask & (dataset.people >= 0)
    return Partner(
        kind=kind,
        name=name,
        view=view,
        figures=figures,
        mask=mask,
        money=tuple(money),
        people=int(dataset.people[stated].sum()),
        people_stated=int(stated.sum()),
        with_agencies=_common(dataset.agencies, mask, name if kind == "agency" else ""),
        with_donors=_common(dataset.donors, mask, name if kind == "donor" else ""),
        with_partners=_common(dataset.implementers, mask, name if kind == "partner" else ""),
    )


def _common(codes: Codes, mask: Mask, itself: str) -> tuple[tuple[str, int], ...]:
    pairs = zip(codes.names, (int(count) for count in codes.counts(mask)), strict=True)
    return tuple(sorted(((name, count) for name, count in pairs if count and name != itself), key=_most_first))


def _most_first(pair: tuple[str, int]) -> tuple[int, str]:
    return -pair[1], pair[0]
