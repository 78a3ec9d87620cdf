"""Floor 5: what those who run the dashboard see of it, in words: the store, the process and the data that is shown."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from prometheus_client import PROCESS_COLLECTOR

from geo import i18n
from geo.dataset import Dataset
from geo.store import Store, StoreReport

PROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"
LOW = 500_000_000  # bytes free on the disk below which somebody should make room
Fact = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Operations:
    """The store, the program and the process at one moment; ``memory`` in bytes, None where the system hides it."""

    store: StoreReport
    program: str
    memory: int | None
    digest: str


def look(data: Dataset, kept: Store) -> Operations:
    """Look at everything once; ``data`` is what everybody sees.

    Raises:
        StoreError: when the store cannot be read.
    """
    return Operations(kept.report(), program(), memory(), data.digest)


@cache
def program() -> str:
    """Return the version of this program."""
    return str(tomllib.loads(PROJECT.read_text("utf-8"))["project"]["version"])


def memory() -> int | None:
    """Return the bytes of memory that this process holds, the same figure as in ``/metrics``."""
    samples = (sample for metric in PROCESS_COLLECTOR.collect() for sample in metric.samples)
    return next((int(one.value) for one in samples if one.name == "process_resident_memory_bytes"), None)


def as_json(found: Operations) -> dict[str, Any]:
    """Return everything as plain values."""
    held = found.store
    moment = held.backed_up.isoformat() if held.backed_up else None
    own = {"program": found.program, "memory": found.memory, "data_digest": found.digest}
    return {"store": {**asdict(held), "rows": dict(held.rows), "backed_up": moment}, **own}


def facts(found: Operations, language: str, *, full: bool) -> list[Fact]:
    """Return each fact that is known as its name, its figure and a note; only with ``full`` the place of the store.

    A path names a person or a machine: it is for those who run it.
    """
    parts = (_storage(found.store, language, full), _holdings(found.store, language), _process(found, language))
    return [fact for part in parts for fact in part if fact[1]]


def warnings(found: Operations, language: str) -> list[str]:
    """Return what somebody should do something about."""
    _ = i18n.translator(language)
    free = found.store.free
    if free is None or free >= LOW:
        return []
    said = _("Only {size} are free on the disk of the store. Make room: when it is full nothing more can be kept.")
    return [said.format(size=i18n.size(free, language))]


def _storage(held: StoreReport, language: str, full: bool) -> list[Fact]:
    _ = i18n.translator(language)
    size = i18n.size(held.size, language) if held.size is not None else ""
    shape = _("shape {number}").format(number=held.shape) if held.shape else _("nobody has written it yet")
    free = i18n.size(held.free, language) if held.free is not None else ""
    return [
        (_("Store"), f"{held.kind} {held.server}".strip(), f"{held.place if full else held.name}, {shape}"),
        (_("Size"), size, ""),
        (_("Free on its disk"), free, ""),
        _backup(held, language),
    ]


def _backup(held: StoreReport, language: str) -> Fact:
    _ = i18n.translator(language)
    since = i18n.plural(language)("{count} write since", "{count} writes since", held.since)
    since = since.format(count=i18n.number(held.since, language))
    if held.backed_up is None:
        return _("Last backup"), _("none is known"), since if held.since else ""
    moment = f"{i18n.date(held.backed_up.date(), language)}, {held.backed_up:%H:%M} UTC"
    return _("Last backup"), moment, f"{held.backed_up_by}; {since}"


def _holdings(held: StoreReport, language: str) -> list[Fact]:
    _ = i18n.translator(language)

    def count(name: str) -> str:
        return i18n.number(held.rows[name], language)

    packed, unpacked = i18n.size(held.packed, language), i18n.size(held.unpacked, language)
    in_force = _("{count} in force").format(count=count("in_force"))
    kept = _("{packed} compressed, {size} as they came").format(packed=packed, size=unpacked)
    return [
        (_("Versions"), count("versions"), ""),
        (_("Boundaries of one's own"), count("boundary_versions"), ""),
        (_("Files kept"), i18n.number(held.files, language), kept if held.files else ""),
        (_("Decisions"), count("decisions"), in_force if held.rows["decisions"] else ""),
        (_("Corrections in files"), count("corrections"), ""),
        (_("People let in"), count("people"), ""),
        (_("Entries of the audit trail"), count("audit"), ""),
    ]


def _process(found: Operations, language: str) -> list[Fact]:
    _ = i18n.translator(language)
    memory = i18n.size(found.memory, language) if found.memory is not None else ""
    return [
        (_("Program"), found.program, ""),
        (_("Memory of this process"), memory, ""),
        (_("Data shown"), found.digest[:8], _("digest")),
    ]
