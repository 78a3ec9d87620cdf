"""Floor 6.1: starts and ends of activities as a strip chart, as far as their dates are known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import numpy as np

from geo import codes, colours, i18n
from geo.active import ONGOING
from geo.charts import Span, Strips
from geo.code_columns import Ints, Mask
from geo.dataset import Dataset
from geo.fields import Activity, PartialDate
from geo.filters import Filters


def order(dataset: Dataset, mask: Mask) -> Ints:
    """Return the dated rows of a selection by their first day, then their last, then their title."""
    rows = np.flatnonzero(mask & (dataset.first_year > 0))
    days, activities = dataset.days, dataset.activities
    return np.array(
        sorted(rows, key=lambda row: (days[row, 0], days[row, 1], activities[row].title, row)), dtype=np.int64
    )


def sure_days(activity: Activity) -> tuple[int, int] | None:
    """Return the first and last day, as ordinals, on which the activity is active whatever its dates leave open."""
    start, end = activity.start, activity.end
    if start and end:
        first, last = start.last.toordinal(), end.first.toordinal()
    elif start and activity.status == ONGOING and _source(activity):
        first, last = start.last.toordinal(), _source(activity)
    elif known := start or end:
        # Of one date alone its day is known, and nothing of a month or a year.
        first, last = known.last.toordinal(), known.first.toordinal()
    else:
        return None
    return (first, last) if first <= last else None


def _source(activity: Activity) -> int:
    try:
        return PartialDate.parse(activity.source_date).first.toordinal()
    except ValueError:
        return 0


def surely_on(dataset: Dataset, mask: Mask, day: str) -> int:
    """Return how many of the masked rows are active on a day (ISO 8601) whatever their dates leave open.

    Raises:
        ValueError: when ``day`` is none.
    """
    wanted = date.fromisoformat(day).toordinal()
    sure = (sure_days(dataset.activities[row]) for row in np.flatnonzero(mask))
    return sum(found is not None and found[0] <= wanted <= found[1] for found in sure)


def dates(activity: Activity, language: str) -> str:
    """Return the dates in words, saying what is not recorded."""
    _ = i18n.translator(language)
    start = i18n.date(activity.start, language) if activity.start else _("start not recorded")
    if activity.end:
        return f"{start} – {i18n.date(activity.end, language)}"
    if activity.start and activity.status == ONGOING:
        text = _("{start}, under way on {date}, end not recorded")
        return text.format(start=start, date=i18n.date(activity.source_date, language))
    return f"{start} – {_('end not recorded')}"


def strips(
    dataset: Dataset,
    rows: Sequence[int] | Ints,
    everything: Ints,
    found: Filters,
    link: Callable[[str], str],
    *,
    to: str = "",
) -> Strips:
    """Return the strip chart of ``rows``; its axis spans ``everything``, so that all pages share it.

    ``link`` gives the address that an activity's id opens.  Colours are those of the goal asked for, else of an
    activity's first goal by number.
    """
    _ = i18n.translator(found.lang)
    days = dataset.days[everything]
    first = date.fromordinal(int(days[:, 0].min())).year if len(days) else date.min.year
    last = date.fromordinal(int(days[:, 1].max())).year if len(days) else date.min.year
    step = 1 if last - first < 14 else 2 if last - first < 30 else 5
    years = ((str(year), date(year, 1, 1).toordinal()) for year in range(first, last + 1) if year % step == 0)
    return Strips(
        name=_("Starts and ends of activities"),
        first=date(first, 1, 1).toordinal(),
        last=date(last, 12, 31).toordinal() + 1,
        years=tuple(years),
        spans=tuple(_span(dataset, int(row), found, link) for row in rows),
        to=to,
    )


def _span(dataset: Dataset, row: int, found: Filters, link: Callable[[str], str]) -> Span:
    activity = dataset.activities[row]
    goal = lead_goal(activity, found)
    return Span(
        label=activity.title,
        text=dates(activity, found.lang),
        first=int(dataset.days[row, 0]),
        last=int(dataset.days[row, 1]),
        sure=sure_days(activity),
        colour=codes.goal(goal).colour if goal else colours.DEFAULT_HUE,
        mark=str(goal) if goal else "",
        open_start=activity.start is None,
        open_end=activity.end is None,
        link=link(activity.activity_id),
    )


def lead_goal(activity: Activity, found: Filters) -> int:
    """Return the goal whose colour an activity bears: the first asked for, else its first by number; 0 for none."""
    asked = [goal for goal in activity.goals if str(goal) in found.sdg]
    return (asked or [*activity.goals, 0])[0]
