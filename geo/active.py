"""Floor 1: when an activity is known to be active, to the year and to the day."""

from __future__ import annotations

from geo.fields import Activity, PartialDate

NO_YEAR = 0
ONGOING = "2"  # IATI ActivityStatus: implementation


def years(activity: Activity) -> tuple[int, int]:
    """Return the first and last year in which the activity is known to be active, (0, 0) without any date.

    Where one date is missing only the other's year is known, but an activity under implementation that has
    started and shows no end is taken as active up to the year of its source.
    """
    start, end = activity.start, activity.end
    if start and end:
        return start.first.year, max(start.first.year, end.last.year)
    if start and activity.status == ONGOING:
        return start.first.year, max(start.first.year, _year(activity.source_date))
    known = start or end
    return (known.first.year, known.last.year) if known else (NO_YEAR, NO_YEAR)


def days(activity: Activity) -> tuple[int, int]:
    """Return the first and last day, as ordinals, on which the activity may be active, (0, 0) without any date.

    Read as ``years``, to the day: a partial date spans all that it can mean, and an activity under
    implementation without an end is known to be active up to the day of its source.
    """
    start, end = activity.start, activity.end
    if start and end:
        return start.first.toordinal(), max(start.last, end.last).toordinal()
    if start and activity.status == ONGOING:
        return start.first.toordinal(), max(start.last.toordinal(), _day(activity.source_date))
    known = start or end
    return (known.first.toordinal(), known.last.toordinal()) if known else (NO_YEAR, NO_YEAR)


def _day(text: str) -> int:
    try:
        return PartialDate.parse(text).last.toordinal()
    except ValueError:
        return NO_YEAR


def _year(text: str) -> int:
    try:
        return PartialDate.parse(text).last.year
    except ValueError:
        return NO_YEAR
