"""Writes a FrameworkContent as the rows of an edition; `reading` reads them back the same."""

from sqlalchemy.orm import Session

from qa.frameworks import content as c
from qa.frameworks import models as m
from qa.frameworks.vocabulary import Combine, Subject


def write_content(session: Session, edition: m.Edition, content: c.FrameworkContent) -> None:
    """Write every row of an edition that has none yet; the edition must have been flushed."""
    for place, text in enumerate(content.sources):
        session.add(m.EditionSource(edition_id=edition.id, position=place, text=text))
    grade_ids = _write_scales(session, edition.id, content)
    field_ids = _write_profile(session, edition.id, content)
    question_ids: dict[str, int] = {}
    for place, section in enumerate(content.sections):
        row = m.Section(
            edition_id=edition.id,
            key=section.key,
            title=section.title,
            guidance=section.guidance,
            position=place,
            weight=section.weight,
        )
        session.add(row)
        session.flush()
        for number, sector in enumerate(section.sectors):
            session.add(m.SectionSector(section_id=row.id, sector=sector.value, position=number))
        if section.only_if:
            condition = m.Condition(section_id=row.id, every=section.only_if.combine is Combine.ALL)
            _write_condition(session, condition, section.only_if, question_ids, field_ids)
        _write_questions(session, edition.id, row.id, section, grade_ids, field_ids, question_ids)
    session.flush()


def _write_scales(
    session: Session, edition_id: int, content: c.FrameworkContent
) -> dict[str, tuple[int, dict[str, int]]]:
    ids: dict[str, tuple[int, dict[str, int]]] = {}
    for place, scale in enumerate(content.scales):
        row = m.Scale(
            edition_id=edition_id,
            key=scale.key,
            name=scale.name,
            position=place,
            not_applicable=scale.not_applicable,
        )
        session.add(row)
        session.flush()
        grades = [
            m.Grade(
                scale_id=row.id,
                key=grade.key,
                label=grade.label,
                position=number,
                score=grade.score,
                colour=grade.colour.value,
                meets_standard=grade.meets_standard,
                descriptor=grade.descriptor,
            )
            for number, grade in enumerate(scale.grades)
        ]
        session.add_all(grades)
        session.flush()
        ids[scale.key] = (row.id, {grade.key: grade.id for grade in grades})
    return ids


def _write_profile(session: Session, edition_id: int, content: c.FrameworkContent) -> dict[str, int]:
    ids: dict[str, int] = {}
    for place, field in enumerate(content.profile):
        row = m.ProfileField(
            edition_id=edition_id,
            key=field.key,
            label=field.label,
            type=field.type.value,
            required=field.required,
            pathway=field.pathway,
            position=place,
        )
        session.add(row)
        session.flush()
        ids[field.key] = row.id
        for number, option in enumerate(field.options):
            session.add(m.ProfileOption(field_id=row.id, key=option.key, label=option.label, position=number))
    return ids


def _write_questions(
    session: Session,
    edition_id: int,
    section_id: int,
    section: c.Section,
    scales: dict[str, tuple[int, dict[str, int]]],
    field_ids: dict[str, int],
    question_ids: dict[str, int],
) -> None:
    rows = [
        m.Question(
            edition_id=edition_id,
            section_id=section_id,
            key=question.key,
            position=place,
            type=question.type.value,
            text=question.text,
            guidance=question.guidance,
            scale_id=scales[question.scale][0] if question.scale else None,
            required=question.required,
            evidence=question.evidence.value,
            weight=question.weight,
            role=question.role.value if question.role else None,
            unit=question.unit or None,
            minimum=question.min,
            maximum=question.max,
            decimals=question.decimals,
            max_words=question.max_words,
        )
        for place, question in enumerate(section.questions)
    ]
    session.add_all(rows)
    session.flush()
    for row, question in zip(rows, section.questions, strict=True):
        question_ids[question.key] = row.id
        _write_parts(session, row.id, question, scales)
        if question.timescale:
            session.add(_timescale(row.id, question.timescale, question_ids))
        if question.only_if:
            condition = m.Condition(question_id=row.id, every=question.only_if.combine is Combine.ALL)
            _write_condition(session, condition, question.only_if, question_ids, field_ids)


def _write_parts(
    session: Session, question_id: int, question: c.Question, scales: dict[str, tuple[int, dict[str, int]]]
) -> None:
    for place, option in enumerate(question.options):
        session.add(
            m.QuestionOption(question_id=question_id, key=option.key, label=option.label, position=place)
        )
    for place, sector in enumerate(question.sectors):
        session.add(m.QuestionSector(question_id=question_id, sector=sector.value, position=place))
    for place, theme in enumerate(question.themes):
        session.add(m.QuestionTheme(question_id=question_id, theme_key=theme, position=place))
    for place, answer in enumerate(question.evidence_required_for):
        session.add(m.EvidenceTrigger(question_id=question_id, answer_key=answer, position=place))
    for descriptor in question.descriptors:
        grade_id = scales[question.scale or ""][1][descriptor.grade]
        session.add(m.QuestionDescriptor(question_id=question_id, grade_id=grade_id, text=descriptor.text))


def _timescale(question_id: int, timescale: c.Timescale, question_ids: dict[str, int]) -> m.QuestionTimescale:
    return m.QuestionTimescale(
        question_id=question_id,
        from_question_id=question_ids[timescale.start],
        days=timescale.days,
        kind=timescale.kind.value,
    )


def _write_condition(
    session: Session,
    row: m.Condition,
    condition: c.Condition,
    question_ids: dict[str, int],
    field_ids: dict[str, int],
) -> None:
    session.add(row)
    session.flush()
    for place, clause in enumerate(condition.clauses):
        on_question = clause.subject is Subject.QUESTION
        clause_row = m.ConditionClause(
            condition_id=row.id,
            position=place,
            on_question_id=question_ids[clause.key] if on_question else None,
            on_field_id=None if on_question else field_ids[clause.key],
            negated=clause.negated,
        )
        session.add(clause_row)
        session.flush()
        for number, value in enumerate(clause.values):
            session.add(m.ConditionValue(clause_id=clause_row.id, answer_key=value, position=number))
