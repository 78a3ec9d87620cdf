"""``make audit``: every locked package asked for known faults; what was not asked about is never taken for sound.

An advisory service has to be reached.  Where it cannot be, or answers on fewer packages than are locked for this
machine, the audit fails and says so.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent.parent
LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-assets.txt")


def locked(text: str) -> dict[str, str]:
    """Return the packages of a lock that apply to this machine, with their versions.

    Raises:
        ValueError: when an entry is not pinned, or bears no hash.
    """
    found: dict[str, str] = {}
    for entry in re.split(r"\n(?=\S)", text.strip()):
        head, _, hashes = entry.replace("\\\n", " ").partition("--hash=")
        if not hashes:
            raise ValueError(f"{head.strip()!r} is locked without a hash")
        wanted = Requirement(head.strip())
        if wanted.marker is None or wanted.marker.evaluate():
            pins = [one.version for one in wanted.specifier if one.operator == "=="]
            if len(pins) != 1:
                raise ValueError(f"{head.strip()!r} is not pinned to one version")
            found[canonicalize_name(wanted.name)] = pins[0]
    return found


def judge(wanted: Mapping[str, str], report: Mapping[str, Any]) -> tuple[list[str], int]:
    """Return what is wrong by the report of an audit on the packages of a lock, and how many it answered on."""
    answers = {canonicalize_name(one["name"]): one for one in report.get("dependencies", ())}
    sound = {
        name
        for name, one in answers.items()
        if name in wanted and "vulns" in one and not one.get("skip_reason") and one.get("version") == wanted[name]
    }
    faults = [
        f"{name} {one.get('version')}: {fault['id']}, mended in {', '.join(fault.get('fix_versions') or ['none'])}"
        for name, one in answers.items()
        for fault in one.get("vulns", ())
    ]
    if missing := sorted(set(wanted) - sound):
        few = ", ".join(missing[:5]) + (" ..." if len(missing) > 5 else "")
        faults.append(f"{len(missing)} of {len(wanted)} locked packages were NOT audited: {few}")
    return faults, len(sound)


def ask(lock: Path) -> dict[str, Any]:
    """Return the report of pip-audit on a lock, empty where it gives none."""
    service = os.environ.get("AUDIT_SERVICE") or "osv"
    command = [sys.executable, "-m", "pip_audit", "-r", str(lock), "--disable-pip", "--require-hashes"]
    options = ["-f", "json", "--progress-spinner", "off", "-s", service]
    done = subprocess.run([*command, *options], check=False, capture_output=True, text=True, timeout=600)
    try:
        found = json.loads(done.stdout)
    except ValueError:
        last = (done.stderr.strip().splitlines() or ["no word"])[-1]
        print(f"  {lock.name}: the advisory service gave no report ({last[:160]})")
        return {}
    return found if isinstance(found, dict) else {}


def main() -> int:
    """Audit every lock; 1 where a fault is known or a package was not asked about."""
    audited = total = wrong = 0
    for name in LOCKS:
        lock = ROOT / name
        wanted = locked(lock.read_text(encoding="utf-8"))
        faults, answered = judge(wanted, ask(lock))
        audited, total, wrong = audited + answered, total + len(wanted), wrong + len(faults)
        print(f"{name}: {answered} of {len(wanted)} packages audited, all pinned with hashes", *faults, sep="\n  ")
    if not audited:
        print(
            "Nothing was audited: no advisory service was reached. Run it where one can be (AUDIT_SERVICE=osv or pypi)."
        )
    print(f"audit: {audited} of {total} locked packages audited, {'FAILED' if wrong else 'no known fault'}")
    return 1 if wrong or not audited else 0


if __name__ == "__main__":
    sys.exit(main())
