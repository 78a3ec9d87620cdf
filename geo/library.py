"""Floor 4: the door to the data that a page, a command or the API works on."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path

from geo import cluster, dataset, gazetteer, intake, pack, partitions, store
from geo.dataset import EMBEDDED, Dataset, Places
from geo.intake import Intake
from geo.scope import Finding, ScopeDecision
from geo.store import Decision, Store, Version

PERSON = "person"  # the signal of a decision that a person took
OUTWEIGHS = 100  # its weight, above any sum of the rule's signals
_building = threading.Lock()
_reading = threading.Lock()  # an old version is built beside the present one, which nobody waits for


@cache
def embedded() -> Dataset:
    """Return the activities that are there without any upload, read, checked, placed and decided.

    They are the pack's own, or those of the file or folder that the environment variable ``DATA`` names.

    Raises:
        InputError: when the file cannot be read.
        PackError: when the country pack lacks it.
    """
    path = store.embedded_file()
    return from_file(path) if path.is_dir() else _dated(from_intake(_embedded_file()), path)


def current(kept: Store | None = None) -> Dataset:
    """Return the data that everybody sees: the published version, else the embedded data, as people decided.

    Built anew only after the store was written (``Store.stamp``); ``kept`` is by default this process' own store.

    Raises:
        InputError: when the version's file cannot be read any more.
        StoreError: when the store cannot be read.
    """
    where = kept or store.shared_store()
    with _building:  # of several sessions one builds, the others wait for it
        return _current(where, where.stamp())


def at(name: str, kept: Store | None = None) -> Dataset:
    """Return the data that a link is pinned to (``Dataset.pin``), as people decided; the newest for any other name.

    A version can be named once it was shown to everybody: one that nobody published is no business of the public.

    Raises:
        InputError: when the version's file cannot be read any more.
        StoreError: when the store cannot be read.
    """
    where = kept or store.shared_store()
    stamp = where.stamp()
    version = _shown(where, stamp).get(name) if name else None
    if version is None and name != EMBEDDED:
        return current(kept)
    newest = where.current_version()
    if (version.id if version else 0) == (newest.id if newest else 0):
        return current(kept)
    with _reading:
        return _at(where, stamp, version)


def decided_version(version_id: int, kept: Store | None = None) -> Dataset:
    """Return the data of any version (0: embedded), shown to everybody or not, as people decided; for the staff.

    Raises:
        InputError: when the version's file cannot be read any more.
        StoreError: when the store cannot be read.
        UnknownCodeError: when there is no such version.
    """
    where = kept or store.shared_store()
    with _reading:
        return decided(_of_version(where, version_id) if version_id else embedded(), where.decisions())


def by_rule(kept: Store | None = None) -> Dataset:
    """Return the same activities as ``current`` with the rule's decisions alone.

    Raises:
        InputError: when the version's file cannot be read any more.
        StoreError: when the store cannot be read.
    """
    where = kept or store.shared_store()
    version = where.current_version()
    return _of_version(where, version.id) if version else embedded()


@lru_cache(maxsize=2)
def _current(kept: Store, stamp: str) -> Dataset:
    return decided(by_rule(kept), kept.decisions())


@lru_cache(maxsize=2)
def _shown(kept: Store, stamp: str) -> dict[str, Version]:
    return {str(one.id): one for one in kept.versions() if one.published_at is not None}


@lru_cache(maxsize=4)
def _at(kept: Store, stamp: str, version: Version | None) -> Dataset:
    return decided(_of_version(kept, version.id) if version else embedded(), kept.decisions())


@lru_cache(maxsize=4)
def _of_version(kept: Store, version_id: int) -> Dataset:
    version = _version(kept, version_id)
    return replace(stacked(layers(kept, version_id)), published=version.created.date().isoformat(), version=version_id)


def _version(kept: Store, version_id: int) -> Version:
    return next(one for one in kept.versions() if one.id == version_id)


def layers(kept: Store, number: int | None) -> tuple[Intake, ...]:
    """Return the files that a version is made of, the lowest first; of 0 the embedded one, of None none.

    Raises:
        InputError: when a version's file cannot be read any more.
        StoreError: when the store cannot be read.
    """
    found: list[Intake] = []
    while number:
        one, number = _read(kept, number)
        found.append(one)
    return (*(() if number is None else (_embedded_file(),)), *reversed(found))


@lru_cache(maxsize=8)
def _read(kept: Store, version_id: int) -> tuple[Intake, int | None]:
    version, said = _version(kept, version_id), kept.version_mending(version_id)
    data, kind = kept.version_bytes(version_id), version.kind
    return intake.read(data, version.file_name, kind, said.columns, said.repairs, sheet=said.sheet), said.base


def stacked(files: Sequence[Intake]) -> Dataset:
    """Return the activities of several files; of those with one id the last file's holds.

    Rows and rejected rows add up, without the rows that a later file replaces and their problems.  Of several files of
    one name the later ones are told apart by a number.
    """
    if len(files) == 1:
        return from_intake(files[0])
    names = _apart([one.name for one in files])
    last = {activity.activity_id: at for at, one in enumerate(files) for activity in one.activities}
    activities, came_from, problems, rejected = [], [], [], 0
    for at, (one, name) in enumerate(zip(files, names, strict=True)):
        replaced: set[tuple[str, int]] = set()
        for activity, (file, sheet) in zip(one.activities, one.came_from, strict=True):
            if last[activity.activity_id] == at:
                activities.append(activity)
                came_from.append((name if file == one.name else file, sheet))
            else:
                replaced.add((file, activity.row))
        kept = (problem for problem in one.problems if (problem.file, problem.row) not in replaced)
        problems += [replace(problem, file=name) if problem.file == one.name else problem for problem in kept]
        rejected += one.rejected
    return dataset.build(
        activities,
        digest=hashlib.sha256(" ".join(one.state for one in files).encode()).hexdigest(),
        name=files[-1].name,
        published=pack.settings().data["date"],
        problems=tuple(problems),
        rows_read=len(activities) + rejected,
        came_from=came_from,
    )


def _apart(names: Sequence[str]) -> list[str]:
    """Return names of files with a number behind each that was there before."""
    counts = (names[: at + 1].count(name) for at, name in enumerate(names))
    return [f"{name} ({number})" if number > 1 else name for name, number in zip(names, counts, strict=True)]


def decided(data: Dataset, decisions: Mapping[str, Decision]) -> Dataset:
    """Return a data set with people's decisions for the rule's; those on other activities are passed over."""
    rows = {data.index[key]: decision for key, decision in decisions.items() if key in data.index}
    if not rows:
        return data
    fixed = {row: by_person(decision, data.registered.decisions[row].areas) for row, decision in rows.items()}
    corrected = [fixed.get(row, by_the_rule) for row, by_the_rule in enumerate(data.corrected.decisions)]
    named = {data.activities[row].activity_id: decision for row, decision in fixed.items()}
    # The workers know the rule's decisions alone: what people decided is counted here.
    return replace(
        data, elsewhere=None, corrected=Places.of(corrected), digest=dataset.combined_digest(data.digest, named)
    )


def by_person(decision: Decision, registered: tuple[str, ...]) -> ScopeDecision:
    """Return a person's decision as the data set takes it; ``registered`` are the areas of the map as published."""
    shown = {*decision.areas, *map(gazetteer.province, decision.areas)}
    finding = Finding(
        signal=PERSON,
        words=decision.reason,
        field="review",
        position=0,
        weight=OUTWEIGHS,
        points_to=decision.scope,
        reason=f"{store.public_name(decision.author)} decided this on {decision.created:%Y-%m-%d}.",
        source=f"Review queue, decision {decision.id}",
    )
    return ScopeDecision(
        decision.scope,
        decision.areas,
        tuple(code for code in registered if code not in shown),
        (finding,),
        "high",
        decision.reason,
    )


@cache
def _embedded_file() -> Intake:
    path = store.embedded_file()
    if not path.is_dir():
        return intake.read_file(path)
    found = embedded()
    return Intake(
        found.activities,
        found.problems,
        rows_read=found.rows_read,
        rejected=found.rejected,
        digest=found.digest,
        name=found.name,
        kind="folder",
        encoding="utf-8",
        several=found.came_from,
    )


def from_file(path: Path) -> Dataset:
    """Return the data set of a file of activities, or of a folder that ``python -m geo bulk`` wrote.

    A folder's figures are counted by the scheduler that the environment variable ``DASK_SCHEDULER`` names, if any.

    Raises:
        InputError: when it is missing or cannot be used as a whole.
    """
    if path.is_dir():
        return cluster.counted_at(partitions.open_folder(path), path, os.environ.get(cluster.SCHEDULER, ""))
    return _dated(from_intake(intake.read_file(path)), path)


def _dated(data: Dataset, path: Path) -> Dataset:
    """Return a file's data with the file's own day; the country pack's own file is of the day that the pack says."""
    if path.resolve() == (pack.folder() / pack.settings().data["activities"]).resolve():
        return data
    return replace(data, name=path.name, origin=dataset.FILE, published=partitions.written(path))


def from_intake(found: Intake) -> Dataset:
    """Return the data set of what intake found."""
    return dataset.build(
        found.activities,
        digest=found.state,
        name=found.name,
        published=pack.settings().data["date"],
        problems=found.problems,
        rows_read=found.rows_read,
        came_from=found.came_from,
    )
