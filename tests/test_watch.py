"""Figures and logs of a process: counted, in the staff's process alone, and without anybody's data."""

from __future__ import annotations

import json
import logging
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from pages._ui import watch
from tests.conftest import serving


def get(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def figures(text: str) -> dict[str, float]:
    """Return each sample's value by its name and labels."""
    return {
        f"{one.name} {' '.join(f'{key}={value}' for key, value in sorted(one.labels.items()))}".strip(): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


def test_the_staff_s_process_tells_its_figures_and_logs_no_address(assets: Path, tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    with serving(log, 0, APP_ROLE="staff", METRICS="1", LOG_FORMAT="json") as url:
        assert get(f"{url}/api/v1/summary?q=somebody")[0] == 200
        assert get(f"{url}/api/v1/activities/nobody-has-this-id")[0] == 404
        status, text = get(f"{url}/metrics")
    assert status == 200
    found = figures(text)
    assert found["lao_sdg_requests_total kind=api method=GET status=200"] == 1
    assert found["lao_sdg_requests_total kind=api method=GET status=404"] == 1
    assert found["lao_sdg_sessions"] == found["lao_sdg_sockets"] == 0
    assert sys.platform != "linux" or found["process_resident_memory_bytes"] > 10_000_000
    said = log.read_text(encoding="utf-8")
    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    assert [one["status"] for one in lines if one.get("kind") == "api"] == [200, 404]
    assert "somebody" not in said
    assert "nobody-has-this-id" not in said


@pytest.mark.parametrize("role", ["public", "staff"])
def test_nobody_else_tells_them(assets: Path, tmp_path: Path, role: str) -> None:
    wanted = {"METRICS": "1"} if role == "public" else {}
    with serving(tmp_path / "log.txt", 0, APP_ROLE=role, **wanted) as url:
        assert "lao_sdg_requests" not in get(f"{url}/metrics")[1]


def test_a_line_of_the_log_has_neither_addresses_nor_the_words_of_an_error(caplog: pytest.LogCaptureFixture) -> None:
    try:
        raise ValueError("the title of ann@example.org")
    except ValueError:
        error = sys.exc_info()
    line = watch.Line("x", logging.ERROR, __file__, 1, "from %s at %s", ("ann@example.org", "10.1.2.3"), error)
    text = logging.Formatter("%(message)s").format(line)
    found = json.loads(text)
    assert found["error"][0] == "ValueError"
    assert found["level"] == "ERROR"
    assert "ann" not in text
    assert "10.1.2.3" not in text


def test_errors_are_counted() -> None:
    before = watch.ERRORS.labels("here")._value.get()
    make = watch._counted(logging.LogRecord)
    make("here.there", logging.ERROR, "", 1, "x", (), None)
    make("here.there", logging.WARNING, "", 1, "x", (), None)
    assert watch.ERRORS.labels("here")._value.get() == before + 1


@pytest.mark.parametrize(
    ("path", "kind"), [("/api/v1/x", "api"), ("/", "page"), ("/queue", "page"), ("/static/a", "static")]
)
def test_an_address_is_told_by_its_kind(path: str, kind: str) -> None:
    assert watch.kind_of(path) == kind
