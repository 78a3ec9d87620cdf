"""Floor 0: a pause of Python's search for cycles while very many values are made."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

MANY_ROWS = 10_000


@contextmanager
def without_cycles(rows: int) -> Iterator[None]:
    """Spare a large file the search for cycles: rows make none, and looking for them took a third of the time."""
    large = rows > MANY_ROWS and gc.isenabled()
    if large:
        gc.disable()
    try:
        yield
    finally:
        if large:
            gc.enable()
