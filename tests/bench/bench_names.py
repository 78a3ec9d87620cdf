"""A million places with 20,000 spellings into P-codes, beside a merge on an exact column and a fuzzy search.

``make bench``, or ``python -m pytest -s -o python_files='bench_*.py' tests/bench/bench_names.py``.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import pandas as pd
import pyarrow as pa
import pytest
from rapidfuzz import fuzz, process

from geo import fold, gazetteer
from geo.place_names import tables
from tests.bench import bench_gazetteer, report

ROWS, SPELLINGS, SAMPLE = 1_000_000, 20_000, 1_000
OURS, MERGE, FUZZY = "each spelling once (ours)", "pandas merge, exact only", "rapidfuzz extractOne, guesses"
ENDS = ("", "", "", " ", ".", " province", " Province", " District", "  district", " district.")


def exact(seed: int) -> list[str]:
    """Return spellings of names that the tables have, in other letters, with other gaps and words for their level."""
    dice = random.Random(seed)
    areas = [gazetteer.names(code) for code in (*gazetteer.all_areas("adm1"), *gazetteer.all_areas("adm2"))]
    names = [name for area in areas for name in (area.name_en, area.name_lo, area.pcode) if name]
    found: dict[str, None] = dict.fromkeys(names)
    while len(found) < SPELLINGS:
        name = "".join(dice.choice((one.upper(), one.lower())) for one in dice.choice(names))
        found[name.replace(" ", dice.choice((" ", "  ", "-"))) + dice.choice(ENDS)] = None
    return list(found)


def misspelt(seed: int) -> list[str]:
    """Return addresses, lists, misspellings and nonsense."""
    source = bench_gazetteer.places(seed)
    found: dict[str, None] = {}
    while len(found) < SPELLINGS:
        found[next(source)] = None
    return list(found)


def column(spellings: list[str], seed: int) -> list[str]:
    """Return a million cells that have each spelling at least once; each is a text of its own, as a reader gives it."""
    dice = random.Random(seed)
    cells = spellings + dice.choices(spellings, k=ROWS - len(spellings))
    dice.shuffle(cells)
    found: list[str] = pa.array(cells).to_pylist()
    return found


def by_spelling(cells: list[str]) -> list[gazetteer.Match]:
    """Return what each cell means, with nothing known from before."""
    gazetteer.match.cache_clear()
    fold._fold_short.cache_clear()
    found = gazetteer.match_each(cells)
    return [found[text] for text in cells]


@pytest.mark.timeout(900)
def test_names_to_codes_beside_a_merge_and_a_fuzzy_search() -> None:
    spellings = exact(1)
    cells = column(spellings, 2)
    other = column(misspelt(3), 4)
    keys = list(tables().index)
    known = pd.DataFrame(
        [
            (text, code)
            for code, area in tables().areas.items()
            for text in {area.name_en, area.name_lo, code}
            if area.parent and text
        ],
        columns=["place", "code"],
    ).drop_duplicates("place", keep=False)
    frame = pd.DataFrame({"place": cells})
    ways: dict[str, Callable[[], object]] = {
        OURS: lambda: by_spelling(cells),
        "misspelt": lambda: by_spelling(other),
        MERGE: lambda: frame.merge(known, on="place", how="left"),
        FUZZY: lambda: [process.extractOne(fold.squeeze(text), keys, scorer=fuzz.ratio) for text in cells[:SAMPLE]],
    }
    took = report.medians(ways)
    what = "names to P-codes, 20,000 spellings"
    rows = [
        report.Row(what, ROWS, OURS, took[OURS][0], "1 s"),
        report.Row(what, ROWS, MERGE, took[MERGE][0]),
        report.Row(what, SAMPLE, FUZZY, took[FUZZY][0]),
        report.Row("places misspelt, in lists or no places, 20,000 spellings", ROWS, OURS, took["misspelt"][0]),
    ]
    print("\n" + "\n".join(f"{row.what}, {row.size:,}, {row.way}: {report.told(row.value)}" for row in rows))
    report.add("Names to P-codes", rows)
    for texts in (cells, other):
        alone = {text: gazetteer.match.__wrapped__(text) for text in set(texts)}
        assert len(alone) == SPELLINGS
        assert by_spelling(texts) == [alone[text] for text in texts]
    # Every spelling was read, and what a merge finds is found: a bare name that both levels bear means the province.
    found = dict(zip(cells, by_spelling(cells), strict=True))
    assert {one.kind for one in found.values()} <= {"areas", "ambiguous"}
    merged = frame.merge(known, on="place", how="left").dropna().drop_duplicates()
    for text, code in merged.itertuples(index=False):
        codes = (*found[text].areas, *found[text].candidates)
        assert gazetteer.province(code) in map(gazetteer.province, codes), text
    print(f"a merge finds {len(merged):,} of {SPELLINGS:,} spellings, we all")
