"""Staff with a real provider: log in, decide, be a viewer, be removed, log out; and a socket that is nobody's."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import create_connection

import pytest
from playwright.sync_api import Browser, FilePayload, Page, Route, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from geo import library
from geo.store import open_store
from pages._ui import gate
from tests.conftest import free_port, serving

pytestmark = pytest.mark.browser
DATA = library.embedded()
LOW = [row for row, found in enumerate(DATA.corrected.decisions) if found.confidence == "low"]
CASE = next(row for row in LOW if DATA.corrected.decisions[row].scope != "nationwide")
PEOPLE = {
    "ann": {"email": "ann@example.org", "email_verified": True, "name": "Ann Editor"},
    "vic": {"email": "vic@example.org", "email_verified": True, "name": "Vic Viewer"},
    "eve": {"email": "ann@example.org", "email_verified": False, "name": "Ann Editor"},
}


@dataclass(frozen=True)
class Staff:
    """The staff's process, its store and the port that its provider listens on."""

    url: str
    store: str


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an OpenID Connect provider on this machine that knows the people above."""
    port = free_port()
    claims = [f"--user-claims={json.dumps({'sub': sub, **values})}" for sub, values in PEOPLE.items()]
    log = tmp_path_factory.mktemp("provider") / "log.txt"
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", *claims]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONWARNINGS"}
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, env=environment)
    address = f"http://127.0.0.1:{port}/.well-known/openid-configuration"
    end = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(address, timeout=2).close()
            break
        except (urllib.error.URLError, OSError):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < end
            time.sleep(0.1)
    yield address
    process.terminate()
    process.wait(10)


@pytest.fixture(scope="module")
def staff(assets: Path, provider: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staff]:
    """The staff's process with that provider."""
    folder, port = tmp_path_factory.mktemp("staff"), free_port()
    file = str(folder / "store.sqlite3")
    kept = open_store(f"sqlite:///{file}")
    kept.add_person("ann@example.org", "editor", "test")
    kept.add_person("vic@example.org", "viewer", "test")
    kept.close()
    environment = {
        "APP_ROLE": "staff",
        "LAO_SDG_STORE": file,
        "OIDC_METADATA_URL": provider,
        "OIDC_CLIENT_ID": "map",
        "OIDC_CLIENT_SECRET": "secret",
        "COOKIE_SECRET": "0123456789abcdef" * 4,
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    with serving(folder / "log.txt", port, **environment) as url:
        yield Staff(url, f"sqlite:///{file}")


@pytest.fixture
def page(browser: Browser, staff: Staff) -> Iterator[Page]:
    """A page that reaches this machine alone; what the provider's own page asks of others is stopped, not judged."""
    outside: list[str] = []

    def guard(route: Route) -> None:
        if route.request.url.startswith(("http://127.0.0.1:", "data:", "blob:")):
            route.continue_()
            return
        if route.request.headers.get("referer", staff.url).startswith(staff.url):
            outside.append(route.request.url)
        route.abort()

    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    context.set_default_timeout(30_000)
    context.route("**/*", guard)
    yield context.new_page()
    context.close()
    assert outside == []


def log_in(page: Page, who: str) -> None:
    page.get_by_role("button", name="Log in").first.click()
    page.locator(f"button[name=sub][value={who}]").click()


def log_out(page: Page) -> None:
    page.get_by_test_id("stPopover").filter(has_text=re.compile("Ann|Vic")).get_by_role("button").click()
    page.get_by_role("button", name="Log out").click()
    page.get_by_role("button", name="End session").click()
    page.get_by_role("button", name="Log in").wait_for()


def case(page: Page) -> None:
    """Open the case that is decided here."""
    page.locator(".st-key-case").wait_for()
    title = DATA.activities[CASE].title
    page.locator(".st-key-w_review_case input").click()
    page.get_by_role("option", name=title, exact=True).click()
    page.locator(".st-key-case").get_by_role("heading", name=title, exact=True).wait_for()


def refused(page: Page) -> None:
    expect(page.locator("[data-testid=stMain]").get_by_role("alert").first).to_be_visible()
    expect(page.locator(".st-key-case")).to_have_count(0)
    assert page.get_by_role("button", name="Decide").count() == 0


def test_an_editor_logs_in_decides_is_removed_and_logs_out(page: Page, staff: Staff) -> None:
    page.goto(f"{staff.url}/queue?sdg=6&q=water&lang=en")
    page.get_by_text("This page is for staff. Log in first").wait_for()
    refused(page)
    assert page.locator(".st-key-nav").get_by_text("Review").count() == 0
    log_in(page, "ann")
    # Back to the very view that was left.
    page.wait_for_url(re.compile(r"/queue\?"))
    assert {"sdg=6", "q=water"} <= set(page.url.partition("?")[2].split("&"))
    page.locator(".st-key-nav").get_by_text("Review").wait_for()
    page.get_by_text("You write as Ann Editor <ann@example.org>").wait_for()
    assert page.get_by_label("Your name").count() == 0

    case(page)
    box = page.locator(".st-key-case")
    box.get_by_text("Nationwide", exact=True).click()
    box.locator("textarea").fill("The source names all provinces.")
    box.get_by_role("button", name="Decide").click()
    page.get_by_text("Kept: nationwide").wait_for()
    kept = open_store(staff.store)
    (made,) = kept.decisions().values()
    assert made.author == "Ann Editor <ann@example.org>"
    assert made.activity_id == DATA.activities[CASE].activity_id
    assert kept.audit(1)[0].who == made.author
    # Everybody reads the name, nobody the address.
    page.goto(f"{staff.url}/?activity={made.activity_id}&lang=en")
    card = page.get_by_role("dialog")
    card.get_by_text("Ann Editor decided this on").wait_for()
    assert "ann@example.org" not in card.inner_text()

    # Removed while the page stands open: the press itself is refused.
    page.goto(f"{staff.url}/queue?lang=en")
    page.get_by_text("Undo", exact=True).first.click()
    form = page.locator("[class*=st-key-decided_] [data-testid=stForm]")
    form.locator("input").fill("a trial")
    kept.remove_person("ann@example.org", "test")
    before = kept.stamp()
    form.get_by_role("button", name="Undo").click()
    page.get_by_text("ann@example.org is not on the list of the staff").first.wait_for()
    refused(page)
    assert kept.stamp() == before
    assert list(kept.decisions()) == [made.activity_id]
    kept.add_person("ann@example.org", "editor", "test")
    kept.undo(made.id, "the test is over", "test")
    kept.close()
    log_out(page)
    assert "/queue" in page.url
    refused(page)


def test_an_editor_logs_in_uploads_publishes_and_goes_back(page: Page, staff: Staff) -> None:
    rows = b"activity_id,title,locations_as_published\nours-1,Wells of ours,Attapeu\n,No identifier,Attapeu\n"
    page.goto(f"{staff.url}/upload?lang=en")
    page.get_by_text("This page is for staff. Log in first").wait_for()
    assert page.locator("input[type=file]").count() == 0
    log_in(page, "ann")
    page.wait_for_url(re.compile(r"/upload"))
    page.locator(".st-key-w_intake_file input[type=file]").set_input_files(
        FilePayload(name="ours.csv", mimeType="text/csv", buffer=rows)
    )
    page.get_by_text("1 accepted + 1 rejected").wait_for()
    page.get_by_role("button", name="Save as a version").click()
    page.get_by_text("Kept as version 1: 1 of 2 rows.").wait_for()
    page.get_by_text("I have looked at what would change").click()
    page.get_by_role("button", name="Publish version 1").click()
    page.get_by_text("Version 1 is shown to everybody now.").wait_for()
    kept = open_store(staff.store)
    (version,) = kept.versions()
    assert version.author == "Ann Editor <ann@example.org>"
    assert kept.version_bytes(version.id) == rows
    page.goto(f"{staff.url}/?lang=en")
    expect(page.locator(".st-key-adds_up")).to_contain_text(f"{len(DATA) + 1} activities")
    page.goto(f"{staff.url}/?lang=en&version=embedded")
    expect(page.locator(".st-key-adds_up")).to_contain_text(f"{len(DATA)} activities")
    kept.publish(None, "test")
    page.goto(f"{staff.url}/?lang=en")
    expect(page.locator(".st-key-adds_up")).to_contain_text(f"{len(DATA)} activities")
    kept.close()


def test_a_viewer_looks_and_an_unchecked_address_is_nobodys(page: Page, staff: Staff) -> None:
    page.goto(f"{staff.url}/queue?lang=en")
    log_in(page, "vic")
    page.get_by_text("You write as Vic Viewer").wait_for()
    page.locator(".st-key-case").get_by_text("Your role lets you look at this case and not decide it.").wait_for()
    assert page.get_by_role("button", name="Decide").count() == 0
    log_out(page)
    log_in(page, "eve")
    page.get_by_text("Your provider does not say that your e-mail address was checked").wait_for()
    refused(page)


# An anonymous client that speaks the protocol itself


@contextmanager
def socket(url: str) -> Iterator[Session]:
    """Open a session without a browser."""
    address = f"{url.replace('http', 'ws', 1)}/_stcore/stream"
    with connect(address, subprotocols=[Subprotocol("streamlit")], origin=Origin(url), max_size=None) as found:
        yield Session(found)


@dataclass(frozen=True)
class Session:
    """What Streamlit's own client does, as far as it is needed to ask for a page and to press a button."""

    socket: ClientConnection

    def run(self, page: str = "", query: str = "", digest: str = "", **triggers: str) -> list[ForwardMsg]:
        """Ask for a page, press buttons, and return everything that comes until the run has ended."""
        asked = BackMsg()
        asked.rerun_script.query_string = query
        asked.rerun_script.page_name = page
        asked.rerun_script.page_script_hash = digest
        for key, kind in triggers.items():
            state = asked.rerun_script.widget_states.widgets.add()
            state.id = key
            setattr(state, kind, True if kind == "trigger_value" else "Eve")
        self.socket.send(asked.SerializeToString())
        found: list[ForwardMsg] = []
        while True:
            message = ForwardMsg()
            message.ParseFromString(self.socket.recv(timeout=60))
            found.append(message)
            if message.WhichOneof("type") == "script_finished":
                return found


def put(url: str, messages: list[ForwardMsg]) -> tuple[int, str]:
    """Send a file to the session of these messages, as the browser does; return the answer."""
    session = next(one.new_session.initialize.session_id for one in messages if one.HasField("new_session"))
    asked = urllib.request.Request(f"{url}/_stcore/upload_file/{session}/one", data=b"x", method="PUT")
    try:
        with urllib.request.urlopen(asked, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def texts(messages: list[ForwardMsg]) -> str:
    return " ".join(str(one) for one in messages)


def ids(messages: list[ForwardMsg], label: str) -> list[str]:
    """Return the ids of the buttons with a label."""
    elements = [one.delta.new_element for one in messages if one.WhichOneof("type") == "delta"]
    return [one.button.id for one in elements if one.button.label == label]


def digests(messages: list[ForwardMsg], path: str) -> list[str]:
    """Return the keys by which a page can be asked for beside its name."""
    pages = [page for one in messages if one.HasField("navigation") for page in one.navigation.app_pages]
    return list(dict.fromkeys(page.page_script_hash for page in pages if page.url_pathname == path))


def test_no_page_elsewhere_comes_by_a_name_of_its_own(tmp_path: Path) -> None:
    """Without log-in who reaches the process is staff: a page of another host must not, whatever name it gives us."""
    with serving(tmp_path / "log.txt") as url:
        port = int(url.rpartition(":")[2])
        with socket(url) as one:
            assert one.run()
        for name in (f"evil.test:{port}", "evil.test"):
            with create_connection(("127.0.0.1", port)) as line, pytest.raises(InvalidStatus):
                connect(f"ws://{name}/_stcore/stream", sock=line, origin=Origin(f"http://{name}")).__enter__()
        with pytest.raises(InvalidStatus):
            connect(url.replace("http", "ws") + "/_stcore/stream", origin=Origin("http://evil.test")).__enter__()


def test_an_anonymous_socket_reads_no_staff_page_and_presses_no_button(staff: Staff, tmp_path: Path) -> None:
    title, secret = DATA.activities[CASE].title, "Confidence of the rule"
    # What a client needs is no secret: the same page in a process without a provider gives the buttons' ids away.
    with serving(tmp_path / "log.txt", APP_ROLE="staff") as local, socket(local) as one:
        seen = one.run("queue", "lang=en")
        assert secret in texts(seen)
        (decide,) = ids(seen, "Decide")
        (digest,) = digests(seen, "queue")
        others = {path: digests(seen, path)[0] for path in ("upload", "borders", "data-versions")}
        assert "XSRF" in put(local, seen)[1]  # past our gate, to Streamlit's own
    kept = open_store(staff.store)
    before = kept.stamp()
    with socket(staff.url) as one:
        for page in ("queue", "/queue", "review"):
            found = texts(one.run(page, "lang=en"))
            assert secret not in found
            assert title not in found
            assert "Your decision" not in found
        assert secret not in texts(one.run("", "lang=en", digest))
        told = texts(one.run("queue", "lang=en", digest, **{decide: "trigger_value"}))
        assert "Log in first" in told
        assert put(staff.url, one.run("queue")) == (403, gate.REFUSED)
        assert secret not in told
        for path, key in others.items():
            for answer in (one.run(path, "lang=en"), one.run("", "lang=en", key)):
                assert "Log in first" in texts(answer)
                assert "file_uploader" not in texts(answer)
    assert kept.stamp() == before
    kept.close()
    with serving(tmp_path / "public.txt", APP_ROLE="public") as public, socket(public) as one:
        seen = one.run("queue", "lang=en", digest, **{decide: "trigger_value"})
        assert secret not in texts(seen)
        assert put(public, seen) == (403, gate.REFUSED)
