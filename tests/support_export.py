"""What the tests of exports share: views to try, hostile texts, a data set with them, and bytes of a fresh process."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

from geo import dataset, scope
from geo.fields import Activity, PartialDate
from geo.filters import Filters
from geo.money import Money

VIEWS = (
    Filters(),
    Filters(sdg=("6",), lang="lo"),
    Filters(metric="budget", view="registered"),
    Filters(metric="people", level="adm2"),
    Filters(view="difference", lang="lo"),
    Filters(q="a word that no activity has"),
)
HOSTILE = "{{7*7}}</script><img src=x onerror=alert(1)>"
FORMULA = '=HYPERLINK("file:///etc/hosts","x")'
ODD = "\u202eright to left\u202c \x07bell \U0001f30d tofu \U000f0000 & <b> ນ້ຳສະອາດ"
LONG = "A title of many words & <marks> " * 70


@cache
def hostile() -> dataset.Dataset:
    """Return a data set whose texts try to run, and one plain activity in each scope."""
    texts = (HOSTILE, FORMULA, "+1+1|cmd", "@SUM(A1)", "-2", ODD, LONG)
    rows = [
        Activity(
            activity_id=f"h{at}",
            title=text,
            summary=text,
            goals=(6,),
            agencies=("WFP", text),
            donors=(text,),
            implementers=(text,),
            places=(text,),
            start=PartialDate.parse("2020"),
            budget=Money(Decimal("1000.10")),
            budget_basis="stated total",
            people_reached=5,
            source_title=text,
            source_url=("javascript:alert(1)", "https://example.org/a?b=1&c=2")[at % 2],
            source_date="2024-05-01",
        )
        for at, text in enumerate(texts)
    ]
    kinds: tuple[scope.Scope, ...] = ("subnational", "nationwide", "unlocated")
    areas = {"subnational": ("LA0101", "LA17")}
    fixed = {
        row.activity_id: scope.ScopeDecision(
            kinds[at % 3],
            areas.get(kinds[at % 3], ()),
            (),
            (scope.Finding("words", row.title, "title", 0, 1, "nationwide", HOSTILE, "x"),),
            "low",
            row.title,
        )
        for at, row in enumerate(rows)
    }
    return replace(dataset.build(rows, digest="hostile", overrides=fixed), published="2026-11-23")


def fresh(module: str, **environment: str) -> str:
    """Return the SHA-256 of two files of ``geo.export.<module>`` made in a process of its own."""
    code = (
        "import hashlib; from geo import library; from geo.filters import Filters; "
        f"from geo.export import {module} as m; d = library.embedded(); "
        "f = [Filters(), Filters(lang='lo', sdg=('6',), metric='agencies')]; "
        "print(*(hashlib.sha256(m.render(d, one)).hexdigest() for one in f))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).resolve().parent.parent,
        env={**os.environ, **environment},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


PLACES = (
    {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C"},
    {"PYTHONHASHSEED": "77", "TZ": "Asia/Vientiane", "LC_ALL": "C.UTF-8"},
)
