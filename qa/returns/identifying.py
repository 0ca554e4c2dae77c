"""What could identify somebody in a return's free texts: looked for, asked about, replaced or kept.

Saving is never stopped by it: the page asks beside each text, and the return is submitted once every
question is answered. What is kept is kept for the return and the question; for strengths and areas for
improvement, which come and go as rows, for those of a section.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy.orm import Session

from qa.db import db
from qa.frameworks.answers import evidence_name, value_name
from qa.frameworks.conditions import visible
from qa.frameworks.content import Question
from qa.frameworks.editions import EditionTree
from qa.frameworks.types.texts import clean_text
from qa.frameworks.types.views import InputView, TextAreaView
from qa.frameworks.vocabulary import QuestionType
from qa.identifiers.asking import NO_CHOICES, Choices, Looking, Seen, suspect
from qa.identifiers.guarding import kept_tokens, looking_for
from qa.problems import Suspect
from qa.returns.decoding import profile_of
from qa.returns.drafts import FormFields, values_of
from qa.returns.records import Contents, ReturnRecord
from qa.returns.section_page import SectionPage
from qa.returns.typed import Typed, finding_name, finding_ref
from qa.returns.vocabulary import FindingKind

RECORD = "return"
_IN_WORDS = {QuestionType.SHORT_TEXT, QuestionType.LONG_TEXT}


class Box(NamedTuple):
    """A free text of a return. name: of its box on its section's page. field: what is kept in it is kept
    under. label: what it answers. finding_id: of the finding whose text it is.
    """

    name: str
    field: str
    section: str
    label: str
    text: str
    finding_id: int | None = None


class Asked(NamedTuple):
    """What is found in a box and not kept yet, each with what is asked about it."""

    box: Box
    found: tuple[tuple[Seen, Suspect], ...]

    @property
    def suspects(self) -> tuple[Suspect, ...]:
        """What is asked."""
        return tuple(one for _, one in self.found)

    @property
    def open(self) -> bool:
        """Whether something in it has no answer."""
        return any(one.open for one in self.suspects)


def looking_at(session: Session, record: ReturnRecord, tree: EditionTree) -> Looking:
    """What a look at a return's texts goes by. No statement, unless the area's list of names changed."""
    stamp = record.names_stamp or ""
    return looking_for(session, record.area_id, stamp, about_child=not tree.self_assessment)


def asked_in(
    session: Session,
    record: ReturnRecord,
    boxes: Iterable[Box],
    looking: Looking,
    choices: Choices = NO_CHOICES,
) -> list[Asked]:
    """What is found in the boxes and not kept yet. One statement where something is found, none otherwise."""
    seen = [(box, found) for box in boxes if (found := looking.look(box.text, box.field))]
    if not seen:
        return []
    held = kept_tokens(session, RECORD, record.id, {box.field for box, _ in seen})
    asked = (
        Asked(box, tuple((one, suspect(one, choices, looking)) for one in found if one.token not in held))
        for box, found in seen
    )
    return [one for one in asked if one.found]


def findings_field(section_key: str) -> str:
    """What is kept in a section's strengths and areas for improvement is kept under."""
    return f"{section_key}.findings"


def boxes_typed(typed: Typed, section_key: str, asked: Iterable[str]) -> list[Box]:
    """The free texts of a form, as far as they can be kept. asked: keys of the questions that are asked."""
    shown = set(asked)
    boxes = []
    for key, one in typed.answers.items():
        if key in shown:
            text = one.value.text if one.value is not None else None
            boxes += _boxes_of(one.question, section_key, text, one.evidence)
    for row in typed.findings:
        if row.text and row.error is None:
            name, field = finding_name(row.ref), findings_field(section_key)
            boxes.append(Box(name, field, section_key, row.kind.label, row.text, row.number))
    return boxes


def boxes_of_page(page: SectionPage) -> list[Box]:
    """The free texts that a section's page shows."""
    key, boxes = page.section.key, []
    for block in page.blocks:
        if block.shown:
            question = page.tree.content.question(block.key)
            text = block.field.value if isinstance(block.field, InputView | TextAreaView) else ""
            evidence = block.evidence.value if block.evidence else ""
            boxes += _boxes_of(question, key, text, evidence)
    for rows in page.findings:
        for row in rows.rows:
            if row.text and not row.removed:
                boxes.append(Box(row.name, findings_field(key), key, rows.kind.label, row.text))
    return boxes


def boxes_of_return(record: ReturnRecord, tree: EditionTree, held: Contents) -> list[Box]:
    """Every free text of a return that is asked for, in its order; others are shown to nobody."""
    profile = profile_of(record.profile_text, tree)
    seen = visible(tree.content, record.sector, profile, values_of(held.answers))
    boxes: list[Box] = []
    for section in tree.content.sections:
        if section.key not in seen.sections:
            continue
        for question in section.questions:
            answer = held.answers.get(question.key)
            if answer is not None and question.key in seen.questions:
                text = answer.value.text if answer.value is not None else None
                boxes += _boxes_of(question, section.key, text, answer.evidence)
        section_id = tree.ids.sections[section.key]
        for one in held.findings:
            if one.section_id == section_id:
                kind = FindingKind(one.kind)
                name, field = finding_name(finding_ref(kind, one.id)), findings_field(section.key)
                boxes.append(Box(name, field, section.key, kind.label, one.text, one.id))
    return boxes


def asked_on(page: SectionPage, choices: Choices = NO_CHOICES) -> Mapping[str, tuple[Suspect, ...]]:
    """What is asked about the texts of a section's page, by the name of the box."""
    session = db.session()
    looking = looking_at(session, page.record, page.tree)
    asked = asked_in(session, page.record, boxes_of_page(page), looking, choices)
    return {one.box.name: one.suspects for one in asked}


def asked_of(
    record: ReturnRecord,
    tree: EditionTree,
    held: Contents,
    choices: Choices = NO_CHOICES,
    session: Session | None = None,
) -> list[tuple[Box, Suspect]]:
    """What is asked about the texts of a whole return, in its order; what one answer settles stands once."""
    session = session or db.session()
    looking = looking_at(session, record, tree)
    asked = asked_in(session, record, boxes_of_return(record, tree, held), looking, choices)
    once: dict[str, tuple[Box, Suspect]] = {}
    for one in asked:
        for said in one.suspects:
            once.setdefault(said.token, (one.box, said))
    return list(once.values())


def replaced_boxes(
    form: FormFields, record: ReturnRecord, tree: EditionTree, section_key: str, token: str
) -> dict[str, str]:
    """The boxes of a section's form that change when what the token stands for is replaced, by name."""
    looking = looking_at(db.session(), record, tree)
    changed = {}
    for name in form.keys():  # noqa: SIM118 a form
        if not name.startswith(("q-", "e-", "f-")):
            continue
        text = clean_text(next(iter(form.getlist(name)), ""))
        field = findings_field(section_key) if name.startswith("f-") else name
        after = looking.without(text, field, token)
        if after != text:
            changed[name] = after
    return changed


def _boxes_of(question: Question, section: str, text: str | None, evidence: str) -> list[Box]:
    boxes = []
    if text and question.type in _IN_WORDS:
        name = value_name(question.key)
        boxes.append(Box(name, name, section, question.text, text))
    if evidence:
        name = evidence_name(question.key)
        boxes.append(Box(name, name, section, f"Evidence for: {question.text}", evidence))
    return boxes
