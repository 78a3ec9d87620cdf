"""Floor 7: the commands that print: snapshot, sheet, atlas, pack, and the jobs that are repeated.

A failure of one page names it and does not stop the others; the command then ends with an error.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from geo import gazetteer, pack, print_logo, printmap, studio, studio_spec
from geo.dataset import Dataset
from geo.errors import GeoError, InputError
from geo.filters import Filters
from geo.print_spec import LAYERS, NATIONWIDE_WAYS, ORIENTATIONS, PAPERS, Leaf
from geo.printmap import Press
from geo.studio import Failure
from geo.studio_spec import StudioSpec

Read = Callable[[argparse.Namespace], tuple[Dataset, Filters]]
Run = Callable[[Sequence[str]], int]
MOST_DPI = 600
OFFICE = ("pptx", "docx", "xlsx", "html")  # of a page with one map
# options that are choices of the studio by the same name
_PAGE = ("kind", "paper", "orientation", "title", "note", "nationwide", "classes", "by")
GIVEN = (*_PAGE, "compare", "left", "right", "against")
SINGLE = tuple(kind for kind in studio_spec.KINDS if kind != "atlas")


# The files of a briefing pack, by their ending: a name here adds one to every pack.
PACK_FILES = ("pdf", "pptx", "xlsx")


@dataclass(frozen=True, slots=True)
class Printer:
    """One command: its name, its help, its options, and what it does."""

    name: str
    text: str
    options: Callable[[argparse.ArgumentParser], None]
    command: Callable[[argparse.Namespace, Read], str]


# ---- options


def _page_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--paper", choices=tuple(PAPERS), help="a4 (default), a3, letter, slide or square")
    parser.add_argument("--orientation", choices=ORIENTATIONS, help="landscape (default) or portrait")
    parser.add_argument("--title", help="a title instead of the one in words")
    parser.add_argument("--note", help="a note below the title")
    parser.add_argument("--cleared", action="store_true", help="leave out the mark “draft, not cleared”")
    parser.add_argument(
        "--local-names", "--lao-names", action="store_true", help="print local names beside the English ones"
    )
    parser.add_argument("--nationwide", choices=NATIONWIDE_WAYS, help="nationwide work as a box, a hatch or a list")
    parser.add_argument("--without", action="append", choices=LAYERS, help="a layer to leave out; may be repeated")
    parser.add_argument("--points", action="store_true", help="circles for the activities of each district")
    parser.add_argument("--classes", type=int, choices=studio_spec.CLASSES, help="number of classes (default 5)")
    parser.add_argument("--logo", type=Path, metavar="FILE", help="a PNG, JPEG or SVG of at most 1 MB")
    parser.add_argument("--dpi", type=int, default=300, help="resolution of PNG, 72 to 600 (default 300)")


def _snapshot_options(parser: argparse.ArgumentParser) -> None:
    _page_options(parser)
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        required=True,
        metavar="FILE",
        help="ends in .png, .pdf, .svg, .zip; of one map .pptx, .docx, .xlsx, .html too",
    )
    parser.add_argument("--kind", choices=SINGLE, help="what the page shows (default ranked)")
    parser.add_argument("--province", metavar="PCODE", help="the province of --kind province")
    parser.add_argument("--compare", choices=studio_spec.COMPARISONS, help="what two maps show (--kind pair)")
    parser.add_argument("--left", help="years or goal of the left map")
    parser.add_argument("--right", help="years or goal of the right map")
    parser.add_argument("--against", choices=studio_spec.AGAINST, help="second figure of --kind bivariate")


def _sheet_options(parser: argparse.ArgumentParser) -> None:
    _page_options(parser)
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help=".png, .pdf, .svg or .zip")


def _atlas_options(parser: argparse.ArgumentParser) -> None:
    _page_options(parser)
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help="ends in .pdf or .zip")
    parser.add_argument("--by", choices=studio_spec.ATLASES, help="a page for each province (default) or goal")
    parser.add_argument("--only", action="append", default=[], metavar="ITEM", help="a P-code or goal; may be repeated")
    parser.add_argument("--pages", choices=("png", "svg"), default="png", help="format of the pages in a .zip")


def _pack_options(parser: argparse.ArgumentParser) -> None:
    _page_options(parser)
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FOLDER", help="made where it is missing")
    parser.add_argument("--by", choices=("province",), default="province", help="a file for each province")
    parser.add_argument("--only", action="append", default=[], metavar="PCODE", help="a province; may be repeated")


# ---- commands


def _spec(arguments: argparse.Namespace, read: Read, **fixed: Any) -> tuple[Dataset, StudioSpec]:
    """Return the choices of the arguments over those of the link."""
    languages = tuple(part.strip() for text in arguments.lang for part in text.split(",") if part.strip())
    arguments.lang = list(languages[:1])
    dataset, found = read(arguments)
    spec, problems = studio_spec.from_text(found.studio, found)
    if problems:
        raise InputError(f"--link: {problems[0].expected}")
    change: dict[str, Any] = {name: getattr(arguments, name, None) for name in GIVEN}
    change = {name: value for name, value in change.items() if value is not None} | fixed
    if arguments.cleared:
        change["draft"] = False
    if arguments.points:
        change["points"] = True
    if arguments.without:
        change["without"] = tuple(dict.fromkeys(arguments.without))
    if arguments.local_names:
        change["names"] = True
    if languages:
        change["languages"] = languages
    if items := getattr(arguments, "only", None) or [getattr(arguments, "province", None) or ""]:
        change["items"] = tuple(item for item in items if item) or spec.items
    return dataset, replace(spec, **change)


def _press(arguments: argparse.Namespace, spec: StudioSpec) -> Press:
    if not 72 <= arguments.dpi <= MOST_DPI:
        raise InputError(f"--dpi {arguments.dpi}: expected 72 to {MOST_DPI}")
    logo = print_logo.read(_bytes(arguments.logo), arguments.logo.stem) if arguments.logo else None
    return studio.press(spec, dpi=arguments.dpi, logo=logo)


def snapshot(arguments: argparse.Namespace, read: Read) -> str:
    """Write one kind of page of a selection and return what was written."""
    dataset, spec = _spec(arguments, read)
    if spec.kind == "atlas":
        return _book(arguments, dataset, spec)
    return _write_pages(arguments, dataset, spec)


def sheet(arguments: argparse.Namespace, read: Read) -> str:
    """Write the sheet of all goals and return what was written."""
    return _write_pages(arguments, *_spec(arguments, read, kind="sheet"))


def _write_pages(arguments: argparse.Namespace, dataset: Dataset, spec: StudioSpec) -> str:
    kind = _ending(arguments.output, (*printmap.FORMATS, "zip", *OFFICE))
    press = _press(arguments, spec)
    pages = studio.leaves(dataset, spec)
    failures: tuple[Failure, ...] = ()
    if kind == "pdf":
        data, failures = studio.pdf(pages, press)
    elif kind == "zip":
        data, failures = studio.archive(pages, press, "png")
    elif len(pages) > 1:
        raise InputError(f"--output {arguments.output}: {len(pages)} pages; expected a name that ends in .pdf or .zip")
    else:
        data = _file(dataset, pages[0], press, kind)
    _write(arguments.output, data)
    return _told([f"{arguments.output}: {len(data):,} bytes, {pages[0].spec.total} activities"], failures)


def atlas(arguments: argparse.Namespace, read: Read) -> str:
    """Write an atlas and return what was written."""
    return _book(arguments, *_spec(arguments, read, kind="atlas"))


def _book(arguments: argparse.Namespace, dataset: Dataset, spec: StudioSpec) -> str:
    kind = _ending(arguments.output, ("pdf", "zip"))
    press = _press(arguments, spec)
    pages = studio.leaves(dataset, spec)
    if kind == "pdf":
        data, failures = studio.pdf(pages, press, _progress)
    else:
        data, failures = studio.archive(pages, press, getattr(arguments, "pages", "png"), _progress)
    _write(arguments.output, data)
    return _told([f"{arguments.output}: {len(data):,} bytes, {len(pages) - len(failures)} pages"], failures)


def pack_command(arguments: argparse.Namespace, read: Read) -> str:
    """Write a briefing for each province, in each language, and return what was written."""
    dataset, spec = _spec(arguments, read, kind="province", by="province")
    press = _press(arguments, spec)
    try:
        arguments.output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"--output {arguments.output}: {error.strerror}; choose another folder") from error
    wanted = spec.items or gazetteer.all_areas("adm1")
    # each item is checked before the first file is written
    jobs = [(replace(spec, items=(code,), languages=(lang,)), code, lang) for code in wanted for lang in spec.said]
    lines: list[str] = []
    failures: list[Failure] = []
    for at, (one, code, language) in enumerate(jobs, 1):
        for ending in PACK_FILES:
            day = dataset.published[:10].replace("-", "")
            file = arguments.output / f"{pack.settings().iso3}_{code}_{language}_{spec.paper.upper()}_{day}.{ending}"
            try:
                data = _file(dataset, studio.leaves(dataset, one)[0], press, ending)
                _write(file, data)
                lines.append(f"{file}: {len(data):,} bytes")
            except GeoError as error:
                failures.append(Failure(file.name, str(error)))
        _progress(at, len(jobs))
    return _told(lines, failures)


def jobs(file: Path, run: Run) -> str:
    """Run the jobs of a TOML file one after the other; one that fails is named and does not stop the others.

    Raises:
        InputError: when the file is none, or when a job failed.
    """
    try:
        table = tomllib.loads(_bytes(file).decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{file} is no TOML: {error}. Correct the line named.") from error
    found = table.get("job", [])
    if not isinstance(found, list) or not found or not all(isinstance(one, dict) for one in found):
        raise InputError(f"{file} has no [[job]]; expected at least one with command and output.")
    failed = [f"job {at} ({one.get('command')})" for at, one in enumerate(found, 1) if run(_arguments(one, at))]
    if failed:
        raise InputError(f"{len(found) - len(failed)} of {len(found)} jobs done; failed: {', '.join(failed)}.")
    return f"{len(found)} jobs done"


def _arguments(job: dict[str, Any], number: int) -> list[str]:
    """Return a job as a command line."""
    names = {printer.name for printer in PRINTERS}
    if job.get("command") not in names:
        raise InputError(f"job {number}: command {job.get('command')!r}; expected one of {', '.join(sorted(names))}")
    line = [str(job["command"])]
    for name, value in job.items():
        option = f"--{name.replace('_', '-')}"
        if name == "command" or value is False:
            continue
        values = value if isinstance(value, list) else [value]
        line += [option] if value is True else [part for one in values for part in (option, str(one))]
    return line


# ---- files


def _file(dataset: Dataset, leaf: Leaf, press: Press, kind: str) -> bytes:
    if kind in printmap.FORMATS:
        return printmap.picture(leaf, press, kind)
    from geo.export import pages  # the writers of office files take half a second to load

    return pages.make(dataset, leaf, press, kind)


def _ending(path: Path, allowed: tuple[str, ...]) -> str:
    kind = path.suffix.lstrip(".").lower()
    if kind not in allowed:
        raise InputError(f"--output {path}: expected a name that ends in {', '.join('.' + one for one in allowed)}")
    return kind


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be opened: {error.strerror}. Check the path.") from error


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise InputError(f"--output {path}: {error.strerror}; choose another folder or name") from error


def _progress(done: int, of: int) -> None:
    if sys.stderr.isatty():
        print(f"\rpage {done} of {of}", end="\n" if done == of else "", file=sys.stderr, flush=True)


def _told(lines: Sequence[str], failures: Sequence[Failure]) -> str:
    """Return what was written.

    Raises:
        InputError: with what was written too, when a page failed.
    """
    if failures:
        named = "; ".join(f"{one.page}: {one.reason}" for one in failures)
        raise InputError("\n".join([*lines, f"{len(failures)} page(s) failed: {named}"]))
    return "\n".join(lines)


PRINTERS = (
    Printer("snapshot", "a page of a selection as PNG, PDF, SVG or ZIP", _snapshot_options, snapshot),
    Printer("sheet", "all goals on one sheet of small maps", _sheet_options, sheet),
    Printer("atlas", "a page for each province or goal, with contents", _atlas_options, atlas),
    Printer("pack", "a briefing for each province, a file each", _pack_options, pack_command),
)
