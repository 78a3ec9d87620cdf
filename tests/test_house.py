"""The house rules: what a file of the repository may not hold, and what must be locked, listed and installed."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

# Written in halves, so that this file does not hold what it looks for.
REGISTRIES = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "com"),
        ("npmjs", "org"),
        ("deb.debian", "org"),
        ("security.debian", "org"),
        ("proxy.golang", "org"),
        ("crates", "io"),
        ("unpkg", "com"),
        ("jsdelivr", "net"),
        ("cdnjs.cloudflare", "com"),
        ("fonts.googleapis", "com"),
        ("fonts.gstatic", "com"),
    )
)
# A home, a work tree or a temporary folder of somebody's machine.
PERSONAL = re.compile(r"(?<![\w.])/(?:home|Users|root|work|tmp)/[\w.-]+")
BINARY = {".png", ".parquet", ".ttf", ".woff2", ".xlsx", ".pdf", ".gpkg", ".zip", ".pptx", ".docx", ".ico", ".jpg"}
# Packages whose module has another name.
MODULE_OF = {
    "fonttools": "fontTools",
    "pillow": "PIL",
    "python-docx": "docx",
    "python-pptx": "pptx",
}
REQUIREMENTS = {"requirements.in": "requirements.txt", "requirements-dev.in": "requirements-dev.txt"}


def tracked(root: Path) -> list[Path]:
    """Return the files that a commit would hold."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    done = subprocess.run(command, cwd=root, check=True, capture_output=True)
    found = (root / name for name in done.stdout.decode("utf-8").split("\0") if name)
    return [path for path in found if path.is_file()]


def texts(root: Path) -> dict[str, str]:
    """Return the text of every tracked file by its name."""
    paths = [path for path in tracked(root) if path.suffix not in BINARY]
    return {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8", errors="replace") for path in paths}


def names(lines: str) -> set[str]:
    """Return the package names of a requirements file, as registries spell them."""
    found = re.findall(r"^([A-Za-z0-9][A-Za-z0-9._-]*)", lines, re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", name).lower() for name in found}


def test_no_file_names_a_registry(root: Path) -> None:
    found = [(name, host) for name, text in texts(root).items() for host in REGISTRIES if host in text]
    assert found == []


def test_no_file_holds_a_personal_path(root: Path) -> None:
    wrong = {
        name: hits
        for name, text in texts(root).items()
        if name != "tests/test_house.py" and (hits := PERSONAL.findall(text))
    }
    assert wrong == {}


def test_the_patterns_find_what_they_are_for() -> None:
    assert PERSONAL.search("cd /home/somebody/map")
    assert not PERSONAL.search("https://example.org/work/of/art and pages/work")
    assert f"see {REGISTRIES[0]}".endswith("py" + "pi.org")
    assert len(set(REGISTRIES)) == len(REGISTRIES) > 10


def test_nothing_third_party_and_nothing_made_is_in_the_repository(root: Path) -> None:
    wrong = re.compile(r"(^|/)(static/vendor|node_modules|\.venv|__pycache__|var)/|\.(ttf|woff2?|min\.js)$")
    assert [name for path in tracked(root) if wrong.search(name := path.relative_to(root).as_posix())] == []


def test_no_file_has_a_note_to_do(root: Path) -> None:
    word = "TO" + "DO"
    assert [name for name, text in texts(root).items() if re.search(rf"\b{word}\b", text)] == []


@pytest.mark.parametrize(("short", "locked"), REQUIREMENTS.items())
def test_a_lock_pins_everything_with_hashes(root: Path, short: str, locked: str) -> None:
    lock = (root / locked).read_text(encoding="utf-8")
    assert names((root / short).read_text(encoding="utf-8")) <= names(lock)
    for entry in re.split(r"\n(?=\S)", lock.strip()):
        assert re.match(r"[a-z0-9-]+==\S+", entry), entry
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry
    assert "://" not in lock


def test_the_asset_packages_are_pinned_with_hashes(root: Path) -> None:
    lock = (root / "requirements-assets.txt").read_text(encoding="utf-8")
    assert names(lock) == {"django-leaflet", "justmytype-intl-sea"}
    assert lock.count("==") == 2
    assert lock.count("--hash=sha256:") >= 2


def imported(root: Path, *patterns: str) -> set[str]:
    """Return the first parts of every module that files import."""
    found: set[str] = set()
    for path in (path for pattern in patterns for path in root.glob(pattern)):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found.update(alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module.split(".")[0])
    return found


def test_every_import_is_a_requirement(root: Path) -> None:
    short = names((root / "requirements.in").read_text(encoding="utf-8"))
    modules = {MODULE_OF.get(name, name.replace("-", "_")) for name in short}
    used = imported(root, "geo/**/*.py", "pages/**/*.py", "data/*.py", "app.py")
    ours = {"geo", "pages", "app", *(path.stem for path in (root / "data").glob("*.py"))}
    assert used - modules - set(sys.stdlib_module_names) - ours == set()


def test_the_readme_lists_every_requirement_with_its_reason(root: Path) -> None:
    readme = (root / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\|\s*`?([A-Za-z0-9._-]+)`?\s*\|(.*)\|\s*$", readme, re.MULTILINE)
    reasons = {re.sub(r"[-_.]+", "-", name).lower(): reason.strip() for name, reason in rows}
    short = names((root / "requirements.in").read_text(encoding="utf-8"))
    assert sorted(short - {name for name, reason in reasons.items() if len(reason) > 10}) == []


def test_ci_runs_make_test_and_nothing_else(root: Path) -> None:
    script = (root / ".ci" / "run").read_text(encoding="utf-8")
    commands = [line for line in script.splitlines() if line.strip() and not line.startswith("#")]
    assert commands == ["set -eu", 'cd "$(dirname "$0")/.."', "exec make test"]


def test_the_settings_keep_to_the_design(root: Path) -> None:
    with (root / ".streamlit" / "config.toml").open("rb") as handle:
        settings = tomllib.load(handle)
    assert settings["browser"] == {"gatherUsageStats": False}
    assert settings["client"] == {"showErrorDetails": "none", "toolbarMode": "viewer"}
    assert settings["server"] == {
        "address": "127.0.0.1",
        "headless": True,
        "fileWatcherType": "none",
        "enableCORS": True,
        "enableXsrfProtection": True,
        "maxUploadSize": 20,
        "enableStaticServing": True,
        "enableWebsocketCompression": True,
    }


def test_streamlit_knows_every_setting(root: Path) -> None:
    code = (
        "from streamlit import config, logger\n"
        "config.get_config_options(force_reparse=True)\n"
        "print(config.get_option('server.maxUploadSize'), len(config.get_option('theme.fontFaces')))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["20", "2"]
    assert "not a valid config option" not in done.stdout + done.stderr


def test_the_licence_is_apache(root: Path) -> None:
    text = (root / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License\n                           Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text
