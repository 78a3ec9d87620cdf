"""The intake page without a browser: who may, what the last press said, and that nothing is lost by a refusal."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from geo import store
from geo.repairs import Repair
from pages._ui import access, intake_state
from pages._ui.intake_state import Draft

DATA = b"activity_id,title,sdgs,agencies\na,Wells,6,World Fod Programme\nb,Roads,19,WFP\n"
DRAFT = Draft("f.csv", DATA, hashlib.sha256(DATA).hexdigest())


def page() -> None:
    """Draw the page as app.py does."""
    import runpy

    from pages._ui import cache, state

    state.load(cache.dataset())
    runpy.run_path("pages/intake.py")


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root: Path) -> AppTest:
    """The page with a file taken, on a store of its own."""
    monkeypatch.chdir(root)
    monkeypatch.setenv("LAO_SDG_STORE", str(tmp_path / "s.sqlite3"))
    one = AppTest.from_function(page, default_timeout=60)
    one.session_state[intake_state.KEY] = DRAFT
    return one


def said(elements: Any) -> list[str]:
    return [re.sub(r"\\", "", found.value) for found in elements]


def press(app: AppTest, label: str) -> AppTest:
    """Press the button of a label."""
    return next(button for button in app.button if re.sub(r"\\", "", button.label) == label).click().run()


def test_a_repair_and_an_answer_are_kept_and_taken_back(app: AppTest) -> None:
    app.run()
    assert not app.exception
    press(app, "Accept all 1")
    assert app.session_state[intake_state.KEY].repairs == (Repair(2, "agencies", "World Fod Programme", "WFP"),)
    box = next(box for box in app.selectbox if box.label == "Answer for row 3, sdgs")
    box.select_index(0)  # to leave it out; a goal of the person's own is written in the browser test
    press(app, "Apply these answers")
    assert app.session_state[intake_state.KEY].repairs[1:] == (Repair(3, "sdgs", "19", ""),)
    assert "1 answers were applied." in said(app.success)
    press(app, "Take all back")
    assert app.session_state[intake_state.KEY].repairs == ()
    assert app.session_state[intake_state.KEY].data == DATA
    assert not app.exception


def test_a_version_wants_a_name_and_is_kept_with_its_repairs(app: AppTest) -> None:
    app.run()
    press(app, "Accept all 1")
    press(app, "Save as a version")
    assert said(app.error) == ["Write your name first: it stands beside what you decide."]
    assert store.shared_store().versions() == ()
    app.text_input(key=access.NAME_KEY).set_value("Ann").run()
    press(app, "Save as a version")
    (version,) = store.shared_store().versions()
    assert (version.author, version.published, version.rows_read) == ("Ann", False, 2)
    mending = store.shared_store().version_mending(version.id)
    assert (mending.base, mending.repairs) == (0, (Repair(2, "agencies", "World Fod Programme", "WFP"),))


def test_another_publication_meanwhile_is_not_overwritten(app: AppTest) -> None:
    app.run()
    app.text_input(key=access.NAME_KEY).set_value("Ann").run()
    press(app, "Save as a version")
    app.checkbox[0].check().run()
    kept = store.shared_store()
    (mine,) = kept.versions()
    other = kept.add_version(DATA, _report(), "Bob")
    # Bob publishes after Ann's page was drawn; her press must say so.
    button = next(one for one in app.button if "Publish" in one.label)
    kept.publish(other.id, "Bob")
    button.click().run()
    assert not app.exception
    assert any("Look at the change again" in text for text in said(app.error))
    current = kept.current_version()
    assert current is not None
    assert current.id == other.id != mine.id


def _report() -> Any:
    from tests.support_store import report

    return report(DATA, ["a", "b"])


def test_the_public_process_keeps_nothing(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    app.run()
    app.text_input(key=access.NAME_KEY).set_value("Eve").run()
    button = next(one for one in app.button if one.label == "Save as a version")
    # The page was open when the process became public: the press itself must be refused, not the page alone.
    monkeypatch.setenv("APP_ROLE", "public")
    button.click().run()
    assert not app.exception
    assert said(app.error) == ["This page is for staff. Open it at the address of the staff process."]
    assert not app.button
    monkeypatch.delenv("APP_ROLE")
    assert store.shared_store().stamp() == store.EMPTY


def test_a_file_that_cannot_be_read_is_one_error(app: AppTest) -> None:
    data = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
    app.session_state[intake_state.KEY] = Draft("p.png", data, hashlib.sha256(data).hexdigest())
    app.run()
    assert not app.exception
    (error,) = said(app.error)
    assert "The old data stay as they are." in error
    assert not [one for one in app.button if one.label == "Save as a version"]


def test_columns_that_are_missing_are_asked_for(app: AppTest) -> None:
    data = b"Nummer,Bezeichnung\na,Wells\n"
    app.session_state[intake_state.KEY] = Draft("f.csv", data, hashlib.sha256(data).hexdigest())
    app.run()
    assert not app.exception
    (error,) = said(app.error)
    assert "activity_id" in error
    for box, field in zip(
        [one for one in app.selectbox if one.label in ("Nummer", "Bezeichnung")], ("activity_id", "title"), strict=True
    ):
        box.set_value(field)
    press(app, "Use these columns")
    assert not app.error
    assert dict(app.session_state[intake_state.KEY].mapping) == {"Nummer": "activity_id", "Bezeichnung": "title"}
    assert [one for one in app.button if one.label == "Save as a version"]
