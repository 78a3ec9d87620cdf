"""Floor 7: a view as a document (Office Open XML): the map with its words, the figures that add up, the activities.

Headings, captions and tables are the program's own, so that people and screen readers find their way.  Same view, same
bytes.
"""

from __future__ import annotations

import io
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.shared import Mm, Pt, RGBColor

from geo import i18n, pack, printmap
from geo.colours import INK
from geo.dataset import Dataset
from geo.export import content as content_of
from geo.export import package
from geo.export.content import (
    LATIN_FONT,
    SCRIPT_FONT,
    Content,
    Figure,
    level_name,
    line,
    locale,
    money,
    name_of,
    shorten,
    where,
    years,
)
from geo.export.docx_parts import NAMES, Cell, paragraph, table
from geo.filters import Filters
from geo.print_spec import Leaf
from geo.printmap import Press
from geo.words import people

DPI = 200
PAGE, SIDE, TOP = (210.0, 297.0), 20.0, 18.0  # millimetres: A4 upright and its margins
ROOM = (PAGE[0] - 2 * SIDE) * 72 / 25.4  # points
SIZES = {"Title": 22.0, "Heading 1": 15.0, "Normal": 10.5, "Caption": 9.0, "Subtitle": 12.0, "Footer": 8.0}
DRAFT, SOFT = "A3200D", "5B5B57"
CELL, SUMMARY = 300, 2000  # letters of a cell
FIGURES = (0.34, 0.11, 0.11, 0.17, 0.27)
ACTIVITIES = (0.06, 0.40, 0.13, 0.17, 0.24)


def render(dataset: Dataset, filters: Filters, *, title: str = "", draft: bool = True) -> bytes:
    """Return a view as a DOCX file on A4.

    Raises:
        InputError: when the data's date is none.
        PackError: when the map's fonts are missing.
    """
    return document(content_of.build(dataset, filters, title=title, draft=draft))


def document(content: Content) -> bytes:
    """Return the document of a view's content."""
    paper = docx.Document()
    _set_up(paper, content)
    end = paper.element.body[-1]
    for element in (
        *_opening(content),
        *_map(paper, content),
        *_figures(content),
        *_activities(paper, content),
        *_closing(content),
    ):
        end.addprevious(element)
    _describe(paper, content)
    out = io.BytesIO()
    paper.save(out)
    return package.settle(out.getvalue(), content.when)


def _set_up(paper: Any, content: Content) -> None:
    """Set the page, and the styles' fonts and languages."""
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(PAGE[0]), Mm(PAGE[1])
    section.left_margin = section.right_margin = Mm(SIDE)
    section.top_margin = section.bottom_margin = Mm(TOP)
    own = locale(content.filters.lang)
    for name, size in SIZES.items():
        style = paper.styles[name] if name in paper.styles else paper.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.font.size, style.font.name = Pt(size), LATIN_FONT
        style.font.color.rgb = RGBColor.from_string(INK[1:])
        style.font.italic, style.font.bold = False, name.startswith("Heading")
        kinds = style.element.get_or_add_rPr()
        fonts = kinds.get_or_add_rFonts()
        for theme in [key for key in fonts.attrib if key.endswith("Theme")]:
            del fonts.attrib[theme]
        fonts.set(f"{{{kinds.nsmap['w']}}}cs", SCRIPT_FONT)
        for old in kinds.findall(f"{{{kinds.nsmap['w']}}}szCs"):
            kinds.remove(old)
        kinds.append(docx.oxml.parse_xml(f'<w:szCs {NAMES} w:val="{round(size * 2)}"/>'))
    for language in paper.styles.element.iter("{*}lang"):
        language.set(f"{{{language.nsmap['w']}}}val", content_of.BRITISH)
        language.set(f"{{{language.nsmap['w']}}}bidi", own)
    paper.styles["Title"].paragraph_format.space_after = Pt(4)
    _foot(section, content, own)


def _foot(section: Any, content: Content, own: str) -> None:
    _ = i18n.translator(content.filters.lang)
    parts = [_("DRAFT, NOT CLEARED") if content.spec.draft else "", content_of.rule_line(content)]
    text = " · ".join(part for part in parts if part)
    foot = section.footer
    foot.is_linked_to_previous = False
    old = foot.paragraphs[0]._p
    old.addprevious(paragraph(text, own, "Footer", size=8, colour=SOFT))
    old.getparent().remove(old)


def _opening(content: Content) -> list[Any]:
    spec, own = content.spec, locale(content.filters.lang)
    _ = i18n.translator(spec.language)
    subtitle = line(spec.subtitle)
    found = [paragraph(_("DRAFT, NOT CLEARED"), own, bold=True, colour=DRAFT)] if spec.draft else []
    found.append(paragraph(shorten(line(spec.title), 400), own, "Title"))
    found.append(paragraph(shorten(subtitle[:1].upper() + subtitle[1:], 600), own, "Subtitle"))
    located, nationwide, unlocated = (row.activities for row in content.scopes)
    sums = _("{total} activities = {located} in provinces + {nationwide} nationwide + {unlocated} unlocated")
    told = sums.format(total=content.total.activities, located=located, nationwide=nationwide, unlocated=unlocated)
    return [*found, paragraph(told + ".", own, bold=True)]


def _map(paper: Any, content: Content) -> list[Any]:
    """Return the map with its alt text, its caption, and what a reader must know."""
    spec, own = content.spec, locale(content.filters.lang)
    _ = i18n.translator(spec.language)
    leaf = Leaf("map", (spec,), spec.legend_title, spec.subtitle, view=content.view.to_text())
    picture = printmap.picture(leaf, Press("square", dpi=DPI))
    holder = paper.add_paragraph()
    shape = holder.add_run().add_picture(io.BytesIO(picture), width=Pt(ROOM))
    for side in ("distT", "distB", "distL", "distR"):  # a program's own distance would push it over the margin
        shape._inline.set(side, "0")
    told = shape._inline.docPr
    told.set("name", _("Map"))
    told.set("title", shorten(line(spec.title), 250))
    told.set("descr", content.alt)
    element = holder._p
    element.getparent().remove(element)
    caption = _("Map: {title}, {subtitle}.").format(title=spec.legend_title, subtitle=line(spec.subtitle))
    found = [element, paragraph(f"{caption} {spec.source} {spec.attribution}.", own, "Caption")]
    texts = [spec.nationwide_text, spec.unlocated_text, *spec.notes]
    return found + [paragraph(line(text), own) for text in texts if text]


def _figures(content: Content) -> list[Any]:
    """Return the table of figures: each area, and the rows with which it adds up."""
    language = content.filters.lang
    _, own = i18n.translator(language), locale(language)
    head = [Cell(level_name(content))] + [
        Cell(text, right=True)
        for text in (
            _("Activities"),
            _("Agencies"),
            _("People reached"),
            _("Budget ({basis})").format(basis=_(content.filters.basis)),
        )
    ]
    rows = [_figure(row, language) for row in content.areas]
    located, *others = content.scopes
    rows.append(_figure(located, language, name=_("In areas, each activity once")))
    rows += [_figure(row, language, name=_capital(name_of(row, language))) for row in others]
    rows.append(_figure(content.total, language, bold=True))
    title = _("Figures by area")
    made = table(
        [share * ROOM for share in FIGURES], head, rows, own, title=title, words=content_of.check_line(content), sums=4
    )
    return [paragraph(title, own, "Heading1"), made, paragraph(content_of.check_line(content), own, "Caption")]


def _figure(row: Figure, language: str, *, name: str = "", bold: bool = False) -> list[Cell]:
    other = row.name_en if pack.is_local(language) else row.name_lo
    both = f"{row.name_lo if language == 'lo' and row.name_lo else row.name_en} / {other}" if other else row.name_en
    counts = (i18n.number(row.activities, language), i18n.number(row.agencies, language))
    texts = (*counts, people(row.people, language), money(row, language))
    shown = name or (name_of(row, language) if bold else both)
    return [Cell(shown, bold=bold), *(Cell(text, right=True, bold=bold) for text in texts)]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _activities(paper: Any, content: Content) -> list[Any]:
    """Return the list of activities, each with its source."""
    language = content.filters.lang
    _, own = i18n.translator(language), locale(language)
    title = _("Activities and their sources")
    head = [Cell(text) for text in ("", _("Activity"), _("Agencies"), _("Where"), _("Source"))]
    links: dict[str, str] = {}
    rows = []
    for at, (activity, decision) in enumerate(content.rows(), 1):
        dates = years(activity, language)
        text = line(activity.title) + (f" ({dates})" if dates else "")
        source = shorten(line(activity.source_title), 120) or line(activity.source_url)
        rows.append(
            [
                Cell(i18n.number(at, language)),
                Cell(shorten(text, CELL)),
                Cell(shorten(line(", ".join(activity.agencies)), CELL)),
                Cell(shorten(where(decision, language), CELL)),
                Cell(source, link=_link(paper, activity.source_url, links)),
            ]
        )
    if not rows:
        return [paragraph(title, own, "Heading1"), paragraph(_("No activity fits these filters."), own)]
    words = _("{count} activities, each with its agencies, place and source").format(
        count=i18n.number(len(rows), language)
    )
    made = table([share * ROOM for share in ACTIVITIES], head, rows, own, title=title, words=words, size=8)
    return [paragraph(title, own, "Heading1"), made]


def _link(paper: Any, address: str, links: dict[str, str]) -> str:
    """Return the id of the relation to an address, "" for what is no address of the web."""
    if not address.startswith(("https://", "http://")) or line(address) != address or " " in address:
        return ""
    if address not in links:
        links[address] = paper.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    return links[address]


def _closing(content: Content) -> list[Any]:
    spec, own = content.spec, locale(content.filters.lang)
    _ = i18n.translator(spec.language)
    texts = (spec.source, spec.attribution + ".", spec.disclaimer, content_of.rule_line(content))
    return [paragraph(_("About this document"), own, "Heading1"), *(paragraph(line(text), own) for text in texts)]


def _describe(paper: Any, content: Content) -> None:
    spec, core = content.spec, paper.core_properties
    core.title, core.subject = shorten(line(spec.title), 250), shorten(line(spec.subtitle), 250)
    core.author = core.last_modified_by = shorten(content.view.software, 250)
    core.comments, core.keywords = shorten(content.alt, 250), f"data {spec.digest}"
    core.language = locale(spec.language)
    core.created = core.modified = content.when.replace(tzinfo=None)
    core.revision = 1
    opc = paper.part.package
    own = package.custom_properties(content_of.properties(content))
    opc.relate_to(Part(PackURI("/docProps/custom.xml"), package.CUSTOM_TYPE, own, opc), package.CUSTOM_RELATION)
