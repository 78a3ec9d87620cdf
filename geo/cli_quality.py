"""Floor 7.6: the command that writes what an agency could mend."""

from __future__ import annotations

import argparse
from pathlib import Path

from geo import i18n, library, quality
from geo.cli_store import Job
from geo.errors import InputError
from geo.export import quality as files


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, metavar="FILE", help="activities to read instead of those that are shown")
    parser.add_argument("--agency", default="", metavar="CODE", help="an agency's code, such as UNICEF (default: all)")
    parser.add_argument("--lang", default=i18n.SOURCE_LANGUAGE, metavar="LANG", help="language: en or lo")
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="FILE", help="where to write it: .xlsx or .pdf"
    )


def write(arguments: argparse.Namespace) -> str:
    """Write what an agency could mend and return how much it is.

    Raises:
        InputError: when the ending is none of ours, or the file cannot be written.
        UnknownCodeError: when the agency or the language is not known.
    """
    path: Path = arguments.output
    kind = files.of(path)
    data = library.from_file(arguments.data) if arguments.data else library.current()
    agency = quality.agency_code(data, arguments.agency) if arguments.agency else ""
    made = files.render(data, agency, kind, arguments.lang)
    try:
        path.write_bytes(made)
    except OSError as error:
        raise InputError(f"--output {path}: {error.strerror}; choose another folder or name") from error
    found = quality.fix_list(data, agency, arguments.lang)
    lines = (
        f"  {number:>5}  {quality.kind_name(one, arguments.lang)}" for one, number in quality.counts(found).items()
    )
    return "\n".join([f"{path}: {len(made):,} bytes, {len(found)} findings", *lines])


JOB = Job("quality", "what is missing or doubtful, by agency, as XLSX or PDF", _options, write)
