"""Floor 7.5: commands on the store: what it is, who is let in, backup and restore."""

from __future__ import annotations

import argparse
import getpass
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geo import store

Options = Callable[[argparse.ArgumentParser], None]


@dataclass(frozen=True)
class Job:
    """A command: its name, what it does, its options and the function that does it."""

    name: str
    text: str
    options: Options
    command: Callable[[argparse.Namespace], str]


def who() -> str:
    """Return how the trail names who types: the account of this machine."""
    try:
        account = getpass.getuser()
    except (KeyError, OSError):  # a container may have no name for its user
        account = f"user {os.getuid()}" if hasattr(os, "getuid") else "unknown"
    return f"command line ({account})"


def _people_options(parser: argparse.ArgumentParser) -> None:
    jobs = parser.add_subparsers(title="commands", metavar="COMMAND", required=True, dest="job")
    listing = jobs.add_parser("list", help="everybody who is let in")
    listing.add_argument("--format", choices=("text", "json"), default="text")
    add = jobs.add_parser("add", help="let a person in, or change their role")
    add.add_argument("person", metavar="EMAIL", help="the address, or without an @ the provider's own name (sub)")
    add.add_argument("--role", default="viewer", metavar="ROLE", help=f"one of {', '.join(store.ROLES)} (viewer)")
    add.add_argument("--agency", default="", metavar="CODE", help="bind an editor to the activities of one agency")
    jobs.add_parser("remove", help="let a person in no more").add_argument("person", metavar="EMAIL")


def people(arguments: argparse.Namespace) -> str:
    """List, add or remove people of the staff."""
    kept = store.shared_store()
    if arguments.job == "add":
        one = kept.add_person(arguments.person, arguments.role, who(), arguments.agency)
        return f"{one.who} is {_role(one.role, one.agency)} from now on."
    if arguments.job == "remove":
        gone = kept.remove_person(arguments.person, who())
        return f"{gone.who} is let in no more."
    rows = [_row(one.who, one.role, one.agency, one.added_by, f"{one.added_at:%Y-%m-%d}") for one in kept.people()]
    rows += [
        _row(name, "admin", "", "STAFF_ADMINS", "") for name in store.first_admins() if not kept.find_people([name])
    ]
    if arguments.format == "json":
        return json.dumps(rows, ensure_ascii=False, indent=2)
    lines = [f"{row['who']}  {_role(row['role'], row['agency'])}, by {row['added_by']}" for row in rows]
    return "\n".join(lines) or "Nobody is let in yet. Let somebody in: python -m geo people add EMAIL --role admin"


def _row(name: str, role: str, agency: str, by: str, on: str) -> dict[str, Any]:
    return {"who": name, "role": role, "agency": agency, "added_by": by, "added_on": on}


def _role(role: str, agency: str) -> str:
    return f"{role} for {agency}" if agency else role


def _backup_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE.zip", help="a new file")


def backup(arguments: argparse.Namespace) -> str:
    """Write the whole store to a file."""
    kept = store.shared_store()
    made = kept.backup(arguments.output)
    said = f"{arguments.output}: {_told(made)}"
    try:
        kept.note_backup(made, who())
    except store.StoreError as error:  # the file is whole all the same: a reader may take one
        said += f"\nThe trail does not say that it was made: {error}"
    return said


def _restore_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE.zip")
    parser.add_argument("--replace", action="store_true", help="also where the store holds writes that the file lacks")


def restore(arguments: argparse.Namespace) -> str:
    """Make the store what it was when a file was written."""
    kept = store.shared_store()
    found = kept.restore(arguments.file, who(), replace=arguments.replace)
    return f"{kept}: restored, {_told(found)}"


def _told(found: store.Backup) -> str:
    counts = ", ".join(f"{found.rows.get(name, 0)} {name}" for name in ("versions", "decisions", "people"))
    return f"{counts}; the last write in it is of {found.last}"


def _report_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("text", "json"), default="text")


def report(arguments: argparse.Namespace) -> str:
    """Tell what the store is, where it lies and what it holds, and what runs beside it."""
    from geo import i18n, library, operations

    found = operations.look(library.current(), store.shared_store())
    if arguments.format == "json":
        return json.dumps(operations.as_json(found), ensure_ascii=False, indent=2)
    lines = [
        f"{name}: {value}" + (f" ({note})" if note else "")
        for name, value, note in operations.facts(found, i18n.SOURCE_LANGUAGE, full=True)
    ]
    return "\n".join([*lines, *operations.warnings(found, i18n.SOURCE_LANGUAGE)])


JOBS = (
    Job(
        "store", "what the store is, where it lies, how large it is and when it was backed up", _report_options, report
    ),
    Job("people", "who of the staff may do what", _people_options, people),
    Job("backup", "the whole store in one file, from SQLite or PostgreSQL", _backup_options, backup),
    Job("restore", "the store as it was in a backup, into SQLite or PostgreSQL", _restore_options, restore),
)
