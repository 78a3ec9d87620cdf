"""Write every file and every answer that the country pack of the environment gives: ``python -m tests.every_file OUT``.

The names say what made each one.  Run in a process of its own, since a pack is read once a process.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from starlette.applications import Starlette
from starlette.testclient import TestClient

from geo import api, library, pack
from geo.api_contents import ENDPOINTS
from geo.cli import main
from geo.export.formats import FORMATS
from geo.export.quality import KINDS
from pages._ui import file_route

ENDINGS = (".xlsx", ".csv")  # of the template


def write(out: Path) -> None:
    """Write the files into a folder, in each language of the pack."""
    for key, one in FORMATS.items():
        _run("export", "--format", key, "-o", out / f"export_{key}.{one.ending}")
    for ending in ENDINGS:
        _run("template", "-o", out / f"template{ending}")
    first = library.embedded().activities[0].activity_id
    site = Starlette(routes=[*file_route.routes(""), *api.routes()])
    with TestClient(site, raise_server_exceptions=False) as client:
        for language in pack.settings().languages:
            for kind in KINDS:
                _run("quality", "--lang", language, "-o", out / f"quality_{language}.{kind}")
            for kind in file_route.MAKERS:
                _get(client, f"/files/{kind}?lang={language}", out / f"page_{language}_{kind}")
            for endpoint in ENDPOINTS:
                path = endpoint.path.replace("{activity_id}", first)
                asked = f"?lang={language}" if "filters" in endpoint.takes else ""
                _get(client, f"{api.BASE}{path}{asked}", out / f"api_{language}_{path.replace('/', '_')}")
            _get(client, f"{api.BASE}/?lang={language}", out / f"api_{language}.html")
        _get(client, f"{api.BASE}/openapi.json", out / "api_openapi.json")


def _run(*arguments: object) -> None:
    if main(list(map(str, arguments))) != 0:
        raise SystemExit(f"the command {' '.join(map(str, arguments))} failed")


def _get(client: TestClient, address: str, to: Path) -> None:
    answer = client.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address}: {answer.status_code}, {answer.text}")
    to.write_bytes(answer.content)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
    print(json.dumps(sorted(path.name for path in Path(sys.argv[1]).iterdir())))
