"""Floor 7: what every office file of a view says: its map, its figures by area with the rows that make them add up.

Texts are in the view's language, cleaned of what XML or a line cannot hold, and are shown as they stand.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from geo import i18n, mapspec, pack, print_map, provenance, summary, tables, words
from geo.code_columns import Mask
from geo.dataset import SCOPES, Dataset
from geo.errors import InputError
from geo.fields import Activity
from geo.filters import Filters
from geo.fold import LAO
from geo.gazetteer import province
from geo.mapspec import MapSpec
from geo.print_text import FAMILY
from geo.provenance import View
from geo.scope import ScopeDecision
from geo.summary import LOCATED, Summary

BRITISH = "en-GB"
SCRIPT_FONT, LATIN_FONT = FAMILY, "Arial"
KEPT_PROPERTY = 255  # letters of a property that office programs keep
ELLIPSIS = "…"
_SCRIPT = re.compile(f"([{LAO}]+(?:[ \u200b]+[{LAO}]+)*)")
_JOINERS = "\u200b\u200c\u200d"


@dataclass(frozen=True, slots=True)
class Figure:
    """A row of figures: ``key`` is a P-code, a scope or "total"; money is a range in hundredths."""

    key: str
    name_en: str
    name_lo: str
    activities: int
    agencies: int
    people: int | None
    low: int
    high: int
    budgets: int


@dataclass(frozen=True, slots=True)
class Content:
    """A view as documents show it.

    ``areas`` has a row for each area of the map; ``scopes`` those in areas (each activity once), nationwide and
    unlocated, which add up to ``total``; ``repeats`` counts how often an activity stands in one more area, and
    ``outside`` the located activities that no area of this level has.
    """

    dataset: Dataset
    filters: Filters
    mask: Mask
    spec: MapSpec
    view: View
    alt: str
    areas: tuple[Figure, ...]
    scopes: tuple[Figure, ...]
    total: Figure
    repeats: int
    outside: int

    @property
    def when(self) -> datetime:
        """The map's date, which the file's metadata bears."""
        try:
            return datetime.fromisoformat(self.spec.created[:10]).replace(tzinfo=UTC)
        except ValueError as error:
            raise InputError(f"The map's date is {self.spec.created!r}; expected one such as 2026-11-23.") from error

    @property
    def link(self) -> str:
        """The view as the query of a link."""
        return "?" + self.view.query

    def rows(self) -> Iterator[tuple[Activity, ScopeDecision]]:
        """Return the activities of the view with the decision that it shows, in the order of the data."""
        decisions = self.dataset.places(self.filters.view).decisions
        for row in np.flatnonzero(self.mask):
            yield self.dataset.activities[row], decisions[row]


def build(
    dataset: Dataset, found: Filters, *, title: str = "", draft: bool = True, spec: MapSpec | None = None
) -> Content:
    """Return the content of a view; ``spec`` is its map where one is drawn already, such as one of a province.

    Raises:
        InputError: when the data's date is none.
    """
    spec = spec or mapspec.build(dataset, found, title=line(title), draft=draft)
    figures, mask = tables.summarise(dataset, found)
    areas = tuple(row for row in _areas(dataset, figures) if not spec.within or province(row.key) == spec.within)
    placed = _placed(dataset, found, mask, areas) if spec.within else figures.placed
    names = {name: _scope_name(name) for name in SCOPES}
    scopes = [
        _whole(dataset, found, mask & (dataset.places(found.view).scope == at), name, names[name])
        for at, name in enumerate(SCOPES)
    ]
    content = Content(
        dataset=dataset,
        filters=found,
        mask=mask,
        spec=spec,
        view=provenance.of(dataset, found),
        alt=print_map.alt(spec, i18n.translator(found.lang)),
        areas=areas,
        scopes=(scopes[LOCATED], *reversed(scopes[:LOCATED])),
        total=_whole(dataset, found, mask, "total", ("All activities", _in("All activities"))),
        repeats=sum(row.activities for row in areas) - placed,
        outside=figures.located - placed,
    )
    _ = content.when
    return content


def _placed(dataset: Dataset, found: Filters, mask: Mask, areas: tuple[Figure, ...]) -> int:
    """Return how many of the masked activities stand in one of these areas at least."""
    places = dataset.places("registered" if found.view == "registered" else "corrected")
    column = places.adm2 if found.level == "adm2" else places.adm1
    return int((mask & column.any_of([row.key for row in areas])).sum())


def _in(text: str) -> str:
    """Return a text in the pack's other language."""
    other = [language for language in pack.settings().languages if language != i18n.SOURCE_LANGUAGE]
    return i18n.translator(other[0])(text) if other else ""


def _scope_name(scope: str) -> tuple[str, str]:
    other = [language for language in pack.settings().languages if language != i18n.SOURCE_LANGUAGE]
    english, local = (words.scope_name(scope, language) for language in (i18n.SOURCE_LANGUAGE, *(other or ["en"])[:1]))
    return english[:1].upper() + english[1:], local if other else ""


def _areas(dataset: Dataset, figures: Summary) -> Iterator[Figure]:
    for row, low, high in zip(tables.area_rows(dataset, figures), figures.area.low, figures.area.high, strict=True):
        yield Figure(
            row["pcode"],
            row["name_en"],
            row["name_lo"],
            row["activities"],
            row["agencies"],
            row["people_reached"],
            int(low),
            int(high),
            row["budgets"],
        )


def _whole(dataset: Dataset, found: Filters, mask: Mask, key: str, names: tuple[str, str]) -> Figure:
    """Return the figures of activities that are counted once each."""
    view = "registered" if found.view == "registered" else "corrected"
    figures = summary.partial(dataset, mask, view=view, basis=found.basis)
    stated = mask & (dataset.people >= 0)
    paid = mask & (dataset.cents >= 0)
    budgets = int((paid & dataset.basis.any_of([found.basis])).sum() if found.basis else paid.sum())
    cents = int(figures.cents.sum())
    return Figure(
        key,
        *names,
        figures.total,
        int((figures.agencies > 0).sum()),
        int(dataset.people[stated].sum()) if stated.any() else None,
        cents,
        cents,
        budgets,
    )


def properties(content: Content) -> list[tuple[str, str]]:
    """Return what the file carries of its view, as names and texts that office programs keep whole."""
    view = content.view
    counts = [(name, str(getattr(view, name))) for name in ("total", "located", "nationwide", "unlocated")]
    told = [
        ("view", content.link),
        ("data", view.digest),
        ("published", view.published),
        ("boundaries", view.boundaries),
        ("rule", view.rule),
        ("software", view.software),
        *counts,
    ]
    return [(f"sdg-{name}", shorten(line(value), KEPT_PROPERTY)) for name, value in told]


def line(text: str) -> str:
    """Return ``text`` on one line without what has no picture: controls, direction marks, halves of a letter."""
    kept = (_kept(letter) for letter in unicodedata.normalize("NFC", text))
    return re.sub(" +", " ", "".join(kept)).strip()


def _kept(letter: str) -> str:
    kind = unicodedata.category(letter)
    if kind in ("Zl", "Zp") or letter in "\t\n\r\x0b\x0c\x85":
        return " "
    if kind == "Cs" or ord(letter) in (0xFFFE, 0xFFFF):
        return "\ufffd"
    return "" if kind in ("Cc", "Cf") and letter not in _JOINERS else letter


def shorten(text: str, most: int) -> str:
    """Return ``text`` with at most ``most`` letters, an ellipsis in place of the rest."""
    return text if len(text) <= most else text[: most - 1].rstrip() + ELLIPSIS


def runs(text: str) -> list[tuple[str, bool]]:
    """Return ``text`` in runs, each with whether it is of the country's own script (it wants another font)."""
    return [(part, at % 2 == 1) for at, part in enumerate(_SCRIPT.split(text)) if part]


def locale(language: str) -> str:
    """Return the language as documents name it."""
    return BRITISH if language == i18n.SOURCE_LANGUAGE else f"{language}-{pack.settings().pcode}"


def name_of(row: Figure, language: str) -> str:
    """Return a row's name in the language, the English one where there is none."""
    return (row.name_lo if pack.is_local(language) else "") or row.name_en


def money(row: Figure, language: str) -> str:
    """Return the range of money of a row, a dash where none is stated."""
    return words.money_range(row.low, row.high, language) if row.budgets else "–"


def where(decision: ScopeDecision, language: str, most: int = 6) -> str:
    """Return where an activity stands, in words."""
    if not decision.areas:
        return words.scope_name(decision.scope, language)
    names = [words.area_name(code, language) for code in decision.areas]
    return ", ".join(names[:most]) + (f" +{len(names) - most}" if len(names) > most else "")


def years(activity: Activity, language: str) -> str:
    """Return the dates of an activity as far as they are known."""
    shown = [i18n.date(day, language) if day else ELLIPSIS for day in (activity.start, activity.end)]
    return " – ".join(shown) if activity.start or activity.end else ""


def check_line(content: Content) -> str:
    """Return how the rows of areas come to the number of activities in areas."""
    language = content.filters.lang
    _ = i18n.translator(language)
    total = sum(row.activities for row in content.areas)
    text = _(
        "The areas' rows add up to {sum}: {located} activities in areas, "
        "counted {repeats} times more where one is in several."
    )
    if content.outside:
        text = _(
            "The areas' rows add up to {sum}: {located} activities in areas, less {outside} known by a larger area "
            "only, counted {repeats} times more where one is in several."
        )
    return text.format(
        sum=i18n.number(total, language),
        located=i18n.number(content.scopes[0].activities, language),
        repeats=i18n.number(content.repeats, language),
        outside=i18n.number(content.outside, language),
    )


def rule_line(content: Content) -> str:
    """Return the line that names data, rule, projection-free: what a reader needs to find this view again."""
    _ = i18n.translator(content.filters.lang)
    spec = content.spec
    parts = [
        i18n.date(spec.created[:10], spec.language),
        _("data {digest}").format(digest=spec.digest[:12]),
        _("rule {version}").format(version=spec.rule_version),
        _("view {link}").format(link=shorten(content.link, 120)),
    ]
    return " · ".join(parts)


def level_name(content: Content) -> str:
    """Return what the rows of areas are, in words."""
    _ = i18n.translator(content.filters.lang)
    return _("Districts") if content.spec.level == "adm2" else _("Provinces")
