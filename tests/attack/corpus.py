"""The strings that break templates, scripts and pages: our own few, and those of ../shared/corpora if it is there."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from geo.fields import Fields

ROOT = Path(__file__).resolve().parent.parent.parent
# A template that ran says so: no text of ours and none of the corpora holds these products.
FIRST, SECOND = 7919, 6007
PRODUCT = str(FIRST * SECOND)
# ``alert`` runs in the browser; each of these tells on another engine.
SENTINELS = (
    f"{{{{{FIRST}*{SECOND}}}}}",
    f"${{{FIRST}*{SECOND}}}",
    f"#{{{FIRST}*{SECOND}}}",
    f"<%= {FIRST}*{SECOND} %>",
    f"{{% set x = {FIRST}*{SECOND} %}}{{{{x}}}}",
    f"{{{{cycler.__init__.__globals__.os.getpid()*0+{FIRST}*{SECOND}}}}}",
    f'#eval("{FIRST}*{SECOND}")',
    f"#({FIRST}*{SECOND})",
    f"$#({FIRST}*{SECOND})$",
    f"={FIRST}*{SECOND}",
    f"</script><script>document.title={FIRST}*{SECOND};alert({FIRST}*{SECOND})</script>",
    f"<img src=x onerror=alert({FIRST}*{SECOND})>",
    f"[link](javascript:alert({FIRST}*{SECOND}))",
    "<svg/onload=alert(1)>",
    "{% include 'x' %}",
    "{% raw %}",
    "{# never closed",
    "*bold* :red[x] $x^2$ `code` ~~gone~~ :material/home:",
    "]]></title><script>alert(1)</script>",
    "&lt;b&gt; &amp;amp; &#39;",
    "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e",
    "line one\u2028line two\u2029end",
)


def folder() -> Path | None:
    """Return the folder of the corpora, None where it is not there."""
    found = Path(os.environ.get("LAO_SDG_SHARED", "") or ROOT.parent / "shared") / "corpora"
    return found if (found / "README.md").is_file() else None


@cache
def strings() -> tuple[str, ...]:
    """Return every string once: ours first, then those of the corpora in the order of their files."""
    found = list(SENTINELS)
    if where := folder():
        found += json.loads((where / "naughty-strings" / "blns.json").read_text(encoding="utf-8"))
        for path in sorted((where / "made-here" / "text").glob("*.json")):
            found += _texts(json.loads(path.read_text(encoding="utf-8")))
        for name in ("ssti-payloads", "xss-payloads"):
            for path in sorted((where / name / "Intruder").glob("*.txt")):
                found += path.read_text(encoding="utf-8", errors="replace").splitlines()
    # A file with a zero byte is no text and refused as a whole (tests/test_corpora_tables.py).
    return tuple(dict.fromkeys(text.replace("\x00", "") for text in found))


def _texts(value: object) -> list[str]:
    """Return every text of a JSON value."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for pair in value.items() for one in pair for text in _texts(one)]
    return [text for one in value for text in _texts(one)] if isinstance(value, list) else []


def sample(count: int) -> tuple[str, ...]:
    """Return ours and every so-many-th of the others, ``count`` or fewer in all."""
    ours, others = SENTINELS, strings()[len(SENTINELS) :]
    step = max(1, -(-len(others) // max(1, count - len(ours))))
    return (*ours, *others[::step])


def table(texts: Sequence[str], first: int = 0) -> bytes:
    """Return a CSV file with an activity for each text, which stands in every field that may hold one."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(Fields))
    writer.writeheader()
    for number, text in enumerate(texts, first):
        known = {
            Fields.ACTIVITY_ID: f"h{number}",
            Fields.SDGS: str(number % 18 + 1),
            Fields.SDG_TARGETS: "",
            Fields.LOCATIONS: f"Attapeu Province; {text}" if number % 2 else "Attapeu Province",
            Fields.STATUS: "2",
            Fields.START_DATE: "2020",
            Fields.END_DATE: "2024",
            Fields.BUDGET_USD: "1000",
            Fields.PEOPLE_REACHED: "5",
            Fields.SOURCE_DATE: "2024-05-01",
            Fields.CURRENCY: "",
            Fields.POINTS: "",
            Fields.GEOGRAPHY: "",
        }
        writer.writerow({**dict.fromkeys(Fields, text), **known})
    return out.getvalue().encode()
