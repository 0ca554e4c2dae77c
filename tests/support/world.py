"""A standard world of two areas: whom the tests of permissions send, and what they send them to.

Northside has two agencies, the Trust and the Police; Southside has one, the School. Every audit here is
Northside's with the Trust and the Police taking part. "own" is Northside and the Trust.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qa.accounts.models import OneTimeLink, Person
from qa.accounts.permissions import CurrentPerson, Role
from qa.accounts.sectors import Sector
from qa.accounts.sessions import token_hash
from qa.audits.lifecycle import ReturnState, Stage
from qa.audits.models import Audit, AuditPerson, Case, EditionMove, Return
from qa.audits.programme.models import PlannedAudit, PlannedPerson, Programme
from qa.audits.programme.planned import AuditMethod, Reason
from qa.audits.sampling.models import Sample
from qa.db import now, today, writing
from qa.feedback.models import Feedback
from qa.feedback.vocabulary import Manner, Sought, Voice
from qa.findings.models import Theme
from qa.frameworks.editions import EditionTree
from qa.guests.models import ReturnLink
from qa.identifiers.models import GuardedName
from qa.jobs.lifecycle import FileRole, JobState
from qa.jobs.models import Job, JobFile
from qa.moderation.models import PanelMeeting
from qa.recommendations.lifecycle import ActionState
from qa.recommendations.models import Action, EvidenceFile, ProgressUpdate, Recommendation
from qa.reports.models import IssuedReport
from qa.returns.models import Concern, Finding, FindingKind
from tests.support.factories import TEMPLATES, Maker
from tests.support.samples import drawn_sample, listed_sample

VISITOR = "nobody signed in"
TOKEN = "a-token-of-an-invitation"
LINK = "a-secret-of-a-guests-link"
GUEST = "guest"
SECTION_11 = TEMPLATES / "section_11.yaml"


@dataclass
class Exercise:
    """What belongs to audits of Northside. open: in fieldwork; panel: at its panel; done: reported."""

    planned: Audit
    open: Audit
    panel: Audit
    done: Audit
    self_assessment: Audit
    in_programme: PlannedAudit
    waiting_list: Sample
    drawn_sample: Sample
    new_case: Case
    open_case: Case
    shut_case: Case
    panel_case: Case
    draft: Return
    lent: Return
    sent: Return
    sent_early: Return
    concern: Concern
    views: Feedback
    shared_views: Feedback
    finding: Finding
    panel_finding: Finding
    recommendation: Recommendation
    closed: Recommendation
    finished: Recommendation
    action: Action
    fresh: Action
    said_done: Action
    file: EvidenceFile
    report: IssuedReport
    job: Job
    move: EditionMove
    meeting: PanelMeeting
    shared_meeting: PanelMeeting


class World:
    """People by what they are to the Trust's part of Northside's audits, and what there is to visit."""

    def __init__(self, make: Maker) -> None:
        self.make = make
        self.north, self.south = make.area("Northside"), make.area("Southside")
        self.trust = make.agency("Trust", Sector.HEALTH, (self.north,))
        self.police = make.agency("Police", Sector.POLICE, (self.north,))
        self.school = make.agency("School", Sector.EDUCATION, (self.south,))
        self.edition, self.newer = make.edition(), make.edition()
        self.draft_id = make.draft()
        self.own_edition = make.edition(key="own_framework", name="Own framework", area=self.north)
        self.own_draft_id = make.draft("own_draft", area=self.north)
        self.people = self._people()
        self.guest = make.add(Person(email="guest@example.org", name="Guest", guest=True, created_at=now()))
        self.theme = make.theme("Shared")
        listed = {"name": "Somebody Listed", "folded": "somebody listed", "added_at": now()}
        self.own_name = make.add(GuardedName(area_id=self.north.id, **listed))
        self.own_theme = make.add(Theme(key="own", name="Own", area_id=self.north.id, created_at=now()))
        first = today().replace(month=4, day=1)
        self.programme = make.add(Programme(area_id=self.north.id, starts_on=first, created_at=now()))
        self.together = make.add(Programme(starts_on=first, created_at=now()))
        self.plain = self._exercise(named=())
        self.secret = self._exercise(named=(self.people["QA lead"], self.people["auditor"]))
        invited = make.person(email="invited@example.org")
        link = {"token_hash": token_hash(TOKEN), "person_id": invited.id, "purpose": "invitation"}
        make.add(OneTimeLink(**link, expires_at=now().replace(year=now().year + 1)))
        # Somebody without an account, with a link to one return of the plain exercise.
        self.people[GUEST] = CurrentPerson(
            self.guest.id, self.guest.name, self.guest.email, guest_of=self.plain.lent.id
        )
        self.link = make.add(
            ReturnLink(
                return_id=self.plain.lent.id,
                person_id=self.guest.id,
                token_hash=token_hash(LINK),
                sent_by_id=self.people["QA lead"].id,
                first_sent_at=now(),
                sent_at=now(),
            )
        )
        self.stranger = make.person(Role.QA_LEAD, area=self.south, name="Somebody Else")

    def _people(self) -> dict[str, CurrentPerson]:
        lead, auditor, head = Role.QA_LEAD, Role.AUDITOR, Role.AGENCY_LEAD
        member, make = Role.PARTNERSHIP_MEMBER, self.make
        return {
            "administrator": make.person(Role.ADMINISTRATOR),
            "QA lead": make.person(lead, area=self.north),
            "QA lead of all areas": make.person(lead),
            "QA lead who works for the agency": make.person(lead, area=self.north, agency=self.trust),
            "QA lead of the other area": make.person(lead, area=self.south),
            "auditor": make.person(auditor, agency=self.trust),
            "auditor's colleague": make.person(auditor, agency=self.trust),
            "auditor of another agency": make.person(auditor, agency=self.police),
            "auditor of the other area": make.person(auditor, agency=self.school),
            "agency lead": make.person(head, agency=self.trust),
            "agency lead of another agency": make.person(head, agency=self.police),
            "agency lead of the other area": make.person(head, agency=self.school),
            "member": make.person(member, area=self.north),
            "member of the other area": make.person(member, area=self.south),
            "somebody without a role": make.person(),
        }

    def _audit(
        self, stage: Stage, named: tuple[CurrentPerson, ...], edition: EditionTree | None = None
    ) -> Audit:
        agencies = (self.trust, self.police)
        made: Audit = self.make.audit(
            self.north, edition or self.edition, agencies, stage=stage, confidential=bool(named)
        )
        for person in named:
            self.make.add(AuditPerson(audit_id=made.id, person_id=person.id))
        return made

    def _exercise(self, named: tuple[CurrentPerson, ...]) -> Exercise:
        make, edition, auditor = self.make, self.edition, self.people["auditor"]
        planned = self._audit(Stage.PLANNING, named)
        new_case = make.case(planned)
        opened, panel = self._audit(Stage.FIELDWORK, named), self._audit(Stage.PANEL, named)
        done = self._audit(Stage.REPORTED, named)
        open_case, shut_case = make.case(opened), make.case(panel)
        panel_case: Case = make.add(
            Case(audit_id=panel.id, number=2, reference="C002", created_at=now(), panel_opened_at=now())
        )
        draft = make.case_return(open_case, self.trust, auditor, state=ReturnState.IN_PROGRESS)
        make.case_return(open_case, self.police)
        sent_early = make.case_return(make.case(opened), self.trust, auditor, state=ReturnState.SUBMITTED)
        lent = make.case_return(make.case(opened), self.trust, state=ReturnState.IN_PROGRESS)
        with make.app.app_context(), writing() as session:
            session.get_one(Return, lent.id).auditor_id = self.guest.id
        sent = None
        for case in (shut_case, panel_case):
            for agency, who in ((self.trust, auditor), (self.police, None)):
                row = make.case_return(case, agency, who, state=ReturnState.SUBMITTED)
                sent = sent or row
        assert sent
        make.case_return(make.case(done), self.trust, auditor, state=ReturnState.SUBMITTED)
        finding = make.finding(sent, edition)
        panel_finding = make.add(
            Finding(
                audit_id=panel.id,
                case_id=panel_case.id,
                kind=FindingKind.STRENGTH,
                text="Agreed at the panel.",
                released=True,
                created_at=now(),
            )
        )
        concern = make.add(
            Concern(
                audit_id=opened.id,
                area_id=self.north.id,
                case_id=open_case.id,
                return_id=draft.id,
                agency_id=self.trust.id,
                raised_by_id=auditor.id,
                raised_at=now(),
                text="Not seen for six weeks.",
            )
        )
        return Exercise(
            planned=planned,
            open=opened,
            panel=panel,
            done=done,
            self_assessment=self._audit(Stage.PLANNING, named, self._self_assessment()),
            in_programme=self._planned(named),
            waiting_list=listed_sample(make, planned),
            drawn_sample=drawn_sample(make, planned, new_case),
            new_case=new_case,
            open_case=open_case,
            shut_case=shut_case,
            panel_case=panel_case,
            draft=draft,
            lent=lent,
            sent=sent,
            sent_early=sent_early,
            concern=concern,
            views=self._views(open_case),
            shared_views=self._views(panel_case),
            finding=finding,
            panel_finding=panel_finding,
            report=self._report(done),
            job=self._job(panel),
            meeting=self._meeting(panel),
            shared_meeting=self._meeting(panel, shared=True),
            move=make.add(
                EditionMove(
                    audit_id=opened.id,
                    from_edition_id=edition.id,
                    to_edition_id=self.newer.id,
                    moved_at=now(),
                )
            ),
            **self._recommendations(done, named),
        )

    def _meeting(self, audit: Audit, *, shared: bool = False) -> PanelMeeting:
        held = {"held_on": today(), "chair": "Lena Lead", "shared": shared, "created_at": now()}
        row: PanelMeeting = self.make.add(PanelMeeting(audit_id=audit.id, **held))
        return row

    def _planned(self, named: tuple[CurrentPerson, ...]) -> PlannedAudit:
        row: PlannedAudit = self.make.add(
            PlannedAudit(
                programme_id=self.programme.id,
                title="Planned",
                reason=Reason.DATA,
                method=AuditMethod.MULTI_AGENCY,
                quarter=1,
                until=1,
                confidential=bool(named),
                created_at=now(),
            )
        )
        for person in named:
            self.make.add(PlannedPerson(planned_id=row.id, person_id=person.id))
        return row

    def _self_assessment(self) -> EditionTree:
        if not hasattr(self, "_own_assessment"):
            self._own_assessment: EditionTree = self.make.edition(SECTION_11)
        return self._own_assessment

    def _recommendations(self, done: Audit, named: tuple[CurrentPerson, ...]) -> dict[str, Any]:
        make, head = self.make, self.people["agency lead"]
        recommendation, finished = make.recommendation(done), make.recommendation(done)
        closed = make.recommendation(done, state="closed", closed_at=now())
        working = make.action(recommendation, self.trust, head, state=ActionState.IN_PROGRESS)
        make.action(finished, self.trust, head, state=ActionState.VERIFIED)
        make.action(closed, self.trust, head, state=ActionState.VERIFIED)
        update = make.add(
            ProgressUpdate(
                action_id=working.id, person_id=head.id, posted_at=now(), text="Begun.", state=working.state
            )
        )
        file = make.add(
            EvidenceFile(
                action_id=working.id,
                update_id=update.id,
                person_id=head.id,
                uploaded_at=now(),
                name="plan.txt",
                media_type="text/plain",
                size=4,
                sha256="0" * 64,
                content=b"plan",
            )
        )
        return {
            "recommendation": recommendation,
            "finished": finished,
            "closed": closed,
            "action": working,
            "fresh": make.action(recommendation, self.trust),
            "said_done": make.action(
                recommendation, self.trust, head, state=ActionState.AWAITING_VERIFICATION
            ),
            "file": file,
        }

    def _job(self, panel: Audit) -> Job:
        """A finished job of the QA lead's, with a file."""
        made: Job = self.make.add(
            Job(
                kind="case_summaries",
                title="Case summaries",
                area_id=panel.area_id,
                audit_id=panel.id,
                asked_by_id=self.people["QA lead"].id,
                asked_at=now(),
                state=JobState.DONE,
                ended_at=now(),
                done=1,
                total=1,
                arguments={"reference": panel.reference},
            )
        )
        self.make.add(
            JobFile(
                job_id=made.id,
                role=FileRole.MADE,
                name="one.pdf",
                media_type="application/pdf",
                size=4,
                content=b"%PDF",
            )
        )
        return made

    def _views(self, case: Case) -> Feedback:
        """What a child said, entered by the Trust's auditor."""
        made: Feedback = self.make.add(
            Feedback(
                audit_id=case.audit_id,
                case_id=case.id,
                agency_id=self.trust.id,
                voice=Voice.CHILD,
                outcome=Sought.GIVEN,
                given_on=now().date(),
                manner=Manner.OWN_WORDS,
                helped="She listened.",
                place=1,
                entered_at=now(),
                entered_by_id=self.people["auditor"].id,
            )
        )
        return made

    def _report(self, done: Audit) -> IssuedReport:
        made: IssuedReport = self.make.add(
            IssuedReport(
                audit_id=done.id,
                area_id=done.area_id,
                kind="thematic",
                number=1,
                title="Issued",
                issued_at=now(),
                size=4,
                sha256="0" * 64,
                content=b"%PDF",
                page="<p>Issued</p>",
            )
        )
        return made
