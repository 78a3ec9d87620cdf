"""Floor 7: a view as one editable slide (Office Open XML, ISO/IEC 29500): a shape for each area, text as text.

Areas are freeforms named by P-code and name, filled with their class' colour, with their figures as alt text; the
ranked bars are a chart with its own numbers.  Same view, same bytes.
"""

from __future__ import annotations

import io
from typing import Any

import pptx
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.util import Emu

from geo import i18n
from geo.colours import INK
from geo.dataset import Dataset
from geo.errors import InputError
from geo.export import content as content_of
from geo.export import package, pptx_chart, pptx_map
from geo.export.content import Content, line, locale, shorten
from geo.export.pptx_shapes import POINT, SOFT, Shapes, Space, Style, paragraph
from geo.filters import Filters
from geo.print_frame import accent, eyebrow, fit
from geo.svgmap import BORDER, NATIONWIDE_COLOUR

SIZES = {"slide": (960.0, 540.0), "a4": (841.89, 595.28)}  # points
MARGIN, GAP = 36.0, 18.0
BOX_FILL, DRAFT = "#F6F3EA", "#A3200D"
MAP_SHARE, LEGEND_SHARE = 0.47, 0.175
FOOT, LEAD = 54.0, 1.22
TITLE_SIZES, SUBTITLE_SIZES = (26.0, 22.0, 19.0, 16.0), (12.0, 11.0, 10.0)
LAYOUT = "Title Only"


def render(dataset: Dataset, filters: Filters, *, title: str = "", draft: bool = True, paper: str = "slide") -> bytes:
    """Return a view as a PPTX file of one slide; ``paper`` is "slide" (16:9) or "a4" (landscape).

    Raises:
        InputError: when the paper or the data's date is none.
    """
    if paper not in SIZES:
        raise InputError(f"Paper {paper!r} is unknown for slides; expected one of {', '.join(SIZES)}.")
    return slide(content_of.build(dataset, filters, title=title, draft=draft), paper)


def slide(content: Content, paper: str = "slide") -> bytes:
    """Return the slide of a view's content."""
    wide, high = SIZES[paper]
    deck, page = _deck(wide, high)
    shapes = Shapes(locale(content.filters.lang))
    top = _heading(page, shapes, content, wide)
    bottom = high - FOOT
    map_wide = (wide - 2 * MARGIN) * MAP_SHARE
    pptx_map.draw(shapes, content, (MARGIN, top, map_wide, bottom - top))
    left = MARGIN + map_wide + GAP
    key_wide = (wide - 2 * MARGIN) * LEGEND_SHARE
    _legend(shapes, content, (left, top, key_wide, bottom - top))
    chart_left = left + key_wide + GAP
    chart_wide = wide - MARGIN - chart_left
    told, size, _lines = fit(pptx_chart.title(content), chart_wide, (11.0, 10.0, 9.0), 1, 700)
    shapes.text("Ranking title", (chart_left, top, chart_wide, 16), [told], Style(size, True, locale=shapes.locale))
    pptx_chart.bars(page, content, (chart_left, top + 16, chart_wide, bottom - top - 16))
    _foot(shapes, content, wide, bottom)
    tree = page.shapes._spTree
    chart = tree[-1]  # last in reading order before the foot
    for element in shapes.elements():
        tree.append(element)
    tree.insert(len(tree) - 1, chart)
    _describe(deck, page, content)
    out = io.BytesIO()
    deck.save(out)
    return package.settle(out.getvalue(), content.when)


def _deck(wide: float, high: float) -> tuple[Any, Any]:
    """Return an empty presentation with one slide, its unused layouts and another machine's leftovers taken out."""
    deck = pptx.Presentation()
    before = deck.slide_width or 1
    deck.slide_width, deck.slide_height = Emu(round(wide * POINT)), Emu(round(high * POINT))
    kept = next(layout for layout in deck.slide_layouts if layout.name == LAYOUT)
    for layout in list(deck.slide_layouts):
        if layout is not kept:
            deck.slide_layouts.remove(layout)
    for shape in (*deck.slide_master.shapes, *kept.shapes):
        if shape.left is not None and shape._element.spPr.xfrm is not None:
            shape.left, shape.width = (Emu(round(x * deck.slide_width / before)) for x in (shape.left, shape.width))
    for owner in (deck.part.package, deck.part):
        for key, relation in list(owner._rels.items()):
            if not relation.is_external and package.DROPPED.search(str(relation.target_part.partname)):
                owner._rels.pop(key)
    return deck, deck.slides.add_slide(kept)


def _heading(page: Any, shapes: Shapes, content: Content, wide: float) -> float:
    """Set the title (the layout's own placeholder), what stands around it, and return where the rest begins."""
    spec, room = content.spec, wide - 2 * MARGIN
    _ = i18n.translator(spec.language)
    own = shapes.locale
    shapes.text(
        "Series",
        (MARGIN, 20, room * 0.7, 13),
        [eyebrow(spec, _)],
        Style(9, True, accent(spec), locale=own),
        anchor="ctr",
    )
    if spec.draft:
        mark = Style(9, True, DRAFT, "ctr", locale=own)
        shapes.text(
            "Draft mark",
            (wide - MARGIN - 150, 18, 150, 18),
            [_("DRAFT, NOT CLEARED")],
            mark,
            anchor="ctr",
            border=(DRAFT, 1),
        )
    title, size, lines = fit(shorten(line(spec.title), 400) or eyebrow(spec, _), room, TITLE_SIZES, 2, 700)
    top, high = 34.0, lines * size * LEAD + 4
    holder = page.shapes.title
    holder.left, holder.top, holder.width, holder.height = (
        Emu(round(length * POINT)) for length in (MARGIN, top, room, high)
    )
    _fill_title(holder, title, Style(size, True, INK, locale=own))
    text, small, more = fit(shorten(line(spec.subtitle), 500), room, SUBTITLE_SIZES, 2, 400)
    text = text[:1].upper() + text[1:]
    shapes.text(
        "Subtitle", (MARGIN, top + high, room, more * small * LEAD + 2), [text], Style(small, colour=SOFT, locale=own)
    )
    return top + high + more * small * LEAD + 12


def _fill_title(holder: Any, text: str, style: Style) -> None:
    """Put text into the title's placeholder, at the top left and with no margins of the layout's."""
    frame = holder.text_frame
    body = frame._txBody
    properties = body.bodyPr
    for name in ("lIns", "tIns", "rIns", "bIns"):
        properties.set(name, "0")
    properties.set("anchor", "t")
    for old in list(properties):
        properties.remove(old)
    made = parse_xml(f"<p:txBody {nsdecls('a', 'p')}>{paragraph(text, style)}</p:txBody>")
    for old in body.p_lst:
        body.remove(old)
    body.append(made[0])


def _legend(shapes: Shapes, content: Content, space: Space) -> None:
    """Add the legend, the box of nationwide work and what else a reader must know, one below the other."""
    left, top, wide, _high = space
    spec, own = content.spec, shapes.locale
    _ = i18n.translator(spec.language)
    title, size, lines = fit(spec.legend_title, wide, (11.0, 10.0, 9.0), 2, 700)
    inside = shapes.nested()
    inside.text("Legend title", (left, top, wide, lines * size * LEAD + 2), [title], Style(size, True, locale=own))
    y = top + lines * size * LEAD + 7
    for one in spec.classes:
        inside.box(
            f"Class {one.label}", (left, y, 22, 13), one.colour, (BORDER, 0.6), words=one.label, hatched=one.index < 0
        )
        inside.text(
            f"Label {one.label}", (left + 28, y - 1, wide - 62, 15), [one.label], Style(9, locale=own), anchor="ctr"
        )
        count = i18n.plural(spec.language)("{count} area", "{count} areas", one.areas).format(count=one.areas)
        inside.text(
            f"Areas {one.label}",
            (left + wide - 48, y - 1, 48, 15),
            [count],
            Style(8, colour=SOFT, align="r", locale=own),
            anchor="ctr",
        )
        y += 17
    shapes.next_id = inside.next_id + 1
    shapes.group(
        _("Legend"),
        f"{spec.legend_title}: " + "; ".join(one.label for one in spec.classes),
        inside,
        (left, top, wide, y - top),
    )
    y = _note(shapes, _("Nationwide work"), spec.nationwide_text, (left, y + 6, wide), boxed=True)
    if spec.unlocated_text:
        y = _note(shapes, _("Unlocated work"), spec.unlocated_text, (left, y + 8, wide), boxed=True)
    for at, note in enumerate(spec.notes[:3]):
        y = _note(shapes, f"Note {at + 1}", shorten(line(note), 300), (left, y + 8, wide), boxed=False)


def _note(shapes: Shapes, name: str, text: str, place: tuple[float, float, float], *, boxed: bool) -> float:
    """Add a note as high as its text and return where it ends."""
    left, top, wide = place
    inset = 6.0 if boxed else 0.0
    size = 9.0 if boxed else 8.0
    shown, _size, lines = fit(text, wide - 2 * inset, (size,), 7, 400)
    high = (lines + 0.3) * size * LEAD + 2 * inset
    style = Style(size, boxed, INK if boxed else SOFT, locale=shapes.locale)
    border = (NATIONWIDE_COLOUR, 0.75) if boxed else None
    shapes.text(
        name, (left, top, wide, high), [shown], style, fill=BOX_FILL if boxed else None, border=border, inset=inset
    )
    return top + high


def _foot(shapes: Shapes, content: Content, wide: float, top: float) -> None:
    spec, room = content.spec, wide - 2 * MARGIN
    texts = [f"{spec.source} {spec.attribution}.", spec.disclaimer, content_of.rule_line(content)]
    sizes = (7.5, 7.0, 6.5, 6.0)
    size = min(fit(text, room, sizes, 1, 400)[1] for text in texts)
    shapes.text(
        "Source and disclaimer",
        (MARGIN, top + 8, room, FOOT - 14),
        texts,
        Style(size, colour=SOFT, locale=shapes.locale),
    )


def _describe(deck: Any, page: Any, content: Content) -> None:
    """Write the document's metadata and the words of the view under the slide, for who speaks to it."""
    spec = content.spec
    core = deck.core_properties
    core.title, core.subject = shorten(line(spec.title), 250), shorten(line(spec.subtitle), 250)
    core.author = core.last_modified_by = shorten(content.view.software, 250)
    core.comments = shorten(content.alt, 250)
    core.keywords = shorten(", ".join(f"{name} {value}" for name, value in content_of.properties(content)[1:2]), 250)
    core.language = locale(spec.language)
    core.created = core.modified = content.when.replace(tzinfo=None)
    core.revision = 1
    told = [
        content.alt,
        *spec.notes,
        spec.source,
        spec.attribution + ".",
        spec.disclaimer,
        content_of.rule_line(content),
    ]
    page.notes_slide.notes_text_frame.text = "\n".join(line(text) for text in told if text)
    opc = deck.part.package
    own = package.custom_properties(content_of.properties(content))
    opc.relate_to(Part(PackURI("/docProps/custom.xml"), package.CUSTOM_TYPE, opc, own), package.CUSTOM_RELATION)
