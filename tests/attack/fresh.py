"""A plugin of pytest for ``make mutate`` alone (pyproject.toml names it): no test lives on what another one left.

The rules keep what they have worked out (``lru_cache``): a changed rule would not be asked again, and mutmut would not
see which tests reach it.  Random examples are few, the same each time, and are not made smaller once one fails.
"""

from __future__ import annotations

import json
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest
from hypothesis import Phase, settings

RULES = ("geo.scope*", "geo.gazetteer*", "geo.checks*", "geo.money", "geo.filters", "geo.summary", "geo.access")
EXAMPLES = 15
STATS = Path("mutmut-stats.json")  # in mutants/, where the tests run


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    phases = (Phase.explicit, Phase.generate)
    settings.register_profile(
        "mutate", deadline=None, derandomize=True, database=None, max_examples=EXAMPLES, phases=phases
    )
    settings.load_profile("mutate")
    for name, module in list(sys.modules.items()):
        if name.startswith("tests."):
            for test in list(vars(module).values()):
                _forget_names(test)


def _forget_names(test: object) -> None:
    """Have pytest name a test's cases anew: it escapes names that it kept once more, and finds those in Lao no more."""
    marks = getattr(test, "pytestmark", ())
    for mark in marks if isinstance(marks, list) else ():
        if kept := getattr(mark, "_param_ids_from", None):
            object.__setattr__(kept, "_param_ids_generated", None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the quickest tests first: the first that fails is enough."""
    if STATS.exists():
        seconds = json.loads(STATS.read_text(encoding="utf-8"))["duration_by_test"]
        items.sort(key=lambda item: seconds.get(item.nodeid, 0.0))


def pytest_runtest_setup() -> None:
    for name, module in list(sys.modules.items()):
        if any(fnmatch(name, rule) for rule in RULES):
            for value in list(vars(module).values()):
                if hasattr(value, "cache_clear") and getattr(value, "__module__", "") == name:
                    value.cache_clear()
