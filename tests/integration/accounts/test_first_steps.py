"""The administrator of an empty installation is led from areas to frameworks."""

from collections.abc import Callable

from qa.accounts.permissions import Role
from tests.support.factories import Maker
from tests.support.pages import Browser, Page

STEPS = ["Add the areas", "Add the agencies", "Invite people", "Publish frameworks"]


def steps(page: Page) -> list[tuple[str, str]]:
    """Each step's words and where it stands."""
    found = []
    for item in page.all("li"):
        if "govuk-task-list__item" in (item.get("class") or "").split():
            words = " ".join("".join(item.itertext()).split())
            (name,) = [step for step in STEPS if words.startswith(step)]
            (state,) = [end for end in ("To do", "Done", "Cannot start yet") if words.endswith(end)]
            found.append((name, state))
    return found


def test_the_steps_open_one_after_the_other_and_go_when_all_are_done(make: Maker, admin: Browser) -> None:
    page = admin.get("/")
    assert steps(page) == list(
        zip(STEPS, ["To do", "Cannot start yet", "Cannot start yet", "To do"], strict=True)
    )
    assert page.links["Add the areas"] == "/areas"
    assert "Add the agencies" not in page.links
    assert "Nothing is waiting for you" not in page.text
    area = make.area()
    page = admin.get("/")
    assert steps(page) == list(zip(STEPS, ["Done", "To do", "To do", "To do"], strict=True))
    assert page.links["Add the agencies"] == "/agencies"
    make.agency(areas=(area,))
    make.person(Role.AUDITOR, agency=make.agency(areas=(area,)))
    assert [state for _, state in steps(admin.get("/"))] == ["Done", "Done", "To do", "To do"]
    make.person(Role.QA_LEAD, area=area)
    assert [state for _, state in steps(admin.get("/"))] == ["Done", "Done", "Done", "To do"]
    make.edition()
    page = admin.get("/")
    assert steps(page) == []
    assert "First steps" not in page.text
    assert page.statements <= 8


def test_nobody_else_is_led(make: Maker, browser: Callable[[str], Browser]) -> None:
    page = browser(make.person(Role.QA_LEAD, area=make.area()).email).get("/")
    assert "First steps" not in page.text
    page = browser(make.person().email).get("/")
    assert "You have no role yet. Ask your administrator to give you one." in page.text
