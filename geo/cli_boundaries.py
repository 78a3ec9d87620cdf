"""Floor 7.5: the command on boundaries: check a file, keep it as a version, draw it from the next start on, go back."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from geo import boundary_file, boundary_report, own_boundaries, store
from geo.cli_store import Job, who
from geo.errors import InputError


def _options(parser: argparse.ArgumentParser) -> None:
    kinds = "GeoJSON, GeoPackage, GeoParquet or zipped shapefile of provinces or districts (none: list the versions)"
    parser.add_argument("file", type=Path, nargs="?", metavar="FILE", help=kinds)
    parser.add_argument("--install", action="store_true", help="keep the file and draw it from the next start on")
    parser.add_argument("--credit", default="", metavar="TEXT", help="whom every map names for it, with its licence")
    parser.add_argument("--note", default="", metavar="TEXT", help="a word on the version")
    parser.add_argument("--use", default="", metavar="N", help="draw a version that was kept, or 'embedded'")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def boundaries(arguments: argparse.Namespace) -> str:
    """Check, install or list boundary files.

    Raises:
        InputError: when options do not go together.
    """
    if arguments.use:
        return _use(arguments)
    if arguments.file is None:
        return _listing(arguments.format)
    if arguments.install and not arguments.credit.strip():
        raise InputError("--install: expected --credit TEXT too, such as 'OCHA, COD-AB 2025, CC BY 3.0 IGO'")
    found = boundary_file.read_user_file(arguments.file)
    report = boundary_report.build(found)
    said = {"file": arguments.file.name, "level": found.level, "units": len(found.rows), "kind": found.kind}
    said["stands"] = report.stands
    lines = list(report.lines)
    if arguments.install:
        data = arguments.file.read_bytes()
        kept = own_boundaries.keep(found, data, arguments.file.name, who(), arguments.credit, arguments.note)
        store.shared_store().boundaries.publish(kept.id, who())
        said["version"] = kept.id
        lines.append(f"Kept as boundaries {kept.id}; drawn from the next start of each process on.")
    if arguments.format == "json":
        return _json({**said, "matched_by": found.matched_by, "report": lines, "shares": report.shares})
    return "\n".join([f"{arguments.file.name}: {report.verdict}", *(f"  {line}" for line in lines)])


def _use(arguments: argparse.Namespace) -> str:
    if arguments.file is not None or arguments.install:
        raise InputError("--use N: expected no FILE and no --install beside it")
    text = arguments.use
    if text != "embedded" and not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise InputError(f"--use {text}: expected the number of a version, or 'embedded'")
    shown = store.shared_store().boundaries.publish(None if text == "embedded" else int(text), who())
    name = f"Boundaries {shown.id} ({shown.file_name})" if shown else "The embedded boundaries"
    return f"{name} are drawn from the next start of each process on."


def _listing(form: str) -> str:
    rows: list[dict[str, Any]] = [
        {
            "version": one.id,
            "created": f"{one.created:%Y-%m-%d}",
            "author": one.author,
            "file": one.file_name,
            "kind": one.kind,
            "credit": one.credit,
            "published": one.published,
        }
        for one in store.shared_store().boundaries.listed()
    ]
    if form == "json":
        return _json(rows)
    lines = [
        f"{row['version']}  {row['created']}  {row['file']} ({row['kind']}), {row['credit']}, by {row['author']}"
        + ("  [drawn]" if row["published"] else "")
        for row in rows
    ]
    embedded = "embedded" + ("" if any(row["published"] for row in rows) else "  [drawn]")
    return "\n".join([*lines, embedded])


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


JOBS = (Job("boundaries", "check a file of boundaries, or draw it instead of the embedded ones", _options, boundaries),)
