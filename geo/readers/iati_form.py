"""Floor 1: the form of an IATI activity as far as a reader must rely on it: what has to be there, once, and as what.

This is no validator of the whole standard.  It looks at the elements that are read and at documents and results,
where publishers err most; each fault is told once for an activity, with the line of the first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from geo.readers.iati_money import Report
from geo.readers.iati_text import day

DATE, YES_NO = "a date as YYYY-MM-DD", "true or false"
_FORMS = {DATE: re.compile(r"-?[0-9]{4,}-[0-9]{2}-[0-9]{2}"), YES_NO: re.compile("true|false|1|0")}
MANY = 10**9


@dataclass(frozen=True, slots=True)
class Form:
    """Attributes that must and may be there, what some must look like, and how often each child may come."""

    must: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    kinds: dict[str, str] = field(default_factory=dict)
    children: dict[str, tuple[int, int]] = field(default_factory=dict)
    needed: frozenset[str] = field(init=False)
    known: frozenset[str] = field(init=False)
    usual: list[str] = field(init=False)  # the children that must be there, in their order

    def __post_init__(self) -> None:
        object.__setattr__(self, "needed", frozenset(self.must))
        object.__setattr__(self, "known", frozenset((*self.must, *self.may)) - self.kinds.keys())
        object.__setattr__(self, "usual", [name for name, (least, _most) in self.children.items() if least])


_TEXT = Form(children={"narrative": (1, MANY)})
_CODE = Form(must=("code",))
_DATE = Form(must=("iso-date",), kinds={"iso-date": DATE})
_DOCUMENT = Form(
    must=("url", "format"),
    children={
        "title": (1, 1),
        "description": (0, 1),
        "category": (1, MANY),
        "language": (0, MANY),
        "document-date": (0, 1),
        "recipient-country": (0, MANY),
    },
)
_BASELINE = ("location", "dimension", "document-link", "comment")
_NARRATIVES = {"narrative": (0, MANY)}
_ONCE = (1, 1)
FORMS: dict[str, Form] = {
    "activity-status": _CODE,
    "activity-scope": _CODE,
    "activity-date": Form(must=("type", "iso-date"), children=_NARRATIVES),  # the checks look at the date itself
    "participating-org": Form(
        must=("role",), may=("ref", "type", "activity-id", "crs-channel-code"), children=_NARRATIVES
    ),
    "budget": Form(may=("type", "status"), children={"period-start": _ONCE, "period-end": _ONCE, "value": _ONCE}),
    "tag": Form(must=("code", "vocabulary"), may=("vocabulary-uri",), children={"narrative": (0, MANY)}),
    "document-link": _DOCUMENT,
    "reference": Form(must=("code", "vocabulary"), may=("vocabulary-uri", "indicator-uri")),
    "indicator": Form(
        must=("measure",),
        may=("ascending", "aggregation-status"),
        kinds={"ascending": YES_NO, "aggregation-status": YES_NO},
        children={
            "title": (1, 1),
            "description": (0, 1),
            "document-link": (0, MANY),
            "reference": (0, MANY),
            "baseline": (0, MANY),
            "period": (0, MANY),
        },
    ),
    "baseline": Form(
        must=("year",),
        may=("iso-date", "value"),
        kinds={"iso-date": DATE},
        children={**dict.fromkeys(_BASELINE, (0, MANY)), "comment": (0, 1)},
    ),
}
# The parts of a document, each by its name inside it.
PARTS: dict[str, Form] = {
    "title": _TEXT,
    "description": _TEXT,
    "category": _CODE,
    "language": _CODE,
    "document-date": _DATE,
    "recipient-country": _CODE,
}


def check(activity: Any, report: Report) -> None:
    """Report each fault of form, once for each kind of fault and element."""
    told: set[str] = set()
    for element in activity.iter(*FORMS):
        form, document = FORMS[element.tag], element.tag == "document-link"
        if not document and _is_sound(element, form):
            continue  # nearly all elements
        faults = _faults(element, form)
        for part in element if document else ():
            if part.tag in PARTS:
                faults += _faults(part, PARTS[part.tag])
        for value, expected in faults:
            if value not in told:
                told.add(value)
                fix = "Correct the element; what it says may be lost."
                report("bad_element", str(element.tag), f"{value}, line {element.sourceline}", expected, fix)


def _is_sound(element: Any, form: Form) -> bool:
    """Tell whether an element is as it usually is; False tells nothing."""
    given = element.keys()
    if not (form.needed.issubset(given) and form.known.issuperset(given)):
        return False
    if not len(element):
        return not form.usual
    tags = [child.tag for child in element]
    return tags == form.usual or tags == ["narrative"] == list(form.children)


def _faults(element: Any, form: Form) -> list[tuple[str, str]]:
    """Return (what was found, what was expected) for each fault; names of other namespaces are free."""
    tag, given = element.tag, dict(element.attrib)
    found = [(f"<{tag}> without {name}", f"the attribute {name!r}") for name in form.must if name not in given]
    for name, value in given.items():
        if name in form.kinds:
            if not _FORMS[form.kinds[name]].fullmatch(day(value) if form.kinds[name] == DATE else value.strip()):
                found.append((f"<{tag} {name}={value!r}>", form.kinds[name]))
        elif name not in form.must and name not in form.may and not name.startswith("{"):
            found.append((f"<{tag}> with {name}", "no attribute that the standard does not have"))
    counts: dict[str, int] = {}
    for child in element:
        counts[child.tag] = counts.get(child.tag, 0) + 1
    for name in [*form.children, *(name for name in counts if name not in form.children)]:
        if name.startswith("{"):
            continue
        least, most = form.children.get(name, (0, 0))
        if counts.get(name, 0) < least:
            found.append((f"<{tag}> without <{name}>", f"the element {name!r}"))
        elif counts.get(name, 0) > most:
            found.append((f"<{tag}> with {'more than one' if most else 'a'} <{name}>", f"{most or 'no'} {name!r}"))
    return found
