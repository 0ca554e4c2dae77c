"""Writing a draft in the browser: every part of it added, changed, ordered, copied and deleted."""

from collections.abc import Callable

import pytest

from qa.accounts.permissions import Role
from tests.support.factories import Maker
from tests.support.pages import Browser


@pytest.fixture
def lead(make: Maker, browser: Callable[[str], Browser]) -> Browser:
    """A QA lead's browser."""
    return browser(make.person(Role.QA_LEAD, area=make.area()).email)


@pytest.fixture
def at(make: Maker) -> str:
    """The address of a draft of every question type."""
    return f"/frameworks/drafts/{make.draft()}"


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/details",
        "/delete",
        "/new-section",
        "/sections/front_door",
        "/sections/protection",
        "/sections/protection/settings",
        "/sections/front_door/new-question",
        "/sections/front_door/paste-questions",
        *(
            f"/questions/{key}"
            for key in (
                "threshold",
                "consent",
                "consent_why",
                "decision_days",
                "referred_on",
                "referrer",
                "consulted",
                "front_door_grade",
            )
        ),
        "/questions/consent/section",
        "/questions/consent/delete",
        "/sections/front_door/delete",
        "/scales",
        "/scales/ofsted",
        "/scales/ofsted/delete",
        "/new-scale",
        "/profile",
        "/profile/pathway",
        "/profile/interpreter/delete",
        "/new-profile-field",
    ],
)
def test_every_page_opens(lead: Browser, at: str, path: str) -> None:
    assert lead.get(at + path).statements <= 12
