"""Floor 5.4: the texts that take a view elsewhere: its citation and the code that embeds its map in another page."""

from __future__ import annotations

import html
from dataclasses import replace
from urllib.parse import urlencode

from geo import i18n, pack, words
from geo.dataset import Dataset
from geo.filters import Filters

EMBED = "embed"  # Streamlit's own parameter for a page inside another
FRAME_HEIGHT = 640  # CSS pixels


def title(filters: Filters, page: str = "") -> str:
    """Return the title of a view: the map's name, the page where it is another, and the filters in words."""
    parts = (pack.title(filters.lang), page, words.selection(filters))
    return ": ".join(part for part in (parts[0], ", ".join(part for part in parts[1:] if part)) if part)


def link(base: str, filters: Filters) -> str:
    """Return the link of a view; its language is always named: the receiver's browser may have another."""
    return base + filters.to_link(always=("lang",))


def embed_link(base: str, filters: Filters) -> str:
    """Return the link of the map and its legend alone, for a frame in another page."""
    # A frame shows a map: what stands open beside it has no place there.
    shown = replace(filters, activity="", focus="")
    query = urlencode({EMBED: "true", "lang": shown.lang, **shown.to_query()}, doseq=True)
    return f"{base}?{query}"


def embed_code(base: str, filters: Filters) -> str:
    """Return the HTML that shows the map of a view in another page."""
    address, name = html.escape(embed_link(base, filters)), html.escape(title(filters))
    return (
        f'<iframe src="{address}" title="{name}" width="100%" height="{FRAME_HEIGHT}" style="border:0" '
        'loading="lazy" allowfullscreen></iframe>'
    )


def citation(dataset: Dataset, filters: Filters, address: str, page: str = "") -> str:
    """Return how to cite a view: title, source, version and date of the data, date accessed, link.

    The date accessed is the data's own: the same view of the same data is cited in the same words.
    """
    _ = i18n.translator(filters.lang)
    day = i18n.date(dataset.published, filters.lang)
    return _("{title}. {source}. Data of {date}, version {version}. Accessed {accessed}. {link}").format(
        title=title(filters, page),
        source=words.data_source(dataset, filters.lang),
        date=day,
        version=f"{dataset.version}-{dataset.digest[:8]}" if dataset.version else dataset.digest[:8],
        accessed=day,
        link=address,
    )
