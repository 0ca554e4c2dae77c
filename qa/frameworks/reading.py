"""Reads the rows of an edition back into a FrameworkContent, a statement a table."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from qa.accounts.sectors import Sector
from qa.db import db
from qa.frameworks import content as c
from qa.frameworks import models as m
from qa.frameworks.editions import EditionTree, RowIds
from qa.frameworks.states import EditionState
from qa.frameworks.vocabulary import (
    Colour,
    Combine,
    DayKind,
    EvidenceRule,
    FrameworkKind,
    Method,
    ProfileFieldType,
    QuestionRole,
    QuestionType,
    Subject,
)
from qa.problems import NotFound

Rows = Mapping[int, list[Any]]


def edition_tree(edition_id: int) -> EditionTree:
    """An edition whole; a published one is kept in memory, since it never changes.

    Raises NotFound when there is no such edition.
    """
    return _published(str(db.engine.url), edition_id) or _read(db.session(), edition_id)


class _NotFrozen(Exception):
    """The edition is no published one: it must not be kept."""


def _published(database: str, edition_id: int) -> EditionTree | None:
    try:
        return _kept(database, edition_id)
    except _NotFrozen:
        return None


@lru_cache(maxsize=64)
def _kept(_database: str, edition_id: int) -> EditionTree:
    tree = _read(db.session(), edition_id)
    if tree.state is EditionState.DRAFT:
        raise _NotFrozen
    return tree


def forget_kept_editions() -> None:
    """Empty the memory of published editions: for tests, and after one is withdrawn."""
    _kept.cache_clear()


def _read(session: Session, edition_id: int) -> EditionTree:
    found = session.execute(
        select(m.Edition, m.Framework)
        .join(m.Framework, m.Framework.id == m.Edition.framework_id)
        .where(m.Edition.id == edition_id)
    ).one_or_none()
    if found is None:
        raise NotFound("no such edition")
    edition, framework = found
    rows = _Rows(session, edition_id)
    content = c.FrameworkContent(
        key=framework.key,
        name=edition.name,
        summary=edition.summary,
        kind=FrameworkKind(edition.kind),
        method=Method(edition.method),
        judgement_scale=edition.judgement_scale,
        scales=tuple(_scale(row, rows) for row in rows.scales),
        sections=tuple(_section(row, rows) for row in rows.sections),
        profile=tuple(_field(row, rows) for row in rows.fields),
        sources=rows.sources,
    )
    return EditionTree(edition.id, framework.id, edition.number, edition.state, content, _row_ids(rows))


class _Rows:
    """Every row of an edition, the children grouped by their parent's number."""

    def __init__(self, session: Session, edition_id: int) -> None:
        self.session = session
        self.scales = self._of_edition(m.Scale, edition_id)
        self.sections = self._of_edition(m.Section, edition_id)
        questions = self._of_edition(m.Question, edition_id)
        self.fields = self._of_edition(m.ProfileField, edition_id)
        self.sources = tuple(row.text for row in self._of_edition(m.EditionSource, edition_id))
        self.questions = _grouped(questions, "section_id")
        self.question_keys = {row.id: row.key for row in questions}
        self.field_keys = {row.id: row.key for row in self.fields}
        self.scale_keys = {row.id: row.key for row in self.scales}
        self.grades = self._children(m.Grade, "scale_id", self.scale_keys)
        self.field_options = self._children(m.ProfileOption, "field_id", self.field_keys)
        self.options = self._children(m.QuestionOption, "question_id", self.question_keys)
        self.sectors = self._children(m.QuestionSector, "question_id", self.question_keys)
        self.themes = self._children(m.QuestionTheme, "question_id", self.question_keys)
        self.triggers = self._children(m.EvidenceTrigger, "question_id", self.question_keys)
        section_ids = [row.id for row in self.sections]
        self.section_sectors = self._children(m.SectionSector, "section_id", section_ids)
        self.descriptors = self._descriptors()
        self.timescales = self._timescales()
        self.section_conditions, self.question_conditions = self._conditions(section_ids)

    def _of_edition(self, model: Any, edition_id: int) -> list[Any]:
        query = select(model).where(model.edition_id == edition_id).order_by(model.position)
        return list(self.session.scalars(query))

    def _children(self, model: Any, parent: str, parents: Iterable[int]) -> Rows:
        column = getattr(model, parent)
        query = select(model).where(column.in_(list(parents))).order_by(column, model.position)
        return _grouped(self.session.scalars(query), parent)

    def _descriptors(self) -> Rows:
        query = (
            select(m.QuestionDescriptor.question_id, m.QuestionDescriptor.text, m.Grade.key)
            .join(m.Grade, m.Grade.id == m.QuestionDescriptor.grade_id)
            .where(m.QuestionDescriptor.question_id.in_(list(self.question_keys)))
            .order_by(m.QuestionDescriptor.question_id, m.Grade.position)
        )
        return _grouped(self.session.execute(query), "question_id")

    def _timescales(self) -> dict[int, c.Timescale]:
        query = select(m.QuestionTimescale).where(
            m.QuestionTimescale.question_id.in_(list(self.question_keys))
        )
        return {
            row.question_id: c.Timescale(
                self.question_keys[row.from_question_id], row.days, DayKind(row.kind)
            )
            for row in self.session.scalars(query)
        }

    def _conditions(self, section_ids: list[int]) -> tuple[dict[int, c.Condition], dict[int, c.Condition]]:
        query = select(m.Condition).where(
            m.Condition.section_id.in_(section_ids) | m.Condition.question_id.in_(list(self.question_keys))
        )
        conditions = list(self.session.scalars(query))
        clauses = self._children(m.ConditionClause, "condition_id", [row.id for row in conditions])
        clause_ids = [clause.id for listed in clauses.values() for clause in listed]
        values = self._children(m.ConditionValue, "clause_id", clause_ids)
        of_section, of_question = dict[int, c.Condition](), dict[int, c.Condition]()
        for row in conditions:
            made = c.Condition(
                tuple(self._clause(clause, values) for clause in clauses[row.id]),
                Combine.ALL if row.every else Combine.ANY,
            )
            if row.section_id is not None:
                of_section[row.section_id] = made
            else:
                of_question[row.question_id or 0] = made
        return of_section, of_question

    def _clause(self, row: m.ConditionClause, values: Rows) -> c.Clause:
        answers = tuple(value.answer_key for value in values[row.id])
        if row.on_question_id is not None:
            return c.Clause(Subject.QUESTION, self.question_keys[row.on_question_id], answers, row.negated)
        return c.Clause(Subject.PROFILE, self.field_keys[row.on_field_id or 0], answers, row.negated)


def _grouped(rows: Iterable[Any], parent: str) -> Rows:
    groups: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, parent)].append(row)
    return groups


def _scale(row: m.Scale, rows: _Rows) -> c.Scale:
    grades = tuple(
        c.Grade(g.key, g.label, g.score, Colour(g.colour), g.meets_standard, g.descriptor)
        for g in rows.grades[row.id]
    )
    return c.Scale(row.key, row.name, grades, row.not_applicable)


def _field(row: m.ProfileField, rows: _Rows) -> c.ProfileField:
    options = tuple(c.Option(option.key, option.label) for option in rows.field_options[row.id])
    return c.ProfileField(row.key, row.label, ProfileFieldType(row.type), row.required, row.pathway, options)


def _section(row: m.Section, rows: _Rows) -> c.Section:
    return c.Section(
        row.key,
        row.title,
        tuple(_question(question, rows) for question in rows.questions[row.id]),
        row.guidance,
        tuple(Sector(entry.sector) for entry in rows.section_sectors[row.id]),
        rows.section_conditions.get(row.id),
        row.weight,
    )


def _question(row: m.Question, rows: _Rows) -> c.Question:
    return c.Question(
        key=row.key,
        text=row.text,
        type=QuestionType(row.type),
        evidence=EvidenceRule(row.evidence),
        guidance=row.guidance,
        scale=rows.scale_keys[row.scale_id] if row.scale_id is not None else None,
        descriptors=tuple(c.Descriptor(entry.key, entry.text) for entry in rows.descriptors[row.id]),
        options=tuple(c.Option(option.key, option.label) for option in rows.options[row.id]),
        unit=row.unit or "",
        min=_plain(row.minimum),
        max=_plain(row.maximum),
        decimals=row.decimals,
        max_words=row.max_words,
        timescale=rows.timescales.get(row.id),
        required=row.required,
        evidence_required_for=tuple(entry.answer_key for entry in rows.triggers[row.id]),
        sectors=tuple(Sector(entry.sector) for entry in rows.sectors[row.id]),
        only_if=rows.question_conditions.get(row.id),
        themes=tuple(entry.theme_key for entry in rows.themes[row.id]),
        weight=row.weight,
        role=QuestionRole(row.role) if row.role else None,
    )


def _plain(number: Decimal | None) -> Decimal | None:
    # The column keeps two places: 400.00 is 400 again.
    if number is None:
        return None
    whole = number.to_integral_value()
    return whole if number == whole else number.normalize()


def _row_ids(rows: _Rows) -> RowIds:
    return RowIds(
        sections={row.key: row.id for row in rows.sections},
        questions={key: number for number, key in rows.question_keys.items()},
        scales={row.key: row.id for row in rows.scales},
        grades={
            (rows.scale_keys[g.scale_id], g.key): g.id for listed in rows.grades.values() for g in listed
        },
        options={
            (rows.question_keys[o.question_id], o.key): o.id
            for listed in rows.options.values()
            for o in listed
        },
        fields={key: number for number, key in rows.field_keys.items()},
        profile_options={
            (rows.field_keys[o.field_id], o.key): o.id
            for listed in rows.field_options.values()
            for o in listed
        },
    )
