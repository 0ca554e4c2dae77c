"""Links to returns of a case that is audited twice: neither auditor ever sees the other's return."""

from __future__ import annotations

from qa.accounts.permissions import Role
from qa.audits.models import Return
from tests.integration.guests.conftest import ADDRESS, Exercise


def _twice(exercise: Exercise) -> tuple[Return, str]:
    """A second return by an auditor of the school; and that auditor's address."""
    second = exercise.make.person(Role.AUDITOR, agency=exercise.school)
    row = exercise.make.case_return(exercise.case, exercise.school, second, second=True)
    return row, second.email


def test_a_revoked_link_does_not_give_the_return_to_every_auditor(exercise: Exercise) -> None:
    _, second = _twice(exercise)
    exercise.send()
    guest = exercise.arrive()
    (link,) = exercise.links()
    page = exercise.browser().post(f"/links/{link.id}/revoke")
    assert "Give it to another auditor" in page.text
    assert guest.get(f"/returns/{exercise.row.id}", status=410).heading == "This link has ended"
    exercise.open_browser(second).get(f"/returns/{exercise.row.id}", status=404)


def test_one_guest_does_not_get_both_returns(exercise: Exercise) -> None:
    row, _ = _twice(exercise)
    exercise.send()
    address = f"/returns/{row.id}/link"
    page = exercise.browser().submit(address, {"name": "Dr Moon", "email": ADDRESS}, holding="email")
    assert "the second auditor must be another than the first" in " ".join(page.errors)
    assert len(exercise.links()) == 1
