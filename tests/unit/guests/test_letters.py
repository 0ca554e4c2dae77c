"""The letters to guests."""

from datetime import date

from qa.guests.letters import link_letter

LONGEST_SUBJECT = 200  # of outgoing mail


def test_the_subject_has_room_for_the_longest_name_of_an_agency() -> None:
    name = "Academy " * 20  # as long as a name may be
    letter = link_letter("Ann", "Ada", name.strip(), None, date(2026, 9, 30), "https://x")
    assert len(letter.subject) <= LONGEST_SUBJECT
    assert letter.subject.endswith("… by 30 September 2026")
    assert name.strip() in letter.body


def test_a_usual_name_stands_whole_in_the_subject() -> None:
    letter = link_letter("Ann", "Ada", "The School", None, date(2026, 9, 30), "https://x")
    assert letter.subject == "Please complete a return for The School by 30 September 2026"
