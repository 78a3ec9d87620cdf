"""``make sbom``: what the dashboard is made of, as CycloneDX; it fails where a locked package is missing.

The packages that it runs on, and those whose files are copied (Leaflet, the fonts).  The tool checks its own output
against the schema of CycloneDX.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent.parent
LOCKS = ("requirements.txt", "requirements-assets.txt")
PIN = re.compile(r"^([\w.-]+)==([^\s;\\]+)", re.MULTILINE)
SPEC = "1.6"


def pins(lock: str) -> set[tuple[str, str]]:
    """Return every package of a lock with its version, those for other machines among them."""
    return {(canonicalize_name(name), version) for name, version in PIN.findall(lock)}


def make(locks: Iterable[str]) -> dict[str, Any]:
    """Return the list of what the locks pin, checked against the schema.

    Raises:
        subprocess.CalledProcessError: when the tool fails, or its output is not valid.
    """
    command = [sys.executable, "-m", "cyclonedx_py", "requirements", "-", "--pyproject", str(ROOT / "pyproject.toml")]
    options = ["--mc-type", "application", "--output-reproducible", "--validate", "--sv", SPEC, "--of", "JSON"]
    text = "\n".join(locks)
    done = subprocess.run([*command, *options], input=text, check=True, capture_output=True, text=True, timeout=300)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def missing(wanted: Iterable[tuple[str, str]], bom: Mapping[str, Any]) -> list[str]:
    """Return the packages that the list lacks, or has without the SHA-256 of what is installed."""
    hashed = {
        (canonicalize_name(one["name"]), one.get("version", ""))
        for one in bom.get("components", ())
        if any(
            each["alg"] == "SHA-256" for other in one.get("externalReferences", ()) for each in other.get("hashes", ())
        )
    }
    return [f"{name} {version}" for name, version in sorted(set(wanted) - hashed)]


def main() -> int:
    """Write ``var/sbom.json``; 1 where it is not whole."""
    locks = [(ROOT / name).read_text(encoding="utf-8") for name in LOCKS]
    try:
        bom = make(locks)
    except subprocess.CalledProcessError as error:
        print(error.stderr.strip(), file=sys.stderr)
        return 1
    wanted = set().union(*map(pins, locks))
    path = ROOT / "var" / "sbom.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(bom, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    lacking = missing(wanted, bom)
    print(f"var/sbom.json: CycloneDX {bom['specVersion']}, {len(bom['components'])} components")
    print(f"sbom: {len(wanted) - len(lacking)} of {len(wanted)} locked packages", *lacking, sep="\n  ")
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
