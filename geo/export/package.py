"""Floor 7: office files are zip archives: the same members in the same order with the same times, so the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import datetime
from xml.sax.saxutils import escape

EPOCH = (1980, 1, 1, 0, 0, 0)  # the least time that a zip archive can hold
FIRST = ("[Content_Types].xml", "_rels/.rels")  # what readers ask for first
DROPPED = re.compile(r"(printerSettings\d*\.bin|thumbnail\.jpeg)$")  # of the templates: another machine's
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")
CUSTOM_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
CUSTOM_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_CUSTOM_XMLNS = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_VALUE_XMLNS = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_FORMAT_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"  # of the set that programs show as "custom" (ECMA-376, 22.3)


def settle(data: bytes, when: datetime) -> bytes:
    """Return an office file with its members in a fixed order and all times set, those of embedded workbooks too."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        members = {name: source.read(name) for name in source.namelist()}
    order = [*(name for name in FIRST if name in members), *sorted(set(members) - set(FIRST))]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as target:
        for name in order:
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 0, 0
            target.writestr(info, _settled(name, members[name], when))
    return out.getvalue()


def _settled(name: str, body: bytes, when: datetime) -> bytes:
    if name.endswith(".xlsx"):
        return settle(body, when)
    if name == "docProps/core.xml":
        return _STAMP.sub(rb"\g<1>" + f"{when:%Y-%m-%dT%H:%M:%SZ}".encode() + rb"\g<2>", body)
    return body


def custom_properties(values: Sequence[tuple[str, str]]) -> bytes:
    """Return the part that holds a document's own properties, which its programs show and let people edit."""
    entries = "".join(
        f'<property fmtid="{_FORMAT_ID}" pid="{at}" name="{escape(name)}">'
        f"<vt:lpwstr>{escape(value)}</vt:lpwstr></property>"
        for at, (name, value) in enumerate(values, 2)
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f'{head}\n<Properties xmlns="{_CUSTOM_XMLNS}" xmlns:vt="{_VALUE_XMLNS}">{entries}</Properties>'.encode()
