"""Answering what was asked about a return's texts where they are checked: replaced, or kept with a reason."""

from qa.accounts.permissions import CurrentPerson, Permission
from qa.db import now, writing
from qa.frameworks.answers import AnswerValue, evidence_name, value_name
from qa.frameworks.reading import edition_tree
from qa.identifiers.asking import Choices
from qa.identifiers.guarding import keep
from qa.problems import Questioned, refused
from qa.returns.drafts import NO_ANSWER, Changes, FormKey
from qa.returns.identifying import RECORD, Box, asked_in, boxes_of_return, looking_at
from qa.returns.queries import contents, lock_return
from qa.returns.records import Contents
from qa.returns.saving import check_open
from qa.returns.writing_answers import note_saved, write_answers, write_findings
from qa.trail.recording import record as add_to_trail

GONE = "Nothing on this return was asked about in that way: it was changed meanwhile"
NO_REASON = "Say why it has to stay, or replace it"


def answer(person: CurrentPerson, return_id: int, token: str, choices: Choices, fresh: FormKey) -> None:
    """Answer what the token stands for: replace it when that was chosen, or keep it with its reason.

    fresh: written with what is changed, as the page that wrote it. Raises Questioned for a missing or bad
    reason (field: the token), Refused when the return no longer changes or nothing is asked any more.
    """
    with writing() as session:
        record = lock_return(session, person, return_id, Permission.RETURNS_COMPLETE)
        check_open(record)
        tree = edition_tree(record.edition_id)
        held = contents(return_id, tree, session=session)
        looking = looking_at(session, record, tree)
        asked = asked_in(session, record, boxes_of_return(record, tree, held), looking, choices)
        mine = [one for one in asked if any(seen.token == token for seen, _ in one.found)]
        if not mine:
            raise refused(GONE)
        if choices.replace != token:
            seen, said = next(pair for one in mine for pair in one.found if pair[0].token == token)
            if said.open:
                problem = said.problem or NO_REASON
                raise Questioned({token: problem}, {token: (said._replace(problem=problem),)})
            keep(session, person, record.area_id, RECORD, return_id, [(seen, said.reason)])
            return
        changes, moment = Changes(), now()
        for one in mine:
            _replace(changes, held, one.box, looking.without(one.box.text, one.box.field, token))
        if changes.answers:
            write_answers(session, person, record, tree, held, changes, fresh, moment)
        if changes.reworded:
            section_id = tree.ids.sections[mine[0].box.section]
            write_findings(session, person, record, section_id, changes, fresh, moment)
        note_saved(session, record, moment)
        fields = [*changes.answers, *([mine[0].box.field] if changes.reworded else [])]
        area_id = record.area_id
        add_to_trail(session, person.id, "returns.saved", RECORD, return_id, fields=fields, area_id=area_id)


def _replace(changes: Changes, held: Contents, box: Box, text: str) -> None:
    if box.finding_id is not None:
        version = next(one.version for one in held.findings if one.id == box.finding_id)
        changes.reworded.append((box.finding_id, text, version + 1))
        return
    key = box.name.split("-", 1)[1]
    stored = held.answers.get(key, NO_ANSWER)
    value, evidence, version = changes.answers.get(key, (stored.value, stored.evidence, stored.version + 1))
    if box.name == evidence_name(key):
        evidence = text
    elif box.name == value_name(key):
        value = AnswerValue(text=text)
    changes.answers[key] = (value, evidence, version)
