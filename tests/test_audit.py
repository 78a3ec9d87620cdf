"""The audit never takes silence for soundness, and the list of what the dashboard is made of is whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.attack import audit, sbom

HASH = "--hash=sha256:" + "0" * 64
WANTED = {"one": "1.0", "two": "2.0"}


def answer(**versions: str) -> dict[str, object]:
    return {"dependencies": [{"name": name, "version": version, "vulns": []} for name, version in versions.items()]}


def test_every_lock_is_pinned_with_hashes(root: Path) -> None:
    counts = [len(audit.locked((root / name).read_text(encoding="utf-8"))) for name in audit.LOCKS]
    assert counts[0] > 50
    assert counts[1] > counts[2] == 2


def test_a_lock_without_pin_or_hash_is_refused() -> None:
    with pytest.raises(ValueError, match="without a hash"):
        audit.locked("one==1.0")
    with pytest.raises(ValueError, match="not pinned"):
        audit.locked(f"one>=1.0 {HASH}")
    assert audit.locked(f"one==1.0 ; sys_platform == 'nowhere' {HASH}\ntwo==2.0 {HASH}") == {"two": "2.0"}


@pytest.mark.parametrize(
    ("report", "sound"),
    [
        ({}, 0),
        ({"dependencies": []}, 0),
        ({"dependencies": [{"name": "one", "skip_reason": "not found"}, {"name": "two", "skip_reason": "x"}]}, 0),
        (answer(one="1.0"), 1),
        (answer(one="1.0", two="1.9"), 1),
    ],
)
def test_fewer_audited_than_locked_fails(report: dict[str, object], sound: int) -> None:
    faults, answered = audit.judge(WANTED, report)
    assert answered == sound
    assert len(faults) == 1
    assert "NOT audited" in faults[0]


def test_all_audited_and_a_known_fault() -> None:
    assert audit.judge(WANTED, answer(One="1.0", two="2.0")) == ([], 2)
    bad = answer(one="1.0", two="2.0")
    bad["dependencies"][1]["vulns"] = [{"id": "X-1", "fix_versions": ["2.1"]}]  # type: ignore[index]
    assert audit.judge(WANTED, bad) == (["two 2.0: X-1, mended in 2.1"], 2)


def test_the_list_of_parts_has_every_locked_package(root: Path) -> None:
    locks = [(root / name).read_text(encoding="utf-8") for name in sbom.LOCKS]
    bom = sbom.make(locks)
    wanted = set().union(*map(sbom.pins, locks))
    assert {name for name, _version in wanted} >= {"streamlit", "pandas", "django-leaflet"}
    assert sbom.missing(wanted, bom) == []
    assert bom["metadata"]["component"]["name"] == "lao-sdg-map"
    # What it lacks, has in another version or without a hash is told.
    first = bom["components"][0]
    name = f"{first['name']} {first['version']}"
    for changed in ([], [{**first, "version": "0"}], [{**first, "externalReferences": []}]):
        assert sbom.missing(wanted, {"components": [*changed, *bom["components"][1:]]}) == [name]
