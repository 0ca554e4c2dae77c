"""How a list is kept until it is deleted: compressed JSON. Pure."""

import json
import zlib

from qa.audits.sampling.columns import Case, Kept, Settled
from qa.audits.sampling.reading import PopulationFile, Row


def _packed(value: object) -> bytes:
    return zlib.compress(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), 6)


def pack_file(file: PopulationFile) -> bytes:
    """A list as it came."""
    rows = [[row.line, *row.cells] for row in file.rows]
    return _packed([file.headings, rows, file.sheet, file.others])


def unpack_file(kept: bytes) -> PopulationFile:
    """The list that was packed so."""
    headings, rows, sheet, others = json.loads(zlib.decompress(kept))
    made = tuple(Row(row[0], tuple(row[1:])) for row in rows)
    return PopulationFile(tuple(headings), made, sheet, tuple(others))


def pack_settled(settled: Settled) -> bytes:
    """A population as it is drawn from."""
    cases = [[case.reference, *case.cells] for case in settled.cases]
    return _packed([settled.kept, cases, settled.repeated])


def unpack_settled(kept: bytes) -> Settled:
    """The population that was packed so."""
    columns, cases, repeated = json.loads(zlib.decompress(kept))
    made = tuple(Case(case[0], tuple(case[1:])) for case in cases)
    return Settled(tuple(Kept(*column) for column in columns), made, repeated)
