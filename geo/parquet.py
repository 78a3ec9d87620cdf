"""Floor 0: Parquet to a table of Arrow and back, by the calling thread alone.

``pyarrow.parquet.read_table`` scans in threads of its own.  One that still holds Python's bytes when the interpreter
ends aborts the process, after its work is done.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq


def read(source: bytes | Path, columns: Sequence[str] | None = None) -> pa.Table:
    """Return the table of a file or its bytes, with ``columns`` or all.

    Raises:
        OSError: when the file is missing or damaged.
        pyarrow.ArrowException: when it is no Parquet.
    """
    with pq.ParquetFile(pa.BufferReader(source) if isinstance(source, bytes) else source, pre_buffer=False) as found:
        return found.read(columns, use_threads=False)


def to_bytes(found: pa.Table) -> bytes:
    """Return a table as Parquet; the same table gives the same bytes."""
    out = pa.BufferOutputStream()
    pq.write_table(found, out, compression="zstd")
    return bytes(out.getvalue())
