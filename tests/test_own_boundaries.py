"""Own boundaries as versions: checked, kept, drawn from the next start on, and the way back to the embedded ones."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import shapely.affinity
from sqlalchemy import text

from geo import boundaries, library, mapspec, own_boundaries, polygons
from geo.boundaries import Source
from geo.cli import main
from geo.errors import BoundaryError, UnknownCodeError
from geo.filters import Filters
from geo.store import DecisionError, Store, StoreError, open_store
from tests import support_store

CREDIT = "A survey of ours, 2026, CC BY 4.0"
SHIFT = 0.001  # degrees: about 100 m, so that the file is seen to be another


def moved(by: float = SHIFT) -> bytes:
    """Return the embedded districts, a little to the east."""
    own = boundaries.load().adm2
    features = [
        {
            "type": "Feature",
            "properties": {"ADM2_PCODE": code},
            "geometry": json.loads(shapely.to_geojson(shapely.affinity.translate(shape, by))),
        }
        for code, shape in own.geometry.items()
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.sqlite3'}"
    if support_store.binaries() is None:
        pytest.skip("no PostgreSQL server on this machine")
    return support_store.new_database()


@pytest.fixture
def kept(address: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store that this process takes for its own; afterwards the embedded boundaries are back."""
    monkeypatch.setenv("DATABASE_URL", address)
    one = open_store(address)
    yield one
    one.close()
    boundaries.use(None)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "districts.geojson"
    path.write_bytes(moved())
    return path


def run(*arguments: str) -> int:
    return main(["boundaries", *arguments])


def test_a_file_is_checked_and_nothing_is_kept(kept: Store, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(str(file)) == 0
    told = capsys.readouterr().out
    assert told.startswith("districts.geojson: This file can stand for the country.")
    assert "148 districts, recognised by the column ADM2_PCODE" in told
    assert kept.boundaries.listed() == ()
    assert run(str(file), "--format", "json") == 0
    got = json.loads(capsys.readouterr().out)
    assert (got["level"], got["units"], got["stands"], len(got["shares"])) == ("adm2", 148, True, 148)


def test_an_installed_file_is_drawn_credited_and_can_go_back(
    kept: Store, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = boundaries.load()
    west = float(before.adm1.total_bounds[0])
    assert run(str(file), "--install") == 2
    assert "expected --credit" in capsys.readouterr().err
    assert run(str(file), "--install", "--credit", CREDIT, "--note", "first") == 0
    version = kept.boundaries.current()
    assert version is not None
    assert (version.file_name, version.kind, version.credit, version.note) == (file.name, "GeoJSON", CREDIT, "first")
    assert version.size == file.stat().st_size
    assert boundaries.load() is before, "this process began with the old ones"

    assert own_boundaries.install(kept) == version
    now = boundaries.load()
    assert now.digest == version.districts != before.digest
    assert float(now.adm1.total_bounds[0]) == pytest.approx(west + SHIFT, abs=1e-6)
    assert list(now.adm2["name_lo"]) == list(before.adm2["name_lo"])
    spec = mapspec.build(library.embedded(), Filters())
    assert spec.attribution == CREDIT
    assert boundaries.label_points("adm1")["LA01"][0] > west

    assert run("--use", "embedded") == 0
    assert own_boundaries.install(kept) is None
    assert boundaries.load().digest == before.digest
    assert boundaries.credit() != CREDIT
    assert run("--use", str(version.id)) == 0
    assert kept.boundaries.current() is not None
    capsys.readouterr()
    assert run() == 0
    assert f"{version.id}  " in capsys.readouterr().out.splitlines()[0]
    assert [entry.action for entry in kept.audit()] == ["publish boundaries"] * 3 + ["add boundaries"]


def test_of_two_versions_one_is_drawn(kept: Store) -> None:
    one, two = (
        kept.boundaries.add(b"a", body, name="x", kind="GeoJSON", author="Ann", credit=CREDIT) for body in (b"1", b"2")
    )
    kept.boundaries.publish(one.id, "Ann")
    kept.boundaries.publish(two.id, "Ann")
    assert [(each.id, each.published) for each in kept.boundaries.listed()] == [(two.id, True), (one.id, False)]
    assert kept.boundaries.districts(one.id) == b"1"
    with pytest.raises(UnknownCodeError, match="Got boundaries 99"):
        kept.boundaries.publish(99, "Ann")
    with pytest.raises(UnknownCodeError, match="Got boundaries 99"):
        kept.boundaries.districts(99)
    with pytest.raises(DecisionError, match="credit"):
        kept.boundaries.add(b"a", b"1", name="x", kind="GeoJSON", author="Ann", credit=" ")


def test_damaged_districts_are_not_drawn(kept: Store) -> None:
    one = kept.boundaries.add(b"a", moved(), name="x", kind="GeoJSON", author="Ann", credit=CREDIT)
    kept.boundaries.publish(one.id, "Ann")
    with kept._database.write() as connection:
        connection.execute(text("UPDATE contents SET packed = :b WHERE sha256 = :s"), {"b": b"x", "s": one.districts})
    with pytest.raises(StoreError, match="damaged"):
        own_boundaries.install(kept)


def test_what_cannot_stand_for_the_country_leaves_the_old_ones(file: Path) -> None:
    before = boundaries.load()
    with pytest.raises(BoundaryError, match="lacks pcode"):
        boundaries.use(Source(file.read_bytes(), "bad", CREDIT))
    assert boundaries.load() is before


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["--use", "next"], "expected the number of a version"),
        (["--use", "7"], "Got boundaries 7"),
        (["x.geojson", "--use", "1"], "expected no FILE"),
        (["nowhere.geojson"], "cannot be read"),
    ],
)
def test_wrong_words_are_told(kept: Store, arguments: list[str], part: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*arguments) == 2
    assert part in capsys.readouterr().err


def test_provinces_alone_are_checked_and_not_installed(
    kept: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = boundaries.load().adm1
    path = tmp_path / "provinces.geojson"
    path.write_bytes(polygons.encode(list(own.index), list(own.geometry), 6))
    assert run(str(path)) == 0
    told = capsys.readouterr().out
    assert told.startswith("provinces.geojson: This file cannot stand for the country yet: its 18 provinces are sound")
    assert "the 148 districts are missing" in told.splitlines()[0]
    assert "can stand" not in told
    assert run(str(path), "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["stands"] is False
    assert run(str(path), "--install", "--credit", CREDIT) == 2
    assert "expected 148 districts" in capsys.readouterr().err
    assert kept.boundaries.listed() == ()


def test_another_process_draws_what_was_installed(file: Path, tmp_path: Path, root: Path) -> None:
    place = {**os.environ, "LAO_SDG_STORE": str(tmp_path / "other.sqlite3")}

    def geo(*arguments: str) -> bytes:
        command = [sys.executable, "-m", "geo", *arguments]
        return subprocess.run(command, cwd=root, env=place, check=True, capture_output=True).stdout

    geo("boundaries", str(file), "--install", "--credit", CREDIT)
    geo("snapshot", "-o", str(tmp_path / "map.svg"))
    assert CREDIT.split(",")[0] in (tmp_path / "map.svg").read_text(encoding="utf-8")
