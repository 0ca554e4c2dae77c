"""How a backup is laid out: the kinds of values, a row as a line of JSON, and the manifest.

The file is a zip: one member a table with a line a row, and `manifest.json` with the schema's revision and
each table's columns, count and checksum. Nothing in it depends on the kind of database it came from.
"""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import (
    Boolean,
    Date,
    DateTime,
    Enum,
    Integer,
    LargeBinary,
    Numeric,
    String,
    Table,
    TableClause,
    column,
    table,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

from qa.db import UtcDateTime

FORMAT = 1
MANIFEST = "manifest.json"


class BackupProblem(Exception):
    """A backup or restore that cannot be; the message is a sentence with the remedy."""


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """A column: its name, the kind of its values, and the decimal places of a decimal."""

    name: str
    kind: str
    places: int = 0


@dataclass(frozen=True, slots=True)
class TablePlan:
    """A table in the file. order: the columns that order its rows. last_id: the highest number that its
    counter has given out, 0 without a counter: a number is never given twice, also after a restore.
    """

    name: str
    columns: tuple[ColumnPlan, ...]
    order: tuple[str, ...]
    rows: int = 0
    sha256: str = ""
    last_id: int = 0

    @property
    def member(self) -> str:
        """The name of the zip's member."""
        return f"tables/{self.name}.jsonl"

    @property
    def has_bytes(self) -> bool:
        """Whether rows may be large: they are then read one at a time."""
        return any(part.kind == "bytes" for part in self.columns)

    def clause(self) -> TableClause:
        """The table as statements name it, with plain column types."""
        return table(self.name, *(column(part.name, _plain(part)) for part in self.columns))


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. tables: in an order in which what is referred to comes first."""

    revision: str
    made_at: str
    made_from: str
    tables: tuple[TablePlan, ...]

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return sum(plan.rows for plan in self.tables)

    def text(self) -> str:
        """The manifest as it is written."""
        return json.dumps({"product": "Audit Together", "format": FORMAT, **asdict(self)}, indent=1)


def manifest_from(text: bytes) -> Manifest:
    """Read a manifest. Raises BackupProblem when it is none, or of a later format."""
    try:
        said = json.loads(text)
        found = said["format"]
        if found == FORMAT:
            tables = tuple(_table_from(entry) for entry in said["tables"])
            return Manifest(said["revision"], said["made_at"], said["made_from"], tables)
    except (ValueError, KeyError, TypeError) as error:
        raise BackupProblem("The file is damaged: its list of contents cannot be read.") from error
    raise BackupProblem(
        f"The backup is of format {found}, and this version reads {FORMAT}. Use a newer version."
    )


def _table_from(entry: Mapping[str, Any]) -> TablePlan:
    columns = tuple(ColumnPlan(**part) for part in entry["columns"])
    return TablePlan(**{**entry, "columns": columns, "order": tuple(entry["order"])})


def plan_of(described: Table) -> TablePlan:
    """How a table of the models goes into the file. Raises TypeError for a column type not known here."""
    columns = tuple(_column_plan(part.name, part.type) for part in described.columns)
    return TablePlan(described.name, columns, tuple(part.name for part in described.primary_key.columns))


def _column_plan(name: str, kind: TypeEngine[Any]) -> ColumnPlan:
    plain = kind.impl_instance if isinstance(kind, TypeDecorator) else kind
    if isinstance(plain, Numeric):
        return ColumnPlan(name, "decimal", plain.scale or 0)
    kinds: tuple[tuple[type[TypeEngine[Any]], str], ...] = (
        (Boolean, "boolean"),
        (Integer, "integer"),
        (Enum, "text"),
        (String, "text"),
        (DateTime, "moment"),
        (Date, "date"),
        (LargeBinary, "bytes"),
    )
    for known, word in kinds:
        if isinstance(plain, known):
            return ColumnPlan(name, word)
    raise TypeError(f"a backup does not know columns of type {kind!r} ({name})")


def _plain(part: ColumnPlan) -> TypeEngine[Any]:
    if part.kind == "decimal":
        return Numeric(14, part.places)
    kinds: dict[str, TypeEngine[Any]] = {
        "boolean": Boolean(),
        "integer": Integer(),
        "text": String(),
        "moment": UtcDateTime(),
        "date": Date(),
        "bytes": LargeBinary(),
    }
    return kinds[part.kind]


def line_of(values: Sequence[Any]) -> bytes:
    """A row as one line."""
    return json.dumps([_written(value) for value in values], ensure_ascii=True).encode() + b"\n"


def _written(value: Any) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (bytes, memoryview)):
        return base64.b64encode(value).decode()
    return value


def row_of(plan: TablePlan, line: bytes) -> dict[str, Any]:
    """A line as values by column. Raises BackupProblem when it does not fit the table."""
    try:
        values = json.loads(line)
        pairs = zip(plan.columns, values, strict=True)
        return {part.name: _read(part.kind, value) for part, value in pairs}
    except (ValueError, TypeError, InvalidOperation, binascii.Error) as error:
        raise BackupProblem(f"The file is damaged: a row of {plan.name} cannot be read.") from error


def _read(kind: str, value: Any) -> object:
    if value is None:
        return None
    if kind == "moment":
        return datetime.fromisoformat(value)
    if kind == "date":
        return date.fromisoformat(value)
    if kind == "decimal":
        return Decimal(value)
    if kind == "bytes":
        return base64.b64decode(value, validate=True)
    return value
