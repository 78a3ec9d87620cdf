"""The studio's files: what is dropped and uploaded, the preview, and the downloads."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import fields, replace

import streamlit as st

from geo import print_logo, printmap, provenance, studio, studio_spec, words
from geo.dataset import Dataset
from geo.errors import GeoError, InputError
from geo.filters import Filters
from geo.print_spec import Leaf
from geo.printmap import Logo
from geo.studio import Failure
from geo.studio_spec import StudioSpec
from pages._ui import access, cache, file_links, state
from pages._ui.text import md

SCREEN_DPI = 110
DROPPED = "_studio_dropped"  # what the last dropped file said; the session's own
MADE = "_studio_made"  # the last atlas that was made: its key and its bytes
MIME = {**cache.MEDIA, "svg": "image/svg+xml", "zip": "application/zip"}
OFFICE = ("pptx", "docx", "xlsx", "html")  # of a page with one map
MOST_LOGOS = 200  # in memory for the addresses of the files: some tens of kilobytes each
_logos: dict[str, Logo] = {}
Make = Callable[[Callable[[int, int], None]], tuple[bytes, tuple[Failure, ...]]]


def dropped(data: Dataset, found: Filters) -> None:
    """Draw the place to drop a file of ours, and what has changed since it was made."""
    _ = state.words()
    if not access.allowed("see"):  # the public process takes no file
        return
    with st.expander(
        _("Have a PNG, PDF, SVG or HTML file of this map? Drop it here to bring its view back."), expanded=False
    ):
        st.file_uploader(
            _("A file made by this map"),
            type=["png", "pdf", "svg", "html"],
            key="w_studio_drop",
            on_change=_take,
            args=(data,),
            label_visibility="collapsed",
        )
    told = st.session_state.get(DROPPED)
    if isinstance(told, str):
        st.error(md(told))
    elif isinstance(told, provenance.View):
        _compare(told, data, found)


def _take(data: Dataset) -> None:
    """Go to the view of the file that was dropped; runs before the page is drawn again."""
    file = st.session_state.get("w_studio_drop")
    if file is None:
        st.session_state[DROPPED] = None
        return
    try:
        view = provenance.read(file.getvalue())
    except GeoError as error:
        st.session_state[DROPPED] = str(error)
        return
    wanted, _problems = provenance.filters_of(view, data)
    wanted = replace(wanted, studio=view.studio[: studio_spec.MOST_LINK])
    st.session_state[DROPPED] = view
    state.go(**{item.name: getattr(wanted, item.name) for item in fields(Filters)})


def _compare(view: provenance.View, data: Dataset, found: Filters) -> None:
    _ = state.words()
    wanted, _problems = provenance.filters_of(view, data)
    shown = words.selection(wanted) or _("all activities")
    st.success(
        md(_("The view of the file is back: {view} (made with {software}).").format(view=shown, software=view.software))
    )
    changes = provenance.changes(view, data, found.lang)
    if not changes:
        st.caption(md(_("Nothing has changed since the file was made: it shows today's data.")))
        return
    st.warning("  \n".join([md(_("Since the file was made:")), *(f"\\- {md(line)}" for line in changes)]))


def logo() -> Logo | None:
    """Draw the place for a logo and return it, checked and encoded anew."""
    _ = state.words()
    if not access.allowed("see"):
        return None
    file = st.file_uploader(
        _("Logo (PNG, JPEG or SVG, at most 1 MB)"),
        type=["png", "jpg", "jpeg", "svg"],
        key="w_studio_logo",
        max_upload_size=1,
    )
    if file is None:
        return None
    try:
        return print_logo.read(file.getvalue(), file.name.rsplit(".", 1)[0][:80])
    except GeoError as error:
        st.error(md(str(error)))
        return None


def _keep(found: Logo | None) -> str:
    """Hold a logo for the addresses of the files, and return what names it there, "" for none."""
    if found is None:
        return ""
    name = hashlib.sha256(f"{found.alt}\n{found.svg}".encode()).hexdigest()[:32]
    while name not in _logos and len(_logos) >= MOST_LOGOS:
        _logos.pop(next(iter(_logos)))
    _logos[name] = found
    return name


def kept_logo(name: str) -> Logo | None:
    """Return the logo that an address names, None for "".

    Raises:
        InputError: when it is not here any more.
    """
    if name and name not in _logos:
        raise InputError("The logo of this file is no longer here. Upload it again on the studio's page.")
    return _logos[name] if name else None


def preview(data: Dataset, spec: StudioSpec, pages: Sequence[Leaf], found: Logo | None) -> None:
    """Draw one page as it is printed, at the resolution of a screen."""
    _ = state.words()
    number = 1
    if len(pages) > 1:
        label = _("Page, of {count}").format(count=len(pages))
        number = int(st.number_input(label, 1, len(pages), 1, key="w_studio_page"))
    leaf = pages[number - 1]
    try:
        made = cache.studio_picture(data, spec, number - 1, SCREEN_DPI, found)
    except GeoError as error:
        st.error(md(_("Page “{page}” cannot be printed: {reason}").format(page=leaf.title, reason=str(error))))
        return
    with st.container(border=True, key="studio_preview"):
        st.image(made, width="stretch", alt=f"{leaf.title}. {leaf.subtitle}")


def downloads(spec: StudioSpec, pages: tuple[Leaf, ...], found: Logo | None) -> None:
    """Draw the files; a document of many pages is made first, with its progress shown."""
    _ = state.words()
    press = studio.press(spec, logo=found)
    first = pages[0]
    if len(pages) == 1:
        kinds = (*printmap.FORMATS, *(OFFICE if first.kind in studio.ONE_MAP else ()))
        labels = {f"studio.{kind}": _("{kind} file").format(kind=kind.upper()) for kind in kinds}
        file_links.row(labels, state.current(), first="studio.pdf", logo=_keep(found))
        return
    stem = studio.name(first, press, "pdf").removesuffix(".pdf")
    makers: dict[str, tuple[str, Make]] = {
        "pdf": (_("PDF of all pages"), lambda tell: studio.pdf(pages, press, tell)),
        "zip": (_("ZIP of pages (PNG)"), lambda tell: studio.archive(pages, press, "png", tell)),
        "svg.zip": (_("ZIP of pages (SVG)"), lambda tell: studio.archive(pages, press, "svg", tell)),
    }
    for ending, (label, make) in makers.items():
        _made(label, f"{stem}.{ending}", make, (pages, press))


def _made(label: str, name: str, make: Make, of: object) -> None:
    """Draw a button that makes a file, its progress, and then the file."""
    _ = state.words()
    key = name.rsplit(".", 1)[-1] if not name.endswith("svg.zip") else "svgzip"
    kept = st.session_state.setdefault(MADE, {})
    if st.button(_("Make: {file}").format(file=label), key=f"studio_make_{key}"):
        bar = st.progress(0.0, text=label)

        def tell(done: int, count: int) -> None:
            bar.progress(done / count, text=_("Page {number} of {count}").format(number=done, count=count))

        try:
            kept[key] = (of, *make(tell))
        except GeoError as error:
            st.error(md(str(error)))
        bar.empty()
    if key not in kept or kept[key][0] != of:
        return
    _of, made, failures = kept[key]
    for one in failures:
        st.warning(md(_("Page “{page}” cannot be printed: {reason}").format(page=one.page, reason=one.reason)))
    size = f"{len(made) / 1e6:.1f} MB"
    st.download_button(
        f"{label}, {size}", made, name, MIME[name.rsplit(".", 1)[-1]], key=f"studio_get_{key}", type="primary"
    )
