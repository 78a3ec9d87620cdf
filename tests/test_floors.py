"""The floors of the house: imports go down only, files and functions stay small.

Every module has its floor in ``FLOORS``; a module that is missing there fails the test, so that somebody decides.
A part floor (4.5) lies between two: modules of one floor do not import each other unless they are of one family.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

FLOORS: dict[str, float] = {
    # 0: words and values of the domain, and pure mathematics
    "geo.errors": 0,
    "geo.money": 0,
    "geo.fold": 0,
    "geo.cycles": 0,
    "geo.colours": 0,
    "geo.parquet": 0,
    "geo.pack": 0.1,
    "geo.fields": 0.1,
    "geo.classes": 0.1,
    "geo.crs": 0.2,
    "geo.codes": 0.2,
    "geo.i18n": 0.2,
    "geo.raster": 0.2,
    "geo.problem_words": 0.3,
    "geo.resolver": 0.3,
    "geo.polygons": 0.3,
    "geo.units": 0.4,
    "geo.place_names": 0.5,
    "geo.place_grammar": 0.6,
    "geo.notation": 0.6,
    "geo.template": 0.6,
    # 1: reading, and making sense of cells, names and shapes
    "geo.readers": 1,
    "geo.active": 1,
    "geo.checks": 1,
    "geo.repairs": 1.2,
    "geo.gazetteer": 1,
    "geo.positions": 1.3,
    "geo.proposals": 1.4,
    "geo.boundaries": 1,
    "geo.boundary_formats": 1.4,
    "geo.boundary_file": 1.5,
    "geo.boundary_report": 1.6,
    # 2: a whole input, the rule, and what is kept
    "geo.place_problems": 2.1,
    "geo.intake": 2.2,
    "geo.scope_words": 1.7,
    "geo.scope": 2,
    "geo.store": 2,
    "geo.access": 2.1,
    "geo.migrations": 2,
    "geo.news": 2,
    # 3: one table of bits
    "geo.code_columns": 2.9,
    "geo.dataset": 3,
    "geo.shares": 3.5,
    "geo.figures": 3.6,
    "geo.partition_rows": 3.7,
    "geo.partitions": 3.8,
    # 4: views of the table
    "geo.filters": 4,
    "geo.filter_help": 4,
    "geo.summary": 4,
    "geo.quality": 4,
    "geo.cluster": 4.2,
    "geo.library": 4.5,
    "geo.own_boundaries": 4,
    # 5: what a map or a table says
    "geo.words": 5,
    "geo.summary_words": 5.1,
    "geo.tables": 5,
    "geo.flows": 5,
    "geo.versions": 5.1,
    "geo.partners": 5.5,
    "geo.profile": 5.5,
    "geo.placelist": 5,
    "geo.operations": 5,
    "geo.print_room": 5,
    "geo.print_leaders": 5.1,
    "geo.print_labels": 5.2,
    "geo.matrix": 5.1,
    "geo.moves": 5.1,
    "geo.print_text": 5,
    "geo.print_points": 5.1,
    "geo.svgmap": 5,
    "geo.smallmap": 5,
    "geo.mapspec": 5.5,
    "geo.news_map": 5.6,
    "geo.search_documents": 5.2,
    "geo.search": 5.3,
    "geo.cite": 5.4,
    # 6: drawing it
    "geo.webmap": 6,
    "geo.charts": 6,
    "geo.timeline": 6.1,
    "geo.provenance": 5.4,
    "geo.print_glyphs": 5.2,
    "geo.print_svg": 5.4,
    "geo.print_spec": 5.6,
    "geo.print_neighbours": 5.6,
    "geo.studio_spec": 5.7,
    "geo.studio_maps": 5.7,
    "geo.studio_flows": 5.7,
    "geo.studio_pages": 5.8,
    "geo.print_frame": 6,
    "geo.print_map": 6,
    "geo.print_halo": 6.02,
    "geo.print_list": 6.06,
    "geo.print_legend": 6.05,
    "geo.print_sheet": 6.07,
    "geo.print_flow": 6.07,
    "geo.print_table": 6,
    "geo.print_desk": 6.09,
    "geo.print_page": 6.1,
    "geo.printmap": 6.2,
    "geo.print_logo": 6.25,
    "geo.studio": 6.3,
    # 7: files for other tools
    "geo.export": 7,
    "geo.bulk": 7.6,
    "geo.cli_bulk": 7.7,
    "geo.judge": 7,
    "geo.cli_studio": 7.5,
    "geo.cli_store": 7.5,
    "geo.cli_export": 7.6,
    "geo.cli_quality": 7.6,
    "geo.cli_boundaries": 7.6,
    "geo.cli_upload": 7.6,
    # 8: doors without a browser
    "geo.cli": 8,
    "geo.api": 8,
    "geo.__main__": 8.5,
    # 9: the browser
    "pages._ui": 9,
    "pages": 9.5,
    "app": 10,
}
# Modules that form one unit under several names: they may import each other, never in a circle.
FAMILIES = (
    "geo.readers",
    "geo.checks",
    "geo.notation",
    "geo.scope",
    "geo.store",
    "geo.export",
    "geo.bulk",
    "geo.webmap",
    "geo.gazetteer",
    "geo.news",
    "geo.api",
    "pages._ui",
)

FILE_LINES = 300
FUNCTION_LINES = 40
PAGE_LINES = 60
TOLERANCE = 1.1  # a line or two over is no reason to cut where nothing ends

Sources = Mapping[str, str]


def listed(module: str, names: Mapping[str, float] | tuple[str, ...]) -> str:
    """Return the longest of ``names`` that is the module, its package, or its name up to an underscore; or ""."""
    found = [
        name
        for name in names
        if module == name or module.startswith(f"{name}.") or (name in FAMILIES and module.startswith(f"{name}_"))
    ]
    return max(found, key=len, default="")


def imports(source: str, modules: set[str]) -> Iterator[str]:
    """Return every module that the source names in an import, at the top or inside a function."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "write imports in full"
            base = node.module or ""
            parts = [f"{base}.{alias.name}" for alias in node.names]
            yield from (part for part in parts if part in modules)
            if not all(part in modules for part in parts):
                yield base


def floor_problems(sources: Sources) -> list[str]:
    """Return each import that does not go down, each module without a floor, and each Streamlit below the pages."""
    found = []
    modules = set(sources)
    for module, source in sources.items():
        own = listed(module, FLOORS)
        if not own:
            found.append(f"{module} has no floor: give it one in tests/test_floors.py")
            continue
        for other in imports(source, modules):
            theirs = listed(other, FLOORS)
            family = listed(module, FAMILIES)
            if other.split(".")[0] == "streamlit" and FLOORS[own] < FLOORS["pages._ui"]:
                found.append(f"{module} imports streamlit below the pages")
            elif other in ("geo", "pages") or other == module:
                continue
            elif other.split(".")[0] in ("geo", "pages", "app") and not theirs:
                found.append(f"{module} imports {other}, which has no floor")
            elif theirs and FLOORS[theirs] >= FLOORS[own] and not (family and family == listed(other, FAMILIES)):
                found.append(f"{module} (floor {FLOORS[own]:g}) imports {other} (floor {FLOORS[theirs]:g})")
    return found


def cycles(sources: Sources) -> list[str]:
    """Return each module that reaches itself through imports."""
    modules = set(sources)
    graph = {name: {one for one in imports(source, modules) if one in modules} for name, source in sources.items()}
    found = []
    for start in sorted(graph):
        seen: set[str] = set()
        ahead = list(graph[start] - {start})
        while ahead:
            one = ahead.pop()
            if one not in seen:
                seen.add(one)
                ahead.extend(graph[one])
        if start in seen:
            found.append(f"{start} imports itself through {', '.join(sorted(seen & graph[start]))}")
    return found


def size_problems(sources: Sources) -> list[str]:
    """Return each file and each function body that is too long; a docstring does not count."""
    found = []
    for module, source in sources.items():
        limit = PAGE_LINES if module.startswith("pages.") and not module.startswith("pages._ui") else FILE_LINES
        lines = len(source.splitlines())
        if lines > limit * TOLERANCE:
            found.append(f"{module} has {lines} lines; expected {limit}")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[1:] if ast.get_docstring(node) is not None else node.body
                length = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
                if length > FUNCTION_LINES * TOLERANCE:
                    found.append(f"{module}.{node.name} has {length} lines; expected {FUNCTION_LINES}")
    return found


@pytest.fixture(scope="module")
def sources(root: Path) -> Sources:
    """The text of every module of geo/, pages/ and app.py by its name."""
    paths = [*root.glob("geo/**/*.py"), *root.glob("pages/**/*.py"), *root.glob("app.py")]
    names = (".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__") for path in paths)
    texts = {name: path.read_text(encoding="utf-8") for name, path in zip(names, paths, strict=True)}
    texts.pop("geo", None)
    return texts


def test_imports_go_down_only(sources: Sources) -> None:
    assert len(sources) > 20
    assert (found := floor_problems(sources)) == [], "\n".join(found)


def test_no_import_goes_in_a_circle(sources: Sources) -> None:
    assert (found := cycles(sources)) == [], "\n".join(found)


def test_files_and_functions_stay_small(sources: Sources) -> None:
    assert (found := size_problems(sources)) == [], "\n".join(found)


def test_a_docstring_names_the_floor_of_its_module(sources: Sources) -> None:
    wrong = []
    for module, source in sources.items():
        first = (ast.get_docstring(ast.parse(source)) or "").split("\n")[0]
        if not first:
            wrong.append(f"{module} has no docstring")
        elif first.startswith("Floor ") and int(float(first.split()[1].rstrip(":."))) != int(
            FLOORS.get(listed(module, FLOORS), -1)
        ):
            wrong.append(f"{module}: {first}")
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("geo.money", "from geo import codes"),
        ("geo.money", "import geo.codes"),
        ("geo.money", "def f():\n    from geo.codes import goal"),
        ("geo.codes", "from geo import i18n"),
        ("geo.filters", "from geo.summary import Summary"),
        ("geo.cli", "import streamlit as st"),
        ("geo.cli", "from streamlit.testing.v1 import AppTest"),
        ("geo.cli", "from pages._ui import state"),
        ("geo.unheard_of", "import math"),
        ("geo.cli", "from geo.unheard_of import x"),
    ],
)
def test_an_import_that_does_not_go_down_is_found(module: str, source: str) -> None:
    others = dict.fromkeys(("geo.codes", "geo.i18n", "geo.summary", "pages._ui.state"), "")
    assert floor_problems({**others, module: source})


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("geo.cli", "from geo import codes"),
        ("geo.readers.delimited", "from geo.readers import RawTable"),
        ("geo.scope_evidence", "from geo.scope_words import W"),
        ("pages._ui.cards", "import streamlit as st\nfrom pages._ui import state"),
        ("app", "from pages._ui import state"),
    ],
)
def test_an_import_that_goes_down_is_none(module: str, source: str) -> None:
    others = dict.fromkeys(("geo.codes", "geo.readers", "geo.scope_words", "pages._ui.state"), "")
    assert floor_problems({**others, module: source}) == []


def test_a_circle_is_found() -> None:
    assert cycles({"geo.scope_a": "from geo import scope_b", "geo.scope_b": "def f():\n    import geo.scope_a"})


def test_a_long_file_and_a_long_function_are_found() -> None:
    assert size_problems({"geo.money": "x = 1\n" * 340})
    assert size_problems({"pages.map": "x = 1\n" * 70})
    assert size_problems({"geo.money": "def f():\n" + "    x = 1\n" * 50})
    assert size_problems({"geo.money": "def f():\n    '''" + "word\n" * 50 + "'''\n    return 1\n"}) == []
