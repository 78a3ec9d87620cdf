"""Floor 6: a user's logo: looked at before it is decoded, made small, and encoded anew, so that nothing of it runs."""

from __future__ import annotations

import base64
import io
import warnings

import typst
from lxml import etree
from PIL import Image, UnidentifiedImageError

from geo.errors import InputError
from geo.printmap import Logo

MOST_BYTES = 1_000_000
MOST_PIXELS = 20_000_000  # of the picture that is sent
HIGH, WIDE = 26.0, 130.0  # page points that it may take
SHARP = 6  # pixels to a point: 432 dpi
KINDS = ("PNG", "JPEG")
_SHAPES = "path rect circle ellipse line polyline polygon"
_DRAWN = frozenset(
    f"svg g defs {_SHAPES} linearGradient radialGradient stop clipPath mask use title desc symbol".split()
)
_PAGE = b"""#set page(width: auto, height: auto, margin: 0pt, fill: none)
#image(bytes(sys.inputs.svg), format: "svg", height: 78pt)"""


def read(data: bytes, alt: str = "") -> Logo:
    """Return a PNG, JPEG or SVG logo as a small PNG of our own encoding; ``alt`` says what it shows.

    Raises:
        InputError: when the file is too large, of another kind, or broken.
    """
    if len(data) > MOST_BYTES:
        raise InputError(f"The logo has {len(data):,} bytes; expected at most {MOST_BYTES:,}. Save it smaller.")
    head = data[:400].lstrip()
    image = _drawn(data) if head.startswith((b"<", b"\xef\xbb\xbf<")) else _picture(data)
    image.thumbnail((int(WIDE * SHARP), int(HIGH * SHARP)), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    scale = min(HIGH / image.height, WIDE / image.width)
    wide, high = image.width * scale, image.height * scale
    packed = base64.b64encode(out.getvalue()).decode()
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{wide:.2f}" '
        f'height="{high:.2f}" viewBox="0 0 {wide:.2f} {high:.2f}"><image width="{wide:.2f}" height="{high:.2f}" '
        f'xlink:href="data:image/png;base64,{packed}"/></svg>'
    )
    return Logo(svg, round(wide, 2), round(high, 2), alt or "Logo")


def _picture(data: bytes) -> Image.Image:
    wrong = InputError("The logo cannot be read as a picture; expected a PNG, JPEG or SVG file. Save it anew as PNG.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the size is looked at below
            image = Image.open(io.BytesIO(data), formats=KINDS)
        if image.width * image.height > MOST_PIXELS:
            got = f"{image.width} x {image.height} pixels"
            raise InputError(f"The logo has {got}; expected at most {MOST_PIXELS:,} in all. Make it smaller.")
        return image.convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        if isinstance(error, InputError):
            raise
        raise wrong from error


def _drawn(data: bytes) -> Image.Image:
    """Return an SVG as pixels, with its shapes alone: no script, no text, no picture, nothing from outside."""
    wrong = InputError("The logo's SVG cannot be read; expected a plain drawing. Save it as PNG instead.")
    if b"<!" in data.replace(b"<!--", b"").replace(b"<![CDATA[", b"") and b"<!DOCTYPE" in data.upper():
        raise InputError("The logo's SVG has a DOCTYPE; expected a plain drawing without one. Save it as PNG instead.")
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        root = etree.fromstring(data, parser)
        for element in list(root.iter()):
            name = etree.QName(element).localname if isinstance(element.tag, str) else ""
            if name not in _DRAWN and element is not root and element.getparent() is not None:
                element.getparent().remove(element)
                continue
            for key in list(element.attrib):
                plain = etree.QName(key).localname.lower()
                if plain.startswith("on") or (plain == "href" and not element.attrib[key].startswith("#")):
                    del element.attrib[key]
        made = typst.Compiler().compile(
            input=_PAGE, format="png", ppi=300.0, sys_inputs={"svg": etree.tostring(root).decode()}
        )
    except (etree.XMLSyntaxError, typst.TypstError, ValueError) as error:
        raise wrong from error
    if not isinstance(made, bytes):
        raise wrong
    return _picture(made)
