"""The review page without a browser: who may, what is said, and that a preview tells the truth."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from geo import gazetteer, library, store, words
from geo.access import Member
from geo.dataset import Dataset, Places
from geo.errors import GeoError
from geo.filters import Filters
from geo.store import Decision
from pages._ui import access, review, state
from tests.support_data import AREAS

DATA = library.embedded()


def page() -> None:
    """Draw the page as app.py does."""
    import runpy

    from pages._ui import cache, state

    state.load(cache.dataset())
    runpy.run_path("pages/review.py")


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root: Path) -> AppTest:
    """The page on a store of its own."""
    monkeypatch.chdir(root)
    monkeypatch.setenv("LAO_SDG_STORE", str(tmp_path / "s.sqlite3"))
    return AppTest.from_function(page, default_timeout=60)


def certain(data: Dataset) -> Dataset:
    """Return the data with no decision of low confidence."""
    sure = [replace(found, confidence="high") for found in data.corrected.decisions]
    return replace(data, corrected=Places.of(sure))


def test_an_empty_queue_says_so(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    sure = certain(DATA)
    monkeypatch.setattr(library, "by_rule", lambda kept=None: sure)
    app.run()
    assert not app.exception
    assert [re.sub(r"\\", "", found.value) for found in app.success] == ["Nothing waits for review."]
    assert not [button for button in app.button if button.label == "Decide"]


def test_the_public_process_shows_nothing_and_keeps_nothing(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    app.run()
    reason = next(area for area in app.text_area)
    reason.set_value("a reason")
    app.text_input(key=access.NAME_KEY).set_value("Eve")
    press = next(button for button in app.button if button.label == "Decide")
    # The page was open when the process became public: the press itself must be refused, not the page alone.
    monkeypatch.setenv("APP_ROLE", "public")
    press.click().run()
    assert not app.exception
    assert [re.sub(r"\\", "", found.value) for found in app.error] == [
        "This page is for staff. Open it at the address of the staff process."
    ]
    assert not app.button
    assert store.shared_store().stamp() == store.EMPTY


@pytest.mark.parametrize("level", ["low", "medium", "high"])
def test_each_level_counts_its_cases(app: AppTest, level: str) -> None:
    app.session_state[review.LEVELS] = level
    app.run()
    assert not app.exception
    wanted = sum(found.confidence in review.DOUBTS[level] for found in DATA.corrected.decisions)
    assert len(app.selectbox(key=review.CASE).options) == wanted


def test_every_waiting_case_can_be_drawn(app: AppTest) -> None:
    app.run()
    for _ in range(3):
        before = app.selectbox(key=review.CASE).value
        app.button(key="next_case").click().run()
        assert not app.exception
        assert app.selectbox(key=review.CASE).value != before


def test_the_name_and_the_role_are_asked_for_at_every_write(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "current", Filters)
    monkeypatch.setattr(access, "editor", lambda: "")
    with pytest.raises(access.AccessError, match="Write your name first"):
        access.require_editor()
    monkeypatch.setattr(access, "editor", lambda: "Ann")
    assert access.require_editor() == "Ann"
    for role in ("public", "PUBLIC", "anything"):
        monkeypatch.setenv("APP_ROLE", role)
        with pytest.raises(GeoError, match="for staff"):
            access.require_editor()


def test_an_editor_of_an_agency_decides_its_cases_alone(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    app.run()
    here = DATA.activities[DATA.index[str(app.selectbox(key=review.CASE).value)]]
    app.text_input(key=access.NAME_KEY).set_value("Ann").run()
    next(area for area in app.text_area).set_value("a reason")
    press = next(button for button in app.button if button.label == "Decide")
    # Bound to another agency while the page stood open: the press is refused, and then the button is gone.
    monkeypatch.setattr(access, "LOCAL", Member("editor", "no agency of this case"))
    press.click().run()
    assert not app.exception
    assert store.shared_store().stamp() == store.EMPTY
    assert app.error
    assert not [button for button in app.button if button.label == "Decide"]
    monkeypatch.setattr(access, "LOCAL", Member("editor", here.agencies[0]))
    app.run()
    next(area for area in app.text_area).set_value("a reason")
    next(button for button in app.button if button.label == "Decide").click().run()
    assert list(store.shared_store().decisions()) == [here.activity_id]


def tally(data: Dataset) -> Counter[str]:
    """Return activities by scope and by province, named as the page names them."""
    found = data.corrected.decisions
    scopes = Counter(words.scope_name(one.scope, "en") for one in found)
    places = (words.area_name(code, "en") for one in found for code in {gazetteer.province(area) for area in one.areas})
    return scopes + Counter(places)


CHOICE = st.one_of(
    st.sampled_from([("nationwide", ()), ("unlocated", ())]),
    st.sets(st.sampled_from(AREAS), min_size=1, max_size=4).map(lambda found: ("subnational", tuple(sorted(found)))),
)


@settings(max_examples=60, deadline=None)
@given(row=st.integers(0, len(DATA) - 1), choice=CHOICE)
def test_the_preview_tells_what_the_decision_then_does(row: int, choice: tuple[str, tuple[str, ...]]) -> None:
    scope, areas = choice
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(state, "current", Filters)
        said = review.effect(DATA, row, scope, areas)
    key = DATA.activities[row].activity_id
    made = Decision(1, key, "scope", scope, areas, "r", "Ann", datetime.now(UTC))  # type: ignore[arg-type]
    before, after = tally(DATA), tally(library.decided(DATA, {key: made}))
    changes = {f"{name} {before[name]} → {after[name]}" for name in before | after if before[name] != after[name]}
    assert ("→" in said) == bool(changes)
    if changes:
        assert set(said.split("; ")) == changes


def test_a_preview_without_an_area_asks_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "current", Filters)
    assert review.effect(DATA, 0, "subnational", ()) == "Choose at least one area."
