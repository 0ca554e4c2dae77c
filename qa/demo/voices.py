"""What children, parents and practitioners say in the demonstration's audits of cases. Invented."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import cycle
from random import Random

from qa.audits.lifecycle import ReturnState
from qa.audits.models import Audit
from qa.demo import words
from qa.demo.fieldwork import Given, Sampled
from qa.demo.scene import Scene, at
from qa.feedback.models import Feedback
from qa.feedback.vocabulary import OTHER, PROMPTS, Listened, Manner, Sought, Voice

# Whether anything is recorded of a voice on a case, and what came of asking.
RECORDED = {Voice.CHILD: 0.8, Voice.PARENT: 0.7, Voice.PRACTITIONER: 0.75}
OUTCOMES = {
    Voice.CHILD: (62, 12, 18, 8),
    Voice.PARENT: (60, 24, 8, 8),
    Voice.PRACTITIONER: (82, 3, 5, 10),
}
LISTENED = {Voice.CHILD: (3, 5, 3, 1), Voice.PARENT: (3, 4, 4, 2)}
SAID = 0.9  # of the family, whether they felt listened to
QUOTABLE, ANSWERED, MORE = 0.6, 0.8, 0.25
SHARE_OF_CASES = 24
"""How many cases of an audit have views: a partnership asks of some when it looks at fifty."""


def write_views(scene: Scene, audit: Audit, sample: Sequence[Sampled], last: date) -> None:
    """Write views on the first cases of a sample, each entered on one of the days before the last."""
    random = scene.chance(f"views of {audit.reference[-2:]} {len(sample)}")
    said = _Sayings(random, words.views())
    for case in sample[:SHARE_OF_CASES]:
        for voice in Voice:
            if random.random() < RECORDED[voice]:
                scene.session.add(_entry(random, said, audit, case, voice, last))


class _Sayings:
    """What is said in one audit: nothing a second time before everything was said once."""

    def __init__(self, random: Random, written: words.WrittenViews) -> None:
        self.written = written
        self.answers = {
            (voice, name): cycle(random.sample(texts, len(texts)))
            for voice, questions in written.answers.items()
            for name, texts in questions.items()
        }

    def next(self, voice: Voice, name: str) -> str:
        """The next answer to a question."""
        return next(self.answers[voice.value, name])


def _entry(random: Random, said: _Sayings, audit: Audit, case: Sampled, voice: Voice, last: date) -> Feedback:
    involved = [one for one in case.returns if one.row.state is not ReturnState.NOT_INVOLVED]
    given: Given | None = random.choice([*(one for one in involved if one.auditor), None])
    day = last - timedelta(days=random.randrange(2, 16))
    outcome = random.choices([*Sought], OUTCOMES[voice])[0]
    row = Feedback(
        audit_id=audit.id,
        case_id=case.row.id,
        agency_id=given.row.agency_id if given else None,
        voice=voice,
        outcome=outcome,
        place=random.randrange(2**31),
        entered_at=at(day, random.randrange(9, 16), random.randrange(60)),
        entered_by_id=given.auditor.id if given and given.auditor else audit.lead_id,
    )
    if outcome is Sought.GIVEN:
        _fill(random, said, row, voice, day)
    else:
        row.reason = random.choice(said.written.reasons[outcome.value])
    return row


def _fill(random: Random, said: _Sayings, row: Feedback, voice: Voice, day: date) -> None:
    row.given_on = day - timedelta(days=random.randrange(0, 6))
    interview = voice.of_the_family and random.random() < 0.8
    row.manner = Manner.INTERVIEW if interview else Manner.OWN_WORDS
    row.interviewer = random.choice(said.written.interviewers) if interview else ""
    row.quotable = random.random() < QUOTABLE
    if voice.of_the_family and random.random() < SAID:
        row.listened = random.choices([*Listened], LISTENED[voice])[0]
    for place, prompt in enumerate(PROMPTS[voice]):
        chance = MORE if prompt == OTHER else ANSWERED
        # The first question always has an answer.
        if random.random() < chance or place == 0:
            setattr(row, prompt.name, said.next(voice, prompt.name))
