"""Second auditors' returns on some cases of an audit: near the first ones, as if they were not seen."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from qa.accounts.models import Person
from qa.audits.doubling import drawn
from qa.audits.lifecycle import ReturnState
from qa.audits.models import Audit, SecondDraw
from qa.demo.answering import Answered, Auditor, Task
from qa.demo.fieldwork import Given, Sampled, new_return, submitted, write_returns
from qa.demo.grading import Marker, Tendency
from qa.demo.scene import SEED, Scene, at
from qa.frameworks.editions import EditionTree

ALIKE = 0.3
"""How likely a second auditor gives the grade that the first gave, besides by seeing the case alike."""


def add_seconds(
    scene: Scene, audit: Audit, tree: EditionTree, sample: Sequence[Sampled], cases: int, tendency: Tendency
) -> None:
    """Draw so many of the cases and write a second return for each agency that has another auditor.

    Answered by chance of its own, so that nothing else of the audit is another for it.
    """
    random = scene.chance(f"{tree.content.key} second returns")
    auditor = Auditor(tree.content, Marker(random, tendency), scene.phrases)
    able = [case for case in sample if any(_others(scene, given) for given in case.returns)]
    chosen = drawn([case.row.id for case in able], cases, SEED)
    twice = []
    for case in (case for case in able if case.row.id in chosen):
        beside = Sampled(case.row, case.profile, case.level)
        for given in case.returns:
            for person in _others(scene, given)[:1]:
                second = new_return(scene, audit, beside, given.agency, person, second=True)
                done = given.row.submitted_at or scene.moment
                submitted(second.row, done - timedelta(days=2), done + timedelta(hours=3), person)
                second.answers = _answers(scene, random, auditor, audit, case, given)
        twice.append(beside)
    write_returns(scene, tree, twice)
    scene.session.add(
        SecondDraw(
            audit_id=audit.id,
            seed=SEED,
            of_cases=len(able),
            cases=cases,
            returns=sum(len(case.returns) for case in twice),
            drawn_at=at(audit.fieldwork_opens_on or scene.today, 9),
            drawn_by_id=audit.lead_id,
        )
    )


def _others(scene: Scene, given: Given) -> list[Person]:
    """Auditors of the agency but the first, when none of them leads it; none beside one not involved."""
    lead = scene.partnership.leads.get(given.agency)
    if given.row.state is not ReturnState.SUBMITTED or given.auditor is lead:
        return []
    people = scene.partnership.auditors[given.agency]
    return [one for one in people if one is not given.auditor and one is not lead]


def _answers(
    scene: Scene, random: Random, auditor: Auditor, audit: Audit, case: Sampled, given: Given
) -> dict[str, Answered]:
    """Mostly the grades that the first auditor gave, the rest as another person sees the same case."""
    grades = {key: answer.value.grade for key, answer in given.answers.items()}
    fixed = {key: grade for key, grade in grades.items() if grade and random.random() < ALIKE}
    levels = {
        section.key: auditor.marker.section_level(case.level, section.key, given.agency)
        for section in auditor.content.sections
    }
    sector = scene.partnership.agencies[given.agency].sector
    return auditor.fill(Task(sector, case.conditions, levels, audit.period_end, fixed=fixed))
