"""Floor 7.6: the command that writes a selection as data for other tools."""

from __future__ import annotations

import argparse
from pathlib import Path

from geo import filters as view
from geo.cli_studio import Printer, Read
from geo.errors import InputError
from geo.export.formats import FORMATS, render


def _options(parser: argparse.ArgumentParser) -> None:
    kinds = ", ".join(f"{key} ({one.text})" for key, one in FORMATS.items())
    parser.add_argument("--format", choices=tuple(FORMATS), help=f"{kinds}; else by the ending of the file's name")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help="where to write it")


def export(arguments: argparse.Namespace, read: Read) -> str:
    """Write the activities of a selection and return what was written.

    Raises:
        InputError: when the ending names no format, or the file cannot be written.
    """
    path: Path = arguments.output
    key = arguments.format or _by_ending(path)
    dataset, found = read(arguments)
    data = render(dataset, found, key)
    try:
        path.write_bytes(data)
    except OSError as error:
        raise InputError(f"--output {path}: {error.strerror}; choose another folder or name") from error
    count = int(view.apply(dataset, found).sum())
    return f"{path}: {len(data):,} bytes, {count} activities, {FORMATS[key].text}"


def _by_ending(path: Path) -> str:
    """Return the first format whose files end like this one."""
    ending = path.suffix.lstrip(".").lower()
    for key, one in FORMATS.items():
        if one.ending == ending:
            return key
    endings = ", ".join(dict.fromkeys(f".{one.ending}" for one in FORMATS.values()))
    raise InputError(f"--output {path}: expected a name that ends in {endings}, or --format")


EXPORT = Printer("export", "the activities of a selection as a file of data", _options, export)
