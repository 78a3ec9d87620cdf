"""Bring the texts of the code into the catalogues of data/i18n (``make i18n``).

Every ``_("text")`` and ``plural("one", "several", count)`` of geo/, pages/ and app.py becomes an entry, and so do the
sentences of the scope rule, those of the checks and the credits of data/pack.toml, which are translated where they are
shown.  Translations are kept, also of texts that the code no longer uses (as obsolete entries): a text that comes back
finds its own again.  The output has no dates, so that the same texts give the same bytes.

    python data/build_catalogue.py            writes the catalogues
    python data/build_catalogue.py --check    exits with 1 when one of them is not up to date
"""

from __future__ import annotations

import argparse
import ast
import io
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PACK = "data/pack.toml"

Key = str | tuple[str, ...]
# Texts that stand in values, by the name that is called and the places of its arguments.
IN_VALUES = {
    "Signal": (4, 5),
    "ScopeDecision": (5,),
    "Problem": (4, 5),
    "problem": (3, 4),
    "report": (3, 4),
    "Endpoint": (3,),
}
# Names that a function gives to such texts before it uses them.
WORDS = ("expected", "fix")


def texts() -> list[Key]:
    """Return the texts of the code, in order, each once.

    Read from the syntax tree, since a search through tokens finds no call inside an f-string before Python 3.12.
    """
    found: set[Key] = set(_credits())
    for path in _sources():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        constants = _constants(tree)
        found.update(_words(tree, constants))
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            places = IN_VALUES.get(_name(call.func), ())
            found.update(text for at in places if (text := _string(call.args[at : at + 1], constants)))
            if text_of_call := _text(call):
                found.add(text_of_call)
    return sorted(found, key=str)


def _credits() -> Iterator[str]:
    """Return the source, the credit and the census of the country pack."""
    if (ROOT / PACK).exists():
        pack = tomllib.loads((ROOT / PACK).read_text(encoding="utf-8"))
        yield from (pack["data"]["source"], pack["data"]["boundary_credit"], pack["census"]["source"])


def _constants(tree: ast.Module) -> dict[str, str]:
    """Return the texts that a module names at its top."""
    known: dict[str, str] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            known[node.targets[0].id] = _string([node.value], known)
    return known


def _words(tree: ast.Module, constants: dict[str, str]) -> Iterator[str]:
    """Return the texts that functions give to the names of ``WORDS``, either one where a condition decides."""
    for node in (node for node in ast.walk(tree) if isinstance(node, ast.Assign)):
        target, value = node.targets[0], node.value
        pairs = [(target, value)]
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            pairs = list(zip(target.elts, value.elts, strict=True))
        for name, text in pairs:
            if isinstance(name, ast.Name) and name.id in WORDS:
                choices = [text.body, text.orelse] if isinstance(text, ast.IfExp) else [text]
                yield from filter(None, (_string([choice], constants) for choice in choices))


def _string(values: list[ast.expr], known: dict[str, str]) -> str:
    """Return expressions as one text where they are texts, names of texts or made of such; else ""."""
    parts = []
    for value in values:
        if isinstance(value, ast.Constant):
            parts.append(value.value if isinstance(value.value, str) else "")
        elif isinstance(value, ast.JoinedStr):
            parts.append(_string(value.values, known))
        elif isinstance(value, ast.FormattedValue):
            parts.append(_string([value.value], known))
        else:
            parts.append(known.get(value.id, "") if isinstance(value, ast.Name) else "")
    return "".join(parts) if all(parts) else ""


def _text(call: ast.Call) -> Key | None:
    """Return the text of ``_("text")``, ``i18n.translator(language)("text")`` or ``plural("one", "several", n)``."""
    words = [arg.value for arg in call.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    name = _name(call.func)
    if isinstance(call.func, ast.Call):
        name = {"translator": "_", "plural": "plural"}.get(_name(call.func.func), "")
    if name == "_" and words:
        return words[0]
    return (words[0], words[1]) if name == "plural" and len(words) == 2 else None


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _sources() -> Iterator[Path]:
    for folder in ("geo", "pages"):
        yield from sorted((ROOT / folder).rglob("*.py"))
    if (ROOT / "app.py").exists():
        yield ROOT / "app.py"


def updated(old: bytes, language: str) -> bytes:
    """Return the catalogue ``old`` with exactly the texts of the code as live entries."""
    before = read_po(io.BytesIO(old), locale=language)
    known: dict[str, Message] = {_first(one.id): one for one in (*before.obsolete.values(), *before) if one.id}
    after = Catalog(locale=language, fuzzy=False)
    for text in texts():
        one = known.pop(_first(text), None)
        if one is None or isinstance(one.id, str) != isinstance(text, str):
            after.add(text)
            continue
        # An obsolete entry is stored without its flags: back in use, it waits for its check again.
        checked = one.id in before and not one.fuzzy
        after.add(text, one.string, flags=() if checked or not one.string else ("fuzzy",))
    for one in known.values():
        if one.string:
            after.obsolete[_first(one.id)] = one
    out = io.BytesIO()
    write_po(out, after, width=0, no_location=True, omit_header=True, sort_output=True)
    return header(language, after) + out.getvalue()


def _first(key: Key | list[str]) -> str:
    return key if isinstance(key, str) else key[0]


def header(language: str, catalogue: Catalog) -> bytes:
    """Return the head of a catalogue, without names or dates."""
    return (
        "# Texts of the map.  The flag fuzzy marks a translation that a native reader has yet to check; it is used\n"
        "# all the same.  `make i18n` brings in new texts; remove the flag when you have checked one.\n"
        'msgid ""\nmsgstr ""\n'
        f'"Language: {language}\\n"\n"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Content-Transfer-Encoding: 8bit\\n"\n"Plural-Forms: {catalogue.plural_forms}\\n"\n\n'
    ).encode()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 when a catalogue is old")
    check = parser.parse_args(arguments).check
    languages = tomllib.loads((ROOT / PACK).read_text(encoding="utf-8"))["country"]["languages"]
    old_ones = 0
    for language in languages:
        path = ROOT / "data/i18n" / language / "LC_MESSAGES/messages.po"
        if language == "en":
            continue
        old = path.read_bytes() if path.exists() else b""
        new = updated(old, language)
        if new != old:
            old_ones += 1
            print(f"{path.relative_to(ROOT)} {'is not up to date; run: make i18n' if check else 'written'}")
            if not check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(new)
    return 1 if check and old_ones else 0


if __name__ == "__main__":
    sys.exit(main())
