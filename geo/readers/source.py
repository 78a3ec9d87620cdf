"""Floor 1: a file on disk in the place of its bytes, so that a large text is read a piece at a time."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import BinaryIO

from geo.errors import InputError

PIECE = 1 << 20


class FileBytes:
    """What the text readers ask of ``bytes``: length, slices, ``startswith``, ``in``, and a stream of all of it."""

    def __init__(self, path: Path) -> None:
        """Look at the file.

        Raises:
            InputError: when it cannot be opened.
        """
        try:
            with path.open("rb"):
                self._size = path.stat().st_size
        except OSError as error:
            raise InputError(f"{path} cannot be opened: {error.strerror}. Check the path.") from error
        self._path = path

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, part: slice) -> bytes:
        start, stop, step = part.indices(self._size)
        with self.open() as handle:
            handle.seek(start)
            return handle.read(max(0, stop - start))[::step]

    def __contains__(self, byte: bytes) -> bool:
        with self.open() as handle:
            return any(byte in piece for piece in iter(lambda: handle.read(PIECE), b""))

    def startswith(self, mark: bytes | tuple[bytes, ...]) -> bool:
        """Tell whether the file begins with a mark or with one of several."""
        return self[:64].startswith(mark)

    def open(self) -> BinaryIO:
        """Return a stream of the whole file."""
        return self._path.open("rb")

    def digest(self) -> str:
        """Return the SHA-256 of the file in hex."""
        with self._path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()


Data = bytes | FileBytes


def stream(data: Data) -> BinaryIO:
    """Return a stream of the bytes, wherever they lie."""
    return io.BytesIO(data) if isinstance(data, bytes) else data.open()
