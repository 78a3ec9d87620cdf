"""Floor 7: what an agency could mend, as a workbook with what it can paste into its own systems, or as a document."""

from __future__ import annotations

import re
from pathlib import Path

from geo import i18n, pack, problem_words, quality, scope_report_files
from geo.dataset import Dataset
from geo.errors import InputError
from geo.export import iati_fragment, sheets, uninfo
from geo.export.sheets import Sheet
from geo.quality import Fix
from geo.scope_report import Report, Section, Table

KINDS = ("xlsx", "pdf")
WIDTHS = (34, 24, 14, 8, 30, 48, 22, 34, 40, 60)
LONGEST = 400  # letters of a cell on paper


def render(data: Dataset, agency: str = "", kind: str = "xlsx", language: str = i18n.SOURCE_LANGUAGE) -> bytes:
    """Return what an agency ("": every one) could mend; ``kind`` is "xlsx" or "pdf".  Same data, same bytes.

    Raises:
        InputError: when the kind is neither.
        UnknownCodeError: when the agency is not known.
    """
    if kind not in KINDS:
        raise InputError(f"Got the kind {kind!r}; expected {' or '.join(KINDS)}. Choose one of these.")
    found = quality.fix_list(data, agency, language)
    if kind == "pdf":
        return scope_report_files.report_pdf(report(data, found, agency, language))
    return _workbook(data, found, agency, language)


def title(agency: str, language: str) -> str:
    """Return the title of the file."""
    _ = i18n.translator(language)
    return _("What would help the map: {agency}").format(agency=agency or _("all agencies"))


def name(data: Dataset, agency: str) -> str:
    """Return the stem of the file's name."""
    safe = re.sub(r"[^A-Za-z0-9-]+", "_", agency).strip("_") or "all"
    return f"{pack.settings().iso3}_quality_{safe}_{data.published.replace('-', '')}"


def of(path: Path) -> str:
    """Return the kind that a file's ending asks for.

    Raises:
        InputError: when it asks for none.
    """
    kind = path.suffix.lstrip(".").lower()
    if kind not in KINDS:
        raise InputError(f"{path}: expected a name that ends in .xlsx or .pdf. Choose one of these.")
    return kind


def _head(language: str) -> tuple[str, ...]:
    _ = i18n.translator(language)
    return (
        _("Kind"),
        _("File"),
        _("Sheet"),
        _("Row"),
        _("Activity"),
        _("Title"),
        _("Column"),
        _("Present value"),
        _("Our proposal"),
        _("Evidence"),
    )


def _row(fix: Fix, language: str) -> tuple[str | int, ...]:
    kind = quality.kind_name(fix.kind, language)
    place = (fix.file, fix.sheet, fix.row)
    return (kind, *place, fix.activity_id, fix.title, fix.column, fix.present, fix.proposal, fix.evidence)


def _workbook(data: Dataset, found: tuple[Fix, ...], agency: str, language: str) -> bytes:
    """Return the list, and for each activity in it the IATI to paste and the fields of UN INFO."""
    _ = i18n.translator(language)
    rows = list(dict.fromkeys(data.index[fix.activity_id] for fix in found))
    note = _("In the order of what would help the map most. Proposals are ours; the source decides.")
    pasted = [data.activities[row] for row in rows]
    fragments = tuple(
        (one.activity_id, one.title, iati_fragment.fragment(data, row)) for row, one in zip(rows, pasted, strict=True)
    )
    return sheets.workbook(
        (
            Sheet(_("Fix list"), note, _head(language), tuple(_row(fix, language) for fix in found), WIDTHS),
            Sheet(
                "IATI",
                _("Elements of IATI 2.03 as the map has the activity, to put in place of its own."),
                (_("Activity"), _("Title"), "iati-activity"),
                fragments,
                (30, 48, 120),
            ),
            Sheet(
                "UN INFO",
                "",
                uninfo.headings(),
                tuple(uninfo.fields(data, row) for row in rows),
                (24, 48, 12, 14, 20, 30, 30, 40, 18, 12, 12),
            ),
        ),
        title(agency, language),
        data.published,
    )


def report(data: Dataset, found: tuple[Fix, ...], agency: str, language: str) -> Report:
    """Return the document: what there is of each kind, then each finding."""
    _ = i18n.translator(language)
    count = sum(agency in one.agencies for one in data.activities) if agency else len(data)
    lead = (
        _("{activities} activities, {findings} findings; data of {date}, version {digest}.").format(
            activities=count, findings=len(found), date=i18n.date(data.published, language), digest=data.digest[:8]
        ),
        _("In the order of what would help the map most. Proposals are ours; the source decides."),
    )
    kinds = quality.counts(found)
    rows = tuple((quality.kind_name(kind, language), str(number)) for kind, number in kinds.items())
    sections = [Section(_("In short"), (), (Table((_("Kind"), _("Findings")), rows, (5, 1)),))] if rows else []
    sections += [_section(kind, [fix for fix in found if fix.kind == kind], language) for kind in kinds]
    if not found:
        sections = [Section(_("In short"), (_("Nothing is missing and nothing is in doubt."),))]
    return Report(title(agency, language), lead, tuple(sections))


def _section(kind: str, found: list[Fix], language: str) -> Section:
    _ = i18n.translator(language)
    head = (_("Activity"), _("File"), _("Row"), _("Present value"), _("Our proposal"), _("Evidence"))
    cells = (
        (fix.title, problem_words.place(fix.file, fix.sheet), str(fix.row), fix.present, fix.proposal, fix.evidence)
        for fix in found
    )
    filled = tuple(tuple(_short(cell) or "–" for cell in row) for row in cells)
    # Columns that say nothing of this kind are left out, so that the others have room.
    kept = [at for at in range(len(head)) if any(row[at] != "–" for row in filled)]
    table = Table(
        tuple(head[at] for at in kept),
        tuple(tuple(row[at] for at in kept) for row in filled),
        tuple((5, 3, 1, 4, 4, 6)[at] for at in kept),
    )
    return Section(f"{quality.kind_name(kind, language)} ({len(found)})", (), (table,))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
