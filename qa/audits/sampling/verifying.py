"""Tells whether a list is the one a sample was drawn from, and whether the draw comes out the same. Pure."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from qa.audits.profiles import BadValue, parse_value, shown_value
from qa.audits.sampling.columns import LEFT_BLANK, NOT_ENTERED, plain
from qa.audits.sampling.drawing import Member, canonical, digest, order_key
from qa.audits.sampling.reading import ERROR, PopulationFile
from qa.frameworks.content import ProfileField


class Reached(NamedTuple):
    """A case that the draw reached: its reference, stratum, and place in the stratum's drawn order."""

    reference: str
    stratum: str
    place: int


class Record(NamedTuple):
    """What is on record of a draw. labels: of its strata; others: cases that were in the audit already."""

    seed: str
    digest: str
    stratified_by: str
    labels: Sequence[str]
    reached: Sequence[Reached]
    others: Collection[str]


class Verdict(NamedTuple):
    """What came of comparing. cases: of the list that could be drawn; missing: cases drawn that it lacks."""

    same_list: bool
    same_draw: bool
    cases: int
    missing: int = 0


def verify(file: PopulationFile, record: Record, fields: Sequence[ProfileField]) -> Verdict:
    """Compare a list with a draw on record.

    The column of references is the one that holds the cases drawn; strata are told by the heading on record.
    A value that was matched to an answer by hand is known by the cases drawn that have it.
    """
    wanted = {canonical(one.reference) for one in record.reached}
    column, found = _references(file, wanted)
    if found < len(wanted):
        return Verdict(False, False, len(file.rows), len(wanted) - found)
    rows = {canonical(row.cells[column]): row.cells for row in file.rows}
    for reference in record.others:
        rows.pop(canonical(reference), None)
    label_of = _labels(file, record, rows, fields)
    members = [Member(reference, label_of.get(reference, "")) for reference in rows]
    return Verdict(digest(members) == record.digest, _repeated(members, record), len(members))


def _references(file: PopulationFile, wanted: Collection[str]) -> tuple[int, int]:
    """The column that holds most of the references wanted, and how many of them."""
    counts = [
        len({canonical(row.cells[column]) for row in file.rows}.intersection(wanted))
        for column in range(len(file.headings))
    ]
    column = max(range(len(counts)), key=lambda number: counts[number])
    return column, counts[column]


def _labels(
    file: PopulationFile,
    record: Record,
    rows: Mapping[str, Sequence[str]],
    fields: Sequence[ProfileField],
) -> dict[str, str]:
    """The stratum of each reference; none where the list is not divided."""
    if not record.stratified_by or record.stratified_by not in file.headings:
        return {}
    column = file.headings.index(record.stratified_by)
    learned = {
        rows[key][column]: one.stratum for one in record.reached if (key := canonical(one.reference)) in rows
    }
    values = {cells[column] for cells in rows.values()}
    named = {value: learned.get(value) or _label(value, record.labels, fields) for value in values}
    return {reference: named[cells[column]] for reference, cells in rows.items()}


def _label(value: str, labels: Sequence[str], fields: Sequence[ProfileField]) -> str:
    """The stratum of a value that no case drawn has: its own words, or the answer that it stands for."""
    text = "" if value == ERROR else value
    said = [text, *([LEFT_BLANK, NOT_ENTERED] if not text else [])]
    for field in fields:
        try:
            parsed = parse_value(field, text) if text else None
        except BadValue:
            continue
        said += [shown_value(field, plain(parsed))] if parsed else []
    return next((label for label in said if label in labels), text)


def _repeated(members: Sequence[Member], record: Record) -> bool:
    """Whether each case on record stands at its place of the drawn order."""
    order: dict[str, list[str]] = {}
    for member in sorted(members, key=lambda one: order_key(record.seed, one.reference)):
        order.setdefault(member.stratum, []).append(member.reference)
    return all(
        order.get(one.stratum, [])[one.place - 1 : one.place] == [canonical(one.reference)]
        for one in record.reached
    )
