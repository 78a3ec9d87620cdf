"""Floor 0.3: the kinds of problems in words, in every language of the pack."""

from __future__ import annotations

from geo import i18n


def problem_kind(kind: str, language: str) -> str:
    """Return the kind of a problem in words; one that has none here as it stands."""
    _ = i18n.translator(language)
    return (_of_names(_) | _of_values(_)).get(kind, kind)


def place(file: str, sheet: str) -> str:
    """Return a file and its sheet, if it has one, as one text."""
    return ", ".join(filter(None, (file, sheet)))


def _of_names(_: i18n.Translate) -> dict[str, str]:
    return {
        "missing_value": _("missing value"),
        "missing_column": _("missing column"),
        "unknown_column": _("unknown column"),
        "duplicate_column": _("duplicated column"),
        "duplicate_id": _("duplicated identifier"),
        "row_too_long": _("row too long"),
        "cell_too_long": _("cell too long"),
        "encoding": _("encoding"),
        "unknown_goal": _("unknown goal"),
        "unknown_target": _("unknown target"),
        "unknown_agency": _("unknown agency"),
        "unknown_status": _("unknown status"),
        "unknown_scope": _("unknown scope"),
        "unknown_basis": _("unknown budget basis"),
        "unknown_place": _("unknown place"),
        "ambiguous_place": _("ambiguous place"),
    }


def _of_values(_: i18n.Translate) -> dict[str, str]:
    return {
        "bad_date": _("not a date"),
        "bad_amount": _("not an amount"),
        "negative_amount": _("amount below zero"),
        "bad_number": _("not a number"),
        "bad_url": _("not an address"),
        "dates_reversed": _("end before start"),
        "bad_currency": _("not a currency"),
        "other_currency": _("budget in another currency"),
        "bad_point": _("not a position"),
        "point_outside": _("position outside the country"),
        "point_swapped": _("latitude and longitude exchanged"),
        "point_elsewhere": _("position in another province"),
        "bad_geography": _("not a code of geography"),
        "unsettled": _("value still to come"),
        "old_font": _("text in an old font"),
        "lost_letters": _("lost letters"),
        "formula_error": _("error in a formula"),
        "ambiguous_column": _("several columns of one meaning"),
        "unnamed_column": _("column without a name"),
        "example_row": _("example of the template"),
        "several_dates": _("several dates"),
        "values_differ": _("values that differ"),
        "no_currency": _("no currency"),
        "unclear_goal": _("unclear goal"),
        "made_id": _("identifiers made here"),
        "chosen_basis": _("budget chosen from several amounts"),
        "bad_feature": _("not a feature"),
        "bad_geometry": _("not a point"),
        "bad_crs": _("unknown coordinate system"),
        "two_positions": _("two positions"),
        "duplicate_key": _("name given twice"),
        "unreadable_value": _("unreadable value"),
        "bad_text": _("unreadable text"),
        "not_json": _("not JSON"),
    }
