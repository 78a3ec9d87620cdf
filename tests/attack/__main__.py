"""``make attack``: hostile strings and hostile files against every door; the last lines are the figures.

STRINGS=n takes n of the strings instead of all, PRINTS=n and CARDS=n so many where a file or a page is made for each.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.attack import corpus
from tests.conftest import CHROMIUM_NAMES

SHOWN = 20  # faults of a part that are printed


def number(name: str, otherwise: int) -> int:
    """Return a number of the environment."""
    return int(os.environ.get(name) or otherwise)


def parts(folder: Path) -> Iterator[tuple[str, object]]:
    """Give each part's name and tally."""
    from tests.attack import chrome, files, injection, strangers  # after the environment is set: the data is read once

    texts = corpus.sample(number("STRINGS", len(corpus.strings())))
    yield from injection.run(texts, number("PRINTS", 300))
    yield "API", injection.api_answers(texts)
    yield from files.run(folder)
    yield from strangers.attack(folder, 1024 * strangers.MIB, 1, number("LINKS", 400))
    found = next(
        (path for name in (os.environ.get("CHROMIUM", ""), *CHROMIUM_NAMES) if (path := shutil.which(name))), ""
    )
    if not found:
        raise SystemExit("No Chromium; expected one on the PATH or in $CHROMIUM. Run: make tools")
    with chrome.chromium(found) as browser:
        yield from chrome.run(browser, folder, texts, number("CARDS", 100))


def main() -> int:
    """Attack; 1 where anything got through."""
    faults = checked = 0
    lines = []
    with tempfile.TemporaryDirectory(prefix="lao_sdg_attack_") as name:
        folder = Path(name)
        data = folder / "hostile.csv"
        data.write_bytes(corpus.table(corpus.sample(number("STRINGS", len(corpus.strings())))))
        os.environ.update(DATA=str(data), LAO_SDG_STORE=str(folder / "none.sqlite3"))
        before = time.monotonic()
        for what, tally in parts(folder):
            now = time.monotonic()
            for fault in tally.faults[:SHOWN]:  # type: ignore[attr-defined]
                print(f"  {what}: {fault}", flush=True)
            lines.append((what, tally.checked, len(tally.faults), now - before))  # type: ignore[attr-defined]
            print(f"{what}: {lines[-1][1]:,} checked, {lines[-1][2]} faults, {lines[-1][3]:.0f} s", flush=True)
            checked, faults, before = checked + lines[-1][1], faults + lines[-1][2], now
            if "DATA" in os.environ and what == "API":
                del os.environ["DATA"]  # what follows has data of its own
    print(f"\n{'what':<70}{'checked':>9}{'faults':>8}{'seconds':>9}")
    for what, seen, wrong, seconds in lines:
        print(f"{what:<70}{seen:>9,}{wrong:>8}{seconds:>9.0f}")
    corpora = "with ../shared/corpora" if corpus.folder() else "WITHOUT ../shared/corpora: our own strings alone"
    print(f"attack: {checked:,} cases, {faults} faults, {corpora}")
    return 1 if faults or not checked else 0


if __name__ == "__main__":
    sys.exit(main())
