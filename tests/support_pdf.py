"""A PDF's text as two libraries read it: PDFium; and pypdf, with the ActualText that it leaves out put in."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import numpy as np
import pypdfium2  # type: ignore[import-untyped]
from pypdf import PageObject, PdfReader
from pypdf.generic import ContentStream

_PAIR = re.compile(rb"<([0-9a-fA-F]{4})>\s*<([0-9a-fA-F]+)>")


def squeezed(text: str) -> str:
    """Return ``text`` without what a reader may add or drop: spaces and the form of accents."""
    return "".join(unicodedata.normalize("NFKD", text).split()).replace("\u200b", "")


def pdfium(data: bytes) -> str:
    """Return the text as PDFium reads it, squeezed."""
    with pypdfium2.PdfDocument(data) as document:
        return squeezed("".join(page.get_textpage().get_text_bounded() for page in document))


def pdfium_plain(data: bytes) -> str:
    """Return the text just as PDFium gives it."""
    with pypdfium2.PdfDocument(data) as document:
        return "".join(page.get_textpage().get_text_range() for page in document)


def pypdf_plain(data: bytes) -> str:
    """Return the text just as pypdf gives it, which leaves ActualText out."""
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


def pypdf(data: bytes) -> str:
    """Return the text as pypdf parses it, squeezed: letters by each font's ToUnicode, and ActualText in their place
    where there is one (ISO 32000-1, 14.9.4), as Lao vowels and tone marks need it.
    """
    reader = PdfReader(io.BytesIO(data))
    return squeezed("".join("".join(_texts(page, reader)) for page in reader.pages))


def _texts(page: PageObject, reader: PdfReader) -> Iterator[str]:
    fonts: Any = page["/Resources"]["/Font"]  # type: ignore[index]
    letters = {name: _letters(font.get_object()["/ToUnicode"].get_object().get_data()) for name, font in fonts.items()}
    known: dict[bytes, str] = {}
    hidden: list[bool] = []
    for operands, operator in ContentStream(page.get_contents(), reader).operations:
        if operator in (b"BDC", b"BMC"):
            actual = operands[1].get("/ActualText") if len(operands) > 1 and isinstance(operands[1], dict) else None
            hidden.append(actual is not None)
            yield str(actual) if actual is not None else ""
        elif operator == b"EMC":
            hidden.pop()
        elif operator == b"Tf":
            known = letters[operands[0]]
        elif operator in (b"Tj", b"TJ") and not any(hidden):
            shown = operands[0] if operator == b"TJ" else operands
            codes = b"".join(_bytes(one) for one in shown if isinstance(one, bytes | str))
            yield "".join(known.get(codes[at : at + 2], "\ufffd") for at in range(0, len(codes), 2))


def _bytes(one: Any) -> bytes:
    return bytes(one) if isinstance(one, bytes) else one.original_bytes


def _letters(cmap: bytes) -> dict[bytes, str]:
    return {
        bytes.fromhex(code.decode()): bytes.fromhex(text.decode()).decode("utf-16-be")
        for code, text in _PAIR.findall(cmap)
    }


def overlapping(data: bytes, share: float = 0.25) -> list[tuple[str, str]]:
    """Return the pairs of texts of a page of which one covers more than a ``share`` of the other's box."""
    with pypdfium2.PdfDocument(data) as document:
        text = document[0].get_textpage()
        boxes = np.array([text.get_rect(at) for at in range(text.count_rects())])
        low, high = boxes[:, None, :2], boxes[:, None, 2:]
        common = np.clip(np.minimum(high, boxes[:, 2:]) - np.maximum(low, boxes[:, :2]) - 0.5, 0, None).prod(axis=2)
        sizes = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
        pairs = np.argwhere(np.triu(common > share * np.minimum(sizes[:, None], sizes), 1))
        return [tuple(text.get_text_bounded(*boxes[at]) for at in pair) for pair in pairs]
