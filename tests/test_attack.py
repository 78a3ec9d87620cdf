"""The short form of ``make attack`` without a browser: some hostile strings, and the small bombs, at every door."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from geo.errors import InputError
from geo.readers import recognise, table
from tests.attack import corpus, files, injection
from tests.attack.tally import Tally

TEXTS = corpus.sample(120)
ANSWERS = """
import json
from tests.attack import corpus, injection
tally = injection.api_answers((*corpus.sample(60), 'a\\nb', '\\n'))
print(json.dumps([tally.checked, tally.faults]))
"""


@pytest.fixture(scope="module")
def tallies() -> dict[str, Tally]:
    return dict(injection.run(TEXTS, 4))


def test_every_string_is_shown_as_its_letters_in_every_file_and_nothing_is_run(tallies: dict[str, Tally]) -> None:
    assert {name: tally.faults for name, tally in tallies.items()} == {name: [] for name in tallies}
    assert all(tally.checked for tally in tallies.values())
    assert tallies["intake, titles"].checked > len(TEXTS)


def test_the_api_answers_every_string(tmp_path: Path, root: Path) -> None:
    data = tmp_path / "hostile.csv"
    data.write_bytes(corpus.table(corpus.sample(60)))
    environment = {**os.environ, "DATA": str(data), "LAO_SDG_STORE": str(tmp_path / "none.sqlite3")}
    done = subprocess.run(
        [sys.executable, "-c", ANSWERS], cwd=root, env=environment, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    checked, faults = json.loads(done.stdout)
    assert (faults, checked > 200) == ([], True)


def test_no_small_bomb_takes_more_than_a_file_may(tmp_path: Path) -> None:
    tally, told = files.quick(tmp_path)
    assert tally.faults == [], told
    assert tally.checked > 3 * 20


def test_a_header_wider_than_a_sheet_is_refused() -> None:
    head = ",".join(f"c{number}" for number in range(table.MAX_COLUMNS - 1))
    assert len(recognise.read(f"id,{head}\n1,x\n".encode(), "wide.csv").columns) == table.MAX_COLUMNS
    with pytest.raises(InputError, match=r"wide\.csv has 16,385 columns; expected at most 16,384"):
        recognise.read(f"id,title,{head}\n1,x\n".encode(), "wide.csv")


def test_a_fault_is_counted() -> None:
    tally = Tally()
    tally.see(True, "a", "b")
    tally.see(False, "a", "b", "c")
    assert (tally.checked, tally.faults) == (2, ["a: 'b' became 'c'"])
