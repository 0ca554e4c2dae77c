"""The children in need audit: in fieldwork, with returns in every state and three concerns raised."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random

from qa.audits.lifecycle import ReturnState, Stage
from qa.audits.models import Audit
from qa.demo import profiles, words
from qa.demo.answering import Auditor, Task, first_part
from qa.demo.fieldwork import (
    Given,
    Sampled,
    add_audit,
    add_cases,
    new_return,
    submitted,
    write_returns,
)
from qa.demo.findings import Spreader, write_findings
from qa.demo.grading import Marker, Tendency
from qa.demo.sampling import add_sample
from qa.demo.scene import Scene, at, working_hour, year_to
from qa.demo.voices import write_views
from qa.demo.words import WrittenAudit
from qa.frameworks.editions import EditionTree
from qa.returns.models import Concern, ConcernState, ConcernStep, ConcernStepKind

AREA = "barking-and-dagenham"
KEY = "child_in_need"
ALWAYS = ("bd_social_care", "schools", "community_health")
SOMETIMES = {"police": 0.6, "voluntary": 0.5, "hospitals": 0.4, "bd_early_help": 0.4, "probation": 0.15}
FEWEST, MOST = 4, 6
CASES = 16
# The first cases were due last week, the rest in two weeks: what is open in the first is late.
FIRST_BATCH, FIRST_DUE, DUE_IN = 6, 4, 14
CREATED, OPENS = 45, 24
# What becomes of each auditor's returns, in turn; a number is how much of it is answered.
TURNS: tuple[ReturnState | float, ...] = (
    ReturnState.SUBMITTED,
    0.55,
    ReturnState.SUBMITTED,
    ReturnState.NOT_STARTED,
    0.8,
    ReturnState.NOT_INVOLVED,
    0.3,
    ReturnState.NOT_STARTED,
)
NOBODY = 14  # cases from this one on have returns that no auditor was given yet, in these agencies:
NOT_GIVEN = {"hospitals", "police", "schools"}
STATUS = {"open": 6, "open_long": 5, "stepped_down": 2, "closed": 2, "stepped_up": 1}
MONTHS = {"open": (3, 8), "open_long": (9, 22)}
TENDENCY = Tendency(
    mean=1.4,
    sections={"decision": -0.3, "plan": 0.2, "reviews": 0.1, "oversight": 0.35},
    agencies={"police": -0.15, "community_health": 0.15, "schools": -0.1},
)


def add(scene: Scene) -> Audit:
    """Write the whole audit."""
    random = scene.chance(KEY)
    tree = scene.partnership.editions[KEY]
    written = words.audit(KEY)
    marker = Marker(random, TENDENCY)
    audit = _plan_audit(scene, tree, written)
    drawn = [(profiles.draw(tree.content, random, _plan(random)), marker.case_level()) for _ in range(CASES)]
    sample = add_cases(scene, audit, tree, drawn, at(scene.ago(OPENS + 4), 14))
    add_sample(scene, audit, tree, sample, "plan_status", at(scene.ago(OPENS + 4), 14))
    auditor = Auditor(tree.content, marker, scene.phrases)
    turns: dict[str, int] = {}
    for case in sample:
        _add_returns(scene, random, audit, auditor, case, turns)
    write_returns(scene, tree, sample)
    spreader = Spreader(scene, random, tree, sample, early_help=True)
    spreader.place_written(written.findings)
    spreader.place_short(lambda chance: chance.choice((0, 0, 1)))
    write_findings(scene, audit, tree, spreader.placed)
    _add_concerns(scene, audit, sample)
    write_views(scene, audit, sample, scene.today)
    return audit


def _plan_audit(scene: Scene, tree: EditionTree, written: WrittenAudit) -> Audit:
    start, end = year_to(scene.ago(OPENS))
    return add_audit(
        scene,
        (*ALWAYS, *SOMETIMES),
        reference=f"BD-{scene.today.year}-02",
        title="Children in need",
        area_id=scene.partnership.areas[AREA].id,
        edition_id=tree.id,
        stage=Stage.FIELDWORK,
        theme="Plans for children in need that have a purpose, keep moving and end at the right time",
        terms_of_reference=written.terms_of_reference,
        key_lines_of_enquiry=written.key_lines_of_enquiry,
        period_start=start,
        period_end=end,
        fieldwork_opens_on=scene.ago(OPENS),
        returns_due_on=scene.ago(-DUE_IN),
        panel_on=scene.ago(-DUE_IN - 14),
        report_due_on=scene.ago(-DUE_IN - 56),
        lead_id=scene.partnership.qa_leads[AREA].id,
        created_at=at(scene.ago(CREATED), 10),
    )


def _plan(random: Random) -> dict[str, str | int]:
    status = random.choices([*STATUS], [*STATUS.values()])[0]
    return {"plan_status": status, "months_on_plan": random.randint(*MONTHS.get(status, (4, 14)))}


def _involved(random: Random) -> list[str]:
    coming = [key for key, chance in SOMETIMES.items() if random.random() < chance] or ["police"]
    random.shuffle(coming)
    return [*ALWAYS, *coming[: MOST - len(ALWAYS)]]


def _add_returns(
    scene: Scene, random: Random, audit: Audit, auditor: Auditor, case: Sampled, turns: dict[str, int]
) -> None:
    first = case.row.number <= FIRST_BATCH
    for key in _involved(random):
        people = scene.partnership.auditors[key]
        waiting = case.row.number >= NOBODY and key in NOT_GIVEN
        person = None if waiting else people[case.row.number % len(people)]
        due = scene.ago(FIRST_DUE) if first else audit.returns_due_on
        given = new_return(scene, audit, case, key, person, due_on=due)
        if person:
            turn = turns[person.email] = turns.get(person.email, len(turns)) + 1
            _advance(scene, random, auditor, case, given, TURNS[turn % len(TURNS)])


def _advance(
    scene: Scene,
    random: Random,
    auditor: Auditor,
    case: Sampled,
    given: Given,
    turn: ReturnState | float,
) -> None:
    started = working_hour(random, scene.ago(random.randrange(9, OPENS - 2)))
    saved = scene.past(started + timedelta(days=random.randrange(0, 7), minutes=47))
    if turn is ReturnState.NOT_STARTED:
        return
    if turn is ReturnState.NOT_INVOLVED:
        submitted(
            given.row, started, started, given.auditor, reason=random.choice(scene.phrases.not_involved)
        )
        return
    levels = {
        section.key: auditor.marker.section_level(case.level, section.key, given.agency)
        for section in auditor.content.sections
    }
    sector = scene.partnership.agencies[given.agency].sector
    answers = auditor.fill(Task(sector, case.conditions, levels, scene.ago(OPENS)))
    if turn is ReturnState.SUBMITTED:
        submitted(given.row, started, saved, given.auditor)
        given.answers = answers
    else:
        given.row.state = ReturnState.IN_PROGRESS
        given.row.started_at, given.row.saved_at = started, saved
        given.answers = first_part(auditor.content, answers, float(turn))


def _add_concerns(scene: Scene, audit: Audit, sample: Sequence[Sampled]) -> None:
    """One concern that the QA lead is acting on, one that nobody has seen yet, and one that is closed."""
    first, second, third = scene.phrases.concerns
    known = _concern(audit, _first_of(sample, "community_health"), first)
    known.raised_at = at(scene.ago(1), 15, 10)
    _acknowledged(known, audit)
    fresh = _concern(audit, _first_of(sample[3:], "schools"), second)
    fresh.raised_at = scene.moment - timedelta(minutes=50)
    # Measured from the load: a new demonstration has nothing overdue, whatever the day and hour.
    fresh.due_at = scene.moment + timedelta(minutes=10)
    over = _concern(audit, _first_of(sample[6:], "community_health"), third)
    over.raised_at = at(scene.ago(9), 10, 20)
    _acknowledged(over, audit)
    over.state, over.outcome = ConcernState.CLOSED, third["outcome"].strip()
    over.closed_at, over.closed_by_id = over.raised_at + timedelta(hours=6), audit.lead_id
    scene.session.add_all([known, fresh, over])
    scene.session.flush()
    for concern, written in ((known, first), (over, third)):
        when = concern.raised_at + timedelta(hours=1)
        _step(scene, concern, ConcernStepKind.ACTION, when, written["action"], written["done_by"])
    _step(scene, over, ConcernStepKind.CLOSED, over.raised_at + timedelta(hours=6), third["outcome"])


def _acknowledged(concern: Concern, audit: Audit) -> None:
    concern.state = ConcernState.ACKNOWLEDGED
    concern.acknowledged_at = concern.raised_at + timedelta(minutes=25)
    concern.acknowledged_by_id = audit.lead_id


def _step(
    scene: Scene, concern: Concern, kind: ConcernStepKind, when: datetime, text: str, done_by: str = ""
) -> None:
    row = ConcernStep(concern_id=concern.id, kind=kind, happened_at=when, done_by=done_by, text=text.strip())
    row.recorded_at, row.recorded_by_id = when, concern.acknowledged_by_id
    scene.session.add(row)


def _first_of(sample: Sequence[Sampled], agency: str) -> tuple[Sampled, Given]:
    return next(
        (case, given)
        for case in sample
        for given in case.returns
        if given.agency == agency and given.row.state is ReturnState.IN_PROGRESS
    )


def _concern(audit: Audit, where: tuple[Sampled, Given], written: Mapping[str, str]) -> Concern:
    case, given = where
    return Concern(
        audit_id=audit.id,
        area_id=audit.area_id,
        case_id=case.row.id,
        return_id=given.row.id,
        agency_id=given.row.agency_id,
        raised_by_id=given.row.auditor_id,
        text=written["text"].strip(),
        already_done=written["already_done"].strip(),
        state=ConcernState.RAISED,
    )
