"""Copy Leaflet and cut Noto Sans Lao into static/vendor (``make assets``); nothing third-party is in the repository.

The files come from installed packages of which nothing is imported:

- django-leaflet: Leaflet's script, style and images (BSD 2-Clause), to ``static/vendor/leaflet/``;
- justmytype-intl-sea: the variable font Noto Sans Lao (SIL OFL 1.1), from which ``static/vendor/fonts/`` gets static
  weights for Typst (TrueType, Latin included) and two small WOFF2 files of the Lao block for the page;
- streamlit: its icon font (Apache-2.0), cut to the icons in use (``data/build_icons.py``).

The same packages give the same bytes.  ``static/vendor/stamp.json`` holds the digests of what went in and came out, so
that a second run does nothing; a file that was changed or lost is made again.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import build_icons

# Set before fontTools is imported: the time that is written into a font (1 January 2022, the font's year).
os.environ.setdefault("SOURCE_DATE_EPOCH", "1640995200")

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"

LEAFLET_PACKAGE = "django-leaflet"
# Leaflet's own files alone: the package has images and scripts of its own beside them.
LEAFLET_FILE = re.compile(
    r"leaflet/static/leaflet/(leaflet\.(?:js|css)|images/(?:layers|layers-2x|marker-icon|marker-icon-2x|marker-shadow)\.png)"
)
FONT_PACKAGE = "justmytype-intl-sea"
FONT_FILE = re.compile(r".*/notosanslao/NotoSansLao\[wdth,wght\]\.ttf")
FONT_LICENCE = re.compile(r".*/notosanslao/OFL\.txt")

WEIGHTS = {"Regular": 400, "Medium": 500, "SemiBold": 600, "Bold": 700}
WEB_WEIGHTS = ("Regular", "Bold")
# Lao, the space, the no-break space, zero-width marks, the dotted circle that carries a mark without its letter.
WEB_RANGES = ((0x0E80, 0x0EFF), (0x0020, 0x0020), (0x00A0, 0x00A0), (0x200B, 0x200D), (0x25CC, 0x25CC))
WEB_LIMIT = 40_000  # bytes that one web font may weigh


# Leaflet's licence, which the package above does not carry (SPDX: BSD-2-Clause).
BSD_2_CLAUSE = """\
Redistribution and use in source and binary forms, with or without modification, are permitted provided that the
following conditions are met:

1. Redistributions of source code must retain the above copyright notice, this list of conditions and the following
   disclaimer.

2. Redistributions in binary form must reproduce the above copyright notice, this list of conditions and the following
   disclaimer in the documentation and/or other materials provided with the distribution.

THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND ANY EXPRESS OR IMPLIED WARRANTIES,
INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL,
SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY,
WHETHER IN CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE OF
THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
"""


class AssetError(Exception):
    """A package or a file of it is missing."""


def main() -> int:
    """Make the assets where they are not up to date."""
    try:
        sources = leaflet_sources() | font_sources() | icon_sources()
        wanted = {name: digest(path) for name, path in sources.items()} | {"script": digest(Path(__file__))}
        if up_to_date(wanted):
            return 0
        VENDOR.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=VENDOR.parent, prefix=".vendor-") as folder:
            made = Path(folder)
            copy_leaflet(sources, made / "leaflet")
            cut_fonts(sources, made / "fonts")
            cut_icons(sources, made / "fonts")
            stamp = {"in": wanted, "out": {str(path.relative_to(made)): digest(path) for path in files(made)}}
            (made / "stamp.json").write_text(json.dumps(stamp, indent=1, sort_keys=True) + "\n", encoding="utf-8")
            shutil.rmtree(VENDOR, ignore_errors=True)
            # Each file moves by itself: the temporary folder is private to its owner, static/vendor is not.
            for path in files(made):
                target = VENDOR / path.relative_to(made)
                target.parent.mkdir(parents=True, exist_ok=True)
                path.replace(target)
    except AssetError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"static/vendor: {len(list(files(VENDOR)))} files")
    return 0


def package_file(package: str, pattern: re.Pattern[str]) -> dict[str, Path]:
    """Return the installed files of a package whose name matches, by their name in the package.

    Raises:
        AssetError: when the package is not installed or has no such file.
    """
    try:
        listed = metadata.distribution(package).files or []
    except metadata.PackageNotFoundError:
        raise AssetError(f"The package {package} is not installed; expected it in .venv. Run: make assets") from None
    found = {str(path): Path(str(path.locate())) for path in listed if pattern.fullmatch(path.as_posix())}
    if not found or not all(path.is_file() for path in found.values()):
        raise AssetError(
            f"{package} {metadata.version(package)} has no file like {pattern.pattern}; expected the release that "
            "requirements-assets.txt names. Run: make clean assets"
        )
    return found


def leaflet_sources() -> dict[str, Path]:
    """Return Leaflet's files."""
    return package_file(LEAFLET_PACKAGE, LEAFLET_FILE)


def font_sources() -> dict[str, Path]:
    """Return the variable font and its licence."""
    return package_file(FONT_PACKAGE, FONT_FILE) | package_file(FONT_PACKAGE, FONT_LICENCE)


def icon_sources() -> dict[str, Path]:
    """Return Streamlit's icon font and the scripts and pages that name icons."""
    ours = {path.relative_to(ROOT).as_posix(): path for path in (ROOT / "pages").rglob("*.py")}
    return package_file("streamlit", build_icons.FONT_FILE) | package_file("streamlit", build_icons.BUNDLES) | ours


def cut_icons(sources: dict[str, Path], folder: Path) -> None:
    """Cut the icon font to the icons in use."""
    bundles = [path for name, path in sources.items() if name.endswith(".js") and build_icons.BUNDLES.fullmatch(name)]
    ours = [path for name, path in sources.items() if name.endswith(".py")]
    font = next(path for name, path in sources.items() if build_icons.FONT_FILE.fullmatch(name))
    build_icons.cut(font, build_icons.names(bundles, ours), folder / "MaterialSymbols-Rounded.woff2")


def files(folder: Path) -> Iterator[Path]:
    """Return all files below a folder, in order."""
    return iter(sorted(path for path in folder.rglob("*") if path.is_file()))


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def up_to_date(wanted: dict[str, str]) -> bool:
    """Tell whether the stamp is of these sources and every file is as it was made."""
    try:
        stamp = json.loads((VENDOR / "stamp.json").read_text(encoding="utf-8"))
        made: dict[str, str] = stamp["out"]
        return stamp["in"] == wanted and all(digest(VENDOR / name) == value for name, value in made.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def copy_leaflet(sources: dict[str, Path], folder: Path) -> None:
    """Copy Leaflet's files, with its licence: its own notice, from its script, and the terms that it names."""
    (folder / "images").mkdir(parents=True)
    for name, path in sources.items():
        match = LEAFLET_FILE.fullmatch(Path(name).as_posix())
        if match:
            # The source map is not served: without this line no browser asks for it.
            data = re.sub(rb"\n//# sourceMappingURL=\S+", b"", path.read_bytes())
            (folder / match[1]).write_bytes(data)
    notice = re.findall(r"^ \* (.+)$", (folder / "leaflet.js").read_text(encoding="utf-8").split("*/")[0], re.MULTILINE)
    (folder / "LICENSE").write_text("\n".join(notice) + "\n\n" + BSD_2_CLAUSE, encoding="utf-8")


def cut_fonts(sources: dict[str, Path], folder: Path) -> None:
    """Cut the variable font into static weights of normal width, and two of them to the Lao block for the web."""
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    folder.mkdir(parents=True)
    for name, path in sources.items():
        if name.endswith("OFL.txt"):
            shutil.copyfile(path, folder / "OFL.txt")
    variable = next(path for name, path in sources.items() if name.endswith(".ttf"))
    for style, weight in WEIGHTS.items():
        with TTFont(variable, recalcTimestamp=False) as font:
            axes = {"wght": weight, "wdth": 100}
            # The family's name stays and the style's is set: Typst picks the file by family and weight.
            instancer.instantiateVariableFont(font, axes, inplace=True, updateFontNames=True)
            font.save(folder / f"NotoSansLao-{style}.ttf")
        if style in WEB_WEIGHTS:
            cut_for_web(folder / f"NotoSansLao-{style}.ttf", folder / f"NotoSansLao-{style}.woff2")


def cut_for_web(source: Path, target: Path) -> None:
    """Write the Lao block of a font as WOFF2, with every rule that places its vowels and tones.

    Raises:
        AssetError: when the file weighs more than a page on a slow line should bear.
    """
    from fontTools import subset

    options = subset.Options()
    options.flavor, options.layout_features, options.notdef_outline = "woff2", ["*"], True
    options.recalc_timestamp = False
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[code for first, last in WEB_RANGES for code in range(first, last + 1)])
    with subset.load_font(str(source), options) as font:
        cutter.subset(font)
        subset.save_font(font, str(target), options)
    if target.stat().st_size > WEB_LIMIT:
        raise AssetError(f"{target.name} has {target.stat().st_size} bytes; expected {WEB_LIMIT} at most.")


if __name__ == "__main__":
    sys.exit(main())
