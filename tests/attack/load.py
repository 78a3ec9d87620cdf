"""``make load``: many visitors who change filters, each over a websocket of its own, as browsers do.

VISITORS=50 of them on ACTIVITIES=2000 change their view CHANGES=12 times each, THINK=3 seconds on average between two.
Every answer is compared with what the filters keep.  Then more come until 95 of 100 answers take more than LIMIT=2
seconds (MOST=400 at the most).  SOAK=minutes lets them stay, and come and go, and tells how the memory grew.
"""

from __future__ import annotations

import asyncio
import csv
import os
import random
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Origin, Subprotocol

from geo import filters, library, pack
from geo.dataset import Dataset
from tests.attack.tally import Tally
from tests.conftest import serving

TOTAL = re.compile(r"^\*\*([\d,]+)\*\* activities")
WAIT = 120  # seconds for one answer
STAYS = 20  # changes of view after which a visitor of the soak leaves and another comes
Query = tuple[tuple[str, str], ...]


def number(name: str, otherwise: float) -> float:
    """Return a number of the environment."""
    return float(os.environ.get(name) or otherwise)


def data(folder: Path, size: int) -> Path:
    """Write a file of ``size`` activities drawn from the embedded ones under new ids."""
    with pack.path(pack.settings().data["activities"]).open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    target = folder / f"{size}.csv"
    with target.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]))
        writer.writeheader()
        for at, row in enumerate(random.Random(1).choices(rows, k=size)):
            writer.writerow({**row, "activity_id": f"{row['activity_id']}-{at}"})
    return target


def views(found: Dataset, count: int = 120) -> dict[Query, int]:
    """Return views, the same each time, with how many activities each keeps: counted here, not asked of the server."""
    chance = random.Random(2)
    made: dict[Query, int] = {}
    areas = sorted({code for row in found.corrected.decisions for code in row.areas if len(code) == 4})
    while len(made) < count:
        query: list[tuple[str, str]] = [("lang", "en")]
        query += [("sdg", str(one)) for one in chance.sample(range(1, 18), chance.choice((0, 1, 2)))]
        query += [("area", chance.choice(areas))] if chance.random() < 0.4 else []
        query += [("q", chance.choice(("water", "school", "health", "food")))] if chance.random() < 0.2 else []
        query += [("level", "adm2")] if chance.random() < 0.3 else []
        asked: dict[str, list[str]] = {}
        for name, value in query:
            asked.setdefault(name, []).append(value)
        kept, problems = filters.from_query(asked, found)
        total = int(filters.apply(found, kept).sum())
        if total and not problems:  # of nothing the page says which filter to loosen, and no total
            made[tuple(query)] = total
    return made


@dataclass
class Figures:
    """Seconds of each answer, and each that was not as it should be."""

    first: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def told(self) -> str:
        """Return the figures in words."""
        head = f"first view p95 {share(self.first, 95):.2f} s; "
        body = (
            f"{len(self.seconds):,} changes, p50 {share(self.seconds, 50):.2f} s, p95 {share(self.seconds, 95):.2f} s"
        )
        return f"{head}{body}, most {max(self.seconds, default=0):.2f} s, {len(self.faults)} failures"


def share(values: Sequence[float], percent: int) -> float:
    """Return the value that so many of a hundred do not exceed."""
    return sorted(values)[max(0, -(-len(values) * percent // 100) - 1)] if values else float("nan")


async def ask(socket: ClientConnection, query: Query) -> list[str]:
    """Ask for a view, wait for its end and return the totals that it shows."""
    asked = BackMsg()
    asked.rerun_script.query_string = urlencode(query)
    await socket.send(asked.SerializeToString())
    totals: list[str] = []
    while True:
        message = ForwardMsg()
        message.ParseFromString(await asyncio.wait_for(socket.recv(decode=False), WAIT))
        kind = message.WhichOneof("type")
        if kind == "script_finished":
            # A run that another one overtook is told as well; only the end of ours counts.
            return totals
        if kind == "delta" and message.delta.new_element.HasField("markdown"):
            totals += TOTAL.findall(message.delta.new_element.markdown.body)


def door(url: str) -> connect:
    """Return a connection as a browser makes it."""
    address = f"{url.replace('http', 'ws', 1)}/_stcore/stream"
    return connect(address, subprotocols=[Subprotocol("streamlit")], origin=Origin(url), max_size=None, open_timeout=60)


async def visitor(url: str, known: dict[Query, int], changes: int, think: float, seed: int, kept: Figures) -> None:
    """Come, change the view so often, and leave."""
    chance = random.Random(seed)
    await asyncio.sleep(chance.uniform(0, 2 * think))  # nobody comes at the same moment as all others
    try:
        async with door(url) as socket:
            for turn in range(changes + 1):
                query = chance.choice(list(known))
                start = time.monotonic()
                totals = await ask(socket, query)
                (kept.seconds if turn else kept.first).append(time.monotonic() - start)
                if totals != [f"{known[query]:,}"]:
                    kept.faults.append(f"{urlencode(query)}: {totals}, expected {known[query]}")
                await asyncio.sleep(chance.uniform(0, 2 * think))
    except (WebSocketException, OSError, TimeoutError) as error:
        kept.faults.append(f"{type(error).__name__}: {error}")


async def crowd(url: str, known: dict[Query, int], count: int, changes: int, think: float) -> Figures:
    """Let visitors come at once; return what they met."""
    kept = Figures()
    await asyncio.gather(*(visitor(url, known, changes, think, seed, kept) for seed in range(count)))
    return kept


def apart(url: str, known: dict[Query, int], count: int, changes: int, think: float) -> Figures:
    """Let a crowd come in a thread of its own: Playwright keeps a running event loop in that of the tests."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(crowd(url, known, count, changes, think))).result()


async def interleaved(url: str, known: dict[Query, int], turns: int) -> Tally:
    """Two visitors take turns, and ask at the same moment in each third: each sees its own view and no other's."""
    tally, chance = Tally(), random.Random(3)
    queries = list(known)
    async with door(url) as one, door(url) as other:
        for turn in range(turns):
            mine, theirs = chance.sample(queries, 2)
            if turn % 3:
                found = [await ask(one, mine), await ask(other, theirs)]
            else:
                found = list(await asyncio.gather(ask(one, mine), ask(other, theirs)))
            for query, totals in zip((mine, theirs), found, strict=True):
                tally.see(totals == [f"{known[query]:,}"], "interleaved", urlencode(query), totals)
    return tally


async def soak(url: str, known: dict[Query, int], count: int, minutes: float, think: float, server: int) -> str:
    """Let visitors come and go for so long; return what they met, and how the memory grew from its first tenth on."""
    kept, end, sizes = Figures(), time.monotonic() + minutes * 60, [memory(server)]

    async def seat(place: int) -> None:
        turn = 0
        while time.monotonic() < end:
            turn += 1
            await visitor(url, known, STAYS, think, place + 1000 * turn, kept)

    async def watch() -> None:
        while time.monotonic() < end:
            await asyncio.sleep(minutes * 6)
            sizes.append(memory(server))

    await asyncio.gather(watch(), *(seat(place) for place in range(count)))
    early, late = sizes[min(2, len(sizes) - 1)], sizes[-1]
    grown = f"memory {early} -> {late} MiB ({(late - early) / early:+.1%} after the first fifth), all: {sizes}"
    return f"{minutes:g} minutes, {kept.told()}; {grown}"


def server_process() -> int:
    """Return the id of the server that this process started."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
            if parent == os.getpid() and b"pages._ui.server" in path.with_name("cmdline").read_bytes():
                return int(path.parent.name)
        except OSError:
            continue
    raise SystemExit("No server of this process was found in /proc.")


def memory(process: int) -> int:
    """Return the memory of a process in MiB."""
    text = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return int(re.search(r"VmRSS:\s*(\d+)", text)[1]) // 1024  # type: ignore[index]


def processor(process: int) -> float:
    """Return the seconds of processor time that a process has spent."""
    spent = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(spent[11]) + int(spent[12])) / os.sysconf("SC_CLK_TCK")


def main() -> int:
    """Let them come; 1 where an answer was wrong or late, or the memory more than 1.5 GB."""
    count, changes, think = int(number("VISITORS", 50)), int(number("CHANGES", 12)), number("THINK", 3)
    limit, most, minutes = number("LIMIT", 2), int(number("MOST", 400)), number("SOAK", 0)
    lines: list[str] = []
    with tempfile.TemporaryDirectory(prefix="lao_sdg_load_") as name:
        folder = Path(name)
        file = data(folder, int(number("ACTIVITIES", 2000)))
        known = views(library.from_file(file))
        with serving(folder / "log.txt", 0, DATA=str(file), APP_ROLE="public") as url:
            server, load = server_process(), os.getloadavg()[0]
            start, before = memory(server), processor(server)
            told = asyncio.run(crowd(url, known, count, changes, think))
            used, spent = memory(server), processor(server) - before
            each = spent * 1000 / max(1, len(told.seconds) + len(told.first))
            lines.append(f"{count} visitors, {think:g} s between changes (load before: {load:.1f}): {told.told()}")
            lines.append(
                f"server memory {start} MiB at its start, {used} MiB after; {each:.0f} ms of processor time a view"
            )
            turns = asyncio.run(interleaved(url, known, 200))
            lines.append(f"two visitors interleaved 200 times: {turns.checked} answers, {len(turns.faults)} of another")
            print("\n".join(lines), *told.faults[:10], *turns.faults[:10], sep="\n", flush=True)
            if minutes:
                lines.append(asyncio.run(soak(url, known, count, minutes, think, server)))
                print(lines[-1], flush=True)
            lines.append(breaking(url, known, count, think, limit, most, server))
        log = (folder / "log.txt").read_text(encoding="utf-8", errors="replace")
    faults = [*told.faults, *turns.faults, *(["a traceback in the server's log"] if "Traceback" in log else [])]
    good = not faults and share(told.seconds, 95) <= limit and used <= 1500
    print("\n" + "\n".join(lines))
    print(f"load: {'within' if good else 'NOT WITHIN'} p95 {limit:g} s and 1,500 MiB, {len(faults)} faults")
    return 0 if good else 1


def breaking(url: str, known: dict[Query, int], count: int, think: float, limit: float, most: int, server: int) -> str:
    """Let more and more come; return the first number whose 95th answer of a hundred is late."""
    while (count := int(count * 1.5)) <= most:
        told = asyncio.run(crowd(url, known, count, 5, think))
        late = share(told.seconds, 95)
        print(f"  {count} visitors: {told.told()}, server {memory(server)} MiB", flush=True)
        if late > limit or told.faults:
            return f"it breaks at about {count} visitors at once: {told.told()}, server {memory(server)} MiB"
    return f"it did not break with up to {most} visitors at once"


if __name__ == "__main__":
    sys.exit(main())
