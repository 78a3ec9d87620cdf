"""Floor 8: the same jobs without a browser.  ``python -m geo --help`` lists them."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, NoReturn

from geo import (
    cli_boundaries,
    cli_bulk,
    cli_export,
    cli_quality,
    cli_store,
    cli_studio,
    cli_upload,
    i18n,
    library,
    own_boundaries,
    pack,
    tables,
)
from geo import filters as view
from geo.dataset import Dataset
from geo.errors import GeoError, InputError
from geo.filter_help import FILTER_HELP
from geo.filters import Filters

Command = Callable[[argparse.Namespace], str]
BAD_ARGUMENTS = 2


class Parser(argparse.ArgumentParser):
    """A parser that says what is wrong in one line and exits with 2."""

    def error(self, message: str) -> NoReturn:
        """Print one clear line and leave."""
        self.exit(BAD_ARGUMENTS, f"{self.prog}: {message}. Try '{self.prog} --help'.\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code (0 done, 2 bad arguments or input)."""
    arguments = _parser().parse_args(argv)
    command: Command = arguments.command
    try:
        text = command(arguments)
    except GeoError as error:
        print(f"geo: {error}", file=sys.stderr)
        return BAD_ARGUMENTS
    if text:
        try:
            print(text)
        except BrokenPipeError:  # the reader, such as head, has left
            sys.stderr.close()
    return 0


def _parser() -> Parser:
    parser = Parser(
        prog="python -m geo", description=f"{pack.title(i18n.SOURCE_LANGUAGE)}: the same jobs without a browser."
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add(commands, "summary", summary, "figures of a selection, by area, goal, agency, donor or year", _summary_options)
    _add(commands, "activities", activities, "the activities of a selection as CSV or JSON", _list_options)
    for printer in (cli_export.EXPORT, *cli_studio.PRINTERS):
        _add(commands, printer.name, _print_command(printer), printer.text, _print_options(printer))
    _add(commands, "jobs", jobs, "print what a file of jobs asks for", _jobs_options)
    _add(commands, "explain", explain, "why an activity stands where it stands", _explain_options)
    _add(commands, "match", match, "what each place name of a file became", _match_options)
    _add(commands, "check", check, "the problems of a file of activities, by row and column", _check_options)
    _add(commands, "template", template, "write the spreadsheet that agencies fill in", _template_options)
    _add(
        commands,
        "bulk",
        cli_bulk.command,
        "read many files on all cores, or on a cluster, into one folder",
        cli_bulk.options,
    )
    _add(commands, "scope", scope, "judge the scope rule against cases whose truth is known", _scope_options)
    for job in (cli_quality.JOB, cli_upload.JOB, *cli_store.JOBS, *cli_boundaries.JOBS):
        _add(commands, job.name, job.command, job.text, job.options)
    return parser


def _add(commands: Any, name: str, command: Command, text: str, options: Callable[[Parser], None]) -> None:
    parser = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
    parser.set_defaults(command=command)
    options(parser)


def _data_option(parser: Parser) -> None:
    parser.add_argument(
        "--data",
        type=Path,
        metavar="PATH",
        help="activities to read instead of the embedded ones: a file, or a folder of bulk",
    )


def _filter_options(parser: Parser) -> None:
    _data_option(parser)
    group = parser.add_argument_group("filters (within one any value fits; between them all must)")
    group.add_argument("--link", metavar="URL", help="take the view of a link copied from the dashboard")
    for name, (metavar, text) in FILTER_HELP.items():
        group.add_argument(f"--{name}", action="append", default=[], metavar=metavar, help=text)


def _summary_options(parser: Parser) -> None:
    _filter_options(parser)
    parser.add_argument("--by", choices=tables.BREAKDOWNS, default="province", help="what to break figures down by")
    parser.add_argument("--format", choices=("text", "json", "csv"), default="text")


def _list_options(parser: Parser) -> None:
    _filter_options(parser)
    parser.add_argument("--format", choices=("csv", "json"), default="csv")


def _print_options(printer: cli_studio.Printer) -> Callable[[Parser], None]:
    def add(parser: Parser) -> None:
        _filter_options(parser)
        printer.options(parser)

    return add


def _print_command(printer: cli_studio.Printer) -> Command:
    def read(arguments: argparse.Namespace) -> tuple[Dataset, Filters]:
        dataset = _dataset(arguments)
        return dataset, _filters(arguments, dataset)

    return lambda arguments: printer.command(arguments, read)


def _jobs_options(parser: Parser) -> None:
    parser.add_argument("file", type=Path, help="TOML: a [[job]] with command, output and options for each")


def jobs(arguments: argparse.Namespace) -> str:
    """Run the jobs of a file."""
    return cli_studio.jobs(arguments.file, main)


def _explain_options(parser: Parser) -> None:
    _data_option(parser)
    parser.add_argument("activity_id")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def _match_options(parser: Parser) -> None:
    parser.add_argument("file", type=Path, help="one place a line, or a CSV with locations; - for standard input")


def _check_options(parser: Parser) -> None:
    parser.add_argument("file", type=Path)
    parser.add_argument("--format", choices=("text", "json"), default="text")


def _template_options(parser: Parser) -> None:
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help=".xlsx or .csv")


def _scope_options(parser: Parser) -> None:
    truth = "CSV of activity_id and true_scope; a report takes more than one (default: those embedded)"
    parser.add_argument("--truth", type=Path, metavar="FILE", action="append", default=[], help=truth)
    parser.add_argument("--activities", type=Path, metavar="FILE", help="activities to judge (default: embedded)")
    parser.add_argument(
        "--ignore-published-scope", action="store_true", help="leave out what the publisher says of scope"
    )
    report = "write the rule's report as HTML and PDF (to this folder, else here)"
    parser.add_argument("--report", type=Path, metavar="FOLDER", nargs="?", const=Path(), help=report)
    parser.add_argument("--format", choices=("text", "json"), default="text")


def _dataset(arguments: argparse.Namespace) -> Dataset:
    """Return the data of a file, of the version that an option or the link names, or the newest.

    The boundaries are those that the store publishes.
    """
    own_boundaries.install()
    if arguments.data:
        return library.from_file(arguments.data)
    link = getattr(arguments, "link", None)
    named = getattr(arguments, "version", None) or (view.parse_link(link).get("version") if link else None)
    return library.at(named[-1] if named else "")


def _filters(arguments: argparse.Namespace, dataset: Dataset) -> Filters:
    """Return the filters of the arguments over those of the link.

    Raises:
        InputError: when one of them is not understood; on a command line a wrong filter is an error, not a notice.
    """
    query = dict(view.parse_link(arguments.link)) if arguments.link else {}
    query.update({name: getattr(arguments, name) for name in FILTER_HELP if getattr(arguments, name)})
    known = {item.name for item in fields(Filters)}
    found, problems = view.from_query({name: query[name] for name in query if name in known}, dataset)
    if problems:
        first = problems[0]
        raise InputError(f"--{first.column} {first.value}: expected {first.expected}")
    return found


def summary(arguments: argparse.Namespace) -> str:
    """Return the figures of a selection."""
    dataset = _dataset(arguments)
    table = tables.table(dataset, _filters(arguments, dataset), arguments.by)
    if arguments.format == "json":
        return _json(table.as_json())
    return table.as_csv().rstrip("\n") if arguments.format == "csv" else table.as_text()


def activities(arguments: argparse.Namespace) -> str:
    """Return the activities of a selection."""
    from geo.export import csvfile

    dataset = _dataset(arguments)
    found = _filters(arguments, dataset)
    if arguments.format == "csv":
        return csvfile.activities(dataset, found).decode("utf-8-sig").rstrip("\r\n")
    return _json([tables.activity(dataset, int(row)) for row in view.apply(dataset, found).nonzero()[0]])


def explain(arguments: argparse.Namespace) -> str:
    """Return why an activity stands where it stands."""
    dataset = _dataset(arguments)
    row = tables.find(dataset, arguments.activity_id)
    return _json(tables.activity(dataset, row)) if arguments.format == "json" else tables.explanation(dataset, row)


def match(arguments: argparse.Namespace) -> str:
    """Return what each place of a file became."""
    from geo import placelist

    return "\n".join(placelist.lines(_bytes(arguments.file), str(arguments.file)))


def check(arguments: argparse.Namespace) -> str:
    """Return the problems of a file of activities."""
    from geo import intake

    piped = str(arguments.file) == "-"
    found = intake.read(_bytes(arguments.file), "-") if piped else intake.read_file(arguments.file)
    if arguments.format == "json":
        return _json(tables.intake(found))
    what = ", ".join(filter(None, (found.kind, found.encoding, found.sheet)))
    head = f"{found.rows_read} rows read = {len(found.activities)} accepted + {found.rejected} rejected ({what})"
    return "\n".join([head, *map(str, found.problems)])


def template(arguments: argparse.Namespace) -> str:
    """Write the template."""
    from geo.export import template as made

    path: Path = arguments.output
    try:
        path.write_bytes(made.render(path.suffix))
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}. Check the path.") from error
    return str(path)


def scope(arguments: argparse.Namespace) -> str:
    """Judge the scope rule on known cases, or write its report."""
    from geo import scope_eval, scope_report, scope_report_files

    rows = (library.from_file(arguments.activities) if arguments.activities else library.embedded()).activities
    if arguments.report:
        known = arguments.truth or sorted(pack.folder().glob("truth/*.csv"))
        truths = [scope_eval.read_truth(path) for path in known]
        page, paper = scope_report_files.write(arguments.report, scope_report.build(rows, truths))
        return f"{page}\n{paper}"
    if len(arguments.truth) != 1:
        raise InputError("--truth FILE: expected one file of cases whose truth is known, or --report FOLDER")
    found = scope_eval.run(arguments.truth[0], rows, not arguments.ignore_published_scope)
    return _json(found) if arguments.format == "json" else _score(found)


def _score(found: dict[str, Any]) -> str:
    """Return the rule's score in words."""
    lines = [f"{found['correct']} of {found['n']} right ({found['accuracy']:.1%})"]
    lines += [
        f"  {wrong['activity_id']}: expected {wrong['expected']}, got {wrong['got']} ({wrong['confidence']} confidence)"
        for wrong in found["wrong"]
    ]
    return "\n".join(lines)


def _bytes(path: Path) -> bytes:
    if str(path) == "-":
        return sys.stdin.buffer.read()
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be opened: {error.strerror}. Check the path.") from error


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
