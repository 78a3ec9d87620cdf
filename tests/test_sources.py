"""The register of data files: each has its row, and each row its file, hash, source, licence and date."""

from __future__ import annotations

import importlib
import sys
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

DATA = Path(__file__).resolve().parent.parent / "data"


@pytest.fixture
def sources(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(DATA))
    monkeypatch.delitem(sys.modules, "build_sources", raising=False)
    return importlib.import_module("build_sources")  # a script, found by the line above


@pytest.fixture
def folder(tmp_path: Path, sources: ModuleType) -> Path:
    """A small folder of data with a sound register."""
    (tmp_path / "codes").mkdir()
    (tmp_path / "codes/a.csv").write_text("1", encoding="utf-8")
    (tmp_path / "i18n").mkdir()
    (tmp_path / "i18n/lo.po").write_text("2", encoding="utf-8")
    (tmp_path / "build.py").write_text("3", encoding="utf-8")
    row = {
        "file": "codes/a.csv",
        "sha256": "",
        "source": "s",
        "licence": "l",
        "date": "2019-01-01",
        "note": "n, with comma",
    }
    (tmp_path / "SOURCES.csv").write_text(sources.encode([row]), encoding="utf-8")
    assert sources.main([], tmp_path) == 0
    return tmp_path


def test_every_data_file_is_registered_and_unchanged(sources: ModuleType) -> None:
    assert sources.differences(DATA) == []
    assert (DATA / "SOURCES.csv").read_text(encoding="utf-8") == sources.encode(sources.fresh(DATA, sources.read(DATA)))


def test_rows_are_filled_in_and_dated(sources: ModuleType) -> None:
    rows = sources.read(DATA)
    assert {"boundaries/adm2.geojson", "activities/lao_un_activities.csv", "pack.toml"} <= set(rows)
    for row in rows.values():
        assert date.fromisoformat(row["date"]) <= date(2026, 12, 31)
        assert len(row["sha256"]) == 64
    assert "CC BY 3.0 IGO" in rows["boundaries/adm2.geojson"]["licence"]


def test_a_refresh_keeps_the_other_columns_and_fills_in_our_own(folder: Path, sources: ModuleType) -> None:
    rows = sources.read(folder)
    assert list(rows) == ["codes/a.csv", "i18n/lo.po"]
    assert rows["codes/a.csv"]["note"] == "n, with comma"
    assert rows["i18n/lo.po"]["source"] == "this project"
    assert sources.main(["--check"], folder) == 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("changed", "codes/a.csv: got SHA-256"),
        ("lost", "codes/a.csv: a row and no file"),
        ("new", "codes/b.csv: a file and no row"),
        ("unfilled", "codes/a.csv: no source; expected each"),
    ],
)
def test_a_difference_is_reported_and_nothing_written(
    folder: Path, sources: ModuleType, change: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if change == "changed":
        (folder / "codes/a.csv").write_text("other", encoding="utf-8")
    if change == "lost":
        (folder / "codes/a.csv").unlink()
    if change == "new":
        (folder / "codes/b.csv").write_text("5", encoding="utf-8")
    if change == "unfilled":
        text = (folder / "SOURCES.csv").read_text(encoding="utf-8").replace(",s,", ",,")
        (folder / "SOURCES.csv").write_text(text, encoding="utf-8")
    before = (folder / "SOURCES.csv").read_bytes()
    assert sources.main(["--check"], folder) == 1
    assert message in capsys.readouterr().err
    assert (folder / "SOURCES.csv").read_bytes() == before


def test_a_new_file_wants_its_source(folder: Path, sources: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "codes/b.csv").write_text("5", encoding="utf-8")
    assert sources.main([], folder) == 1
    assert "codes/b.csv: no source, licence, date" in capsys.readouterr().err
    assert "codes/b.csv" in sources.read(folder)
