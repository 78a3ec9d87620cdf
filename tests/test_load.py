"""The short form of ``make load`` and of its strangers: visitors at once see their own view, anonymous ones no more."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from geo import library
from tests.attack import load, strangers
from tests.conftest import serving

DATA = library.embedded()


def test_visitors_at_once_and_two_in_turn_see_their_own_views(assets: Path, tmp_path: Path) -> None:
    known = load.views(DATA, 30)
    with serving(tmp_path / "log.txt", 0, APP_ROLE="public") as url:
        told = asyncio.run(load.crowd(url, known, 8, 3, 0.1))
        apart = asyncio.run(load.interleaved(url, known, 20))
    assert told.faults == []
    assert (len(told.first), len(told.seconds)) == (8, 24)
    assert (apart.faults, apart.checked) == ([], 40)


def test_an_answer_of_another_view_is_a_fault(assets: Path, tmp_path: Path) -> None:
    query = (("lang", "en"), ("sdg", "6"))
    with serving(tmp_path / "log.txt", 0, APP_ROLE="public") as url:
        told = asyncio.run(load.crowd(url, {query: 99_999}, 1, 1, 0))
    assert len(told.faults) == 2


@pytest.mark.parametrize(("percent", "wanted"), [(50, 2), (95, 4), (100, 4), (1, 1)])
def test_the_share_of_answers(percent: int, wanted: int) -> None:
    assert load.share([4, 1, 3, 2], percent) == wanted


def test_strangers_are_refused_and_break_nothing(assets: Path, tmp_path: Path) -> None:
    found = dict(strangers.attack(tmp_path, 40 * strangers.MIB, 1, 13))
    assert {name: tally.faults for name, tally in found.items()} == {name: [] for name in found}
    assert all(tally.checked for tally in found.values())
