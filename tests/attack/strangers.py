"""Anonymous clients that speak the protocol themselves: huge uploads, forged states, links of anything."""

from __future__ import annotations

import asyncio
import http.client
import random
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection

from pages._ui import file_route, gate
from tests.attack import corpus, load
from tests.attack.tally import Tally
from tests.conftest import serving

MIB = 1024 * 1024
GROWTH = 50  # MiB by which the server's memory may grow while uploads are refused
PAGES = (
    "",
    "sdg-goals",
    "years",
    "places",
    "who",
    "stories",
    "studio",
    "how",
    "quality",
    "queue",
    "upload",
    "borders",
    "nowhere",
)
NAMES = (
    "sdg", "target", "agency", "donor", "area", "status", "scope", "years", "undated", "q", "lang", "view", "level",
    "metric", "focus", "activity", "version", "goal", "who", "kind", "on", "page", "studio",
)  # fmt: skip
SLOW = ("studio", "fixes", "png", "pdf", "docx", "html")  # kinds that take long; all are read in the same way
SECRETS = ("Confidence of the rule", "Whose file is it?", "The maps draw:")  # what only staff are shown
SUCCESS = str(ForwardMsg.ScriptFinishedStatus.FINISHED_SUCCESSFULLY)


async def run(socket: ClientConnection, page: str, query: str, state: bytes = b"") -> tuple[str, str, list[str]]:
    """Ask for a page; return the session, all that came as text, and how the run ended."""
    asked = BackMsg()
    asked.rerun_script.query_string, asked.rerun_script.page_name = query, page
    if state:
        asked.rerun_script.widget_states.MergeFromString(state)
    await socket.send(asked.SerializeToString())
    session, said, ends = "", [], []
    while True:
        message = ForwardMsg()
        message.ParseFromString(await asyncio.wait_for(socket.recv(decode=False), load.WAIT))
        if message.HasField("new_session"):
            session = message.new_session.initialize.session_id
        said.append(str(message))
        if message.WhichOneof("type") == "script_finished":
            ends.append(str(message.script_finished))
            return session, " ".join(said), ends


def put(url: str, session: str, size: int) -> tuple[int, str, int]:
    """Send so many bytes to a session; return the answer and how many were taken before it came."""
    host = urlsplit(url)
    line = http.client.HTTPConnection(host.hostname or "", host.port, timeout=60)
    sent = 0
    try:
        line.putrequest("PUT", f"/_stcore/upload_file/{session}/one")
        line.putheader("Content-Length", str(size))
        line.endheaders()
        piece = bytes(MIB)
        try:
            while sent < size:
                line.send(piece)
                sent += len(piece)
        except OSError:  # the server has answered and closed
            pass
        answer = line.getresponse()
        return answer.status, answer.read(1000).decode(errors="replace"), sent
    except (OSError, http.client.HTTPException):
        return 0, "closed", sent
    finally:
        line.close()


async def refused(url: str, size: int, times: int) -> Tally:
    """Uploads of a session without a log-in, of a made-up one and of none: refused, and nothing of them is kept."""
    tally, server = Tally(), load.server_process()
    async with load.door(url) as socket:
        session, *_rest = await run(socket, "", "lang=en")
        before = load.memory(server)
        for name in (session, "00000000-0000-4000-8000-000000000000", "..", "%2e%2e%2f") * times:
            status, text, _sent = await asyncio.to_thread(put, url, name, size)
            tally.see(
                status in (0, 403, 404) and (status != 403 or text == gate.REFUSED), "upload", name, (status, text)
            )
        grown = load.memory(server) - before
        tally.see(grown <= GROWTH, "upload", f"memory grows by {GROWTH} MiB at most", f"{grown} MiB")
    return tally


async def links(url: str, count: int) -> Tally:
    """Links of anything on every page: each run ends by itself, no staff page is shown, nothing is told of our code."""
    tally, chance, texts = Tally(), random.Random(4), corpus.strings()
    async with load.door(url) as socket:
        for turn in range(count):
            page = PAGES[turn % len(PAGES)]
            pairs = [
                (
                    chance.choice(NAMES) if chance.random() < 0.9 else chance.choice(texts)[:60],
                    chance.choice(texts)[:300],
                )
                for _pair in range(chance.randint(1, 5))
            ]
            query = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs)
            _session, said, ends = await run(socket, page, query)
            tally.see(ends == [SUCCESS], f"link {page}", query, ends)
            tally.see("exception {" not in said and "Traceback" not in said, f"link {page}", query, said[-200:])
            tally.see(not any(secret in said for secret in SECRETS), f"link {page}", query, "a page of the staff")
    return tally


def addresses(url: str, count: int) -> Tally:
    """Addresses of files with anything in them: a file to save or a refusal in plain words, and never a page."""
    tally, chance, texts = Tally(), random.Random(6), corpus.strings()
    kinds = [kind for kind in file_route.MAKERS if not kind.startswith(SLOW)]
    for _turn in range(count):
        kind = (
            chance.choice(kinds)
            if chance.random() < 0.8
            else quote(" ".join(chance.choice(texts)[:60].split()), safe="")
        )
        names = (*NAMES, "of", "logo")
        query = urlencode([(chance.choice(names), chance.choice(texts)[:300]) for _pair in range(chance.randint(1, 3))])
        host = urlsplit(url)
        line = http.client.HTTPConnection(host.hostname or "", host.port, timeout=load.WAIT)
        line.request("GET", f"/files/{kind}?{query}", headers={"Accept-Encoding": "identity"})
        answer = line.getresponse()
        body, saved = answer.read(), (answer.getheader("content-disposition") or "").startswith("attachment;")
        plain = (answer.getheader("content-type") or "").startswith("text/plain")
        seen = (answer.status, saved, plain, body[:80])
        tally.see((answer.status, saved) == (200, True) or (answer.status in (400, 404) and plain), kind, query, seen)
        tally.see(b"Traceback" not in body and b"site-packages" not in body, kind, query, body[:200])
        line.close()
    return tally


async def forged(url: str, count: int) -> Tally:
    """States of widgets that nobody drew: who forges them may meet an error of Streamlit's, told without our code.

    Nobody else notices, and nothing is written.
    """
    tally, chance, texts = Tally(), random.Random(5), corpus.strings()
    async with load.door(url) as socket:
        await run(socket, "", "lang=en")
        for turn in range(count):
            asked = BackMsg()
            for _one in range(chance.randint(1, 8)):
                state = asked.rerun_script.widget_states.widgets.add()
                kind = chance.choice(("trigger_value", "string_value", "int_value", "json_value", "bytes_value"))
                state.id = chance.choice(
                    (f"$$ID-{chance.randbytes(16).hex()}-w_sdg", "w_review_case", chance.choice(texts)[:80])
                )
                values = {"trigger_value": True, "int_value": chance.randint(-(2**40), 2**40)}
                value: object = values.get(kind, chance.choice(texts)[:200])
                value = chance.randbytes(50) if kind == "bytes_value" else value
                setattr(state, kind, value)
            forged_state = asked.rerun_script.widget_states.SerializeToString()
            _session, said, ends = await run(socket, PAGES[turn % len(PAGES)], "lang=en", forged_state)
            told = "site-packages" in said or "stack_trace:" in said or "pages/_ui" in said
            tally.see(bool(ends) and not told, "forged state", str(turn), said[-200:])
    async with load.door(url) as socket:
        _session, said, _ends = await run(socket, "", "lang=en")
        tally.see("exception {" not in said and "activities" in said, "forged state", "the next visitor", said[-200:])
    return tally


def attack(folder: Path, size: int, times: int, count: int) -> Iterator[tuple[str, Tally]]:
    """Attack a public process."""
    settings = {"APP_ROLE": "public", "LAO_SDG_STORE": str(folder / "public.sqlite3")}
    with serving(folder / "public.txt", 0, **settings) as url:
        yield f"anonymous uploads of {size // MIB} MiB", asyncio.run(refused(url, size, times))
        yield "links of anything", asyncio.run(links(url, count))
        yield "addresses of files", addresses(url, count)
        log, tally = (folder / "public.txt").read_text(encoding="utf-8", errors="replace"), Tally()
        yield "forged states", asyncio.run(forged(url, count))
    tally.see("Traceback" not in log, "the public server's log", "no traceback", log[-1500:])
    tally.see(not (folder / "public.sqlite3").exists(), "the public process", "writes no store")
    yield "the public server's log and store", tally
