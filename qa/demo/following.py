"""Work on what is under way: a meeting of the panel with its minutes, and who was chased for late returns."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from qa.audits.lifecycle import NOT_IN, Stage
from qa.audits.models import Audit, Return
from qa.chasing.models import Chase
from qa.demo.scene import Scene, at
from qa.moderation.attending import Attended
from qa.moderation.models import PanelAttendance, PanelMeeting

CHASED = 2  # days before today
ABSENT = "hospitals"
MINUTES = """The panel took the cases in the order of how far the agencies' grades lay apart.

Agreed: social care brings the chronology of the next two cases to the next meeting; the police ask how \
achieving best evidence interviews are recorded where the child did not speak.

The cases not reached today are taken at the next meeting."""


def add(scene: Scene, audits: Sequence[Audit]) -> None:
    """Add the meeting of the audit that is at its panel, and chases of the one that is in fieldwork."""
    cases = {tree.id for tree in scene.partnership.editions.values() if not tree.self_assessment}
    for audit in audits:
        if audit.stage is Stage.PANEL and audit.edition_id in cases:
            _meet(scene, audit)
        if audit.stage is Stage.FIELDWORK:
            _chase(scene, audit)


def _meet(scene: Scene, audit: Audit) -> None:
    people = scene.partnership
    lead = next(person for person in people.people.values() if person.id == audit.lead_id)
    held = audit.panel_on or scene.today
    meeting = PanelMeeting(
        audit_id=audit.id,
        held_on=held,
        chair=lead.name,
        minutes=MINUTES,
        shared=True,
        created_at=scene.past(at(held, 16)),
        created_by_id=lead.id,
    )
    scene.session.add(meeting)
    scene.session.flush()
    involved = set(
        scene.session.scalars(select(Return.agency_id).where(Return.audit_id == audit.id).distinct())
    )
    named = [
        (people.leads.get(key) or next(iter(people.auditors[key]), None), agency, key)
        for key, agency in people.agencies.items()
        if agency.id in involved
    ]
    scene.session.add_all(
        PanelAttendance(
            meeting_id=meeting.id,
            place=place,
            name=person.name,
            role="Agency lead" if key in people.leads else "Auditor",
            agency_id=agency.id,
            attended=Attended.APOLOGIES if key == ABSENT else Attended.PRESENT,
        )
        for place, (person, agency, key) in enumerate(named, start=1)
        if person is not None
    )


def _chase(scene: Scene, audit: Audit) -> None:
    late = select(Return.id, Return.auditor_id).where(
        Return.audit_id == audit.id,
        Return.state.in_(NOT_IN),
        Return.due_on < scene.ago(CHASED),
        Return.auditor_id.is_not(None),
    )
    sent = scene.past(at(scene.ago(CHASED), 10))
    scene.session.add_all(
        Chase(
            audit_id=audit.id,
            return_id=number,
            person_id=auditor_id,
            sent_at=sent + timedelta(seconds=place),
            sent_by_id=audit.lead_id,
        )
        for place, (number, auditor_id) in enumerate(scene.session.execute(late.order_by(Return.id)))
        if auditor_id is not None
    )
