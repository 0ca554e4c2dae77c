"""Every route: what to visit there, and who may; read from the design, and not from the code's own rules.

A new route is added here, in its capability's part: `Visit(who may, how to make its arguments)`, one for each
kind of record that matters. The arguments come from a World; where they belong to an audit they are given as
a function of an Exercise, and the visit is made to a confidential audit too, where only those named may go.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support.world import GUEST, LINK, TOKEN, VISITOR, Exercise, World

Arguments = dict[str, Any]
People = frozenset[str]

ADMINISTRATOR = frozenset({"administrator"})
OWN_LEADS = frozenset({"QA lead", "QA lead of all areas", "QA lead who works for the agency"})
LEADS = OWN_LEADS | {"QA lead of the other area"}
OWN_AUDITOR = frozenset({"auditor"})
OWN_AUDITORS = OWN_AUDITOR | {"auditor's colleague"}
AUDITORS = OWN_AUDITORS | {"auditor of another agency", "auditor of the other area"}
OWN_AGENCY_LEAD = frozenset({"agency lead"})
AGENCY_LEADS = OWN_AGENCY_LEAD | {"agency lead of another agency", "agency lead of the other area"}
OWN_AGENCY = OWN_AUDITORS | OWN_AGENCY_LEAD
OTHER_AGENCY = frozenset({"auditor of another agency", "agency lead of another agency"})
TAKING_PART = OWN_AGENCY | OTHER_AGENCY
OWN_MEMBER = frozenset({"member"})
MEMBERS = OWN_MEMBER | {"member of the other area"}
SIGNED_IN = ADMINISTRATOR | LEADS | AUDITORS | AGENCY_LEADS | MEMBERS | {"somebody without a role"}
# Somebody without an account, who came by a link to one return.
GUESTS = frozenset({GUEST})
EVERYBODY = SIGNED_IN | GUESTS | {VISITOR}
NAMED = frozenset({"QA lead", "auditor"})

NONE: People = frozenset()


@dataclass(frozen=True)
class Visit:
    """One thing to visit at a route. may: who gets an answer; sees: who may be told that they may not do it,
    because they may see the record (others are told that there is nothing). here: arguments from the world;
    of: arguments from an exercise. form: what a POST sends; nothing, mostly, which is enough to be let in or
    turned away. only: the one method this visit is about.
    """

    may: People
    here: Callable[[World], Arguments] | None = None
    of: Callable[[Exercise], Arguments] | None = None
    sees: People = NONE
    note: str = ""
    form: Mapping[str, str] = field(default_factory=dict)
    only: str = ""


def of_audit(may: People, stage: str = "open", **more: Any) -> Visit:
    """A page of an audit at a stage: planned, open, panel, done."""
    sees = more.pop("sees", NONE)
    return Visit(
        may, of=lambda e: {"audit_id": getattr(e, stage).id, **more}, sees=sees, note=f"{stage} audit"
    )


def at_case(may: People, case: str, sees: People = NONE, **more: Any) -> Visit:
    """A page of a case: new_case, open_case, shut_case, panel_case."""

    def arguments(e: Exercise) -> Arguments:
        row = getattr(e, case)
        return {"audit_id": row.audit_id, "case_id": row.id, **more}

    return Visit(may, of=arguments, sees=sees, note=case)


def at(may: People, argument: str, row: str, sees: People = NONE, **more: Any) -> Visit:
    """A page of one row of an exercise: at(…, "return_id", "draft")."""
    return Visit(may, of=lambda e: {argument: getattr(e, row).id, **more}, sees=sees, note=row)


def at_meeting(may: People, meeting: str, sees: People = NONE) -> Visit:
    """A page of a meeting of the panel: meeting, shared_meeting."""

    def arguments(e: Exercise) -> Arguments:
        row = getattr(e, meeting)
        return {"audit_id": row.audit_id, "meeting_id": row.id}

    return Visit(may, of=arguments, sees=sees, note=meeting)


def of_tracked(may: People) -> Visit:
    """A page of the tracker about the return that is a draft."""

    def arguments(e: Exercise) -> Arguments:
        return {"audit_id": e.draft.audit_id, "return_id": e.draft.id}

    return Visit(may, of=arguments, note="draft")


def everywhere(may: People, **arguments: Any) -> tuple[Visit, ...]:
    """A page that belongs to no record."""
    return (Visit(may, here=lambda _world: arguments),)


def administered(**arguments: Callable[[World], int]) -> tuple[Visit, ...]:
    """A page for administrators alone."""
    return (Visit(ADMINISTRATOR, here=lambda w: {name: make(w) for name, make in arguments.items()}),)


SECTION = "front_door"

PUBLIC: Mapping[str, tuple[Visit, ...]] = {
    "home.accessibility": everywhere(EVERYBODY),
    "home.health": everywhere(EVERYBODY),
    "accounts.sign_in": everywhere(EVERYBODY),
    "accounts.forgotten": everywhere(EVERYBODY),
    "accounts.set_password": everywhere(EVERYBODY, token=TOKEN),
    "guests.link": everywhere(EVERYBODY, token=LINK),
    "guests.ask_code": everywhere(EVERYBODY, token=LINK),
    "guests.code": everywhere(EVERYBODY, token=LINK),
}

ACCOUNTS: Mapping[str, tuple[Visit, ...]] = {
    "home.home": everywhere(SIGNED_IN | GUESTS),
    "accounts.account": everywhere(SIGNED_IN),
    "accounts.end_other_sign_ins": everywhere(SIGNED_IN),
    "accounts.sign_out": everywhere(SIGNED_IN | GUESTS),
    "accounts.areas": administered(),
    "accounts.add_area": administered(),
    "accounts.area": administered(area_id=lambda w: w.north.id),
    "accounts.agencies": administered(),
    "accounts.add_agency": administered(),
    "accounts.agency": administered(agency_id=lambda w: w.trust.id),
    "accounts.deactivate_agency": administered(agency_id=lambda w: w.trust.id),
    "accounts.reactivate_agency": administered(agency_id=lambda w: w.trust.id),
    "accounts.people": administered(),
    "accounts.invite": administered(),
    "accounts.person": administered(person_id=lambda w: w.stranger.id),
    "accounts.person_details": administered(person_id=lambda w: w.stranger.id),
    "accounts.person_roles": administered(person_id=lambda w: w.stranger.id),
    "accounts.invite_again": administered(person_id=lambda w: w.stranger.id),
    "accounts.give_account": administered(person_id=lambda w: w.stranger.id),
    "accounts.deactivate_person": administered(person_id=lambda w: w.stranger.id),
    "accounts.reactivate_person": administered(person_id=lambda w: w.stranger.id),
    "accounts.end_sign_ins": administered(person_id=lambda w: w.stranger.id),
    "accounts.trail": administered(),
    "accounts.trail_file": administered(),
}

# Whoever asked for long work sees it, and the QA leads of its area do; what it made is the asker's alone.
JOBS: Mapping[str, tuple[Visit, ...]] = {
    "jobs.index": everywhere(SIGNED_IN),
    "jobs.show": (at(OWN_LEADS, "job_id", "job"),),
    "jobs.cancel": (at(OWN_LEADS, "job_id", "job"),),
    "jobs.file": (at(frozenset({"QA lead"}), "job_id", "job"),),
}


def of_draft(form: Mapping[str, str] | None = None, **more: str) -> tuple[Visit, ...]:
    """A page on which QA leads write a draft: of a framework that all areas share, and of Northside's own."""
    sent = form or {}
    return (
        Visit(LEADS, here=lambda w: {"edition_id": w.draft_id, **more}, note="shared", form=sent),
        Visit(OWN_LEADS, here=lambda w: {"edition_id": w.own_draft_id, **more}, note="own", form=sent),
    )


# Whoever works with frameworks reads them; QA leads build them: those that all areas share, and their own
# area's, which the others do not see.
READ_FRAMEWORKS = ADMINISTRATOR | LEADS | AUDITORS | AGENCY_LEADS
READ_OWN_FRAMEWORKS = ADMINISTRATOR | OWN_LEADS | TAKING_PART


def of_edition(may: People, own: People, sees: People = NONE, **more: Any) -> tuple[Visit, ...]:
    """A page of an edition that all areas share, and of one that is kept to Northside."""
    return (
        Visit(may, here=lambda w: {"edition_id": w.edition.id, **more}, sees=sees, note="shared"),
        Visit(
            own,
            here=lambda w: {"edition_id": w.own_edition.id, **more},
            sees=sees & READ_OWN_FRAMEWORKS,
            note="own",
        ),
    )


def of_framework(may: People, own: People, sees: People = NONE) -> tuple[Visit, ...]:
    """A page of a framework that all areas share, and of one that is kept to Northside."""
    return (
        Visit(may, here=lambda w: {"framework_id": w.edition.framework_id}, sees=sees, note="shared"),
        Visit(
            own,
            here=lambda w: {"framework_id": w.own_edition.framework_id},
            sees=sees & READ_OWN_FRAMEWORKS,
            note="own",
        ),
    )


FRAMEWORKS: Mapping[str, tuple[Visit, ...]] = {
    "frameworks.library": everywhere(READ_FRAMEWORKS),
    "frameworks.framework": of_framework(READ_FRAMEWORKS, READ_OWN_FRAMEWORKS),
    "frameworks.sharing": of_framework(LEADS, OWN_LEADS, sees=READ_FRAMEWORKS),
    "frameworks.choose_editions": of_framework(READ_FRAMEWORKS, READ_OWN_FRAMEWORKS),
    "frameworks.compare_editions": (
        Visit(
            READ_FRAMEWORKS,
            here=lambda w: {"edition_id": w.edition.id, "other_id": w.edition.id},
            note="shared",
        ),
        Visit(
            READ_OWN_FRAMEWORKS,
            here=lambda w: {"edition_id": w.edition.id, "other_id": w.own_edition.id},
            note="own",
        ),
        Visit(
            OWN_LEADS,
            here=lambda w: {"edition_id": w.own_draft_id, "other_id": w.edition.id},
            note="own draft",
        ),
    ),
    "frameworks.new": everywhere(LEADS),
    "frameworks.new_blank": everywhere(LEADS),
    "frameworks.new_from_edition": everywhere(LEADS),
    "frameworks.start_next": of_edition(LEADS, OWN_LEADS, sees=READ_FRAMEWORKS),
    "frameworks.shipped_list": everywhere(LEADS),
    "frameworks.copy_shipped": everywhere(LEADS, key="three_questions"),
    "frameworks.edition": of_edition(READ_FRAMEWORKS, READ_OWN_FRAMEWORKS),
    "frameworks.blank": of_edition(READ_FRAMEWORKS, READ_OWN_FRAMEWORKS),
    "frameworks.file": of_edition(READ_FRAMEWORKS, READ_OWN_FRAMEWORKS),
    "frameworks.blank_import_workbook": everywhere(LEADS),
    "frameworks.draft": of_draft(),
    "frameworks.draft_details": of_draft(),
    "frameworks.undo_change": of_draft(),
    "frameworks.delete_draft": of_draft(),
    "frameworks.add_section": of_draft(),
    "frameworks.draft_section": of_draft(key="front_door"),
    "frameworks.section_settings": of_draft(key="front_door"),
    "frameworks.add_closing": of_draft(key="front_door"),
    "frameworks.add_question": of_draft(key="front_door"),
    "frameworks.paste_questions": of_draft(key="front_door"),
    "frameworks.draft_question": of_draft(key="consent"),
    "frameworks.move_to_section": of_draft(key="consent"),
    "frameworks.move_part": of_draft(what="questions", key="consent"),
    "frameworks.duplicate_part": of_draft(what="questions", key="consent"),
    "frameworks.delete_part": of_draft(what="questions", key="consent"),
    "frameworks.draft_scales": of_draft(),
    "frameworks.add_scale": of_draft(),
    "frameworks.add_ready_scale": of_draft(form={"ready": "rag"}),
    "frameworks.draft_scale": of_draft(key="ofsted"),
    "frameworks.draft_profile": of_draft(),
    "frameworks.add_profile_field": of_draft(),
    "frameworks.add_ready_fields": of_draft(form={"ready": "age_band"}),
    "frameworks.draft_profile_field": of_draft(key="pathway"),
    "frameworks.checks": of_draft(),
    "frameworks.preview": of_draft(),
    "frameworks.preview_edition": of_edition(READ_FRAMEWORKS, READ_OWN_FRAMEWORKS),
    "frameworks.import_file": everywhere(LEADS),
    "frameworks.import_word": everywhere(LEADS),
    "frameworks.confirm_word": everywhere(LEADS),
    "frameworks.add_shipped": everywhere(LEADS, key="three_questions"),
    "frameworks.change_state": (
        *of_edition(LEADS, OWN_LEADS, sees=READ_FRAMEWORKS, step="withdraw"),
        Visit(LEADS, here=lambda w: {"edition_id": w.draft_id, "step": "publish"}, note="draft"),
        Visit(OWN_LEADS, here=lambda w: {"edition_id": w.own_draft_id, "step": "publish"}, note="own draft"),
    ),
}

# Those who take part see that an audit is; its cases, with all that is in them, are for QA leads.
AUDITS: Mapping[str, tuple[Visit, ...]] = {
    "audits.index": everywhere(LEADS | AUDITORS | AGENCY_LEADS),
    "audits.new": everywhere(LEADS),
    "audits.show": (of_audit(OWN_LEADS | TAKING_PART), of_audit(OWN_LEADS | TAKING_PART, "done")),
    "audits.edit": (of_audit(OWN_LEADS, "planned", sees=TAKING_PART),),
    "audits.move": (of_audit(OWN_LEADS, "panel", word="back-to-fieldwork", sees=TAKING_PART),),
    "audits.cases": (of_audit(OWN_LEADS, sees=TAKING_PART),),
    "audits.case": (at_case(OWN_LEADS, "open_case", sees=TAKING_PART),),
    "audits.add_return": (at_case(OWN_LEADS, "new_case", sees=TAKING_PART),),
    "audits.add_case": (of_audit(OWN_LEADS, "planned", sees=TAKING_PART),),
    "audits.edit_case": (at_case(OWN_LEADS, "new_case", sees=TAKING_PART),),
    "audits.remove_case": (at_case(OWN_LEADS, "new_case", sees=TAKING_PART),),
    "audits.import_cases": (of_audit(OWN_LEADS, "planned", sees=TAKING_PART),),
    "audits.case_template": (of_audit(OWN_LEADS, "planned", sees=TAKING_PART),),
    "audits.add_agencies": (of_audit(OWN_LEADS, "self_assessment", sees=TAKING_PART),),
    "audits.allocate": (of_audit(OWN_LEADS, "planned", sees=TAKING_PART),),
    "audits.allot": (of_audit(OWN_LEADS, "planned", sees=TAKING_PART),),
    "audits.assign": (of_audit(OWN_LEADS, "planned", sees=TAKING_PART),),
    "audits.share_out": (
        Visit(
            OWN_LEADS,
            of=lambda e: {"audit_id": e.open.id, "agency_id": e.draft.agency_id},
            sees=TAKING_PART,
        ),
    ),
}

# An area's programme is read by its members and by the leads of agencies that work there; that of all areas
# together by whoever reads any, and kept by QA leads of all areas.
READ_PROGRAMME = OWN_LEADS | OWN_MEMBER | OWN_AGENCY_LEAD | {"agency lead of another agency"}
READ_ANY_PROGRAMME = LEADS | AGENCY_LEADS | MEMBERS
LEADS_OF_ALL = frozenset({"QA lead of all areas"})


def of_programme(may: People = OWN_LEADS, together: People = LEADS_OF_ALL) -> tuple[Visit, ...]:
    """A page of Northside's programme, and of that of all areas together."""
    return (
        Visit(may, here=lambda w: {"programme_id": w.programme.id}, sees=READ_PROGRAMME, note="own"),
        Visit(
            together,
            here=lambda w: {"programme_id": w.together.id},
            sees=READ_ANY_PROGRAMME,
            note="all areas",
        ),
    )


def of_planned(may: People = OWN_LEADS) -> tuple[Visit, ...]:
    """A page of a planned audit, and of a confidential one."""
    return (at(may, "planned_id", "in_programme", sees=READ_PROGRAMME),)


PROGRAMME: Mapping[str, tuple[Visit, ...]] = {
    "programme.index": everywhere(READ_ANY_PROGRAMME),
    "programme.new": everywhere(LEADS),
    "programme.show": of_programme(READ_PROGRAMME, READ_ANY_PROGRAMME),
    "programme.pdf": of_programme(READ_PROGRAMME, READ_ANY_PROGRAMME),
    "programme.edit": of_programme(),
    "programme.remove": of_programme(),
    "programme.plan": of_programme(),
    "programme.carry_over": of_programme(),
    "programme.planned": of_planned(READ_PROGRAMME),
    "programme.change": of_planned(),
    "programme.remove_planned": of_planned(),
    "programme.tie": of_planned(),
}



def of_sample(sample: str, **more: Any) -> tuple[Visit, ...]:
    """A page of a sample of the planned audit: waiting_list, drawn_sample."""
    return (
        Visit(
            OWN_LEADS,
            of=lambda e: {"audit_id": e.planned.id, "sample_id": getattr(e, sample).id, **more},
            sees=TAKING_PART,
            note=sample,
        ),
    )


SAMPLING: Mapping[str, tuple[Visit, ...]] = {
    "sampling.show": (of_audit(OWN_LEADS, "planned", sees=TAKING_PART),),
    "sampling.bring_in": (of_audit(OWN_LEADS, "planned", sees=TAKING_PART),),
    "sampling.columns": of_sample("waiting_list"),
    "sampling.draw": of_sample("waiting_list"),
    "sampling.check": of_sample("drawn_sample"),
    "sampling.delete": (
        *of_sample("drawn_sample", what="reserve"),
        *of_sample("drawn_sample", what="draw"),
        *of_sample("waiting_list", what="list"),
    ),
    "sampling.replace": (at_case(OWN_LEADS, "new_case", sees=TAKING_PART),),
}

# Before it is submitted a return is its agency's alone; it is completed by the auditor it was given to.
READ_DRAFT = OWN_AUDITOR | OWN_AGENCY_LEAD
READ_SENT = READ_DRAFT | OWN_LEADS
# A return that was lent to a guest is theirs to complete, and their agency's lead reads it.
READ_LENT = GUESTS | OWN_AGENCY_LEAD
HANDLE_CONCERN = OWN_LEADS
RETURNS: Mapping[str, tuple[Visit, ...]] = {
    "returns.my_work": everywhere(LEADS | AUDITORS | AGENCY_LEADS),
    "returns.show": (
        at(READ_DRAFT, "return_id", "draft"),
        at(READ_SENT, "return_id", "sent"),
        at(READ_LENT, "return_id", "lent"),
    ),
    "returns.read": (
        at(READ_DRAFT, "return_id", "draft"),
        at(READ_SENT, "return_id", "sent"),
        at(READ_LENT, "return_id", "lent"),
    ),
    "returns.section": (
        at(OWN_AUDITOR, "return_id", "draft", sees=READ_DRAFT, key=SECTION),
        at(GUESTS, "return_id", "lent", sees=READ_LENT, key=SECTION),
    ),
    "returns.save": (
        at(OWN_AUDITOR, "return_id", "draft", sees=READ_DRAFT, key=SECTION),
        at(GUESTS, "return_id", "lent", sees=READ_LENT, key=SECTION),
    ),
    "returns.autosave": (
        at(OWN_AUDITOR, "return_id", "draft", sees=READ_DRAFT, key=SECTION),
        at(GUESTS, "return_id", "lent", sees=READ_LENT, key=SECTION),
    ),
    "returns.check": (
        at(OWN_AUDITOR, "return_id", "draft", sees=READ_DRAFT),
        at(GUESTS, "return_id", "lent", sees=READ_LENT),
    ),
    "returns.involved": (
        at(OWN_AUDITOR, "return_id", "draft", sees=READ_DRAFT),
        at(GUESTS, "return_id", "lent", sees=READ_LENT),
    ),
    "returns.not_involved": (
        at(OWN_AUDITOR, "return_id", "draft", sees=READ_DRAFT),
        at(GUESTS, "return_id", "lent", sees=READ_LENT),
    ),
    "returns.send_back": (at(OWN_LEADS, "return_id", "sent_early", sees=READ_SENT),),
    "returns.excel": (
        at(OWN_AUDITOR, "return_id", "draft", sees=READ_DRAFT),
        at(GUESTS, "return_id", "lent", sees=READ_LENT),
    ),
    "returns.excel_form": (
        at(OWN_AUDITOR, "return_id", "draft", sees=READ_DRAFT),
        at(GUESTS, "return_id", "lent", sees=READ_LENT),
    ),
    "returns.take_in": (
        at(OWN_AUDITOR, "return_id", "draft", sees=READ_DRAFT),
        at(GUESTS, "return_id", "lent", sees=READ_LENT),
    ),
    "returns.raise_concern": (at(READ_DRAFT, "return_id", "draft"), at(READ_LENT, "return_id", "lent")),
    "returns.concerns": everywhere(LEADS | AUDITORS | AGENCY_LEADS),
    "returns.concern": (at(HANDLE_CONCERN | OWN_AUDITOR, "concern_id", "concern"),),
    "returns.acknowledge": (at(HANDLE_CONCERN, "concern_id", "concern", sees=OWN_AUDITOR),),
    "returns.add_action": (at(HANDLE_CONCERN, "concern_id", "concern", sees=OWN_AUDITOR),),
    "returns.close": (at(HANDLE_CONCERN, "concern_id", "concern", sees=OWN_AUDITOR),),
    "returns.reopen": (at(HANDLE_CONCERN, "concern_id", "concern", sees=OWN_AUDITOR),),
}

# Links to returns are sent by the audit's QA leads, and for their own agency by its lead.
SEND_LINKS = OWN_LEADS | OWN_AGENCY_LEAD


def of_link() -> tuple[Visit, ...]:
    """What is done about the guest's link."""
    return (Visit(SEND_LINKS, here=lambda w: {"link_id": w.link.id}, sees=READ_LENT),)


GUESTS_PAGES: Mapping[str, tuple[Visit, ...]] = {
    "guests.send": (at(SEND_LINKS, "return_id", "draft", sees=READ_DRAFT),),
    "guests.links": (of_audit(SEND_LINKS | {"agency lead of another agency"}, sees=TAKING_PART),),
    "guests.send_again": of_link(),
    "guests.revoke": of_link(),
}

# Before the panel opens the case an agency sees its own entries alone, but the page is every agency's with a
# return on the case; auditors enter, agency leads read. An entry of another agency's is not there for them.
ENTER_VIEWS = OWN_LEADS | OWN_AUDITORS | {"auditor of another agency"}
READ_VIEWS = OWN_LEADS | TAKING_PART
OWN_VIEWS = OWN_LEADS | OWN_AUDITORS


def of_views(may: People, row: str, sees: People = NONE) -> Visit:
    """A page of an entry: views, shared_views."""

    def arguments(e: Exercise) -> Arguments:
        entry = getattr(e, row)
        return {"audit_id": entry.audit_id, "case_id": entry.case_id, "feedback_id": entry.id}

    return Visit(may, of=arguments, sees=sees, note=row)


FEEDBACK: Mapping[str, tuple[Visit, ...]] = {
    "feedback.case": (at_case(READ_VIEWS, "open_case"), at_case(READ_VIEWS, "panel_case")),
    "feedback.add": (at_case(ENTER_VIEWS, "open_case", sees=READ_VIEWS, voice="child"),),
    "feedback.add_none": (at_case(ENTER_VIEWS, "open_case", sees=READ_VIEWS, voice="practitioner"),),
    "feedback.edit": (
        of_views(OWN_VIEWS, "views", sees=OWN_LEADS | OWN_AGENCY),
        of_views(OWN_VIEWS, "shared_views", sees=READ_VIEWS),
    ),
    "feedback.remove": (
        of_views(OWN_VIEWS, "views", sees=OWN_LEADS | OWN_AGENCY),
        of_views(OWN_VIEWS, "shared_views", sees=READ_VIEWS),
    ),
}

# Agencies see each other's returns when the panel opens the case, not before; QA leads moderate.
MODERATION: Mapping[str, tuple[Visit, ...]] = {
    "chasing.tracker": (of_audit(OWN_LEADS),),
    "chasing.chased": (of_audit(OWN_LEADS),),
    "chasing.chase": (of_audit(OWN_LEADS),),
    "chasing.extend": (of_audit(OWN_LEADS),),
    "chasing.followed": (of_tracked(OWN_LEADS),),
    "chasing.extend_one": (of_tracked(OWN_LEADS),),
    "moderation.agenda": (of_audit(OWN_LEADS | TAKING_PART, "panel"),),
    "moderation.agreement": (of_audit(OWN_LEADS, "panel", sees=TAKING_PART),),
    "moderation.meetings": (of_audit(OWN_LEADS | TAKING_PART, "panel"),),
    "moderation.add_meeting": (of_audit(OWN_LEADS, "panel", sees=TAKING_PART),),
    "moderation.meeting": (
        at_meeting(OWN_LEADS, "meeting", sees=NONE),
        at_meeting(OWN_LEADS | TAKING_PART, "shared_meeting"),
    ),
    "moderation.change_meeting": (at_meeting(OWN_LEADS, "shared_meeting", sees=TAKING_PART),),
    "moderation.remove_meeting": (at_meeting(OWN_LEADS, "shared_meeting", sees=TAKING_PART),),
    "moderation.case": (
        at_case(OWN_LEADS, "shut_case"),
        at_case(OWN_LEADS | TAKING_PART, "panel_case"),
    ),
    "moderation.opening": (of_audit(OWN_LEADS, "panel", sees=TAKING_PART),),
    "moderation.open_complete": (of_audit(OWN_LEADS, "panel", sees=TAKING_PART),),
    "moderation.open_case": (at_case(OWN_LEADS, "shut_case", sees=TAKING_PART),),
    "moderation.agree_section": (at_case(OWN_LEADS, "panel_case", sees=TAKING_PART, key=SECTION),),
    "moderation.agree_overall": (at_case(OWN_LEADS, "panel_case", sees=TAKING_PART),),
    "moderation.add_finding": (at_case(OWN_LEADS, "panel_case", sees=TAKING_PART),),
    "moderation.change_finding": (
        Visit(
            OWN_LEADS,
            of=lambda e: {
                "audit_id": e.panel.id,
                "case_id": e.panel_case.id,
                "finding_id": e.panel_finding.id,
            },
            sees=TAKING_PART,
        ),
    ),
    "moderation.remove_finding": (
        Visit(
            OWN_LEADS,
            of=lambda e: {
                "audit_id": e.panel.id,
                "case_id": e.panel_case.id,
                "finding_id": e.panel_finding.id,
            },
            sees=TAKING_PART,
        ),
    ),
}

# Names of children: seen by those who lead the area's audits, and not by administrators.
IDENTIFIERS: Mapping[str, tuple[Visit, ...]] = {
    "identifiers.areas": everywhere(LEADS),
    **{
        f"identifiers.{page}": (Visit(OWN_LEADS, here=lambda w: {"area_id": w.north.id}),)
        for page in ("names", "search", "add", "clear")
    },
    "identifiers.remove": (
        Visit(OWN_LEADS, here=lambda w: {"area_id": w.north.id, "name_id": w.own_name.id}),
    ),
}

FINDINGS: Mapping[str, tuple[Visit, ...]] = {
    "findings.index": (of_audit(OWN_LEADS, "panel", sees=TAKING_PART),),
    "findings.by_theme": (of_audit(OWN_LEADS, "panel", sees=TAKING_PART),),
    "findings.finding": (
        Visit(
            OWN_LEADS,
            of=lambda e: {"audit_id": e.panel.id, "finding_id": e.finding.id},
            sees=TAKING_PART,
        ),
    ),
    "findings.themes": everywhere(LEADS),
    "findings.add_theme": everywhere(LEADS),
    "findings.load_library": everywhere(LEADS),
    "findings.theme": (Visit(OWN_LEADS, here=lambda w: {"theme_id": w.own_theme.id}),),
}

# A recommendation concerns its area and the agencies with an action; partnership members follow it.
FOLLOW = OWN_LEADS | OWN_MEMBER | OWN_AGENCY
RECOMMENDATIONS: Mapping[str, tuple[Visit, ...]] = {
    "recommendations.index": everywhere(LEADS | AUDITORS | AGENCY_LEADS | MEMBERS),
    "recommendations.download": everywhere(LEADS | AUDITORS | AGENCY_LEADS | MEMBERS),
    "recommendations.show": (at(FOLLOW, "recommendation_id", "recommendation"),),
    "recommendations.new": (of_audit(OWN_LEADS, "done", sees=TAKING_PART | OWN_MEMBER),),
    "recommendations.edit": (at(OWN_LEADS, "recommendation_id", "recommendation", sees=FOLLOW),),
    "recommendations.close": (at(OWN_LEADS, "recommendation_id", "finished", sees=FOLLOW),),
    "recommendations.reopen": (at(OWN_LEADS, "recommendation_id", "closed", sees=FOLLOW),),
    "recommendations.add_action": (at(OWN_LEADS, "recommendation_id", "recommendation", sees=FOLLOW),),
    "recommendations.action": (at(FOLLOW, "action_id", "action"),),
    "recommendations.edit_action": (at(OWN_LEADS, "action_id", "fresh", sees=FOLLOW),),
    "recommendations.delete_action": (at(OWN_LEADS, "action_id", "fresh", sees=FOLLOW),),
    "recommendations.due_date": (at(OWN_LEADS, "action_id", "action", sees=FOLLOW),),
    "recommendations.accept": (at(OWN_AGENCY_LEAD, "action_id", "fresh", sees=FOLLOW),),
    "recommendations.post_progress": (at(OWN_AGENCY_LEAD, "action_id", "action", sees=FOLLOW),),
    # Nobody verifies their own agency's action; its page they may read.
    "recommendations.decide": (
        Visit(OWN_LEADS, of=lambda e: {"action_id": e.said_done.id}, sees=FOLLOW, only="GET"),
        Visit(
            OWN_LEADS - {"QA lead who works for the agency"},
            of=lambda e: {"action_id": e.said_done.id},
            sees=FOLLOW,
            form={"outcome": "verified", "reason": "Seen in ten plans.", "version": "1"},
            only="POST",
        ),
    ),
    "recommendations.evidence": (
        Visit(FOLLOW, of=lambda e: {"action_id": e.action.id, "file_id": e.file.id}),
    ),
}

# Figures and reports leave the QA team once the audit is reported.
READ_ISSUED = OWN_LEADS | OWN_MEMBER | OWN_AGENCY_LEAD | {"agency lead of another agency"}
REPORTS: Mapping[str, tuple[Visit, ...]] = {
    "analysis.audit": (of_audit(OWN_LEADS, "panel"), of_audit(OWN_LEADS | OWN_MEMBER, "done")),
    "analysis.scores": (of_audit(OWN_LEADS, "panel"), of_audit(OWN_LEADS | OWN_MEMBER, "done")),
    "analysis.timescales": (of_audit(OWN_LEADS, "panel"), of_audit(OWN_LEADS | OWN_MEMBER, "done")),
    "reports.index": everywhere(LEADS | AGENCY_LEADS | MEMBERS),
    "reports.issued": (at(READ_ISSUED, "report_id", "report"),),
    "reports.issued_page": (at(READ_ISSUED, "report_id", "report"),),
    "reports.thematic": (of_audit(OWN_LEADS, "done", sees=TAKING_PART | OWN_MEMBER),),
    "reports.thematic_pdf": (of_audit(OWN_LEADS, "done", sees=TAKING_PART | OWN_MEMBER),),
    "reports.edit": (of_audit(OWN_LEADS, "done", sees=TAKING_PART | OWN_MEMBER),),
    "reports.issue": (of_audit(OWN_LEADS, "done", sees=TAKING_PART | OWN_MEMBER),),
    "reports.summaries": (of_audit(OWN_LEADS, "panel", sees=TAKING_PART),),
    # Before the panel opens a case: its QA leads, and each agency for its own return.
    "reports.case_summary": (
        at_case((OWN_LEADS | TAKING_PART) - {"auditor's colleague"}, "open_case"),
        at_case(OWN_LEADS | TAKING_PART, "panel_case"),
    ),
}


def of_move(may: People, **names: str) -> tuple[Visit, ...]:
    """A page about moving an audit in fieldwork; names: of the move's members by the address's arguments."""
    return (
        Visit(
            may,
            of=lambda e: {
                "audit_id": e.open.id,
                **{argument: getattr(e.move, name) for argument, name in names.items()},
            },
            sees=TAKING_PART,
        ),
    )


MOVING: Mapping[str, tuple[Visit, ...]] = {
    "moving.choose": of_move(OWN_LEADS),
    "moving.move": of_move(OWN_LEADS, edition_id="to_edition_id"),
    "moving.done": of_move(OWN_LEADS, move_id="id"),
    "moving.undo": of_move(OWN_LEADS, move_id="id"),
}

ROUTES: Mapping[str, tuple[Visit, ...]] = {
    **PUBLIC,
    **ACCOUNTS,
    **JOBS,
    **IDENTIFIERS,
    **FRAMEWORKS,
    **AUDITS,
    **SAMPLING,
    **PROGRAMME,
    **RETURNS,
    **GUESTS_PAGES,
    **FEEDBACK,
    **MODERATION,
    **MOVING,
    **FINDINGS,
    **RECOMMENDATIONS,
    **REPORTS,
}
