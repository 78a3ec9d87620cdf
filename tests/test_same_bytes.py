"""The same choices give the same bytes in any process: whatever its hash seed, its time zone and its locale.

Run as a script it prints the digests of files, so that the test can ask fresh processes for them.
"""

from __future__ import annotations

import hashlib
import json
import locale
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from geo import library, printmap, studio
from geo.export import pages
from geo.filters import Filters
from geo.studio_spec import KINDS, StudioSpec

pytestmark = pytest.mark.usefixtures("assets")
PLACES = (("1", "Asia/Vientiane", "de_DE"), ("77", "America/New_York", "C"))  # hash seed, time zone, locale


def digests() -> dict[str, str]:
    """Return the SHA-256 of every kind of page as PNG, SVG and PDF, of the other formats, and of an atlas' ZIP."""
    data = library.embedded()
    made: dict[str, bytes] = {}
    for at, kind in enumerate(KINDS):
        spec = StudioSpec(Filters(), kind=kind, languages=(("en", "lo")[at % 2],), paper="slide", items=())
        first = studio.leaves(data, spec)[0]
        for form in printmap.FORMATS:
            made[f"{kind}.{form}"] = printmap.picture(first, studio.press(spec, dpi=40), form)
    for office in (*pages.OFFICE, "html"):
        for language in ("en", "lo"):
            spec = StudioSpec(Filters(sdg=("6",)), kind="province", items=("LA17",), languages=(language,))
            leaf = studio.leaves(data, spec)[0]
            made[f"{language}.{office}"] = pages.make(data, leaf, studio.press(spec), office)
    book = StudioSpec(Filters(), kind="atlas", items=("LA17", "LA01"), languages=("en", "lo"))
    made["atlas.zip"] = studio.archive(studio.leaves(data, book), studio.press(book, dpi=36), "png")[0]
    return {name: hashlib.sha256(file).hexdigest() for name, file in made.items()}


def environment(root: Path, place: tuple[str, str, str], folder: Path) -> dict[str, str]:
    """Return the environment of a process elsewhere; the locale is compiled where the system can."""
    seed, zone, name = place
    found = {**os.environ, "PYTHONPATH": str(root), "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": name}
    tool = shutil.which("localedef")
    if name != "C" and tool and Path("/usr/share/i18n/locales", name).is_file():
        full = f"{name}.UTF-8"
        subprocess.run(
            [tool, "--no-archive", "-i", name, "-f", "UTF-8", folder / full], check=True, capture_output=True
        )
        return {**found, "LC_ALL": full, "LOCPATH": str(folder)}
    return found if name == "C" else {**found, "LC_ALL": "C.UTF-8"}


def test_two_fresh_processes_elsewhere_give_the_same_bytes(root: Path, tmp_path: Path) -> None:
    places = [environment(root, place, tmp_path) for place in PLACES]
    running = [
        subprocess.Popen([sys.executable, str(Path(__file__))], env=place, stdout=subprocess.PIPE, text=True)
        for place in places
    ]
    told = [json.loads(one.communicate(timeout=120)[0]) for one in running]
    assert [one.returncode for one in running] == [0, 0]
    first, second = (one.pop("digests") for one in told)
    assert first == second
    assert {name.rpartition(".")[2] for name in first} == {*pages.FILES, "zip"}
    assert len(first) == 3 * len(KINDS) + 2 * 4 + 1
    assert told[0]["zone"] != told[1]["zone"]
    if "LOCPATH" in places[0]:
        assert (told[0]["point"], told[1]["point"]) == (",", ".")


if __name__ == "__main__":
    import time

    locale.setlocale(locale.LC_ALL, "")
    sys.stdout.write(
        json.dumps({"digests": digests(), "zone": time.tzname, "point": locale.localeconv()["decimal_point"]})
    )
