"""Pages of long work, as the person who asked for it and others see them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

from flask import Flask

from qa.accounts.permissions import Role
from qa.audits.lifecycle import Stage
from qa.db import writing
from qa.jobs.files import keep
from qa.jobs.lifecycle import JobFileContent
from tests.integration.jobs.conftest import Scene
from tests.support.factories import Maker
from tests.support.jobs import run_all
from tests.support.pages import Browser

Open = Callable[[str], Browser]


def pdf(name: str) -> JobFileContent:
    return JobFileContent(name, "application/pdf", f"of {name}".encode())


def keep_files(app: Flask, job_id: int, *names: str) -> None:
    with app.app_context(), writing() as session:
        for name in names:
            keep(session, job_id, pdf(name))


def test_an_empty_list_says_so(scene: Scene, browser: Open) -> None:
    page = browser("lead@example.org").get("/jobs")
    assert "Nothing that takes long has been asked for yet." in page.text


def test_progress_is_shown_and_the_page_refreshes_itself_without_a_script(
    scene: Scene, browser: Open
) -> None:
    job_id = scene.ask("areas", "Twelve areas", total=12)
    page = browser("lead@example.org").get(f"/jobs/{job_id}")
    assert "Waiting to begin." in page.text
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page.html
    still = browser("lead@example.org").get(page.links["Stop that"])
    assert "http-equiv" not in still.html
    bar = page.find("progress")
    assert bar is not None
    assert (bar.get("max"), bar.get("value")) == ("12", "0")
    assert "If you cancel: The areas added stay." in page.text


def test_a_finished_job_says_what_came_of_it(app: Flask, scene: Scene, browser: Open) -> None:
    job_id = scene.ask("areas", "Four areas")
    run_all(app)
    page = browser("lead@example.org").get(f"/jobs/{job_id}")
    assert "Done" in page.text
    assert "4 areas." in page.text
    assert "refresh" not in page.html
    assert "Four areas" in browser("lead@example.org").get("/jobs").text


def test_a_failed_job_says_what_went_wrong_and_what_stays(app: Flask, scene: Scene, browser: Open) -> None:
    job_id = scene.ask("refusing")
    run_all(app)
    page = browser("lead@example.org").get(f"/jobs/{job_id}")
    assert "The third area is one too many." in page.text
    assert "2 of 4 had been done. The areas added stay." in page.text


def test_cancelling_from_the_page(app: Flask, scene: Scene, browser: Open) -> None:
    job_id = scene.ask("undone")
    lead = browser("lead@example.org")
    lead.get(f"/jobs/{job_id}")
    page = lead.post(f"/jobs/{job_id}/cancel")
    assert "Stopping after the step that is being made." in page.text
    assert "Cancel this work" not in page.text
    run_all(app)
    page = lead.get(f"/jobs/{job_id}")
    assert "Cancelled" in page.text
    assert "0 of 4 had been done. The areas added are taken back." in page.text


def test_cancelling_what_has_finished_meanwhile_says_so(app: Flask, scene: Scene, browser: Open) -> None:
    job_id = scene.ask("areas")
    lead = browser("lead@example.org")
    lead.get(f"/jobs/{job_id}")
    run_all(app)
    after = lead.post(f"/jobs/{job_id}/cancel")
    assert "It had finished before it could be cancelled." in after.text
    assert "4 areas." in after.text


def test_one_file_comes_as_it_is_and_several_as_one_zip(app: Flask, scene: Scene, browser: Open) -> None:
    one, several = scene.ask("areas", "One"), scene.ask("areas", "Several")
    run_all(app)
    keep_files(app, one, "one.pdf")
    keep_files(app, several, "a.pdf", "b.pdf", "A.pdf")
    lead = browser("lead@example.org")
    answer = lead.client.get(f"/jobs/{one}/file")
    assert (answer.data, answer.mimetype) == (b"of one.pdf", "application/pdf")
    answer = lead.client.get(f"/jobs/{several}/file")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        assert packed.testzip() is None
        assert {name: packed.read(name) for name in packed.namelist()} == {
            "a.pdf": b"of a.pdf",
            "b.pdf": b"of b.pdf",
            "A-2.pdf": b"of A.pdf",
        }


def test_what_a_job_made_is_for_whoever_asked(app: Flask, make: Maker, scene: Scene, browser: Open) -> None:
    make.person(Role.QA_LEAD, area=scene.area, email="other@example.org")
    make.person(Role.QA_LEAD, area=make.area("Southside"), email="south@example.org")
    job_id = scene.ask("areas", "Ours")
    run_all(app)
    keep_files(app, job_id, "one.pdf")
    other = browser("other@example.org")
    assert "What it made is for Lee Lead, who asked for it." in other.get(f"/jobs/{job_id}").text
    assert other.client.get(f"/jobs/{job_id}/file").status_code == 404
    south = browser("south@example.org")
    assert south.client.get(f"/jobs/{job_id}").status_code == 404
    assert "Ours" not in south.get("/jobs").text


def test_nobody_learns_of_work_on_a_confidential_audit_they_are_not_named_on(
    app: Flask, make: Maker, scene: Scene, browser: Open
) -> None:
    make.person(Role.QA_LEAD, area=scene.area, email="other@example.org")
    audit = make.audit(scene.area, make.edition(), stage=Stage.FIELDWORK, confidential=True)
    job_id = scene.ask("areas", "Secret", audit_id=audit.id)
    other = browser("other@example.org")
    assert "Secret" not in other.get("/jobs").text
    assert other.client.get(f"/jobs/{job_id}").status_code == 404
    assert "Secret" in browser("lead@example.org").get("/jobs").text


def test_the_home_page_counts_ones_own(app: Flask, scene: Scene, browser: Open) -> None:
    lead = browser("lead@example.org")
    assert "long work" not in lead.get("/").text
    scene.ask("areas", "One")
    assert "1 long work under way" in lead.get("/").text
    run_all(app)
    assert "1 long work ended in the last day" in lead.get("/").text


def test_the_command_line_does_what_waits(app: Flask, scene: Scene) -> None:
    scene.ask("areas", "One")
    scene.ask("refusing", "Two")
    said = app.test_cli_runner().invoke(args=["jobs", "run"])
    assert said.exit_code == 0, said.output
    assert said.output == "1 done, 1 failed, 0 cancelled.\n"
