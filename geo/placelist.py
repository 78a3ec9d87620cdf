"""Floor 5: a file of places -> what each of them became, for ``python -m geo match``."""

from __future__ import annotations

from collections.abc import Iterator

from geo import gazetteer
from geo.fields import Fields
from geo.readers import delimited

SEPARATOR = ";"


def lines(data: bytes, name: str) -> Iterator[str]:
    """Yield one line a place: of the column of locations where the file has one, else of each line of text.

    Raises:
        InputError: when the bytes are not text.
    """
    text = delimited.decode(data, name)[0]
    if str(Fields.LOCATIONS) not in text.partition("\n")[0]:
        for number, line in enumerate(text.splitlines(), start=1):
            if line.strip():
                yield f"line {number}: {gazetteer.describe(gazetteer.match(line.strip()))}"
        return
    for row in delimited.read(data, name).rows:
        places = [part.strip() for part in row.cells[Fields.LOCATIONS].split(SEPARATOR) if part.strip()]
        for match in gazetteer.match_all(places):
            yield f"row {row.row}: {gazetteer.describe(match)}"
