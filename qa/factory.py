"""create_app: wiring and nothing else."""

import os
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

import qa.accounts.access
import qa.accounts.blueprint
import qa.accounts.models
import qa.accounts.organising_views
import qa.accounts.people_views
import qa.accounts.trail_views
import qa.accounts.views
import qa.analysis.views
import qa.audits.home
import qa.audits.importing
import qa.audits.models
import qa.audits.programme.blueprint
import qa.audits.programme.home
import qa.audits.programme.models
import qa.audits.programme.planned_views
import qa.audits.programme.views
import qa.audits.sampling.commands
import qa.audits.sampling.long_work
import qa.audits.sampling.models
import qa.audits.sampling.views
import qa.audits.views
import qa.chasing.commands
import qa.chasing.home
import qa.chasing.models
import qa.chasing.views
import qa.cli
import qa.db
import qa.feedback.models
import qa.feedback.views
import qa.findings.blueprint
import qa.findings.home
import qa.findings.models
import qa.findings.theme_views
import qa.findings.views
import qa.frameworks.models
import qa.frameworks.views
import qa.guests.home
import qa.guests.models
import qa.guests.views
import qa.home.views
import qa.identifiers.models
import qa.identifiers.views
import qa.jobs.home
import qa.jobs.models
import qa.jobs.running
import qa.jobs.views
import qa.jobs.worker
import qa.mail.models
import qa.mail.outbox
import qa.moderation.agreement_views
import qa.moderation.blueprint
import qa.moderation.home
import qa.moderation.meeting_views
import qa.moderation.models
import qa.moderation.views
import qa.moving.home
import qa.moving.views
import qa.recommendations.blueprint
import qa.recommendations.home
import qa.recommendations.models
import qa.recommendations.views
import qa.reminding.models
import qa.reports.home
import qa.reports.models
import qa.reports.summary_jobs
import qa.reports.summary_views
import qa.reports.views
import qa.returns.home
import qa.returns.models
import qa.returns.views
import qa.trail.models
import qa.web.errors
import qa.web.headers
import qa.web.layout
from qa.accounts.access import may
from qa.accounts.permissions import Permission
from qa.config import Settings, from_environment
from qa.migrating import MigrationsOnDemand
from qa.web.cards import AuditCardMaker, CardMaker
from qa.web.layout import NavigationItem
from qa.web.routing import LazyRule

ROOT = Path(__file__).parent.parent

BLUEPRINTS = (
    qa.home.views.blueprint,
    qa.accounts.blueprint.blueprint,
    qa.jobs.views.blueprint,
    qa.identifiers.views.blueprint,
    qa.frameworks.views.blueprint,
    qa.audits.views.blueprint,
    qa.audits.sampling.views.blueprint,
    qa.audits.programme.blueprint.blueprint,
    qa.feedback.views.blueprint,
    qa.chasing.views.blueprint,
    qa.moderation.blueprint.blueprint,
    qa.moving.views.blueprint,
    qa.findings.blueprint.blueprint,
    qa.returns.views.blueprint,
    qa.guests.views.blueprint,
    qa.recommendations.blueprint.blueprint,
    qa.analysis.views.blueprint,
    qa.reports.views.blueprint,
)

NAVIGATION: tuple[NavigationItem, ...] = (
    NavigationItem("Home", "home.home", lambda: True, "/"),
    NavigationItem("My work", "returns.my_work", qa.returns.home.has_work, "/my-work"),
    NavigationItem("Audits", "audits.index", lambda: may(Permission.AUDITS_READ), "/audits"),
    # Whoever has audits finds it from there.
    NavigationItem(
        "Programme",
        "programme.index",
        lambda: may(Permission.PROGRAMME_READ) and not may(Permission.AUDITS_READ),
        "/audits",
    ),
    NavigationItem("Concerns", "returns.concerns", lambda: may(Permission.CONCERNS_HANDLE), "/concerns"),
    NavigationItem(
        "Frameworks", "frameworks.library", lambda: may(Permission.FRAMEWORKS_READ), "/frameworks"
    ),
    NavigationItem(
        "Recommendations",
        "recommendations.index",
        lambda: may(Permission.RECOMMENDATIONS_READ),
        "/recommendations",
    ),
    NavigationItem("Reports", "reports.index", lambda: may(Permission.REPORTS_READ), "/reports"),
    NavigationItem("Names", "identifiers.areas", lambda: may(Permission.NAMES_MANAGE), "/names"),
    NavigationItem("Themes", "findings.themes", lambda: may(Permission.FINDINGS_CODE), "/themes"),
    NavigationItem("People", "accounts.people", lambda: may(Permission.PEOPLE_MANAGE), "/people"),
    NavigationItem("Agencies", "accounts.agencies", lambda: may(Permission.AGENCIES_MANAGE), "/agencies"),
    NavigationItem("Areas", "accounts.areas", lambda: may(Permission.AREAS_MANAGE), "/areas"),
    NavigationItem("Trail", "accounts.trail", lambda: may(Permission.TRAIL_READ), "/trail"),
)

HOME_CARDS: tuple[CardMaker, ...] = (
    qa.returns.home.cards,
    qa.audits.home.cards,
    qa.audits.programme.home.cards,
    qa.moderation.home.cards,
    qa.findings.home.cards,
    qa.recommendations.home.cards,
    qa.reports.home.cards,
    qa.jobs.home.cards,
)

# What is deleted when its day has come: called by the worker for long work once in a while.
TIDYING: tuple[Callable[[], object], ...] = (qa.audits.sampling.commands.delete_overdue,)

# Of capabilities above audits, on the page of one audit for whoever manages it.
AUDIT_CARDS: tuple[AuditCardMaker, ...] = (
    qa.chasing.home.audit_cards,
    qa.returns.home.audit_cards,
    qa.guests.home.audit_cards,
    qa.moving.home.audit_cards,
)

# What is done in steps behind the requests, by kind.
JOBS: dict[str, qa.jobs.running.Work] = {
    qa.audits.importing.KIND: qa.audits.importing.WORK,
    **qa.audits.sampling.long_work.WORKS,
    qa.chasing.commands.KIND: qa.chasing.commands.WORK,
    qa.reports.summary_jobs.KIND: qa.reports.summary_jobs.WORK,
}


def create_app(settings: Settings | None = None) -> Flask:
    """The application, from the given settings or the environment's. Raises BadSetting."""
    settings = settings or from_environment(os.environ, ROOT / "instance")
    app = Flask(
        "qa",
        template_folder="web/templates",
        static_folder="web/static",
        instance_path=str(settings.instance.resolve()),
    )
    app.url_rule_class = LazyRule
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="audit_together",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_HOURS=settings.session_hours,
        IDLE_MINUTES=settings.idle_minutes,
        WTF_CSRF_TIME_LIMIT=None,  # a form lives as long as its sign-in
        MAX_CONTENT_LENGTH=settings.upload_limit_mb * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        MAX_FORM_PARTS=5_000,
        SEND_FILE_MAX_AGE_DEFAULT=31_536_000,
    )
    app.extensions["settings"] = settings
    app.extensions["trail_key"] = settings.trail_key
    app.extensions["home_cards"] = list(HOME_CARDS)
    app.extensions["audit_cards"] = list(AUDIT_CARDS)
    app.extensions["tidying"] = list(TIDYING)
    app.extensions["framework_uses"] = qa.audits.home.FRAMEWORK_USES
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, settings.proxies, settings.proxies, settings.proxies)  # type: ignore[method-assign]
    qa.db.init_app(app, settings)
    app.extensions["migrate"] = MigrationsOnDemand(app, ROOT / "migrations")
    CSRFProtect(app)
    qa.web.headers.init_app(app, https=settings.secure_cookies)
    qa.web.errors.init_app(app)
    qa.web.layout.init_app(app, NAVIGATION)
    qa.accounts.access.init_app(app)
    qa.mail.outbox.init_app(app)
    qa.jobs.worker.init_app(app)
    for kind, work in JOBS.items():
        qa.jobs.running.register(kind, work)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    qa.cli.init_app(app)

    @app.context_processor
    def limits() -> dict[str, object]:
        return {"upload_limit_mb": settings.upload_limit_mb}

    return app
