"""Who may do what: roles, the provider's claims, the allow-list, the command that keeps it, and the server's gate."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message, Receive, Scope, Send

from geo import access, cli, store
from geo.access import ACTIONS, Identity, Member
from geo.errors import InputError, UnknownCodeError
from geo.store import DecisionError, Person, Store, StoreError, open_store
from pages._ui import access as page_access
from pages._ui import gate, provider, server
from tests import support_store

KINDS = [
    "sqlite",
    pytest.param(
        "postgresql",
        marks=pytest.mark.skipif(support_store.binaries() is None, reason="no PostgreSQL server on this machine"),
    ),
]
CLAIMS = {"is_logged_in": True, "sub": "s1", "email": "Ann@Example.org", "email_verified": True, "name": "Ann"}


@pytest.fixture(params=KINDS)
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A store that nobody has written."""
    address = support_store.new_database() if request.param == "postgresql" else f"sqlite:///{tmp_path / 's.sqlite3'}"
    one = open_store(address)
    yield one
    one.close()


# Roles


def test_each_role_may_what_the_one_below_may_and_more() -> None:
    viewer, editor, admin = ({one for one in ACTIONS if access.may(Member(role), one)} for role in store.ROLES)
    assert viewer == {"see"}
    assert editor == {"see", "decide", "upload", "publish"}
    assert admin == set(ACTIONS)
    assert not any(access.may(None, one) for one in ACTIONS)


def test_an_editor_of_an_agency_decides_on_its_activities_alone() -> None:
    bound = Member("editor", "WFP")
    assert access.may(bound, "decide", ("FAO", "WFP"))
    assert not access.may(bound, "decide", ("FAO",))
    assert not access.may(bound, "decide", ())
    assert not access.may(bound, "decide")
    assert access.may(bound, "upload")
    assert not access.may(bound, "upload", ("FAO",))
    assert not access.may(bound, "publish")
    assert not access.may(bound, "people")
    assert access.may(bound, "see")


@pytest.mark.parametrize("action", ACTIONS)
def test_an_editor_of_an_agency_sees_what_others_do_and_changes_its_own_alone(action: access.Action) -> None:
    bound = Member("editor", "WFP")
    assert access.may(bound, action, ("FAO",)) == (action == "see")
    assert access.may(bound, action, ("FAO", "WFP")) == (action in ("see", "decide", "upload"))
    assert access.may(Member("admin", "WFP"), action, ("WFP",)) == (action in ("see", "decide", "upload"))


# What the provider says


def test_a_person_is_known_by_a_checked_address_or_the_subject() -> None:
    found = access.identity(CLAIMS)
    assert found == Identity("ann@example.org", "s1", "Ann")
    assert found.names == ("ann@example.org", "s1")
    assert found.signature == "Ann <ann@example.org>"


@pytest.mark.parametrize("verified", [False, None, "false", "True", 1, ""])
def test_an_address_that_the_provider_did_not_check_is_none(verified: object) -> None:
    found = access.identity({**CLAIMS, "email_verified": verified}, trust_email=True)
    assert found is not None
    assert found.names == ("s1",)


def test_a_word_for_true_is_true() -> None:
    found = access.identity({**CLAIMS, "email_verified": "true"})
    assert found is not None
    assert found.email == "ann@example.org"


@pytest.mark.parametrize("issued", [None, "now", True, -1])
def test_a_session_ends_when_the_provider_should_be_asked_again(issued: object) -> None:
    hour = 3600
    assert page_access._identity({**CLAIMS, "iat": time.time() - 11 * hour}) is not None
    assert page_access._identity({**CLAIMS, "iat": time.time() - 13 * hour}) is None
    assert page_access._identity({**CLAIMS, "iat": issued}) is None


def test_an_address_of_which_the_provider_says_nothing_counts_where_it_is_trusted() -> None:
    claims = {key: value for key, value in CLAIMS.items() if key != "email_verified"}
    silent, trusted = access.identity(claims), access.identity(claims, trust_email=True)
    assert silent is not None
    assert trusted is not None
    assert (silent.email, trusted.email) == ("", "ann@example.org")


@pytest.mark.parametrize("claims", [{}, {**CLAIMS, "is_logged_in": False}, {**CLAIMS, "is_logged_in": "yes"}])
def test_nobody_is_nobody(claims: dict[str, object]) -> None:
    assert access.identity(claims) is None


def test_what_the_provider_leaves_out_is_empty() -> None:
    claims = {"is_logged_in": True, "email_verified": True}
    assert access.identity({**claims, "sub": " s1 "}) == Identity("", "s1", "")
    assert access.identity({**claims, "email": " Ann@Example.org "}) == Identity("ann@example.org", "", "")
    assert access.identity({**claims, "name": "Ann"}) is None
    assert Identity("", "s1", "Ann").signature == store.signed("Ann", "s1")


def test_a_subject_cannot_pass_for_an_address() -> None:
    found = access.identity({"is_logged_in": True, "sub": "boss@example.org"})
    assert found is None
    eve = access.identity({**CLAIMS, "sub": "boss@example.org"})
    assert eve is not None
    assert eve.names == ("ann@example.org",)


def row(who: str, role: str = "editor", *, removed: bool = False, id: int = 1) -> Person:
    day = datetime(2026, 1, 1, tzinfo=UTC)
    return Person(id, who, role, "", "Bob", day, "Bob" if removed else "", day if removed else None)  # type: ignore[arg-type]


def test_the_list_outweighs_the_environment() -> None:
    ann = Identity("ann@example.org", "s1", "Ann")
    assert access.member(ann, (), ()) is None
    assert access.member(ann, (), ("ann@example.org",)) == Member("admin")
    assert access.member(ann, (row("ann@example.org", removed=True),), ("ann@example.org",)) is None
    assert access.member(ann, (row("ann@example.org", "viewer"),), ("ann@example.org",)) == Member("viewer")
    assert access.member(ann, (row("s1"),), ()) == Member("editor")
    assert access.member(ann, (replace(row("s1"), agency="WFP"),), ()) == Member("editor", "WFP")
    assert access.member(ann, (row("bob@example.org"),), ()) is None


@given(name=st.text(max_size=400), address=st.sampled_from(["ann@example.org", "a" * 150 + "@example.org"]))
def test_a_signature_is_one_that_the_store_takes_and_shows_no_address_to_all(name: str, address: str) -> None:
    signed = store.signed(name, address)
    assert len(signed) <= store.MAX_NAME
    assert signed.removesuffix(">").endswith(address)
    if name.casefold() != address:
        assert "@example.org" not in store.public_name(signed) or "@example.org" in name


# The list


def test_a_person_is_let_in_changed_and_removed(kept: Store) -> None:
    assert kept.people() == ()
    kept.add_person("Ann@Example.org", "editor", "Bob", "World Food Programme")
    (one,) = kept.people()
    assert (one.who, one.role, one.agency, one.added_by) == ("ann@example.org", "editor", "WFP", "Bob")
    kept.add_person("ann@example.org", "admin", "Cho")
    (one,) = kept.people()
    assert (one.role, one.agency, one.added_by) == ("admin", "", "Cho")
    gone = kept.remove_person("ANN@example.org", "Dee")
    assert gone.removed_by == "Dee"
    assert kept.people() == ()
    assert [(old.role, old.removed_by) for old in kept.find_people(["ann@example.org"])] == [
        ("admin", "Dee"),
        ("editor", "Cho"),
    ]
    trail = [(entry.who, entry.action, entry.subject) for entry in kept.audit()]
    assert trail == [
        ("Dee", "remove person", "person ann@example.org"),
        ("Cho", "add person", "person ann@example.org"),
        ("Bob", "add person", "person ann@example.org"),
    ]


def test_one_whom_the_environment_names_can_be_removed(kept: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAFF_ADMINS", " Boss@example.org , x@example.org")
    assert store.first_admins() == ("boss@example.org", "x@example.org")
    kept.remove_person("boss@example.org", "Dee")
    boss = Identity("boss@example.org", "s9", "Boss")
    assert access.member(boss, kept.find_people(boss.names), store.first_admins()) is None
    with pytest.raises(UnknownCodeError, match="expected somebody of the list"):
        kept.remove_person("boss@example.org", "Dee")
    kept.add_person("boss@example.org", "admin", "Dee")
    assert access.member(boss, kept.find_people(boss.names), ()) == Member("admin")


@pytest.mark.parametrize(
    ("who", "role", "agency", "said"),
    [
        ("", "viewer", "", "Got no e-mail"),
        ("ann@", "viewer", "", "expected an e-mail address"),
        ("ann @example.org", "viewer", "", "expected an e-mail address"),
        ("a@b@example.org", "viewer", "", "expected an e-mail address"),
        ("ann@example.org", "boss", "", "expected viewer, editor, admin"),
        ("ann@example.org", "admin", "WFP", "for an editor alone"),
        ("ann@example.org", "editor", "NOSUCH", "expected a code or name"),
    ],
)
def test_what_is_no_person_is_refused(kept: Store, who: str, role: str, agency: str, said: str) -> None:
    with pytest.raises((DecisionError, UnknownCodeError), match=said):
        kept.add_person(who, role, "Bob", agency)
    assert kept.stamp() == store.EMPTY


def test_the_command_keeps_the_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LAO_SDG_STORE", str(tmp_path / "s.sqlite3"))
    monkeypatch.setenv("STAFF_ADMINS", "boss@example.org")
    assert cli.main(["people", "add", "ann@example.org", "--role", "editor", "--agency", "WFP"]) == 0
    assert "ann@example.org is editor for WFP" in capsys.readouterr().out
    assert cli.main(["people", "list", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [(one["who"], one["role"]) for one in found] == [
        ("ann@example.org", "editor"),
        ("boss@example.org", "admin"),
    ]
    assert found[0]["added_by"].startswith("command line (")
    assert cli.main(["people", "remove", "ann@example.org"]) == 0
    assert cli.main(["people", "remove", "ann@example.org"]) == 2
    monkeypatch.setenv("APP_ROLE", "public")
    assert cli.main(["people", "add", "eve@example.org", "--role", "admin"]) == 2
    assert "can only be read here" in capsys.readouterr().err


# The provider and the address

WHOLE = {
    "OIDC_METADATA_URL": "https://id.example.org/.well-known/openid-configuration",
    "OIDC_CLIENT_ID": "map",
    "OIDC_CLIENT_SECRET": "s",
    "PUBLIC_URL": "https://staff.example.org/map/",
    "COOKIE_SECRET": "x" * 32,
}


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A whole provider in the environment."""
    for name, value in WHOLE.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_the_environment_names_the_provider(settings: pytest.MonkeyPatch) -> None:
    found = provider.secrets()["auth"]
    assert found["redirect_uri"] == "https://staff.example.org/map/oauth2callback"
    assert found["server_metadata_url"] == WHOLE["OIDC_METADATA_URL"]
    settings.setenv("APP_ROLE", "public")
    assert provider.secrets() == {}


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("COOKIE_SECRET", "", "without COOKIE_SECRET"),
        ("COOKIE_SECRET", "short", "fewer than 32"),
        ("PUBLIC_URL", "http://staff.example.org", "expected https"),
        ("PUBLIC_URL", "staff.example.org", "expected https"),
        ("OIDC_METADATA_URL", "http://id.example.org/x", "expected https"),
    ],
)
def test_half_a_provider_is_refused(settings: pytest.MonkeyPatch, name: str, value: str, said: str) -> None:
    settings.setenv(name, value)
    with pytest.raises(InputError, match=said):
        provider.secrets()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "[::1]", "127.9.9.9"])
def test_this_machine_alone_needs_no_provider(host: str) -> None:
    provider.check_address(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.9", "::", "staff.example.org", "localhost.example.org"])
def test_the_network_needs_a_provider(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="anybody could change the data"):
        provider.check_address(host)
    monkeypatch.setenv("HOST", host)
    monkeypatch.setattr(server.os, "chdir", lambda path: None)
    with pytest.raises(SystemExit, match="anybody could change the data"):
        server.main()
    monkeypatch.setenv("APP_ROLE", "public")
    provider.check_address(host)
    monkeypatch.delenv("APP_ROLE")
    for name, value in WHOLE.items():
        monkeypatch.setenv(name, value)
    provider.check_address(host)


# The gate


def ask(app: object, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str]]:
    """Return the status and the headers of an answer."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    pairs = [(name.encode(), value.encode("latin-1")) for name, value in {"host": "map.test", **headers}.items()]
    scope: Scope = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": pairs}
    asyncio.run(app(scope, receive, send))  # type: ignore[operator]
    start = next(one for one in sent if one["type"] == "http.response.start")
    return start["status"], {name.decode(): value.decode() for name, value in start["headers"]}


def leads_to(address: str) -> object:
    """Return an application that leads everybody to an address."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 302, "headers": [(b"location", address.encode())]})
        await send({"type": "http.response.body", "body": b""})

    return app


@pytest.mark.parametrize("base", ["", "/map"])
def test_the_way_back_is_kept_over_the_provider(base: str) -> None:
    away = gate.KeepLink(leads_to("https://id.example.org/authorize"), base)  # type: ignore[arg-type]
    view = f"{base}/queue?sdg=6&q=%E0%BA%A5"
    _, first = ask(away, f"{base}/auth/login", referer=f"https://map.test{view}")
    assert first["location"] == "https://id.example.org/authorize"
    cookie = first["set-cookie"].split(";")[0]
    assert "HttpOnly" in first["set-cookie"]
    home = gate.KeepLink(leads_to(f"{base}/"), base)  # type: ignore[arg-type]
    _, second = ask(home, f"{base}/oauth2callback", cookie=cookie)
    assert second["location"] == view
    assert "Max-Age=0" in second["set-cookie"]
    assert ask(home, f"{base}/oauth2callback")[1] == {"location": f"{base}/"}
    # Without a page of its own at the provider the way out ends here at once.
    assert ask(home, f"{base}/auth/logout", referer=f"https://map.test{view}")[1]["location"] == view


@pytest.mark.parametrize(
    "referer",
    [
        "https://evil.test/queue",
        "https://map.test.evil.test/",
        "https://map.test//evil.test/",
        "https://map.test/\\evil.test",
        "https://map.test/auth/logout",
        "https://map.test/oauth2callback?code=1",
        "javascript://map.test/%0aalert(1)",
        "https://map.test/?q=" + "x" * 4000,
        "https://map.test/é",
        "http://[",
        "",
    ],
)
def test_no_other_way_is_taken(referer: str) -> None:
    home = gate.KeepLink(leads_to("/"))  # type: ignore[arg-type]
    assert ask(home, "/auth/login", referer=referer)[1] == {"location": "/"}


@pytest.mark.parametrize(
    "text", ["https://evil.test/", "//evil.test/", "/\\evil.test", "evil", "/a\r\nset-cookie: x=1"]
)
def test_a_forged_cookie_leads_nowhere(text: str) -> None:
    home = gate.KeepLink(leads_to("/"))  # type: ignore[arg-type]
    for value in (base64.urlsafe_b64encode(text.encode()).decode(), text, "%%%"):
        assert ask(home, "/oauth2callback", cookie=f"{gate.COOKIE}={value}")[1]["location"] == "/"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "POST", "GET"])
def test_an_upload_is_let_through_for_those_who_may(method: str) -> None:
    async def taken(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    app = gate.GuardUploads(taken, allowed=lambda session: session == "good")
    assert ask(app, "/_stcore/upload_file/good/1", method)[0] == 204
    assert ask(app, "/_stcore/upload_file/bad/1", method)[0] == 403
    assert ask(app, "/_stcore/upload_file", method)[0] == 403
    assert ask(app, "/_stcore/upload_file/bad/1", "OPTIONS")[0] == 204
    assert ask(app, "/_stcore/health", method)[0] == 204


def test_where_the_list_cannot_be_read_nobody_is_on_it() -> None:
    def broken(session: str) -> bool:
        raise StoreError("away")

    app = gate.GuardUploads(leads_to("/"), allowed=broken)  # type: ignore[arg-type]
    assert ask(app, "/_stcore/upload_file/good/1", "PUT")[0] == 403
