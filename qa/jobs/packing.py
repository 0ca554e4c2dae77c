"""Several files as one zip, sent while it is put together: no server holds the whole of it. Pure."""

import io
import zipfile
from collections.abc import Iterable, Iterator

from qa.jobs.lifecycle import JobFileContent


class _Outlet(io.RawIOBase):
    """What a zip is written to: keeps the bytes until they are fetched, and cannot seek, as zips allow."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        """It is only written to."""
        return True

    def write(self, data: object) -> int:
        """Keep a piece; gives back its length."""
        piece = bytes(data)  # type: ignore[call-overload]
        self._pieces.append(piece)
        return len(piece)

    def fetch(self) -> bytes:
        """What was written since the last time."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def zip_pieces(files: Iterable[JobFileContent]) -> Iterator[bytes]:
    """The zip of these files, piece by piece. They are stored as they are: a PDF is packed already.

    Files of one name get a number, so that none hides another.
    """
    outlet, taken = _Outlet(), dict[str, int]()
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_STORED) as packed:
        for file in files:
            packed.writestr(_free_name(file.name, taken), file.content)
            yield outlet.fetch()
    yield outlet.fetch()


def _free_name(name: str, taken: dict[str, int]) -> str:
    folded = name.casefold()
    taken[folded] = taken.get(folded, 0) + 1
    if taken[folded] == 1:
        return name
    stem, dot, ending = name.rpartition(".")
    return _free_name(f"{stem}-{taken[folded]}.{ending}" if dot else f"{name}-{taken[folded]}", taken)
